"""From service visits in a snapshot to the pulse of each group of vehicles: how many of these very ones are due.

A *service* is a day on which a vehicle was given a part that its fitment gives an interval for. Its model is due by
the shortest of these intervals. Vehicles known only as counts, and planned ones, have no visits: their pulse is one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demand.history import Float64Array1D, Float64Array2D, Int64Array1D
from forecasting import age_profile, population
from forecasting.visits import Served, expected_visits, last_service, pulse

OWN_PACE_MONTHS = 6.0
"""Months' worth of driving at the model's usual pace that a vehicle's own odometer is weighed against."""


@dataclass(frozen=True)
class Followed:
    """Vehicles known one by one, as columns, ``(n_vehicles,)``.

    Parameters
    ----------
    vin
        Sorted.
    store, model
        Codes.
    registered, left
        Moments in months; `left` is infinite while here.
    read, odometer_km
        Moment and value of the last odometer reading; NaN where none.
    """

    vin: pd.Index
    store: Int64Array1D
    model: Int64Array1D
    registered: Float64Array1D
    left: Float64Array1D
    read: Float64Array1D
    odometer_km: Float64Array1D


def pulse_of(
    followed: Followed,
    services: tuple[pd.Series, Float64Array1D],
    shortest: tuple[Float64Array1D, Float64Array1D],
    km_per_month_new: Float64Array1D,
    cohorts: population.Population,
    first: int,
    busy: Float64Array1D,
    months: int,
) -> Float64Array2D:
    """Return the pulse of each cohort in each month, ``(n_cohorts, n_months + ahead)``.

    Parameters
    ----------
    followed
        The vehicles.
    services
        ``vin`` and moment of each service; one row a day.
    shortest
        Shortest interval of each model, in kilometres and in months; infinite where it has none.
    km_per_month_new
        Distance of a new vehicle of each model.
    cohorts
        Whose pulse is asked for.
    first
        Ordinal of the first month.
    busy
        How busy each month is, past and ahead.
    months
        How many of them are past.
    """
    vehicle = followed.vin.get_indexer(pd.Index(services[0])).astype(np.int64)
    known = vehicle >= 0
    vehicle, when = vehicle[known], services[1][known]
    result: Float64Array2D = np.ones((cohorts.model.size, busy.size))
    if not (vehicle.size and months):
        return result
    count = followed.vin.size
    last = last_service(vehicle, when, count, first, months)
    came = np.zeros((count, months))
    column = np.floor(when).astype(np.int64) - first
    inside = (column >= 0) & (column < months)
    np.add.at(came, (vehicle[inside], column[inside]), 1.0)
    start = first + np.arange(busy.size, dtype=np.float64)
    due = _due_months(followed, shortest, km_per_month_new, start)
    served = Served(followed.registered, followed.left, due, last, np.minimum(came, 1.0))
    expected = expected_visits(served, first, busy) / np.maximum(busy, 1e-6)
    here = (followed.registered[:, None] < start + 0.5) & (followed.left[:, None] > start)
    age = np.clip(np.floor(start - followed.registered[:, None] + 0.5), 0, population.AGES - 1).astype(np.int64)
    keys = np.stack([followed.store, followed.model, np.floor(followed.registered / 12).astype(np.int64)])
    groups, code = np.unique(keys, axis=1, return_inverse=True)
    found = pulse(
        expected, here, followed.model, age_profile.age_groups()[age], code.reshape(-1), groups.shape[1], months
    )
    index = pd.MultiIndex.from_arrays(list(groups))
    place = index.get_indexer(pd.MultiIndex.from_arrays([cohorts.store, cohorts.model, cohorts.registered // 12]))
    result[place >= 0] = found[place[place >= 0]]
    return result


def _due_months(
    followed: Followed,
    shortest: tuple[Float64Array1D, Float64Array1D],
    km_per_month_new: Float64Array1D,
    start: Float64Array1D,
) -> Float64Array2D:
    """Return the months from service to service at each vehicle's own pace in each month, at least one."""
    usual = km_per_month_new[followed.model]
    driven = population.months_of_driving(np.where(np.isnan(followed.read), 0, followed.read - followed.registered))
    distance = np.where(np.isnan(followed.odometer_km), 0.0, followed.odometer_km)
    own = (distance + OWN_PACE_MONTHS * usual) / (driven + OWN_PACE_MONTHS)
    years = np.maximum(start - followed.registered[:, None], 0) / 12
    pace = own[:, None] * population.DISTANCE_KEPT_PER_YEAR**years
    kilometres, months = shortest[0][followed.model], shortest[1][followed.model]
    due: NDArray[np.float64] = np.minimum(kilometres[:, None] / pace, months[:, None])
    return np.clip(np.where(np.isfinite(due), due, 12.0), 1.0, 60.0)
