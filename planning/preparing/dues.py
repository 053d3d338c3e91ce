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
from forecasting.visits import Served, expected_visits, first_told, habit, last_service

OWN_PACE_MONTHS = 6.0
"""Months' worth of driving at the model's usual pace that a vehicle's own odometer is weighed against."""

FIRST_LIFE = 0.7
"""An item is not replaced before so much of its first life has gone: its clock began with the vehicle."""


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
    """Appointments for services, a row per vehicle and kind of item, ``(n_rows,)``.

    Parameters
    ----------
    vehicle, month, kind
        Codes of the vehicle and of the kind of item, and ordinal of the month.
    confidence
        Chance that it is kept and the item taken.
    """

    vehicle: Int64Array1D
    month: Int64Array1D
    kind: Int64Array1D
    confidence: Float64Array1D


@dataclass(frozen=True)
class Course:
    """The months that vehicles are followed through.

    Parameters
    ----------
    first, months
        Ordinal of the first month, and how many of them are past.
    busy
        How busy each month is, past and ahead, ``(n_columns,)``.
    open_share
        Share of the first month ahead that has not passed yet.
    told
        Whether a store's books tell of each month past, ``(n_stores, months)``; all of all where None.
    """

    first: int
    months: int
    busy: Float64Array1D
    open_share: float = 1.0
    told: NDArray[np.bool_] | None = None

    @property
    def start(self) -> Float64Array1D:
        """First moment of each month."""
        return self.first + np.arange(self.busy.size, dtype=np.float64)

    @property
    def known(self) -> Int64Array1D:
        """Column of what was known before each month; what is known now before all months ahead."""
        return np.minimum(np.arange(self.busy.size), self.months)


@dataclass(frozen=True)
class ItemCourse:
    """One kind of item on the vehicles that are followed; rows of vehicles that lack it are zero or infinite.

    Parameters
    ----------
    since
        When it was last replaced, or counting began, before each month; in months, ``(n_vehicles, n_columns)``.
    is_known
        Whether that is known, or only what the service book would have it, same shape.
    chance
        That it is replaced in each month, same shape; 0 where an appointment says so, for that is told.
    told
        The same with the appointments' confidence in its place.
    life_km, life_months
        Its interval on each vehicle; infinite where there is none, ``(n_vehicles,)``.
    """

    since: Float64Array2D
    is_known: NDArray[np.bool_]
    chance: Float64Array2D
    told: Float64Array2D
    life_km: Float64Array1D
    life_months: Float64Array1D


