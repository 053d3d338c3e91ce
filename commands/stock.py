"""`sparewise stock`: what there is."""

from __future__ import annotations

from datetime import date

import click

from commands.options import as_of_option, database_option, engine_of, table_options


@click.group()
def command() -> None:
    """What lies on the shelf, is reserved, in quarantine, or on its way.

    Example: sparewise stock show --store S01
    """


@command.command()
@click.option("--store", default=None, metavar="S", help="Only this store.")
@click.option("--part", "part_no", default=None, metavar="P", help="Only this part number.")
@as_of_option
@database_option
@table_options
def show(store: str | None, part_no: str | None, as_of: date, db: str, output: str, language: str) -> None:
    """Print stock by store and part, with its value at moving average cost.

    Example: sparewise stock show --store S01 --part 00195040 --json
    """
    from inventory.database import read
    from inventory.history import stock_rows
    from reporting import tables
    from reporting.words import word

    with read(engine_of(db)) as connection:
        rows = stock_rows(connection, as_of, store, part_no)
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
        tables.Column("bins"),
    )
    title = f"{word('stock_title', language)} · {as_of}"
    tables.show(tables.Table(title, columns, rows), output, language)
