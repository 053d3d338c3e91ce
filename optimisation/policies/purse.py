"""One purse over a few parts, to the last unit: which stock prevents the most weighted backorders.

Maximise Σ wᵢ (E[Dᵢ] − E[(Dᵢ − xᵢ)⁺]) subject to Σ cᵢ xᵢ ≤ B, x whole: a knapsack whose gains fall from unit to unit.
The marginal rule takes the unit with the most gain per money that the purse still pays (Fox 1966); it is best at the
budgets it passes through, not between. The exact answer keeps, part after part, every (spent, gained) that no other
beats in both (Nemhauser & Ullmann 1969), less those which could not reach the marginal rule's gain even if the parts
still to come were bought in fractions. Costs may be any numbers.

`optimisation.levels` does the same for whole assortments, by the marginal rule on concave majorants with its bound;
this is the proof for small ones. Units: whole demand units; money in any one currency.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from demand.history import Float64Array1D, Float64Array2D, Int64Array1D
from optimisation.policies.columns import require
from optimisation.policies.laws import WholeLaw

_DEMAND_MAX = 2_000
"""Units asked for in all: whole assortments are for `optimisation.levels`."""

_SLACK = 1e-9
"""Rounding of sums of money, as a share of the purse."""


@dataclass(frozen=True)
class Allocation:
    """Units of each part, ``(n_parts,)``, and the weighted backorders that they prevent."""

    units: Int64Array1D
    gain: float


@dataclass(frozen=True)
class PurseTerms:
    """What each part costs and is worth.

    Parameters
    ----------
    demand
        Law of the demand that the stock must serve, ``n_parts``.
    unit_cost
        c, above zero, ``(n_parts,)``.
    weight
        w: worth of a backorder prevented, zero or more.
    budget
        B, zero or more.
    units_max
        Most units of any one part.

    Raises
    ------
    ValueError
        If an input is outside its range or the columns differ in length.
    """

    demand: WholeLaw
    unit_cost: Float64Array1D
    weight: Float64Array1D
    budget: float
    units_max: int

    def __post_init__(self) -> None:
        require(self.demand.item_count == self.unit_cost.size == self.weight.size, "each part has a cost and a weight")
        require((self.unit_cost > 0) & np.isfinite(self.unit_cost), "unit costs are above zero")
        require((self.weight >= 0) & np.isfinite(self.weight), "weights are zero or more")
        require(np.isfinite(self.budget) and self.budget >= 0, "a budget is zero or more")
        require(self.units_max >= 0, "the most units of a part are zero or more")
        require(self.demand.mean.sum() <= _DEMAND_MAX, f"the demand of all parts is at most {_DEMAND_MAX:,} units")

    def gains(self) -> Float64Array2D:
        """Return what the first, second, … unit of each part gains, w P(D ≥ x), ``(n_units, n_parts)``; falling."""
        below = np.minimum(self.demand.table().at_most(), 1.0)
        # Beyond the table a unit gains nothing, and the purse pays for no more than so many of the cheapest.
        height = min(self.units_max, below.shape[0], int(self.budget * (1 + _SLACK) / self.unit_cost.min()))
        gains: Float64Array2D = self.weight * (1 - below[:height])  # P(D ≥ x) = P(D > x − 1)
        return gains


def greedy_allocation(terms: PurseTerms) -> Allocation:
    """Return what the marginal rule buys: always the unit with the most gain per money that the purse still pays."""
    gains = terms.gains()
    units, left, gain = np.zeros(terms.weight.size, dtype=np.int64), terms.budget * (1 + _SLACK), 0.0
    while True:
        following = np.minimum(units, max(gains.shape[0] - 1, 0))
        open_parts = (units < gains.shape[0]) & (terms.unit_cost <= left)
        if not open_parts.any():
            return Allocation(units, gain)
        worth = np.where(open_parts, gains[following, np.arange(units.size)] / terms.unit_cost, -1.0)
        part = int(worth.argmax())
        gain += float(gains[units[part], part])
        left -= float(terms.unit_cost[part])
        units[part] += 1


def best_allocation(terms: PurseTerms) -> Allocation:
    """Return the units that prevent the most weighted backorders within the budget, exactly."""
    gains, plain = terms.gains(), greedy_allocation(terms)
    count = terms.weight.size
    # Dear parts first: they leave few choices, and the cheap ones that follow make the bound sharp.
    order = np.argsort(-terms.unit_cost, kind="stable")
    limit = terms.budget * (1 + _SLACK)
    spent, gained = np.zeros(1), np.zeros(1)
    steps: list[tuple[Int64Array1D, Int64Array1D]] = []
    for place, part in enumerate(order.tolist()):
        summed = np.concatenate([[0.0], np.cumsum(gains[:, part])])
        money = spent[:, None] + terms.unit_cost[part] * np.arange(summed.size)
        value = gained[:, None] + summed
        reach = value + _fractional(terms, gains, order[place + 1 :], limit - money)
        state, bought = np.nonzero((money <= limit) & (reach >= plain.gain * (1 - 1e-12)))
        kept = _undominated(money[state, bought], value[state, bought])
        state, bought = state[kept], bought[kept]
        spent, gained = money[state, bought], value[state, bought]
        steps.append((state, bought))
    units = np.zeros(count, dtype=np.int64)
    last = int(gained.argmax())
    gain = float(gained[last])
    for part, (state, bought) in zip(order[::-1].tolist(), steps[::-1], strict=True):
        units[part], last = bought[last], int(state[last])
    return Allocation(units, gain)


def _undominated(money: Float64Array1D, value: Float64Array1D) -> Int64Array1D:
    """Return the states that no other beats: sorted by money, each gains more than all before."""
    order = np.lexsort((-value, money))
    best = np.maximum.accumulate(value[order])
    first = np.concatenate([[True], best[1:] > best[:-1]])
    undominated: Int64Array1D = order[first]
    return undominated


def _fractional(terms: PurseTerms, gains: Float64Array2D, parts: Int64Array1D, money: Float64Array2D) -> Float64Array2D:
    """Return the most that parts could gain for some money were units divisible: never less than whole units do."""
    gain = gains[:, parts].ravel()
    cost = np.broadcast_to(terms.unit_cost[parts], (gains.shape[0], parts.size)).ravel()
    order = np.argsort(-gain / cost, kind="stable")
    bound: Float64Array2D = np.interp(
        money, np.concatenate([[0.0], np.cumsum(cost[order])]), np.concatenate([[0.0], np.cumsum(gain[order])])
    )
    return bound
