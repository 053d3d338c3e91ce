"""`sparewise stock`: what there is, under all numbers of a part; put-away, adjustment and idle stock are beside it."""

from __future__ import annotations

from datetime import date

import click

from commands.options import as_of_option, database_option, engine_of, known_at_option, table_options
from commands.stock_adjust import adjust
from commands.stock_idle import obsolescence, surplus
from commands.stock_move import move


@click.group()
def command() -> None:
    """What lies on the shelf, is reserved, or on its way; put it away, put the books right, get rid of what is idle.

    Example: sparewise stock show --store S01
    """


command.add_command(move)
command.add_command(adjust)
command.add_command(obsolescence)
command.add_command(surplus)


@command.command()
@click.argument("number", required=False, metavar="[PART]")
@click.option("--store", default=None, metavar="S", help="Only this store.")
@click.option("--part", "part_no", default=None, metavar="P", help="Only this part number: the same as PART.")
@click.option(
    "--method",
    type=click.Choice(["average", "fifo"]),
    default=None,
    help="Value by it (default: as the store declared).",
)
@as_of_option
@known_at_option
@database_option
@table_options
def show(
    number: str | None,
    store: str | None,
    part_no: str | None,
    method: str | None,
    as_of: date,
    known_at: int | None,
    db: str,
    output: str,
    language: str,
) -> None:
    """Print stock by store and part, with its value, how it is valued, and whether it contains tax.

    Value is by moving average or by first in, first out, as the store declared (sparewise ledger declare).

    Of one PART also the numbers it replaces or is replaced by: stock stays under the number it was bought under, and is
    found under all of them.

    Example: sparewise stock show 00195040 --store S01 --json
    """
    from inventory.books.history import stock_rows, stock_under_all_numbers
    from inventory.database import read
    from reporting import tables
    from reporting.words import word

    if number is not None and part_no not in (None, number):
        raise click.UsageError("name one part, as PART or with --part")
    asked = number or part_no
    with read(engine_of(db)) as connection:
        if asked is None:
            rows = stock_rows(connection, as_of, store, None, known_at, method)
        else:
            rows = stock_under_all_numbers(connection, as_of, asked, store, known_at, method)
    columns = (
        tables.Column("store"),
        tables.Column("part_no"),
        *([tables.Column("relation")] if asked else []),
        tables.Column("name"),
        tables.Column("on_hand_milli", "quantity_milli"),
        tables.Column("reserved_milli", "quantity_milli"),
        tables.Column("quarantine_milli", "quantity_milli"),
        tables.Column("on_order_milli", "quantity_milli"),
        tables.Column("unit_cost_e4", "money_e4"),
        tables.Column("value_e4", "money_e4"),
        tables.Column("valuation"),
        tables.Column("tax_basis"),
        tables.Column("bins"),
    )
    shown = [_in_words(row, language) for row in rows]
    title = f"{word('stock_title', language)} · {as_of}"
    tables.show(tables.Table(title, columns, rows if output != "table" else shown), output, language)


def _in_words(row: dict[str, object], language: str) -> dict[str, object]:
    """Return a row with its codes in the reader's words."""
    from reporting.words import word

    told = {name: word(f"{name}_{row[name]}", language) for name in ("valuation", "tax_basis")}
    if "relation" in row:
        told["relation"] = word(f"relation_{row['relation']}", language)
    return {**row, **told}
