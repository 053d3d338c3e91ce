"""`sparewise simulate`: stock value against lines filled, for the plan's rule and today's, on what came or what may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.options import (
    as_of_option,
    database_option,
    engine_of,
    load_settings,
    settings_option,
    table_options,
)
from commands.panel_file import panel_of
from commands.parameters import PICTURE_FILE
from commands.progress import progress

if TYPE_CHECKING:
    from planning.settings import Settings
    from planning.simulation.simulation import Simulation

_RULES = ("z-sigma", "mad", "months", "min-max")


@click.command()
@click.option(
    "--rule",
    "rules",
    type=click.Choice(_RULES),
    multiple=True,
    help="Today's rule, to stand beside ours; may be given more than once (default: mad and z-sigma).",
)
@click.option("--store", default=None, metavar="S", help="Only this store of the books.")
@click.option(
    "--periods", type=click.IntRange(1, 240), default=6, show_default=True, metavar="N", help="Periods counted."
)
@click.option(
    "--futures",
    type=click.IntRange(1, 1000),
    default=None,
    metavar="N",
    help="Live through so many sampled futures instead of what came.",
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Of what is drawn by chance.")
@click.option(
    "--panel",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=None,
    metavar="FILE",
    help="Replay a demand table of your own instead of the books; a stock unit costs 1.",
)
@click.option(
    "--lead-time", type=click.IntRange(0, 52), default=1, show_default=True, metavar="L", help="Periods; with --panel."
)
@click.option(
    "--review", type=click.IntRange(1, 52), default=1, show_default=True, metavar="R", help="Periods; with --panel."
)
@click.option("--curve", is_flag=True, help="Print every point of the curves.")
@click.option("--out", type=PICTURE_FILE, default=None, metavar="FILE", help="Also draw the curves: .html or .svg.")
@database_option
@as_of_option
@settings_option
@table_options
def command(
    rules: tuple[str, ...],
    store: str | None,
    periods: int,
    futures: int | None,
    seed: int,
    panel: Path | None,
    lead_time: int,
    review: int,
    curve: bool,
    out: Path | None,
    db: str,
    as_of: date,
    settings_path: Path | None,
    output: str,
    language: str,
) -> None:
    """Replay history under the plan's levels and under today's rule: what lies on the shelf, which lines it fills.

    At the end of each earlier period levels are set by what was known then; orders go out on the supplier's days and
    arrive after the mean lead time. Of each rule one figure is turned (a goal, a factor of safety), so that rules are
    compared at the same share of lines filled. Beside what was filled stands what the plan had promised.

    The rules: z-sigma (mean and standard deviation of a year), mad (mean demand × order cycle + lead time + safety),
    months (of supply), min-max. With --futures the forecast is drawn in place of what came. What the shelf lacks is
    ordered urgently, waits or is lost, as the setting `unmet` says. With --panel and the settings
    holding_cost_per_unit_period and shortage_cost_per_unit, the orders of least cost stand beside the goals.

    Example: sparewise simulate --rule mad --periods 6 --out simulation.html
    """
    from commands.failures import Rejected
    from inventory.findings import Finding
    from planning.simulation.rules import RULES
    from reporting.simulation_tables import curve_table, summary_table
    from reporting.tables import show

    settings, wanted = load_settings(db, settings_path), rules or RULES[:2]
    try:
        with progress("reading") as tell:
            if panel is not None:
                found = _of_panel(panel, settings, wanted, (lead_time, review), periods, futures, seed, tell)
            else:
                found = _of_books(db, as_of, settings, wanted, store, periods, futures, seed, tell)
    except ValueError as fault:
        raise Rejected([Finding(str(panel or "database"), "", 0, "", "", str(fault), "")]) from fault
    show((curve_table if curve else summary_table)(found, output, language), output, language)
    if out is not None:
        from reporting.charts.simulation import write_simulation

        write_simulation(found, out, language)
        click.echo(f"drawn: {out}", err=True)


def _of_panel(
    path: Path,
    settings: Settings,
    rules: tuple[str, ...],
    lead_and_review: tuple[int, int],
    periods: int,
    futures: int | None,
    seed: int,
    tell: Callable[[str], None],
) -> Simulation:
    import numpy as np

    from optimisation.simulate import Unmet
    from planning.preparing.panel import series_history
    from planning.simulation.futures import Futures, simulate_panel_futures
    from planning.simulation.panel import Prices, Terms, simulate_panel

    table = panel_of(path)
    history = series_history(table)
    own = settings.planning
    held, lacking = own.holding_cost_per_unit_period_e4, own.shortage_cost_per_unit_e4
    prices = Prices(held / 10_000, lacking / 10_000) if held is not None and lacking else None
    terms = Terms(*lead_and_review, unmet=Unmet(own.unmet), rules=rules, prices=prices)
    cost = np.ones(history.item_count)
    if futures is not None:
        wanted = Futures(futures, periods, seed)
        return simulate_panel_futures(history, cost, terms, wanted, settings.forecast, tell)
    return simulate_panel(history, cost, terms, periods, settings.forecast, tell)


def _of_books(
    db: str,
    as_of: date,
    settings: Settings,
    rules: tuple[str, ...],
    store: str | None,
    periods: int,
    futures: int | None,
    seed: int,
    tell: Callable[[str], None],
) -> Simulation:
    from dataclasses import replace

    from inventory.reading import read_snapshot
    from planning.explaining.backtest import Asked
    from planning.simulation.books import simulate_books
    from planning.simulation.futures import Futures, simulate_books_futures
    from planning.unusable import usable

    snapshot, _ = usable(read_snapshot(engine_of(db), as_of))
    if futures is not None:
        return simulate_books_futures(snapshot, settings, Futures(futures, periods, seed), rules, store, tell)
    seeded = replace(settings, forecast=replace(settings.forecast, seed=seed))
    return simulate_books(snapshot, seeded, Asked(1, periods, 1), rules, store, tell)
