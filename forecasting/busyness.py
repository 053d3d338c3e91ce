"""How busy each day of the shop is: the days of the week, and the weeks about the Spring Festival.

Model in words. Lines of a day are Poisson about a level that moves slowly, times a factor of the day of the week, times
a factor of its week before or after the Spring Festival closure: owners come before they travel home, and stay away
after it. Both are learnt from the store's own lines, drawn to one:

    weekday   f_w = (lines on weekday w + s) / (level over those days + s),         scaled to mean one
    week      g_j = (lines in week j of all years + s) / (Σ level × f_w + s)         j = −3, −2, −1, 1, 2, 3

The level of a year's festival is the mean of the ordinary days within `REACH_DAYS` of it. On closed days nothing is
asked. With few lines every factor is one, and what is left is the calendar of open days.

A week before the festival can fall into January or February: monthly seasons are learnt after this, never instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from demand.history import Float64Array1D, Int64Array1D
from demand.periods import PeriodAxis, lunar_new_year, spring_festival_closure

DAYS_PER_MONTH = 365.25 / 12
WEEKS = (-3, -2, -1, 1, 2, 3)
REACH_DAYS = 120
TRUST_LINES = 60.0
"""s: lines' worth of trust in a factor of one."""
_NO_WEEK, _CLOSED = 0, 99


@dataclass(frozen=True)
class Busyness:
    """Factors of the days.

    Parameters
    ----------
    weekday
        Of Monday to Sunday, mean one, ``(7,)``.
    week
        Of the weeks in `WEEKS` about the Spring Festival closure, ``(6,)``.
    """

    weekday: Float64Array1D
    week: Float64Array1D


EVEN = Busyness(np.ones(7), np.ones(len(WEEKS)))
"""Every open day is like the next."""


def learn(day: Int64Array1D) -> Busyness:
    """Learn the factors from the days of all lines.

    Parameters
    ----------
    day
        Day of each line, as `date.toordinal` counts, ``(n_lines,)``; the shop is taken to trade from the first to the
        last of them.
    """
    if not day.size:
        return EVEN
    first, last = int(day.min()), int(day.max())
    days = np.arange(first, last + 1)
    lines = np.bincount(day - first, minlength=days.size).astype(np.float64)
    week, year = festival_weeks(days)
    ordinary = week == _NO_WEEK
    of_week = (days - 1) % 7
    level = lines[ordinary].sum() / max(int(ordinary.sum()), 1)
    counted = np.bincount(of_week[ordinary], weights=lines[ordinary], minlength=7)
    expected = np.bincount(of_week[ordinary], minlength=7) * level
    weekday = (counted + TRUST_LINES) / (expected + TRUST_LINES)
    weekday /= weekday.mean()
    asked, possible = np.zeros(len(WEEKS)), np.zeros(len(WEEKS))
    for festival in np.unique(year[week != _NO_WEEK]):
        middle = lunar_new_year(int(festival)).toordinal()
        near = ordinary & (np.abs(days - middle) <= REACH_DAYS)
        around = lines[near].sum() / max(float(weekday[of_week[near]].sum()), 1.0)
        for place, name in enumerate(WEEKS):
            inside = (week == name) & (year == festival)
            asked[place] += lines[inside].sum()
            possible[place] += around * weekday[of_week[inside]].sum()
    return Busyness(weekday, (asked + TRUST_LINES) / (possible + TRUST_LINES))


def busy_months(axis: PeriodAxis, busyness: Busyness) -> Float64Array1D:
    """Return how much can be asked in each period, in average months, ``(axis.count,)``.

    Parameters
    ----------
    axis
        The periods.
    busyness
        The factors; `EVEN` gives open days.
    """
    starts = np.array([day.toordinal() for day in axis.first_days()], dtype=np.int64)
    days = np.arange(starts[0], starts[-1])
    if not days.size:
        return np.zeros(axis.count)
    week, _ = festival_weeks(days)
    factor = np.ones(days.size)
    for name, of_week in zip(WEEKS, busyness.week, strict=True):
        factor[week == name] = of_week
    factor[week == _CLOSED] = 0.0
    factor *= busyness.weekday[(days - 1) % 7]
    months: Float64Array1D = np.add.reduceat(factor, starts[:-1] - starts[0]) / DAYS_PER_MONTH
    return months


def festival_weeks(days: NDArray[np.int64]) -> tuple[Int64Array1D, Int64Array1D]:
    """Return the festival week of each day (0 far from it, 99 in the closure) and the year of its festival.

    Parameters
    ----------
    days
        Consecutive days, as `date.toordinal` counts.
    """
    week = np.full(days.shape, _NO_WEEK, dtype=np.int64)
    year = np.zeros(days.shape, dtype=np.int64)
    if not days.size:
        return week, year
    epoch = lunar_new_year(2000)
    years = [epoch.year + i for i in range(51)]
    for each in years:
        first, last = spring_festival_closure(each)
        begin, end = first - timedelta(days=21), last + timedelta(days=21)
        if end.toordinal() < days[0] or begin.toordinal() > days[-1]:
            continue
        to, since = days - first.toordinal(), days - last.toordinal()
        before, after = (to >= -21) & (to < 0), (since > 0) & (since <= 21)
        week[before] = to[before] // 7
        week[after] = (since[after] + 6) // 7
        week[(to >= 0) & (since <= 0)] = _CLOSED
        year[before | after | ((to >= 0) & (since <= 0))] = each
    return week, year
