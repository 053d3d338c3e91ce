"""How near the forecast from vehicles comes to the true law of demand, beside the methods everybody knows.

Run as ``python -m benchmarks.vehicles``; ``--development`` takes the worlds a method may be tuned on in place of those
it is judged by. Each world's true law is known (`made_worlds`). *Closed*: of the distance between the best rival and
the truth, in expected pinball loss at .8, .9, .95 and .99 of demand over two months, summed over parts in stock units,
the share this program closes; the truth itself closes all of it. *Bias*: forecast mean over true mean, less one. Parts
with a recall are left out, for recalls are a stream of their own.

Four runs of each world: as it is; with loyalty set 30 % too low and too high; the same where vehicles are known by
count only, so that no visit corrects it; and with parts to be had 70 % of the time and no refusal written down.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.made_worlds import (
    DEVELOPMENT,
    JUDGEMENT,
    MONTHS,
    Floats,
    Judged,
    judged,
    losses,
    rivals,
    true_quantiles,
)
from benchmarks.made_worlds import SHARES as QUANTILES
from demand.periods import PeriodKind
from forecasting.forecast import ForecastSettings
from forecasting.lead_time import law_over_periods
from inventory.snapshot import Snapshot
from planning.preparing.prepare import forecast_of_prepared, prepare

REPLICATIONS = 400
MIS_SET = (0.7, 1.3)
AVAILABLE = 0.7
OURS, TRUTH = "this program", "the truth"


@dataclass(frozen=True)
class Run:
    """Losses of each method and means, item by item.

    Parameters
    ----------
    loss
        Expected pinball loss in stock units of each method, ``(n_items,)``.
    mean, true_mean
        Stock units expected, ``(n_items,)``.
    is_launch, is_base
        As in `Judged`, by item.
    seconds
        Of the forecast.
    """

    loss: dict[str, Floats]
    mean: Floats
    true_mean: Floats
    is_launch: NDArray[np.bool_]
    is_base: NDArray[np.bool_]
    seconds: float


def run_of(world: Judged, snapshot: Snapshot, settings: ForecastSettings) -> Run:
    """Forecast a snapshot and hold it against the world's truth."""
    start = time.perf_counter()
    ready = prepare(snapshot, PeriodKind.MONTH, settings)
    found = forecast_of_prepared(ready, settings)
    law = law_over_periods(found, MONTHS)
    seconds = time.perf_counter() - start
    place = {key: row for row, key in enumerate(world.keys)}
    rows = np.array([place[key] for key in zip(found.store, found.part_no, strict=True)])
    unit = found.unit_milli[:, None] / 1000
    future = world.future[rows]
    quantiles = {OURS: np.stack([law.quantile(share) for share in QUANTILES], axis=1) * unit}
    quantiles |= {name: values * unit for name, values in rivals(ready.history).items()}
    quantiles[TRUTH] = true_quantiles(future)
    return Run(
        {name: losses(values, future) for name, values in quantiles.items()},
        law.mean() * unit[:, 0],
        future.mean(axis=1),
        world.is_launch[rows],
        world.is_base[rows],
        seconds,
    )


def totals(run: Run, chosen: NDArray[np.bool_]) -> dict[str, float]:
    """Return the loss of each method over the items chosen."""
    return {name: float(values[chosen].sum()) for name, values in run.loss.items()}


def closed(total: dict[str, float]) -> tuple[float, str]:
    """Return the share of the distance closed, and the best rival's name."""
    best = min((name for name in total if name not in (OURS, TRUTH)), key=lambda name: total[name])
    return (total[best] - total[OURS]) / (total[best] - total[TRUTH]), best


def counted(snapshot: Snapshot) -> Snapshot:
    """Return the snapshot of a house that knows how many vehicles were registered, and not which."""
    seen = snapshot.vehicles.assign(
        registered_month=snapshot.vehicles["registered_on"].dt.to_period("M").dt.to_timestamp().astype("datetime64[s]")
    )
    counts = seen.groupby(["model", "store", "registered_month"]).size().rename("vehicles").reset_index()
    lines = snapshot.demand_lines.assign(vin="", odometer_km=pd.array([pd.NA] * len(snapshot.demand_lines), "Int64"))
    return replace(snapshot, vehicles=snapshot.vehicles.iloc[:0], vehicle_counts=counts, demand_lines=lines)


