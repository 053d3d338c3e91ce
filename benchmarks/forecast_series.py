"""How fast and how good `forecast series` is on public panels, beside methods everybody knows.

Run as ``python -m benchmarks.forecast_series``. The panels (monthly car parts of a US maker; monthly automotive spare
parts; weekly spare parts of an industrial seller in packs, of which coverage alone is told) are not shipped: they are
looked for in ``../shared/data`` and in the folder named by SPAREWISE_SHARED, and the benchmark says so when it skips.
``--training`` leaves out their last periods (12 months; 6 months; 16 weeks): tune on that, and look at the last
periods, which are measured otherwise, only to report.

*Deciles*: mean over .1 … .9 of 2 Σ pinball / Σ demand, by month, one origin. *Lead time*: the same over .9, .95, .975,
.99 for demand summed over three months, several origins three months apart; beside `forecast series` the same table
imported into books, where a plan's laws are (`forecast export`). Zero everywhere scores 1 on the deciles.
*Coverage*: share of demands at or below the 80, 90, 95 and 99 % points of the law, a demand on a point counted for the
part of it that the law lays below (randomised probability transform, Brockwell 2007, in expectation). All parts rise
and fall together, so one origin tells as much of that spring as of the laws: it is printed beside the mean of several,
and beside that of a dozen spread over all that know a year. Those before the held-back periods were tuned on.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from forecasting.backtest.said import Said
from forecasting.backtest.scores import COVERED, within
from forecasting.baselines.intermittent import sba
from forecasting.forecast import ForecastSettings
from forecasting.heads.rows import Target
from planning.preparing.panel import heads_of_series

Floats = NDArray[np.float64]

ROOT = Path(__file__).parent.parent
DECILES = tuple(round(0.1 * i, 1) for i in range(1, 10))
SERVICE = (0.9, 0.95, 0.975, 0.99)
LEAD_TIME = 3
MOST_COVERED = 4
"""Origins over which coverage is counted: stretches that share no month, counted back from the end."""
SPREAD = 12
"""Origins spread over all that know a year."""


@dataclass(frozen=True)
class Panel:
    """A public panel, and which of its periods may be looked at; without origins nothing but coverage is told."""

    name: str
    held_back: int
    horizon: int
    origins: dict[str, slice]
    published: dict[str, float]


PANELS = (
    Panel("carparts", 12, 12, {"4 origins": slice(4)}, {"deciles": 0.890, "lead time": 0.540}),  # TFT; SBA + normal
    # A noted figure, of two origins that are not stated: SBA + normal comes to it at the second and third last. The
    # sliding windows noted beside it (24 of them: 0.206, and 0.288 with .5 and .8) come out at all four.
    Panel(
        "auto3000",
        6,
        6,
        {"2 origins": slice(2), "4 origins": slice(4), "2 origins before the last": slice(1, 3)},
        {"lead time": 0.175},
    ),
)
"""Panels by months, of which losses are told."""
WEEKLY = Panel("man_spareparts", 16, 6, {}, {})
FIRST_WEEK, MOST_PACKS = date(2012, 1, 2), 1000


def shared_data() -> Path | None:
    """Return the folder of public data, or None where there is none."""
    places = [ROOT.parent / "shared" / "data", Path(os.environ.get("SPAREWISE_SHARED", "/nowhere")) / "data"]
    return next((place for place in places if place.is_dir()), None)


def wide_table(folder: Path, name: str) -> pd.DataFrame:
    """Return a panel as published: a row per part, a column per month named YYYY-MM."""
    wide = pd.read_csv(folder / name / f"{name}.csv.gz", index_col=0, dtype={0: "str"})
    if not str(wide.columns[0])[:4].isdigit():  # its real calendar is not published
        wide.columns = pd.Index([f"{2000 + i // 12}-{i % 12 + 1:02d}" for i in range(wide.shape[1])])
    return wide


def weeks_in_packs(folder: Path, held_back: int) -> pd.DataFrame:
    """Return the weekly panel in packs, a column per Monday, without what had not sold before the last ones."""
    weeks = pd.read_csv(folder / "man_spareparts" / "demand.csv.gz", index_col=0)
    items = pd.read_csv(folder / "man_spareparts" / "items.csv.gz", index_col=0).loc[weeks.index]
    packs = np.ceil(weeks.to_numpy(np.float64) / np.maximum(items["units_per_pack"].to_numpy(np.float64), 1)[:, None])
    mondays = [str(FIRST_WEEK + timedelta(weeks=i)) for i in range(packs.shape[1])]
    sells = packs[:, :-held_back].sum(axis=1) > 0
    return pd.DataFrame(packs[sells].clip(0, MOST_PACKS), weeks.index[sells].astype(str), mondays).rename_axis(
        "part_no"
    )


def demand_table(wide: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of a `demand` table; an empty cell is no row."""
    long = wide.melt(ignore_index=False, var_name="period", value_name="quantity").dropna().reset_index(names="part_no")
    return long.assign(quantity=long["quantity"].astype(np.int64)).sort_values(["part_no", "period"])


