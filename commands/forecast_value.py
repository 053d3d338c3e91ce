"""`sparewise forecast value-added`: what each step of the forecast was worth, down to what people set."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from commands.options import as_of_option, database_option, engine_of, load_settings, settings_option, table_options
from commands.progress import progress


@click.command(name="value-added")
@click.option(
    "--origins", type=click.IntRange(1, 240), default=6, show_default=True, metavar="N", help="Earlier origins."
)
@click.option(
    "--step", type=click.IntRange(1, 120), default=1, show_default=True, metavar="K", help="Periods between them."
)
@click.option(
    "--lead-time", "length", type=click.IntRange(1, 120), default=2, show_default=True, metavar="L",
    help="Periods whose summed demand is forecast.",
)  # fmt: skip
@database_option
@as_of_option
@settings_option
@table_options
def value_added(
    origins: int,
    step: int,
    length: int,
    db: str,
    as_of: date,
    settings_path: Path | None,
    output: str,
    language: str,
) -> None:
    """Measure what each step adds: naive, statistical, with vehicles, with events, with what people set.

    Each step is forecast again at earlier origins by what was known then, overrides as they stood that day, and judged
    by what came: the loss at the .9 to .99 quantiles of demand over the lead time, and bias. A step that adds less than
    nothing costs stock or service. Items that people had changed are judged by themselves as well.

    Example: sparewise forecast value-added --origins 6 --lead-time 2
    """
    from commands.failures import Rejected
    from inventory.findings import Finding
    from inventory.reading import read_snapshot
    from planning.explaining.backtest import Asked
    from planning.explaining.value_added import value_added as measure
    from reporting.tables import show
    from reporting.value_tables import value_table

    settings = load_settings(db, settings_path)
    try:
        with progress("reading the books") as tell:
            found = measure(read_snapshot(engine_of(db), as_of), settings, Asked(length, origins, step), tell)
    except ValueError as fault:
        raise Rejected([Finding("database", "", 0, "", "", str(fault), "")]) from fault
    show(value_table(found, output, language), output, language)
