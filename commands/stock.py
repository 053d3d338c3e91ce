"""`sparewise stock`: what there is."""

from __future__ import annotations

from datetime import date

import click

from commands.options import as_of_option, database_option, engine_of, known_at_option, table_options


@click.group()
def command() -> None:
    """What lies on the shelf, is reserved, in quarantine, or on its way.

    Example: sparewise stock show --store S01
    """


@command.command()
@click.option("--store", default=None, metavar="S", help="Only this store.")
@click.option("--part", "part_no", default=None, metavar="P", help="Only this part number.")
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

    Example: sparewise stock show --store S01 --part 00195040 --json
    """
    from inventory.database import read
    from inventory.history import stock_rows
    from reporting import tables
    from reporting.words import word

    with read(engine_of(db)) as connection:
        rows = stock_rows(connection, as_of, store, part_no, known_at, method)
    columns = (
        tables.Column("store"),
        tables.Column("part_no"),
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
    if output == "table":
        rows = [
            {**row, **{name: word(f"{name}_{row[name]}", language) for name in ("valuation", "tax_basis")}}
            for row in rows
        ]
    title = f"{word('stock_title', language)} · {as_of}"
    tables.show(tables.Table(title, columns, rows), output, language)
