"""Whole packs for orders that are to be placed: minimums first, then the best per money of what is left.

Marginal analysis on the concave majorants (Fox 1966), never on the curves themselves, whose first packs may be worth
little without the next. First each order takes its best steps until it is worth its minimum, then all orders take from
what the purses still hold, best gain per money first; a line whose step does not fit asks no further. An order that
cannot reach its minimum, or does not bear its fee, is closed, its money goes back, and the rest is done again.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from demand.compiled import compiled
from demand.history import Float64Array1D, Int64Array1D
from optimisation.purse.cells import Cells
from optimisation.purse.curves import UNLIMITED_E4, Outcome, PackCurves, PurseTerms, outcome_of
from optimisation.purse.exchange import exchanged

_DEARER = (1.0, 4.0, 16.0, 64.0)
_ROUNDS_MAX = 30


def whole_packs(
    curves: PackCurves, terms: PurseTerms, cells: Cells, opened: NDArray[np.bool_], price: Float64Array1D
) -> tuple[Int64Array1D, Outcome]:
    """Return packs of each line that keep to every purse and minimum, and what they come to.

    Parameters
    ----------
    curves, terms, cells
        What can be bought, and on which terms.
    opened
        Orders that may be placed, ``(n_orders,)``.
    price
        Worth per money in each purse, by which the purses that fill a minimum are chosen, ``(n_purses,)``.
    """
    opened = opened.copy()
    order_of_step = curves.order[cells.line]
    best_first = np.argsort(-cells.rate, kind="stable")
    best_first = best_first[cells.gain_e4[best_first] >= 0]
    everything = np.full(opened.size, np.iinfo(np.int64).max)
    while True:
        packs, outcome = _at_minimums(curves, terms, cells, opened, price)
        failing = opened & (outcome.order_value_e4 < terms.minimum_e4)
        for purse in np.flatnonzero(outcome.spent_e4 > terms.purse_e4):
            failing[curves.order[(curves.purse == purse) & (packs > 0)]] = True
        if not failing.any():
            left, value = terms.purse_e4 - outcome.spent_e4, outcome.order_value_e4.copy()
            queue = best_first[opened[order_of_step[best_first]]]
            _fill(curves, cells, queue, everything, packs, left, value)
            outcome = outcome_of(curves, terms, packs)
            failing = _unpaid(curves, terms, packs, outcome)
        if not failing.any():
            return packs, outcome
        opened[np.flatnonzero(failing)[np.argmin(outcome.order_net_e4[failing])]] = False


def _at_minimums(
    curves: PackCurves, terms: PurseTerms, cells: Cells, opened: NDArray[np.bool_], price: Float64Array1D
) -> tuple[Int64Array1D, Outcome]:
    """Return packs that bring every opened order that can reach it to its minimum, and little over it.

    The last step of each order overshoots. Where that is more than the purses bear, lines are exchanged so that the
    overshoot shrinks, money being charged at its price, and at ever higher prices while that does not suffice.
    """
    boundless = replace(terms, purse_e4=np.full_like(terms.purse_e4, UNLIMITED_E4))
    order_of_step = curves.order[cells.line]
    needed = np.flatnonzero((terms.minimum_e4 > 0)[order_of_step] & opened[order_of_step])
    over_price = cells.rate[needed] - price[curves.purse[cells.line[needed]]]
    queue = needed[np.lexsort((-over_price, order_of_step[needed]))]
    packs = np.where(opened[curves.order], cells.free_packs, 0)
    left, value = boundless.purse_e4.copy(), np.zeros(opened.size, dtype=np.int64)
    _fill(curves, cells, queue, terms.minimum_e4, packs, left, value)
    reached = opened & (value >= terms.minimum_e4)
    outcome = outcome_of(curves, terms, packs)
    for dearer in _DEARER:
        if (outcome.spent_e4 <= terms.purse_e4).all() or not reached.any():
            break
        charge = (np.maximum(price, 1e-9) * dearer)[curves.purse][curves.line_of_point]
        charged = replace(curves, worth_e4=curves.worth_e4 - charge * curves.money_e4)
        packs = np.where(reached[curves.order], packs, 0)
        packs, _ = exchanged(charged, boundless, packs, reached, np.inf, _ROUNDS_MAX)
        outcome = outcome_of(curves, terms, packs)
    return packs, outcome


def _fill(
    curves: PackCurves,
    cells: Cells,
    queue: Int64Array1D,
    enough: Int64Array1D,
    packs: Int64Array1D,
    left: Int64Array1D,
    value: Int64Array1D,
) -> None:
    """Take the steps of the queue that fit, until an order has enough; `packs`, `left` and `value` are written to."""
    _take(queue, enough, cells.line, cells.packs, cells.money_e4, curves.order, curves.purse, packs, left, value)


def _unpaid(curves: PackCurves, terms: PurseTerms, packs: Int64Array1D, outcome: Outcome) -> NDArray[np.bool_]:
    """Return the orders that are placed and worth no more than their fee."""
    placed = np.zeros(terms.fee_e4.size, dtype=np.bool_)
    placed[curves.order[packs > 0]] = True
    unpaid: NDArray[np.bool_] = placed & (
        (outcome.order_net_e4 < 0) | ((outcome.order_net_e4 == 0) & (terms.fee_e4 > 0))
    )
    return unpaid


@compiled
def _take(
    queue: Int64Array1D,
    enough: Int64Array1D,
    line_of: Int64Array1D,
    packs_of: Int64Array1D,
    money_of: Int64Array1D,
    order_of: Int64Array1D,
    purse_of: Int64Array1D,
    packs: Int64Array1D,
    left: Int64Array1D,
    value: Int64Array1D,
) -> None:
    """Take the steps of the queue that fit, until an order has enough; a line whose step does not fit asks no further.

    `packs` by line, `left` by purse and `value` by order are brought up to date.
    """
    is_out = np.zeros(packs.size, dtype=np.bool_)
    for step in queue:
        line = line_of[step]
        order, purse = order_of[line], purse_of[line]
        if is_out[line] or packs_of[step] <= packs[line] or value[order] >= enough[order]:
            continue
        if money_of[step] > left[purse]:
            is_out[line] = True
            continue
        packs[line] = packs_of[step]
        left[purse] -= money_of[step]
        value[order] += money_of[step]
