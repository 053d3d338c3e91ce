"""One purse per store, a least value per purchase order: which orders to place, and which packs to leave out.

Every order line bids for money pack by pack; W(k) is what ordering k packs today is worth against waiting for the next
order day. Where a purse cannot pay all, the packs with the least worth per money are left out (marginal analysis on the
concave majorants of W, so that a first pack that is worth little alone is judged together with those after it). A
purchase order under its supplier's minimum is topped up with the packs that will be needed soonest, if carrying them
until then costs less than the order is worth; else it waits for its next order day. Whether an order is placed at all,
when purses are short, is suggested by a small integer programme (`optimisation.solver`) and checked here: the plan with
the suggestion and the plan without are both worked out in whole packs, and the one worth more is taken. So there is
always a plan that keeps to every purse, with a solver or without.

Money is whole ten-thousandths; worth is an expectation, in the same unit, as a float.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demand.history import Float64Array1D, Int64Array1D
from optimisation.channels import ragged_ranges
from optimisation.majorant import Steps, concave_steps
from optimisation.solver import OrderChoice, suggested_orders

UNLIMITED_E4 = 2**62
"""The content of a purse that nobody limits."""

_PIECES_PER_ORDER = 16
_ROUNDS_MAX = 64


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

    @property
    def boundaries(self) -> Int64Array1D:
        """Where each line's worth begins in the flat column, and where the last ends."""
        return np.concatenate([[0], np.cumsum(self.packs + 1)]).astype(np.int64)

    def worth_at(self, packs: Int64Array1D) -> Float64Array1D:
        """Return W of the given packs of each line; packs beyond those wanted add nothing."""
        return self.worth_e4[self.boundaries[:-1] + np.minimum(packs, self.packs)]


@dataclass(frozen=True)
class OrderTerms:
    """Terms of purchase orders and purses.

    Parameters
    ----------
    minimum_e4, fee_e4
        Least value of each order and fixed cost of placing it, ``(n_orders,)``.
    purse_e4
        Money in each purse, ``(n_purses,)``; `UNLIMITED_E4` where nobody limits it.
    carrying_rate_per_year
        What money in stock costs a year, as a share.
    top_up_days_max
        How far ahead of its need a pack may be bought to reach a minimum.
    """

    minimum_e4: Int64Array1D
    fee_e4: Int64Array1D
    purse_e4: Int64Array1D
    carrying_rate_per_year: float
    top_up_days_max: float


@dataclass(frozen=True)
class Placement:
    """What is ordered.

    Parameters
    ----------
    packs
        Packs of each line; 0 where left out, ``(n_lines,)``.
    placed
        Whether each order is placed, ``(n_orders,)``.
    worth_e4
        Worth of all packs, less fees and the carrying of what was topped up.
    solver_failed
        True where a suggestion was asked for and none came.
    """

    packs: Int64Array1D
    placed: NDArray[np.bool_]
    worth_e4: float
    solver_failed: bool


def place_orders(bids: Bids, terms: OrderTerms) -> Placement:
    """Return the orders to place and the packs of each line, within every purse.

    Raises
    ------
    ValueError
        If a purse or a minimum is negative.
    """
    if min((int(a.min()) for a in (terms.minimum_e4, terms.fee_e4, terms.purse_e4) if a.size), default=0) < 0:
        raise ValueError("minimums, fees and purses are zero or more")
    everything = np.ones(terms.minimum_e4.size, dtype=np.bool_)
    plain = _settled(bids, terms, everything)
    if not _is_short(bids, terms) or not (terms.minimum_e4.any() or terms.fee_e4.any()):
        return plain
    suggestion = suggested_orders(_choice(bids, terms))
    if suggestion is None:
        return Placement(plain.packs, plain.placed, plain.worth_e4, solver_failed=True)
    suggested = _settled(bids, terms, suggestion)
    return suggested if suggested.worth_e4 > plain.worth_e4 else plain


def spent_per_purse(bids: Bids, packs: Int64Array1D, purse_count: int) -> Int64Array1D:
    """Return the money each purse pays for the packs, ``(purse_count,)``."""
    spent = np.zeros(purse_count, dtype=np.int64)
    np.add.at(spent, bids.purse, packs * bids.pack_cost_e4)
    return spent


def _settled(bids: Bids, terms: OrderTerms, opened: NDArray[np.bool_]) -> Placement:
    """Work out whole packs for the orders opened, closing one at a time what its minimum or its fee does not bear."""
    opened = opened.copy()
    while True:
        packs = _allocated(bids, terms, opened)
        packs, carrying = _topped_up(bids, terms, packs)
        value, worth = np.zeros(opened.size, dtype=np.int64), np.zeros(opened.size)
        np.add.at(value, bids.order, packs * bids.pack_cost_e4)
        np.add.at(worth, bids.order, bids.worth_at(packs))
        net = worth - terms.fee_e4 - carrying
        bears = (value >= terms.minimum_e4) & ((net > 0) | ((terms.fee_e4 == 0) & (carrying == 0)))
        failing = np.flatnonzero((value > 0) & ~bears)
        if not failing.size:
            assert (spent_per_purse(bids, packs, terms.purse_e4.size) <= terms.purse_e4).all()
            return Placement(packs, value > 0, float(net[value > 0].sum()), solver_failed=False)
        opened[failing[np.argmin(net[failing])]] = False


def _is_short(bids: Bids, terms: OrderTerms) -> bool:
    return bool((spent_per_purse(bids, bids.packs, terms.purse_e4.size) > terms.purse_e4).any())


