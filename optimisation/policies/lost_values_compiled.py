"""The orders of least cost of small shelves whose unmet demand is lost, compiled; a plain twin is in the tests.

A state is the stock before a period's demand and what arrives before the next one's; with a lead time of one period
nothing but the stock. Stock beyond the level at which nothing is ever ordered counts as that level. The last law is
taken to go on, and what each state costs beside an empty one follows by value iteration (White 1963, J. Mathematical
Analysis and Applications 6(3)); the periods before it are put in front, one by one.
"""

from __future__ import annotations

import numpy as np

from demand.compiled import compiled
from demand.history import Float64Array1D, Float64Array2D, Int64Array1D, Int64Array2D
from optimisation.policies.lost_orders_compiled import summed

MOST_WORK = 60_000
"""Products of a sweep beyond which a shelf is not small: of four units a period or so, with a lead time of two."""
_ENOUGH, _MOST_SWEEPS = 1e-3, 500
"""Share of a period's cost to which that cost is found; sweeps after which what stands is taken."""
_SAME = 1e-9
"""Difference of two costs that is none: the smaller order is taken."""


@compiled
def _least_with(law: Float64Array1D, chance: float) -> int:
    """Return the fewest units that are enough so often."""
    below = 0.0
    for units in range(law.size):
        below += law[units]
        if below >= chance:
            return units
    return law.size - 1


@compiled
def _expected(
    stock: int, coming: int, demand: Float64Array1D, value: Float64Array2D, prices: tuple[float, float]
) -> Float64Array1D:
    """Return cost of a period and value after it, for each column of `value`: each order placed in it."""
    holding, shortage = prices
    highest = value.shape[0] - 1
    found = np.zeros(value.shape[1])
    cost, sold_out = 0.0, 1.0
    for asked in range(demand.size):
        if asked < stock:
            left = min(stock - asked + coming, highest)
            cost += demand[asked] * holding * (stock - asked)
            sold_out -= demand[asked]
            for order in range(found.size):
                found[order] += demand[asked] * value[left, order]
        else:
            cost += demand[asked] * shortage * (asked - stock)
    for order in range(found.size):
        found[order] += cost + max(sold_out, 0.0) * value[min(coming, highest), order]
    return found


@compiled
def _swept(
    value: Float64Array2D, demand: Float64Array1D, most: int, lead: int, prices: tuple[float, float]
) -> Float64Array2D:
    """Return the values one period earlier, where the order is placed before demand is known."""
    earlier = np.empty_like(value)
    for stock in range(value.shape[0]):
        for coming in range(value.shape[1]):
            if lead == 2:
                earlier[stock, coming] = _expected(stock, coming, demand, value, prices).min()
            else:
                earlier[stock, coming] = np.inf
                for order in range(most + 1):
                    cost = _expected(stock, order, demand, value, prices)[0]
                    earlier[stock, coming] = min(earlier[stock, coming], cost)
    return earlier


@compiled
def _lasting(
    demand: Float64Array1D, states: tuple[int, int], most: int, lead: int, prices: tuple[float, float]
) -> Float64Array2D:
    """Return what each state costs beside an empty one, if demand goes on like this."""
    value = np.zeros(states)
    for _ in range(_MOST_SWEEPS):
        earlier = _swept(value, demand, most, lead, prices)
        change = earlier - value
        low, high = change.min(), change.max()
        value = earlier - earlier[0, 0]
        if high - low <= _ENOUGH * high:
            break
    return value


@compiled
def least_cost_orders(
    on_hand: Int64Array1D,
    due: Int64Array2D,
    probability: Float64Array1D,
    begins: Int64Array2D,
    holding: Float64Array1D,
    shortage: Float64Array1D,
    found: Int64Array1D,
) -> None:
    """Write the order of least cost of each item whose shelf is small; the others, and what is too much, stay.

    Arguments as for `lost_orders_compiled.signed_orders`, reviewed every period, with a lead time of one or two.
    """
    lead = begins.shape[0] - 1
    for item in range(on_hand.size):
        last = probability[begins[lead, item] : begins[lead, item + 1]]
        prices = holding[item], shortage[item]
        enough = shortage[item] / (shortage[item] + holding[item])
        # Neither is ever exceeded by the order of least cost (Zipkin 2008, bounds by newsvendor and base stock).
        most = _least_with(last, enough)
        beside = most + 1 if lead == 2 else 1
        already = due[item, lead]
        products = (most + 1) ** lead * last.size
        if (most + 1) * products > MOST_WORK or already > most:
            continue
        total = last
        for _ in range(lead):
            total = summed(total, last)
        level = _least_with(total, enough)
        if (level + 1) * products > MOST_WORK:
            continue
        value = _lasting(last, (level + 1, beside), most, lead, prices)
        if lead == 2:
            value = _swept(value, probability[begins[1, item] : begins[1, item + 1]], most, lead, prices)
        demand = probability[begins[0, item] : begins[0, item + 1]]
        stock = on_hand[item] + due[item, 0]
        of_orders = _expected(stock, due[item, 1], demand, value, prices)
        best, wanted = np.inf, 0
        for order in range(already, most + 1):
            cost = of_orders[order] if lead == 2 else _expected(stock, order, demand, value, prices)[0]
            if cost < best - _SAME:
                best, wanted = cost, order - already
        found[item] = wanted if wanted > 0 else min(found[item], 0)
