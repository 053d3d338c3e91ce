"""Service of an order-up-to level under periodic review: what share of the order lines the shelf fills complete.

Every R days the position (on hand + on order − backorders) is ordered up to the level S; the order is on the shelf L
days later. The demand that this order serves falls into the R days between its arrival and the arrival of the next
one; before each moment of them the shelf has lost the demand of the L days and of what has passed of the R. So two
laws are all that is needed: D_L, demand until the order arrives, and D_P, demand until the next one does, P = L + R.

    unit fill        1 − (E[(D_P − S)⁺] − E[(D_L − S)⁺]) / E[D_P − D_L]         (share of units filled at once)
    complete lines   an order line of size X is filled complete if D + X ≤ S, D the demand before it.

Complete lines over the R days are counted by the renewal function m of the line size, m(y) = E[number of lines that
fit one after another into y units], m(y) = P(X ≤ y) + Σₓ P(X = x) m(y − x):

    B(S) = E[m((S − D_L)⁺)] − E[m((S − D_P)⁺)],    complete-line fill = B(S) / (E[D_P − D_L] / E[X])

because a line that arrives at net stock y takes m's argument from y to y − X and E[m(y) − m(y − X)] = P(X ≤ y). The
identity holds for lines that arrive as a Poisson process, mixed over an unknown rate and over a random lead time; with
X = 1 it is the unit fill. Inserting m's equation gives B without m, term by term and all items at once:

    B(S) = Σₓ P(X = x) (F_L(S − x) − F_P(S − x) + B(S − x)),    B(0) = 0.

Symbols: demand in demand units, L, R, P in days, F the cumulative laws. Unmet demand waits for the next delivery
(backorder); where it is ordered urgently or lost in its place the shelf does better than this says, never worse.
The unit fill is the classical one (Silver, Pyke & Thomas 2017, §7.9; the second loss term included); the renewal
argument follows Feller 1971, vol. II, ch. XI.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from demand.distribution import DemandLaw
from demand.history import Float64Array1D, Float64Array2D, Int64Array1D

_CELLS_PER_CHUNK = 2_000_000
"""Matrix cells worked on at once: some 16 MB per matrix, so that a large assortment fits any machine."""


@dataclass(frozen=True)
class FillCurves:
    """What each level S = 0, 1, 2, … of each item achieves, ragged.

    Parameters
    ----------
    complete_lines
        B(S): order lines filled complete during one review interval, flat.
    stock_units
        Expected units on the shelf, mean of the moment after one delivery and before the next, flat.
    boundaries
        Item i's points are ``boundaries[i]:boundaries[i + 1]``, the first is S = 0; ``(n_items + 1,)``.
    lines
        Order lines expected in one review interval, ``(n_items,)``.
    """

    complete_lines: Float64Array1D
    stock_units: Float64Array1D
    boundaries: Int64Array1D
    lines: Float64Array1D

    @property
    def level_max(self) -> Int64Array1D:
        """The highest level each curve knows; above it nothing more is gained."""
        return np.diff(self.boundaries) - 1

    def complete_lines_at(self, level: ArrayLike) -> Float64Array1D:
        """Return B at one level per item; zero below the first unit, flat above the curve's end."""
        levels = np.broadcast_to(np.asarray(level, dtype=np.int64), self.lines.shape)
        inside = np.clip(levels, 0, self.level_max)
        lines: Float64Array1D = self.complete_lines[self.boundaries[:-1] + inside]
        return lines

    def fill_at(self, level: ArrayLike) -> Float64Array1D:
        """Return the share of order lines filled complete at one level per item; 1 where nothing is asked for."""
        asked = self.lines > 0
        share = self.complete_lines_at(level) / np.where(asked, self.lines, 1.0)
        return np.where(asked, np.clip(share, 0.0, 1.0), 1.0)

    def least_level(self, share: Float64Array1D) -> Int64Array1D:
        """Return the least level of each item that fills the asked share of its lines; 0 where nothing is asked for."""
        wanted = np.repeat(share * self.lines, self.level_max + 1)
        below = (self.complete_lines < wanted - 1e-12).astype(np.int64)
        counted = np.add.reduceat(below, self.boundaries[:-1]) if self.lines.size else np.zeros(0, dtype=np.int64)
        return np.minimum(counted, self.level_max)

    def take(self, items: NDArray[np.bool_]) -> FillCurves:
        """Return the curves of some items."""
        points = np.repeat(items, np.diff(self.boundaries))
        boundaries = np.concatenate([[0], np.cumsum(np.diff(self.boundaries)[items])]).astype(np.int64)
        return FillCurves(self.complete_lines[points], self.stock_units[points], boundaries, self.lines[items])

    def stock_at(self, level: ArrayLike) -> Float64Array1D:
        """Return the expected units on the shelf at one level per item."""
        levels = np.broadcast_to(np.asarray(level, dtype=np.int64), self.lines.shape)
        inside = np.clip(levels, 0, self.level_max)
        beyond = np.maximum(levels - self.level_max, 0)
        units: Float64Array1D = self.stock_units[self.boundaries[:-1] + inside] + beyond
        return units


