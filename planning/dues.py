"""From service visits to the calls of vehicles known one by one: how many of these very ones are due, and for what.

A *service* is a day on which a vehicle was given a part that its fitment gives an interval for. Its model is due by
the shortest of these intervals. Vehicles known only as counts, and planned ones, are no part of this.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demand.history import Float64Array1D, Float64Array2D, Int64Array1D
from forecasting import population
from forecasting.replacements import NEW, REPLACED, UNSEEN, clock, expected_replacements
from forecasting.visits import Served, expected_visits, habit, last_service

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


@dataclass(frozen=True)
class Services:
    """What was replaced at services, a row per vehicle, day and kind of item, ``(n_rows,)``.

    Parameters
    ----------
    vehicle, kind
        Codes of the vehicle and of the kind of item.
    when
        In months.
    """

    vehicle: Int64Array1D
    when: Float64Array1D
    kind: Int64Array1D


@dataclass(frozen=True)
class Bookings:
    """Appointments for services, ``(n_rows,)``; of several for one vehicle and month the surest counts.

    Parameters
    ----------
    vehicle, month
        Codes of the vehicle, and ordinal of the month.
    confidence
        Chance that it is kept.
    """

    vehicle: Int64Array1D
    month: Int64Array1D
    confidence: Float64Array1D


@dataclass(frozen=True)
class DueCalls:
    """Calls of vehicles one by one, summed over those of a model, a store and a year of registration.

    Parameters
    ----------
    model, store, year
        Of each group, ``(n_groups,)``.
    calls, squares
        Σ p and Σ p² of each kind of item, group and month, ``(n_kinds, n_groups, n_columns)``.
    """

    model: Int64Array1D
    store: Int64Array1D
    year: Int64Array1D
    calls: NDArray[np.float64]
    squares: NDArray[np.float64]


def due_calls(
    followed: Followed,
    services: Services,
    lives: NDArray[np.float64],
    km_per_month_new: Float64Array1D,
    first: int,
    busy: Float64Array1D,
    months: int,
    bookings: Bookings,
) -> DueCalls:
    """Return what the vehicles known one by one are expected to have replaced in each month.

    Parameters
    ----------
    followed
        The vehicles.
    services
        What was replaced on which day.
    lives
        Shortest interval of each kind of item on each model, kilometres and months, ``(2, n_kinds, n_models)``;
        infinite in both where the model has none.
    km_per_month_new
        Distance of a new vehicle of each model.
    first
        Ordinal of the first month.
    busy
        How busy each month is, past and ahead.
    months
        How many of them are past.
    bookings
        Appointments for services in whole months ahead.
    """
    vehicle, when, count = services.vehicle, services.when, followed.vin.size
    start = first + np.arange(busy.size, dtype=np.float64)
    own = _own_pace(followed, km_per_month_new)
    usual = _due_months(followed, lives.min(axis=1), own, start)
    known = np.minimum(np.arange(busy.size), months)
    due = usual * habit(vehicle, when, usual, first, months)[:, known]
    came = _counted(vehicle, when, count, first, months)
    booked = np.zeros((count, busy.size - months))
    ahead = bookings.month - first - months
    inside = (ahead >= 0) & (ahead < booked.shape[1])
    np.maximum.at(booked, (bookings.vehicle[inside], ahead[inside]), bookings.confidence[inside])
    last = last_service(vehicle, when, count, first, months)
    served = Served(followed.registered, followed.left, due, last, came, booked)
    visits = expected_visits(served, first, busy)
    keys = np.stack([followed.model, followed.store, np.floor(followed.registered / 12).astype(np.int64)])
    groups, code = np.unique(keys, axis=1, return_inverse=True)
    order = np.argsort(code.reshape(-1), kind="stable")
    begins = np.searchsorted(code.reshape(-1)[order], np.arange(groups.shape[1]))
    middle = own[:, None] * population.months_of_driving(start + 0.5 - followed.registered[:, None])
    sums = np.zeros((2, lives.shape[1], groups.shape[1], busy.size))
    for kind in range(lives.shape[1]):
        carries = np.isfinite(lives[:, kind].min(axis=0))[followed.model]
        mine = services.kind == kind
        last = last_service(vehicle[mine], when[mine], count, first, months)[:, known]
        new = (followed.registered >= first)[:, None]
        state = np.where(np.isnan(last), np.where(new, NEW, UNSEEN), REPLACED)
        since = np.where(np.isnan(last), np.maximum(followed.registered, float(first))[:, None], last)
        driven = own[:, None] * population.months_of_driving(since - followed.registered[:, None])
        life = lives[:, kind][:, followed.model]
        reading = clock(followed.registered, since, start, middle, driven, life[0], life[1])
        replaced = _counted(vehicle[mine], when[mine], count, first, months)
        chance = expected_replacements(
            visits[carries], came[carries], replaced[carries], state[carries], reading[carries]
        )
        each = np.zeros(visits.shape)
        each[carries] = chance
        sums[0, kind] = np.add.reduceat(each[order], begins, axis=0)
        sums[1, kind] = np.add.reduceat(each[order] ** 2, begins, axis=0)
    # How busy a month is, is laid on every exposure alike, later.
    scale = 1 / np.maximum(busy, 1e-6)
    return DueCalls(groups[0], groups[1], groups[2], sums[0] * scale, sums[1] * scale)


def _counted(vehicle: Int64Array1D, when: Float64Array1D, count: int, first: int, months: int) -> Float64Array2D:
    """Return whether each vehicle had one or more in each month, ``(n_vehicles, n_months)``."""
    came = np.zeros((count, months))
    column = np.floor(when).astype(np.int64) - first
    inside = (column >= 0) & (column < months)
    came[vehicle[inside], column[inside]] = 1.0
    return came


def _own_pace(followed: Followed, km_per_month_new: Float64Array1D) -> Float64Array1D:
    """Return kilometres a month each vehicle drove when new, drawn to its model's."""
    usual = km_per_month_new[followed.model]
    driven = population.months_of_driving(np.where(np.isnan(followed.read), 0, followed.read - followed.registered))
    distance = np.where(np.isnan(followed.odometer_km), 0.0, followed.odometer_km)
    pace: Float64Array1D = (distance + OWN_PACE_MONTHS * usual) / (driven + OWN_PACE_MONTHS)
    return pace


def _due_months(
    followed: Followed, shortest: Float64Array2D, own_pace: Float64Array1D, start: Float64Array1D
) -> Float64Array2D:
    """Return the months from service to service at each vehicle's own pace in each month, at least one."""
    years = np.maximum(start - followed.registered[:, None], 0) / 12
    pace = own_pace[:, None] * population.DISTANCE_KEPT_PER_YEAR**years
    kilometres, months = shortest[:, followed.model]
    due: Float64Array2D = np.minimum(kilometres[:, None] / pace, months[:, None])
    return np.clip(np.where(np.isfinite(due), due, 12.0), 1.0, 60.0)
