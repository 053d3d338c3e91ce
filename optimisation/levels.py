"""Order-up-to levels: the whole assortment meets one service goal with the least money on the shelf.

A goal per part wastes money: the last per cent of an engine costs as much as full service on a hundred filters. One
price of money serves all: with ρ the order lines a day that a unit of money on the shelf must fill, a part's level is
where its last step gains ρ per money. All steps of all parts' concave majorants (`optimisation.majorant`), sorted by
gain per money, give the answer for every goal at once: take steps until the goal is met (marginal analysis; Fox 1966;
Sherbrooke 2004, ch. 2). A part whose first step gains less than ρ is not stocked: its level is 0.

Symbols: S level (demand units), B(S) complete lines per review interval of R days, V(S) expected units on the shelf,
c unit cost; a step's gain is ΔB/R lines a day, its money c·ΔV, and where what is left over may be lost, that risk as
well (`optimisation.assortment`). Levels below `floor` are never chosen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from demand.history import Float64Array1D, Int64Array1D
from optimisation.assortment import ShelfRisk, holding_rate, tied_up, with_band
from optimisation.costs import DAYS_PER_YEAR, CostTerms
from optimisation.majorant import Steps, concave_steps
from optimisation.service import FillCurves


@dataclass(frozen=True)
class Levels:
    """Chosen levels and what they achieve.

    Parameters
    ----------
    level
        S of each item in demand units, ``(n_items,)``.
    fill_rate
        Share of all order lines, over the items, filled complete from the shelf.
    lines_per_day_per_e4
        ρ: lines a day that the last ten-thousandth of money put on the shelf still fills; 0 where nothing was bought.
    goal_met
        False where even the highest levels fill less than was asked.
    """

    level: Int64Array1D
    fill_rate: float
    lines_per_day_per_e4: float
    goal_met: bool


def levels_for_fill_rate(
    curves: FillCurves,
    costs: CostTerms,
    review_days: Float64Array1D,
    floor: Int64Array1D,
    fill_rate: float,
    risk: ShelfRisk | None = None,
) -> Levels:
    """Return the levels that fill the asked share of all order lines with the least money on the shelf.

    Parameters
    ----------
    curves
        Service of every level of every item.
    costs
        Unit cost per demand unit and, to weigh a risk, what holding it costs.
    review_days
        R of each item, ``(n_items,)``.
    floor
        Least level of each item, ``(n_items,)``.
    fill_rate
        Share of order lines over the whole set, in (0, 1).
    risk
        What may be left over, and what is on the shelf; where None, only the stock's value counts.

    Raises
    ------
    ValueError
        If the goal is not between 0 and 1, both excluded.
    """
    return levels_for_fill_rates(curves, costs, review_days, floor, (fill_rate,), risk)[0]


def levels_for_fill_rates(
    curves: FillCurves,
    costs: CostTerms,
    review_days: Float64Array1D,
    floor: Int64Array1D,
    fill_rates: Sequence[float],
    risk: ShelfRisk | None = None,
) -> tuple[Levels, ...]:
    """Return the levels for several goals; the steps are the same for all, a higher goal takes more of them.

    Parameters are those of `levels_for_fill_rate`, with ``n_goals`` shares in any order.

    Raises
    ------
    ValueError
        If a goal is not between 0 and 1, both excluded.
    """
    for fill_rate in fill_rates:
        if not 0 < fill_rate < 1:
            raise ValueError(f"a fill-rate goal lies between 0 and 1, both excluded; it is {fill_rate}")
    floor = np.minimum(floor, curves.level_max)
    steps = _steps(curves, costs, review_days, floor, risk)
    order = steps.best_first()
    asked, at_floor = float((curves.lines / review_days).sum()), _overall(curves, review_days, floor)
    met = float((curves.complete_lines_at(floor) / review_days).sum()) + np.cumsum(steps.gained[order])
    needed = np.searchsorted(met, np.array(fill_rates) * asked) + 1
    needed[(np.array(fill_rates) <= at_floor) | (asked == 0)] = 0
    return tuple(
        _taken(curves, review_days, floor, steps, order[:number], fill_rate)
        for number, fill_rate in zip(needed.tolist(), fill_rates, strict=True)
    )


def levels_for_price(
    curves: FillCurves,
    costs: CostTerms,
    review_days: Float64Array1D,
    floor: Int64Array1D,
    risk: ShelfRisk | None = None,
) -> Levels:
    """Return the cheapest levels when a year of holding and an unfilled line have their price.

    A step is taken if the lines it fills in a year are worth more than holding it and what of it may be lost:
    ΔB/R · 365 · b ≥ h · ΔV + ΔO.
    Parameters are those of `levels_for_fill_rate`; holding and unmet-line costs come from `costs`.
    """
    floor = np.minimum(floor, curves.level_max)
    steps = _steps(curves, costs, review_days, floor, risk)
    worth = steps.gained * DAYS_PER_YEAR * costs.unmet_line_e4[steps.curve]
    rate = costs.holding_per_year_e4 / np.maximum(costs.unit_cost_e4, 1) if risk is None else holding_rate(costs)
    price = steps.spent * rate[steps.curve]
    order = steps.best_first()
    return _taken(curves, review_days, floor, steps, order[(worth >= price)[order]], 0.0)


def _steps(
    curves: FillCurves,
    costs: CostTerms,
    review_days: Float64Array1D,
    floor: Int64Array1D,
    risk: ShelfRisk | None,
) -> Steps:
    item = np.repeat(np.arange(floor.size), np.diff(curves.boundaries))
    level = np.arange(item.size) - curves.boundaries[:-1][item]
    money, gained = tied_up(curves, costs, risk), curves.complete_lines / review_days[item]
    allowed = level >= floor[item]
    if risk is not None:
        money = with_band(money, gained, curves.boundaries, risk)
        allowed &= level <= np.maximum(risk.most, floor)[item]
    return concave_steps(money, gained, curves.boundaries, allowed)


def _taken(
    curves: FillCurves,
    review_days: Float64Array1D,
    floor: Int64Array1D,
    steps: Steps,
    taken: Int64Array1D,
    fill_rate: float,
) -> Levels:
    level = floor.copy()
    np.maximum.at(level, steps.curve[taken], steps.point[taken] - curves.boundaries[:-1][steps.curve[taken]])
    achieved = _overall(curves, review_days, level)
    rate = float(steps.gained[taken[-1]] / steps.spent[taken[-1]]) if taken.size and steps.spent[taken[-1]] else 0.0
    return Levels(level, achieved, rate, achieved >= fill_rate - 1e-9)


def _overall(curves: FillCurves, review_days: Float64Array1D, level: Int64Array1D) -> float:
    asked = float((curves.lines / review_days).sum())
    return float((curves.complete_lines_at(level) / review_days).sum()) / asked if asked else 1.0
