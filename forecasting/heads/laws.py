"""The heads' numbers as probabilities of 0, 1, 2, … units, and the average of several laws' quantiles.

Averaged quantiles (Vincent 1912; Ratcliff 1979, Psychological Bulletin 86(3)): the law whose p-quantile is the mean of
the heads' p-quantiles. Unlike the mean of the probabilities it is no wider than the heads are. The mean of whole
quantiles need not be whole: what lies between k and k + 1 is laid on both, so that the level stays.

    Q(p) = Σ_v w_v Q_v(p),      P(Y = k) = ∫ max(0, 1 − |Q(p) − k|) dp

The mean of the law is then the weighted mean of the heads', to the last digit; where they differ by no more than one
unit it is their mixture. Spreading each law evenly between whole numbers and rounding the average up says too much
of parts that are seldom asked for: the head that expects more is then heard more.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import special

from demand.distribution import TAIL_PROBABILITY, DemandLaw, normalised
from demand.history import Float64Array1D, Float64Array2D, Int64Array1D
from forecasting.heads import calibrate
from forecasting.heads.heads import Numbers
from forecasting.heads.laws_compiled import short_laws, short_quantiles

_LENGTHS = np.array([whole for power in range(3, 16) for whole in (1 << power, 3 << (power - 1))] + [1 << 16])
"""Numbers of points a table may have: few, so that many items share a table, and easily transformed."""
_LEAST_LOG = -600.0
"""Logarithm of P(Y = 0) below which a table can't be built up from it."""
_CELLS = 1 << 18
"""Probabilities held at once; it bounds memory, not the result."""
_ROUNDING = 1e-10
_SHORT, _FEW_STEPS = 512, 800_000
"""Points, and steps of adding calls period by period, up to which a law is worked out item by item."""


def law_of(numbers: Numbers, weights: Float64Array2D, heights: Float64Array1D | None = None) -> DemandLaw:
    """Return each item's averaged law.

    Parameters
    ----------
    numbers
        What is said of each item.
    weights
        Of count, calls and filter, ``(n_items, 3)``, each row summing to one.
    heights
        How far the laws are stretched, see `calibrate.stretched`; as they are where not given.
    """
    heard = weights > 0
    longest = _points_needed(numbers, heard)
    is_short = _are_short(longest, numbers.length)
    sizes = np.zeros(weights.shape[0], dtype=np.int64)
    pieces = [_short_laws(numbers, weights, heights, longest, np.flatnonzero(is_short), sizes)]
    pieces += _long_laws(numbers, weights, heights, longest, np.flatnonzero(~is_short), sizes)
    boundaries = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    probability = np.empty(boundaries[-1])
    for chosen, kept in pieces:
        first = np.cumsum(sizes[chosen]) - sizes[chosen]
        probability[np.arange(kept.size) + np.repeat(boundaries[chosen] - first, sizes[chosen])] = kept
    return normalised(probability, boundaries)


def stacked(laws: list[DemandLaw]) -> DemandLaw:
    """Return the laws of several blocks of items, one block after another."""
    if len(laws) == 1:
        return laws[0]
    starts = np.cumsum([0, *(law.probability.size for law in laws[:-1])])
    boundaries = [law.boundaries[:-1] + start for law, start in zip(laws, starts, strict=True)]
    probability = np.concatenate([law.probability for law in laws])
    return DemandLaw(probability, np.concatenate([*boundaries, [probability.size]]).astype(np.int64))


def _short_laws(
    numbers: Numbers,
    weights: Float64Array2D,
    heights: Float64Array1D | None,
    points: Int64Array1D,
    chosen: Int64Array1D,
    sizes: Int64Array1D,
) -> tuple[Int64Array1D, Float64Array1D]:
    """Return the laws of the items chosen, one after another, and write how many points each has into `sizes`."""
    if not chosen.size:
        return chosen, np.zeros(0)
    few = numbers if chosen.size == points.size else numbers.take(chosen)
    told = calibrate.POINTS if heights is None else heights
    found = np.empty(int(points[chosen].sum()))
    sizes[chosen] = short_laws(
        _said(few),
        few.own,
        weights[chosen],
        few.length,
        points[chosen],
        np.array([[0.0, *calibrate.POINTS, 1.0], [0.0, *told, 1.0]]),
        TAIL_PROBABILITY,
        found,
    )
    return chosen, found[: sizes[chosen].sum()]


def _long_laws(
    numbers: Numbers,
    weights: Float64Array2D,
    heights: Float64Array1D | None,
    points: Int64Array1D,
    items: Int64Array1D,
    sizes: Int64Array1D,
) -> list[tuple[Int64Array1D, Float64Array1D]]:
    """Return the same for long laws, many of one length at a time: calls are added up by a transform."""
    table_points = _table_points(points[items])
    heard = weights > 0
    pieces = []
    for group in _alike(np.column_stack([table_points, heard[items]])):
        chosen, length = items[group], int(table_points[group[0]])
        voices = np.flatnonzero(heard[chosen[0]])
        few = numbers.take(chosen)
        tables = [_TABLES[voice](few, length) for voice in voices]
        law = tables[0] if len(tables) == 1 else average(tables, weights[chosen][:, voices])
        law = law if heights is None else calibrate.stretched(law, heights)
        tail = np.cumsum(law[:, ::-1], axis=1)[:, ::-1]
        sizes[chosen] = np.maximum((tail > TAIL_PROBABILITY).sum(axis=1), 1)
        pieces.append((chosen, law[np.arange(law.shape[1]) < sizes[chosen, None]]))
    return pieces


