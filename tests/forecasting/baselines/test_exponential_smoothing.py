"""ETS held against statsmodels at the same constants and starting states."""

import numpy as np
import pytest
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

from forecasting.baselines.exponential_smoothing import Constants, States, ahead, ets, smooth

DEMAND = np.random.default_rng(7).gamma(3.0, 2.0, size=(4, 40)) * (1 + 0.3 * np.sin(np.arange(40) * np.pi / 6))
SHAPES = [
    (Constants(0.3), {}),
    (Constants(0.3, beta=0.1), {"trend": "add"}),
    (Constants(0.3, beta=0.1, damping=0.9), {"trend": "add", "damped_trend": True}),
    (Constants(0.2, gamma=0.15), {"seasonal": "add", "seasonal_periods": 12}),
    (
        Constants(0.2, beta=0.05, gamma=0.1, damping=0.95),
        {"trend": "add", "damped_trend": True, "seasonal": "add", "seasonal_periods": 12},
    ),
]


@pytest.mark.parametrize(("constants", "shape"), SHAPES)
def test_forecasts_and_errors_are_those_of_statsmodels(constants: Constants, shape: dict[str, object]) -> None:
    level, trend = np.array([4.0, 5.0, 6.0, 7.0]), np.array([0.1, -0.1, 0.0, 0.2]) * ("trend" in shape)
    season = np.tile(np.arange(12) - 5.5, (4, 1)) if "seasonal" in shape else np.zeros((4, 1))
    after, squares = smooth(DEMAND, constants, States(level, trend, season))
    found = ahead(after, constants, 15)
    for i, row in enumerate(DEMAND):
        named = {
            "smoothing_level": constants.alpha,
            "smoothing_trend": constants.beta,
            "smoothing_seasonal": constants.gamma,
            "damping_trend": constants.damping,
            "initial_level": level[i],
            "initial_trend": trend[i],
            **{f"initial_seasonal.{11 - k}": season[i, k] for k in range(season.shape[1])},
        }
        twin = ETSModel(row, error="add", **shape)
        fitted = twin.smooth(np.array([named[name] for name in twin.param_names]))
        assert found[i] == pytest.approx(fitted.forecast(15), rel=1e-6, abs=1e-6)
        assert squares[i] == pytest.approx(float((np.asarray(fitted.resid) ** 2).sum()), rel=1e-6)


def test_a_steep_season_is_seen_and_a_level_series_stays_level() -> None:
    year = np.array([0, 0, 0, 0, 0, 9, 9, 0, 0, 0, 0, 0], dtype=np.float64)
    found = ets(np.stack([np.tile(year, 4), np.full(48, 3.0)]), 12)
    assert found[0].round(1).tolist() == year.tolist()
    assert found[1] == pytest.approx(np.full(12, 3.0))


@pytest.mark.parametrize("periods", [0, 1, 2, 3, 5, 8, 13, 24, 25, 600])
def test_any_length_gives_finite_forecasts_of_nothing_or_more(periods: int) -> None:
    demand = np.zeros((3, periods))
    demand[1, -1:] = 1000.0
    demand[2] = np.random.default_rng(periods).poisson(0.3, periods)
    found = ets(demand, 6)
    assert np.isfinite(found).all()
    assert (found >= 0).all()
    assert (found[0] == 0).all()
