"""`sparewise ledger`: how what there is came about, and that it adds up."""

from __future__ import annotations

from datetime import date

import click

from commands.failures import ChecksFailed
from commands.ledger_warranty import warranty
from commands.options import as_of_option, database_option, engine_of, table_options


@click.group()
def command() -> None:
    """Every movement of a part, and the proof that the books add up.

    Example: sparewise ledger verify
    """


command.add_command(warranty)


@command.command()
@click.argument("part_no")
@click.option("--store", default=None, metavar="S", help="Only this store.")
@as_of_option
@database_option
@table_options
def history(part_no: str, store: str | None, as_of: date, db: str, output: str, language: str) -> None:
    """Print every movement of PART_NO, from where to where, and what was on hand after it.

    Example: sparewise ledger history 00195040 --store S01
    """
    from inventory.database import read
    from inventory.history import part_history
    from reporting import tables
    from reporting.words import word

    with read(engine_of(db)) as connection:
        rows = part_history(connection, part_no, as_of, store)
    columns = (
        tables.Column("movement_id", "count"),
        tables.Column("effective_on", "date"),
        tables.Column("document"),
        tables.Column("kind"),
        tables.Column("store"),
        tables.Column("from"),
        tables.Column("to"),
        tables.Column("quantity_milli", "quantity_milli"),
        tables.Column("value_e4", "money_e4"),
        tables.Column("on_hand_milli", "quantity_milli"),
        tables.Column("user_name"),
    )
    tables.show(tables.Table(f"{word('history_title', language)} · {part_no}", columns, rows), output, language)


@command.command()
@database_option
@table_options
def verify(db: str, output: str, language: str) -> None:
    """Recompute every balance from the movements and list the rows that differ; exit code 1 where there are any.

    Example: sparewise ledger verify
    """
    from inventory.balances import differences
    from inventory.database import read
    from reporting import tables
    from reporting.words import word

    with read(engine_of(db)) as connection:
        found = differences(connection)
    rows = [
        {
            **each.where._asdict(),
            **each.cached._asdict(),
            "moved_quantity_milli": each.moved.quantity_milli,
            "moved_value_e4": each.moved.value_e4,
        }
        for each in found
    ]
    columns = (
        *(tables.Column(name) for name in ("store", "part_no", "place_kind", "place_name")),
        tables.Column("quantity_milli", "quantity_milli"),
        tables.Column("moved_quantity_milli", "quantity_milli"),
        tables.Column("value_e4", "money_e4"),
        tables.Column("moved_value_e4", "money_e4"),
    )
    if rows or output != "table":
        tables.show(tables.Table(word("verify_title", language), columns, rows), output, language)
    if rows:
        raise ChecksFailed(f"{len(rows)} balances differ from the sum of their movements.")
    click.echo("Every balance is the sum of its movements.", err=True)
