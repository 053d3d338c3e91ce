"""`sparewise stock move`: put goods away, from the dock or another bin to the bin where they shall lie."""

from __future__ import annotations

from datetime import date

import click

from commands.options import as_of_option, database_option, posting_options
from commands.posting import QUANTITY, posting, signature, tell_slip


@click.command()
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@click.option("--store", required=True, metavar="S", help="The store.")
@click.option("--part", "part_no", required=True, metavar="P", help="The part number.")
@click.option("--quantity", "quantity_milli", type=QUANTITY, default=None, metavar="Q", help="Default: all there is.")
@posting_options
@as_of_option
@database_option
def move(
    source: str,
    target: str,
    store: str,
    part_no: str,
    quantity_milli: int | None,
    dry_run: bool,
    key: str | None,
    user: str,
    as_of: date,
    db: str,
) -> None:
    """Put parts from FROM, a bin or dock/NAME, into the bin TO and print the document's number.

    Example: sparewise stock move A-01 B-07 --store S01 --part 00195040 --quantity 4
    """
    from inventory.counter.put_away import MoveRequest, put_away

    asked = MoveRequest(store, part_no, source, target, quantity_milli)
    with posting(db, dry_run=dry_run) as connection:
        slip = put_away(connection, asked, signature(as_of, user, key))
    tell_slip(slip, f"{part_no} is put from {source} to {target}", dry_run=dry_run)