def starved(snapshot: Snapshot, seed: int) -> Snapshot:
    """Return the snapshot of a house that had each part `AVAILABLE` of the time and wrote no refusal down.

    In each month a part was to be had for a random share of the days, in one piece; what was asked on others is lost.
    Parts that were never asked for had their months of lack as well: with a panel that leaves them out, they alone
    would count as having been there all the time, and their kind as asked for less than it is.
    """
    lines = snapshot.demand_lines
    days = lines["opened_on"].dt
    month = days.year * 12 + days.month - 1
    months = np.arange(month.min(), month.max() + 1)
    here = snapshot.vehicles[["store", "model"]].drop_duplicates()
    carried = snapshot.fitments[["part_no", "model"]].merge(here, on="model")
    pairs = pd.concat([table[["part_no", "store"]].astype(str) for table in (lines, carried)])
    items = pairs.drop_duplicates().sort_values(["part_no", "store"]).reset_index(drop=True)
    chance = np.random.default_rng(seed)
    # Two months in five are whole; of the others a quarter, a half or three quarters, before all are scaled.
    share = np.where(
        chance.random((len(items), months.size)) < 0.4, 1.0, chance.choice((0.25, 0.5, 0.75), (len(items), months.size))
    )
    share *= AVAILABLE / share.mean()
    share = np.minimum(share, 1.0)
    asked = pd.MultiIndex.from_frame(lines[["part_no", "store"]].astype(str))
    item = pd.MultiIndex.from_frame(items).get_indexer(asked)
    cell = (item, (month - months[0]).to_numpy())
    place = ((days.day - 0.5) / days.days_in_month).to_numpy(np.float64)
    seen = (place - chance.random(share.shape)[cell]) % 1.0 <= share[cell]
    kept = lines[seen]
    sums = np.zeros(share.shape, dtype=np.int64)
    np.add.at(sums, (cell[0][seen], cell[1][seen]), kept["quantity_requested_milli"].to_numpy(np.int64))
    names = items.loc[items.index.repeat(months.size)].reset_index(drop=True)
    labels = [f"{m // 12:04d}-{m % 12 + 1:02d}" for m in months]
    panel = names.assign(
        period=np.tile(np.array(labels, dtype=object), len(items)),
        quantity_milli=sums.reshape(-1),
        available_ppm=np.round(share.reshape(-1) * 1e6).astype(np.int64),
    ).astype({"period": snapshot.demand_panel["period"].dtype})
    return replace(snapshot, demand_lines=kept.reset_index(drop=True), demand_panel=panel)


def report(name: str, total: dict[str, float], asked: str) -> None:
    """Print one share closed beside what is asked."""
    share, best = closed(total)
    print(
        f"  {name:44} closed {share:6.1%}  asked {asked:5}  "
        f"({OURS} {total[OURS]:.1f}, {best} {total[best]:.1f}, {TRUTH} {total[TRUTH]:.1f})"
    )


def bias(means: Floats) -> str:
    """Return the bias of a mean beside the true one as text."""
    return f"{means[0] / means[1] - 1:+.1%}"


def chance(means: list[Floats]) -> str:
    """Return how far the bias of one world, and of all together, lies from nothing by chance, as text.

    A world's past is one of many that lead to its future, and all rates are learnt from it: its bias is one draw.
    """
    forecast, true = np.array(means).T
    apart = forecast - true * forecast.sum() / true.sum()
    freedom = max(len(means) - 1, 1)
    one = np.sqrt(((apart / true) ** 2).sum() / freedom)
    together = np.sqrt((apart**2).sum() * len(means) / freedom) / true.sum()
    return f"one world ±{one:.1%}, of all ±{together:.1%}"


def main() -> int:
    """Judge every world."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.vehicles", description=__doc__)
    parser.add_argument("--development", action="store_true", help="the worlds a method may be tuned on")
    worlds = DEVELOPMENT if parser.parse_args().development else JUDGEMENT
    pooled: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    means: dict[str, list[Floats]] = defaultdict(list)
    usual = ForecastSettings()
    for name, settings in worlds.items():
        world = judged(settings, REPLICATIONS)
        by_count = counted(world.snapshot)
        cases = [("as it is", world.snapshot, usual)]
        cases += [(f"loyalty × {level}", world.snapshot, replace(usual, loyalty=level)) for level in MIS_SET]
        cases += [(f"counts only, loyalty × {level}", by_count, replace(usual, loyalty=level)) for level in MIS_SET]
        cases.append(("70 % available", starved(world.snapshot, settings.seed), usual))
        print(f"{name}: {settings.vehicles:,} vehicles, {settings.parts:,} parts, {settings.stores} stores")
        for case, snapshot, chosen in cases:
            run = run_of(world, snapshot, chosen)
            base = run.is_base
            for group, rows in ((case, base), (f"{case}, launch", base & run.is_launch)):
                total = totals(run, rows)
                for method, loss in total.items():
                    pooled[group][method] += loss
                means[group].append(np.array([run.mean[rows].sum(), run.true_mean[rows].sum()]))
            if case == "as it is":
                report("all parts", totals(run, base), "75 %")
                report("launched 8 months ago", totals(run, base & run.is_launch), "60 %")
                print(f"  forecast and law in {run.seconds:.1f} s")
        told = ("as it is", "as it is, launch", "70 % available")
        print("  bias: " + ", ".join(f"{case} {bias(means[case][-1])}" for case in told), flush=True)
    print(f"over all {len(worlds)} worlds")
    report("all parts", pooled["as it is"], "75 %")
    report("launched 8 months ago", pooled["as it is, launch"], "60 %")
    for level in MIS_SET:
        report(f"loyalty mis-set × {level}", pooled[f"loyalty × {level}"], "55 %")
        report(f"the same, vehicles known by count only × {level}", pooled[f"counts only, loyalty × {level}"], "-")
    for name, case, asked in (
        ("bias, all parts", "as it is", ""),
        ("bias, launched 8 months ago", "as it is, launch", "asked ±5 %"),
        ("bias, 70 % available, no refusal written", "70 % available", "asked ±2 %"),
    ):
        print(f"  {name:44} {bias(sum(means[case], np.zeros(2)))}  {asked:10}  (chance of {chance(means[case])})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
