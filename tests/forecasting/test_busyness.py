"""The shop's own lines say how busy a Saturday is, and the weeks before and after the Spring Festival."""

from datetime import date, timedelta

import numpy as np
import pytest

from demand.periods import PeriodAxis, PeriodKind, lunar_new_year, ordinal_of, spring_festival_closure
from forecasting.busyness import DAYS_PER_MONTH, EVEN, WEEKS, busy_months, festival_weeks, learn


def made_days(seed: int = 1, per_day: float = 60.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return four years of lines, a day each, with the factors they were drawn by."""
    weekday = np.array([0.9, 0.9, 0.9, 0.9, 1.0, 1.3, 1.1])
    week = np.array([1.2, 1.4, 1.5, 0.5, 0.7, 0.9])
    days = np.arange(date(2022, 7, 1).toordinal(), date(2026, 6, 30).toordinal() + 1)
    factor = weekday[(days - 1) % 7]
    found, _ = festival_weeks(days)
    for name, size in zip(WEEKS, week, strict=True):
        factor = factor * np.where(found == name, size, 1.0)
    factor[found == 99] = 0.0
    return np.repeat(days, np.random.default_rng(seed).poisson(per_day * factor)), weekday / weekday.mean(), week


def test_many_lines_show_the_true_factors() -> None:
    lines, weekday, week = made_days()
    found = learn(lines)
    assert found.weekday == pytest.approx(weekday, rel=0.03)
    assert found.week == pytest.approx(week, rel=0.08)


def test_few_lines_leave_the_calendar_of_open_days() -> None:
    assert learn(np.zeros(0, dtype=np.int64)) is EVEN
    found = learn(np.array([date(2026, 3, 2).toordinal()]))
    assert found.weekday == pytest.approx(1.0, abs=0.03)
    assert found.week == pytest.approx(1.0, abs=0.03)


def test_the_festival_week_is_closed_and_its_neighbours_are_named() -> None:
    first, last = spring_festival_closure(2026)
    days = np.arange(first.toordinal() - 22, last.toordinal() + 23)
    week, year = festival_weeks(days)
    named = {first + timedelta(days=int(day - days[0]) - 22): int(code) for day, code in zip(days, week, strict=True)}
    assert named[lunar_new_year(2026)] == 99
    assert (named[first - timedelta(days=1)], named[first - timedelta(days=21)]) == (-1, -3)
    assert (named[last + timedelta(days=1)], named[last + timedelta(days=21)]) == (1, 3)
    assert (named[first - timedelta(days=22)], named[last + timedelta(days=22)]) == (0, 0)
    assert set(year[week != 0]) == {2026}


def test_months_are_as_busy_as_their_days() -> None:
    busyness = learn(made_days()[0])
    axis = PeriodAxis(PeriodKind.MONTH, 2026 * 12, 3)
    january, february, march = busy_months(axis, busyness)
    assert february < march < january  # closed from the 16th on, with the rush before it in January
    weeks = PeriodAxis(PeriodKind.WEEK, ordinal_of(date(2026, 2, 16), PeriodKind.WEEK), 1)
    assert busy_months(weeks, busyness)[0] == 0


def test_the_closure_is_taken_from_the_months_and_weeks_it_falls_into() -> None:
    # 2026: closed 16 to 22 February. 2025: 28 January to 3 February, four days in January and three in February.
    axis = PeriodAxis.between(date(2025, 1, 1), date(2026, 3, 1), PeriodKind.MONTH)
    closed = axis.days() - busy_months(axis, EVEN) * DAYS_PER_MONTH
    found = {label: round(days) for label, days in zip(axis.labels(), closed, strict=True) if days > 0.5}
    assert found == {"2025-01": 4, "2025-02": 3, "2026-02": 7}
    weeks = PeriodAxis.between(date(2026, 2, 9), date(2026, 3, 1), PeriodKind.WEEK)
    assert busy_months(weeks, EVEN) * DAYS_PER_MONTH == pytest.approx([7, 0, 7])
