"""Vehicles to expected calls: the matrix way against the plain sum it stands for."""

from datetime import date

import numpy as np
import pytest

from demand.periods import PeriodAxis, PeriodKind, ordinal_of
from forecasting.busyness import EVEN, busy_months
from forecasting.exposure import Fitments, calls_by_age, calls_by_period, middles
from forecasting.leaving import published_hazard
from forecasting.population import AGES, NEVER, OLDEST_YEARS, Population, Vehicles, population


def world(seed: int) -> tuple[Population, Fitments, np.ndarray, np.ndarray]:
    chance = np.random.default_rng(seed)
    rows = 80
    people = population(
        Vehicles(
            chance.integers(0, 2, rows), chance.integers(0, 3, rows), chance.integers(23900, 24320, rows),
            np.full(rows, NEVER), chance.integers(1, 5, rows), np.full(rows, float(NEVER)),
        ),
        np.tile(published_hazard(np.arange(AGES + 1.0)), (3, 1)),
        np.arange(24300.5, 24312),
        24306.0,
    )  # fmt: skip
    fits = 30
    year = chance.integers(1992, 2028, fits)
    fitments = Fitments(
        chance.integers(0, 6, fits), chance.integers(0, 3, fits), chance.integers(0, 4, fits), year,
        year + chance.integers(0, 12, fits),
    )  # fmt: skip
    return people, fitments, chance.random((2, OLDEST_YEARS)), chance.random((4, 3, AGES))


@pytest.mark.parametrize("seed", range(5))
def test_running_totals_give_what_the_plain_sum_gives(seed: int) -> None:
    people, fitments, loyal, needs = world(seed)
    found = calls_by_period(people, fitments, loyal, needs, 6)
    expected = np.zeros((6, 2, 12))
    for row in range(fitments.part.size):
        for c in range(people.model.size):
            if people.model[c] != fitments.model[row]:
                continue
            if not fitments.year_from[row] <= people.registered[c] // 12 <= fitments.year_to[row]:
                continue
            for t in range(12):
                age = people.age[c, t]
                share = loyal[people.store[c], age // 12] * needs[fitments.need[row], fitments.model[row], age]
                expected[fitments.part[row], people.store[c], t] += people.on_road[c, t] * share
    assert found.calls == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_ages_and_periods_are_two_views_of_the_same_calls() -> None:
    people, fitments, loyal, needs = world(9)
    groups = np.minimum(np.arange(AGES) // 24, 9)
    by_age = calls_by_age(people, fitments, loyal, needs, 6, groups)
    by_period = calls_by_period(people, fitments, loyal, needs, 6)
    assert by_age.calls.sum(axis=2) == pytest.approx(by_period.calls.sum(axis=2))
    assert by_age.vehicles.sum(axis=2) == pytest.approx(by_period.vehicles.sum(axis=2))


def test_a_year_of_months_and_a_year_of_weeks_have_the_same_open_time() -> None:
    months = busy_months(PeriodAxis(PeriodKind.MONTH, 2026 * 12, 12), EVEN).sum()
    assert months == pytest.approx(12 - 7 / 30.4375, abs=0.02)
    july = ordinal_of(date(2026, 7, 13), PeriodKind.WEEK)
    assert middles(PeriodAxis(PeriodKind.WEEK, july, 1))[0] == pytest.approx(24318 + 15 / 31)
    assert middles(PeriodAxis(PeriodKind.MONTH, 24317, 2)).tolist() == [24317.5, 24318.5]
