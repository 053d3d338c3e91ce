"""Visits by the service book: due by distance or after twelve months, whichever is sooner, and late as owners are.

With T months from service to service at the vehicle's own pace, the next visit comes after T x lateness of the
owner x a lognormal factor. The chance in a month is that law given that the visit has not come yet, so the state
needs no future.
"""

import numpy as np

from data_samples.columns import Floats, Ints
from data_samples.figures import LATENESS_MEDIAN, LATENESS_SPREAD_VISIT, normal_cdf
from data_samples.models import MODELS
from data_samples.month import Month
from data_samples.requests import CUSTOMER, MAINTENANCE, Requests, join_requests
from data_samples.workdays import NEVER, day_weights, draw_days, month_factor

DAYS_PER_MONTH = 30.4375
SHOW_UP = 0.9
"""Share of booked customers who come in their month (assumed)."""

BOOKED_SHARE = 0.45
"""Share of services in the coming three weeks that are booked already (assumed)."""

BOOKING_DAYS = 21
"""Appointments are open for the first three weeks of the coming month."""

EARLY = 0.80
"""An item is replaced at a visit when this share of its interval has passed (assumed)."""


def service_chance(month: Month) -> Floats:
    """Give the chance that each loyal vehicle comes for its service this month.

    Parameters
    ----------
    month : Month

    Returns
    -------
    array of float
        One per row of `month.loyal`.
    """
    rows, state, fleet = month.loyal, month.state, month.fleet
    service_km = np.array([m.service_km for m in MODELS], dtype=np.float64)[fleet.model[rows]]
    elapsed = np.maximum((month.after_day - state.served_day[rows]) / DAYS_PER_MONTH, 0.03)
    pace = np.maximum((state.odometer_km[rows] - state.served_km[rows]) / elapsed, 50.0)
    due = np.minimum(service_km / pace, 12.0) * fleet.lateness[rows] * LATENESS_MEDIAN
    before = np.maximum((month.first_day - state.served_day[rows]) / DAYS_PER_MONTH, 0.01)
    done_after = normal_cdf(np.log(np.maximum(elapsed, 0.02) / due) / LATENESS_SPREAD_VISIT)
    done_before = normal_cdf(np.log(before / due) / LATENESS_SPREAD_VISIT)
    left = np.maximum(1.0 - done_before, 1e-9)
    chance = np.where(done_before > 0.9999, 0.5, (done_after - done_before) / left)
    pressure = month_factor(month.number) * month.busyness[fleet.store[rows]]
    return np.asarray(np.clip(1.0 - (1.0 - chance) ** pressure, 0.0, 1.0), dtype=np.float64)


def booking_window(month: int) -> float:
    """Give the share of a month's services that are booked before the month begins.

    Parameters
    ----------
    month : int
        Month number.

    Returns
    -------
    float
    """
    weights = day_weights(month)
    return BOOKED_SHARE * sum(weights[:BOOKING_DAYS]) / sum(weights)


def unbooked_chance(chance: Floats, window: float) -> Floats:
    """Give the chance of coming for those who did not book, so that all together come with `chance`.

    Parameters
    ----------
    chance : array of float
    window : float
        Share of the month's visits that fall in the days open for booking, times the share booked.

    Returns
    -------
    array of float
    """
    booked = chance * window / SHOW_UP
    return np.asarray((chance - booked * SHOW_UP) / np.maximum(1.0 - booked, 1e-9), dtype=np.float64)


def due_items(month: Month, vehicles: Ints) -> tuple[Floats, Ints]:
    """Give how likely each scheduled item is to be replaced at a service this month, and its part number.

    Parameters
    ----------
    month : Month
    vehicles : array of int

    Returns
    -------
    tuple of arrays, (vehicle, scheduled item)
        Chance (0 when not due or not carried) and part.
    """
    catalogue, state, fleet = month.catalogue, month.state, month.fleet
    rows = catalogue.rows_of("scheduled")
    items = [catalogue.items[row] for row in rows]
    service_km = np.array([m.service_km for m in MODELS], dtype=np.float64)[fleet.model[vehicles]]
    every_km = np.array([i.interval_km for i in items], dtype=np.float64)
    at_each = every_km < 0
    every_km = np.where(every_km == 0, np.inf, every_km)
    every_month = np.array([i.interval_months or np.inf for i in items], dtype=np.float64)
    km = np.where(at_each, service_km[:, None], every_km)
    driven = state.odometer_km[vehicles][:, None] - state.item_km[vehicles]
    months = (month.after_day - state.item_day[vehicles]) / DAYS_PER_MONTH
    due = at_each | (driven >= EARLY * km) | (months >= EARLY * every_month)
    part = np.stack([month.part_of(np.full(len(vehicles), row), vehicles) for row in rows], axis=1)
    chance = np.where(due & (part >= 0), np.array([i.capture for i in items]), 0.0)
    return chance, part


def serve(month: Month, rng: np.random.Generator) -> tuple[Requests, Ints]:
    """Let vehicles come for their service.

    Parameters
    ----------
    month : Month
        Its state changes: last service, last replacement of items.
    rng : Generator

    Returns
    -------
    tuple of (Requests, array of int)
        Lines asked for, and per vehicle of the fleet the day of the service or -1.
    """
    state, loyal = month.state, month.loyal
    chance = service_chance(month)
    booked = state.booked_day[loyal]
    has_booked = (booked >= month.first_day) & (booked < month.after_day)
    if has_booked.any():
        chance = np.where(has_booked, SHOW_UP, unbooked_chance(chance, booking_window(month.number)))
    comes = rng.random(len(loyal)) < chance
    vehicles = loyal[comes]
    day = draw_days(month.number, len(vehicles), rng)
    day = np.where(has_booked[comes], booked[comes], np.maximum(day, month.fleet.registered_day[vehicles]))
    state.booked_day[loyal[has_booked]] = NEVER
    take_chance, part = due_items(month, vehicles)
    taken = rng.random(take_chance.shape) < take_chance
    kilometres = state.odometer_km[vehicles]
    pieces = []
    for place, row in enumerate(month.catalogue.rows_of("scheduled")):
        mine = taken[:, place]
        chosen = vehicles[mine]
        quantity = month.catalogue.quantity_milli[row, month.fleet.model[chosen]]
        pieces.append(month.asked(chosen, day[mine], part[mine, place], quantity, MAINTENANCE, CUSTOMER))
        state.item_km[chosen, place] = kilometres[mine]
        state.item_day[chosen, place] = day[mine]
    state.served_day[vehicles] = day
    state.served_km[vehicles] = kilometres
    service_day = np.full(len(month.fleet), -1, dtype=np.int64)
    service_day[vehicles] = day
    return join_requests(pieces), service_day
