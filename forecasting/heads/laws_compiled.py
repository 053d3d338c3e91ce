"""The averaged law of `laws`, item by item, compiled: three tables, their averaged quantiles, stretched and cut.

For items whose laws are short. The tables are those of `laws`, which are also the plain twin; calls are added up
period by period without a transform, and a table is written only as far as something lies on it (`_NOTHING`). The
average is walked step by step: between two steps every head's quantile is one whole level, and the share between them
is laid on the two whole levels about their weighted sum.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from demand.compiled import compiled
from demand.history import Float64Array1D, Float64Array2D, Int64Array1D

_LEAST_LOG = -600.0
_ROUNDING = 1e-10
_NOTHING = 1e-11
"""Mass beyond the last point of a table that is written."""


@compiled
def _negative_binomial(mean: float, size: float, law: Float64Array1D) -> int:
    """Write P(Y = 0), P(Y = 1), … as far as something lies there, and return how far."""
    mu = max(mean, 1e-12)
    log_beyond = math.log1p(mu / size)
    first, ratio = -size * log_beyond, mu / (size + mu)
    total, reach = 0.0, law.size
    for k in range(law.size):
        if first < _LEAST_LOG:
            gammas = math.lgamma(size + k) - math.lgamma(size) - math.lgamma(k + 1.0)
            law[k] = math.exp(gammas + first + k * math.log(ratio))
        elif k == 0:
            law[k] = math.exp(first)
        else:
            law[k] = law[k - 1] * ((size + (k - 1)) / k * ratio)
        total += law[k]
        # What is still to come falls at least as fast as a geometric series.
        falls = max((size + k) / (k + 1) * ratio, ratio)
        if k >= mu and law[k] * falls < (1 - falls) * _NOTHING:
            reach = k + 1
            break
    _close(law[:reach], total)
    return reach


@compiled
def _close(law: Float64Array1D, total: float) -> None:
    """Lay what is missing to one on the last point."""
    if total < 1:
        law[law.size - 1] += 1 - total
        total = 1.0
    for k in range(law.size):
        law[k] /= total


@compiled
def _times(share: float, precision: float, times: Float64Array1D) -> None:
    """Write P(N = 0 … L), beta-binomial."""
    length = times.size - 1
    a = share * precision
    b = precision - a
    times[0] = 1.0
    for j in range(length):
        times[0] *= (b + j) / (precision + j)
    for n in range(length):
        times[n + 1] = times[n] * ((length - n) / (n + 1)) * (a + n) / (b + (length - n - 1))


@compiled
def _sizes(piece: tuple[float, float, float], own: Float64Array1D, size: Float64Array1D) -> int:
    """Write the law of the size of one period's demand, and return how far it goes."""
    points, trust, number = size.size, piece[2], 0.0
    size[:] = 0.0
    reach = 1 + _negative_binomial(piece[0], piece[1], size[1:])
    for k in range(1, reach):
        size[k] *= trust
    for y in own:
        if y > 0:
            k = min(int(y), points - 1)
            size[k] += 1.0
            reach = max(reach, k + 1)
            number += 1.0
    for k in range(1, reach):
        size[k] /= number + trust
    return reach


@compiled
def _calls(
    times: Float64Array1D, size: Float64Array1D, size_reach: int, law: Float64Array1D, sums: Float64Array1D
) -> int:
    """Write the law of the calls head and return how far it goes; `sums` is room to work in, as long as the law."""
    points, last = law.size, times.size - 1
    law[0] = times[last]
    reach = 1
    for n in range(last - 1, -1, -1):
        further = min(reach + size_reach - 1, points)
        sums[:further] = 0.0
        for i in range(reach):
            some = law[i]
            onward = sums[i:further]  # a run of its own, so that several sums are taken at once
            for k in range(min(size_reach, further - i)):
                onward[k] += some * size[k]
        sums[0] += times[n]
        beyond = 0.0
        while further > 1 and beyond + sums[further - 1] < _NOTHING:
            further -= 1
            beyond += sums[further]
        reach = further
        law[:reach] = sums[:reach]
    total = 0.0
    for k in range(reach):
        total += law[k]
    _close(law[:reach], total)
    return reach


@compiled
def _cumulated(law: Float64Array1D) -> None:
    """Turn P(Y = k) into P(Y ≤ k)."""
    for k in range(1, law.size):
        law[k] = min(law[k] + law[k - 1], 1.0)
    law[law.size - 1] = 1.0


