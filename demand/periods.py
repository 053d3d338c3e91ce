"""Months and weeks as counted periods, and the moving feast that closes the workshop.

A *period* is a calendar month or a week that starts on Monday. It is carried as an integer ordinal, so that a
matrix column is a subtraction away from its date: months count from January of year 0, weeks from the Monday
0001-01-01. The only moving feast that empties a Chinese workshop is the Spring Festival (Lunar New Year, CNY);
its dates are a table here, held against an independent almanac by the tests.

This file does not know of public holidays other than the Spring Festival closure, nor of the clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

_LUNAR_NEW_YEAR_MONTH_DAY = {
    2000: (2, 5), 2001: (1, 24), 2002: (2, 12), 2003: (2, 1), 2004: (1, 22), 2005: (2, 9), 2006: (1, 29),
    2007: (2, 18), 2008: (2, 7), 2009: (1, 26), 2010: (2, 14), 2011: (2, 3), 2012: (1, 23), 2013: (2, 10),
    2014: (1, 31), 2015: (2, 19), 2016: (2, 8), 2017: (1, 28), 2018: (2, 16), 2019: (2, 5), 2020: (1, 25),
    2021: (2, 12), 2022: (2, 1), 2023: (1, 22), 2024: (2, 10), 2025: (1, 29), 2026: (2, 17), 2027: (2, 6),
    2028: (1, 26), 2029: (2, 13), 2030: (2, 3), 2031: (1, 23), 2032: (2, 11), 2033: (1, 31), 2034: (2, 19),
    2035: (2, 8), 2036: (1, 28), 2037: (2, 15), 2038: (2, 4), 2039: (1, 24), 2040: (2, 12), 2041: (2, 1),
    2042: (1, 22), 2043: (2, 10), 2044: (1, 30), 2045: (2, 17), 2046: (2, 6), 2047: (1, 26), 2048: (2, 14),
    2049: (2, 2), 2050: (1, 23),
}  # fmt: skip

SPRING_FESTIVAL_CLOSURE_DAYS = 7
"""Days a workshop stays closed from the eve of Lunar New Year: the length of the statutory holiday week."""


class PeriodKind(StrEnum):
    """The length of the buckets in which demand is counted."""

    MONTH = "month"
    WEEK = "week"


def ordinal_of(day: date, kind: PeriodKind) -> int:
    """Return the ordinal of the period that holds a day.

    >>> ordinal_of(date(2026, 6, 30), PeriodKind.MONTH)
    24317
    """
    if kind is PeriodKind.MONTH:
        return day.year * 12 + day.month - 1
    return (day.toordinal() - 1) // 7


def first_day_of(ordinal: int, kind: PeriodKind) -> date:
    """Return the first day of a period given by its ordinal."""
    if kind is PeriodKind.MONTH:
        return date(ordinal // 12, ordinal % 12 + 1, 1)
    return date.fromordinal(ordinal * 7 + 1)


def label_of(ordinal: int, kind: PeriodKind) -> str:
    """Return how people and files write a period: ``2026-06`` for a month, the Monday's date for a week.

    >>> label_of(24317, PeriodKind.MONTH)
    '2026-06'
    """
    day = first_day_of(ordinal, kind)
    return f"{day.year:04d}-{day.month:02d}" if kind is PeriodKind.MONTH else day.isoformat()


def parse_label(label: str) -> tuple[int, PeriodKind]:
    """Return ordinal and kind of a written period: ``YYYY-MM``, or the ``YYYY-MM-DD`` of a Monday.

    Raises
    ------
    ValueError
        If the text is neither, or the day named is not a Monday.

    >>> parse_label("2026-06")[0]
    24317
    """
    if len(label) == 7:
        return ordinal_of(date.fromisoformat(label + "-01"), PeriodKind.MONTH), PeriodKind.MONTH
    if len(label) != 10 or label[4] != "-" or label[7] != "-":  # ISO 8601 has other ways, 20260629 and 2026-W27-1
        raise ValueError(f"a period is written YYYY-MM, or as a Monday YYYY-MM-DD; found {label!r}")
    day = date.fromisoformat(label)
    if day.weekday() != 0:
        raise ValueError(f"a week is named by its Monday, and {label} is not a Monday")
    return ordinal_of(day, PeriodKind.WEEK), PeriodKind.WEEK


@dataclass(frozen=True)
class PeriodAxis:
    """A run of consecutive periods: the columns of every demand matrix.

    Parameters
    ----------
    kind
        Month or week.
    first
        Ordinal of the first period.
    count
        Number of periods, zero or more.
    """

    kind: PeriodKind
    first: int
    count: int

    def __post_init__(self) -> None:
        if self.count < 0:
            raise ValueError(f"an axis holds zero or more periods, not {self.count}")

    @classmethod
    def between(cls, first_day: date, last_day: date, kind: PeriodKind) -> PeriodAxis:
        """Return the axis whose first and last periods hold the two days."""
        first = ordinal_of(first_day, kind)
        return cls(kind, first, ordinal_of(last_day, kind) - first + 1)

    def after(self, count: int) -> PeriodAxis:
        """Return the `count` periods that follow this axis."""
        return PeriodAxis(self.kind, self.first + self.count, count)

    def labels(self) -> list[str]:
        """Return the written name of each period."""
        return [label_of(self.first + i, self.kind) for i in range(self.count)]

    def first_days(self) -> list[date]:
        """Return the first day of each period, and of the one after the last: ``count + 1`` dates."""
        return [first_day_of(self.first + i, self.kind) for i in range(self.count + 1)]

    def days(self) -> NDArray[np.float64]:
        """Return the length of each period in days, shape ``(count,)``."""
        starts = np.array([day.toordinal() for day in self.first_days()], dtype=np.float64)
        return np.diff(starts)


def lunar_new_year(year: int) -> date:
    """Return the first day of the Chinese lunar year that begins in a Gregorian year, 2000 to 2050.

    Raises
    ------
    ValueError
        If the year is outside the table.

    >>> lunar_new_year(2026)
    datetime.date(2026, 2, 17)
    """
    if year not in _LUNAR_NEW_YEAR_MONTH_DAY:
        raise ValueError(f"the Lunar New Year table runs from 2000 to 2050; {year} is outside")
    month, day = _LUNAR_NEW_YEAR_MONTH_DAY[year]
    return date(year, month, day)


def spring_festival_closure(year: int) -> tuple[date, date]:
    """Return the first and last day of the closure: from New Year's Eve on, for the length of the holiday week."""
    eve = lunar_new_year(year) - timedelta(days=1)
    return eve, eve + timedelta(days=SPRING_FESTIVAL_CLOSURE_DAYS - 1)
