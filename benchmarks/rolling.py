"""What our levels hold for 95 % complete lines on real demand, rolling and out of sample, beside today's rules.

Run as ``python -m benchmarks.rolling [carparts auto3000 man16 man7]``. Panels are looked for as `forecast_series` does,
and skipped aloud. Of each panel the last periods are scored; rules of thumb have their form (window, or smoothing)
chosen on the periods before them, and every rule is compared at 95 % complete lines on its own curve: one knob each,
the stock read between the two settings on either side. Levels are set each period by what was known then.

*carparts, auto3000*: months, an order is here after one month and is placed every month. *man16, man7*: four-week
periods, units of a sub-package (at most 60 a period, as the research note has it), lead times of 16 and 7 weeks. Costs
are man's own; of the other two they are drawn from man's real prices, for none are published.

*z·sigma*: mean and standard deviation of 12, 24 or all periods, or exponentially smoothed (α .05, .1, .2), one z over
all parts. *MAD*: mean of 6 or 12 months × (cycle + lead time + safety), as dealers reckon; safety is the knob. A line
is what a period asks for of a part, filled complete or not. *Said*: the share of lines that our levels for each goal
were said to fill, told when the orders went out; beside it what came true, of each panel, and at last over all lines
of each of the data. With some 130 lines, as those of man7, a part more or less in stock moves a share by a point.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.forecast_series import demand_table, shared_data, wide_table
from demand.history import DemandHistory, Float64Array1D, Float64Array2D
from forecasting.forecast import ForecastSettings
from optimisation.simulate import Unmet
from planning.preparing.panel import series_history
from planning.simulation.panel import Terms, curves_of, known_past, laws_at, our_stand, world_of_panel
from planning.simulation.rules import Z_TRIED, stand_of_rule
from planning.simulation.simulation import Stand, Tried, replayed

GOAL, GOALS_HELD, PROMISE = 0.95, (0.9, 0.95, 0.98), 0.01
ASKED = {"z-sigma": 0.30, "mad": 0.50}
MOST_UNITS, WEEKS = 60, 4
FORMS: dict[str, tuple[float, ...]] = {"z-sigma": (12, 24, 999, 0.05, 0.1, 0.2), "mad": (6, 12)}
"""Windows in periods; below one, the weight α of exponential smoothing."""


@dataclass(frozen=True)
class Panel:
    """A panel, the public data it is of, how it is bought, and the periods tuned on and scored."""

    name: str
    data: str
    lead_time: int
    tuned: int
    scored: int


PANELS = (
    Panel("carparts", "carparts", 1, 9, 12),
    Panel("auto3000", "auto3000", 1, 4, 6),
    Panel("man16", "man_spareparts", 4, 6, 10),
    Panel("man7", "man_spareparts", 2, 6, 10),
)
Ours = dict[Unmet, tuple[Tried, int]]
"""What came of our levels in each regime, and the lines asked for."""


def prices(folder: Path) -> pd.DataFrame:
    """Return man's items: price, lead time and content of a sub-package."""
    return pd.read_csv(folder / "man_spareparts" / "items.csv.gz", index_col=0)


def panel_of(panel: Panel, folder: Path) -> tuple[DemandHistory, Float64Array1D]:
    """Return the history of a panel and the cost of a stock unit of each item."""
    items = prices(folder)
    if panel.name.startswith("man"):
        chosen = items[items["lead_time_weeks"] == int(panel.name[3:])]
        weeks = pd.read_csv(folder / "man_spareparts" / "demand.csv.gz", index_col=0).loc[chosen.index]
        values = weeks.to_numpy(np.float64)[:, weeks.shape[1] % WEEKS :]
        content = np.maximum(chosen["units_per_pack"].to_numpy(np.float64), 1)
        packs = np.ceil(values.reshape(len(chosen), -1, WEEKS).sum(axis=2) / content[:, None]).clip(0, MOST_UNITS)
        seen = packs[:, : packs.shape[1] - panel.scored].sum(axis=1) > 0  # what never sold by then nobody plans
        columns = [f"{2000 + i // 12}-{i % 12 + 1:02d}" for i in range(packs.shape[1])]
        wide = pd.DataFrame(packs[seen], index=chosen.index[seen].astype(str), columns=columns)
        cost = pd.Series((chosen["cost_price_eur"].to_numpy() * content)[seen], index=wide.index)
    else:
        wide = wide_table(folder, panel.name).dropna()
        drawn = np.random.default_rng(1).choice(items["cost_price_eur"].to_numpy(), len(wide))
        cost = pd.Series(drawn, index=wide.index)
    wide.index.name = "part_no"
    rows = demand_table(wide)
    table = rows.assign(store="", quantity_milli=rows["quantity"] * 1000, available_ppm=1_000_000)
    history = series_history(table)
    return history, cost.loc[list(history.part_no)].to_numpy(np.float64)


def smoothed(past: Float64Array2D, weight: float, periods: float) -> Stand:
    """Return z·sigma levels about an exponentially smoothed mean and variance."""
    mean, variance = past[:, :6].mean(axis=1), past[:, :6].var(axis=1)
    for column in past[:, 6:].T:
        error = column - mean
        variance = variance + weight * (error**2 - variance)
        mean = mean + weight * error
    level = mean[:, None] * periods + np.sqrt(variance * periods)[:, None] * np.array(Z_TRIED)
    return Stand.up_to("z-sigma", Z_TRIED, np.ceil(np.maximum(level, 0) - 1e-9).astype(np.int64))


