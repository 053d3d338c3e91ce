"""What to do with stock beyond its level: keep it, send it back, sell it cheaply or write it off, unit by unit.

A part has n units more than the level it is held at. Keeping the j-th of them saves a purchase when it is used, and
costs its holding until then. Used at λ a year, if the part is still asked for at all, it is used after j/λ years; where
it is not, one gives up and writes it off after H years, as one does where that costs less than to wait:

    keep_j = p max(c + b − h j/λ, − h H) − (1 − p) h H

p: chance that the part is ever asked for again; c: cost of a unit; b: what lacking it would cost besides, where nothing
else is on the shelf; h: holding cost of a unit and year. It falls with j, so the first units are the ones to keep. The
rest, m units, goes where it brings most:

    back to the maker   r x,    x ≤ what window and quota let back
    sold cheaply        d (m − x)
    written off         nothing

each of the first two less a fixed cost per line where anything goes that way. The number kept is found by trying every
one, so the choice is the best there is (`best_actions`); returns of many lines share a quota (`within_quota`), which
goes to the lines that gain most per money sent back, as far as it reaches: greedy, at most one line's share below the
best.

The economics are those of excess stock as in Silver, Pyke & Thomas (2017, Inventory and Production Management in Supply
Chains, sec. 8.5, disposal of excess stock: keep what is used before its holding eats what disposal brings).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from demand.history import Float64Array1D, Int64Array1D
from optimisation.channels import ragged_ranges


@dataclass(frozen=True)
class Idle:
    """Stock beyond its level, a row per line, ``(n_lines,)`` each; money in ten-thousandths per unit.

    Parameters
    ----------
    units
        n, zero or more.
    cost_e4, lacking_e4, holding_per_year_e4
        c, b and h.
    units_per_year
        λ, zero or more: the demand of a part that is still asked for.
    alive
        p, from 0 to 1.
    years
        H, above zero.
    """

    units: Int64Array1D
    cost_e4: Float64Array1D
    lacking_e4: Float64Array1D
    holding_per_year_e4: Float64Array1D
    units_per_year: Float64Array1D
    alive: Float64Array1D
    years: Float64Array1D


@dataclass(frozen=True)
class Ways:
    """Where stock can go, ``(n_lines,)`` each; money in ten-thousandths.

    Parameters
    ----------
    return_e4, returnable
        r, and the units that may go back.
    discount_e4
        d.
    line_cost_e4
        What a line sent back, or sold cheaply, costs in work.
    """

    return_e4: Int64Array1D
    returnable: Int64Array1D
    discount_e4: Int64Array1D
    line_cost_e4: Int64Array1D


@dataclass(frozen=True)
class Actions:
    """How many units go where, and what each way is worth, ``(n_lines,)`` each.

    Parameters
    ----------
    kept, returned, discounted, written_off
        Units; they sum to those of the line.
    kept_worth_e4
        Worth of keeping the units kept.
    gone_keep_worth_e4
        Worth of keeping the units that go instead: what is given up.
    worth_e4
        Worth of the line, all ways together, less fixed costs.
    """

    kept: Int64Array1D
    returned: Int64Array1D
    discounted: Int64Array1D
    written_off: Int64Array1D
    kept_worth_e4: Int64Array1D
    gone_keep_worth_e4: Int64Array1D
    worth_e4: Int64Array1D


def keep_worth_e4(idle: Idle, line: Int64Array1D, unit: Int64Array1D) -> Int64Array1D:
    """Return keep_j of units of lines, rounded to the last unit of money.

    Parameters
    ----------
    line, unit
        Row of `idle`, and j from 1 up, ``(n,)`` each.
    """
    rate, years, holding = idle.units_per_year[line], idle.years[line], idle.holding_per_year_e4[line]
    with np.errstate(divide="ignore", over="ignore"):
        used_after = unit / rate  # never, at a rate of zero
    alive, wasted = idle.alive[line], holding * years
    saved = idle.cost_e4[line] + idle.lacking_e4[line]
    with np.errstate(invalid="ignore", over="ignore"):
        used = np.where(holding > 0, saved - holding * used_after, np.where(rate > 0, saved, 0.0))
    return np.round(alive * np.maximum(used, -wasted) - (1 - alive) * wasted).astype(np.int64)


def units_worth_e4(idle: Idle, line: Int64Array1D, have: Int64Array1D, get: Int64Array1D) -> Int64Array1D:
    """Return what it is worth to keep so many units of a line rather than others: Σ keep_j from `have` to `get`.

    Parameters
    ----------
    line
        Rows of `idle`, ``(n,)``.
    have, get
        Units beyond the level before and after; where fewer come of it, the worth is what is given up, below zero.
    """
    low, high = np.minimum(have, get), np.maximum(have, get)
    row, unit = ragged_ranges(high - low)
    sums = np.zeros(line.size, dtype=np.int64)
    np.add.at(sums, row, keep_worth_e4(idle, line[row], low[row] + unit + 1))
    return np.where(get >= have, sums, -sums)


def best_actions(idle: Idle, ways: Ways) -> Actions:
    """Return what to do with each line, the most worth in all; of equals, the one that keeps most."""
    count = idle.units.size
    line, kept = ragged_ranges(idle.units + 1)
    starts = np.cumsum(idle.units + 1) - (idle.units + 1)
    each = np.where(kept > 0, keep_worth_e4(idle, line, np.maximum(kept, 1)), 0)
    sums = np.cumsum(each)
    keeping = sums - sums[starts][line] if count else sums  # each line begins with no unit, worth nothing
    gone = idle.units[line] - kept
    going = _going(ways, line, gone)[0]
    total = keeping + going
    best = np.full(count, np.iinfo(np.int64).min)
    np.maximum.at(best, line, total)
    at_best = total == best[line]
    chosen = np.zeros(count, dtype=np.int64)
    np.maximum.at(chosen, line[at_best], kept[at_best])
    where = starts + chosen
    rows = np.arange(count)
    _, returned, discounted = _going(ways, rows, idle.units - chosen)
    last = starts + idle.units
    return Actions(
        chosen,
        returned,
        discounted,
        idle.units - chosen - returned - discounted,
        keeping[where] if count else best,
        keeping[last] - keeping[where] if count else best,
        best,
    )


def _going(ways: Ways, line: Int64Array1D, units: Int64Array1D) -> tuple[Int64Array1D, Int64Array1D, Int64Array1D]:
    """Return the most that units of lines bring, and how many go back and are sold cheaply for it."""
    back = np.minimum(units, ways.returnable[line])
    r, d, fixed = ways.return_e4[line], ways.discount_e4[line], ways.line_cost_e4[line]
    nothing = np.zeros_like(units)
    choices = (
        (nothing, nothing),
        (back, nothing),
        (nothing, units),
        (back, units - back),
    )
    worth = np.stack([r * x + d * y - fixed * ((x > 0).astype(np.int64) + (y > 0)) for x, y in choices])
    chosen = worth.argmax(axis=0)
    pick = np.arange(units.size)
    return (
        worth[chosen, pick],
        np.stack([x for x, _ in choices])[chosen, pick],
        np.stack([y for _, y in choices])[chosen, pick],
    )


def within_quota(
    idle: Idle, ways: Ways, quota: Int64Array1D, quota_left_e4: Int64Array1D, charge_e4: Int64Array1D
) -> Int64Array1D:
    """Return how many units of each line may go back once lines that share a quota have shared it.

    Parameters
    ----------
    quota
        Index of the quota that each line draws on, ``(n_lines,)``.
    quota_left_e4
        What is left of each, ``(n_quotas,)``.
    charge_e4
        What a unit takes of it, above zero, ``(n_lines,)``.
    """
    free = best_actions(idle, ways)
    without = best_actions(
        idle, Ways(ways.return_e4, np.zeros_like(ways.returnable), ways.discount_e4, ways.line_cost_e4)
    )
    asked_e4 = free.returned * charge_e4
    gain = (free.worth_e4 - without.worth_e4) / np.maximum(asked_e4, 1)
    order = np.lexsort((np.arange(gain.size), -gain, quota))
    spent = np.cumsum(asked_e4[order])
    first = np.searchsorted(quota[order], quota[order], side="left")
    before = spent - asked_e4[order] - np.where(first > 0, spent[first - 1], 0)
    left = np.maximum(quota_left_e4[quota[order]] - before, 0)
    allowed = np.zeros_like(free.returned)
    allowed[order] = np.minimum(free.returned[order], left // charge_e4[order])
    return allowed
