"""The published figures the made world rests on; every value has its source in ``README.md``.

Model in words: a vehicle is scrapped by a Weibull life, drifts away from the selling dealer by a loyalty curve,
and drives less every year. Symbols: a = age in years.

    survival  S(a) = exp(-(a / 14.8)^3.14)                                  NHTSA (2006), Weibull fit of the table
    loyalty   R(a) = 0.20 + (0.75 - 0.20) exp(-max(a - 3, 0) / 2.5)         shape after J.D. Power (2004), Cox (2025)
    distance  d(a) = d(0) * 0.96^a                                          NHTSA (2006), fall of 3 to 4.5 % a year

It does not model used cars that move in from other towns.
"""

from statistics import NormalDist
from typing import Final

import numpy as np

from data_samples.columns import Floats

SURVIVAL_SCALE_YEARS: Final = 14.8
SURVIVAL_SHAPE: Final = 3.14
LOYALTY_AT_FIRST: Final = 0.75
LOYALTY_AT_LAST: Final = 0.20
LOYALTY_DECAY_YEARS: Final = 2.5
WARRANTY_YEARS: Final = 3.0
WARRANTY_DISTANCE_KM: Final = 100_000.0
DISTANCE_FALL_PER_YEAR: Final = 0.04
DISTANCE_SPREAD: Final = 0.35
"""Standard deviation of the logarithm of one owner's yearly distance (assumed)."""

LATENESS_MEDIAN: Final = 1.15
LATENESS_SPREAD_OWNER: Final = 0.12
LATENESS_SPREAD_VISIT: Final = 0.16
"""A service comes at (due time) x lognormal: median, spread between owners, spread between visits (assumed)."""

DAYS_PER_YEAR: Final = 365.25

_GRID = np.linspace(-6.0, 6.0, 2401)
_GRID_CDF = np.array([NormalDist().cdf(float(z)) for z in _GRID])


def normal_cdf(value: Floats) -> Floats:
    """Give the standard normal distribution function, by a fine table (error below 1e-6).

    Parameters
    ----------
    value : array of float

    Returns
    -------
    array of float
        Probabilities, same shape.

    Examples
    --------
    >>> float(normal_cdf(np.array([0.0]))[0])
    0.5
    """
    return np.asarray(np.interp(value, _GRID, _GRID_CDF), dtype=np.float64)


def survival(age_years: Floats) -> Floats:
    """Give the share of vehicles still on the road at an age (NHTSA 2006, Weibull fit).

    Parameters
    ----------
    age_years : array of float
        Age since first registration, in years, not negative.

    Returns
    -------
    array of float
        Shares between 0 and 1.

    Examples
    --------
    >>> round(float(survival(np.array([10.0]))[0]), 2)
    0.75
    """
    return np.asarray(np.exp(-((age_years / SURVIVAL_SCALE_YEARS) ** SURVIVAL_SHAPE)), dtype=np.float64)


def loyalty(age_years: Floats) -> Floats:
    """Give the share of living vehicles that still come to the dealer who sold them.

    Parameters
    ----------
    age_years : array of float
        Age since first registration, in years.

    Returns
    -------
    array of float
        Shares between 0.20 and 0.75.

    Examples
    --------
    >>> [round(float(r), 2) for r in loyalty(np.array([1.0, 5.5, 50.0]))]
    [0.75, 0.4, 0.2]
    """
    years_out_of_warranty = np.maximum(age_years - WARRANTY_YEARS, 0.0)
    fall = np.exp(-years_out_of_warranty / LOYALTY_DECAY_YEARS)
    return np.asarray(LOYALTY_AT_LAST + (LOYALTY_AT_FIRST - LOYALTY_AT_LAST) * fall, dtype=np.float64)


def distance_factor(age_years: Floats) -> Floats:
    """Give the yearly distance at an age as a share of the distance when new.

    Parameters
    ----------
    age_years : array of float

    Returns
    -------
    array of float
        1.0 at age 0, 4 % less with each year.
    """
    return np.asarray((1.0 - DISTANCE_FALL_PER_YEAR) ** age_years, dtype=np.float64)
