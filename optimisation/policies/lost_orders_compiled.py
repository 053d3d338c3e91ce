"""The search of `lost_orders`, item by item, compiled; its plain twin is in the tests.

Laws of the periods to come lie one after another in one array, period by period and within a period item by item.
"""

from __future__ import annotations

import numpy as np

from demand.compiled import compiled
from demand.history import Float64Array1D, Int64Array1D, Int64Array2D

_NOTHING = 1e-12


@compiled
def _over_a_period(shelf: Float64Array1D, demand: Float64Array1D, arriving: int) -> Float64Array1D:
    """Return the law of max(X − D, 0) + arriving."""
    after = np.zeros(shelf.size + arriving)
    for stock in range(shelf.size):
        if shelf[stock] > _NOTHING:
            for asked in range(demand.size):
                after[max(stock - asked, 0) + arriving] += shelf[stock] * demand[asked]
    return after


@compiled
def summed(first: Float64Array1D, second: Float64Array1D) -> Float64Array1D:
    """Return the law of the sum of two."""
    both = np.zeros(first.size + second.size - 1)
    for one in range(first.size):
        if first[one] > _NOTHING:
            for other in range(second.size):
                both[one + other] += first[one] * second[other]
    return both


@compiled
def _missing_unit(demand: Float64Array1D, review: int, cycles: int, holding: float, shortage: float) -> float:
    """Return what a unit less costs over the next cycles after the shelf ran empty, zero or more: a − b."""
    mean = 0.0
    for units in range(demand.size):
        mean += units * demand[units]
    whole = int(mean)
    part = mean - whole
    shelf = np.zeros(1)
    shelf[0] = 1.0
    cost = 0.0
    for _ in range(cycles):
        stocked = np.zeros(shelf.size + whole + 1)
        for stock in range(shelf.size):
            stocked[stock + whole] += (1 - part) * shelf[stock]
            stocked[stock + whole + 1] += part * shelf[stock]
        shelf = np.zeros(stocked.size)
        for stock in range(stocked.size):
            for asked in range(demand.size):
                chance = stocked[stock] * demand[asked]
                if asked > stock:
                    cost += shortage * chance
                else:
                    cost -= holding * review * chance
                    shelf[stock - asked] += chance
    return max(cost, 0.0)


@compiled
def _worth(
    shelf: Float64Array1D, more: int, filled: Float64Array1D, kept: Float64Array1D, saved: float, holding: float
) -> float:
    """Return what one unit beside `more` is worth at its arrival.

    `filled` and `kept`: P(C_R ≤ s) and Σ_j P(C_j ≤ s) of each stock s; beyond their ends the last holds.
    """
    worth = 0.0
    for stock in range(shelf.size):
        if shelf[stock] > 0:
            at = min(max(stock + more, 0), filled.size - 1)
            worth += shelf[stock] * (saved * (1 - filled[at]) - holding * kept[at])
    return worth


@compiled
def signed_orders(
    on_hand: Int64Array1D,
    due: Int64Array2D,
    probability: Float64Array1D,
    begins: Int64Array2D,
    review: int,
    holding: Float64Array1D,
    shortage: Float64Array1D,
    found: Int64Array1D,
) -> None:
    """Write what to order of each item into `found`; below zero where there is too much already.

    Parameters
    ----------
    on_hand, holding, shortage
        See `lost_orders.LostSales`, ``(n_items,)``.
    due
        Arriving before each period's demand, ``(n_items, L + 1)``, the last with the order itself.
    probability, begins
        Law of item i in period h is ``probability[begins[h, i]:begins[h, i + 1]]``; ``(L + R, n_items + 1)``.
    review
        R.
    """
    lead = begins.shape[0] - review
    for item in range(on_hand.size):
        stock = on_hand[item] + due[item, 0]
        shelf = np.zeros(stock + 1)
        shelf[stock] = 1.0
        for period in range(lead):
            demand = probability[begins[period, item] : begins[period, item + 1]]
            shelf = _over_a_period(shelf, demand, due[item, period + 1])
        total = np.ones(1)
        reach = 1
        for period in range(lead, lead + review):
            reach += begins[period, item + 1] - begins[period, item] - 1
        filled, kept = np.zeros(reach), np.zeros(reach)
        for period in range(lead, lead + review):
            total = summed(total, probability[begins[period, item] : begins[period, item + 1]])
            below = 0.0
            for units in range(reach):
                below += total[units] if units < total.size else 0.0
                filled[units] = min(below, 1.0)
                kept[units] += filled[units]
        saved = shortage[item] - _missing_unit(total, review, lead // review, holding[item], shortage[item])
        more = 0
        if _worth(shelf, 0, filled, kept, saved, holding[item]) > 0:
            more = 1
            while more < reach and _worth(shelf, more, filled, kept, saved, holding[item]) > 0:
                more += 1
        else:
            while more > -shelf.size and _worth(shelf, more - 1, filled, kept, saved, holding[item]) <= 0:
                more -= 1
        found[item] = more
