from datetime import date

import pytest
from lunardate import LunarDate

from demand.periods import (
    PeriodAxis,
    PeriodKind,
    first_day_of,
    label_of,
    lunar_new_year,
    ordinal_of,
    parse_label,
    spring_festival_closure,
)


def test_lunar_new_year_agrees_with_an_independent_almanac() -> None:
    for year in range(2000, 2051):
        assert lunar_new_year(year) == LunarDate(year, 1, 1).to_solar_date()


def test_a_year_outside_the_table_is_refused_not_guessed() -> None:
    with pytest.raises(ValueError, match="2000 to 2050"):
        lunar_new_year(1999)


@pytest.mark.parametrize(
    ("label", "first_day"),
    [("2026-06", date(2026, 6, 1)), ("2024-04-08", date(2024, 4, 8)), ("0001-01", date(1, 1, 1))],
)
def test_a_written_period_comes_back_as_written(label: str, first_day: date) -> None:
    ordinal, kind = parse_label(label)
    assert label_of(ordinal, kind) == label
    assert first_day_of(ordinal, kind) == first_day


@pytest.mark.parametrize(
    ("label", "reason"),
    [
        ("2024-04-09", "a Tuesday does not name a week"),
        ("2024-13", "no thirteenth month"),
        ("2024-4", "the month has two digits"),
        ("20240408", "ISO 8601 has it, our files do not"),
        ("2024-W15-1", "nor weeks by their number"),
        ("", "nothing is no period"),
    ],
)
def test_a_period_written_otherwise_is_refused(label: str, reason: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_label(label)


def test_axes_count_the_periods_between_two_days() -> None:
    axis = PeriodAxis.between(date(2025, 11, 30), date(2026, 2, 1), PeriodKind.MONTH)
    assert axis.labels() == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert axis.days().tolist() == [30, 31, 31, 28]
    assert axis.after(2).labels() == ["2026-03", "2026-04"]
    weeks = PeriodAxis.between(date(2025, 12, 28), date(2026, 1, 5), PeriodKind.WEEK)
    assert weeks.labels() == ["2025-12-22", "2025-12-29", "2026-01-05"]


def test_every_day_lies_in_the_period_that_claims_it() -> None:
    for kind in PeriodKind:
        for offset in range(0, 4000, 7):
            day = date.fromordinal(date(2020, 1, 1).toordinal() + offset)
            ordinal = ordinal_of(day, kind)
            assert first_day_of(ordinal, kind) <= day < first_day_of(ordinal + 1, kind)


def test_the_closure_is_the_week_from_new_years_eve() -> None:
    assert spring_festival_closure(2026) == (date(2026, 2, 16), date(2026, 2, 22))
    assert spring_festival_closure(2025) == (date(2025, 1, 28), date(2025, 2, 3))
