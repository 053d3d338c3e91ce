"""When a service is due, and when it will really come."""

import numpy as np
import pytest

from forecasting.due_list import coming_between, due_moment
from forecasting.population import months_of_driving


@pytest.mark.parametrize(
    ("pace", "months", "years_old"),
    [(850.0, 12.0, 0), (2000.0, 5.1, 0), (2000.0, 6.2, 5), (100.0, 12.0, 10)],
)
def test_due_by_distance_or_by_calendar_whichever_is_first(pace: float, months: float, years_old: int) -> None:
    since = np.array([24_000.0])
    registered = since - 12 * years_old
    due = due_moment(registered, since, np.array([pace]), np.array([10_000.0]), np.array([12.0]))[0]
    assert due - since[0] == pytest.approx(months, abs=0.2)
    driven = pace * (months_of_driving(due - registered) - months_of_driving(since - registered))[0]
    assert driven == pytest.approx(10_000) or due - since[0] == pytest.approx(12)


def test_a_car_that_hardly_drives_is_never_due_by_distance() -> None:
    one = np.ones(1)
    assert due_moment(0 * one, 0 * one, 10 * one, 60_000 * one, np.inf * one)[0] == np.inf


def test_four_of_five_that_come_come_between_the_two_moments() -> None:
    starts = np.arange(12, dtype=np.float64)
    even = coming_between(np.tile(1 / np.arange(12, 0, -1), (1, 1)), starts, np.ones(12))[0]
    assert even == pytest.approx([1.2, 10.8])
    assert np.isnan(coming_between(np.zeros((1, 12)), starts, np.ones(12))).all()
