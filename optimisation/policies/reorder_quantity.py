"""(r, Q) under continuous review, exactly: order Q whenever the inventory position falls to r.

Demand comes unit by unit, so the position is equally often at r + 1, …, r + Q (Galliher, Morse & Simond 1959); with D
the demand of a lead time, λ demand per unit of time, K the cost of an order and G as in `level_costs`

    C(r, Q) = (K λ + Σ_{y=r+1..r+Q} G(y)) / Q.

Best for a given Q are the Q positions of least G, which lie side by side since G is convex; adding the next cheapest
while it is below the average so far gives the optimum (Federgruen & Zheng 1992, Operations Research 40(4)). All items
take each step together. Units: whole demand units; costs in any one currency per unit of time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from demand.history import Float64Array1D, Int64Array1D
from optimisation.policies.columns import column, require
from optimisation.policies.laws import CountLaw, WholeLaw, chunks
from optimisation.policies.level_costs import LevelCosts, Shortage, ShortageWindow

_LOT_MAX = 100_000
"""The largest lot looked for, unit by unit; beyond it the normal law tells as much (`reorder_quantity_normal`)."""


@dataclass(frozen=True)
class ReorderQuantity:
    """(r, Q) policies and what they cost.

    Parameters
    ----------
    reorder_point, quantity
        r and Q, demand units, ``(n_items,)``.
    cost
        C(r, Q) per unit of time, ``(n_items,)``.
    """

    reorder_point: Int64Array1D
    quantity: Int64Array1D
    cost: Float64Array1D


@dataclass(frozen=True)
class ReorderService:
    """What (r, Q) policies achieve under Poisson demand, ``(n_items,)`` each.

    Parameters
    ----------
    fill_rate
        Share of units filled at once: P(something on hand), for Poisson calls see time averages (Wolff 1982).
    backorders, on_hand
        Expected units waited for, and on the shelf.
    wait
        Expected time a unit is waited for, over all units (Little's law).
    """

    fill_rate: Float64Array1D
    backorders: Float64Array1D
    on_hand: Float64Array1D
    wait: Float64Array1D


def best_reorder_quantity(
    lead_demand: WholeLaw, rate: ArrayLike, holding: ArrayLike, stockout: ArrayLike, fixed: ArrayLike
) -> ReorderQuantity:
    """Return the (r, Q) of least cost per unit of time of each item.

    Parameters
    ----------
    lead_demand
        Law of the demand of a lead time, ``n_items``.
    rate
        λ: demand per unit of time, above zero.
    holding, stockout
        h and p per unit and unit of time, above zero.
    fixed
        K per order, zero or more.

    Raises
    ------
    ValueError
        If a rate or cost rate is not above zero, or a fixed cost is below zero.
    """
    count = lead_demand.item_count
    demand, h, p, k = (column(values, count) for values in (rate, holding, stockout, fixed))
    _check(demand, h, p, k)
    reorder, quantity, cost = np.zeros(count, np.int64), np.ones(count, np.int64), np.zeros(count)
    lot = np.sqrt(2 * k * demand * (h + p) / (h * p))
    require(lot <= _LOT_MAX, f"the costs lead to orders of at most {_LOT_MAX:,} units")
    for items in chunks(lot + lead_demand.widths()):
        costs = LevelCosts.of(lead_demand.take(items).table(), h[items], p[items])
        found = _widest_worth_it(costs, k[items] * demand[items])
        reorder[items], quantity[items], cost[items] = found.reorder_point, found.quantity, found.cost
    return ReorderQuantity(reorder, quantity, cost)


def reorder_quantity_cost(
    lead_demand: WholeLaw,
    rate: ArrayLike,
    holding: ArrayLike,
    stockout: ArrayLike,
    fixed: ArrayLike,
    reorder_point: Int64Array1D,
    quantity: Int64Array1D,
) -> Float64Array1D:
    """Return C(r, Q) of given policies per unit of time, ``(n_items,)``.

    Raises
    ------
    ValueError
        As `best_reorder_quantity`, and if a quantity is below one.
    """
    count = lead_demand.item_count
    demand, h, p, k = (column(values, count) for values in (rate, holding, stockout, fixed))
    _check(demand, h, p, k)
    require(quantity >= 1, "an order quantity is one or more")
    cost = np.zeros(count)
    for items in chunks(lead_demand.widths()):
        table, first, lot = lead_demand.take(items).table(), reorder_point[items], quantity[items]
        short = ShortageWindow.of(table).mean(first, lot)
        stood = h[items] * (first + (lot + 1) / 2 - table.mean) + (h[items] + p[items]) * short
        cost[items] = k[items] * demand[items] / lot + stood
    return cost


def reorder_service(
    rate: ArrayLike, lead_time: ArrayLike, reorder_point: Int64Array1D, quantity: Int64Array1D
) -> ReorderService:
    """Return what given (r, Q) policies achieve when demand is Poisson.

    Raises
    ------
    ValueError
        If a rate is not above zero, a lead time below zero, or a quantity below one.
    """
    demand = np.atleast_1d(np.asarray(rate, dtype=np.float64))
    lead = column(lead_time, demand.size)
    require((demand > 0) & np.isfinite(demand), "demand per unit of time is above zero")
    require((lead >= 0) & np.isfinite(lead), "a lead time is zero or more")
    require(quantity >= 1, "an order quantity is one or more")
    law = CountLaw.poisson(demand * lead)
    fill, backorders = np.zeros(demand.size), np.zeros(demand.size)
    for items in chunks(law.widths()):
        window = ShortageWindow.of(law.take(items).table())
        first, lot = reorder_point[items], quantity[items]
        # P(D < y) summed over the positions telescopes to a difference of two shortages.
        fill[items] = 1 - (window.short.at(first) - window.short.at(first + lot)) / lot
        backorders[items] = window.mean(first, lot)
    on_hand = reorder_point + (quantity + 1) / 2 - law.mean + backorders
    return ReorderService(np.clip(fill, 0.0, 1.0), backorders, on_hand, backorders / demand)


def least_reorder_for_fill(
    rate: ArrayLike, lead_time: ArrayLike, quantity: Int64Array1D, fill: ArrayLike
) -> tuple[Int64Array1D, Float64Array1D]:
    """Return the least r that fills the asked share of units under Poisson demand, and what it fills.

    Parameters
    ----------
    rate, lead_time
        λ above zero and L, zero or more.
    quantity
        Q, one or more, ``(n_items,)``.
    fill
        Asked share, above zero and below one.

    Raises
    ------
    ValueError
        If an input is outside its range.
    """
    demand = np.atleast_1d(np.asarray(rate, dtype=np.float64))
    lead, share = column(lead_time, demand.size), column(fill, demand.size)
    require((demand > 0) & (lead >= 0) & np.isfinite(demand * lead), "demand is above zero, a lead time zero or more")
    require((share > 0) & (share < 1), "a fill rate lies between zero and one, both excluded")
    require(quantity >= 1, "an order quantity is one or more")
    law = CountLaw.poisson(demand * lead)
    reorder, reached = np.zeros(demand.size, np.int64), np.zeros(demand.size)
    for items in chunks(law.widths()):
        short, q = Shortage.of(law.take(items).table()), quantity[items]
        low, high = -q - 1, np.full(items.size, short.last)
        while (high - low > 1).any():
            middle = (low + high) // 2
            enough = 1 - (short.at(middle) - short.at(middle + q)) / q >= share[items]
            low, high = np.where(enough, low, middle), np.where(enough, middle, high)
        reorder[items], reached[items] = high, 1 - (short.at(high) - short.at(high + q)) / q
    return reorder, reached


def _check(demand: Float64Array1D, h: Float64Array1D, p: Float64Array1D, fixed: Float64Array1D) -> None:
    require((demand > 0) & np.isfinite(demand), "demand per unit of time is above zero")
    require((h > 0) & (p > 0) & np.isfinite(h) & np.isfinite(p), "holding and stockout costs are above zero")
    require((fixed >= 0) & np.isfinite(fixed), "the fixed cost of an order is zero or more")


def _widest_worth_it(costs: LevelCosts, ordering: Float64Array1D) -> ReorderQuantity:
    """Widen each item's band of positions from y* outwards while the next position costs less than the average."""
    below, above = costs.best - 1, costs.best + 1
    item = np.arange(ordering.size)
    total = ordering + costs.at(costs.best, item)
    average = total.copy()
    cost_below, cost_above = costs.at(below, item), costs.at(above, item)
    low, high = below.copy(), above.copy()
    while True:
        downward = cost_below <= cost_above
        following = np.where(downward, cost_below, cost_above)
        going = following < average[item]
        if not going.all():
            item, downward, following = item[going], downward[going], following[going]
            cost_below, cost_above, low, high = cost_below[going], cost_above[going], low[going], high[going]
        if not item.size:
            return ReorderQuantity(below, above - below - 1, average)
        total[item] += following
        low, high = low - downward, high + ~downward
        below[item], above[item] = low, high
        average[item] = total[item] / (high - low - 1)
        moved = costs.at(np.where(downward, low, high), item)
        cost_below, cost_above = np.where(downward, moved, cost_below), np.where(downward, cost_above, moved)
