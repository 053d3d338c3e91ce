"""When each vehicle comes for its next service: vehicle by vehicle, from its last one and its own distance.

Model in words. A vehicle is due after X kilometres or M months, whichever its owner reaches first; at its own pace that
is T months. Let r be the months since its last service over T. How many come at r is read from the store's own books,
as an actuary reads deaths from a life table:

    T = min(X / pace, M)          λ(c, r) = (visits + s λ(r)) / (Σ b / T + s)         chance = 1 − exp(−λ(c, r) b / T)

c: what is known of the vehicle (served before, new and never served, or not seen since the books began) and its
age; b: how busy the month is; s: trust in all vehicles together. A vehicle that is long overdue has most likely gone
elsewhere, and the table says so: there is no separate guess of who is still a customer. Months ahead are a renewal:
a vehicle that has come starts again at r = 0.

    expected(t) = w(t) chance(r + t) + Σ_{j<t} expected(j) chance(t − j)

What is handed on is the *pulse* of each group of vehicles (a store, a model, a year of registration): visits expected
of these very vehicles beside what vehicles of their model and age usually make. It moves the exposure of what is
replaced at services; levels are learnt elsewhere. The pace is that of all readings known now.

Source of the renewal: Cox (1962), Renewal Theory, ch. 4; of the table: Kaplan & Meier (1958), J. American Statistical
Association 53, read by ratio of time to due time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demand.history import Float64Array1D, Float64Array2D, Int64Array1D, Int64Array2D

RATIO_EDGES = np.concatenate([np.arange(0.1, 2.0, 0.1), [2.25, 2.5, 3.0, 4.0, 6.0]])
AGE_EDGES_MONTHS = np.array([36.0, 72.0])
_AGES = AGE_EDGES_MONTHS.size + 1
SERVED, NEW, UNSEEN = 0, 1, 2
TRUST_VISITS = 3.0
"""s: due times' worth of trust in the table of all vehicles."""
_SUREST, _FURTHEST = 0.95, 5.0


@dataclass(frozen=True)
class Served:
    """Vehicles one by one, and when each was served.

    Parameters
    ----------
    registered, left
        In months, with the share of the month gone; infinite while here, ``(n_vehicles,)``.
    due_months
        T of each vehicle in each month of the past and the horizon, ``(n_vehicles, n_months + horizon)``.
    last
        Month of the last service before each month, in months with its share; NaN where none was seen,
        ``(n_vehicles, n_months + 1)``; the last column is what is known now.
    came
        Services in each month, ``(n_vehicles, n_months)``.
    """

    registered: Float64Array1D
    left: Float64Array1D
    due_months: Float64Array2D
    last: Float64Array2D
    came: Float64Array2D


def last_service(vehicle: Int64Array1D, when: Float64Array1D, vehicles: int, first: int, months: int) -> Float64Array2D:
    """Return the last service before each month and before now, ``(vehicles, months + 1)``, NaN where none.

    Parameters
    ----------
    vehicle, when
        Vehicle and moment in months of each service, ``(n_services,)``.
    vehicles
        Number of vehicles.
    first, months
        Ordinal of the first month, and number of months.
    """
    last = np.full((vehicles, months + 1), -np.inf)
    column = np.floor(when).astype(np.int64) - first + 1
    inside = (column >= 0) & (column <= months)
    np.maximum.at(last, (vehicle[inside], column[inside]), when[inside])
    np.maximum.accumulate(last, axis=1, out=last)
    return np.where(np.isfinite(last), last, np.nan)


def expected_visits(served: Served, first: int, busy: Float64Array1D) -> Float64Array2D:
    """Return the services expected of each vehicle in each month, each month of the past as seen from its first day.

    Parameters
    ----------
    served
        The vehicles.
    first
        Ordinal of the first month.
    busy
        How busy each month of the past and the horizon is, in average months, ``(n_months + horizon,)``.

    Returns
    -------
    ndarray, shape ``(n_vehicles, n_months + horizon)``
    """
    months = served.came.shape[1]
    horizon = busy.size - months
    start = first + np.arange(months + horizon, dtype=np.float64)
    known = np.minimum(np.arange(months + horizon), months)
    last = served.last[:, known]
    since = np.where(np.isnan(last), np.maximum(served.registered[:, None], float(first)), last)
    ratio = (start + 0.5 - since) / served.due_months
    state = _class(served, last, start, first)
    here = (served.registered[:, None] < start + 0.5) & (served.left[:, None] > start)
    pressure = busy / served.due_months * here
    place = np.searchsorted(RATIO_EDGES, ratio)
    table = _table(state[:, :months], place[:, :months], served.came * here[:, :months], pressure[:, :months])
    expected = np.minimum(table[state, place] * pressure, _SUREST)
    if horizon:
        expected[:, months:] = _renewed(served, table, expected[:, months:], start[months:], pressure[:, months:])
    return expected


