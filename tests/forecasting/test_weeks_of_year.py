"""What the weeks of the year bring back: learnt where it returns, and nothing where it does not."""

import numpy as np
import pytest

from demand.history import Int64Array2D
from forecasting.moving_weeks import WEEKS_A_YEAR, year_ago
from forecasting.weeks_of_year import week_factors

ITEMS, WEEKS, AHEAD = 60, 130, 20


def _asked(factor: np.ndarray, rate: float = 6.0, seed: int = 3) -> Int64Array2D:
    return np.asarray(np.random.default_rng(seed).poisson(rate * factor), dtype=np.int64)


def _sale_weeks(weeks: int = WEEKS + AHEAD) -> np.ndarray:
    """Say which weeks hold a yearly sale: of two weeks, a year apart to the nearest week."""
    return np.isin(np.arange(weeks), [year_ago(year) + 30 + late for year in range(3) for late in (0, 1)])


def test_a_year_is_fifty_two_weeks_and_a_leap_week_now_and_then() -> None:
    assert [year_ago(years) for years in (0, 1, 2, 3, 6)] == [0, 52, 104, 157, 313]
    assert pytest.approx(365.2425 / 7, abs=1e-4) == WEEKS_A_YEAR


def test_what_all_items_do_every_year_is_expected_of_the_next() -> None:
    sale = _sale_weeks()
    asked = _asked(np.broadcast_to(np.where(sale, 3.0, 1.0), (ITEMS, WEEKS + AHEAD)))[:, :WEEKS]
    ahead = week_factors(asked, np.ones(asked.shape), AHEAD)[:, WEEKS:]
    due = sale[WEEKS:]
    assert ahead[:, due].mean() > 2.5
    assert ahead[:, ~due].mean() == pytest.approx(1.0, abs=0.15)


def test_an_item_has_a_season_of_its_own_where_it_came_back() -> None:
    sale = _sale_weeks()
    factor = np.ones((ITEMS, WEEKS + AHEAD))
    factor[:6, sale] = 5.0
    asked = _asked(factor)[:, :WEEKS]
    ahead = week_factors(asked, np.ones(asked.shape), AHEAD)[:, WEEKS:]
    due = sale[WEEKS:]
    assert ahead[:6, due].mean() > 2.0
    assert ahead[6:, due].mean() < 1.5


def test_chance_has_no_season() -> None:
    asked = _asked(np.ones((400, WEEKS)))
    factor = week_factors(asked, np.ones(asked.shape), AHEAD)
    assert np.abs(factor - 1).max() < 0.12


def test_what_came_once_and_not_again_is_not_expected() -> None:
    asked = _asked(np.where(np.arange(WEEKS) == year_ago(2) - 20, 4.0, 1.0) * np.ones((ITEMS, WEEKS)))
    ahead = week_factors(asked, np.ones(asked.shape), 40)[:, WEEKS:]
    assert ahead.max() < 2.0


def test_with_a_year_or_less_nothing_is_known_to_return() -> None:
    asked = _asked(np.ones((5, 52)))
    assert (week_factors(asked, np.ones(asked.shape), 4) == 1).all()
    assert (week_factors(np.zeros((2, 80), dtype=np.int64), np.ones((2, 80)), 4) == 1).all()


def test_weeks_out_of_stock_tell_nothing() -> None:
    sale = _sale_weeks()
    asked = _asked(np.broadcast_to(np.where(sale, 3.0, 1.0), (ITEMS, WEEKS + AHEAD)))[:, :WEEKS]
    there = np.ones(asked.shape)
    there[:20, 40:60] = 0.0
    hidden = np.where(there > 0, asked, 0)
    ahead = week_factors(hidden, there, AHEAD)[:, WEEKS:]
    assert ahead[:20, sale[WEEKS:]].mean() > 2.0


def test_a_sale_that_was_a_week_earlier_the_year_before_is_expected_once_and_in_the_latest_years_week() -> None:
    sale = np.isin(np.arange(WEEKS + AHEAD), [30, year_ago(1) + 31, year_ago(2) + 31])
    asked = _asked(np.broadcast_to(np.where(sale, 4.0, 1.0), (ITEMS, WEEKS + AHEAD)))[:, :WEEKS]
    factor = week_factors(asked, np.ones(asked.shape), AHEAD)
    assert factor[:, sale].mean() > 2.8
    assert factor[:, ~sale].mean() == pytest.approx(1.0, abs=0.15)
    assert factor[:, year_ago(2) + 30].mean() < 1.3  # where the earlier year had it
