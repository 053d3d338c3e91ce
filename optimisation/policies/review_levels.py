"""(R, S) under periodic review: what an order-up-to level fills, and the least level for a fill rate.

Every R periods, before the period's demand, the position is ordered up to S; the order is there L periods later, before
that period's demand. Unmet demand waits. With D_L and D_P the demand of L and of P = L + R periods

    unit fill      1 − (E[(D_P − S)⁺] − E[(D_L − S)⁺]) / E[D_P − D_L]
    cycle service  P(D_P ≤ S)

(Silver, Pyke & Thomas 2017, §7.9; the second term takes off what was short before the order came). A level more fills
P(D_L < S + 1) − P(D_P < S + 1) units more, never fewer: so the least level is found by walking up from nothing. For
Poisson and negative binomial demand both laws obey the recursion of `laws`, and the walk needs no table: five numbers
per item, carried from level to level, all items together.

Units: whole demand units; R and L in periods.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from demand.history import Float64Array1D, Int64Array1D
from optimisation.policies.columns import column, require
from optimisation.policies.laws import CountLaw, LawTable, WholeLaw, chunks
from optimisation.policies.level_costs import Shortage

_DRAW_MAX = 1_000_000
"""The largest draw that is counted."""

_WALK_CELLS = 400_000
"""Items × levels of one walk: a few columns of some thousand items, which stay in the processor's cache."""


@dataclass(frozen=True)
class ReviewService:
    """Share of units filled at once, and share of cycles without a shortage, ``(n_items,)`` each."""

    unit_fill: Float64Array1D
    cycle_service: Float64Array1D


@dataclass(frozen=True)
class LeastLevel:
    """Least levels for a fill rate.

    Parameters
    ----------
    level
        S, demand units, ``(n_items,)``.
    unit_fill, unit_fill_below
        What S fills, and what S − 1 would.
    """

    level: Int64Array1D
    unit_fill: Float64Array1D
    unit_fill_below: Float64Array1D


def review_service(lead: WholeLaw, protection: WholeLaw, level: Int64Array1D) -> ReviewService:
    """Return what given levels achieve.

    Parameters
    ----------
    lead, protection
        Laws of the demand of L and of L + R periods, ``n_items`` each; the second has the larger mean.
    level
        S, ``(n_items,)``; may be negative.

    Raises
    ------
    ValueError
        If nothing is asked for in a review period.
    """
    asked = protection.mean - lead.mean
    require(asked > 0, "an item has some demand in a review period")
    fill, cycle = np.zeros(lead.item_count), np.zeros(lead.item_count)
    for items in chunks(lead.widths() + protection.widths()):
        before, until = Shortage.of(lead.take(items).table()), Shortage.of(protection.take(items).table())
        stock = level[items]
        fill[items] = 1 - (until.at(stock) - before.at(stock)) / asked[items]
        cycle[items] = 1 - until.at(stock) + until.at(stock + 1)
    return ReviewService(np.clip(fill, 0.0, 1.0), np.clip(cycle, 0.0, 1.0))


def least_level(lead: WholeLaw, protection: WholeLaw, fill: ArrayLike) -> LeastLevel:
    """Return the least S that fills the asked share of units, whatever the laws.

    Parameters
    ----------
    lead, protection
        Laws of the demand of L and of L + R periods.
    fill
        Asked share, above zero and below one.

    Raises
    ------
    ValueError
        If nothing is asked for in a review period, or a share is not between zero and one.
    """
    count = lead.item_count
    share = column(fill, count)
    _check(protection.mean - lead.mean, share)
    level, reached, below = np.zeros(count, np.int64), np.zeros(count), np.zeros(count)
    for items in chunks(lead.widths() + protection.widths()):
        tables = lead.take(items).table(), protection.take(items).table()
        level[items], reached[items], below[items] = _first_level(*tables, share[items])
    return LeastLevel(level, reached, below)


def least_level_of_counts(period: CountLaw, lead_time: ArrayLike, review: ArrayLike, fill: ArrayLike) -> LeastLevel:
    """Return the least S for Poisson or negative binomial demand per period; quicker than `least_level`.

    Parameters
    ----------
    period
        Law of the demand of one period, ``n_items``.
    lead_time, review
        L, zero or more, and R, above zero, in periods.
    fill
        Asked share of units, above zero and below one.

    Raises
    ------
    ValueError
        If an input is outside its range, or an item never has demand.
    """
    count = period.item_count
    lead, interval, share = column(lead_time, count), column(review, count), column(fill, count)
    require((lead >= 0) & np.isfinite(lead), "a lead time is zero or more")
    require((interval > 0) & np.isfinite(interval), "a review period is above zero")
    _check(period.mean * interval, share)
    before, until = period.over(lead), period.over(lead + interval)
    level, reached, below = np.zeros(count, np.int64), np.zeros(count), np.zeros(count)
    # P(0) of the longer stretch is the smaller one; where it leaves floating point, tables by logarithms answer.
    walkable = until.starts()[0] > 0
    far = np.flatnonzero(~walkable)
    if far.size:
        found = least_level(before.take(far), until.take(far), share[far])
        level[far], reached[far], below[far] = found.level, found.unit_fill, found.unit_fill_below
    near = np.flatnonzero(walkable)
    for group in chunks(until.mean[near] + 1, _WALK_CELLS):
        items = near[group]
        level[items], reached[items], below[items] = _walk(before.take(items), until.take(items), share[items])
    return LeastLevel(level, reached, below)


