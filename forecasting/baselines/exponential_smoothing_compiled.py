"""The recursion of `exponential_smoothing` over each series, compiled; a plain twin stands in the tests."""

from __future__ import annotations

from demand.compiled import compiled
from demand.history import Float64Array1D, Float64Array2D


@compiled
def run(
    demand: Float64Array2D,
    constants: tuple[float, float, float, float],
    level: Float64Array1D,
    trend: Float64Array1D,
    season: Float64Array2D,
    squares: Float64Array1D,
) -> None:
    """Bring every series to its last period, in place.

    Parameters
    ----------
    demand
        ``(n_series, n_periods)``, oldest first.
    constants
        α, β, γ and φ of all series.
    level, trend, season
        The states, ``(n_series,)`` and ``(n_series, m)``.
    squares
        Out: the squared one-step errors are added, ``(n_series,)``.
    """
    alpha, beta, gamma, damping = constants
    length = season.shape[1]
    for series in range(demand.shape[0]):
        at_level, at_trend, total = level[series], trend[series], squares[series]
        for at in range(demand.shape[1]):
            expected = at_level + damping * at_trend
            error = demand[series, at] - expected - season[series, at % length]
            at_level = expected + alpha * error
            at_trend = damping * at_trend + beta * error
            season[series, at % length] += gamma * error
            total += error * error
        level[series], trend[series], squares[series] = at_level, at_trend, total
