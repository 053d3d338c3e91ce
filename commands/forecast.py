"""`sparewise forecast`: what will be asked for, as whole-number laws; from the books or from a bare table."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.forecast_backtest import backtest
from commands.forecast_chart import chart
from commands.forecast_due import due
from commands.forecast_explain import explain
from commands.forecast_override import override
from commands.forecast_streams import bulk, observed, told
from commands.forecast_value import value_added
from commands.options import (
    as_of_option,
    database_option,
    engine_of,
    load_settings,
    now_utc,
    settings_option,
    table_options,
)
from commands.panel_file import panel_of
from commands.progress import progress

if TYPE_CHECKING:
    from forecasting.forecast import Forecast
    from inventory.snapshot import Snapshot
    from planning.settings import Settings

_DEFAULT_QUANTILES = "0.5,0.8,0.9,0.95,0.99"


class _Quantiles(click.ParamType[tuple[float, ...]]):
    """Shares between 0 and 1, separated by commas; told once each, rising."""

    name = "shares"

    def convert(
        self, value: str | tuple[float, ...], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[float, ...]:
        if isinstance(value, tuple):
            return value
        try:
            shares = tuple(float(text) for text in value.split(","))
        except ValueError:
            shares = ()
        if not shares or not all(0 < share < 1 for share in shares):
            self.fail(f"quantiles are shares between 0 and 1, such as 0.5,0.95; found {value!r}", param, ctx)
        return tuple(sorted(set(shares)))


class _OutFile(click.ParamType[Path]):
    """A .csv or .parquet file to be written, in a folder that is there."""

    name = "file"

    def convert(self, value: str | Path, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        path = Path(value)
        if path.suffix.lower() not in (".csv", ".parquet"):
            self.fail(f"the result is a .csv or .parquet file; found {value}", param, ctx)
        if not path.parent.is_dir():
            self.fail(f"the folder of the result is there; found {path.parent}", param, ctx)
        if path.is_dir():
            self.fail(f"the result is a file; {path} is a folder", param, ctx)
        return path


_horizon = click.option(
    "--horizon", type=click.IntRange(1, 120), required=True, metavar="H", help="Periods ahead: steps 1 … H."
)
_quantiles = click.option(
    "--quantiles", type=_Quantiles(), default=_DEFAULT_QUANTILES, show_default=True, metavar="Q,Q", help="Shares."
)
_lead_time = click.option(
    "--lead-time",
    type=click.IntRange(1, 120),
    default=None,
    metavar="L",
    help="Also forecast the demand summed over the next L periods.",
)
_out = click.option("--out", type=_OutFile(), required=True, metavar="OUT", help="A .csv or .parquet file to write.")


@click.group()
def command() -> None:
    """Forecast demand: from vehicles on the road and what was asked for, to the law over the lead time.

    Example: sparewise forecast run --as-of 2026-06-30
    """


for _each in (backtest, bulk, chart, due, explain, observed, override, told, value_added):
    command.add_command(_each)


@command.command()
@database_option
@as_of_option
@settings_option
@click.option(
    "--lead-time", type=click.IntRange(1, 120), default=1, show_default=True, metavar="L", help="Periods summed."
)
@table_options
def run(db: str, as_of: date, settings_path: Path | None, lead_time: int, output: str, language: str) -> None:
    """Forecast every part and store, and store the result.

    Mean and quantiles of each coming period, and of the demand summed over --lead-time periods, are kept. The same
    books, day and settings are the same run and are stored once. Prints a row per family.

    Example: sparewise forecast run --as-of 2026-06-30
    """
    from inventory.database import write
    from inventory.forecasts import StoredForecast, append_forecast
    from planning.forecast_table import STORED_QUANTILES, long_table, stored_values
    from planning.run import manifest_of
    from reporting.forecast_tables import summary_table
    from reporting.tables import show

    settings = load_settings(db, settings_path)
    snapshot, found = _forecast(db, as_of, settings)
    table = stored_values(long_table(found, settings.forecast.horizon, STORED_QUANTILES, lead_time))
    manifest = manifest_of(snapshot, settings, None)
    content = {
        "known_at": manifest.known_at,
        "snapshot_hash": manifest.snapshot_hash,
        "settings": manifest.settings,
        "program_version": manifest.program_version,
        "lead_time": lead_time,
    }
    run_id = f"F{manifest.run_id}-{lead_time}"
    with progress("storing the forecast"), write(engine_of(db)) as connection:
        is_new = append_forecast(connection, StoredForecast(run_id, as_of, now_utc(), content, table))
    show(summary_table(found, language), output, language)
    told = "stored as" if is_new else "stored before as"
    click.echo(f"{found.item_count:,} forecasts {told} {run_id}.", err=True)


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_horizon
@click.option("--origin", default=None, metavar="P", help="Last period known; later rows are ignored.")
@_quantiles
@_lead_time
@_out
def series(
    file: Path, horizon: int, origin: str | None, quantiles: tuple[float, ...], lead_time: int | None, out: Path
) -> None:
    """Forecast a table of your own, without a database.

    FILE (.csv, .xlsx or .parquet) has the columns part_no, period (YYYY-MM, or the Monday of a week) and quantity, and
    may have store and available. OUT is long: part_no, store, target, step, quantile, value; the quantile is empty for
    the mean, target is period or lead_time.

    Periods left out: if the table writes a zero anywhere (of a part that was available), a period left out after a
    part's first row is missing, which tells nothing; if it writes none, it is a zero. Before its first row a part was
    not on sale. A part's history ends where the table ends, or at --origin.

    Said beside the table: on what the forecasts rest (calls; never-asked; family, where nothing was seen), and who made
    the laws of each target (heads-and-filter; filter-alone, where the table is too young or small to learn from).

    Example: sparewise forecast series demand.csv --horizon 6 --lead-time 3 --quantiles 0.5,0.95 --out forecast.csv
    """
    from collections import Counter

    from commands.failures import Rejected
    from demand.periods import parse_label
    from forecasting.forecast import ForecastSettings
    from inventory.findings import Finding
    from planning.forecast_table import long_table, pooled_stretches
    from planning.preparing.panel import heads_of_series
    from reporting.forecast_tables import write_long_table

    if origin is not None:
        try:
            parse_label(origin)
        except ValueError as fault:
            raise click.BadParameter(f"a period is written YYYY-MM, or as a Monday YYYY-MM-DD ({fault})") from None
    if out.exists() and out.samefile(file):
        raise click.UsageError(f"the result is another file than the table; {out} is the table")
    table = panel_of(file)
    try:
        with progress("forecasting"):
            heads = heads_of_series(table, ForecastSettings(horizon=max(horizon, lead_time or 1)), origin)
            found = heads.forecast
            stretches = pooled_stretches(heads, horizon, lead_time)
            told = long_table(found, horizon, quantiles, lead_time, stretches)
    except ValueError as fault:
        raise Rejected([Finding(str(file), "", 0, "period", origin or "", str(fault), "")]) from fault
    write_long_table(told, out)
    click.echo(f"{found.item_count:,} series forecast from {found.axis.labels()[0]} on: {out}", err=True)
    resting = ", ".join(f"{count:,} {basis}" for basis, count in sorted(Counter(found.basis).items()))
    makers = ", ".join(f"{target} {standing}" for target, standing in stretches.standing.items())
    click.echo(f"they rest on: {resting}; laws made by: {makers}", err=True)


@command.command()
@_horizon
@_quantiles
@_lead_time
@_out
@database_option
@as_of_option
@settings_option
def export(
    horizon: int,
    quantiles: tuple[float, ...],
    lead_time: int | None,
    out: Path,
    db: str,
    as_of: date,
    settings_path: Path | None,
) -> None:
    """Forecast what is in the database and write it as a long table, as `forecast series` does.

    Example: sparewise forecast export --horizon 6 --lead-time 2 --quantiles 0.5,0.95 --out forecast.parquet
    """
    from dataclasses import replace

    from planning.forecast_table import long_table
    from reporting.forecast_tables import write_long_table

    settings = load_settings(db, settings_path)
    settings = replace(settings, forecast=replace(settings.forecast, horizon=max(horizon, lead_time or 1)))
    found = _forecast(db, as_of, settings)[1]
    write_long_table(long_table(found, horizon, quantiles, lead_time), out)
    click.echo(f"{found.item_count:,} forecasts written: {out}", err=True)


def _forecast(db: str, as_of: date, settings: Settings) -> tuple[Snapshot, Forecast]:
    """Return one snapshot and its forecast."""
    from commands.failures import Rejected
    from inventory.findings import Finding
    from inventory.reading import read_snapshot
    from planning.preparing.prepare import forecast_of

    try:
        with progress("reading the books") as tell:
            snapshot = read_snapshot(engine_of(db), as_of)
            tell("forecasting")
            return snapshot, forecast_of(snapshot, settings)
    except ValueError as fault:
        raise Rejected(
            [Finding("database", "", 0, "", "", str(fault), "mend the table and import it again")]
        ) from fault