def forecast(table: Path, origin: str, horizon: int, quantiles: tuple[float, ...]) -> tuple[pd.DataFrame, float]:
    """Run the program as a user would; return its table and the seconds of the whole process."""
    out = table.with_suffix(".out.parquet")
    words = ["--horizon", str(horizon), "--origin", origin, "--lead-time", str(LEAD_TIME), "--out", str(out)]
    command = [sys.executable, "cli.py", "forecast", "series", str(table), *words]
    start = time.perf_counter()
    subprocess.run([*command, "--quantiles", ",".join(map(str, quantiles))], cwd=ROOT, check=True, capture_output=True)
    return pd.read_parquet(out), time.perf_counter() - start


def forecast_on_books(wide: pd.DataFrame, quantiles: tuple[float, ...], place: Path) -> pd.DataFrame:
    """Import a table into books of their own, and return what `forecast export` says: the laws of a plan."""
    files = place / "files"
    files.mkdir(parents=True)
    demand_table(wide).to_csv(files / "demand.csv", index=False)
    one_each = pd.DataFrame({"part_no": wide.index, "name": wide.index, "unit_cost": 1, "supplier": "S"})
    one_each.to_csv(files / "parts.csv", index=False)
    pd.DataFrame({"supplier": ["S"], "name": ["S"]}).to_csv(files / "suppliers.csv", index=False)
    books, out = ["--db", f"sqlite:///{place / 'books.db'}"], place / "law.parquet"
    last_day = pd.Period(str(wide.columns[-1]), "M").end_time.date().isoformat()
    words = ["--horizon", "1", "--lead-time", str(LEAD_TIME), "--quantiles", ",".join(map(str, quantiles))]
    for command in (
        ["init", *books],
        ["import", *books, str(files)],
        ["forecast", "export", *books, "--as-of", last_day, *words, "--out", str(out)],
    ):
        subprocess.run([sys.executable, "cli.py", *command], cwd=ROOT, check=True, capture_output=True)
    return pd.read_parquet(out)


def cube(table: pd.DataFrame, target: str, parts: pd.Index, quantiles: tuple[float, ...]) -> Floats:
    """Return forecast quantiles as (part, step, quantile)."""
    chosen = table[(table["target"] == target) & table["quantile"].notna()]
    wide = chosen.pivot_table(index="part_no", columns=["step", "quantile"], values="value").reindex(parts)
    return wide.to_numpy(np.float64).reshape(len(parts), -1, len(quantiles))


def loss(demand: Floats, forecasts: Floats, shares: tuple[float, ...]) -> tuple[Floats, float]:
    """Return 2 Σ pinball for each share, and Σ demand; the last axis of the forecasts is the share's."""
    error = demand[..., None] - forecasts
    share = np.array(shares)
    pinball = np.maximum(share * error, (share - 1) * error)
    return 2 * pinball.reshape(-1, share.size).sum(axis=0), float(demand.sum())


def empirical(known: Floats, shares: tuple[float, ...], window: int) -> Floats:
    """Return quantiles of the last twelve sums over a window of months, (part, share)."""
    sums = np.lib.stride_tricks.sliding_window_view(known, window, axis=1).sum(axis=2)[:, -12:]
    return np.asarray(np.quantile(sums, shares, axis=1, method="inverted_cdf").T, dtype=np.float64)


def sba_normal(known: Floats, shares: tuple[float, ...], window: int) -> Floats:
    """Return Syntetos & Boylan's (2005) mean, α = 0.1, with normal quantiles and σ √L, (part, share)."""
    mean = sba(known) * window
    spread = known.std(axis=1, ddof=1) * np.sqrt(window)
    return np.asarray(np.maximum(mean[:, None] + spread[:, None] * stats.norm.ppf(shares), 0), dtype=np.float64)


