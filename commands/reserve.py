"""`sparewise reserve`: hold what lies on the shelf for somebody, then hand it over, give it back, or let it expire."""

from __future__ import annotations

from datetime import date

import click

from commands.failures import Rejected
from commands.options import (
    DAY,
    as_of_option,
    database_option,
    engine_of,
    known_at_option,
    posting_options,
    table_options,
)
from commands.posting import QUANTITY, posting, signature, tell_slip


@click.group()
def command() -> None:
    """Reservations for repair orders and appointments.

    Example: sparewise reserve hold --store S01 --part 00195040 --quantity 2 --order-no RO-1001 --until 2026-07-10
    """


@command.command()
@click.option("--store", required=True, metavar="S", help="The store.")
@click.option("--part", "part_no", required=True, metavar="P", help="The part number.")
@click.option("--quantity", "quantity_milli", type=QUANTITY, required=True, metavar="Q", help="In the stock unit.")
@click.option("--order-no", default=None, metavar="N", help="The repair or customer order it is held for.")
@click.option("--appointment", default=None, metavar="N", help="The appointment it is held for.")
@click.option("--until", "until_on", type=DAY, required=True, metavar="DATE", help="The last day it is held.")
@click.option("--bin", "bin_name", default=None, metavar="BIN", help="Take from this bin only.")
@click.option("--partial", is_flag=True, help="Hold what there is where the shelf has less.")
@posting_options
@as_of_option
@database_option
def hold(
    store: str,
    part_no: str,
    quantity_milli: int,
    order_no: str | None,
    appointment: str | None,
    until_on: date,
    bin_name: str | None,
    partial: bool,
    dry_run: bool,
    key: str | None,
    user: str,
    as_of: date,
    db: str,
) -> None:
    """Hold a part for a repair order or an appointment and print the reservation's number.

    It stays on hand, and no issue takes it. Where the shelf has less free, nothing is held and the exit code is 4,
    unless --partial.

    Example: sparewise reserve hold --store S01 --part 00195040 --quantity 2 --order-no RO-1001 --until 2026-07-10
    """
    from inventory.counter.reservations import HoldRequest
    from inventory.counter.reservations import hold as hold_part

    if (order_no is None) == (appointment is None):
        raise click.UsageError("a reservation is for one of --order-no and --appointment")
    kind = "repair_order" if order_no is not None else "appointment"
    holder = order_no or appointment or ""
    asked = HoldRequest(store, part_no, quantity_milli, kind, holder, until_on, bin_name, partial)
    with posting(db, dry_run=dry_run) as connection:
        slip = hold_part(connection, asked, signature(as_of, user, key))
    told = f"{slip.quantity_milli / 1000:g} of {part_no} held for {holder} until {until_on}"
    tell_slip(slip, told, dry_run=dry_run)


@command.command("post")
@click.argument("reservation_no", metavar="NO")
@click.option("--quantity", "quantity_milli", type=QUANTITY, default=None, metavar="Q", help="Default: all it holds.")
@click.option("--order-no", default=None, metavar="N", help="The repair order; needed where it is for an appointment.")
@click.option("--vin", default=None, metavar="V", help="The vehicle it is for.")
@click.option("--odometer-km", type=click.IntRange(min=0), default=None, help="Reading of the vehicle.")
@click.option("--job-type", default=None, help="maintenance, repair, collision, recall, campaign or accessory.")
@click.option("--payer", default=None, help="customer, warranty, insurance, internal or goodwill.")
@posting_options
@as_of_option
@database_option
def post_(
    reservation_no: str,
    quantity_milli: int | None,
    order_no: str | None,
    vin: str | None,
    odometer_km: int | None,
    job_type: str | None,
    payer: str | None,
    dry_run: bool,
    key: str | None,
    user: str,
    as_of: date,
    db: str,
) -> None:
    """Hand over what reservation NO holds: an issue with its demand; prints the movement's id.

    What is not handed over stays held.

    Example: sparewise reserve post RES-000012 --vin LVSHFFAL8EF123456 --odometer-km 43000
    """
    from inventory.counter.handover import HandOver, hand_over

    asked = HandOver(reservation_no, quantity_milli, order_no, vin, odometer_km, job_type, payer)
    with posting(db, dry_run=dry_run) as connection:
        answer = hand_over(connection, asked, signature(as_of, user, key))
    if answer.findings:
        raise Rejected(answer.findings)
    for movement_id in () if dry_run else answer.movement_ids:
        click.echo(movement_id)
    verb = "would be" if dry_run else "is"
    handed = f"{answer.supplied_milli / 1000:g} of {reservation_no} {verb} handed over to {answer.order_no}."
    click.echo(handed, err=True)


@command.command()
@click.argument("reservation_no", metavar="NO")
@posting_options
@as_of_option
@database_option
def release(reservation_no: str, dry_run: bool, key: str | None, user: str, as_of: date, db: str) -> None:
    """Give what reservation NO holds back to the bins it came from and print the document's number.

    Example: sparewise reserve release RES-000012
    """
    from inventory.counter.reservations import release as release_part

    with posting(db, dry_run=dry_run) as connection:
        slip = release_part(connection, reservation_no, signature(as_of, user, key))
    tell_slip(slip, f"{slip.quantity_milli / 1000:g} of {reservation_no} is free again", dry_run=dry_run)


@command.command()
@click.option("--store", default=None, metavar="S", help="Only this store's.")
@posting_options
@as_of_option
@database_option
def expire(store: str | None, dry_run: bool, key: str | None, user: str, as_of: date, db: str) -> None:
    """Give back all whose last day is before --as-of, in one document, and print its number.

    Nothing expires by itself: run this in the morning, or at night from a schedule.

    Example: sparewise reserve expire --as-of 2026-07-11
    """
    from inventory.counter.reservations import expire as expire_all

    with posting(db, dry_run=dry_run) as connection:
        slip = expire_all(connection, signature(as_of, user, key), store)
    if slip.posting is None and not slip.findings:
        click.echo(f"No reservation has passed its last day on {as_of}.", err=True)
    tell_slip(slip, f"{slip.quantity_milli / 1000:g} in all is free again", dry_run=dry_run)


@command.command("list")
@click.option("--store", default=None, metavar="S", help="Only this store's.")
@click.option("--all", "also_done", is_flag=True, help="Also those that hold nothing any more.")
@as_of_option
@known_at_option
@database_option
@table_options
def list_(
    store: str | None, also_done: bool, as_of: date, known_at: int | None, db: str, output: str, language: str
) -> None:
    """Print the reservations, the first to end first; expired: past its last day and still held.

    Example: sparewise reserve list --store S01 --json
    """
    from inventory.counter.reservations import reservation_rows
    from inventory.database import read
    from reporting import tables
    from reporting.words import word

    with read(engine_of(db)) as connection:
        rows = reservation_rows(connection, as_of, store, known_at)
    rows = [row for row in rows if also_done or row["state"] != "done"]
    columns = (
        *(tables.Column(name) for name in ("reservation_no", "store", "part_no", "holder_kind", "holder_no")),
        *(tables.Column(name, "date") for name in ("held_on", "until_on")),
        *(
            tables.Column(name, "quantity_milli")
            for name in ("quantity_milli", "handed_over_milli", "given_back_milli", "held_milli")
        ),
        tables.Column("state"),
    )
    if output == "table":
        rows = [
            {
                **row,
                "state": word(f"reservation_{row['state']}", language),
                "holder_kind": word(f"holder_{row['holder_kind']}", language),
            }
            for row in rows
        ]
    tables.show(tables.Table(f"{word('reservations_title', language)} · {as_of}", columns, rows), output, language)
