"""`sparewise stock adjust`: bring the books to what a bin really holds, with a reason."""

from __future__ import annotations

from datetime import date

import click

from commands.options import as_of_option, database_option, posting_options
from commands.posting import MONEY, QUANTITY, posting, signature, tell_slip


@click.command()
@click.option("--store", required=True, metavar="S", help="The store.")
@click.option("--part", "part_no", required=True, metavar="P", help="The part number.")
@click.option("--bin", "bin_name", required=True, metavar="BIN", help="The bin.")
@click.option(
    "--quantity",
    "difference_milli",
    type=QUANTITY,
    required=True,
    metavar="±Q",
    help="How much more (or, below zero, less) is there than the books say.",
)
@click.option("--reason", required=True, metavar="TEXT", help="How that came about.")
@click.option(
    "--unit-cost",
    "unit_cost_e4",
    type=MONEY,
    default=None,
    metavar="C",
    help="Of what is found (default: the moving average, else the catalogue's cost).",
)
@posting_options
@as_of_option
@database_option
def adjust(
    store: str,
    part_no: str,
    bin_name: str,
    difference_milli: int,
    reason: str,
    unit_cost_e4: int | None,
    dry_run: bool,
    key: str | None,
    user: str,
    as_of: date,
    db: str,
) -> None:
    """Add what was found to a bin, or take off what is missing, and print the document's number.

    Example: sparewise stock adjust --store S01 --part 00195040 --bin A-01 --quantity -1 --reason "fell off the lift"
    """
    from inventory.counter.adjustment import AdjustRequest
    from inventory.counter.adjustment import adjust as adjust_stock

    asked = AdjustRequest(store, part_no, bin_name, difference_milli, reason, unit_cost_e4)
    with posting(db, dry_run=dry_run) as connection:
        slip = adjust_stock(connection, asked, signature(as_of, user, key))
    tell_slip(slip, f"{difference_milli / 1000:+g} of {part_no} in {bin_name}: {reason}", dry_run=dry_run)
