"""Which week of the year before a week answers to: found where items agree on it, and the same week elsewhere."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from forecasting.moving_weeks import answering, put_back, steps, year_ago

ITEMS, WEEKS = 50, 170


def _departed(peaks: dict[int, float], items: int = ITEMS, seed: int = 5) -> np.ndarray:
    """Return departures of items that all have these peaks, beside chance."""
    departed = np.random.default_rng(seed).normal(0, 0.3, (items, WEEKS))
    for week, height in peaks.items():
        departed[:, week] += height
    return np.asarray(departed)


def test_years_that_agree_week_by_week_are_left_where_they_are() -> None:
    peaks = {week: 1.0 for year in range(3) for week in (year_ago(year) + 10, year_ago(year) + 35)}
    assert (answering(_departed(peaks)) == np.arange(WEEKS)).all()
    assert (answering(_departed({})) == np.arange(WEEKS)).all()


def test_a_peak_that_moved_answers_to_the_peak_of_the_year_before_and_the_rest_stays() -> None:
    departed = _departed({30: 1.0, 52 + 31: 1.0, 104 + 31: 1.0, 45: 1.0, 52 + 45: 1.0, 104 + 45: 1.0})
    source = answering(departed)
    assert (source[31], source[83], source[45]) == (30, 83, 45)
    assert (np.flatnonzero(source != np.arange(WEEKS)) == [30, 31, 32]).all()


def test_what_moved_twice_is_moved_by_both_steps() -> None:
    source = answering(_departed({30: 1.5, 52 + 31: 1.5, 104 + 32: 1.5}))
    assert (source[32], source[52 + 32]) == (30, 52 + 31)


def test_one_items_odd_week_moves_no_calendar() -> None:
    departed = _departed({}, items=30)
    departed[0, [30, 52 + 31]] = 40.0
    assert not steps(departed).any()


def test_a_year_on_record_has_none_before_it() -> None:
    assert (answering(_departed({})[:, :52]) == np.arange(52)).all()
    assert answering(np.zeros((3, 0))).size == 0


@given(st.lists(st.integers(-1, 1), min_size=1, max_size=40))
def test_a_week_that_stands_in_a_place_has_the_season_of_that_place(moved: list[int]) -> None:
    source = np.clip(np.arange(len(moved)) + np.array(moved), 0, len(moved) - 1)
    place = put_back(source)
    stands = np.isin(np.arange(source.size), source)
    assert (source[place[stands]] == np.flatnonzero(stands)).all()
    assert ((place >= 0) & (place < source.size)).all()
