"""`Prices`: what money in each purse is worth, and what that proves: no choice of packs is worth more than L(λ).

At prices λ of the purses' money an order is worth at most

    φ_o(λ) = max { Σ_{cells c of o} G_c(s_c) − λ_c s_c : Σ s_c ≥ minimum_o } − fee_o
           = min_{μ ≥ 0} Σ_c h_c(λ_c − μ) − μ · minimum_o − fee_o,     h_c(t) = Σ_{steps of c} max(0, gain − t · money),

where μ is what the order pays for the money that brings it to its minimum. What all orders together can be worth is
then bounded by the Lagrangian dual (Everett 1963; Geoffrion 1974)

    L(λ) = Σ_p λ_p purse_p + Σ_{o open} φ_o(λ) + Σ_{o free} max(0, φ_o(λ))        for every λ ≥ 0,

where an open order is taken as placed and a free one is placed where that pays. The prices that make L least are
found by halving brackets, all purses at once: a purse overspent at a price needs a higher one. With one limited purse
that is exact; with several it need not be, and is a bound all the same, because every λ and every μ bounds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from demand.compiled import compiled
from demand.history import Float64Array1D, Int64Array1D
from optimisation.purse.cells import Cells
from optimisation.purse.curves import UNLIMITED_E4, PackCurves, PurseTerms

CLOSED, OPEN, FREE = 0, 1, 2
"""Whether an order is out, in, or in where that pays."""

_HALVINGS = 70
_PULL_HALVINGS = 40
_STEPS = 150
_CEILING = 1000.0
"""Times the best gain per money of a purse: dear enough to show that minimums cannot all be met."""


@dataclass(frozen=True)
class Prices:
    """Prices of money, and what they prove of the orders in a given state.

    Parameters
    ----------
    bound_e4
        L(λ): no choice of packs is worth more; minus infinity where an open order cannot reach its minimum.
    price
        λ: worth per money in each purse, ``(n_purses,)``.
    net_e4, pull
        φ_o and μ_o of each order at λ, ``(n_orders,)``.
    placed, placed_cheaper
        Orders worth placing at the upper and at the lower end of the last bracket, ``(n_orders,)``.
    """

    bound_e4: float
    price: Float64Array1D
    net_e4: Float64Array1D
    pull: Float64Array1D
    placed: NDArray[np.bool_]
    placed_cheaper: NDArray[np.bool_]


def best_prices(cells: Cells, terms: PurseTerms, state: Int64Array1D) -> Prices:
    """Return the prices of money that prove most of the orders in this state.

    Parameters
    ----------
    cells, terms
        What can be bought, and on which terms.
    state
        `CLOSED`, `OPEN` or `FREE` for each order, ``(n_orders,)``.
    """
    dearest = np.zeros(terms.purse_e4.size)
    np.maximum.at(dearest, cells.purse, cells.rate[cells.start[:-1]])
    ceiling = np.where(terms.purse_e4 >= UNLIMITED_E4, 0.0, np.maximum(dearest, 0.0) * _CEILING)
    problem = _Problem(
        cells.cells_of_order,
        cells.start,
        cells.purse,
        cells.rate,
        cells.money_to_e4,
        cells.gain_to_e4,
        cells.free_gain_e4,
        terms.minimum_e4,
        terms.fee_e4,
        terms.purse_e4,
    )
    found, lower, upper = (_Point.empty(state.size, cells.purse.size, ceiling.size) for _ in range(3))
    bound = _search(problem, state, ceiling, found, lower, upper)
    return Prices(bound, found.price, found.net, found.pull, upper.placed, lower.placed)


def bound_from_points(
    curves: PackCurves, terms: PurseTerms, state: Int64Array1D, price: Float64Array1D, pull: Float64Array1D
) -> float:
    """Return L(λ) worked out from the lines' own points, whole packs and whole money, with the given λ and μ.

    This is the proof that is printed: it asks neither the steps, nor how λ and μ were found, nor a solver.
    """
    line = curves.line_of_point
    rate = price[curves.purse] - pull[curves.order]
    left = np.where(curves.allowed, curves.worth_e4 - rate[line] * curves.money_e4, -np.inf)
    best, most = np.zeros(0), np.zeros(0)
    if curves.order.size:
        best = np.maximum.reduceat(left, curves.boundaries[:-1])
        most = np.maximum.reduceat(np.where(curves.allowed, curves.money_e4, 0), curves.boundaries[:-1])
    net = np.bincount(curves.order, best, state.size) - pull * terms.minimum_e4 - terms.fee_e4
    net[np.bincount(curves.order, most, state.size) < terms.minimum_e4] = -np.inf  # all it has is below its minimum
    counted = np.where(state == OPEN, net, np.where(state == FREE, np.maximum(net, 0.0), 0.0))
    limited = price > 0
    return float((price[limited] * terms.purse_e4[limited]).sum() + counted.sum())


class _Problem(NamedTuple):
    """Columns of `Cells` and `PurseTerms`, as the compiled loops take them."""

    cells_of_order: Int64Array1D
    start: Int64Array1D
    purse: Int64Array1D
    rate: Float64Array1D
    money_to: Int64Array1D
    gain_to: Float64Array1D
    free_gain: Float64Array1D
    minimum: Int64Array1D
    fee: Int64Array1D
    money: Int64Array1D


class _Point(NamedTuple):
    """A price of each purse, and what follows from it: per order, per cell, per purse."""

    price: Float64Array1D
    net: Float64Array1D
    pull: Float64Array1D
    placed: NDArray[np.bool_]
    spent: Int64Array1D
    used: Float64Array1D

    @classmethod
    def empty(cls, orders: int, cells: int, purses: int) -> _Point:
        by_order = (np.zeros(orders), np.zeros(orders), np.zeros(orders, dtype=np.bool_))
        return cls(np.zeros(purses), *by_order, np.zeros(cells, dtype=np.int64), np.zeros(purses))


@compiled
def _taken(rate: Float64Array1D, first: int, last: int, threshold: float) -> int:
    """Count the steps from `first` on that gain at least `threshold` per money."""
    low, high = first, last
    while low < high:
        middle = (low + high) // 2
        if rate[middle] >= threshold:
            low = middle + 1
        else:
            high = middle
    return low - first


@compiled
def _order_at(problem: _Problem, order: int, pull: float, point: _Point) -> tuple[float, int]:
    """Return what the order is worth over its money at this pull, and what it spends; `spent` holds it by cell."""
    worth, money = -pull * problem.minimum[order], 0
    for cell in range(problem.cells_of_order[order], problem.cells_of_order[order + 1]):
        threshold = point.price[problem.purse[cell]] - pull
        taken = _taken(problem.rate, problem.start[cell], problem.start[cell + 1], threshold)
        at = problem.start[cell] + cell + taken
        worth += problem.gain_to[at] - threshold * problem.money_to[at]
        money += problem.money_to[at]
        point.spent[cell] = problem.money_to[at]
    return worth, money


@compiled
def _pull(problem: _Problem, order: int, point: _Point) -> float:
    """Return the least pull at which an order that can reach its minimum does reach it."""
    begin, end = problem.cells_of_order[order], problem.cells_of_order[order + 1]
    if end - begin == 1:  # one purse pays for all of it: the step that reaches the minimum is looked up
        first = problem.start[begin] + begin
        last = problem.start[end] + begin
        step = np.searchsorted(problem.money_to[first : last + 1], problem.minimum[order]) - 1
        return max(float(point.price[problem.purse[begin]] - problem.rate[problem.start[begin] + step]), 0.0)
    low, high = 0.0, 0.0
    for cell in range(begin, end):
        high = max(high, point.price[problem.purse[cell]] - problem.rate[problem.start[cell + 1] - 1])
    high *= 1 + 1e-12
    for _ in range(_PULL_HALVINGS):
        middle = 0.5 * (low + high)
        if _order_at(problem, order, middle, point)[1] >= problem.minimum[order]:
            high = middle
        else:
            low = middle
    return high


@compiled
def _priced(problem: _Problem, state: Int64Array1D, point: _Point) -> float:
    """Return L at the point's prices, and fill in what each order and each purse does at them."""
    bound = 0.0
    point.used[:] = 0.0
    for purse in range(point.price.size):
        if point.price[purse] > 0:
            bound += point.price[purse] * problem.money[purse]
    for order in range(state.size):
        point.net[order], point.pull[order], point.placed[order] = 0.0, 0.0, False
        if state[order] == CLOSED:
            continue
        begin, end, most = problem.cells_of_order[order], problem.cells_of_order[order + 1], 0
        for cell in range(begin, end):
            most += problem.money_to[problem.start[cell + 1] + cell]
        share = 1.0
        if most < problem.minimum[order]:
            point.net[order] = -np.inf
        else:
            worth, money = _order_at(problem, order, 0.0, point)
            if money < problem.minimum[order]:
                point.pull[order] = _pull(problem, order, point)
                worth, money = _order_at(problem, order, point.pull[order], point)
                share = problem.minimum[order] / max(money, 1)
            point.net[order] = worth + problem.free_gain[order] - problem.fee[order]
        if state[order] == OPEN or point.net[order] >= 0:
            point.placed[order] = True
            bound += point.net[order]
            for cell in range(begin, end):
                point.used[problem.purse[cell]] += point.spent[cell] * share
    return bound