def unit_fill(lead: DemandLaw, protection: DemandLaw, level: ArrayLike) -> Float64Array1D:
    """Return the share of units filled at once at one level per item.

    Parameters
    ----------
    lead, protection
        Laws of the demand until this order arrives and until the next one does, ``n_items`` rows.
    level
        S in demand units, a number or ``(n_items,)``.
    """
    asked = protection.mean() - lead.mean()
    short = protection.expected_shortage(level) - lead.expected_shortage(level)
    return np.where(asked > 0, 1 - short / np.where(asked > 0, asked, 1.0), 1.0)


def fill_curves(lead: DemandLaw, protection: DemandLaw, line_size: DemandLaw) -> FillCurves:
    """Return complete lines and stock of every level of every item.

    Parameters
    ----------
    lead, protection
        Laws of the demand until this order arrives and until the next one does, ``n_items`` rows; the second is
        never smaller than the first.
    line_size
        Law of the size of one order line in demand units; P(0) = 0.

    Raises
    ------
    ValueError
        If the numbers of rows differ or a line size may be zero.
    """
    if not lead.item_count == protection.item_count == line_size.item_count:
        raise ValueError("the three laws have one row per item")
    if line_size.probability[line_size.boundaries[:-1]].any():
        raise ValueError("an order line asks for one unit or more")
    largest_line = line_size.sizes - 1
    points = np.maximum(lead.sizes, protection.sizes) + largest_line - 1
    boundaries = np.concatenate([[0], np.cumsum(points)]).astype(np.int64)
    complete, stock = np.zeros(boundaries[-1]), np.zeros(boundaries[-1])
    for items in _alike(points, largest_line):
        width = int(points[items].max())
        lead_below, protection_below = _cumulative(lead, items, width), _cumulative(protection, items, width)
        size = _matrix(line_size, items, int(largest_line[items].max()) + 1)
        place, cell = _flat_places(boundaries, points, items)
        complete[place] = _complete_lines(np.maximum(lead_below - protection_below, 0), size)[cell]
        stock[place] = _stock_units((lead_below + protection_below) / 2)[cell]
    lines = np.maximum(protection.mean() - lead.mean(), 0) / line_size.mean() if lead.item_count else np.zeros(0)
    return FillCurves(complete, stock, boundaries, lines)


def _complete_lines(demand_between: Float64Array2D, size: Float64Array2D) -> Float64Array2D:
    """B by its recursion; rows are levels, columns items. `demand_between` is F_L − F_P, `size` P(X = x)."""
    total = np.zeros_like(demand_between)
    terms = demand_between.copy()  # F_L(k) - F_P(k) + B(k), completed as k grows
    longest = size.shape[0] - 1
    for level in range(1, total.shape[0]):
        reach = min(level, longest)
        total[level] = np.einsum("xi,xi->i", size[1 : reach + 1], terms[level - reach : level][::-1])
        terms[level] += total[level]
    return total


def _stock_units(at_most: Float64Array2D) -> Float64Array2D:
    """E[(S − D)⁺] = Σ P(D ≤ k) over k < S; rows are levels, columns items."""
    stock = np.zeros_like(at_most)
    np.cumsum(at_most[:-1], axis=0, out=stock[1:])
    return stock


def _alike(points: Int64Array1D, largest_line: Int64Array1D) -> list[Int64Array1D]:
    """Return the items in groups of like size, so that padding them to one matrix wastes little."""
    order = np.lexsort((points, np.ceil(np.log2(np.maximum(largest_line, 1)))))
    groups: list[Int64Array1D] = []
    start = 0
    while start < order.size:
        limit = min(start + 4096, order.size)
        class_of = np.ceil(np.log2(points[order[start:limit]] + 1.0))
        same = int(np.argmax(class_of != class_of[0])) if (class_of != class_of[0]).any() else limit - start
        room = max(1, _CELLS_PER_CHUNK // int(2 ** class_of[0]))
        groups.append(np.sort(order[start : start + min(same, room)]))
        start += min(same, room)
    return groups


def _matrix(law: DemandLaw, items: Int64Array1D, width: int) -> Float64Array2D:
    """Return P(D = k) of some items as columns, padded with zeros to `width` rows."""
    some = law.take(items)
    matrix = np.zeros((width, items.size))
    item = np.repeat(np.arange(items.size), some.sizes)
    matrix[np.arange(some.probability.size) - some.boundaries[item], item] = some.probability
    return matrix


def _cumulative(law: DemandLaw, items: Int64Array1D, width: int) -> Float64Array2D:
    return np.minimum(np.cumsum(_matrix(law, items, width), axis=0), 1.0)


def _flat_places(
    boundaries: Int64Array1D, points: Int64Array1D, items: Int64Array1D
) -> tuple[Int64Array1D, tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Return where the points of some items lie in the flat arrays, and in the matrix of the group."""
    column = np.repeat(np.arange(items.size), points[items])
    starts = np.concatenate([[0], np.cumsum(points[items])[:-1]])
    level = np.arange(column.size) - np.repeat(starts, points[items])
    return boundaries[items][column] + level, (level, column)
