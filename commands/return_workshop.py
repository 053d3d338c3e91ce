"""`sparewise return workshop`: take back onto the shelf what was issued and not fitted."""

from __future__ import annotations

from datetime import date

import click

from commands.options import as_of_option, database_option, posting_options
from commands.posting import QUANTITY, posting, signature, tell_slip


@click.command()
@click.option("--store", required=True, metavar="S", help="The store.")
@click.option("--part", "part_no", required=True, metavar="P", help="The part number.")
@click.option("--quantity", "quantity_milli", type=QUANTITY, required=True, metavar="Q", help="In the stock unit.")
@click.option("--order-no", required=True, metavar="N", help="The repair or customer order it was issued to.")
@click.option("--issue", "issue_no", default=None, metavar="NO", help="The issue it goes against (default: the last).")
@click.option("--bin", "bin_name", default=None, metavar="BIN", help="Where it goes (default: where it came from).")
@click.option("--reason", default="", metavar="TEXT", help="Why it was not used.")
@posting_options
@as_of_option
@database_option
def workshop(
    store: str,
    part_no: str,
    quantity_milli: int,
    order_no: str,
    issue_no: str | None,
    bin_name: str | None,
    reason: str,
    dry_run: bool,
    key: str | None,
    user: str,
    as_of: date,
    db: str,
) -> None:
    """Take back parts of an order at the value they left with and print the document's number.

    Never more than was issued and has not come back yet.

    Example: sparewise return workshop --store S01 --part 00195040 --quantity 1 --order-no RO-1001
    """
    from inventory.counter.workshop_returns import ReturnRequest, bring_back

    asked = ReturnRequest(store, part_no, quantity_milli, order_no, issue_no, bin_name, reason)
    with posting(db, dry_run=dry_run) as connection:
        slip = bring_back(connection, asked, signature(as_of, user, key))
    tell_slip(slip, f"{quantity_milli / 1000:g} of {part_no} back from {order_no}", dry_run=dry_run)
