"""When each vehicle comes for its next service: vehicle by vehicle, from its last one and its own distance.

Model in words. A vehicle is due after X kilometres or M months, whichever its owner reaches first; at its own pace that
is T months. Let r be the months since its last service over T. How many come at r is read from the store's own books,
as an actuary reads deaths from a life table:

    T = min(X / pace, M)          λ(c, r) = (visits + s λ(r)) / (Σ b / T + s)         chance = 1 − exp(−λ(c, r) b / T)

c: what is known of the vehicle (served before, new and never served, or not seen since its store's books began) and
its age; b: how busy the month is; s: trust in all vehicles together. A month of which a store's books tell nothing,
before their beginning or while it was closed, is no month in which nobody came: the table leaves it out. A vehicle that
is long overdue has most likely gone elsewhere, and the table says so: there is no separate guess of who is still a
customer. Months ahead are a renewal:
a vehicle that has come starts again at r = 0.

    expected(t) = w(t) chance(r + t) + Σ_{j<t} expected(j) chance(t − j)

Appointments say who of those that are due comes (`appointments`). Owners have habits: the logarithms of an owner's past
ratios, drawn to the mean of all, lengthen or shorten T. The pace is that of all readings known now. What is
replaced at a service is another table (`replacements`).

Source of the renewal: Cox (1962), Renewal Theory, ch. 4; of the table: Kaplan & Meier (1958), J. American Statistical
Association 53, read by ratio of time to due time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demand.history import Float64Array1D, Float64Array2D, Int64Array1D, Int64Array2D
from forecasting.appointments import with_appointments

RATIO_EDGES = np.concatenate([np.arange(0.1, 2.0, 0.1), [2.25, 2.5, 3.0, 4.0, 6.0]])
AGE_EDGES_MONTHS = np.array([36.0, 72.0])
_AGES = AGE_EDGES_MONTHS.size + 1
SERVED, NEW, UNSEEN = 0, 1, 2
TRUST_VISITS = 3.0
"""s: due times' worth of trust in the table of all vehicles."""
RECENCY = 0.98
"""Weight of a month's services in the table beside those of the month after it."""
_SUREST = 0.95
HABIT_GAPS = 2.0
"""Gaps between services that an owner's own habit is weighed against."""
_PLAUSIBLE = (0.4, 1.8)


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
    store
        Code of each vehicle's store, ``(n_vehicles,)``.
    booked
        Chance that a vehicle with an appointment in a month ahead comes then; 0 without one,
        ``(n_vehicles, horizon)``; no appointments where None.
    open_share
        Share of the first month ahead that has not passed yet.
    told
        Whether a store's books tell of each month of the past, ``(n_stores, n_months)``; all of all where None.
    """

    registered: Float64Array1D
    left: Float64Array1D
    due_months: Float64Array2D
    last: Float64Array2D
    came: Float64Array2D
    store: Int64Array1D
    booked: Float64Array2D | None = None
    open_share: float = 1.0
    told: NDArray[np.bool_] | None = None

    def began(self, first: int) -> Float64Array1D:
        """Return the first month of which the books of each vehicle's store tell, in months, ``(n_vehicles,)``."""
        if self.told is None:
            return np.full(self.store.shape, float(first))
        return first_told(self.told, first)[self.store]


def first_told(told: NDArray[np.bool_], first: int) -> Float64Array1D:
    """Return the first month of which each store's books tell, ``(n_stores,)``; the one after the past where of none.

    >>> first_told(np.array([[False, True, False], [False, False, False]]), 100).tolist()
    [101.0, 103.0]
    """
    began: Float64Array1D = first + np.pad(told, ((0, 0), (0, 1)), constant_values=True).argmax(axis=1).astype(float)
    return began


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
    # What came after the last whole month is known now too: it counts before all that is still ahead.
    column = np.minimum(np.floor(when).astype(np.int64) - first + 1, months)
    inside = column >= 0
    np.maximum.at(last, (vehicle[inside], column[inside]), when[inside])
    np.maximum.accumulate(last, axis=1, out=last)
    return np.where(np.isfinite(last), last, np.nan)


def habit(
    vehicle: Int64Array1D, when: Float64Array1D, due_months: Float64Array2D, first: int, months: int
) -> Float64Array2D:
    """Return how much later than others each owner came, as seen before each month, ``(vehicles, months + 1)``.

    Parameters
    ----------
    vehicle, when, first, months
        As for `last_service`.
    due_months
        T in each month, ``(vehicles, months or more)``.

    Notes
    -----
    A gap far longer than due hides a service elsewhere, a far shorter one is no service: both tell nothing.
    """
    order = np.lexsort((when, vehicle))
    vehicle, when = vehicle[order], when[order]
    column = np.floor(when).astype(np.int64) - first
    again = np.flatnonzero((vehicle[1:] == vehicle[:-1]) & (column[1:] >= 0) & (column[1:] < months)) + 1
    ratio = (when[again] - when[again - 1]) / due_months[vehicle[again], column[again]]
    kept = (ratio > _PLAUSIBLE[0]) & (ratio < _PLAUSIBLE[1])
    again, late = again[kept], np.log(ratio[kept])
    sums = np.zeros((2, due_months.shape[0], months + 1))
    place = (vehicle[again], column[again] + 1)
    np.add.at(sums[0], place, late - (late.mean() if late.size else 0.0))
    np.add.at(sums[1], place, 1.0)
    total, count = np.cumsum(sums, axis=2)
    return np.asarray(np.exp(total / (count + HABIT_GAPS)), dtype=np.float64)


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
    began = served.began(first)
    since = np.where(np.isnan(last), np.maximum(served.registered, began)[:, None], last)
    ratio = (start + 0.5 - since) / served.due_months
    state = _class(served, last, start, began)
    here = (served.registered[:, None] < start + 0.5) & (served.left[:, None] > start)
    pressure = busy / served.due_months * here
    place = np.searchsorted(RATIO_EDGES, ratio)
    recent = RECENCY ** np.arange(months)[::-1]
    if served.told is not None:
        recent = recent * served.told[served.store]
    table = _table(
        state[:, :months], place[:, :months], served.came * here[:, :months] * recent, pressure[:, :months] * recent
    )
    expected = np.minimum(table[state, place] * pressure, _SUREST)
    if horizon:
        chance = expected[:, months:]
        if served.booked is not None:
            open_share = np.where(np.arange(horizon) == 0, served.open_share, 1.0)
            chance = with_appointments(chance, served.booked, served.store, open_share)
        expected[:, months:] = _renewed(served, table, chance, start[months:], pressure[:, months:])
    return expected


def _class(served: Served, last: Float64Array2D, start: Float64Array1D, began: Float64Array1D) -> Int64Array2D:
    """Return what is known of each vehicle in each month, and its age, as one code."""
    unseen = np.where(served.registered >= began, NEW, UNSEEN)[:, None]
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
