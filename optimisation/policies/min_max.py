"""(s, S) under periodic review, exactly: order up to S whenever the inventory position is at or below s.

Each period the position is looked at; at or below s an order of S − position is placed, at fixed cost K; it arrives L
periods later, unmet demand waits, and holding and shortage are charged at the period's end. So a position y costs
G(y) (`level_costs`), with D the demand of L + 1 periods. From S the position falls by the demand of each period until
it is at or below s; with m the renewal density of the demand of one period, m(j) the expected number of periods spent
at S − j, the cost per period is (Zheng & Federgruen 1991, Operations Research 39(4), eq. 2–4; Veinott & Wagner 1965)

    c(s, S) = (K + Σ_{j<S−s} m(j) G(S − j)) / Σ_{j<S−s} m(j),    m(j) = Σ_{l≤j} P(l) m(j − l), P(0) included.

The search is theirs: from y* go down with s until c ≤ G(s), then up with S while G(S) ≤ c, raising s where S became
better. It ends at the optimum whatever the law. Here all items take each step together, an item leaves when it is done.

Units: levels in whole demand units, costs in any one currency per period, lead time in periods.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from demand.history import Float64Array1D, Float64Array2D, Int64Array1D
from optimisation.policies.columns import column, require
from optimisation.policies.laws import LawTable, WholeLaw, chunks
from optimisation.policies.level_costs import LevelCosts, Shortage

_REACH_MAX = 20_000
"""The widest distance from s to S looked for or evaluated, unit by unit."""


@dataclass(frozen=True)
class MinMax:
    """(s, S) policies and what they cost.

    Parameters
    ----------
    reorder_point, order_up_to
        s and S, demand units, ``(n_items,)``.
    cost
        c(s, S) per period, ordering included, ``(n_items,)``.
    """

    reorder_point: Int64Array1D
    order_up_to: Int64Array1D
    cost: Float64Array1D


@dataclass(frozen=True)
class MinMaxService:
    """What (s, S) policies achieve, ``(n_items,)`` each.

    Parameters
    ----------
    unit_fill
        Share of units filled at once.
    cycle_service
        Probability that a period ends without a backorder.
    orders_per_period
        Probability that an order is placed in a period.
    """

    unit_fill: Float64Array1D
    cycle_service: Float64Array1D
    orders_per_period: Float64Array1D


def best_min_max(
    period: WholeLaw, lead_time: ArrayLike, holding: ArrayLike, stockout: ArrayLike, fixed: ArrayLike
) -> MinMax:
    """Return the (s, S) of least cost per period of each item.

    Parameters
    ----------
    period
        Law of the demand of one period, ``n_items``.
    lead_time
        L in periods, zero or more; whole where the law is given by its probabilities.
    holding, stockout
        h and p per unit and period, above zero.
    fixed
        K per order, zero or more.

    Raises
    ------
    ValueError
        If a cost rate is not above zero, a fixed cost or lead time below zero, or an item never has demand.
    """
    count = period.item_count
    lead, h, p, k = (column(values, count) for values in (lead_time, holding, stockout, fixed))
    _check(period, lead, h, p, k)
    reorder, upto, cost = np.zeros(count, np.int64), np.zeros(count, np.int64), np.zeros(count)
    # About how far a search goes: the lot of the economic order quantity, and the spread of demand.
    mean = period.mean
    reach = 4 + np.sqrt(2 * k * mean * (h + p) / (h * p)) + 2 * np.sqrt(mean * (lead + 1))
    require(reach <= _REACH_MAX, f"the costs lead to orders of at most {_REACH_MAX:,} units")
    for items in chunks(reach + period.widths()):
        part = period.take(items)
        costs = LevelCosts.of(part.over(lead[items] + 1).table(), h[items], p[items])
        found = _Search(part.table(), costs, k[items])
        reorder[items], upto[items], cost[items] = found.reorder, found.upto, found.cost
    return MinMax(reorder, upto, cost)


def min_max_cost(
    period: WholeLaw,
    lead_time: ArrayLike,
    holding: ArrayLike,
    stockout: ArrayLike,
    fixed: ArrayLike,
    reorder_point: Int64Array1D,
    order_up_to: Int64Array1D,
) -> Float64Array1D:
    """Return c(s, S) of given policies, per period, ``(n_items,)``.

    Raises
    ------
    ValueError
        As `best_min_max`, and if an S is not above its s.
    """
    count = period.item_count
    lead, h, p, k = (column(values, count) for values in (lead_time, holding, stockout, fixed))
    _check(period, lead, h, p, k)
    cost = np.zeros(count)
    for items, spent in _positions(period, reorder_point, order_up_to):
        part = period.take(items)
        costs = LevelCosts.of(part.over(lead[items] + 1).table(), h[items], p[items])
        each = np.arange(items.size)
        total = k[items].copy()
        for fallen in range(spent.shape[0]):
            total += spent[fallen] * costs.at(order_up_to[items] - fallen, each)
        cost[items] = total / spent.sum(axis=0)
    return cost


def min_max_service(
    period: WholeLaw, lead_time: ArrayLike, reorder_point: Int64Array1D, order_up_to: Int64Array1D
) -> MinMaxService:
    """Return what given (s, S) policies achieve.

    A unit asked for in a period is filled at once unless it adds to the shortage between the arrival of the order
    that the position y stands for and the period's end: 1 − E[(D_{L+1} − y)⁺ − (D_L − y)⁺]/E[D], y distributed as m.

    Raises
    ------
    ValueError
        If an S is not above its s, a lead time is below zero, or an item never has demand.
    """
    count = period.item_count
    lead = column(lead_time, count)
    ones = np.ones(count)
    _check(period, lead, ones, ones, ones)
    fill, cycle, orders = np.zeros(count), np.zeros(count), np.zeros(count)
    for items, spent in _positions(period, reorder_point, order_up_to):
        part = period.take(items)
        before, until = part.over(lead[items]).table(), part.over(lead[items] + 1).table()
        short_before, short_until = Shortage.of(before), Shortage.of(until)
        short, covered = np.zeros(items.size), np.zeros(items.size)
        for fallen in range(spent.shape[0]):
            level = order_up_to[items] - fallen
            short += spent[fallen] * (short_until.at(level) - short_before.at(level))
            # A unit less on the shelf is missed just when demand exceeds what is left.
            covered += spent[fallen] * (1 - short_until.at(level) + short_until.at(level + 1))
        periods = spent.sum(axis=0)
        fill[items] = np.clip(1 - short / periods / part.mean, 0.0, 1.0)
        cycle[items] = np.clip(covered / periods, 0.0, 1.0)
        orders[items] = 1 / periods
    return MinMaxService(fill, cycle, orders)


def _check(period: WholeLaw, lead: Float64Array1D, h: Float64Array1D, p: Float64Array1D, fixed: Float64Array1D) -> None:
    require((h > 0) & (p > 0) & np.isfinite(h) & np.isfinite(p), "holding and stockout costs are above zero")
    require((fixed >= 0) & np.isfinite(fixed), "the fixed cost of an order is zero or more")
    require((lead >= 0) & np.isfinite(lead), "a lead time is zero or more")
    require(period.mean > 0, "an item has some demand")


def _positions(
    period: WholeLaw, reorder_point: Int64Array1D, order_up_to: Int64Array1D
) -> list[tuple[Int64Array1D, Float64Array2D]]:
    """Return, group by group, m(j) for j < S − s and zero beyond, ``(n_steps, n_items_of_group)``."""
    distance = order_up_to - reorder_point
    require(distance >= 1, "S lies above s")
    require(distance <= _REACH_MAX, f"S lies at most {_REACH_MAX:,} units above s")
    found = []
    for items in chunks(distance + period.widths()):
        renewals = _Renewals(period.take(items).table())
        spent = np.array(renewals.rows(int(distance[items].max())))
        spent[np.arange(spent.shape[0])[:, None] >= distance[items]] = 0
        found.append((items, spent))
    return found


class _Renewals:
    """m(0), m(1), … of many items and their running sums, as many rows as were asked for so far."""

    def __init__(self, period: LawTable) -> None:
        stay = period.probability[0]
        self._leave = period.probability[1:] / (1 - stay)
        self._known = np.empty((2, 64, stay.size))
        self._known[:, 0] = 1 / (1 - stay)
        self._count = 1

    def rows(self, count: int) -> Float64Array2D:
        """Return m(j) for j < count, a view."""
        while self._count < count:
            now = self._count
            if now == self._known.shape[1]:
                self._known = np.concatenate([self._known, np.empty_like(self._known)], axis=1)
            spent, total = self._known
            reach = min(now, self._leave.shape[0])
            np.einsum("li,li->i", self._leave[:reach], spent[now - reach : now][::-1], out=spent[now])
            np.add(total[now - 1], spent[now], out=total[now])
            self._count += 1
        return self._known[0, :count]

    def total(self, distance: Int64Array1D, items: Int64Array1D) -> Float64Array1D:
        """Return Σ m(j) over j < distance of some items."""
        total: Float64Array1D = self._known[1, distance - 1, items]
        return total

    def keep(self, items: Int64Array1D) -> None:
        """Go on with some of the items only."""
        self._leave = self._leave[:, items]
        self._known = self._known[:, :, items]


class _Search:
    """The search of Zheng and Federgruen, all items in step.

    `reorder`, `upto` and `cost` have a cell for every item. `item` says which of them are still searching; the columns
    of the renewals and of `held` are theirs. Row u of `held` is G(y* − depth + 1 + u), zero at and below the item's s.
    """

    def __init__(self, period: LawTable, costs: LevelCosts, fixed: Float64Array1D) -> None:
        self._costs = costs
        self._fixed = fixed
        self._renewals = _Renewals(period)
        self.reorder, self.upto, self.cost = costs.best - 1, costs.best.copy(), np.zeros(fixed.size)
        self._item = np.arange(fixed.size)
        self._depth = self._down()
        self._held = np.zeros((2 * self._depth + 64, fixed.size))
        for row in range(self._depth):
            level = costs.best - self._depth + 1 + row
            self._held[row] = np.where(level > self.reorder, costs.at(level, self._item), 0.0)
        self._up()

    def _down(self) -> int:
        """Find the first s of each item, with S = y*; return how many levels were walked."""
        best, item = self._costs.best, self._item
        total = self._fixed.copy()
        step = 0
        while True:
            spent = self._renewals.rows(step + 1)[step]
            total[item] += spent[item] * self._costs.at(best[item] - step, item)
            self.cost[item] = total[item] / self._renewals.total(np.full(item.size, step + 1), item)
            self.reorder[item] = best[item] - 1 - step
            item = item[self.cost[item] > self._costs.at(self.reorder[item], item)]
            if not item.size:
                return step + 1
            step += 1

    def _up(self) -> None:
        """Raise S level by level while it may be better, and s with it."""
        step = 0
        while True:
            step += 1
            level = self._costs.best[self._item] + step
            here = self._costs.at(level, self._item)
            going = here <= self.cost[self._item]
            active = np.count_nonzero(going)
            if not active:
                return
            if 2 * active < going.size:
                kept = np.flatnonzero(going)
                self._item, level, here, self._held = self._item[kept], level[kept], here[kept], self._held[:, kept]
                self._renewals.keep(kept)
                going = going[kept]
            rows = self._depth + step
            if rows > self._held.shape[0]:
                self._held = np.concatenate([self._held, np.zeros_like(self._held)])
            self._held[rows - 1] = here
            spent = self._renewals.rows(rows)
            total = self._fixed[self._item] + np.einsum("ji,ji->i", self._held[:rows], spent[::-1])
            column = np.arange(self._item.size)
            found = total / self._renewals.total(level - self.reorder[self._item], column)
            better = np.flatnonzero(going & (found < self.cost[self._item]))
            if better.size:
                self.upto[self._item[better]] = level[better]
                self.cost[self._item[better]] = found[better]
                self._raise(better, total[better])

    def _raise(self, column: Int64Array1D, total: Float64Array1D) -> None:
        """Raise s of some columns as long as c(s, S) ≤ G(s + 1): a period at s + 1 costs more than it is worth."""
        while column.size:
            item = self._item[column]
            following = self.reorder[item] + 1
            here = self._costs.at(following, item)
            raised = (self.cost[item] <= here) & (following < self.upto[item])
            column, item, following, here = column[raised], item[raised], following[raised], here[raised]
            distance = self.upto[item] - following
            total = total[raised] - self._renewals.rows(1 + int(distance.max(initial=0)))[distance, column] * here
            self._held[following - self._costs.best[item] + self._depth - 1, column] = 0.0
            self.reorder[item] = following
            self.cost[item] = total / self._renewals.total(distance, column)