def measure(panel: Panel, folder: Path, workplace: Path, is_training: bool) -> None:
    """Print time, losses and coverage of one panel."""
    wide = weeks_in_packs(folder, panel.held_back) if panel is WEEKLY else wide_table(folder, panel.name)
    print(f"{panel.name}: {wide.shape[0]:,} parts, {wide.shape[1]} {'months' if panel.origins else 'weeks'}")
    known = wide.iloc[:, : -panel.held_back if is_training else None]
    parts = wide.dropna().index
    if panel.origins:
        measure_losses(panel, wide, known.loc[parts], workplace)
    for length in (1, 3, 6):
        last, year = known.shape[1] - length, 12 if panel.origins else 52
        cuts = [last - length * i for i in range(max(1, min(MOST_COVERED, panel.held_back // length)))]
        spread = [] if is_training else sorted({round(cut) for cut in np.linspace(year, last, SPREAD)})
        inside_at = {cut: coverage(known, parts, cut, length) for cut in sorted({*cuts, *spread})}
        views = {
            "last origin": cuts[:1],
            f"{len(cuts)} origins": cuts if len(cuts) > 1 else [],
            f"{len(spread)} spread": spread,
        }
        told = {name: np.mean([inside_at[cut] for cut in of], axis=0) for name, of in views.items() if of}
        for name, inside in told.items():
            shares = ", ".join(f"{s:.0%} {c:.1%}" for s, c in zip(COVERED, inside, strict=True))
            print(f"  coverage   over {length}, {name:12} {shares}")


def measure_losses(panel: Panel, wide: pd.DataFrame, complete: pd.DataFrame, workplace: Path) -> None:
    """Print time and losses of one panel; the losses are those of its complete series."""
    file = workplace / f"{panel.name}.csv"
    demand_table(wide).to_csv(file, index=False)
    seconds = forecast(file, str(wide.columns[-1]), panel.horizon, DECILES)[1]
    print(f"  whole process, horizon {panel.horizon} and lead time {LEAD_TIME}: {seconds:.1f} s")
    for name, value in panel.published.items():
        print(f"  {name:10} {'lowest published' if name == 'deciles' else 'SBA + normal, noted':22} {value:.4f}")
    for name, value in monthly_losses(panel, file, complete).items():
        print(f"  deciles    {name:22} {value:.4f}")
    for name, value in lead_time_losses(panel, file, complete).items():
        print(f"  lead time  {name:52} {value:.4f}")


def coverage(wide: pd.DataFrame, parts: pd.Index, cut: int, length: int) -> Floats:
    """Return how often demand over a stretch lies within each share of the law told before it, ``(n_covered,)``."""
    known, ahead = wide.iloc[:, :cut].dropna(how="all"), wide.iloc[:, cut : cut + length].loc[parts].to_numpy(np.int64)
    rows = demand_table(known)
    table = rows.assign(store="", quantity_milli=rows["quantity"] * 1000, available_ppm=1_000_000)
    heads = heads_of_series(table, ForecastSettings(horizon=length))
    items = pd.Index(heads.forecast.part_no).get_indexer(parts)
    law = heads.laws(Target(length))[0][0].take(items)
    # Of a part that comes in packs the law counts packs.
    said = Said.of_law(law, heads.forecast.unit_milli[items], ahead.sum(axis=1) * 1000, COVERED)
    inside: Floats = within(said).mean(axis=0)
    return inside


def monthly_losses(panel: Panel, file: Path, complete: pd.DataFrame) -> dict[str, float]:
    """Return the mean decile loss by month of each method, from one origin."""
    known = complete.to_numpy(np.float64)
    start = known.shape[1] - panel.horizon
    table, _ = forecast(file, str(complete.columns[start - 1]), panel.horizon, DECILES)
    flat = empirical(known[:, :start], DECILES, 1)[:, None, :]
    found = {
        "this program": cube(table, "period", complete.index, DECILES),
        "empirical, 12 months": np.repeat(flat, panel.horizon, axis=1),
    }
    losses = {name: loss(known[:, start:], quantiles, DECILES) for name, quantiles in found.items()}
    return {name: float(total.mean()) / demand for name, (total, demand) in losses.items()}


def lead_time_losses(panel: Panel, file: Path, complete: pd.DataFrame) -> dict[str, float]:
    """Return the mean loss at service quantiles, of demand over the lead time, of each method over the origins."""
    known = complete.to_numpy(np.float64)
    losses: dict[str, list[float]] = {}
    whole: list[float] = []
    for i in range(max(chosen.stop for chosen in panel.origins.values())):
        cut = known.shape[1] - LEAD_TIME * (i + 1)
        ahead = known[:, cut : cut + LEAD_TIME].sum(axis=1)
        table, _ = forecast(file, str(complete.columns[cut - 1]), 1, SERVICE)
        planned = forecast_on_books(complete.iloc[:, :cut], SERVICE, file.with_name(f"{panel.name}-{cut}"))
        found = {
            "this program": cube(table, "lead_time", complete.index, SERVICE)[:, 0],
            "this program, on the books": cube(planned, "lead_time", complete.index, SERVICE)[:, 0],
            "empirical, 12 windows": empirical(known[:, :cut], SERVICE, LEAD_TIME),
            "SBA + normal": sba_normal(known[:, :cut], SERVICE, LEAD_TIME),
        }
        for name, quantiles in found.items():
            losses.setdefault(name, []).append(float(loss(ahead, quantiles, SERVICE)[0].mean()))
        whole.append(float(ahead.sum()))
    return {
        f"{name}, {origins}": sum(each[chosen]) / sum(whole[chosen])
        for origins, chosen in panel.origins.items()
        for name, each in losses.items()
    }


def main(words: list[str]) -> int:
    """Measure every panel that is there; with --training, without its last periods."""
    folder = shared_data()
    if folder is None:
        print("skipped: no public data in ../shared/data, and SPAREWISE_SHARED names no folder that has them")
        return 0
    with tempfile.TemporaryDirectory() as workplace:
        for panel in (*PANELS, WEEKLY):
            measure(panel, folder, Path(workplace), "--training" in words)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