def least_level_of_samples(lead: NDArray[np.int64], protection: NDArray[np.int64], fill: ArrayLike) -> LeastLevel:
    """Return the least S where demand is known by samples, as from a simulation or from past receipts.

    Parameters
    ----------
    lead, protection
        Whole numbers drawn from the demand of L and of L + R periods, ``(n_items, n_draws)`` each.
    fill
        Asked share of units, above zero and below one.

    Raises
    ------
    ValueError
        If a draw is negative, nothing is asked for in a review period, or a share is not between zero and one.
    """
    count = lead.shape[0]
    share = column(fill, count)
    for draws in (lead, protection):
        require((draws >= 0) & (draws <= _DRAW_MAX), f"drawn demand lies between zero and {_DRAW_MAX:,} units")
    asked = protection.mean(axis=1) - lead.mean(axis=1)
    _check(asked, share)
    level, reached, below = np.zeros(count, np.int64), np.zeros(count), np.zeros(count)
    widest = np.maximum(lead.max(axis=1), protection.max(axis=1)) + 1.0
    for items in chunks(widest):
        tables = _counted(lead[items]), _counted(protection[items])
        level[items], reached[items], below[items] = _first_level(*tables, share[items])
    return LeastLevel(level, reached, below)


def _check(asked: Float64Array1D, share: Float64Array1D) -> None:
    require((asked > 0) & np.isfinite(asked), "an item has some demand in a review period")
    require((share > 0) & (share < 1), "a fill rate lies between zero and one, both excluded")


def _counted(draws: NDArray[np.int64]) -> LawTable:
    """Return how often each number was drawn, as a law."""
    items, count = draws.shape
    height = int(draws.max()) + 1
    cell = draws * items + np.arange(items)[:, None]
    times = np.bincount(cell.ravel(), minlength=height * items).reshape(height, items)
    return LawTable(times / count, draws.mean(axis=1))


def _first_level(
    lead: LawTable, protection: LawTable, share: Float64Array1D
) -> tuple[Int64Array1D, Float64Array1D, Float64Array1D]:
    height = max(lead.probability.shape[0], protection.probability.shape[0])
    gained = np.zeros((height + 1, share.size))
    for table, sign in ((lead, 1.0), (protection, -1.0)):
        below = np.minimum(table.at_most(), 1.0)
        gained[1 : below.shape[0] + 1] += sign * below
        gained[below.shape[0] + 1 :] += sign
    filled = np.minimum(np.cumsum(gained, axis=0) / (protection.mean - lead.mean), 1.0)
    level = np.minimum((filled < share).sum(axis=0), height)
    item = np.arange(share.size)
    return level, filled[level, item], np.where(level > 0, filled[np.maximum(level - 1, 0), item], 0.0)


def _walk(
    before: CountLaw, until: CountLaw, share: Float64Array1D
) -> tuple[Int64Array1D, Float64Array1D, Float64Array1D]:
    """Walk up from level 0, all items in step; an item leaves when its share is filled."""
    level, reached, below = np.zeros(share.size, np.int64), np.zeros(share.size), np.zeros(share.size)
    wanted = share * (until.mean - before.mean)
    item = np.arange(share.size)
    early, early_a, early_q = before.starts()
    late, late_a, late_q = until.starts()
    early_sum, late_sum = early.copy(), late.copy()
    filled, step = np.zeros(share.size), np.zeros(share.size)
    limit = int(4 * until.widths().max()) + 100
    for stock in range(1, limit):
        np.subtract(early_sum, late_sum, out=step)
        filled += step
        done = filled >= wanted
        leaving = np.count_nonzero(done)
        if leaving:
            # Done items stay until many are, so their first answer must not be written over.
            first = done & (level[item] == 0)
            level[item[first]], reached[item[first]] = stock, filled[first]
            below[item[first]] = filled[first] - step[first]
            if leaving == item.size:
                asked = until.mean - before.mean
                return level, np.minimum(reached / asked, 1.0), np.minimum(below / asked, 1.0)
            if 4 * leaving > item.size:
                kept = ~done
                item, wanted, filled, step = item[kept], wanted[kept], filled[kept], step[kept]
                early, early_a, early_q, early_sum = early[kept], early_a[kept], early_q[kept], early_sum[kept]
                late, late_a, late_q, late_sum = late[kept], late_a[kept], late_q[kept], late_sum[kept]
        early *= (early_a + early_q * (stock - 1)) / stock
        late *= (late_a + late_q * (stock - 1)) / stock
        early_sum += early
        late_sum += late
    raise ValueError("a fill rate is so near one that rounding hides the level that reaches it")