def quantiles(numbers: Numbers, shares: tuple[float, ...]) -> NDArray[np.float64]:
    """Return the whole quantiles of the laws of count, calls and filter, ``(3, n_items, n_shares)``."""
    items = numbers.count_mean.size
    found = np.zeros((len(_TABLES), items, len(shares)))
    for voice, table in enumerate(_TABLES):
        heard = np.zeros((items, len(_TABLES)), dtype=np.bool_)
        heard[:, voice] = True
        points = _points_needed(numbers, heard)
        is_short = _are_short(points, numbers.length)
        if is_short.any():
            few, levels = numbers.take(np.flatnonzero(is_short)), np.empty((int(is_short.sum()), len(shares)))
            short_quantiles(_said(few), few.own, few.length, points[is_short], voice, np.array(shares), levels)
            found[voice, is_short] = levels
        long = np.flatnonzero(~is_short)
        table_points = _table_points(points[long])
        for group in _alike(table_points[:, None]):
            law = table(numbers.take(long[group]), int(table_points[group[0]]))
            found[voice, long[group]] = quantiles_of(law, shares)
    return found


def _said(numbers: Numbers) -> Float64Array2D:
    """Return what is said of each item in the order in which the kernels read it, ``(n_items, 9)``."""
    sizes = numbers.piece_mean, numbers.piece_size, numbers.trust
    heads = numbers.count_mean, numbers.count_size, numbers.share, numbers.precision, *sizes
    return np.column_stack([*heads, numbers.filter_mean, numbers.filter_size])


def _are_short(points: Int64Array1D, length: int) -> NDArray[np.bool_]:
    return np.asarray((points <= _SHORT) & (length * points**2 <= _FEW_STEPS))


def quantiles_of(law: Float64Array2D, shares: tuple[float, ...]) -> Float64Array2D:
    """Return the least number with at least so much at or below it, of each row, ``(n_items, n_shares)``."""
    below = np.minimum(np.cumsum(law, axis=1), 1.0)
    least = [(below < share - _ROUNDING).sum(axis=1) for share in shares]
    return np.minimum(np.stack(least, axis=1), law.shape[1] - 1).astype(np.float64)


