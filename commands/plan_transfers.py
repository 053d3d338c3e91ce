"""`sparewise plan transfers`: what stores are to send each other instead of buying it."""

from __future__ import annotations

from datetime import date

import click

from commands.options import DAY, database_option, engine_of, table_options


@click.command()
@click.option("--as-of", type=DAY, default=None, metavar="DATE", help="The latest plan for a day up to this one.")
@database_option
@table_options
def transfers(as_of: date | None, db: str, output: str, language: str) -> None:
    """Print what the latest plan has stores send each other instead of buying it; transfer send does it.

    Example: sparewise plan transfers

    Example: sparewise transfer send S02 S01 00195040 2
    """
    from commands.plan_levels import latest
    from inventory.database import read
    from reporting import tables
    from reporting.plan_tables import transfers_table

    with read(engine_of(db)) as connection:
        run = latest(connection, as_of)
    rows = run["manifest"].get("transfers", [])  # a plan of an earlier program has none
    tables.show(transfers_table(rows, str(run["as_of"]), language), output, language)
