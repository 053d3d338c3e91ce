"""The whole-number law of demand over a stretch of time: next month, or a lead time that is itself uncertain.

Model in words. Calls over a stretch of fixed length are negative binomial: chance calls, at a rate that is known only
as far as the item's evidence goes, clinging together month by month. Each call takes a random number of pieces. The
stretch may be random: the law is then the mean of the laws over a few lengths.

    calls over d      mean μ_d = Σ_h f_h c_h,      1/r_d = 1/a + φ Σ_h f_h c_h² / (Σ_h f_h c_h)²
    pieces            G(z) = mean over d of (1 + (μ_d / r_d)(1 − S(z)))^(−r_d)

c_h: calls expected in period h; f_h: share of the period inside the stretch; a: shape of the item's gamma law; φ:
dispersion (with equal months the second line is 1/a + φ/L); S: generating function of the size of a call; G: that of
the demand (Johnson, Kemp & Kotz 2005, Univariate Discrete Distributions, sec. 9.3, generalised negative binomial).
G is evaluated at the roots of unity and turned into probabilities by the fast Fourier transform, many items at once;
the transform is lengthened until less than `TAIL_PROBABILITY` can lie beyond it, so nothing folds back.

The uncertain 1/a does not shrink with the stretch: a rate guessed too low is too low in every month of it.

What is told beforehand (`streams`) is added: for each length its generating function multiplies that of the history.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from demand.distribution import TAIL_PROBABILITY, DemandLaw, normalised
from demand.history import Float64Array1D, Float64Array2D
from forecasting.certainty import sizes_below_zero
from forecasting.forecast import Forecast
from forecasting.streams import ToldLaw

LENGTHS = 7
"""Lengths that stand for a random lead time, each as likely as the next."""
_CELLS = 1 << 21
"""Complex numbers held at once; it bounds memory, not the result."""
_LONGEST = 1 << 20


def law_over(forecast: Forecast, days_mean: ArrayLike, days_sd: ArrayLike) -> DemandLaw:
    """Return the law of demand over the next T days after the origin.

    Parameters
    ----------
    forecast
        What is expected in each coming period; its last period is taken to go on for ever.
    days_mean, days_sd
        Mean and standard deviation of T in days, a number or ``(n_items,)``, zero or more; T is gamma distributed.

    Returns
    -------
    DemandLaw
        In each item's demand unit.
    """
    shape = (forecast.item_count,)
    mean = np.broadcast_to(np.asarray(days_mean, dtype=np.float64), shape)
    spread = np.broadcast_to(np.asarray(days_sd, dtype=np.float64), shape)
    days = lengths_of(mean, spread)
    calls, clinging, certain = np.zeros((3, *days.shape))
    for j in range(days.shape[1]):
        calls[:, j], clinging[:, j], certain[:, j] = _calls_within(forecast, days[:, j])
    told = ToldLaw.over(forecast.streams, days) if forecast.streams.row_count else None
    return _law(forecast, calls, clinging, certain, told)


def law_over_periods(forecast: Forecast, periods: int) -> DemandLaw:
    """Return the law of demand summed over the next whole periods, one or more."""
    axis_days = forecast.axis.days()
    beyond = max(0, periods - axis_days.size) * (axis_days[-1] if axis_days.size else 0.0)
    return law_over(forecast, axis_days[:periods].sum() + beyond - forecast.days_past, 0.0)


def law_of_period(forecast: Forecast, step: int) -> DemandLaw:
    """Return the law of demand in one coming period, counted from 1."""
    calls = forecast.calls[:, step - 1 : step]
    begins, ends = np.concatenate([[0.0], forecast.period_ends])[step - 1 : step + 1]
    told = ToldLaw.between(forecast.streams, forecast.item_count, begins, ends) if forecast.streams.row_count else None
    return _law(forecast, calls, np.where(calls > 0, 1.0, 0.0), forecast.certain[:, step - 1 : step], told)


def lengths_of(mean: Float64Array1D, spread: Float64Array1D) -> Float64Array2D:
    """Return equally likely lengths with the mean and spread given, ``(n_items, LENGTHS)``, or one where none vary.

    Notes
    -----
    The middles of `LENGTHS` equal slices of a gamma law, stretched about their mean so that its variance is kept.
    """
    if not (spread > 0).any():
        return mean[:, None].copy()
    shares = (np.arange(LENGTHS) + 0.5) / LENGTHS
    some = mean > 1e-6
    relative = np.where(some, spread / np.where(some, mean, 1.0), 1.0)
    shape = 1 / np.clip(relative, 1e-3, 4.0) ** 2
    points = special.gammaincinv(shape[:, None], shares[None, :])
    around = points - points.mean(axis=1, keepdims=True)
    scaled = around / np.sqrt((around**2).mean(axis=1, keepdims=True))
    days = mean[:, None] + spread[:, None] * scaled
    days = np.maximum(days, 0)
    kept = days.mean(axis=1, keepdims=True)
    lengths: Float64Array2D = np.where(
        some[:, None], days * mean[:, None] / np.where(kept > 0, kept, 1.0), mean[:, None]
    )
    return lengths


def compound(
    mean: Float64Array2D, size: Float64Array2D, line_size: DemandLaw, told: ToldLaw | None = None
) -> DemandLaw:
    """Return the law of pieces: calls are an equal mixture of negative binomials, each call a draw of `line_size`.

    Parameters
    ----------
    mean, size
        μ and r of the calls, ``(n_items, n_mixed)``; r may be infinite (Poisson) or below −μ (binomial of −r trials).
    line_size
        Law of the pieces of one call.
    told
        What is told beforehand, over the same stretches; nothing where None.
    """
    items = mean.shape[0]
    piece_mean, piece_variance = line_size.mean(), line_size.variance()
    spread = np.sqrt(
        (mean * (piece_variance + piece_mean**2)[:, None] + (mean * piece_mean[:, None]) ** 2 / size).max(axis=1)
    )
    guess = mean.max(axis=1) * piece_mean + 8 * spread + line_size.sizes
    if told is not None:
        guess = guess + told.reach()
    length = 1 << np.ceil(np.log2(np.maximum(guess, 2))).astype(np.int64)
    rows: list[Float64Array1D] = [np.zeros(0)] * items
    waiting = np.arange(items)
    while waiting.size:
        again = []
        for points in np.unique(length[waiting]):
            same = waiting[length[waiting] == points]
            step = max(1, _CELLS // int(points))
            for chosen in (same[i : i + step] for i in range(0, same.size, step)):
                law = _transformed(mean[chosen], size[chosen], line_size.take(chosen), int(points), told, chosen)
                tail = np.cumsum(law[:, ::-1], axis=1)[:, ::-1]
                folded = (tail[:, -max(1, points // 8)] > TAIL_PROBABILITY) & (points < _LONGEST)
                last = points - (tail[:, ::-1] > TAIL_PROBABILITY).argmax(axis=1)
                for i in np.flatnonzero(~folded):
                    rows[chosen[i]] = law[i, : last[i]]
                again.append(chosen[folded])
        waiting = np.sort(np.concatenate(again))
        length[waiting] *= 2
    boundaries = np.concatenate([[0], np.cumsum([row.size for row in rows])]).astype(np.int64)
    return normalised(np.concatenate(rows) if rows else np.zeros(0), boundaries)


def _transformed(
    mean: Float64Array2D,
    size: Float64Array2D,
    line_size: DemandLaw,
    points: int,
    told: ToldLaw | None,
    items: NDArray[np.int64],
) -> Float64Array2D:
    """Return probabilities of 0 … points − 1 pieces, one row per item; `items` are their rows in `told`."""
    dense = np.zeros((mean.shape[0], points))
    row = np.repeat(np.arange(mean.shape[0]), line_size.sizes)
    column = np.arange(line_size.probability.size) - np.repeat(line_size.boundaries[:-1], line_size.sizes)
    dense[row, column] = line_size.probability
    missing = 1 - np.fft.rfft(dense, axis=1)
    total = np.zeros(missing.shape, dtype=np.complex128)
    for j in range(mean.shape[1]):
        mu, r = mean[:, j, None], size[:, j, None]
        finite = np.where(np.isfinite(r), r, 1.0)
        part = np.exp(np.where(np.isfinite(r), -finite * _log_one_plus(mu / finite * missing), -mu * missing))
        total += part if told is None else part * told.generating(items, j, points)
    law: NDArray[np.float64] = np.fft.irfft(total / mean.shape[1], n=points, axis=1)
    law[law < 1e-15] = 0.0  # what the transform cannot tell from nothing
    return law


def _log_one_plus(z: NDArray[np.complex128]) -> NDArray[np.complex128]:
    """Return log(1 + z) to full precision for small z, which NumPy's complex log1p does not."""
    squared = 2 * z.real + z.real**2 + z.imag**2
    # The generating function of a binomial may vanish; a sixteenth digit above nothing is nothing to its power.
    size = np.log1p(np.maximum(squared, -1 + np.finfo(np.float64).epsneg))
    result: NDArray[np.complex128] = 0.5 * size + 1j * np.arctan2(z.imag, 1 + z.real)
    return result


