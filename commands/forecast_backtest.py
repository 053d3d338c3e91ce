"""`sparewise forecast backtest`: what earlier forecasts would have been worth, beside the methods everybody knows."""

from __future__ import annotations

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
    from forecasting.backtest.backtest import Backtest

_TABLES = ("scores", "bias", "curve")


@click.command()
@click.option(
    "--origins", type=click.IntRange(1, 240), default=6, show_default=True, metavar="N", help="Earlier origins."
)
@click.option(
    "--step", type=click.IntRange(1, 120), default=1, show_default=True, metavar="K", help="Periods between them."
)
@click.option(
    "--lead-time",
    "length",
    type=click.IntRange(1, 120),
    default=2,
    show_default=True,
    metavar="L",
    help="Periods whose summed demand is forecast.",
)
@click.option(
    "--panel",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=None,
    metavar="FILE",
    help="Judge a demand table of your own instead of the books.",
)
@click.option(
    "--period",
    type=click.Choice(["month", "week"]),
    default=None,
    help="What --lead-time and --step count (default: as the table is written, or as the settings plan).",
)
@click.option("--of", "wanted", type=click.Choice(_TABLES), default=None, help="Only this table.")
@click.option("--out", type=PICTURE_FILE, default=None, metavar="FILE", help="Also draw the curves: .html or .svg.")
@database_option
@as_of_option
@settings_option
@table_options
def backtest(
    origins: int,
    step: int,
    length: int,
    panel: Path | None,
    period: str | None,
    wanted: str | None,
    out: Path | None,
    db: str,
    as_of: date,
    settings_path: Path | None,
    output: str,
    language: str,
) -> None:
    """Forecast again at earlier origins, each by what was known then, and judge by what came.

    Prints what each method is worth (loss at the .9 to .99 quantiles of demand over the lead time, coverage, bias, and
    the stock that fills 90 and 95 % of the units in a replay), then bias by how much is asked for. Beside it stand
    Croston, SBA, TSB, ADIDA, IMAPA and ETS, each with a normal and a negative binomial law. As JSON and CSV one table
    is printed, --of scores, bias or curve. Methods are not compared by MAE or WAPE: these choose to stock nothing.

    A weekly table is judged by weeks, or by whole months with --period month; a monthly one can't be taken apart.

    Example: sparewise forecast backtest --origins 12 --lead-time 2 --out backtest.html
    """
    from dataclasses import replace

    from commands.failures import Rejected
    from demand.periods import PeriodKind
    from inventory.findings import Finding
    from inventory.reading import read_snapshot
    from planning.explaining.backtest import Asked, backtest_of_books, backtest_of_panel

    settings, asked = load_settings(db, settings_path), Asked(length, origins, step)
    counted_in = None if period is None else PeriodKind(period)
    table = None if panel is None else panel_of(panel)
    try:
        with progress("reading") as tell:
            if table is not None:
                found = backtest_of_panel(table, settings.forecast, asked, tell, counted_in)
            else:
                planning = replace(settings.planning, period=period or settings.planning.period)
                books = read_snapshot(engine_of(db), as_of)
                found = backtest_of_books(books, replace(settings, planning=planning), asked, tell)
    except ValueError as fault:
        raise Rejected([Finding(str(panel or "database"), "", 0, "", "", str(fault), "")]) from fault
    _show(found, wanted, output, language)
    if out is not None:
        from reporting.charts.curves import write_curves

        write_curves(found, out, language)
        click.echo(f"drawn: {out}", err=True)


def _show(found: Backtest, wanted: str | None, output: str, language: str) -> None:
    from reporting.backtest_tables import bias_table, curve_table, scores_table
    from reporting.tables import show

    tables = {"scores": scores_table, "bias": bias_table, "curve": curve_table}
    if wanted is not None or output != "table":
        show(tables[wanted or "scores"](found, output, language), output, language)
        return
    show(bias_table(found, output, language), output, language)
    show(scores_table(found, output, language), output, language)
