"""The named baselines at many origins: what each says of the demand over a stretch, as a normal and as a counting law.

A baseline says a mean per period; the law about it is the usual one: over L periods L times the mean, with L times the
variance of the item's periods so far, normal or negative binomial. They are given the periods that were seen, one after
another; what was closed, missing or out of stock is left out, which is kinder to them than a zero. Croston, SBA and TSB
tell every origin in one pass; the others are fitted for each item and origin, those with equally many periods together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from demand.history import DemandHistory, Float64Array1D, Float64Array2D, Int64Array1D, Int64Array2D, Observation
from forecasting.backtest.said import Said
from forecasting.baselines.exponential_smoothing import ets
from forecasting.baselines.intermittent import adida, croston_by_period, imapa, tsb_by_period
from forecasting.baselines.simple_smoothing import packed

NORMAL, COUNTS = "normal", "negative binomial"
BASELINES = ("Croston", "SBA", "TSB", "ADIDA", "IMAPA", "ETS")
_ALPHA = 0.1

Means = dict[str, Float64Array2D]


@dataclass(frozen=True)
class RivalView:
    """What the baselines know and say of some items at some origins.

    Parameters
    ----------
    unit_milli
        Of each item, ``(n_items,)``.
    mean
        Demand over the stretch that each baseline expects, in demand units, each ``(n_items, n_origins)``.
    variance
        Of the demand over the stretch, ``(n_items, n_origins)``.
    """

    unit_milli: Int64Array1D
    mean: Means
    variance: Float64Array2D

    @classmethod
    def of(cls, history: DemandHistory, origins: tuple[int, ...], length: int) -> RivalView:
        """Return the view of the baselines on a history, an origin seeing only the periods before it."""
        seen = history.observation == Observation.SEEN
        series = packed(history.quantity.astype(np.float64), seen)[0]
        known = np.stack([seen[:, :origin].sum(axis=1) for origin in origins], axis=1).astype(np.int64)
        expected = {name: length * mean for name, mean in _means(series, known).items()}
        expected["ETS"] = _fitted(series, known, lambda demand: ets(demand, length).sum(axis=1))
        return cls(history.unit_milli, expected, length * _variance(series, known))

    def said(
        self, name: str, law: str, turn: int, items: Int64Array1D, came_milli: Int64Array1D, shares: tuple[float, ...]
    ) -> Said:
        """Return what one baseline says at one origin, beside what came.

        Parameters
        ----------
        name, law
            One of `BASELINES`; `NORMAL` or `COUNTS`.
        turn
            Which origin, counted from 0.
        items, came_milli
            Which items, and what came of each.
        shares
            At which quantiles are told.
        """
        mean, variance = self.mean[name][items, turn], self.variance[items, turn]
        unit = self.unit_milli[items]
        if law == COUNTS:
            return Said.of_negative_binomial(mean, variance, unit, came_milli, shares)
        return Said.of_normal(mean * unit / 1000, np.sqrt(variance) * unit / 1000, came_milli / 1000, shares)


def _means(series: Float64Array2D, known: Int64Array2D) -> Means:
    """Return the mean per period of all but ETS, each ``(n_items, n_origins)``; nothing where nothing is known."""
    classic = _after(croston_by_period(series, _ALPHA), known)
    return {
        "Croston": classic,
        "SBA": (1 - _ALPHA / 2) * classic,
        "TSB": _after(tsb_by_period(series, _ALPHA, _ALPHA), known),
        "ADIDA": _fitted(series, known, adida),
        "IMAPA": _fitted(series, known, imapa),
    }


def _after(by_period: Float64Array2D, known: Int64Array2D) -> Float64Array2D:
    """Return what was said after the last period known, ``(n_items, n_origins)``."""
    padded = np.pad(by_period, ((0, 0), (1, 0)))
    return np.take_along_axis(padded, known, axis=1)


def _fitted(
    series: Float64Array2D, known: Int64Array2D, method: Callable[[Float64Array2D], Float64Array1D]
) -> Float64Array2D:
    """Return what a method says of each item at each origin, those with equally many periods together."""
    found = np.zeros(known.shape)
    for periods in np.unique(known[known > 0]).tolist():
        item, turn = np.nonzero(known == periods)
        found[item, turn] = method(series[item, :periods])
    return found


def _variance(series: Float64Array2D, known: Int64Array2D) -> Float64Array2D:
    """Return the variance of the periods known, ``(n_items, n_origins)``; 0 of fewer than two."""
    count = np.maximum(known, 1)
    total, squares = _after(np.cumsum(series, axis=1), known), _after(np.cumsum(series**2, axis=1), known)
    return np.where(known > 1, np.maximum(squares - total**2 / count, 0.0) / np.maximum(known - 1, 1), 0.0)