def _law(
    forecast: Forecast,
    calls: Float64Array2D,
    clinging: Float64Array2D,
    certain: Float64Array2D,
    told: ToldLaw | None,
) -> DemandLaw:
    """Return the law of pieces from calls, Σ f c² / (Σ f c)² and the share that is certain, ``(n_items, n_mixed)``."""
    inverse = 1 / forecast.shape[:, None] + forecast.dispersion[:, None] * clinging
    return compound(calls, sizes_below_zero(calls, inverse, certain), forecast.line_size, told)


def _calls_within(forecast: Forecast, days: Float64Array1D) -> tuple[Float64Array1D, Float64Array1D, Float64Array1D]:
    """Return Σ f c, Σ f c² / (Σ f c)² and Σ f s over the first days after the origin, ``(n_items,)`` each."""
    period_days = forecast.axis.days()
    total, squares, certain = np.zeros((3, *days.shape))
    begun = -forecast.days_past
    for h in range(period_days.size):
        ends = begun + period_days[h] if h < period_days.size - 1 else np.inf
        inside = np.clip(days, max(begun, 0.0), max(ends, 0.0)) - max(begun, 0.0)
        share = inside / period_days[h]
        total += share * forecast.calls[:, h]
        squares += share * forecast.calls[:, h] ** 2
        certain += share * forecast.certain[:, h]
        begun = ends
    some = total > 1e-12  # below it one call in a million millions: its clinging is nothing, and its square no number
    return total, np.where(some, squares / np.where(some, total, 1.0) ** 2, 0.0), certain
