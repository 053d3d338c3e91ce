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

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import special

from demand.distribution import TAIL_PROBABILITY, DemandLaw, normalised
from demand.history import Float64Array1D, Float64Array2D, Int64Array1D
from forecasting.heads import calibrate
from forecasting.heads.heads import Numbers
from forecasting.heads.laws_compiled import averaged_laws, whole_quantiles

_LENGTHS = np.array([whole for power in range(3, 16) for whole in (1 << power, 3 << (power - 1))] + [1 << 16])
"""Numbers of points a table may have: few, so that many items share a table, and easily transformed."""
_LEAST_LOG = -600.0
"""Logarithm of P(Y = 0) below which a table can't be built up from it."""
_CELLS, _ROOM = 1 << 18, 1 << 20
"""Probabilities transformed at once, and written at once; they bound memory, not the result."""
_SHORT, _FEW_STEPS = 512, 800_000
"""Points, and steps of adding calls period by period, up to which that is quicker than a transform."""
_VOICES, _CALLS = 3, 1
"""Count, calls and filter, and which of them are the calls."""


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
    sizes = np.zeros(weights.shape[0], dtype=np.int64)
    curve = np.array([[0.0, *calibrate.POINTS, 1.0], [0.0, *(calibrate.POINTS if heights is None else heights), 1.0]])
    pieces = []
    for chosen, calls in _with_calls(numbers, longest, heard[:, _CALLS]):
        found = np.empty(int(longest[chosen].sum()))
        few = numbers if chosen.size == sizes.size else numbers.take(chosen)
        sizes[chosen] = averaged_laws(
            _said(few), few.own, calls, weights[chosen], few.length, longest[chosen], curve, TAIL_PROBABILITY, found
        )
        pieces.append((chosen, found[: sizes[chosen].sum()]))
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


def _with_calls(
    numbers: Numbers, points: Int64Array1D, is_heard: NDArray[np.bool_]
) -> Iterator[tuple[Int64Array1D, Float64Array2D]]:
    """Yield all items, some at a time, with the law of their calls where it is long, else with a table of no points.

    Long laws of calls are added up by a transform, many of one length at a time; the kernels add up short ones.
    """
    is_long = is_heard & (numbers.length > 1) & ~_are_short(points, numbers.length)
    short = np.flatnonzero(~is_long)
    room = np.cumsum(points[short]) // _ROOM
    for chosen in np.split(short, np.flatnonzero(np.diff(room)) + 1):
        if chosen.size:
            yield chosen, np.empty((chosen.size, 0))
    long = np.flatnonzero(is_long)
    table_points = _table_points(points[long])
    for group in _alike(table_points):
        chosen = long[group]
        yield chosen, calls_table(numbers.take(chosen), int(table_points[group[0]]))


def quantiles(numbers: Numbers, shares: tuple[float, ...]) -> NDArray[np.float64]:
    """Return the whole quantiles of the laws of count, calls and filter, ``(3, n_items, n_shares)``."""
    items = numbers.count_mean.size
    found = np.zeros((_VOICES, items, len(shares)))
    for voice in range(_VOICES):
        heard = np.zeros((items, _VOICES), dtype=np.bool_)
        heard[:, voice] = True
        points = _points_needed(numbers, heard)
        for chosen, calls in _with_calls(numbers, points, heard[:, _CALLS]):
            few, levels = numbers.take(chosen), np.empty((chosen.size, len(shares)))
            whole_quantiles(_said(few), few.own, calls, few.length, points[chosen], voice, np.array(shares), levels)
            found[voice, chosen] = levels
    return found


def _said(numbers: Numbers) -> Float64Array2D:
    """Return what is said of each item in the order in which the kernels read it, ``(n_items, 9)``."""
    sizes = numbers.piece_mean, numbers.piece_size, numbers.trust
    heads = numbers.count_mean, numbers.count_size, numbers.share, numbers.precision, *sizes
    return np.column_stack([*heads, numbers.filter_mean, numbers.filter_size])


def _are_short(points: Int64Array1D, length: int) -> NDArray[np.bool_]:
    return np.asarray((points <= _SHORT) & (length * points**2 <= _FEW_STEPS))


def _alike(points: Int64Array1D) -> list[Int64Array1D]:
    """Return rows with equally many points together, in pieces of bounded size."""
    pieces = []
    for each in np.unique(points).tolist():
        rows = np.flatnonzero(points == each)
        step = max(1, _CELLS // each)
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


def _summing_to_one(law: Float64Array2D) -> Float64Array2D:
    """Return the law with what is missing laid on its last point."""
    law[:, -1] += np.maximum(1 - law.sum(axis=1), 0)
    law /= law.sum(axis=1, keepdims=True)
    return law
