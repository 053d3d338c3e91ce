"""From a snapshot to the vehicles whose services are followed one by one: which items, which visits, who has booked.

An item of a service is a kind of thing with an interval (*oil filter*), whatever its part number: what one vehicle has
replaced under one number resets the clock of the other. Appointments for a service of a followed vehicle say that this
very vehicle comes, and what it is given: those items are told (`streams`), all else of its service is still expected.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demand.history import Float64Array1D, Int64Array1D
from demand.periods import PeriodAxis, PeriodKind
from forecasting.appointments import share_written
from forecasting.busyness import Busyness, busy_months
from forecasting.exposure import Fitments, Singles, middles
from forecasting.hazard import Need, NeedKind
from forecasting.visits import first_told
from planning.preparing.dues import Bookings, Course, Courses, Followed, Services, due_calls, follow
from planning.preparing.histories import coded, month_ordinals, ordinals, shut

SETTLING_MONTHS = 18.0
"""Of the books' beginning: when a vehicle was last served, and what was replaced then, is guessed until it has come."""


@dataclass(frozen=True)
class ServiceKinds:
    """The kinds of items that service books prescribe.

    Parameters
    ----------
    names
        What each kind is called: its category, and the words of its name (or its interval, where it has no name).
    of_need, of_part
        Kind of each need and of each part, −1 where it has no interval.
    lives
        Shortest interval of each kind on each model, kilometres and months, ``(2, n_kinds, n_models)``.
    """

    names: tuple[str, ...]
    of_need: Int64Array1D
    of_part: Int64Array1D
    lives: NDArray[np.float64]


@dataclass(frozen=True)
class ServiceBook:
    """The vehicles followed, and the kinds of items they are served with.

    Parameters
    ----------
    courses
        When each comes, and for what.
    kinds
        The kinds of items.
    booked
        Rows of the appointments that say which of these vehicles comes: they are netted vehicle by vehicle.
    """

    courses: Courses
    kinds: ServiceKinds
    booked: NDArray[np.bool_]


def service_kinds(needs: Sequence[Need], kinds: Sequence[str], fitments: Fitments, models: int) -> ServiceKinds:
    """Return the kinds of items that have an interval; parts without a name are told apart by their interval.

    Parameters
    ----------
    needs, kinds
        What makes a part needed, and what kind of thing it is; pairs.
    fitments
        Coded; their `need` counts the pairs.
    models
        Number of models.
    """
    names = [
        (need.category, kind, *(() if kind else (need.life_km, need.life_months)))
        if need.kind is NeedKind.INTERVAL
        else None
        for need, kind in zip(needs, kinds, strict=True)
    ]
    found = {name: place for place, name in enumerate(sorted({name for name in names if name}, key=str))}
    of_need = np.array([found[name] if name else -1 for name in names], dtype=np.int64)
    lives = np.full((2, len(found), models), np.inf)
    kind = of_need[fitments.need]
    due = kind >= 0
    for layer, life in enumerate(("life_km", "life_months")):
        each = np.array([getattr(need, life) for need in needs], dtype=np.float64)[fitments.need]
        np.minimum.at(lives[layer], (kind[due], fitments.model[due]), each[due])
    of_part = np.full(int(fitments.part.max(initial=-1)) + 2, -1, dtype=np.int64)
    of_part[fitments.part] = kind
    return ServiceKinds(tuple(_called(name) for name in found), of_need, of_part, lives)


def _called(name: tuple[object, ...]) -> str:
    if name[1]:
        return str(name[1])
    intervals = [f"{life:g} {unit}" for life, unit in zip(name[2:], ("km", "months"), strict=True) if life != np.inf]
    return f"{name[0]} ({', '.join(intervals)})"


