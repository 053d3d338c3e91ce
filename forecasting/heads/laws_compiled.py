"""The averaged law of `laws`, item by item, compiled: three tables, their averaged quantiles, stretched and cut.

For items whose laws are short. The tables are those of `laws`, which are also the plain twin; calls are added up
period by period without a transform. The average is walked knot by knot: between two knots every head's quantile is a
straight line in the share p, so their weighted sum is, and where it passes a whole level k, P(Y ≤ k) = p.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from demand.compiled import compiled
from demand.history import Float64Array1D, Float64Array2D, Int64Array1D

_LEAST_LOG = -600.0


@compiled
def _negative_binomial(mean: float, size: float, law: Float64Array1D) -> None:
    """Write P(Y = 0), P(Y = 1), …; what is beyond lies on the last point."""
    mu = max(mean, 1e-12)
    log_beyond = math.log1p(mu / size)
    first, ratio = -size * log_beyond, mu / (size + mu)
    total = 0.0
    for k in range(law.size):
        if first < _LEAST_LOG:
            gammas = math.lgamma(size + k) - math.lgamma(size) - math.lgamma(k + 1.0)
            law[k] = math.exp(gammas + first + k * math.log(ratio))
        elif k == 0:
            law[k] = math.exp(first)
        else:
            law[k] = law[k - 1] * ((size + (k - 1)) / k * ratio)
        total += law[k]
    _close(law, total)


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
def _calls(
    times: Float64Array1D,
    piece: tuple[float, float, float],
    own: Float64Array1D,
    law: Float64Array1D,
    size: Float64Array1D,
    sums: Float64Array1D,
) -> None:
    """Write the law of the calls head; `size` and `sums` are room to work in, as long as the law."""
    points, trust, number = law.size, piece[2], 0.0
    size[0] = 0.0
    _negative_binomial(piece[0], piece[1], size[1:])
    for k in range(points):
        size[k] *= trust
    for y in own:
        if y > 0:
            size[min(int(y), points - 1)] += 1.0
            number += 1.0
    for k in range(points):
        size[k] /= number + trust
    last = times.size - 1
    law[:] = 0.0
    law[0] = times[last]
    reach = 1  # points of the law filled so far
    for n in range(last - 1, -1, -1):
        sums[:] = 0.0
        for i in range(reach):
            some = law[i]
            for k in range(points - i):
                sums[i + k] += some * size[k]
        sums[0] += times[n]
        law[:] = sums
        reach = points
    total = 0.0
    for k in range(points):
        total += law[k]
    _close(law, total)


@compiled
def _averaged(tables: Float64Array2D, weights: Float64Array1D, below: Float64Array1D) -> None:
    """Write P(Y ≤ k) of the averaged quantiles from the tables, which are turned into their own P(Y ≤ k)."""
    heads, points = tables.shape
    for head in range(heads):
        for k in range(1, points):
            tables[head, k] = min(tables[head, k] + tables[head, k - 1], 1.0)
        tables[head, points - 1] = 1.0
    place = np.zeros(heads, dtype=np.int64)
    share, level, k = 0.0, -1.0, 0
    while k < points - 1:
        following, leader = 2.0, -1
        for head in range(heads):
            if place[head] < points and tables[head, place[head]] < following:
                following, leader = tables[head, place[head]], head
        if leader < 0:
            break
        reached = 0.0
        for head in range(heads):
            i = place[head]
            if head == leader or i >= points:
                reached += weights[head] * (i if head == leader else points - 1)
                continue
            low = tables[head, i - 1] if i > 0 else 0.0
            width = tables[head, i] - low
            part = (following - low) / width if width > 0 else 0.0
            reached += weights[head] * (i - 1 + part)
        place[leader] += 1
        reached = max(reached, level)
        while k < points - 1 and k <= reached + 1e-9:
            part = (k - level) / (reached - level) if reached > level else 1.0
            below[k] = share + min(max(part, 0.0), 1.0) * (following - share)
            k += 1
        share, level = following, reached
    for rest in range(k, points):
        below[rest] = 1.0


@compiled
def _stretched(share: float, points: Float64Array1D, told: Float64Array1D) -> float:
    """Return h(p)."""
    place = 1
    while place < points.size - 1 and share > points[place]:
        place += 1
    part = (share - points[place - 1]) / (points[place] - points[place - 1])
    return float(told[place - 1] + part * (told[place] - told[place - 1]))


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
    tables, size, sums, below = np.empty((3, longest)), np.empty(longest), np.empty(longest), np.empty(longest)
    heard, times = np.empty(3), np.empty(length + 1)
    kept = np.zeros(sizes.size, dtype=np.int64)
    end = 0
    for item in range(sizes.size):
        points, heads = sizes[item], 0
        row = said[item]
        short = tables[:, :points]
        if weights[item, 0] > 0:
            _negative_binomial(row[0], row[1], short[heads])
            heard[heads] = weights[item, 0]
            heads += 1
        if weights[item, 1] > 0:
            _times(row[2], row[3], times)
            piece = (row[4], row[5], row[6])
            _calls(times, piece, own[item], short[heads], size[:points], sums[:points])
            heard[heads] = weights[item, 1]
            heads += 1
        if weights[item, 2] > 0:
            _negative_binomial(row[7], row[8], short[heads])
            heard[heads] = weights[item, 2]
            heads += 1
        _averaged(short[:heads], heard[:heads], below[:points])
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
