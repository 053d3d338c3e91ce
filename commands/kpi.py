"""`sparewise kpi`: managers' figures, each with its definition."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from commands import kpi_views
from commands.kpi_options import (
    chosen_figures,
    earlier_scopes,
    period_options,
    refuse_misplaced,
    scope_for,
    told_wrongly,
)
from commands.options import database_option, engine_of, load_settings, settings_option, table_options


@click.group(invoke_without_command=True)
@click.option(
    "--figure", "names", multiple=True, metavar="ID[:VARIANT]", help="Only this figure (may be repeated; default: all)."
)
@click.option(
    "--by",
    "dimension",
    type=click.Choice(["store", "supplier", "class", "family", "channel", "cause"]),
    default=None,
    help="Split by it; figures that can't be are left out.",
)
@click.option("--definitions", is_flag=True, help="With the whole definition beside each figure.")
@period_options
@settings_option
@database_option
@table_options
@click.pass_context
def command(
    context: click.Context,
    names: tuple[str, ...],
    dimension: str | None,
    definitions: bool,
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
    """Print the figures of a month, a quarter or twelve months, and how they changed.

    Held against the period before and the same of a year before. JSON and CSV carry each figure's definition; for
    people it is printed by --definitions, or by `sparewise kpi define ID`. A figure that has nothing to divide by has
    no value (–). A period that is not over counts up to --as-of.

    Example: sparewise kpi --month 2026-06 --store S01 --json

    Example: sparewise kpi --figure DEAD_12 --figure TURN_GROSS:daily --by supplier
    """
    if context.invoked_subcommand is not None:
        refuse_misplaced(context)
        return
    from inventory.database import read
    from inventory.figures.computing import figures
    from inventory.figures.scope import month_end
    from reporting.figure_sheet import Earlier, sheet_table
    from reporting.figures import figures_table
    from reporting.tables import show

    settings = load_settings(db, settings_path)
    is_sheet = output == "table" and not definitions and dimension is None
    with told_wrongly(), read(engine_of(db)) as connection:
        chosen = chosen_figures(names, settings.kpi)
        scope = scope_for(connection, month, as_of, store, known_at, span)
        found = figures(connection, scope, chosen, dimension or "", settings.outside)
        earlier = [
            Earlier(key, figures(connection, each, chosen, "", settings.outside))
            for key, each in (earlier_scopes(connection, scope, known_at, span) if is_sheet else ())
        ]
    if is_sheet:
        is_over = scope.until == month_end(scope.last_month)
        show(sheet_table(found, earlier, language, all_shown=bool(names), over=is_over), output, language)
    else:
        show(figures_table(found, output, language), output, language)


for _part in (kpi_views.define, kpi_views.lines, kpi_views.bridge, kpi_views.group):
    command.add_command(_part)
