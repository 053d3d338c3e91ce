"""What the pooled heads make of a forecast, laid over it: from two stretches follows the law of any.

A plan asks for the law of some days, other ones for every supplier and with lead times that vary; the heads speak of
whole periods. So they are heard (with the filter, mixed and stretched as ever: see `pooled`) over a short stretch and a
long one, S and G periods, and what they say of these is laid over the filter's numbers:

    calls of a period       c_h ← c_h m_S / (S u) up to S,      c_h (m_G − m_S) / ((G − S) u) after it
    1 / r(L)                1/a + φ k(L) = (V_L − μ_L E s²) / (μ_L E s)²      for L = S and G, two lines for a and φ

m_L, V_L mean and variance of what they say of L periods, u what the filter expects of one, s pieces of a call,
μ_L = m_L / E s, k(L) = Σ c_h² / (Σ c_h)². What is uncertain of a rate stays however long the stretch, what one month
has against another averages out, so two lengths tell the one from the other. On the training part of the monthly car
parts, quantiles of .9 to .99 over 1, 2, 3 and 6 months lose as much as those of the heads taught for that very stretch
(.606, .444, .371, .281 beside .607, .442, .372, .281), where the filter alone loses .678, .528, .463, .393.

In a replay of its training part, 95 % complete lines of the car parts then take 14 % less stock than by the filter, of
the automotive parts 5 %, and within half a point as many lines come as were promised. Lumps of a hundred packs are no
negative binomial of the same variance: of parts asked for so, bought four months ahead, they take 6 % less in one
stretch of years and 8 % more in another. By weeks an item's own long run is heard (`own_level`), and beside it two
stretches earn nothing: on the training part of the weekly panels quantiles lose less over eight weeks and more over two
and four, and orders where sales are lost cost 0.4 % more.

The heads are asked of periods like the mean of the item's last year. What sets the coming ones apart (the calendar, the
season, the customers of the store) is the exposure's, and moves the calls in proportion. They count units, as a bare
table does; that a call takes several pieces is in the variance.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from demand.distribution import DemandLaw
from demand.history import DemandHistory, Float64Array1D, Float64Array2D, Int64Array1D
from demand.periods import PeriodKind
from demand.ratios import ratio_of
from demand.side_by_side import THREADS
from forecasting.filters import Habits
from forecasting.forecast import Exposure, Forecast
from forecasting.heads.pooled import PooledHeads, Standing
from forecasting.heads.rows import Target
from forecasting.line_size import single_pieces

STRETCHES = 1, 6
"""S and G, in months."""
LEAST_ITEMS = 100
"""Items below which the filter speaks alone: of fifteen to forty parts of the public panels the heads lost to it."""
_YEAR = 12
_LEAST_AFTER = 0.25
"""Share of the mean pace of the long stretch below which what follows the short one does not fall."""
_LEAST_RATE, _MOST_CLINGING, _LEAST_INVERSE, _NOTHING = 1e-9, 1e4, 1e-6, 1e-12
"""Bounds within which numbers stay numbers: of units a period, of φ, of 1/a and 1/r, and of what is divided by."""

SaidBefore = Callable[[Int64Array1D, int, Habits | None], Forecast]
"""Rows of the history, an origin and habits or none: the filter's forecast of these by what was known then, with the
exposure of the periods after it."""


@dataclass(frozen=True)
class _Said:
    """Mean and variance of demand over so many periods, in demand units, ``(n_items,)`` each."""

    periods: int
    mean: Float64Array1D
    variance: Float64Array1D

    @classmethod
    def of(cls, law: DemandLaw, periods: int) -> _Said:
        """Return those of a law."""
        return cls(periods, law.mean(), law.variance())


def heard(found: Forecast, history: DemandHistory, said_before: SaidBefore, threads: int = THREADS) -> Forecast:
    """Return the filter's forecast with what the pooled heads make of it, where no vehicle tells more.

    Parameters
    ----------
    found
        The filter's, of the whole history.
    history
        Row by row the same items.
    said_before
        See `SaidBefore`.
    threads
        As for `PooledHeads`; the forecast is the same for any number.

    Returns
    -------
    Forecast
        As it came where periods are weeks, there are fewer than `LEAST_ITEMS` to be heard of, or too little for heads
        to stand on.
    """
    if history.axis.kind is not PeriodKind.MONTH or not history.axis.count:
        return found
    year = found.exposure.past[:, -_YEAR:].mean(axis=1)
    seen = history.availability.sum(axis=1) > 0
    rows = np.flatnonzero(~found.exposure.has_vehicles & seen & (year > 0))
    if rows.size < LEAST_ITEMS:
        return found
    known, few, year = history.take(rows), found.take(rows), year[rows]
    index = pd.MultiIndex.from_arrays([known.store, known.part_no])

    def by_filter(asked: DemandHistory, habits: Habits | None) -> Forecast:
        items = index.get_indexer(pd.MultiIndex.from_arrays([asked.store, asked.part_no])).astype(np.int64)
        origin = asked.axis.count
        past = found.exposure.past[rows[items], :origin] / year[items, None]
        if origin == history.axis.count:
            return _in_units(few.take(items), past, year[items], np.ones((items.size, 1)))
        told = said_before(rows[items], origin, habits)
        return _in_units(told, past, year[items], _ahead(told.exposure) / year[items, None])

    heads = PooledHeads.of(known, by_filter, threads)
    said = []
    for length in STRETCHES:
        (law, *_), standing = heads.laws(Target(length))
        if standing is not Standing.HEADS:
            return found
        said.append(_Said.of(law, length))
    return _laid_over(found, rows, few.line_size, heads.forecast.calls[:, 0], (said[0], said[1]))


def _ahead(exposure: Exposure) -> Float64Array2D:
    """Return the whole exposure of each coming period, ``(n_items, horizon)``."""
    season = 1.0 if exposure.season is None else exposure.season
    product = exposure.vehicles * exposure.coming * exposure.need * exposure.open_months * season
    return np.asarray(product, dtype=np.float64)


def _in_units(told: Forecast, past: Float64Array2D, year: Float64Array1D, ahead: Float64Array2D) -> Forecast:
    """Return a forecast as the heads hear it, where a unit is a call.

    Parameters
    ----------
    told
        The filter's.
    past, ahead
        Exposure of the periods known and to come, beside that of the last year.
    year
        Exposure of a period of the last year, ``(n_items,)``.
    """
    pieces = told.line_size.mean()
    rate = np.maximum(told.family_rate * year * pieces, _LEAST_RATE)
    # Who asks for several at a time varies by more than the calls do, and less so over a longer stretch.
    several = told.line_size.variance() / pieces + pieces - 1
    clinging = told.dispersion + several / np.maximum(rate * told.multiplier, _LEAST_RATE)
    ones, season = np.ones(ahead.shape), np.maximum(ahead, _LEAST_RATE)
    carried = told.exposure.has_vehicles
    return replace(
        told,
        exposure=Exposure(past, ones, ones, ones, np.ones(ahead.shape[1]), carried, season=season),
        family_rate=rate,
        dispersion=np.minimum(clinging, _MOST_CLINGING),
        line_size=single_pieces(told.item_count),
    )


def _laid_over(
    found: Forecast, rows: Int64Array1D, line_size: DemandLaw, usual: Float64Array1D, said: tuple[_Said, _Said]
) -> Forecast:
    """Return the forecast with what was said of some rows laid over it; `usual` is u, in units."""
    short, long = said
    later = long.periods - short.periods
    pace = short.mean / short.periods
    after = np.maximum((long.mean - short.mean) / later, _LEAST_AFTER * long.mean / long.periods)
    horizon = np.arange(found.exposure.vehicles.shape[1])
    ratio = ratio_of(np.where(horizon < short.periods, pace[:, None], after[:, None]), usual[:, None], _NOTHING)
    total = short.periods * pace + later * after
    clinging = ratio_of(short.periods * pace**2 + later * after**2, total**2, _NOTHING)
    pieces = line_size.mean()
    square = line_size.variance() + pieces**2
    shape, dispersion = found.shape.copy(), found.dispersion.copy()
    shape[rows], dispersion[rows] = _rate_and_months(
        _inverse_size(short, pieces, square),
        np.full(rows.size, 1 / short.periods),
        _inverse_size(long, pieces, square),
        clinging,
    )
    its_like = np.ones(found.exposure.vehicles.shape)
    its_like[rows] = ratio
    return replace(found, shape=shape, dispersion=dispersion, its_like=its_like)


def _inverse_size(said: _Said, pieces: Float64Array1D, square: Float64Array1D) -> Float64Array1D:
    """Return 1 / r of the calls of a stretch."""
    calls = said.mean / pieces
    return np.maximum(ratio_of(said.variance - calls * square, said.mean**2, _NOTHING), _LEAST_INVERSE)


def _rate_and_months(
    short: Float64Array1D, at_short: Float64Array1D, long: Float64Array1D, at_long: Float64Array1D
) -> tuple[Float64Array1D, Float64Array1D]:
    """Return a and φ by which 1/a + φ k is what was said of both stretches, or as near as neither is below zero."""
    apart = at_short - at_long
    months = np.maximum(ratio_of(short - long, apart, _NOTHING), 0.0)
    rate = long - months * at_long
    # All of it averages out, or none does.
    months = np.where(rate < 0, ratio_of(long, at_long, _NOTHING), months)
    rate = np.where(months == 0, (short + long) / 2, rate)
    return 1 / np.maximum(rate, _LEAST_INVERSE), months
