"""`sparewise kpi`: managers' figures, each with its definition."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from commands import kpi_views
from commands.kpi_options import chosen_figures, period_options, refuse_misplaced, scope_for, told_wrongly
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
@period_options
@settings_option
@database_option
@table_options
@click.pass_context
def command(
    context: click.Context,
    names: tuple[str, ...],
    dimension: str | None,
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
    """Print the figures of a month, a quarter or twelve months, each with its definition.

    A figure that has nothing to divide by is printed as –. A period that is not over counts up to --as-of.

    Example: sparewise kpi --month 2026-06 --store S01 --json

    Example: sparewise kpi --figure DEAD_12 --figure TURN_GROSS:daily --by supplier
    """
    if context.invoked_subcommand is not None:
        refuse_misplaced(context)
        return
    from inventory.database import read
    from inventory.figures.computing import figures
    from reporting.figures import figures_table
    from reporting.tables import show

    settings = load_settings(db, settings_path)
    with told_wrongly(), read(engine_of(db)) as connection:
        chosen = chosen_figures(names, settings.kpi)
        scope = scope_for(connection, month, as_of, store, known_at, span)
        found = figures(connection, scope, chosen, dimension or "", settings.outside)
    show(figures_table(found, output, language), output, language)


for _part in (kpi_views.define, kpi_views.lines, kpi_views.bridge, kpi_views.group):
    command.add_command(_part)
