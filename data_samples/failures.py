"""What fails at a rate: many different parts, each seldom.

The number of failures of a vehicle in a month is Poisson; which part it is follows the rates of what the model carries.
The rate is higher in the first months (defects from the works) and rises slowly with age.
"""

from typing import Final

import numpy as np

from data_samples.columns import Floats, Ints
from data_samples.models import MODELS
from data_samples.month import Month
from data_samples.requests import REPAIR, Requests
from data_samples.workdays import season_factor

EARLY_DEFECTS: Final = 1.0
EARLY_DEFECTS_YEARS: Final = 0.5
AGE_RISE_PER_YEAR: Final = 0.15


def age_factor(age_years: Floats) -> Floats:
    """Give the failure rate at an age beside the plain rate.

    Parameters
    ----------
    age_years : array of float

    Returns
    -------
    array of float

    Examples
    --------
    >>> round(float(age_factor(np.array([10.0]))[0]), 2)
    2.5
    """
    early = EARLY_DEFECTS * np.exp(-np.maximum(age_years, 0.0) / EARLY_DEFECTS_YEARS)
    return np.asarray(1.0 + early + AGE_RISE_PER_YEAR * age_years, dtype=np.float64)


def failure_rates(month: Month) -> Floats:
    """Give the rate of every failing item on every kind of vehicle in this month's season.

    Parameters
    ----------
    month : Month

    Returns
    -------
    array of float, (model x generation, failing item)
        Failures per vehicle and year at the plain rate.
    """
    catalogue = month.catalogue
    rows = catalogue.rows_of("failure")
    part = catalogue.lookup[rows].reshape(len(rows), -1).T
    plain = np.array([i.rate * season_factor(i.season, month.number) for i in map(catalogue.items.__getitem__, rows)])
    return np.asarray(np.where(part >= 0, plain * catalogue.factor[part], 0.0), dtype=np.float64)


def fail(month: Month, service_day: Ints, rng: np.random.Generator) -> Requests:
    """Let parts fail this month.

    Parameters
    ----------
    month : Month
    service_day : array of int
        Per vehicle of the fleet; -1 without a service.
    rng : Generator

    Returns
    -------
    Requests
    """
    catalogue, fleet, vehicles = month.catalogue, month.fleet, month.loyal
    rates = failure_rates(month)
    assert rates.shape[0] == 2 * len(MODELS)
    kind = fleet.model[vehicles] * 2 + fleet.generation[vehicles]
    factor = age_factor(month.age_years(vehicles)) * month.busyness[fleet.store[vehicles]]
    mean = rates.sum(axis=1)[kind] / 12.0 * factor
    chosen = np.repeat(vehicles, rng.poisson(mean))
    cumulative = np.cumsum(rates, axis=1)[fleet.model[chosen] * 2 + fleet.generation[chosen]]
    place = (cumulative <= (rng.random(len(chosen)) * cumulative[:, -1])[:, None]).sum(axis=1)
    rows = np.array(catalogue.rows_of("failure"), dtype=np.int64)
    item = rows[np.minimum(place, len(rows) - 1)]
    day = month.visit_days(chosen, service_day, rng)
    quantity = catalogue.quantity_milli[item, fleet.model[chosen]]
    claimable = np.ones(len(chosen), dtype=np.int64)
    payer = month.payer_of_repair(chosen, claimable, rng)
    return month.asked(chosen, day, month.part_of(item, chosen), quantity, REPAIR, payer)
