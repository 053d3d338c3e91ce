"""Shelves simulated period by period, thousands of items together: what a policy would have done on given demand.

Every policy here is one rule with three columns. At a review, if the inventory position is at or below s, order as few
packs of Q as lift it to S or above:

    order-up-to level   s = S − 1, Q = 1
    (s, S)              Q = 1
    (r, nQ)             s = r, S = r + 1

A period goes: what was ordered L periods ago arrives; at a review (every R periods, the first of them included) an
order is placed, with L = 0 it arrives at once; demand is asked for and filled as far as the shelf goes. What is not
filled waits (`BACKORDER`), or leaves the shelf alone: bought elsewhere (`LOST`), or ordered urgently for the customer
(`URGENT`). The last two are the same shelf; they differ in what the shortage costs, and so in who reads the figures.

Items of equal lead time and review go through the periods together, in groups that stay in the processor's cache, with
every quantity a column. Units: whole demand units, periods.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from demand.history import Int64Array1D, Int64Array2D

Whole1D = NDArray[np.signedinteger[Any]]
Whole2D = NDArray[np.signedinteger[Any]]

_ITEMS_AT_ONCE = 4096
"""Columns of a group: 16 or 32 kilobytes each, so that the dozen that a period touches stay in the cache."""

_ROWS_TURNED = 256


class Unmet(StrEnum):
    """What becomes of demand that the shelf cannot fill."""

    BACKORDER = "backorder"
    """It waits for the next delivery."""
    LOST = "lost"
    """The customer goes elsewhere."""
    URGENT = "urgent"
    """It is ordered urgently for the customer, past the shelf."""


@dataclass(frozen=True)
class OrderingRules:
    """The policy of each item, ``(n_items,)`` each.

    Parameters
    ----------
    reorder_point, order_up_to
        s and S, S above s.
    pack
        Q, one or more.
    lead_time, review
        L, zero or more, and R, one or more, in periods.

    Raises
    ------
    ValueError
        If a column is outside its range or of another length.
    """

    reorder_point: Int64Array1D
    order_up_to: Int64Array1D
    pack: Int64Array1D
    lead_time: Int64Array1D
    review: Int64Array1D

    def __post_init__(self) -> None:
        columns = (self.reorder_point, self.order_up_to, self.pack, self.lead_time, self.review)
        if len({column.shape for column in columns}) > 1:
            raise ValueError("the columns of ordering rules are of one length")
        if (self.order_up_to <= self.reorder_point).any():
            raise ValueError("the level ordered up to lies above the reorder point")
        if (self.pack < 1).any() or (self.lead_time < 0).any() or (self.review < 1).any():
            raise ValueError("packs and reviews are one or more, lead times zero or more")

    @property
    def item_count(self) -> int:
        """Number of items."""
        return self.pack.size

    @classmethod
    def up_to(cls, level: Int64Array1D, lead_time: Int64Array1D, review: Int64Array1D) -> OrderingRules:
        """Return the rules of order-up-to levels: at every review the position is restored."""
        return cls(level - 1, level, np.ones_like(level), lead_time, review)

    @classmethod
    def packs(
        cls, reorder_point: Int64Array1D, pack: Int64Array1D, lead_time: Int64Array1D, review: Int64Array1D
    ) -> OrderingRules:
        """Return the rules of whole packs: as few as lift the position above the reorder point."""
        return cls(reorder_point, reorder_point + 1, pack, lead_time, review)


@dataclass(frozen=True)
class SimulatedShelf:
    """What happened, summed over the periods counted, ``(n_items,)`` each.

    Parameters
    ----------
    asked, filled
        Units asked for, and filled at once.
    asked_periods, whole_periods
        Periods with demand, and those of them whose demand was filled whole.
    stock_periods, waiting_periods
        Units on the shelf, and units waited for, at the ends of the periods.
    orders, ordered
        Orders placed, and units in them.
    """

    asked: Int64Array1D
    filled: Int64Array1D
    asked_periods: Int64Array1D
    whole_periods: Int64Array1D
    stock_periods: Int64Array1D
    waiting_periods: Int64Array1D
    orders: Int64Array1D
    ordered: Int64Array1D


def simulate(
    demand: Int64Array2D, rules: OrderingRules, on_hand: Int64Array1D, unmet: Unmet, warm_up: int = 0
) -> SimulatedShelf:
    """Return what the rules would have done on the given demand.

    Parameters
    ----------
    demand
        Units asked for, ``(n_items, n_periods)``, zero or more: history, or sampled futures.
    rules
        Policy, lead time and review of each item.
    on_hand
        Units on the shelf before the first period, zero or more, ``(n_items,)``; nothing is on order.
    unmet
        What becomes of demand that the shelf cannot fill.
    warm_up
        First periods that are lived through and not counted.

    Raises
    ------
    ValueError
        If demand or stock are negative, the items differ in number, or nothing is left to count.
    """
    items, periods = demand.shape
    if not items == rules.item_count == on_hand.size:
        raise ValueError("each item has its demand, its rules and its stock")
    if min(int(demand.min(initial=0)), int(on_hand.min(initial=0))) < 0:
        raise ValueError("demand and stock are zero or more")
    if not 0 <= warm_up < periods:
        raise ValueError("the periods to warm up are fewer than those there are")
    number = np.int32 if _sums_are_small(demand, rules, on_hand) else np.int64
    happened = np.zeros((8, items), dtype=np.int64)
    for group in _alike(rules):
        asked = _by_period(demand, group, number)
        happened[:, group] = _Group(asked, rules, group, on_hand[group], unmet).lived(warm_up)
    return SimulatedShelf(*happened)


def _alike(rules: OrderingRules) -> Iterator[Int64Array1D]:
    """Yield the items in groups of equal lead time and review, those without packs by themselves."""
    packed = (rules.pack > 1).astype(np.int64)
    keys = np.stack([packed, rules.review, rules.lead_time])
    order = np.lexsort(keys)
    ends = np.flatnonzero((np.diff(keys[:, order], axis=1) != 0).any(axis=0)) + 1
    for same in np.split(order, ends):
        for begin in range(0, same.size, _ITEMS_AT_ONCE):
            yield same[begin : begin + _ITEMS_AT_ONCE]


def _sums_are_small(demand: Int64Array2D, rules: OrderingRules, on_hand: Int64Array1D) -> bool:
    """Whether no sum over the periods can leave 32 bits, so that half the bytes do."""
    columns = (on_hand, rules.pack, np.abs(rules.order_up_to), np.abs(rules.reorder_point))
    largest = sum(int(column.max(initial=0)) for column in columns)
    periods = demand.shape[1]
    fits: bool = (largest + int(demand.max(initial=0)) * periods) * (periods + 1) < 2**31
    return fits


def _by_period(demand: Int64Array2D, items: Int64Array1D, number: type[np.int32 | np.int64]) -> Whole2D:
    """Return the demand of some items, a row per period; turned block by block, as the cache likes it."""
    turned: Whole2D = np.empty((demand.shape[1], items.size), dtype=number)
    for begin in range(0, items.size, _ROWS_TURNED):
        block = items[begin : begin + _ROWS_TURNED]
        turned[:, begin : begin + block.size] = demand[block].T
    return turned


class _Group:
    """Items of equal lead time and review on their way through the periods."""

    def __init__(
        self, demand: Whole2D, rules: OrderingRules, items: Int64Array1D, on_hand: Int64Array1D, unmet: Unmet
    ) -> None:
        number = demand.dtype
        self._demand, self._waits = demand, unmet is Unmet.BACKORDER
        self._lead, self._review = int(rules.lead_time[items[0]]), int(rules.review[items[0]])
        self._reorder: Whole1D = rules.reorder_point[items].astype(number)
        self._upto: Whole1D = rules.order_up_to[items].astype(number)
        pack: Whole1D = rules.pack[items].astype(number)
        self._pack = pack if (pack > 1).any() else None
        self._net: Whole1D = on_hand.astype(number)
        self._position: Whole1D = on_hand.astype(number)
        self._due: Whole2D = np.zeros((self._lead + 1, items.size), dtype=number)

    def lived(self, warm_up: int) -> NDArray[np.int64]:
        """Return the rows of `SimulatedShelf` after all periods."""
        sums: Whole2D = np.zeros((8, self._net.size), dtype=self._net.dtype)
        total, filled, present, whole, stock, net, orders, ordered = sums
        served = np.empty_like(self._net)
        for period, asked in enumerate(self._demand):
            placed = self._order(period)
            np.maximum(self._net, 0, out=served)
            np.minimum(served, asked, out=served)
            left = asked if self._waits else served
            self._net -= left
            self._position -= left
            if period < warm_up:
                continue
            total += asked
            filled += served
            present += asked > 0
            whole += served == asked
            net += self._net
            stock += np.maximum(self._net, 0)
            if placed is not None:
                ordered += placed
                orders += placed > 0
        whole -= self._demand.shape[0] - warm_up - present  # a period without demand counts as neither
        net *= -1
        net += stock  # what is on the shelf less the net stock is what is waited for
        return sums

    def _order(self, period: int) -> Whole1D | None:
        """Take in what arrives and place what is due; return what was placed, or None where no review was."""
        arriving = self._due[period % (self._lead + 1)]
        if self._lead:
            self._net += arriving
            arriving[:] = 0
        if period % self._review:
            return None
        placed: Whole1D = self._due[(period + self._lead) % (self._lead + 1)]
        np.subtract(self._upto, self._position, out=placed)
        placed *= self._position <= self._reorder
        if self._pack is not None:
            # The quotient of whole numbers below 2⁵² is never rounded up to a whole number, so its ceiling is exact.
            placed[:] = np.ceil(placed / self._pack) * self._pack
        self._position += placed
        if not self._lead:
            self._net += placed
        return placed
