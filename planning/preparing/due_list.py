"""Which vehicles are expected at a store between two days, what for, and whether their parts lie on the shelf.

A row is a vehicle followed one by one (`services`) that has booked, or comes with at least the chance asked for. It
shows the item that is due first, by the vehicle's own clock, when every other is due, and the parts that its service is
likelier than not to need: of several numbers that fit, the one asked for most at the store; of a booking, the very
parts it names. The shelf is dealt out in the order of the list: what an earlier vehicle needs is not there for a later
one.
"""

from __future__ import annotations

import calendar
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demand.history import Float64Array1D, Float64Array2D, Int64Array1D
from forecasting.due_list import coming_between, due_moment
from forecasting.exposure import months_of
from inventory.snapshot import Snapshot
from planning.orders.position import live_positions
from planning.preparing.prepare import Prepared
from planning.preparing.services import ServiceBook

LIKELY = 0.5
"""A part is listed if it is needed with this chance or more, once the vehicle is there."""


@dataclass(frozen=True)
class NeededPart:
    """A part that an expected vehicle will likely need; quantities in thousandths of the stock unit."""

    part_no: str
    quantity_milli: int
    on_shelf_milli: int
    """What is left of the shelf for this vehicle, at most what it needs."""

    @property
    def is_short(self) -> bool:
        """Whether the shelf has less than it needs."""
        return self.on_shelf_milli < self.quantity_milli


@dataclass(frozen=True)
class DueItem:
    """An item of a vehicle's service book, and when it is due next by its own clock."""

    name: str
    due_on: date


@dataclass(frozen=True)
class Expected:
    """One vehicle expected between two days.

    Parameters
    ----------
    store, vin, model
        Who it is.
    last_visit, odometer_then_km
        Day and reading of the last visit with a reading; None where there was none.
    odometer_now_km
        As its own pace says today.
    item_due, due_on
        What is due first of what it will likely need, and when; None where its last replacement was before the books
        began.
    items
        All its scheduled items of which that is known, the next due first.
    likely_from, likely_until
        Four of five that come within the months ahead come between them; None for who has a day already.
    chance
        That it comes between the two days.
    booked_on
        Day of its appointment, None without one.
    parts
        What it will likely need.
    """

    store: str
    vin: str
    model: str
    last_visit: date | None
    odometer_then_km: int | None
    odometer_now_km: int
    item_due: str
    due_on: date | None
    items: tuple[DueItem, ...]
    likely_from: date | None
    likely_until: date | None
    chance: float
    booked_on: date | None
    parts: tuple[NeededPart, ...]


def due_list(
    snapshot: Snapshot,
    ready: Prepared,
    begins: date,
    ends: date,
    least: float,
    store: str | None = None,
    item: str | None = None,
) -> tuple[Expected, ...]:
    """Return the vehicles expected from one day to another, both inclusive.

    Those without an appointment come first, for they are the ones to call: the longest due at their head, store by
    store; then those that have booked, by their day.

    Parameters
    ----------
    snapshot
        The books.
    ready
        Prepared from it by months, with a horizon that reaches to `ends`.
    begins, ends
        After the day of the books.
    least
        Chance from which on a vehicle is listed; who has booked always is.
    store
        Only this store's vehicles; all where None.
    item
        Only vehicles for which an item is due within the days whose name or part number contains this text.
    """
    if ready.services is None:
        return ()
    window = _Window(snapshot.as_of, begins, ends, ready.services)
    rows = _Rows(snapshot, ready, ready.services, window)
    chosen = [row for row in rows.listed(least) if store in (None, rows.store(row))]
    wanted = [row for row in chosen if item is None or rows.needs(row, item)]
    free = _free(snapshot)
    return tuple(rows.expected(row, free) for row in sorted(wanted, key=rows.order))


def stores_not_followed(snapshot: Snapshot, book: ServiceBook, store: str | None = None) -> tuple[str, ...]:
    """Return the stores asked about whose vehicles are not followed one by one: a list holds none of theirs.

    Parameters
    ----------
    snapshot
        The books.
    book
        The vehicles followed.
    store
        Only this store, whether the books know it or not; all that have vehicles, by VIN or by count, where None.
    """
    known = snapshot.vehicles["vin"].isin(book.courses.followed.vin)
    followed = set(snapshot.vehicles.loc[known, "store"].astype(str))
    tables = (snapshot.vehicles, snapshot.vehicle_counts)
    asked = {str(name) for table in tables for name in table["store"].unique()} if store is None else {store}
    return tuple(sorted(asked - followed))


