"""The shop's calendar: months, the closure at the spring feast, the rush before it and the slump after it, seasons.

Days are counted from 1970-01-01 and months from January 1970, as NumPy does. New Year's days of the lunar calendar
are public astronomical dates. The sizes of rush and slump are assumed.
"""

from datetime import date
from functools import cache
from typing import Final

import numpy as np

from data_samples.columns import Floats, Ints

NEVER: Final = 10**7
"""A day that never comes."""

_NEW_YEAR: Final = (
    (2004, 1, 22),
    (2005, 2, 9),
    (2006, 1, 29),
    (2007, 2, 18),
    (2008, 2, 7),
    (2009, 1, 26),
    (2010, 2, 14),
    (2011, 2, 3),
    (2012, 1, 23),
    (2013, 2, 10),
    (2014, 1, 31),
    (2015, 2, 19),
    (2016, 2, 8),
    (2017, 1, 28),
    (2018, 2, 16),
    (2019, 2, 5),
    (2020, 1, 25),
    (2021, 2, 12),
    (2022, 2, 1),
    (2023, 1, 22),
    (2024, 2, 10),
    (2025, 1, 29),
    (2026, 2, 17),
    (2027, 2, 6),
    (2028, 1, 26),
    (2029, 2, 13),
    (2030, 2, 3),
)
FEAST_DAYS: Final = tuple(date(*when) for when in _NEW_YEAR)
"""First day of the lunar year, 2004 to 2030."""

CLOSED_FROM, CLOSED_TO = -1, 5
RUSH_FROM, RUSH_FACTOR = -21, 1.40
SLUMP_TO, SLUMP_FACTOR = 24, 0.65
WEEKDAY_WEIGHTS: Final = (0.95, 0.90, 0.90, 0.90, 1.00, 1.25, 1.10)

SEASONS: Final[dict[str, tuple[float, ...]]] = {
    "none": (1.0,) * 12,
    "winter": (1.5, 1.3, 1.0, 0.8, 0.75, 0.8, 0.95, 0.9, 0.75, 0.85, 1.1, 1.3),
    "summer": (0.4, 0.4, 0.6, 0.9, 1.4, 1.8, 1.9, 1.7, 1.1, 0.7, 0.6, 0.5),
    "rain": (0.7, 0.7, 0.9, 1.1, 1.3, 1.5, 1.4, 1.2, 0.9, 0.8, 0.8, 0.7),
}
"""Factor per calendar month, January first: batteries in winter, air conditioning in summer, wipers in the rains."""

CLIMATES: Final[dict[str, dict[str, float]]] = {
    "temperate": {"winter": 1.0, "summer": 1.0, "rain": 1.0},
    "northern": {"winter": 1.6, "summer": 0.6, "rain": 0.7},
    "southern": {"winter": 0.3, "summer": 1.3, "rain": 1.2},
}
"""How strong each season is: the power of its factors (assumed)."""


def day_number(when: date) -> int:
    """Give the day counted from 1970-01-01.

    Examples
    --------
    >>> day_number(date(1970, 1, 2))
    1
    """
    return when.toordinal() - date(1970, 1, 1).toordinal()


def day_date(day: int) -> date:
    """Give the date of a day number; the inverse of `day_number`."""
    return date.fromordinal(int(day) + date(1970, 1, 1).toordinal())


def month_number(when: date) -> int:
    """Give the month counted from January 1970.

    Examples
    --------
    >>> month_number(date(1971, 3, 9))
    14
    """
    return (when.year - 1970) * 12 + when.month - 1


def month_start(month: int) -> int:
    """Give the day number of the first day of a month number."""
    return day_number(date(1970 + month // 12, month % 12 + 1, 1))


def month_text(month: int) -> str:
    """Give a month number as ``YYYY-MM``."""
    return f"{1970 + month // 12:04d}-{month % 12 + 1:02d}"


@cache
def day_weights(month: int) -> tuple[float, ...]:
    """Give how busy each day of a month is beside an ordinary day; 0 when the shop is closed.

    Parameters
    ----------
    month : int
        Month number.

    Returns
    -------
    tuple of float
        One weight per day of the month.
    """
    first, after = month_start(month), month_start(month + 1)
    weights = []
    for day in range(first, after):
        weight = WEEKDAY_WEIGHTS[day_date(day).weekday()]
        for feast in FEAST_DAYS:
            offset = day - day_number(feast)
            if CLOSED_FROM <= offset <= CLOSED_TO:
                weight = 0.0
            elif RUSH_FROM <= offset < CLOSED_FROM:
                weight *= RUSH_FACTOR
            elif CLOSED_TO < offset <= SLUMP_TO:
                weight *= SLUMP_FACTOR
        weights.append(weight)
    return tuple(weights)


def month_factor(month: int) -> float:
    """Give the busyness of a month beside an ordinary month of 30.4 days."""
    return sum(day_weights(month)) / (365.25 / 12 * sum(WEEKDAY_WEIGHTS) / 7)


def is_closed(day: int) -> bool:
    """Say whether the shop is closed for the feast on a day number."""
    month = month_number(day_date(day))
    return day_weights(month)[day - month_start(month)] == 0.0


@cache
def _cumulative_weights(month: int) -> Floats:
    weights = np.array(day_weights(month))
    return np.asarray(np.cumsum(weights) / weights.sum(), dtype=np.float64)


def draw_days(month: int, count: int, rng: np.random.Generator) -> Ints:
    """Draw visit days in a month, none of them in the closure.

    Parameters
    ----------
    month : int
        Month number.
    count : int
        How many.
    rng : Generator

    Returns
    -------
    array of int
        Day numbers.
    """
    places = np.searchsorted(_cumulative_weights(month), rng.random(count), side="right")
    return np.asarray(month_start(month) + places, dtype=np.int64)


@cache
def _factors(season: str) -> tuple[float, ...]:
    name, _, climate = season.partition(" ")
    strength = CLIMATES[climate or "temperate"].get(name, 0.0)
    powers = [factor**strength for factor in SEASONS[name]]
    level = sum(SEASONS[name]) / sum(powers)
    return tuple(power * level for power in powers) if strength != 1.0 else SEASONS[name]


def season_factor(season: str, month: int) -> float:
    """Give the factor of a season in a month number; ``winter northern`` is the winter of that climate."""
    return _factors(season)[month % 12]
