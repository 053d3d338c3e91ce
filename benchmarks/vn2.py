"""The ordering contest VN2 replayed on its history: our levels beside the organiser's kind of rule.

Run as ``python -m benchmarks.vn2``. The data (599 products of grocery stores, 157 weeks of sales, and which weeks a
product was out of stock) is looked for in ``../shared/data`` and in the folder named by SPAREWISE_SHARED, and the
benchmark says so when it skips. The weeks by which the contest was decided are not in it.

The rules: an order a week, on the shelf two weeks later; 0.20 for each unit left at the end of a week, 1.00 for each
sale lost, nothing waits. Here windows of eight weeks, one after another, over the latest year; in each the first two
weeks cannot be influenced and six are scored. Before each window both rules begin with the same stock and orders under
way: those of the organiser's rule, brought up over ten weeks. Weeks in which a product was out of stock are not scored,
for what was asked for is not known. Every level is set by what was known that week.

*The organiser's kind of rule*: mean of 13 weeks, less and plus a season shared by all, times four weeks of cover (VN2
challenge, N. Vandeput, 2025). *Ours*: the law of each week's demand by the filter, with what the weeks of the year
bring back, on history with its weeks out of stock; and the order of least cost by what stands on the shelf and is
under way, found exactly where the shelf is small: the very functions behind `sparewise plan run` and `sparewise
simulate` with the settings unmet, holding_cost_per_unit_period and shortage_cost_per_unit.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.forecast_series import shared_data
from demand.history import DemandHistory, Int64Array2D, Observation
from forecasting.forecast import ForecastSettings
from optimisation.policies.lost_orders import LostSales
from optimisation.rolling import Shelves
from optimisation.simulate import Unmet
from planning.preparing.panel import series_history
from planning.simulation.panel import Prices, Terms, known_past, lost_sales
from planning.simulation.simulation import OURS, Stand

LEAD_TIME, SCORED, WINDOW, WINDOWS, BROUGHT_UP = 2, 6, 8, 6, 10
HOLDING, SHORTAGE = 0.2, 1.0
COVER_WEEKS, MEAN_WEEKS = 4, 13
ASKED_SAVING = 0.15


def contest(folder: Path) -> DemandHistory:
    """Return the history of the contest, weeks out of stock as such."""
    sales, there = (
        pd.read_csv(folder / "vn2_inventory" / f"{name}_week0.csv.gz").set_index(["Store", "Product"])
        for name in ("sales", "in_stock")
    )
    long = sales.melt(ignore_index=False, var_name="period", value_name="quantity").reset_index()
    share = there.melt(ignore_index=False, var_name="period", value_name="there").reset_index()["there"]
    table = pd.DataFrame(
        {
            "part_no": long["Product"].astype(str),
            "store": long["Store"].astype(str),
            "period": long["period"],
            "quantity_milli": long["quantity"].round().astype(np.int64) * 1000,
            "available_ppm": share.astype(np.int64) * 1_000_000,
        }
    )
    return series_history(table)


def organisers_levels(history: DemandHistory, origin: int, cover: int) -> Int64Array2D:
    """Return the organiser's level of each item, ``(n_items, 1)``, by the weeks before the origin."""
    past = known_past(history)[:, :origin]
    of_year = (history.axis.first + np.arange(origin + cover)) % 52
    by_week = np.nanmean(past, axis=0)
    season = np.array([by_week[of_year[:origin] == week].mean() for week in range(52)])
    season /= season.mean()
    lately = past[:, -MEAN_WEEKS:] / season[of_year[origin - MEAN_WEEKS : origin]]
    known = ~np.isnan(lately)
    mean = np.where(known, lately, 0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    level: Int64Array2D = np.round(mean * season[of_year[origin:]].sum()).astype(np.int64)[:, None]
    return level


def our_terms(history: DemandHistory, weeks: tuple[int, ...]) -> Iterator[LostSales]:
    """Yield by what we order in each week, known before it: the same as a plan's and a simulation's levels."""
    terms = Terms(LEAD_TIME, 1, Unmet.LOST, rules=())
    for week in weeks:
        yield lost_sales(history.before(week), terms, Prices(HOLDING, SHORTAGE), ForecastSettings())


def as_stand(level: Int64Array2D) -> Stand:
    """Return levels as a rule that restores them."""
    return Stand.up_to("levels", (0.0,), level)


@dataclass(frozen=True)
class Cost:
    """What a window cost: stock held at the ends of the weeks scored, and sales lost in them."""

    holding: float
    shortage: float

    @property
    def total(self) -> float:
        """Both."""
        return self.holding + self.shortage


def window_cost(history: DemandHistory, begins: int, before: dict[int, Int64Array2D], within: dict[int, Stand]) -> Cost:
    """Return what one window costs under the levels `within`, begun by those `before`."""
    unit = history.unit_milli // 1000
    ones, everybody = np.ones(unit.size, dtype=np.int64), np.ones(unit.size, dtype=np.bool_)
    start = begins - BROUGHT_UP
    shelves = Shelves(before[start], ones * LEAD_TIME, ones, Unmet.LOST)
    left, lost = np.zeros((2, unit.size))
    for week in range(start, begins + WINDOW):
        stand = as_stand(before[week]) if week < begins else within[week]
        shelves.order(*stand.levels_for(shelves), everybody)
        was = shelves.lived()
        shelves.ask(history.quantity[:, week])
        now = shelves.lived()
        if week >= begins + WINDOW - SCORED:
            scored = (history.observation[:, week] == Observation.SEEN) * unit
            short = history.quantity[:, week] - (now.filled - was.filled)[:, 0]
            left += scored * (now.left - was.left)[:, 0]
            lost += scored * short
    return Cost(float(left.sum()) * HOLDING, float(lost.sum()) * SHORTAGE)


def windows_of(history: DemandHistory) -> tuple[int, ...]:
    """Return the first week of each window."""
    return tuple(history.axis.count - WINDOW * turn for turn in range(WINDOWS, 0, -1))


def main() -> int:
    """Print the cost of each window under both rules; return 1 if ours saves less than asked."""
    folder = shared_data()
    if folder is None:
        print("skipped: no public data in ../shared/data, and SPAREWISE_SHARED names no folder that has them")
        return 0
    history = contest(folder)
    begins = windows_of(history)
    weeks = tuple(range(begins[0], history.axis.count))
    ours = {week: Stand.of_shelf(OURS, terms) for week, terms in zip(weeks, our_terms(history, weeks), strict=True)}
    spent: dict[str, list[Cost]] = {}
    for begin in begins:
        known = range(begin - BROUGHT_UP, begin + WINDOW)
        theirs = {week: organisers_levels(history, week, COVER_WEEKS) for week in known}
        tries = {"organiser's": {week: as_stand(level) for week, level in theirs.items()}, OURS: ours}
        tries |= {
            f"organiser's, cover {cover}": {
                week: as_stand(organisers_levels(history, week, cover)) for week in range(begin, begin + WINDOW)
            }
            for cover in (3, 5)
        }
        for name, levels in tries.items():
            spent.setdefault(name, []).append(window_cost(history, begin, theirs, levels))
    for name, costs in spent.items():
        each = " ".join(f"{cost.total:7,.0f}" for cost in costs)
        held, lost = sum(cost.holding for cost in costs), sum(cost.shortage for cost in costs)
        print(f"{name:24} {each}  together {held + lost:,.0f} (held {held:,.0f}, lost {lost:,.0f})")
    saving = 1 - sum(c.total for c in spent[OURS]) / sum(c.total for c in spent["organiser's"])
    print(f"ours costs {saving:.1%} less (asked: {ASKED_SAVING:.0%})")
    return int(saving < ASKED_SAVING)


if __name__ == "__main__":
    sys.exit(main())