@compiled
def _search(
    problem: _Problem, state: Int64Array1D, ceiling: Float64Array1D, found: _Point, lower: _Point, upper: _Point
) -> float:
    """Halve the brackets of all prices; leave the best prices and both ends of the last brackets in the points."""
    best = _priced(problem, state, found)
    lower.placed[:], upper.placed[:] = found.placed, found.placed
    if (found.used <= problem.money).all() or not np.isfinite(best):
        return best
    low, high, cheapest = np.zeros(ceiling.size), ceiling.copy(), np.zeros(ceiling.size)
    for _ in range(_HALVINGS):
        found.price[:] = 0.5 * (low + high)
        bound = _priced(problem, state, found)
        if bound < best:
            best = bound
            cheapest[:] = found.price
        for purse in range(ceiling.size):
            if found.used[purse] > problem.money[purse]:
                low[purse] = found.price[purse]
            else:
                high[purse] = found.price[purse]
    if (ceiling > 0).sum() > 1:  # brackets that move together may pass by the best prices; small steps go on from here
        found.price[:] = cheapest
        for step in range(_STEPS):
            bound = _priced(problem, state, found)
            if bound < best:
                best = bound
                cheapest[:] = found.price
            for purse in range(ceiling.size):
                if ceiling[purse] > 0:
                    over = found.used[purse] / max(problem.money[purse], 1) - 1
                    change = min(max(over, -1.0), 1.0) / (2.0 + 0.2 * step)
                    found.price[purse] = max(found.price[purse], 1e-6 * ceiling[purse] / _CEILING) * np.exp(change)
        low[:], high[:] = cheapest * (1 - 1e-6), cheapest * (1 + 1e-6)
    lower.price[:], upper.price[:], found.price[:] = low, high, cheapest
    _priced(problem, state, lower)
    _priced(problem, state, upper)
    return _priced(problem, state, found)
