"""The compiled recursions of the baselines beside their plain twins, to the last bit."""

import numpy as np
import pytest

from demand.history import Float64Array1D, Float64Array2D
from forecasting.baselines.exponential_smoothing import Constants, States, smooth
from forecasting.baselines.simple_smoothing import fitted_alpha

GOLDEN = (np.sqrt(5.0) - 1) / 2


def squares_at(series: list[float], alpha: float) -> float:
    level, total = series[0], 0.0
    for value in series[1:]:
        gap = value - level
        total += gap * gap
        level += alpha * gap
    return total


def plain_alpha(series: list[float], low: float, high: float) -> float:
    """Golden section without keeping what was worked out a step before."""
    middle = (low + high) / 2
    if len(series) < 2 or len({squares_at(series, alpha) for alpha in (low, middle, high)}) == 1:
        return middle
    left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    while high - low > 1e-10:
        if squares_at(series, left) < squares_at(series, right):
            high, right = right, left
            left = high - GOLDEN * (high - low)
        else:
            low, left = left, right
            right = low + GOLDEN * (high - low)
    return (low + high) / 2


def plain_smooth(demand: Float64Array2D, own: Constants, start: States) -> tuple[Float64Array2D, Float64Array1D]:
    """Return level, trend and seasons as they lie at the end, a row per series, and the squared errors."""
    rows, errors = [], []
    for i, row in enumerate(demand):
        level, trend, season = start.level[i], start.trend[i], start.season[i].tolist()
        total = 0.0
        for at, value in enumerate(row):
            expected = level + own.damping * trend
            error = value - expected - season[at % len(season)]
            level = expected + own.alpha * error
            trend = own.damping * trend + own.beta * error
            season[at % len(season)] += own.gamma * error
            total += error * error
        turn = demand.shape[1] % len(season)
        rows.append([level, trend, *season[turn:], *season[:turn]])
        errors.append(total)
    return np.array(rows), np.array(errors)


@pytest.mark.parametrize("longest", [0, 1, 2, 9, 48])
def test_each_series_gets_the_constant_of_the_plain_search_whatever_its_length(longest: int) -> None:
    chance = np.random.default_rng(longest)
    values = chance.poisson(chance.gamma(0.6, 3.0, (12, 1)), (12, longest)).astype(np.float64)
    length = chance.integers(0, longest + 1, 12)
    found = fitted_alpha(values, length, 0.1, 0.3)
    expected = [plain_alpha(row[:n].tolist(), 0.1, 0.3) for row, n in zip(values, length, strict=True)]
    assert found.tolist() == expected


@pytest.mark.parametrize("periods", [0, 5, 31])
def test_level_trend_and_season_are_those_of_the_plain_recursion(periods: int) -> None:
    chance = np.random.default_rng(periods)
    demand = chance.gamma(1.0, 2.0, (5, periods))
    start = States(chance.random(5), chance.random(5), chance.random((5, 12)))
    own = Constants(0.2, beta=0.05, gamma=0.1, damping=0.95)
    after, squares = smooth(demand, own, start)
    rows, errors = plain_smooth(demand, own, start)
    assert np.column_stack([after.level, after.trend, after.season]).tolist() == rows.tolist()
    assert squares.tolist() == errors.tolist()
