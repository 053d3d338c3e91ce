"""Seasons are the kind's, drawn to its family's, and none where there is none; not all heed the calendar."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from demand.periods import PeriodAxis, PeriodKind
from forecasting.season import MONTHS, fit_waves, months_of_year, seasons, waves

WINTER = np.array([1.5, 1.3, 1.0, 0.8, 0.75, 0.8, 0.95, 0.9, 0.75, 0.85, 1.1, 1.3])
MONTH = np.arange(48) % 12
LEVEL = np.ones(48)


def drawn(factor: np.ndarray, level: float, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).poisson(level * np.tile(factor, 4)).astype(np.float64)


def test_one_wave_fit_is_the_regression_statsmodels_does() -> None:
    calls = drawn(WINTER, 80, 1).reshape(4, 12).sum(axis=0)[None]
    expected = np.linspace(250, 350, 12)[None]
    basis = waves(np.arange(12, dtype=np.float64) + 0.5)
    found, _ = fit_waves(calls, expected, basis, 1e6)
    twin = sm.GLM(calls[0], basis, family=sm.families.Poisson(), offset=np.log(expected[0])).fit()
    assert found[0] == pytest.approx(basis @ twin.params, abs=1e-6)


def test_a_strong_season_is_found_and_a_steady_kind_has_none() -> None:
    asked = np.stack([drawn(WINTER, 60, 2), drawn(np.ones(12), 60, 3)])
    found = seasons(asked, np.full((2, 48), 60.0), LEVEL, MONTH, np.array([0, 1]))
    assert found.factor[0] == pytest.approx(WINTER / WINTER.mean(), abs=0.12)
    assert found.factor[1] == pytest.approx(1.0, abs=0.05)


def test_a_kind_with_few_calls_has_its_familys_season() -> None:
    asked = np.stack([drawn(WINTER, 60, 4), drawn(WINTER, 60, 5), drawn(np.ones(12), 0.1, 6)])
    found = seasons(asked, asked.mean(axis=1, keepdims=True) * np.ones((3, 48)), LEVEL, MONTH, np.zeros(3, dtype=int))
    assert found.factor[2] == pytest.approx(found.factor[:2].mean(axis=0), abs=0.12)


@pytest.mark.parametrize(
    ("months", "calls", "a_year", "apart"),
    [(48, 40, 0.5, 0.1), (48, 400, 0.5, 0.1), (48, 400, -0.12, 0.04), (30, 400, -0.12, 0.06)],
)
def test_growth_is_not_taken_for_a_season(months: int, calls: int, a_year: float, apart: float) -> None:
    asked = np.random.default_rng(7).poisson(calls * np.exp(a_year * np.arange(months) / 12)).astype(np.float64)[None]
    month, steady = np.arange(months) % 12, np.full((1, months), float(calls))
    found = seasons(asked, steady, np.ones(months), month, np.zeros(1, dtype=np.int64))
    assert found.factor[0] == pytest.approx(1.0, abs=apart)


def test_a_season_is_found_beside_growth_and_a_handful_of_calls_shows_none_of_either() -> None:
    growing = np.exp(-0.12 * np.arange(48) / 12)
    asked = np.stack([drawn(WINTER, 300, 9) * growing, np.eye(48)[5]])
    found = seasons(asked, np.full((2, 48), 300.0), LEVEL, MONTH, np.array([0, 1]))
    assert found.factor[0] == pytest.approx(WINTER / WINTER.mean(), abs=0.08)
    assert found.factor[1] == pytest.approx(1.0, abs=0.05)


def test_who_heeds_the_calendar_is_told_from_who_does_not() -> None:
    chance = np.random.default_rng(8)
    busy = np.ones(48)
    busy[[0, 13, 24, 37]], busy[[1, 12, 25, 36]] = 1.15, 0.7  # the feast moves between January and February
    asked = np.stack([chance.poisson(200 * busy), chance.poisson(np.full(48, 200.0))]).astype(np.float64)
    found = seasons(asked, np.tile(200 * busy, (2, 1)), busy, MONTH, np.array([0, 1]))
    assert found.response[0] >= 0.75
    assert found.response[1] <= 0.25


@settings(deadline=None)
@given(st.integers(0, 40), st.integers(1, 4), st.integers(0, 2**32 - 1))
def test_whatever_the_history_factors_are_positive_and_mean_one(months: int, kinds: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    asked = chance.poisson(chance.gamma(0.3, 5, (kinds, 1)), (kinds, months)).astype(np.float64)
    expected = chance.choice([0.0, 1.0, 30.0], (kinds, months))
    family = np.zeros(kinds, dtype=np.int64)
    found = seasons(asked, expected, np.ones(months), np.arange(months) % MONTHS, family)
    assert found.factor.min() > 0
    assert found.factor.mean(axis=1) == pytest.approx(1.0)
    assert ((found.response >= 0) & (found.response <= 1.5)).all()


def test_a_week_across_two_months_has_a_share_of_both() -> None:
    weeks = months_of_year(PeriodAxis(PeriodKind.WEEK, 105_691, 9))
    assert weeks.sum(axis=1) == pytest.approx(1.0)
    assert ((weeks > 0) & (weeks < 1)).any()
    assert months_of_year(PeriodAxis(PeriodKind.MONTH, 24317, 2))[:, [5, 6]].tolist() == [[1, 0], [0, 1]]


def test_months_that_are_busy_by_chance_leave_next_to_no_season() -> None:
    chance = np.random.default_rng(9)
    asked = chance.poisson(250 * np.exp(chance.normal(0, 0.08, (40, 48)))).astype(np.float64)  # of forty stores
    found = seasons(asked, np.full((40, 48), 250.0), LEVEL, MONTH, np.arange(40)).factor
    by_hand = asked.reshape(40, 4, 12).mean(axis=1) / asked.mean(axis=1, keepdims=True)
    assert ((found - 1) ** 2).mean() < 0.04 * ((by_hand - 1) ** 2).mean()
