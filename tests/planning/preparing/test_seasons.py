"""Seasons of a kind reach every part of it, the ones nobody asked for yet included."""

import numpy as np
import pytest

from demand.history import DemandHistory
from demand.periods import PeriodAxis, PeriodKind
from forecasting.forecast import Exposure
from planning.preparing.seasons import in_season
from tests.forecasting.histories import history_of, plain_exposure

WINTER = np.array([1.5, 1.3, 1.0, 0.8, 0.75, 0.8, 0.95, 0.9, 0.75, 0.85, 1.1, 1.3])


def seasoned(rows: list[list[int]], horizon: int = 12) -> tuple[DemandHistory, Exposure]:
    history = history_of(rows)
    busy = np.ones(history.axis.count + horizon)
    kind = ("battery",) * len(rows)
    return history, in_season(plain_exposure(history, horizon), history, busy, ("battery/wear",) * len(rows), kind)


def test_a_new_battery_is_expected_in_winter_as_the_old_ones_were() -> None:
    first = history_of([[0] * 48]).axis.first
    month = (first + np.arange(48)) % 12
    asked = np.random.default_rng(1).poisson(60 * WINTER[month])
    history, found = seasoned([asked.tolist(), [0] * 48])
    ahead = (history.axis.first + 48 + np.arange(12)) % 12
    assert found.season is not None
    assert found.season[1] == pytest.approx(WINTER[ahead] / WINTER.mean(), abs=0.12)
    assert found.past[1] == pytest.approx(WINTER[month] / WINTER.mean(), abs=0.12)


@pytest.mark.parametrize("length", [0, 1, 11])
def test_less_than_a_year_has_no_season(length: int) -> None:
    _, found = seasoned([[3] * length])
    assert found.season is None or found.season == pytest.approx(1.0)


def test_weeks_have_the_season_of_their_months() -> None:
    weeks = PeriodAxis(PeriodKind.WEEK, 105_691, 208)
    quantity = np.full((1, 208), 5, dtype=np.int64)
    history = DemandHistory(
        ("P",), ("S",), weeks, quantity, quantity.copy(), np.ones((1, 208)), np.zeros((1, 208), dtype=np.uint8),
        np.full(1, 1000),
    )  # fmt: skip
    found = in_season(plain_exposure(history, 4), history, np.full(212, 7 / 30.4), ("f",), ("k",))
    assert found.season is not None
    assert found.season == pytest.approx(1.0, abs=0.1)
