"""Appointments at the end of the history: who has booked a service in the next three weeks, and what will be due.

Booking reveals some of the visits that come anyway: those who booked come with chance 0.9, the others a little less
than before, and both together as the service law says.
"""

from dataclasses import dataclass

import numpy as np

from data_samples.actions import ACTIONS
from data_samples.ageing import State, age_one_month
from data_samples.catalogue import Catalogue
from data_samples.fleet import Fleet
from data_samples.month import Month
from data_samples.recalls import concerned
from data_samples.services import BOOKING_DAYS, SHOW_UP, booking_window, due_items, service_chance
from data_samples.workdays import NEVER, day_number, day_weights, month_start

LEAST_CONFIDENCE = 0.3
"""Lines less likely than this are not put on an appointment."""


@dataclass(frozen=True)
class BookedLine:
    """One part that a booked vehicle is expected to need.

    Attributes
    ----------
    vehicle, day, part, quantity_milli : int
    job_type : str
    confidence : float
        Chance that the vehicle comes and the part is taken.
    """

    vehicle: int
    day: int
    part: int
    quantity_milli: int
    job_type: str
    confidence: float


def _coming_month(catalogue: Catalogue, fleet: Fleet, state: State, end_month: int) -> Month:
    """Give the coming month as it will be if everybody stays: distances are certain, busyness is usual."""
    later = state.copied()
    age_one_month(fleet, later, end_month, np.random.Generator(np.random.PCG64(0)))
    stores = int(fleet.store.max()) + 1
    return Month(end_month, catalogue, fleet, later, state.loyal(fleet, end_month - 1), np.ones(stores))


def book_services(catalogue: Catalogue, fleet: Fleet, state: State, end_month: int, rng: np.random.Generator) -> None:
    """Let some of the vehicles that are due in the coming month book a day.

    Parameters
    ----------
    catalogue : Catalogue
    fleet : Fleet
    state : State
        `booked_day` changes in place.
    end_month : int
        The coming month.
    rng : Generator
    """
    month = _coming_month(catalogue, fleet, state, end_month)
    books = rng.random(len(month.loyal)) < service_chance(month) * booking_window(end_month) / SHOW_UP
    chosen = month.loyal[books]
    weights = np.array(day_weights(end_month)[:BOOKING_DAYS])
    days = rng.choice(BOOKING_DAYS, size=len(chosen), p=weights / weights.sum())
    state.booked_day[chosen] = month_start(end_month) + days


def booked_lines(catalogue: Catalogue, fleet: Fleet, state: State, end_month: int) -> list[BookedLine]:
    """List what the booked vehicles are expected to need, open recalls included.

    Parameters
    ----------
    catalogue : Catalogue
    fleet : Fleet
    state : State
    end_month : int
        The coming month.

    Returns
    -------
    list of BookedLine
        By day and vehicle.
    """
    month = _coming_month(catalogue, fleet, state, end_month)
    vehicles = np.flatnonzero(state.booked_day < NEVER)
    vehicles = vehicles[np.argsort(state.booked_day[vehicles], kind="stable")]
    chance, part = due_items(month, vehicles)
    scheduled = catalogue.rows_of("scheduled")
    keys = [item.key for item in catalogue.items]
    owed = np.stack([concerned(fleet, a) for a in ACTIONS], axis=1) & ~state.action_done
    lines = []
    for row, vehicle in enumerate(vehicles.tolist()):
        day, model = int(state.booked_day[vehicle]), int(fleet.model[vehicle])
        for place in np.flatnonzero(chance[row] * SHOW_UP >= LEAST_CONFIDENCE).tolist():
            quantity = int(catalogue.quantity_milli[scheduled[place], model])
            sure = round(float(chance[row, place]) * SHOW_UP, 2)
            lines.append(BookedLine(vehicle, day, int(part[row, place]), quantity, "maintenance", sure))
        for place, action in enumerate(ACTIONS):
            is_open = day >= day_number(action.starts_on)
            is_open &= action.ends_on is None or day <= day_number(action.ends_on)
            if is_open and owed[vehicle, place]:
                item = keys.index(action.item)
                found = int(catalogue.lookup[item, model, fleet.generation[vehicle]])
                quantity = int(catalogue.quantity_milli[item, model])
                lines.append(BookedLine(vehicle, day, found, quantity, action.job_type, SHOW_UP))
    return lines