@dataclass(frozen=True)
class Courses:
    """Vehicles followed through the months: when each comes, and what is replaced then.

    Parameters
    ----------
    followed, services, course, bookings
        As given to `follow`.
    lives
        As given to `follow`.
    own_pace
        Kilometres a month of each vehicle when new, ``(n_vehicles,)``.
    due_months
        T of each vehicle in each month, ``(n_vehicles, n_columns)``.
    last, came, visits
        Last service before each month, whether it came in each past month, and services expected in each month.
    """

    followed: Followed
    services: Services
    course: Course
    bookings: Bookings
    lives: NDArray[np.float64]
    own_pace: Float64Array1D
    due_months: Float64Array2D
    last: Float64Array2D
    came: Float64Array2D
    visits: Float64Array2D

    def driven(self, moments: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return kilometres driven by moments in months, ``(n_vehicles, …)``."""
        age = moments - self.followed.registered[:, None]
        kilometres: NDArray[np.float64] = self.own_pace[:, None] * population.months_of_driving(age)
        return kilometres

    def item(self, kind: int) -> ItemCourse:
        """Return one kind of item's clock and chance on every vehicle."""
        followed, course = self.followed, self.course
        count, first = followed.vin.size, course.first
        life = self.lives[:, kind][:, followed.model]
        carries = np.isfinite(life.min(axis=0))
        mine = self.services.kind == kind
        vehicle, when = self.services.vehicle[mine], self.services.when[mine]
        last = last_service(vehicle, when, count, first, course.months)[:, course.known]
        began, is_known = self._began(life)
        state = np.where(np.isnan(last), np.where(is_known, NEW, UNSEEN)[:, None], REPLACED)
        since = np.where(np.isnan(last), began[:, None], last)
        middle = self.driven(np.broadcast_to(course.start + 0.5, since.shape))
        reading = clock(followed.registered, since, course.start, middle, self.driven(since), life[0], life[1])
        replaced = _counted(vehicle, when, count, first, course.months)
        chance = np.zeros(self.visits.shape)
        chance[carries] = expected_replacements(
            self.visits[carries], self.came[carries], replaced[carries], state[carries], reading[carries]
        )
        told = chance.copy()
        named = self.bookings.kind == kind
        column = self.bookings.month[named] - first
        inside = (column >= course.months) & (column < course.busy.size)
        at = (self.bookings.vehicle[named][inside], column[inside])
        chance[at] = 0.0
        told[at] = 0.0
        np.maximum.at(told, at, self.bookings.confidence[named][inside])
        return ItemCourse(since, state != UNSEEN, chance, told, life[0], life[1])

    def _began(self, life: Float64Array2D) -> tuple[Float64Array1D, NDArray[np.bool_]]:
        """Return when the clock of an item began whose replacement was never seen, and whether that is known.

        It began with the vehicle, if it was young when the books began. Older ones have been replaced since, and not
        here: by the book, at every full life.
        """
        registered, first = self.followed.registered, self._books_began()
        age = np.maximum(first - registered, 0.0)
        driven = self.driven(first[:, None])[:, 0]
        lives = np.maximum(np.where(age > 0, driven, 0.0) / life[0], age / life[1])
        is_known = lives < FIRST_LIFE
        part = np.where(is_known, lives, lives % 1.0)
        return np.where(is_known, registered, first - age * part / np.maximum(lives, FIRST_LIFE)), is_known

    def _books_began(self) -> Float64Array1D:
        """Return the first month of which the books of each vehicle's store tell, in months."""
        course, store = self.course, self.followed.store
        if course.told is None:
            return np.full(store.shape, float(course.first))
        return first_told(course.told, course.first)[store]


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


def follow(
    followed: Followed,
    services: Services,
    lives: NDArray[np.float64],
    km_per_month_new: Float64Array1D,
    course: Course,
    bookings: Bookings,
    written: Float64Array1D,
) -> Courses:
    """Follow the vehicles known one by one through the months.

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
    course
        The months.
    bookings
        Appointments for services on days still ahead.
    written
        Share of the visits that leave a line in the books, by store (`appointments.share_written`).
    """
    vehicle, when, count = services.vehicle, services.when, followed.vin.size
    first, months = course.first, course.months
    own = _own_pace(followed, km_per_month_new)
    usual = _due_months(followed, lives.min(axis=1), own, course.start)
    due = usual * habit(vehicle, when, usual, first, months)[:, course.known]
    came = _counted(vehicle, when, count, first, months)
    booked = np.zeros((count, course.busy.size - months))
    ahead = bookings.month - first - months
    inside = (ahead >= 0) & (ahead < booked.shape[1])
    np.maximum.at(booked, (bookings.vehicle[inside], ahead[inside]), bookings.confidence[inside])
    booked *= written[followed.store][:, None]
    last = last_service(vehicle, when, count, first, months)
    store, open_share, told = followed.store, course.open_share, course.told
    served = Served(followed.registered, followed.left, due, last, came, store, booked, open_share, told)
    visits = expected_visits(served, first, course.busy)
    return Courses(followed, services, course, bookings, lives, own, due, last, came, visits)


def due_calls(courses: Courses) -> DueCalls:
    """Return what the vehicles are expected to have replaced in each month, without what appointments tell."""
    followed = courses.followed
    keys = np.stack([followed.model, followed.store, np.floor(followed.registered / 12).astype(np.int64)])
    groups, code = np.unique(keys, axis=1, return_inverse=True)
    order = np.argsort(code.reshape(-1), kind="stable")
    begins = np.searchsorted(code.reshape(-1)[order], np.arange(groups.shape[1]))
    kinds = courses.lives.shape[1]
    sums = np.zeros((2, kinds, groups.shape[1], courses.course.busy.size))
    for kind in range(kinds):
        chance = courses.item(kind).chance[order]
        sums[0, kind] = np.add.reduceat(chance, begins, axis=0)
        sums[1, kind] = np.add.reduceat(chance**2, begins, axis=0)
    # How busy a month is, is laid on every exposure alike, later.
    scale = 1 / np.maximum(courses.course.busy, 1e-6)
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