def read_services(
    kinds: ServiceKinds,
    as_of: date,
    visits: pd.DataFrame,
    lines: pd.DataFrame,
    km_per_month_new: Float64Array1D,
    parts: tuple[str, ...],
    stores: tuple[str, ...],
    axis: PeriodAxis,
    past: int,
    busy: Busyness,
    appointments: pd.DataFrame,
    availability: Float64Array1D,
) -> ServiceBook | None:
    """Follow the vehicles of stores whose lines name them; None where there are none, or nothing has an interval.

    Parameters
    ----------
    kinds
        The kinds of items.
    as_of
        The day of the books.
    visits
        One row per vehicle: ``vin, is_single, store, model, registered, left, read, odometer_km``, sorted by ``vin``.
    lines
        Demand lines in live numbers, with ``vin`` and ``opened_on``.
    km_per_month_new
        Distance of a new vehicle of each model.
    parts, stores
        Names behind the codes of `kinds`, and behind those of the visits' stores.
    axis, past
        Periods of history and horizon together, and how many of them are past.
    busy
        How busy the days are.
    appointments
        For days still ahead, in live numbers.
    availability
        Share of the time in which the part of each of the lines was to be had then, above zero up to one.
    """
    months, column = months_of_periods(axis)
    known = int(column[past]) if past < column.size else months.count
    single = visits[visits["is_single"].to_numpy()]
    followed = Followed(
        pd.Index(single["vin"]),
        single["store"].to_numpy(np.int64),
        single["model"].to_numpy(np.int64),
        single["registered"].to_numpy(np.float64),
        single["left"].fillna(np.inf).to_numpy(np.float64),
        single["read"].to_numpy(np.float64),
        single["odometer_km"].to_numpy(np.float64),
    )
    if not (followed.vin.size and known and kinds.lives.shape[1]):
        return None
    kind = kinds.of_part[coded(lines["part_no"], parts)]
    vehicle = followed.vin.get_indexer(pd.Index(lines["vin"])).astype(np.int64)
    at = (kind >= 0) & (vehicle >= 0)
    services = Services(vehicle[at], month_ordinals(lines["opened_on"][at]), kind[at])
    day = lines["opened_on"][at].to_numpy("datetime64[D]").astype(np.int64)
    visit = np.unique(np.stack([services.vehicle, day]), axis=1, return_inverse=True)[1].reshape(-1)
    written = share_written(visit, followed.store[services.vehicle], availability[at], len(stores))
    open_share = _open_share(as_of, months.first + known)
    told = _months_told(lines, stores, months.first, known)
    course = Course(months.first, known, busy_months(months, busy), open_share, told)
    booked = kinds.of_part[coded(appointments["part_no"], parts)]
    who = followed.vin.get_indexer(pd.Index(appointments["vin"])).astype(np.int64)
    when = np.floor(month_ordinals(appointments["due_on"])).astype(np.int64)
    mine = (booked >= 0) & (who >= 0) & (when >= months.first + known) & (when < months.first + months.count)
    mine &= np.isfinite(kinds.lives[:, booked, followed.model[who]].min(axis=0))
    bookings = Bookings(
        who[mine], when[mine], booked[mine], appointments["confidence_ppm"].to_numpy(np.float64)[mine] / 1e6
    )
    return ServiceBook(
        follow(followed, services, kinds.lives, km_per_month_new, course, bookings, written), kinds, mine
    )


def singles_of(book: ServiceBook, axis: PeriodAxis) -> Singles:
    """Return the calls of vehicles followed, by period; weeks take those of the month their middle lies in."""
    found = due_calls(book.courses)
    column = months_of_periods(axis)[1]
    return Singles(
        found.model, found.store, found.year, book.kinds.of_need, found.calls[:, :, column], found.squares[:, :, column]
    )


def settled_from(is_followed: NDArray[np.bool_], opened: Int64Array1D, axis: PeriodAxis) -> Int64Array1D:
    """Return the first period of the past from which each item's rate is learnt, ``(n_items,)``.

    What is expected of followed vehicles rests on guesses until most of them have come once. A rate learnt from those
    months would pay for the guesses ever after. Young books have no better months: there it is their later half.

    Parameters
    ----------
    is_followed
        Whether an item's calls are those of vehicles followed one by one, ``(n_items,)``; all periods teach the others.
    opened
        First period with a line of the item's store, ``(n_items,)``.
    axis
        Periods of the history.

    >>> year = PeriodAxis(PeriodKind.MONTH, 24000, 48)
    >>> settled_from(np.array([True, True, False]), np.array([0, 28, 0]), year).tolist()
    [18, 38, 0]
    """
    periods = SETTLING_MONTHS * (1.0 if axis.kind is PeriodKind.MONTH else 52.18 / 12)
    known = np.maximum(axis.count - opened, 0)
    settled = opened + np.minimum(round(periods), known // 2)
    return np.where(is_followed, settled, 0).astype(np.int64)


def _months_told(lines: pd.DataFrame, stores: tuple[str, ...], first: int, months: int) -> NDArray[np.bool_]:
    """Say of which months past each store's books tell: from its first line on, but for those it was closed in."""
    store, month = coded(lines["store"], stores), ordinals(lines["opened_on"], PeriodKind.MONTH) - first
    inside = (store >= 0) & (month >= 0) & (month < months)
    asked = np.zeros((len(stores), months))
    np.add.at(asked, (store[inside], month[inside]), 1.0)
    opened = first_told(asked > 0, 0).astype(np.int64)
    begun: NDArray[np.bool_] = np.arange(months)[None, :] >= opened[:, None]
    return begun & ~shut(asked, opened)


def months_of_periods(axis: PeriodAxis) -> tuple[PeriodAxis, Int64Array1D]:
    """Return the months that the middles of periods lie in, and the column of each period's."""
    month = np.floor(middles(axis)).astype(np.int64)
    first = int(month[0])
    return PeriodAxis(PeriodKind.MONTH, first, int(month[-1]) - first + 1), month - first


def _open_share(as_of: date, month: int) -> float:
    """Return the share of a month that lies after the day of the books."""
    first = date(month // 12, month % 12 + 1, 1)
    days = calendar.monthrange(first.year, first.month)[1]
    gone = ((as_of + timedelta(days=1)) - first).days
    return 1 - min(max(gone / days, 0.0), 1.0)
