"""Croston, SBA, TSB, ADIDA, IMAPA: mean demand per period of series with many zeros, many series at once.

With z the size of a demand and p the periods since the one before, both smoothed at each demand by the share α:

- *Croston* (1972): ẑ / p̂, which is too high on average.
- *SBA* (Syntetos & Boylan 2005, eq. 6): (1 − α/2) ẑ / p̂.
- *TSB* (Teunter, Syntetos & Babai 2011, eq. 2): d̂ ẑ, with d the share of periods with a demand, smoothed in every
  period; so what is not asked for any more fades away.
- *ADIDA* (Nikolopoulos et al. 2011): the series is summed over as many periods as a demand is apart on average
  (rounded), smoothed, and the forecast divided evenly again.
- *IMAPA* (Petropoulos & Kourentzes 2015): the mean of that over all sums from one period to so many.

They know no stock-outs, no vehicles and no law. They are what a forecast is measured against. A series of zeros is
forecast 0. The first demand starts the sizes, and its place in the series the periods between (Croston 1972).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from demand.history import Float64Array1D, Float64Array2D, Int64Array1D
from forecasting.baselines.simple_smoothing import fitted_level, last_level, packed


def croston(demand: Float64Array2D, alpha: float = 0.1) -> Float64Array1D:
    """Return Croston's mean demand per period after the last column, ``(n_series,)``.

    Parameters
    ----------
    demand
        ``(n_series, n_periods)``, zero or more, oldest first.
    alpha
        Smoothing constant of sizes and intervals.

    >>> croston(np.array([[0.0, 3.0, 0.0, 3.0]])).tolist()
    [1.5]
    """
    size, length = packed(demand, demand > 0)
    gap = _gaps(demand)
    last = last_level(gap, length, alpha)
    return np.divide(last_level(size, length, alpha), last, out=np.zeros(len(demand)), where=last > 0)


def croston_by_period(demand: Float64Array2D, alpha: float = 0.1) -> Float64Array2D:
    """Return what `croston` says after each period, ``(n_series, n_periods)``: all origins in one pass."""
    found = np.zeros(demand.shape)
    size, gap, since = np.zeros(len(demand)), np.zeros(len(demand)), np.zeros(len(demand))
    smoothing = np.ones(len(demand))  # the first demand starts sizes and gaps
    for at, column in enumerate(np.ascontiguousarray(demand.T)):
        asked = column > 0
        since += 1
        size += smoothing * asked * (column - size)
        gap += smoothing * asked * (since - gap)
        smoothing[asked], since[asked] = alpha, 0.0
        np.divide(size, gap, out=found[:, at], where=gap > 0)
    return found


def sba(demand: Float64Array2D, alpha: float = 0.1) -> Float64Array1D:
    """Return the mean of Syntetos & Boylan, ``(n_series,)``; parameters as `croston`."""
    return (1 - alpha / 2) * croston(demand, alpha)


def tsb(demand: Float64Array2D, alpha_size: float = 0.1, alpha_chance: float = 0.1) -> Float64Array1D:
    """Return the mean of Teunter, Syntetos & Babai, ``(n_series,)``.

    Parameters
    ----------
    alpha_size, alpha_chance
        Smoothing constants of the sizes (at demands) and of the chance of a demand (in every period).
    """
    mean = np.zeros(len(demand))
    for mean in _tsb_steps(demand, alpha_size, alpha_chance):  # noqa: B007  # the last one is wanted
        pass
    return mean


def tsb_by_period(demand: Float64Array2D, alpha_size: float = 0.1, alpha_chance: float = 0.1) -> Float64Array2D:
    """Return what `tsb` says after each period, ``(n_series, n_periods)``: all origins in one pass."""
    steps = list(_tsb_steps(demand, alpha_size, alpha_chance))
    return np.stack(steps, axis=1) if steps else np.zeros(demand.shape)


def _tsb_steps(demand: Float64Array2D, alpha_size: float, alpha_chance: float) -> Iterator[Float64Array1D]:
    """Yield the mean after each period; periods lie in memory one after another, so that a step reads a run of it."""
    chance, size, smoothing = np.zeros(len(demand)), np.zeros(len(demand)), np.ones(len(demand))
    for at, column in enumerate(np.ascontiguousarray(demand.T)):
        asked = column > 0
        chance += (alpha_chance if at else 1.0) * (asked - chance)
        size += smoothing * asked * (column - size)
        smoothing[asked] = alpha_size
        yield chance * size


def adida(demand: Float64Array2D) -> Float64Array1D:
    """Return the aggregate–disaggregate mean, each level fitted between 0.1 and 0.3, ``(n_series,)``."""
    width = _mean_gap(demand)
    found = np.zeros(len(demand))
    for periods in np.unique(width[width > 0]).tolist():
        rows = np.flatnonzero(width == periods)
        found[rows] = _summed_level(demand[rows], periods) / periods
    return found


def imapa(demand: Float64Array2D) -> Float64Array1D:
    """Return the mean over all aggregations up to the mean interval, ``(n_series,)``."""
    widest = _mean_gap(demand)
    total = np.zeros(len(demand))
    for periods in range(1, int(widest.max(initial=0)) + 1):
        rows = np.flatnonzero(widest >= periods)
        total[rows] += _summed_level(demand[rows], periods) / periods
    return total / np.maximum(widest, 1)


def _gaps(demand: Float64Array2D) -> Float64Array2D:
    """Return the periods between the demands of each series, the first counted from the beginning; packed left."""
    asked = demand > 0
    place, length = packed(np.broadcast_to(np.arange(1.0, demand.shape[1] + 1), demand.shape), asked)
    inside = np.arange(place.shape[1]) < length[:, None]
    return np.where(inside, np.diff(place, axis=1, prepend=0.0), 0.0)


def _mean_gap(demand: Float64Array2D) -> Int64Array1D:
    """Return the mean periods between demands, rounded to whole ones (halves to even); 0 where nothing was asked."""
    asked = demand > 0
    count = asked.sum(axis=1)
    last = np.where(count > 0, demand.shape[1] - np.argmax(asked[:, ::-1], axis=1), 0) if demand.shape[1] else count
    return np.asarray(np.rint(last / np.maximum(count, 1)), dtype=np.int64)


def _summed_level(demand: Float64Array2D, periods: int) -> Float64Array1D:
    """Return the smoothed sum over so many periods; what does not fill a sum at the beginning is left out."""
    count = demand.shape[1] // periods
    sums = demand[:, demand.shape[1] - count * periods :].reshape(len(demand), count, periods).sum(axis=2)
    return fitted_level(sums, np.full(len(demand), count, dtype=np.int64))
