"""What stands behind the figures: `sparewise kpi define`, `kpi lines`, `kpi bridge` and `kpi group`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from commands.kpi_options import chosen_figures, period_options, scope_for, span_options, told_wrongly
from commands.options import database_option, engine_of, load_settings, settings_option, table_options


@click.command("define")
@click.argument("names", metavar="[ID]...", nargs=-1)
@table_options
def define(names: tuple[str, ...], output: str, language: str) -> None:
    """List what the figures mean: formula, population, date rule, unit, and their variants.

    The first variant of a figure is meant where neither the call nor the settings ([kpi] FILL_SHELF_LINE = "half") name
    one.

    Example: sparewise kpi define FILL_SHELF_LINE TURN_GROSS
    """
    from inventory.figures.catalogue import FIGURES, definition_of
    from reporting.figures import definitions_table
    from reporting.tables import show

    with told_wrongly():
        definitions = [definition_of(name.partition(":")[0]) for name in names or FIGURES]
    show(definitions_table(definitions, output, language), output, language)


@click.command("lines")
@click.argument("name", metavar="ID[:VARIANT]")
@period_options
@settings_option
@database_option
@table_options
def lines(
    name: str,
    month: int | None,
    span: str,
    store: str | None,
    as_of: date,
    known_at: int | None,
    settings_path: Path | None,
    db: str,
    output: str,
    language: str,
) -> None:
    """Print the lines behind a figure; they sum to its numerator and denominator.

    Example: sparewise kpi lines SHORT_LINES_COMMON --month 2026-06 --store S01
    """
    from inventory.database import read
    from inventory.figures.computing import lines as lines_of
    from reporting.figures import lines_table
    from reporting.tables import show

    settings = load_settings(db, settings_path)
    with told_wrongly(), read(engine_of(db)) as connection:
        (chosen,) = chosen_figures([name], settings.kpi)
        found = lines_of(connection, scope_for(connection, month, as_of, store, known_at, span), chosen)
    show(lines_table(*chosen, found, language), output, language)


@click.command("bridge")
@click.argument("first", metavar="ID[:VARIANT]")
@click.argument("second", metavar="ID[:VARIANT]")
@period_options
@settings_option
@database_option
@table_options
def bridge(
    first: str,
    second: str,
    month: int | None,
    span: str,
    store: str | None,
    as_of: date,
    known_at: int | None,
    settings_path: Path | None,
    db: str,
    output: str,
    language: str,
) -> None:
    """Explain why two figures, or two variants of one, differ: in steps that add up to the difference exactly.

    Example: sparewise kpi bridge FILL_SHELF_LINE:line SERVICE_LEVEL --month 2026-06
    """
    from inventory.database import read
    from inventory.figures.bridge import bridge as bridge_of
    from reporting.figure_views import bridge_table
    from reporting.tables import show

    settings = load_settings(db, settings_path)
    with told_wrongly(), read(engine_of(db)) as connection:
        start, end = chosen_figures([first, second], settings.kpi)
        way = bridge_of(connection, scope_for(connection, month, as_of, store, known_at, span), start, end)
    show(bridge_table(way, output, language), output, language)


@click.command("group")
@span_options
@database_option
@table_options
def group(month: int | None, span: str, as_of: date, known_at: int | None, db: str, output: str, language: str) -> None:
    """Print the totals of all stores, and each store placed by its result and its potential.

    Example: sparewise kpi group --month 2026-06
    """
    from inventory.database import read
    from inventory.figures.placing import group as group_of
    from reporting.figure_views import group_table
    from reporting.tables import show

    with read(engine_of(db)) as connection:
        stores = group_of(connection, scope_for(connection, month, as_of, None, known_at, span))
    show(group_table(stores, output, language), output, language)
