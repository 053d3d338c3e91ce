"""`Worth`: what moving a part's level up or down is worth at the plan's one price of money.

The goal of a store has a price P: so much money on the shelf for each further order line filled in a year. A step from
level a to level b fills more lines and ties up more money; what it is worth net of that, in money on the shelf, is

    N(a → b) = P · (B(b) − B(a)) · 365 / R  −  (M(b) − M(a)),      M = c V + O · c / h

B complete lines and V stock units per review interval of R days (`optimisation.service`), c the cost of a unit, O what
a year loses of units that nobody asks for (`optimisation.assortment`). Where
costs are data in place of a goal, P = b · c / h: b an unmet line, h a unit on the shelf for a year. A year of holding
what N counts costs h / c of it. Who rounds a pack, keeps a level or names the next best choice asks here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from demand.history import Float64Array1D, Int64Array1D
from optimisation.assortment import holding_rate
from optimisation.costs import DAYS_PER_YEAR
from optimisation.service import FillCurves
from planning.levels.goals import StoreGoal
from planning.levels.supply import Supply
from planning.levels.targets import Targets
from planning.orders.position import Items

_LEAST_RATE, _MOST_E4 = 1e-9, 1e15
"""What costs nothing to hold is held for any line; a price stays a number all the same."""


@dataclass(frozen=True)
class Worth:
    """Prices and curves of all items, ``(n_items,)`` each.

    Parameters
    ----------
    curves
        Service of every level of every item.
    price_per_line_e4
        P: money on the shelf worth one further line a year.
    unit_cost_e4
        c: what a demand unit costs.
    carrying_rate_per_year
        h / c: what money on the shelf costs a year, as a share.
    review_days
        R: days one regular order serves.
    risk_e4
        O · c / h of every level, flat in the order of the curves' points.
    """

    curves: FillCurves
    price_per_line_e4: Float64Array1D
    unit_cost_e4: Float64Array1D
    carrying_rate_per_year: Float64Array1D
    review_days: Float64Array1D
    risk_e4: Float64Array1D

    def lines_per_year(self, before: Int64Array1D, after: Int64Array1D) -> Float64Array1D:
        """Return the order lines that a year of `after` in place of `before` fills more."""
        more = self.curves.complete_lines_at(after) - self.curves.complete_lines_at(before)
        return more / self.review_days * DAYS_PER_YEAR

    def tied_up_e4(self, before: Int64Array1D, after: Int64Array1D) -> Float64Array1D:
        """Return the money that `after` ties up on the shelf more than `before`."""
        return self.unit_cost_e4 * (self.curves.stock_at(after) - self.curves.stock_at(before))

    def net_e4(self, before: Int64Array1D, after: Int64Array1D) -> Float64Array1D:
        """Return N, above zero where the step is worth its money."""
        risk = self._risk_at(after) - self._risk_at(before)
        return self.price_per_line_e4 * self.lines_per_year(before, after) - self.tied_up_e4(before, after) - risk

    def _risk_at(self, level: Int64Array1D) -> Float64Array1D:
        """Return the risk of one level per item; beyond the curve's end it goes on as at the end."""
        most, first = self.curves.level_max, self.curves.boundaries[:-1]
        last = self.risk_e4[first + most] - self.risk_e4[first + np.maximum(most - 1, 0)]
        risk: Float64Array1D = self.risk_e4[first + np.clip(level, 0, most)] + last * np.maximum(level - most, 0)
        return risk


def worth_of(items: Items, supply: Supply, targets: Targets) -> Worth:
    """Return what levels are worth, by the goal that each item's store has."""
    costs = targets.costs
    unit_cost = np.maximum(costs.unit_cost_e4, 1).astype(np.float64)  # as the levels count it: nothing is quite free
    rate = costs.holding_per_year_e4 / unit_cost
    price = np.minimum(costs.unmet_line_e4 / np.maximum(rate, _LEAST_RATE), _MOST_E4)
    store = np.array(items.store, dtype=object)
    for goal in targets.goals:
        if is_a_goal(goal):
            price[np.isin(store, goal.stores)] = goal.price_per_line_e4
    item = np.repeat(np.arange(items.count), np.diff(targets.curves.boundaries))
    risk = targets.prospects.risk.loss_per_year_e4 / holding_rate(costs)[item]
    return Worth(targets.curves, price, unit_cost, rate, supply.review_days, risk)


def is_a_goal(goal: StoreGoal) -> bool:
    """Return whether a share of lines was asked for, and not the least cost."""
    return goal.asked_fill_rate > 0