@compiled
def _averaged(tables: Float64Array2D, reach: Int64Array1D, weights: Float64Array1D, below: Float64Array1D) -> None:
    """Write P(Y ≤ k) of the averaged quantiles from P(Y ≤ k) of each table, as far as each of them goes."""
    heads, points = weights.size, below.size
    place = np.zeros(heads, dtype=np.int64)
    below[:] = 0.0
    share = 0.0
    while True:
        following, leader, level = 2.0, -1, 0.0
        for head in range(heads):
            if place[head] < reach[head]:
                level += weights[head] * place[head]
                if tables[head, place[head]] < following:
                    following, leader = tables[head, place[head]], head
            else:
                level += weights[head] * (reach[head] - 1)
        if leader < 0:
            break
        k = min(int(level + _ROUNDING), points - 1)
        upward = max(level - k, 0.0) * (following - share) if k < points - 1 else 0.0
        below[k] += following - share - upward
        if upward > 0:
            below[k + 1] += upward
        place[leader] += 1
        share = following
    _cumulated(below)


@compiled
def _stretched(share: float, points: Float64Array1D, told: Float64Array1D) -> float:
    """Return h(p)."""
    place = 1
    while place < points.size - 1 and share > points[place]:
        place += 1
    part = (share - points[place - 1]) / (points[place] - points[place - 1])
    return float(told[place - 1] + part * (told[place] - told[place - 1]))


@compiled
def _table(
    voice: int,
    said: Float64Array1D,
    own: Float64Array1D,
    table: Float64Array1D,
    room: Float64Array2D,
    times: Float64Array1D,
) -> int:
    """Write P(Y ≤ k) of count, calls or filter, and return how far it goes; `room` and `times` are to work in."""
    if voice == 1:
        points = table.size
        _times(said[2], said[3], times)
        size_reach = _sizes((said[4], said[5], said[6]), own, room[0, :points])
        reach = _calls(times, room[0, :points], size_reach, table, room[1, :points])
    else:
        reach = _negative_binomial(said[0 if voice == 0 else 7], said[1 if voice == 0 else 8], table)
    _cumulated(table[:reach])
    return reach


@compiled
def short_laws(
    said: Float64Array2D,
    own: Float64Array2D,
    weights: Float64Array2D,
    length: int,
    sizes: Int64Array1D,
    curve: Float64Array2D,
    tail_probability: float,
    found: Float64Array1D,
) -> NDArray[np.int64]:
    """Write each item's law, one after another, and return how many points each has.

    Parameters
    ----------
    said
        Mean and size of the count; share, precision; mean, size and trust of the pieces; mean and size of the filter,
        ``(n_items, 9)``.
    own
        Past demand, ``(n_items, n_periods)``.
    weights
        Of count, calls and filter, ``(n_items, 3)``.
    length
        L.
    sizes
        Points that hold each law, ``(n_items,)``.
    curve
        Points and heights of the stretching, ends included, ``(2, n_knots)``.
    tail_probability
        Mass beyond the last point kept.
    found
        Out: room for Σ sizes probabilities.
    """
    longest = sizes.max()
    tables, room, below, times = np.empty((3, longest)), np.empty((2, longest)), np.empty(longest), np.empty(length + 1)
    heard, reach = np.empty(3), np.empty(3, dtype=np.int64)
    kept = np.zeros(sizes.size, dtype=np.int64)
    end = 0
    for item in range(sizes.size):
        heads, points = 0, 1
        for voice in range(3):
            if weights[item, voice] > 0:
                heard[heads] = weights[item, voice]
                reach[heads] = _table(voice, said[item], own[item], tables[heads, : sizes[item]], room, times)
                points = max(points, reach[heads])
                heads += 1
        _averaged(tables, reach, heard[:heads], below[:points])
        last = points - 1
        for k in range(points):
            below[k] = _stretched(below[k], curve[0], curve[1])
        while last > 0 and 1.0 - below[last - 1] <= tail_probability:
            last -= 1
        for k in range(last + 1):
            found[end + k] = max(below[k] - (below[k - 1] if k > 0 else 0.0), 0.0)
        found[end + last] = max(1.0 - (below[last - 1] if last > 0 else 0.0), 0.0)
        kept[item] = last + 1
        end += last + 1
    return kept


@compiled
def short_quantiles(
    said: Float64Array2D,
    own: Float64Array2D,
    length: int,
    points: Int64Array1D,
    voice: int,
    shares: Float64Array1D,
    found: Float64Array2D,
) -> None:
    """Write the quantiles of one head's law, item by item.

    Parameters
    ----------
    said, own, length
        As for `short_laws`.
    points
        Points that hold the head's law, ``(n_items,)``.
    voice
        Count, calls or filter: 0, 1, 2.
    shares
        Rising, ``(n_shares,)``.
    found
        Out, ``(n_items, n_shares)``.
    """
    longest = points.max()
    table, room, times = np.empty(longest), np.empty((2, longest)), np.empty(length + 1)
    for item in range(points.size):
        reach, k = _table(voice, said[item], own[item], table[: points[item]], room, times), 0
        for j in range(shares.size):
            while k < reach - 1 and table[k] < shares[j] - _ROUNDING:
                k += 1
            found[item, j] = k