class _Window:
    """The days asked for, as shares of what is left of each month ahead."""

    def __init__(self, as_of: date, begins: date, ends: date, book: ServiceBook) -> None:
        course = book.courses.course
        self.begins, self.ends = begins, ends
        self.ahead = slice(course.months, course.busy.size)
        first = course.first + course.months
        self.starts, self.length, self.share, self.left = np.zeros((4, course.busy.size - course.months))
        for h in range(self.starts.size):
            day = date((first + h) // 12, (first + h) % 12 + 1, 1)
            days = calendar.monthrange(day.year, day.month)[1]
            opens = max(day, as_of + timedelta(days=1))
            last = day + timedelta(days=days - 1)
            open_days = max((last - opens).days + 1, 0)
            inside = max((min(ends, last) - max(begins, opens)).days + 1, 0)
            self.starts[h], self.length[h] = months_of(opens) if open_days else first + h + 1.0, open_days / days
            self.share[h] = inside / open_days if open_days else 0.0
            self.left[h] = open_days / days


class _Rows:
    """What is known of each vehicle followed, worked out once."""

    def __init__(self, snapshot: Snapshot, ready: Prepared, book: ServiceBook, window: _Window) -> None:
        courses, self.book, self.window = book.courses, book, window
        self.followed = courses.followed
        self.as_of, self.now = snapshot.as_of, months_of(snapshot.as_of) + 1 / 31
        named = snapshot.vehicles
        self.store_of = dict(zip(named["vin"].astype(str), named["store"].astype(str), strict=True))
        self.model_of = dict(zip(named["vin"].astype(str), named["model"].astype(str), strict=True))
        self.booked_on, self.booked_parts = _appointments(ready, book)
        visits = courses.visits[:, window.ahead]
        has = np.array([vin in self.booked_on for vin in self.followed.vin])
        # An appointment is for its day; all else of a month is spread over what is left of it.
        self.chance = self._within(visits, has)
        self.likely = coming_between(
            visits * np.where(has[:, None], 1.0, window.left), window.starts, np.maximum(window.length, 1e-9)
        )
        self.items = [self._item(kind) for kind in range(len(book.kinds.names))]
        self.odometer_now = courses.driven(np.full((self.followed.vin.size, 1), self.now))[:, 0]
        read = ~np.isnan(self.followed.odometer_km)
        since_read = self.odometer_now - courses.driven(np.where(read, self.followed.read, self.now)[:, None])[:, 0]
        self.odometer_now = np.where(read, self.followed.odometer_km + since_read, self.odometer_now)
        self.usual = _UsualParts(ready, book)

    def _within(self, visits: Float64Array2D, has: NDArray[np.bool_]) -> Float64Array1D:
        chance = visits @ (self.window.share * self.window.left)
        for row in np.flatnonzero(has).tolist():
            day, sure = self.booked_on[str(self.followed.vin[row])]
            other = self.window.share * self.window.left
            month = day.year * 12 + day.month - 1 - self.book.courses.course.first - self.book.courses.course.months
            other[month : month + 1] = 0.0
            chance[row] = visits[row] @ other + (sure if self.window.begins <= day <= self.window.ends else 0.0)
        return np.minimum(chance, 1.0)

    def _item(self, kind: int) -> tuple[Float64Array1D, Float64Array1D]:
        """Return when a kind of item is due on each vehicle, and the chance that a coming one needs it."""
        courses = self.book.courses
        found = courses.item(kind)
        months = courses.course.months
        due = due_moment(
            self.followed.registered, found.since[:, months], courses.own_pace, found.life_km, found.life_months
        )
        unseen = ~found.is_known[:, months]
        weight = self.window.share * self.window.left
        visits = courses.visits[:, self.window.ahead] @ weight
        needed = np.where(visits > 0, (found.told[:, self.window.ahead] @ weight) / np.maximum(visits, 1e-12), 0.0)
        return np.where(unseen, np.nan, due), np.minimum(needed, 1.0)

    def listed(self, least: float) -> list[int]:
        inside = [
            vin in self.booked_on and self.window.begins <= self.booked_on[vin][0] <= self.window.ends
            for vin in self.followed.vin
        ]
        here = (self.followed.left > self.now) & (self.followed.registered <= self.now)
        return [int(row) for row in np.flatnonzero(((self.chance >= least) & here) | np.array(inside, dtype=np.bool_))]

    def store(self, row: int) -> str:
        return self.store_of[str(self.followed.vin[row])]

    def first_due(self, row: int) -> tuple[float, str]:
        """Return when the first item is due that its visit will likely need, and its name."""
        needed = [float(chance[row]) for _, chance in self.items]
        least = min(LIKELY, max(needed))
        found = [
            (float(due[row]), self.book.kinds.names[i])
            for i, (due, _) in enumerate(self.items)
            if needed[i] >= least > 0
        ]
        known = [each for each in found if np.isfinite(each[0])]
        return min(known, default=(np.nan, found[0][1] if found else ""))

    def all_due(self, row: int) -> tuple[DueItem, ...]:
        """Return every item of which it is known when it is due, the next due first."""
        names = self.book.kinds.names
        known = [(on, names[i]) for i, (due, _) in enumerate(self.items) if (on := _day(due[row])) is not None]
        return tuple(DueItem(name, on) for on, name in sorted(known))

    def needs(self, row: int, text: str) -> bool:
        """Say whether an item with such a name or number is likely needed."""
        wanted = text.casefold()
        likely = [i for i, (_, needed) in enumerate(self.items) if needed[row] >= LIKELY]
        names = [self.book.kinds.names[i].casefold() for i in likely]
        numbers = [part.casefold() for part, _ in self._wanted(row)]
        return any(wanted in name for name in (*names, *numbers))

    def order(self, row: int) -> tuple[str, bool, float, float, str]:
        vin = str(self.followed.vin[row])
        booked = self.booked_on.get(vin)
        due = self.first_due(row)[0]
        return (
            self.store(row),
            booked is not None,
            float(booked[0].toordinal()) if booked else (due if np.isfinite(due) else np.inf),
            -float(self.chance[row]),
            vin,
        )

    def _wanted(self, row: int) -> list[tuple[str, int]]:
        vin = str(self.followed.vin[row])
        if vin in self.booked_parts:
            return self.booked_parts[vin]
        likely = [i for i, (_, needed) in enumerate(self.items) if needed[row] >= LIKELY]
        year = int(self.followed.registered[row] // 12)
        model = self.model_of[vin]
        return [found for kind in likely if (found := self.usual.of(self.store(row), model, year, kind)) is not None]

    def expected(self, row: int, free: dict[tuple[str, str], int]) -> Expected:
        vin, store = str(self.followed.vin[row]), self.store(row)
        parts = []
        for part_no, quantity in self._wanted(row):
            there = min(free.get((store, part_no), 0), quantity)
            free[store, part_no] = free.get((store, part_no), 0) - there
            parts.append(NeededPart(part_no, quantity, there))
        due, name = self.first_due(row)
        read = self.followed.read[row]
        return Expected(
            store,
            vin,
            self.model_of[vin],
            _day(read),
            None if np.isnan(self.followed.odometer_km[row]) else int(self.followed.odometer_km[row]),
            round(float(self.odometer_now[row])),
            name,
            _day(due),
            self.all_due(row),
            None if vin in self.booked_on else _day(self.likely[row, 0]),
            None if vin in self.booked_on else _day(self.likely[row, 1]),
            float(self.chance[row]),
            self.booked_on[vin][0] if vin in self.booked_on else None,
            tuple(parts),
        )


class _UsualParts:
    """Which part number of a kind a model is given at a store: the one asked for most, of those that fit."""

    def __init__(self, ready: Prepared, book: ServiceBook) -> None:
        lines = ready.asked.history
        self.asked = Counter(zip(lines["store"], lines["part_no"], strict=True))
        self.fits: dict[tuple[str, int], list[tuple[str, int, int, int]]] = defaultdict(list)
        fitments = ready.fitments
        kind = book.kinds.of_part[pd.Index(ready.fitted_parts).get_indexer(pd.Index(fitments["part_no"]))]
        columns = ("model", "part_no", "year_from", "year_to", "quantity_per_vehicle_milli")
        for code, model, part_no, since, until, quantity in zip(
            kind.tolist(), *(fitments[name].tolist() for name in columns), strict=True
        ):
            self.fits[str(model), int(code)].append((str(part_no), int(since), int(until), int(quantity)))

    def of(self, store: str, model: str, year: int, kind: int) -> tuple[str, int] | None:
        fitting = [
            (-self.asked[store, part_no], part_no, quantity)
            for part_no, since, until, quantity in self.fits.get((model, kind), ())
            if since <= year <= until
        ]
        if not fitting:
            return None
        _, part_no, quantity = min(fitting)
        return part_no, quantity


def _appointments(
    ready: Prepared, book: ServiceBook
) -> tuple[dict[str, tuple[date, float]], dict[str, list[tuple[str, int]]]]:
    """Return day and chance of each vehicle's next appointment for a service, and all the parts that it names."""
    table = ready.appointments
    services = table[book.booked]
    on: dict[str, tuple[date, float]] = {}
    number: dict[str, str] = {}
    for vin, day, sure, name in zip(
        services["vin"], services["due_on"], services["confidence_ppm"] / 1e6, services["appointment_no"], strict=True
    ):
        known = on.get(vin)
        if known is None or name == number[vin]:
            on[vin] = (day.date(), max(float(sure), known[1] if known else 0.0))
            number[vin] = name
    parts: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for vin, name, part_no, quantity in zip(
        table["vin"], table["appointment_no"], table["part_no"], table["quantity_milli"], strict=True
    ):
        if number.get(vin) == name:
            parts[vin].append((part_no, int(quantity)))
    return on, dict(parts)


def _free(snapshot: Snapshot) -> dict[tuple[str, str], int]:
    """Return what lies on the shelf and is held for nobody, by store and part, in thousandths."""
    held = live_positions(snapshot)
    left: Int64Array1D = (held["on_hand_milli"] - held["reserved_milli"]).to_numpy(np.int64)
    return {(str(s), str(p)): int(q) for s, p, q in zip(held["store"], held["part_no"], left, strict=True)}


def _day(moment: float) -> date | None:
    """Return a moment in months as a day; None where there is none."""
    if not np.isfinite(moment):
        return None
    month = int(moment // 1)
    days = calendar.monthrange(month // 12, month % 12 + 1)[1]
    return date(month // 12, month % 12 + 1, min(int((moment - month) * days + 1e-6) + 1, days))
