"""One purse per store, a least value per purchase order: which orders to place, and which packs to leave out.

Every order line bids for money pack by pack; W(k) is what ordering k packs today is worth against waiting for the next
order day. Beyond the packs wanted, a line may be topped up to bring its order to the supplier's minimum: the pack that
is needed d days from now costs its carrying until then, so W falls by

    pack cost · carrying rate · d / 365 + 1        with d rising from pack to pack, one day or more,

and the packs needed soonest top up first. The 1, a ten-thousandth of the currency, is why an order that reaches its
minimum is not topped up even where carrying costs nothing. An order that is not worth its fee and its topping up waits
for its next order day. Where a purse cannot pay all, what is ordered is the choice of whole packs that is worth most,
as near as `optimisation.purse` proves; how near that is goes with it.

Money is whole ten-thousandths; worth is an expectation, in the same unit, as a float.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demand.history import Float64Array1D, Int64Array1D
from optimisation.channels import ragged_ranges
from optimisation.costs import DAYS_PER_YEAR
from optimisation.purse.allocation import Suggest, best_packs
from optimisation.purse.curves import PackCurves, PurseTerms
from optimisation.purse.master import suggested_orders


@dataclass(frozen=True)
class Bids:
    """Order lines that ask for money, one row per line.

    Parameters
    ----------
    order, purse
        Index of the purchase order and of the purse, ``(n_lines,)``.
    pack_cost_e4
        What one pack costs, ``(n_lines,)``.
    packs, packs_least
        Packs wanted, and the fewest that may be ordered if any are, ``(n_lines,)``.
    worth_e4
        W(0), W(1), …, W(packs) of each line, flat; never falling.
    next_days
        Days until the first pack beyond those wanted would be needed; infinite where none ever is, ``(n_lines,)``.
    pack_days
        Days that one pack lasts, ``(n_lines,)``.
    """

    order: Int64Array1D
    purse: Int64Array1D
    pack_cost_e4: Int64Array1D
    packs: Int64Array1D
    packs_least: Int64Array1D
    worth_e4: Float64Array1D
    next_days: Float64Array1D
    pack_days: Float64Array1D


@dataclass(frozen=True)
class OrderTerms(PurseTerms):
    """Terms of purchase orders and purses, and of buying ahead of need.

    Parameters
    ----------
    carrying_rate_per_year
        What money in stock costs a year, as a share.
    top_up_days_max
        How far ahead of its need a pack may be bought to reach a minimum.
    """

    carrying_rate_per_year: float
    top_up_days_max: float


@dataclass(frozen=True)
class Placement:
    """What is ordered, and how much better it could be at most.

    Parameters
    ----------
    packs
        Packs of each line; 0 where left out, ``(n_lines,)``.
    placed
        Whether each order is placed, ``(n_orders,)``.
    worth_e4
        Worth of all packs, less fees and the carrying of what was topped up; worked out from the packs.
    better_at_most
        Proven: no choice of packs is worth more than this share above it; infinite where nothing is proven.
    solver_failed
        True where a suggestion was asked for and none came.
    """

    packs: Int64Array1D
    placed: NDArray[np.bool_]
    worth_e4: float
    better_at_most: float
    solver_failed: bool


def place_orders(bids: Bids, terms: OrderTerms, suggest: Suggest = suggested_orders) -> Placement:
    """Return the orders to place and the packs of each line, within every purse.

    Parameters
    ----------
    bids, terms
        What is wanted, and on which terms.
    suggest
        Who is asked which orders to place where purses are short: the solver, or another in its place.

    Raises
    ------
    ValueError
        If a purse, a minimum or a fee is negative.
    """
    made = best_packs(_curves(bids, terms), terms, suggest)
    return Placement(made.packs, made.placed, made.worth_e4, made.gap, made.solver_failed)


def _curves(bids: Bids, terms: OrderTerms) -> PackCurves:
    """Return each line's worth of 0, 1, 2, … packs: those wanted, and those that may top up."""
    extra = _top_ups(bids, terms)
    most = bids.packs + extra
    line, packs = ragged_ranges(most + 1)
    wanted, beyond = np.minimum(packs, bids.packs[line]), np.maximum(packs - bids.packs[line], 0)
    first = np.concatenate([[0], np.cumsum(bids.packs + 1)])[:-1]
    worth = _never_falling(bids.worth_e4, np.repeat(np.arange(bids.packs.size), bids.packs + 1))
    next_days, pack_days = (np.where(extra > 0, days, 0.0) for days in (bids.next_days, bids.pack_days))
    carried = beyond * np.maximum(next_days, 1.0)[line] + pack_days[line] * beyond * (beyond - 1) / 2
    carrying = beyond + bids.pack_cost_e4[line] * terms.carrying_rate_per_year / DAYS_PER_YEAR * carried
    allowed = (packs == 0) | (packs >= bids.packs_least[line])
    return PackCurves(bids.order, bids.purse, bids.pack_cost_e4, most, worth[first[line] + wanted] - carrying, allowed)


def _top_ups(bids: Bids, terms: OrderTerms) -> Int64Array1D:
    """Return how many packs of each line may be ordered ahead of their need to bring its order to its minimum."""
    minimum = terms.minimum_e4[bids.order]
    may = (minimum > 0) & (bids.pack_cost_e4 > 0) & (bids.next_days <= terms.top_up_days_max)
    ahead = np.where(may, terms.top_up_days_max - bids.next_days, 0.0)
    soon = np.floor(ahead / np.where(may, bids.pack_days, 1.0)).astype(np.int64) + 1
    enough = -(-minimum // np.maximum(bids.pack_cost_e4, 1))
    return np.where(may, np.minimum(soon, enough), 0)


def _never_falling(worth_e4: Float64Array1D, line: Int64Array1D) -> Float64Array1D:
    """Return the running maximum of each line, so that rounding cannot make a wanted pack seem worth less than none."""
    order = np.argsort(worth_e4, kind="stable")
    rank = np.empty(worth_e4.size, dtype=np.int64)
    rank[order] = np.arange(worth_e4.size)
    highest = np.maximum.accumulate(rank + line * worth_e4.size) - line * worth_e4.size
    running: Float64Array1D = worth_e4[order][highest]
    return running
