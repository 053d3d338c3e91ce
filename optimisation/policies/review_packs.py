"""(R, s, nQ) under periodic review: whole packs of Q, as few as lift the position above s.

Every R periods the position is looked at; at or below s the least number of packs that brings it above s is ordered.
After each look the position is one of s + 1, …, s + Q, each as often as the others (Hadley & Whitin 1963, §5.2; Zheng &
Chen 1992, Naval Research Logistics 39(2)). So whatever an order-up-to level y achieves, the policy achieves the mean of
it over these y: the fill rate and cycle service of `review_levels`, and the cost

    C(s) = K P(order)/R + (1/R) Σ_{j=1..R} (1/Q) Σ_{y=s+1..s+Q} G_{L+j}(y),    P(order) = E[min(D_R, Q)]/Q,

charged at the end of each of the R periods that an order serves, G_{L+j} as in `level_costs` with the demand of L + j
periods. The mean of convex curves is convex: the best s is the first at which moving the window up costs more. With
Q = 1 this is the order-up-to level s + 1. (If every order line and Q share a divisor, positions between are never met;
the mean over all is then what one finds who does not know where the first count stood.)

Units: whole demand units; R and L in whole periods; costs in any one currency per period.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from demand.history import Float64Array1D, Int64Array1D
from optimisation.policies.columns import column, require
from optimisation.policies.laws import WholeLaw, chunks
from optimisation.policies.level_costs import Shortage, ShortageWindow
from optimisation.policies.review_levels import ReviewService

_REVIEW_MAX = 1000
"""Periods of one review: each is a law of its own."""


@dataclass(frozen=True)
class PackPolicy:
    """s and what it costs per period, ordering included, ``(n_items,)`` each."""

    reorder_point: Int64Array1D
    cost: Float64Array1D


def packs_service(
    lead: WholeLaw, protection: WholeLaw, reorder_point: Int64Array1D, pack: Int64Array1D
) -> ReviewService:
    """Return what given policies achieve.

    Parameters
    ----------
    lead, protection
        Laws of the demand of L and of L + R periods, ``n_items`` each.
    reorder_point, pack
        s, and Q above zero, ``(n_items,)``.

    Raises
    ------
    ValueError
        If a pack is below one, or nothing is asked for in a review period.
    """
    asked = protection.mean - lead.mean
    _check(asked, pack)
    fill, cycle = np.zeros(lead.item_count), np.zeros(lead.item_count)
    for items in chunks(lead.widths() + protection.widths()):
        before, until = ShortageWindow.of(lead.take(items).table()), ShortageWindow.of(protection.take(items).table())
        s, q = reorder_point[items], pack[items]
        fill[items] = 1 - (until.mean(s, q) - before.mean(s, q)) / asked[items]
        # P(D ≤ y) is what shortage falls by from y to y + 1, so its mean needs the two ends of the window only.
        cycle[items] = 1 - (until.short.at(s + 1) - until.short.at(s + q + 1)) / q
    return ReviewService(np.clip(fill, 0.0, 1.0), np.clip(cycle, 0.0, 1.0))


def least_pack_reorder(
    lead: WholeLaw, protection: WholeLaw, pack: Int64Array1D, fill: ArrayLike
) -> tuple[Int64Array1D, Float64Array1D]:
    """Return the least s that fills the asked share of units, and what it fills, ``(n_items,)`` each.

    Raises
    ------
    ValueError
        If a pack is below one, nothing is asked for in a review period, or a share is not between zero and one.
    """
    asked = protection.mean - lead.mean
    share = column(fill, lead.item_count)
    _check(asked, pack)
    require((share > 0) & (share < 1), "a fill rate lies between zero and one, both excluded")
    reorder, reached = np.zeros(lead.item_count, np.int64), np.zeros(lead.item_count)
    for items in chunks(lead.widths() + protection.widths()):
        q = pack[items]
        before, until = ShortageWindow.of(lead.take(items).table()), ShortageWindow.of(protection.take(items).table())

        def filled(s: Int64Array1D) -> Float64Array1D:
            return 1 - (until.mean(s, q) - before.mean(s, q)) / asked[items]  # noqa: B023 - asked at once

        low, high = -q - 1, np.full(items.size, max(until.short.last, before.short.last) + 1)
        while (high - low > 1).any():
            middle = (low + high) // 2
            enough = filled(middle) >= share[items]
            low, high = np.where(enough, low, middle), np.where(enough, middle, high)
        reorder[items], reached[items] = high, filled(high)
    return reorder, reached


def packs_cost(
    period: WholeLaw,
    lead_time: Int64Array1D,
    review: Int64Array1D,
    holding: ArrayLike,
    stockout: ArrayLike,
    fixed: ArrayLike,
    reorder_point: Int64Array1D,
    pack: Int64Array1D,
) -> Float64Array1D:
    """Return C(s) of given policies per period, ``(n_items,)``.

    Parameters
    ----------
    period
        Law of the demand of one period, ``n_items``.
    lead_time, review
        L, zero or more, and R, one or more, in whole periods.
    holding, stockout
        h and p per unit and period, above zero.
    fixed
        K per order, zero or more.

    Raises
    ------
    ValueError
        If an input is outside its range.
    """
    terms = _Terms(period, lead_time, review, holding, stockout, fixed, pack)
    cost = np.zeros(period.item_count)
    for items in chunks(period.over(terms.lead + terms.review).widths()):
        cost[items] = terms.costs(items)(reorder_point[items])
    return cost


def best_pack_reorder(
    period: WholeLaw,
    lead_time: Int64Array1D,
    review: Int64Array1D,
    holding: ArrayLike,
    stockout: ArrayLike,
    fixed: ArrayLike,
    pack: Int64Array1D,
) -> PackPolicy:
    """Return the least s of least cost for packs of Q.

    Raises
    ------
    ValueError
        If an input is outside its range.
    """
    terms = _Terms(period, lead_time, review, holding, stockout, fixed, pack)
    reorder, cost = np.zeros(period.item_count, np.int64), np.zeros(period.item_count)
    longest = period.over(terms.lead + terms.review)
    for items in chunks(longest.widths()):
        of = terms.costs(items)
        low = -pack[items] - 1
        high = np.full(items.size, longest.take(items).table().probability.shape[0] + 1)
        while (high - low > 1).any():
            middle = (low + high) // 2
            rising = of(middle + 1) >= of(middle) * (1 - 1e-14)
            low, high = np.where(rising, low, middle), np.where(rising, middle, high)
        reorder[items], cost[items] = high, of(high)
    return PackPolicy(reorder, cost)


class _Terms:
    """The inputs of the cost, checked, as columns."""

    def __init__(
        self,
        period: WholeLaw,
        lead_time: Int64Array1D,
        review: Int64Array1D,
        holding: ArrayLike,
        stockout: ArrayLike,
        fixed: ArrayLike,
        pack: Int64Array1D,
    ) -> None:
        count = period.item_count
        self.period, self.pack = period, pack
        self.lead, self.review = column(lead_time, count), column(review, count)
        self.holding, self.stockout, self.fixed = (column(each, count) for each in (holding, stockout, fixed))
        require(self.lead >= 0, "a lead time is zero or more")
        require((self.review >= 1) & (self.review % 1 == 0), "a review period is one or more whole periods")
        require(self.review <= _REVIEW_MAX, f"a review period is at most {_REVIEW_MAX:,} periods")
        require((self.holding > 0) & (self.stockout > 0), "holding and stockout costs are above zero")
        require(self.fixed >= 0, "the fixed cost of an order is zero or more")
        _check(period.mean, pack)

    def costs(self, items: Int64Array1D) -> _WindowCosts:
        """Return the curve of C over s of some items."""
        part, lead, review, pack = self.period.take(items), self.lead[items], self.review[items], self.pack[items]
        windows = []
        for later in range(1, int(review.max()) + 1):
            # Beyond an item's own review period its last law stands in, and counts nothing.
            law = part.over(lead + np.minimum(later, review))
            windows.append((ShortageWindow.of(law.table()), law.mean, (later <= review) / review))
        one_review = Shortage.of(part.over(review).table())
        # E[min(D, Q)] = E[D] − E[(D − Q)⁺].
        ordered = part.mean * review - one_review.at(pack)
        ordering = self.fixed[items] * ordered / pack / review
        return _WindowCosts(windows, self.holding[items], self.stockout[items], ordering, pack)


@dataclass(frozen=True)
class _WindowCosts:
    windows: list[tuple[ShortageWindow, Float64Array1D, Float64Array1D]]
    holding: Float64Array1D
    stockout: Float64Array1D
    ordering: Float64Array1D
    pack: Int64Array1D

    def __call__(self, reorder_point: Int64Array1D) -> Float64Array1D:
        total = self.ordering.copy()
        middle = reorder_point + (self.pack + 1) / 2
        for window, mean, weight in self.windows:
            short = window.mean(reorder_point, self.pack)
            total += weight * (self.holding * (middle - mean) + (self.holding + self.stockout) * short)
        return total


def _check(asked: Float64Array1D, pack: Int64Array1D) -> None:
    require((asked > 0) & np.isfinite(asked), "an item has some demand in a review period")
    require(pack >= 1, "a pack holds one unit or more")