def _steps(bids: Bids, opened: NDArray[np.bool_]) -> Steps:
    line, packs = ragged_ranges(bids.packs + 1)
    allowed = ((packs == 0) | (packs >= bids.packs_least[line])) & opened[bids.order[line]]
    return concave_steps((packs * bids.pack_cost_e4[line]).astype(np.float64), bids.worth_e4, bids.boundaries, allowed)


def _allocated(bids: Bids, terms: OrderTerms, opened: NDArray[np.bool_]) -> Int64Array1D:
    """Return the packs each line gets: all it wants where its purse suffices, else the best per money first."""
    packs = np.where(opened[bids.order], bids.packs, 0)
    spent = spent_per_purse(bids, packs, terms.purse_e4.size)
    short = np.flatnonzero(spent > terms.purse_e4)
    if not short.size:
        return packs
    packs[np.isin(bids.purse, short)] = 0
    steps = _steps(bids, opened)
    order = steps.best_first()
    for purse in short:
        queue = order[bids.purse[steps.curve[order]] == purse]
        left = int(terms.purse_e4[purse])
        for _ in range(_ROUNDS_MAX):  # each round ends at a step too dear for what is left; its line asks no further
            fits = np.cumsum(steps.spent[queue]) <= left
            taken = queue[fits]
            left -= int(steps.spent[taken].sum())
            np.maximum.at(packs, steps.curve[taken], steps.point[taken] - bids.boundaries[:-1][steps.curve[taken]])
            if fits.all():
                break
            too_dear = steps.curve[queue[np.argmin(fits)]]
            queue = queue[~fits]
            queue = queue[steps.curve[queue] != too_dear]
    return packs


def _topped_up(bids: Bids, terms: OrderTerms, packs: Int64Array1D) -> tuple[Int64Array1D, Float64Array1D]:
    """Fill orders under their minimum with the packs needed soonest; return packs and each order's carrying cost."""
    packs, carrying = packs.copy(), np.zeros(terms.minimum_e4.size)
    value = np.zeros(terms.minimum_e4.size, dtype=np.int64)
    np.add.at(value, bids.order, packs * bids.pack_cost_e4)
    left = terms.purse_e4 - spent_per_purse(bids, packs, terms.purse_e4.size)
    for order in np.flatnonzero((value > 0) & (value < terms.minimum_e4)):
        whole = (bids.order == order) & (packs == bids.packs) & (bids.next_days <= terms.top_up_days_max)
        line = np.flatnonzero(whole & (bids.pack_cost_e4 > 0))
        if not line.size:
            continue
        missing = int(terms.minimum_e4[order] - value[order])
        further = (terms.top_up_days_max - bids.next_days[line]) / bids.pack_days[line]
        most = np.minimum(np.floor(further).astype(np.int64) + 1, -(-missing // bids.pack_cost_e4[line]))
        row, pack = ragged_ranges(np.where(packs[line] + most >= bids.packs_least[line], most, 0))
        days = bids.next_days[line][row] + pack * bids.pack_days[line][row]
        soonest = np.lexsort((pack, line[row], days))
        cost = bids.pack_cost_e4[line][row][soonest]
        count = int(np.searchsorted(np.cumsum(cost), missing)) + 1
        chosen = soonest[:count]
        extra = np.zeros(packs.size, dtype=np.int64)
        np.add.at(extra, line[row[chosen]], 1)
        starts_small = (packs == 0) & (extra > 0) & (extra < bids.packs_least)
        extra[starts_small] = bids.packs_least[starts_small]
        pays = spent_per_purse(bids, extra, left.size)
        if (pays <= left).all():
            packs += extra
            left = left - pays
            rate = terms.carrying_rate_per_year / 365
            carrying[order] = float((cost[:count] * days[chosen] * rate).sum())
    return packs, carrying


def _choice(bids: Bids, terms: OrderTerms) -> OrderChoice:
    """Return the compact problem: each order's spending, per purse, in a few pieces of falling slope."""
    steps = _steps(bids, np.ones(terms.minimum_e4.size, dtype=np.bool_))
    best = steps.best_first()
    order, purse = bids.order[steps.curve[best]], bids.purse[steps.curve[best]]
    pieces: list[tuple[int, int, float, float]] = []
    for o, p in sorted({(int(o), int(p)) for o, p in zip(order, purse, strict=True)}):
        mine = best[(order == o) & (purse == p)]
        for part in np.array_split(mine, min(_PIECES_PER_ORDER, mine.size)):
            spent, gained = float(steps.spent[part].sum()), float(steps.gained[part].sum())
            pieces.append((o, p, spent, gained / spent if spent else 0.0))
    wanted = np.zeros(terms.minimum_e4.size)
    for o, p, length, _ in tuple(pieces):
        wanted[o] += length
        if length and (o, p) == max((a, b) for a, b, _, _ in pieces if a == o) and wanted[o] < terms.minimum_e4[o]:
            pieces.append((o, p, float(terms.minimum_e4[o] - wanted[o]), 0.0))  # topping up: money without worth today
            wanted[o] = float(terms.minimum_e4[o])
    columns = [np.array(column) for column in zip(*pieces, strict=True)] if pieces else [np.zeros(0)] * 4
    return OrderChoice(
        columns[0].astype(np.int64),
        columns[1].astype(np.int64),
        columns[2].astype(np.float64),
        columns[3].astype(np.float64),
        terms.minimum_e4.astype(np.float64),
        terms.fee_e4.astype(np.float64),
        terms.purse_e4.astype(np.float64),
    )