def stand_of_form(rule: str, form: float, past: Float64Array2D, periods: float) -> Stand:
    """Return the levels of a rule in one of its forms."""
    if form < 1:
        return smoothed(past, form, periods)
    return stand_of_rule(rule, past, np.full(past.shape[0], periods), int(form))


def rule_tried(rule: str, form: float, history: DemandHistory, cost: Float64Array1D, terms: Terms, n: int) -> Tried:
    """Return what came of one form of a rule over the latest periods of a history."""
    world, first = world_of_panel(history, cost, terms, n)
    past, periods = known_past(history), float(terms.lead_time + terms.review)
    stands = ((stand_of_form(rule, form, past[:, : first + step], periods),) for step in world.set_at)
    return replayed(world, stands)[0][0]


def ours_tried(history: DemandHistory, cost: Float64Array1D, terms: Terms, n: int, regimes: tuple[Unmet, ...]) -> Ours:
    """Return what came of our levels in each regime; the laws are worked out once."""
    world, first = world_of_panel(history, cost, terms, n)
    laws = list(laws_at(history, tuple(first + step for step in world.set_at), terms, ForecastSettings()))
    tried = {}
    for unmet in regimes:
        own = replace(terms, unmet=unmet)
        stands = ((our_stand(curves_of(each, own), world.cost_e4, own),) for each in laws)
        (tried_here,), lines = replayed(replace(world, unmet=unmet), stands)
        tried[unmet] = tried_here, lines
    return tried


def _best(tries: Iterator[tuple[float, Tried]]) -> tuple[float, Tried]:
    """Return the form that holds least for the goal; among those that never reach it, the one that fills most."""

    def held(each: tuple[float, Tried]) -> tuple[float, float]:
        stock = each[1].stock_at(GOAL)
        return (np.inf if stock is None else stock, -float(each[1].line_fill.max()))

    return min(tries, key=held)


def measure(panel: Panel, folder: Path) -> tuple[bool, Ours]:
    """Print one panel; return whether all that is asked was reached, and what came of our levels."""
    history, cost = panel_of(panel, folder)
    print(f"{panel.name}: {history.item_count:,} parts, {history.axis.count} periods, the last {panel.scored} scored")
    before = history.before(history.axis.count - panel.scored)
    began, kept = time.process_time(), True
    terms, regimes = Terms(panel.lead_time), (Unmet.URGENT, Unmet.BACKORDER)
    ours = ours_tried(history, cost, terms, panel.scored, regimes)
    for unmet in regimes:
        own = replace(terms, unmet=unmet)
        mine = ours[unmet][0].stock_at(GOAL)
        assert mine is not None
        print(f"  {unmet}: ours {mine / 1e4:,.0f} for {GOAL:.0%} complete lines")
        for rule, forms in FORMS.items():
            tuned, _ = _best((form, rule_tried(rule, form, before, cost, own, panel.tuned)) for form in forms)
            each = {form: rule_tried(rule, form, history, cost, own, panel.scored) for form in forms}
            theirs = each[tuned].stock_at(GOAL)
            hindsight = _best(iter(each.items()))
            kept &= _held(rule, tuned, theirs, mine, hindsight)
        kept &= said_and_came([ours[unmet]], "    ")
    print(f"  {time.process_time() - began:.0f} s of the processor")
    return kept, ours


def _held(rule: str, form: float, theirs: float | None, mine: float, hindsight: tuple[float, Tried]) -> bool:
    asked = ASKED[rule]
    if theirs is None:
        print(f"    {rule} (form {form:g}): never reaches it")
        return True
    after = hindsight[1].stock_at(GOAL) or np.inf
    print(
        f"    {rule} (form {form:g}): {theirs / 1e4:,.0f}, ours holds {1 - mine / theirs:.1%} less (asked: {asked:.0%})"
        f"; in hindsight its best form were {hindsight[0]:g}: {1 - mine / after:.1%}"
    )
    return 1 - mine / theirs >= asked


def said_and_came(of: list[tuple[Tried, int]], before: str) -> bool:
    """Print what was said and what came at each goal, over all lines; return whether a point lies between at most."""
    lines = [number for _, number in of]
    place = [of[0][0].knobs.index(goal) for goal in GOALS_HELD]
    said, came = (
        np.average([getattr(tried, name)[place] for tried, _ in of], axis=0, weights=lines)
        for name in ("promised", "line_fill")
    )
    each = list(zip(GOALS_HELD, said, came, strict=True))
    pairs = "; ".join(f"for {goal:.0%} {share:.1%}, {true:.1%}" for goal, share, true in each)
    apart = [f"{goal:.0%}" for goal, share, true in each if abs(share - true) > PROMISE]
    short = f" (asked: within a point; further apart for {', '.join(apart)})" if apart else ""
    print(f"{before}said and came of {sum(lines):,} lines: {pairs}{short}")
    return not apart


def main(words: list[str]) -> int:
    """Measure the panels named, all where none is; return 1 if something asked for is missed."""
    folder = shared_data()
    if folder is None:
        print("skipped: no public data in ../shared/data, and SPAREWISE_SHARED names no folder that has them")
        return 0
    chosen = [panel for panel in PANELS if not words or panel.name in words]
    measured = [measure(panel, folder) for panel in chosen]
    reached = [is_reached for is_reached, _ in measured]
    for data in dict.fromkeys(panel.data for panel in chosen):
        of = [ours for panel, (_, ours) in zip(chosen, measured, strict=True) if panel.data == data]
        reached += [said_and_came([ours[unmet] for ours in of], f"{data}, {unmet}: ") for unmet in of[0]]
    return int(not all(reached))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
