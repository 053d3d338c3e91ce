"""Bulk orders: single lines far beyond the law of line sizes, set apart by one named rule, and how they come again.

Model in words. A line is *beyond the usual* if a line as large would hardly be seen even once among all lines of its
part. The tail of the sizes is taken for geometric with the mean m of the part's other lines (its own size left out, so
that it can't vouch for itself; one more line of what a vehicle takes stands in where there are few):

    P(size ≥ x) = (1 − 1 / m)^(x − 1)        beyond: n P < 0.001 and x ≥ 5 max(fitted, the third largest other size)

n: lines of the part. A geometric tail is heavier than sizes of service lines are, and a part that is often sold by the
box has a large m and a large third size: neither is set apart. A person may confirm a line as bulk or as usual; that
outweighs the rule.

Who ordered in bulk once may do so again: each bulk line comes again within T days with chance

    F = 1 − exp(−η exp(−age / A) T)          η = (returns + 0.2) / (years at risk + 2) a year, A = one year

returns: bulk lines after the first of their item. Source of the hold-out with a fading return: practice; of the rate: a
gamma prior of 0.2 returns in two years.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from demand.history import Float64Array1D, Int64Array1D

RULE = "beyond-usual-size"
_RARE = 1e-3
_TIMES = 5
_RETURNS, _YEARS = 0.2, 2.0
FADES_DAYS = 365.0
DAYS_PER_YEAR = 365.25


def beyond_usual(
    part: Int64Array1D, size: Int64Array1D, fitted: Int64Array1D
) -> tuple[NDArray[np.bool_], Float64Array1D]:
    """Say which lines are far beyond the usual size of their part's, and what is usual for each.

    Parameters
    ----------
    part, size
        Code of the part and size in demand units of each line, one or more, ``(n_lines,)``.
    fitted
        What one vehicle takes of each part, in demand units, one or more, ``(n_parts,)``.

    Returns
    -------
    tuple
        Whether each line is beyond, and m, ``(n_lines,)`` each.

    >>> beyond_usual(np.zeros(6, dtype=int), np.array([1, 2, 1, 1, 1, 60]), np.array([1]))[0].tolist()
    [False, False, False, False, False, True]
    """
    parts = fitted.size
    lines = np.bincount(part, minlength=parts)
    total = np.bincount(part, weights=size, minlength=parts)
    others = (total[part] - size + fitted[part]) / lines[part]
    usual = np.maximum(others, 1 + 1e-9)
    tail = np.exp((size - 1) * np.log1p(-1 / np.maximum(usual, 1 + 1e-6)))
    third = _third_largest_other(part, size, parts)
    is_beyond = (lines[part] * tail < _RARE) & (size >= _TIMES * np.maximum(fitted[part], third))
    return is_beyond, usual


def _third_largest_other(part: Int64Array1D, size: Int64Array1D, parts: int) -> Int64Array1D:
    """Return, per line, the third largest size among the part's other lines; 0 where there are fewer."""
    order = np.lexsort((-size, part))
    begins = np.searchsorted(part[order], np.arange(parts + 1))
    rank = np.empty(part.size, dtype=np.int64)
    rank[order] = np.arange(part.size) - begins[part[order]]
    # Without the line itself the third of the others is the fourth of all, if the line is one of the first three.
    wanted = begins[part] + np.where(rank < 3, 3, 2)
    there = wanted < begins[part + 1]
    third: Int64Array1D = np.where(there, size[order][np.minimum(wanted, max(part.size - 1, 0))], 0)
    return third


def returns_per_day(item: Int64Array1D, age_days: Float64Array1D) -> Float64Array1D:
    """Return the pace at which each bulk line comes again, a day, ``(n_lines,)``.

    Parameters
    ----------
    item, age_days
        Row of the item and days before the origin of each bulk line, ``(n_lines,)``.
    """
    again = item.size - np.unique(item).size
    at_risk = float(age_days.sum()) / DAYS_PER_YEAR
    pace = (again + _RETURNS) / (at_risk + _YEARS) / DAYS_PER_YEAR
    return np.asarray(pace * np.exp(-age_days / FADES_DAYS), dtype=np.float64)
