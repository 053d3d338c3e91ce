"""`sparewise scorecard`: how the parts department stands against its references, and what to repair first."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from commands.kpi_options import period_options, refuse_misplaced, scope_for, told_wrongly
from commands.options import database_option, engine_of, load_settings, settings_option, table_options
from commands.scorecard_options import lawful_card


@click.group(invoke_without_command=True)
@period_options
@settings_option
@database_option
@table_options
@click.pass_context
def command(
    context: click.Context,
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
    """Print the balanced scorecard of a period, and what to repair first.

    Four dimensions of 10 to 50 %, figures of 5 to 30 %, together 100 %; each figure is held against a reference with
    its source. [scorecard] in the settings changes weights and references, [store.S01.scorecard] the references of one
    store. What can't be measured has no points, and its weight is not spread over the others.

    Example: sparewise scorecard --month 2026-06 --store S01
    """
    if context.invoked_subcommand is not None:
        refuse_misplaced(context)
        return
    from inventory.database import read
    from inventory.figures.catalogue import named
    from inventory.figures.computing import figures
    from planning.scorecard.score import scored
    from reporting.scorecard import card_table, repair_table
    from reporting.tables import show

    settings = load_settings(db, settings_path)
    card = lawful_card(settings, store, language)
    with told_wrongly(), read(engine_of(db)) as connection:
        chosen = [named(kpi.figure, settings.kpi) for kpi in card.kpis]
        scope = scope_for(connection, month, as_of, store, known_at, span)
        result = scored(card, figures(connection, scope, chosen, told=settings.outside))
    show(card_table(result, output, language), output, language)
    if output == "table":
        show(repair_table(result, output, language), output, language)


@command.command("suggest")
@click.option("--whole", is_flag=True, help="In whole per cents (default: tenths of a per cent).")
@settings_option
@database_option
@table_options
def suggest(whole: bool, settings_path: Path | None, db: str, output: str, language: str) -> None:
    """Print the lawful weights nearest to those of the settings.

    Nearest: the least sum of squared changes, over the weights of all figures and all dimensions. The database is only
    where the settings file is looked for.

    Example: sparewise scorecard suggest --settings sparewise.toml --whole
    """
    from commands.failures import Conflict
    from planning.scorecard.nearest import NoLawfulCardError, nearest_lawful
    from reporting.scorecard import suggest_table
    from reporting.tables import show

    card, step_permille = load_settings(db, settings_path).scorecard.card, 10 if whole else 1
    try:
        lawful = nearest_lawful(card, step_permille)
    except NoLawfulCardError as fault:
        raise Conflict(str(fault)) from fault
    show(suggest_table(card, lawful, step_permille, output, language), output, language)
