"""ETS: exponential smoothing with additive errors, an additive, damped or no trend, and an additive season or none.

The innovations form of Hyndman, Koehler, Ord & Snyder (2008, ch. 2), many series at once. With level ℓ, trend b,
season s of m periods, damping φ and the one-step error e:

    ŷₜ = ℓₜ₋₁ + φ bₜ₋₁ + sₜ₋ₘ,   eₜ = yₜ − ŷₜ
    ℓₜ = ℓₜ₋₁ + φ bₜ₋₁ + α eₜ,   bₜ = φ bₜ₋₁ + β eₜ,   sₜ = sₜ₋ₘ + γ eₜ

Three shapes compete: level alone, level and damped trend, level and season. The constants of each are the best of a
fixed grid by the sum of squared errors; the shape is the one with the least corrected information criterion (ibid.,
ch. 7). The states begin at what the first year says. Forecasts below nothing are put to nothing.

A named baseline: the grid replaces an optimiser run per series and loses almost nothing; multiplicative forms are
left out, because on series with zeros they run away.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from demand.history import Float64Array1D, Float64Array2D
from forecasting.baselines.exponential_smoothing_compiled import run

_ALPHAS = (0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8)
_BETA_SHARES = (0.05, 0.2)
_DAMPINGS = (0.9, 0.98)
_GAMMAS = (0.02, 0.1, 0.3)


@dataclass(frozen=True)
class Constants:
    """Smoothing constants of all series of a run; a shape without trend or season has them at 0."""

    alpha: float
    beta: float = 0.0
    gamma: float = 0.0
    damping: float = 1.0


@dataclass(frozen=True)
class States:
    """Level ``(n_series,)``, trend ``(n_series,)``, and season ``(n_series, m)``, the next period's first."""

    level: Float64Array1D
    trend: Float64Array1D
    season: Float64Array2D


def smooth(demand: Float64Array2D, constants: Constants, start: States) -> tuple[States, Float64Array1D]:
    """Run the recursion over all periods.

    Parameters
    ----------
    demand
        ``(n_series, n_periods)``, oldest first.
    constants
        The same for all series.
    start
        The states before the first period.

    Returns
    -------
    tuple
        The states after the last period, and the sum of squared one-step errors, ``(n_series,)``.
    """
    level, trend, season = start.level.copy(), start.trend.copy(), start.season.copy()
    squares = np.zeros(len(demand))
    own = constants.alpha, constants.beta, constants.gamma, constants.damping
    run(np.ascontiguousarray(demand), own, level, trend, season, squares)
    length = season.shape[1]
    return States(level, trend, np.roll(season, -(demand.shape[1] % length), axis=1)), squares


def ahead(states: States, constants: Constants, horizon: int) -> Float64Array2D:
    """Return the mean of each coming period, ``(n_series, horizon)``; it may be below nothing."""
    steps = np.cumsum(constants.damping ** np.arange(1, horizon + 1))
    seasons = states.season[:, np.arange(horizon) % states.season.shape[1]]
    return states.level[:, None] + steps * states.trend[:, None] + seasons


def ets(demand: Float64Array2D, horizon: int, season_periods: int = 12) -> Float64Array2D:
    """Return the mean of each coming period by the best shape of each series, zero or more.

    Parameters
    ----------
    demand
        ``(n_series, n_periods)``, oldest first.
    horizon
        Coming periods.
    season_periods
        Periods of a year; a season is tried where there are two whole years.

    Returns
    -------
    ndarray
        ``(n_series, horizon)``.
    """
    count, periods = demand.shape
    best = np.zeros((count, horizon))
    least = np.full(count, np.inf)
    for shape, parameters in _shapes(periods, season_periods):
        start = _start(demand, season_periods, with_season=any(each.gamma for each in shape))
        for constants in shape:
            states, squares = smooth(demand, constants, start)
            criterion = _criterion(squares, periods, parameters)
            better = criterion < least
            least[better] = criterion[better]
            best[better] = ahead(states, constants, horizon)[better]
    return np.maximum(best, 0.0)


def _shapes(periods: int, season_periods: int) -> list[tuple[list[Constants], int]]:
    """Return the shapes that so many periods can bear: their constants, and how many parameters they have."""
    shapes = [([Constants(alpha) for alpha in _ALPHAS], 3)]
    if periods >= 8:  # fewer than two periods per parameter would follow noise
        trends = product(_ALPHAS, _BETA_SHARES, _DAMPINGS)
        shapes.append(([Constants(a, beta=share * a, damping=damping) for a, share, damping in trends], 6))
    if periods >= 2 * season_periods:
        seasons = [Constants(a, gamma=g) for a, g in product(_ALPHAS, _GAMMAS) if a + g <= 1]
        shapes.append((seasons, 4 + season_periods))
    return shapes


def _start(demand: Float64Array2D, season_periods: int, *, with_season: bool) -> States:
    """Return the states before the first period: the first year's mean, no trend, its deviations over two years."""
    first = demand[:, :season_periods]
    level = first.mean(axis=1) if first.shape[1] else np.zeros(len(demand))
    season = np.zeros((len(demand), season_periods))
    if with_season:
        years = demand[:, : 2 * season_periods].reshape(len(demand), 2, season_periods)
        season = (years - years.mean(axis=2, keepdims=True)).mean(axis=1)
    return States(level, np.zeros(len(demand)), season)


def _criterion(squares: Float64Array1D, periods: int, parameters: int) -> Float64Array1D:
    """Return the corrected information criterion; infinite where there are too few periods for the parameters."""
    if periods - parameters - 1 <= 0:
        return np.where(parameters == 3, 0.0, np.inf) * np.ones(len(squares))
    fit = periods * np.log(np.maximum(squares, 1e-12) / periods)
    return np.asarray(fit + 2 * parameters * periods / (periods - parameters - 1), dtype=np.float64)
