"""`sparewise issue`: hand a part over; what is missing is recorded as demand either way."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from commands.failures import Conflict, Rejected
from commands.options import DAY, as_of_option, database_option, now_utc, posting_options
from commands.posting import QUANTITY, posting

if TYPE_CHECKING:
    from inventory.counter.issues import Issue, IssueRequest


@click.command()
@click.option("--store", required=True, metavar="S", help="The store.")
@click.option("--part", "part_no", required=True, metavar="P", help="The part number.")
@click.option("--quantity", "quantity_milli", type=QUANTITY, required=True, metavar="Q", help="In the stock unit.")
@click.option(
    "--order-no",
    default="",
    metavar="N",
    help="Repair or customer order; a counter sale or internal issue without one goes under its document's number.",
)
@click.option(
    "--type",
    "issue_type",
    type=click.Choice(["repair_order", "counter_sale", "internal"]),
    default="repair_order",
    show_default=True,
    help="What it is for.",
)
@click.option("--vin", default=None, metavar="V", help="The vehicle it is for.")
@click.option(
    "--bin", "bin_name", default=None, metavar="BIN", help="Take from this bin only (default: fullest bin first)."
)
@click.option("--partial", is_flag=True, help="Hand over what there is where the shelf has less.")
@click.option(
    "--outcome",
    type=click.Choice(["special_order", "urgent", "lost", "cancelled"]),
    default="special_order",
    show_default=True,
    help="What becomes of what is missing: the customer waits, it is got the same day, or it is not sold.",
)
@click.option("--owner", default=None, metavar="NAME", help="Who answers for a special order (default: the user).")
@click.option("--install-by", type=DAY, default=None, metavar="DATE", help="Of a special order (default: 30 days on).")
@click.option(
    "--return-by", type=DAY, default=None, metavar="DATE", help="Of a special order (default: 30 days after that)."
)
@click.option("--job-type", default=None, help="maintenance, repair, collision, recall, campaign or accessory.")
@click.option("--payer", default=None, help="customer, warranty, insurance, internal or goodwill.")
@click.option("--odometer-km", type=click.IntRange(min=0), default=None, help="Reading of the vehicle.")
@posting_options
@as_of_option
@database_option
def command(
    store: str,
    part_no: str,
    quantity_milli: int,
    order_no: str,
    issue_type: str,
    vin: str | None,
    bin_name: str | None,
    partial: bool,
    outcome: str,
    owner: str | None,
    install_by: date | None,
    return_by: date | None,
    job_type: str | None,
    payer: str | None,
    odometer_km: int | None,
    dry_run: bool,
    key: str | None,
    user: str,
    as_of: date,
    db: str,
) -> None:
    """Hand a part over from the shelf and print the movement's id.

    Never takes what is reserved. Where the shelf has less than asked, nothing is posted and the exit code is 4, unless
    --partial; what is missing is recorded as unmet demand either way, by default as special_order: the customer waits,
    and a later issue on the same order hands it over without counting a second demand.

    Example: sparewise issue --store S01 --part 00195040 --quantity 2 --order-no RO-1001 --vin LVSHFFAL8EF123456
    """
    from inventory.counter.issues import IssueRequest, issue

    asked = IssueRequest(
        store=store,
        part_no=part_no,
        quantity_milli=quantity_milli,
        order_no=order_no,
        vin=vin,
        bin_name=bin_name,
        partial=partial,
        outcome=outcome,
        odometer_km=odometer_km,
        job_type=job_type,
        payer=payer,
        issue_type=issue_type,
        owner=owner,
        install_by=install_by,
        return_by=return_by,
    )
    with posting(db, dry_run=dry_run) as connection:
        answer = issue(connection, asked, as_of, user, key, now_utc())
    _tell(asked, answer, dry_run=dry_run)


def _tell(asked: IssueRequest, answer: Issue, *, dry_run: bool) -> None:
    """Print the movements' ids, and in words what was handed over and what is missing."""
    if answer.findings:
        raise Rejected(answer.findings)
    for movement_id in () if dry_run else answer.movement_ids:
        click.echo(movement_id)
    verb = "would be " if dry_run else ""
    issued = f"{_shown(answer.supplied_milli)} of {asked.part_no} {verb}issued to {answer.order_no}"
    if not answer.missing_milli:
        click.echo(f"{issued}.", err=True)
        return
    hints = [f"{other} has {_shown(quantity)} on the shelf." for other, quantity in answer.elsewhere]
    verb = "would be recorded" if dry_run else "is recorded"
    told = " ".join(
        (
            f"{asked.store} has {_shown(answer.available_milli)} of {asked.part_no} free on the shelf, "
            f"{_shown(asked.quantity_milli)} asked for; {_shown(answer.missing_milli)} {verb} as {asked.outcome}.",
            *hints,
        )
    )
    if not answer.movement_ids:
        remedy = "" if asked.partial or not answer.available_milli else " Hand over what there is with --partial."
        raise Conflict(f"Nothing was posted: {told}{remedy}")
    click.echo(f"{issued}: {told}", err=True)


def _shown(quantity_milli: int) -> str:
    return f"{quantity_milli / 1000:g}"
