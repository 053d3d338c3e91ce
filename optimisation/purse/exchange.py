"""Exchanges: one line takes packs, another gives some up, as long as the whole is worth more for it.

What marginal analysis leaves over is less than one step's money in each purse and in each order above its minimum. It
is used up by the best single change of a line, or the best pair of changes (one line down, one up, out of one purse),
again and again until none gains. Lines move along their own curves, not along the majorants, so that packs between the
majorant's corners are found too.

Of a pair the giver frees m_d money, the taker needs m_u. With l the money left in the purse and e_o what the order is
worth above its minimum, the purse asks m_u ≤ m_d + l; the giver's order asks m_d ≤ e_o or, where the taker is in the
same order, m_d − m_u ≤ e_o. The best taker for every giver is the highest gain within a stretch of the takers sorted
by money (a sparse table; Bender & Farach-Colton 2000).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demand.history import Float64Array1D, Int64Array1D
from optimisation.channels import ragged_ranges
from optimisation.purse.curves import Outcome, PackCurves, PurseTerms, outcome_of

CHANGES_MAX = 50_000
"""Changes looked at in a round; beyond, only those of few packs."""


@dataclass(frozen=True)
class _Changes:
    """Lines that could go to another number of packs: which, to which, what that costs and gains."""

    line: Int64Array1D
    packs: Int64Array1D
    money: Int64Array1D
    gain: Float64Array1D


_Exchange = tuple[float, tuple[int, ...]]
"""What is gained, and the rows of the changes made together."""


def exchanged(
    curves: PackCurves,
    terms: PurseTerms,
    packs: Int64Array1D,
    movable: NDArray[np.bool_],
    enough_e4: float,
    rounds_max: int,
) -> tuple[Int64Array1D, Outcome]:
    """Return packs worth at least as much as those given, and what they come to.

    Parameters
    ----------
    curves, terms
        What can be bought, and on which terms.
    packs
        A feasible choice, ``(n_lines,)``.
    movable
        Orders whose lines may be changed, if they are placed, ``(n_orders,)``.
    enough_e4
        Worth at which to stop.
    rounds_max
        Most rounds of exchanges.
    """
    outcome = outcome_of(curves, terms, packs)
    for _ in range(rounds_max):
        if outcome.worth_e4 >= enough_e4:
            break
        better = _after_exchanges(curves, terms, packs, outcome, movable)
        if better is None:
            break
        made = outcome_of(curves, terms, better)
        if not made.is_feasible or made.worth_e4 <= outcome.worth_e4:
            break
        packs, outcome = better, made
    return packs, outcome


def _after_exchanges(
    curves: PackCurves, terms: PurseTerms, packs: Int64Array1D, outcome: Outcome, movable: NDArray[np.bool_]
) -> Int64Array1D | None:
    """Return the packs after the best exchanges that do not meet in an order; none where nothing gains."""
    changes = _changes(curves, packs, movable & (outcome.order_value_e4 > 0))
    left = terms.purse_e4 - outcome.spent_e4
    spare = outcome.order_value_e4 - terms.minimum_e4
    found = sorted(_single(curves, changes, left, spare) + _pairs(curves, changes, left, spare), reverse=True)
    packs, touched = packs.copy(), set[int]()
    for _, rows in found:
        line = changes.line[list(rows)]
        purse, money = int(curves.purse[line[0]]), int(changes.money[list(rows)].sum())
        orders = set(curves.order[line].tolist())
        if money <= left[purse] and not orders & touched:
            packs[line] = changes.packs[list(rows)]
            left[purse] -= money
            touched |= orders
    return packs if found else None


def _single(curves: PackCurves, changes: _Changes, left: Int64Array1D, spare: Int64Array1D) -> list[_Exchange]:
    """Return the best change of one line by itself."""
    line = changes.line
    fits = (changes.money <= left[curves.purse[line]]) & (-changes.money <= spare[curves.order[line]])
    rows = np.flatnonzero(fits & (changes.gain > 0))
    if not rows.size:
        return []
    best = int(rows[np.argmax(changes.gain[rows])])
    return [(float(changes.gain[best]), (best,))]


def _pairs(curves: PackCurves, changes: _Changes, left: Int64Array1D, spare: Int64Array1D) -> list[_Exchange]:
    """Return the best pair of each purse, and of each order that a giver would take below its minimum."""
    order, purse = curves.order[changes.line], curves.purse[changes.line]
    freed = -changes.money
    takes, gives = (freed < 0) & (changes.gain > 0), freed > 0
    found: list[_Exchange] = []
    for group, givers, within in (
        (purse, gives & (freed <= spare[order]), False),
        (order * left.size + purse, gives & (freed > spare[order]), True),
    ):
        for one in np.flatnonzero(np.bincount(group[givers])):
            down, up = np.flatnonzero(givers & (group == one)), np.flatnonzero(takes & (group == one))
            if not up.size:
                continue
            up = up[np.argsort(changes.money[up], kind="stable")]
            least = freed[down] - spare[order[down]] if within else np.zeros(down.size, dtype=np.int64)
            at = _highest_within(changes.money[up], changes.gain[up], least, freed[down] + left[purse[down]])
            partner = up[np.maximum(at, 0)]
            total = changes.gain[down] + changes.gain[partner]
            total[(at < 0) | (changes.line[partner] == changes.line[down])] = -np.inf
            best = int(np.argmax(total))
            if total[best] > 0:
                found.append((float(total[best]), (int(down[best]), int(partner[best]))))
    return found


def _changes(curves: PackCurves, packs: Int64Array1D, movable: NDArray[np.bool_]) -> _Changes:
    """Return the changes of one line that come into question: in movable orders, for more worth or for less money."""
    lines = np.flatnonzero(movable[curves.order])
    reach = max(1, CHANGES_MAX // (2 * max(lines.size, 1)))
    if reach < int(curves.packs_most[lines].max(initial=0)):
        number = packs[lines, None] + np.arange(-reach, reach + 1)
        inside = (number >= 0) & (number <= curves.packs_most[lines, None])
        line, number = np.broadcast_to(lines[:, None], inside.shape)[inside], number[inside]
    else:
        row, number = ragged_ranges(curves.packs_most[lines] + 1)
        line = lines[row]
    point, now = curves.boundaries[line] + number, curves.boundaries[line] + packs[line]
    money = (number - packs[line]) * curves.pack_cost_e4[line]
    gain = curves.worth_e4[point] - curves.worth_e4[now]
    useful = curves.allowed[point] & ((gain > 0) | (money < 0))
    return _Changes(line[useful], number[useful], money[useful], gain[useful])


def _highest_within(money: Int64Array1D, gain: Float64Array1D, least: Int64Array1D, most: Int64Array1D) -> Int64Array1D:
    """Return the row of the highest gain among those with money between least and most; -1 where there is none.

    ``money`` rises; ``least`` and ``most`` are questions, ``(n_questions,)``.
    """
    first, last = np.searchsorted(money, least), np.searchsorted(money, most, side="right")
    table = [np.arange(money.size)]
    while 2 ** len(table) <= money.size:
        half = 2 ** (len(table) - 1)
        left, right = table[-1][:-half], table[-1][half:]
        table.append(np.where(gain[left] >= gain[right], left, right))
    found = np.full(least.size, -1, dtype=np.int64)
    length = np.maximum(last - first, 0)
    level = np.frexp(np.maximum(length, 1).astype(np.float64))[1] - 1
    for depth, rows in enumerate(table):
        asked = np.flatnonzero((length > 0) & (level == depth))
        left, right = rows[first[asked]], rows[last[asked] - 2**depth]
        found[asked] = np.where(gain[left] >= gain[right], left, right)
    return found
