"""`sparewise scrap`: take out of the books what can't be used or sold any more, with a reason."""

from __future__ import annotations

from datetime import date

import click

from commands.options import as_of_option, database_option, posting_options
from commands.posting import QUANTITY, posting, signature, tell_slip


@click.command()
@click.option("--store", required=True, metavar="S", help="The store.")
@click.option("--part", "part_no", required=True, metavar="P", help="The part number.")
@click.option("--quantity", "quantity_milli", type=QUANTITY, required=True, metavar="Q", help="In the stock unit.")
@click.option("--reason", required=True, metavar="TEXT", help="Why it is scrapped.")
@click.option(
    "--from",
    "place",
    default=None,
    metavar="PLACE",
    help="A bin, or such as quarantine/PO-1001 (default: the fullest bin first).",
)
@posting_options
@as_of_option
@database_option
def command(
    store: str,
    part_no: str,
    quantity_milli: int,
    reason: str,
    place: str | None,
    dry_run: bool,
    key: str | None,
    user: str,
    as_of: date,
    db: str,
) -> None:
    """Scrap parts at the value they have in the books and print the document's number.

    Never takes what is reserved: release it first.

    Example: sparewise scrap --store S01 --part 00195040 --quantity 2 --reason "past its shelf life"
    """
    from inventory.counter.scrapping import ScrapRequest, scrap

    asked = ScrapRequest(store, part_no, quantity_milli, reason, place)
    with posting(db, dry_run=dry_run) as connection:
        slip = scrap(connection, asked, signature(as_of, user, key))
    tell_slip(slip, f"{quantity_milli / 1000:g} of {part_no} scrapped: {reason}", dry_run=dry_run)
