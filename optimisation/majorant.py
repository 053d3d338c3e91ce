"""The concave majorant of many curves at once: the steps at which spending a little more is honestly worth it.

The service of a part against its stock value is rarely concave: the first units of a fast mover fill nothing, a line
of four needs four units. Adding units one by one as long as each pays would stop before them. The concave majorant is
the string pulled tight over the curve; its corners are the only levels that are best at some price of money, and
between corners the gain per money falls. Symbols: x spent, y gained, both rising along a curve.

A point below the chord of any two points around it is no corner. Walking along a curve, the last corners found are
taken back while they lie below the chord from the one before them to the point reached: each point comes once and goes
at most once, and what is left is the upper hull (Andrew 1979). Points on a chord stay: they are steps of equal gain.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demand.compiled import compiled
from demand.history import Float64Array1D, Int64Array1D


@dataclass(frozen=True)
class Steps:
    """The edges of concave majorants, in the order of the curves and along each curve.

    Parameters
    ----------
    curve
        Index of the curve an edge belongs to, ``(n_steps,)``.
    point
        Flat index of the point where the edge ends.
    spent, gained
        Length of the edge along x and y; per curve, gained/spent falls from edge to edge.
    """

    curve: Int64Array1D
    point: Int64Array1D
    spent: Float64Array1D
    gained: Float64Array1D

    def best_first(self) -> Int64Array1D:
        """Return the order of the edges by gain per money, best first; along a curve the order is kept."""
        with np.errstate(divide="ignore", invalid="ignore"):
            rate = np.where(self.spent > 0, self.gained / self.spent, np.inf)
        return np.lexsort((self.point, -rate))

    def rising(self) -> Steps:
        """Return the edges that lead upward; along a curve they come before all others."""
        up = self.gained > 0
        return Steps(self.curve[up], self.point[up], self.spent[up], self.gained[up])


def concave_steps(
    spent: Float64Array1D, gained: Float64Array1D, boundaries: Int64Array1D, allowed: NDArray[np.bool_]
) -> Steps:
    """Return the edges of the concave majorant of each curve that lead upward; parameters as of `majorant_steps`."""
    return majorant_steps(spent, gained, boundaries, allowed).rising()


def majorant_steps(
    spent: Float64Array1D, gained: Float64Array1D, boundaries: Int64Array1D, allowed: NDArray[np.bool_]
) -> Steps:
    """Return all edges of the concave majorant of each curve, from its first allowed point to its last.

    Parameters
    ----------
    spent, gained
        x and y of all curves, flat; x never falls along a curve.
    boundaries
        Curve i is ``boundaries[i]:boundaries[i + 1]``.
    allowed
        Points that may be chosen, flat; the first allowed point is where the curve starts.
    """
    curve_of = np.repeat(np.arange(boundaries.size - 1), np.diff(boundaries))
    point = np.flatnonzero(allowed)
    corner = point[_is_corner(spent[point], gained[point], curve_of[point])]
    same = curve_of[corner[1:]] == curve_of[corner[:-1]]
    left, right = corner[:-1][same], corner[1:][same]
    return Steps(curve_of[right], right, spent[right] - spent[left], gained[right] - gained[left])


@compiled
def _is_corner(x: Float64Array1D, y: Float64Array1D, curve: Int64Array1D) -> NDArray[np.bool_]:
    """Tell the points of the upper hulls; the points of a curve lie side by side."""
    is_corner = np.zeros(x.size, dtype=np.bool_)
    kept = np.empty(x.size, dtype=np.int64)
    first = last = -1  # places in `kept` of the curve's corners so far
    for i in range(x.size):
        if i == 0 or curve[i] != curve[i - 1]:
            first = last + 1
            last = first - 1
        while last > first:
            a, b = kept[last - 1], kept[last]
            if (y[b] - y[a]) * (x[i] - x[b]) >= (y[i] - y[b]) * (x[b] - x[a]):
                break
            last -= 1
        last += 1
        kept[last] = i
    for place in range(last + 1):
        is_corner[kept[place]] = True
    return is_corner