def _alike(keys: NDArray[np.int64]) -> list[Int64Array1D]:
    """Return rows with equal keys together, in pieces of bounded size; the first key is the points of a row."""
    _, code = np.unique(keys, axis=0, return_inverse=True)
    code = code.reshape(-1)
    pieces = []
    for each in range(int(code.max()) + 1 if code.size else 0):
        rows = np.flatnonzero(code == each)
        step = max(1, _CELLS // int(keys[rows[0], 0]))
        pieces += [rows[i : i + step] for i in range(0, rows.size, step)]
    return pieces


def _points_needed(numbers: Numbers, heard: NDArray[np.bool_]) -> Int64Array1D:
    """Return how many points hold the laws heard of each item but for a billionth, ``(n_items,)``."""
    highest = numbers.own.max(axis=1, initial=0.0)
    calls = numbers.length * (1 + highest) + _reach(numbers.length * numbers.piece_mean, numbers.piece_size)
    reaches = (
        _reach(numbers.count_mean, numbers.count_size),
        np.where(numbers.share > 1e-5, calls, 8.0),
        _reach(numbers.filter_mean, numbers.filter_size),
    )
    longest = np.where(heard.T, np.stack(reaches), 8.0).max(axis=0)
    return np.asarray(np.ceil(np.minimum(longest, _LENGTHS[-1])), dtype=np.int64)


def _table_points(points: Int64Array1D) -> Int64Array1D:
    """Return the least of `_LENGTHS` that holds so many points."""
    return np.asarray(_LENGTHS[np.searchsorted(_LENGTHS, points)], dtype=np.int64)


def _reach(mean: Float64Array1D, size: Float64Array1D) -> Float64Array1D:
    scale = 1 + mean / size  # the tail of a negative binomial falls by e in so many units
    return np.asarray(mean + 8 * np.sqrt(mean * scale) + 14 * scale)


def negative_binomial_table(mean: Float64Array1D, size: Float64Array1D, points: int) -> Float64Array2D:
    """Return P(Y = 0 … points − 1), ``(n_items, points)``; what is beyond lies on the last point.

    Each is made of the one before, P(k) = P(k − 1) · (r + k − 1) / k · μ / (r + μ), and only where P(0) is too small to
    be written does the gamma function speak.
    """
    mu, r = np.maximum(mean, 1e-12)[:, None], size[:, None]
    first = -r * np.log1p(mu / r)
    k = np.arange(1, points, dtype=np.float64)
    law = np.empty((mean.size, points))
    law[:, :1] = np.exp(first)
    np.divide(r + (k - 1), k, out=law[:, 1:])
    law[:, 1:] *= mu / (r + mu)
    np.cumprod(law, axis=1, out=law)
    far = np.flatnonzero(first[:, 0] < _LEAST_LOG)
    if far.size:
        k, mu, r = np.arange(points, dtype=np.float64), mu[far], r[far]
        gammas = special.gammaln(r + k) - special.gammaln(r) - special.gammaln(k + 1)
        law[far] = np.exp(gammas + first[far] + k * np.log(mu / (r + mu)))
    return _summing_to_one(law)


def periods_table(share: Float64Array1D, precision: Float64Array1D, length: int) -> Float64Array2D:
    """Return P(N = 0 … L), beta-binomial, ``(n_items, L + 1)``, each made of the one before."""
    a = share * precision
    b = precision - a
    law = np.empty((share.size, length + 1))
    law[:, 0] = 1.0
    for j in range(length):
        law[:, 0] *= (b + j) / (precision + j)
    for n in range(length):
        law[:, n + 1] = law[:, n] * ((length - n) / (n + 1)) * (a + n) / (b + (length - n - 1))
    return law


def calls_table(numbers: Numbers, points: int) -> Float64Array2D:
    """Return the law of the calls head, ``(n_items, points)``."""
    length = numbers.length
    sizes = size_table(numbers, points)
    times = periods_table(numbers.share, numbers.precision, length)
    if length == 1:
        sizes *= times[:, 1:]
        sizes[:, 0] += times[:, 0]
        return _summing_to_one(sizes)
    size = np.fft.rfft(sizes, n=2 * points, axis=1)
    total = np.zeros(size.shape, dtype=np.complex128)
    for each in range(length, -1, -1):  # Horner: what N more periods with demand bring
        total *= size
        total += times[:, each, None]
    law = np.maximum(np.fft.irfft(total, n=2 * points, axis=1)[:, :points], 0.0)
    law[law < 1e-15] = 0.0  # what the transform cannot tell from nothing
    return _summing_to_one(law)


def size_table(numbers: Numbers, points: int) -> Float64Array2D:
    """Return the law of the size of one period's demand: own sizes drawn to the regression's law, nothing at 0."""
    law = np.zeros((numbers.trust.size, points))
    law[:, 1:] = negative_binomial_table(numbers.piece_mean, numbers.piece_size, points - 1)
    item, period = np.nonzero(numbers.own)
    sizes = np.minimum(numbers.own[item, period].astype(np.int64), points - 1)
    seen = np.bincount(item * points + sizes, minlength=law.size).reshape(law.shape)
    trust = numbers.trust[:, None]
    return np.asarray((seen + trust * law) / (seen.sum(axis=1, keepdims=True) + trust))


def average(laws: list[Float64Array2D], weights: Float64Array2D) -> Float64Array2D:
    """Return the law of the averaged quantiles.

    Parameters
    ----------
    laws
        Probabilities, each ``(n_items, points)``.
    weights
        ``(n_items, n_laws)``, each row summing to one.
    """
    items, points = laws[0].shape
    below = [np.minimum(np.cumsum(law, axis=1), 1.0) for law in laws]
    for cumulative in below:
        cumulative[:, -1] = 1.0
    share = np.concatenate(below, axis=1)
    order = np.argsort(share, axis=1, kind="stable")
    share = np.take_along_axis(share, order, axis=1)
    level = np.zeros(share.shape)
    for head in range(len(laws)):
        is_own = order // points == head
        quantile = np.minimum(np.cumsum(is_own, axis=1) - is_own, points - 1)
        level += weights[:, head, None] * quantile
    mass = np.diff(share, axis=1, prepend=0.0)
    whole = np.minimum((level + _ROUNDING).astype(np.int64), points - 1)
    upward = np.where(whole < points - 1, np.maximum(level - whole, 0.0), 0.0) * mass
    row = (points * np.arange(items))[:, None]
    found = np.bincount((row + whole).reshape(-1), weights=(mass - upward).reshape(-1), minlength=items * points)
    above = row + np.minimum(whole + 1, points - 1)
    found += np.bincount(above.reshape(-1), weights=upward.reshape(-1), minlength=items * points)
    return found.reshape(items, points)


def _summing_to_one(law: Float64Array2D) -> Float64Array2D:
    """Return the law with what is missing laid on its last point."""
    law[:, -1] += np.maximum(1 - law.sum(axis=1), 0)
    law /= law.sum(axis=1, keepdims=True)
    return law


_TABLES: tuple[Callable[[Numbers, int], Float64Array2D], ...] = (
    lambda numbers, points: negative_binomial_table(numbers.count_mean, numbers.count_size, points),
    calls_table,
    lambda numbers, points: negative_binomial_table(numbers.filter_mean, numbers.filter_size, points),
)
"""Count, calls, filter."""