def _class(served: Served, last: Float64Array2D, start: Float64Array1D, first: int) -> Int64Array2D:
    """Return what is known of each vehicle in each month, and its age, as one code."""
    unseen = np.where(served.registered[:, None] >= first, NEW, UNSEEN)
    known = np.where(np.isnan(last), unseen, SERVED)
    age = np.searchsorted(AGE_EDGES_MONTHS, start - served.registered[:, None])
    state: Int64Array2D = (known * _AGES + age).astype(np.int64)
    return state


def _table(
    state: Int64Array2D, place: NDArray[np.int64], came: Float64Array2D, pressure: Float64Array2D
) -> Float64Array2D:
    """Return λ by class and step of r, ``(n_classes, n_steps)``."""
    steps, classes = RATIO_EDGES.size + 1, 3 * _AGES
    cell = (state * steps + place).reshape(-1)
    visits, chances = (
        np.bincount(cell, weights=each.reshape(-1), minlength=classes * steps).reshape(classes, steps)
        for each in (came, pressure)
    )
    # A new vehicle and one served before differ most in who comes at all: each has an all-ages table of its own.
    of_all = [part.reshape(3, _AGES, steps).sum(axis=1) for part in (visits, chances)]
    wide = of_all[0].sum(axis=0) / np.maximum(of_all[1].sum(axis=0), 1e-9)
    middle = (of_all[0] + TRUST_VISITS * wide) / (of_all[1] + TRUST_VISITS)
    middle = np.repeat(middle, _AGES, axis=0)
    return np.asarray((visits + TRUST_VISITS * middle) / (chances + TRUST_VISITS), dtype=np.float64)


def _renewed(
    served: Served, table: Float64Array2D, chance: Float64Array2D, start: Float64Array1D, pressure: Float64Array2D
) -> Float64Array2D:
    """Return expected services of the months ahead; `chance` is that of a vehicle that has not come since now."""
    months = served.came.shape[1]
    expected = np.zeros(chance.shape)
    waiting = np.ones(len(chance))
    age = np.searchsorted(AGE_EDGES_MONTHS, start - served.registered[:, None])
    for t in range(chance.shape[1]):
        expected[:, t] = waiting * chance[:, t]
        waiting = waiting * (1 - chance[:, t])
        for j in range(t):
            place = np.searchsorted(RATIO_EDGES, (t - j) / served.due_months[:, months + t])
            again = np.minimum(table[SERVED * _AGES + age[:, t], place] * pressure[:, t], _SUREST)
            expected[:, t] += expected[:, j] * again
    return expected


def pulse(
    expected: Float64Array2D,
    here: NDArray[np.bool_],
    model: Int64Array1D,
    age_group: NDArray[np.int64],
    group: Int64Array1D,
    groups: int,
    months: int,
) -> Float64Array2D:
    """Return visits expected of each group beside the usual ones of their models and ages, ``(groups, n_columns)``.

    Parameters
    ----------
    expected
        Of each vehicle in each month, free of how busy the month is, ``(n_vehicles, n_columns)``.
    here
        Whether it is on the road then, same shape.
    model
        Code of each vehicle's model.
    age_group
        Age group of each vehicle in each month, same shape.
    group
        Code of each vehicle's group, 0 to `groups` − 1.
    months
        Columns that are past: only these say what is usual.
    """
    ages = int(age_group.max()) + 1 if age_group.size else 1
    kind = model[:, None] * ages + age_group
    cells = (int(model.max()) + 1 if model.size else 1) * ages
    past = (kind[:, :months].reshape(-1), here[:, :months].reshape(-1).astype(np.float64))
    visits = np.bincount(past[0], weights=expected[:, :months].reshape(-1) * past[1], minlength=cells)
    vehicles = np.bincount(past[0], weights=past[1], minlength=cells)
    by_age = [part.reshape(-1, ages).sum(axis=0) for part in (visits, vehicles)]
    everywhere = np.tile(by_age[0] / np.maximum(by_age[1], 1e-9), cells // ages)
    usual = (visits + 20 * everywhere) / (vehicles + 20)
    result = np.ones((groups, expected.shape[1]))
    for column in range(expected.shape[1]):
        weight = here[:, column].astype(np.float64)
        of_these = np.bincount(group, weights=expected[:, column] * weight, minlength=groups)
        of_such = np.bincount(group, weights=usual[kind[:, column]] * weight, minlength=groups)
        result[:, column] = (of_these + 0.2) / (of_such + 0.2)
    return np.clip(result, 1 / _FURTHEST, _FURTHEST)
