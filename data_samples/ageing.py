"""The state of every vehicle, and one month of ageing: scrapped, drifted away, driven.

The state is all the future depends on: nothing about the future is drawn ahead, so the same world can be continued
under many seeds. Its arrays change in place, month by month; `State.copied` gives one to continue from.
"""

from dataclasses import dataclass, fields

import numpy as np

from data_samples.catalogue import Catalogue
from data_samples.columns import Bools, Floats, Ints
from data_samples.figures import DAYS_PER_YEAR, LOYALTY_AT_FIRST, distance_factor, loyalty, survival
from data_samples.fleet import Fleet
from data_samples.workdays import NEVER, month_start


@dataclass(frozen=True)
class State:
    """What has become of each vehicle so far.

    Attributes
    ----------
    scrapped_day, drifted_day : array of int
        `NEVER` while it has not happened; vehicles that never came have drifted on the day of registration.
    odometer_km : array of float
        At the end of the last month.
    month_km : array of float
        Driven in the last month.
    served_day : array of int, served_km : array of float
        Last service (or registration).
    item_day, item_km : arrays, (vehicle, scheduled item)
        When each item was last replaced.
    wear_day, wear_km : arrays, (vehicle, wearing item)
    action_done : array of bool, (vehicle, action)
    booked_day : array of int
        Day of an appointment in the coming month; `NEVER` without one.
    """

    scrapped_day: Ints
    drifted_day: Ints
    odometer_km: Floats
    month_km: Floats
    served_day: Ints
    served_km: Floats
    item_day: Ints
    item_km: Floats
    wear_day: Ints
    wear_km: Floats
    action_done: Bools
    booked_day: Ints

    def copied(self) -> "State":
        """Give a state of its own to continue from."""
        return State(*(getattr(self, f.name).copy() for f in fields(self)))

    def extended(self, other: "State") -> "State":
        """Give the states of these vehicles followed by those of another fleet."""
        return State(*(np.concatenate([getattr(self, f.name), getattr(other, f.name)]) for f in fields(self)))

    def loyal(self, fleet: Fleet, month: int) -> Ints:
        """Give the rows of vehicles on the road that come to the shop in a month."""
        here = (fleet.registered_month <= month) & (self.scrapped_day == NEVER) & (self.drifted_day == NEVER)
        return np.flatnonzero(here)


def new_state(fleet: Fleet, catalogue: Catalogue, actions: int) -> State:
    """Give the state of vehicles before their first day.

    Parameters
    ----------
    fleet : Fleet
    catalogue : Catalogue
    actions : int
        Number of recalls and campaigns.

    Returns
    -------
    State
    """
    count, born = len(fleet), fleet.registered_day
    scheduled, wear = len(catalogue.rows_of("scheduled")), len(catalogue.rows_of("wear"))
    return State(
        scrapped_day=np.full(count, NEVER, dtype=np.int64),
        drifted_day=np.full(count, NEVER, dtype=np.int64),
        odometer_km=np.zeros(count),
        month_km=np.zeros(count),
        served_day=born.copy(),
        served_km=np.zeros(count),
        item_day=np.repeat(born[:, None], scheduled, axis=1),
        item_km=np.zeros((count, scheduled)),
        wear_day=np.repeat(born[:, None], wear, axis=1),
        wear_km=np.zeros((count, wear)),
        action_done=np.zeros((count, actions), dtype=np.bool_),
        booked_day=np.full(count, NEVER, dtype=np.int64),
    )


def age_one_month(fleet: Fleet, state: State, month: int, rng: np.random.Generator) -> None:
    """Let a month pass: some vehicles are scrapped, some drift away, the others are driven.

    Parameters
    ----------
    fleet : Fleet
    state : State
        Changed in place.
    month : int
        Month number.
    rng : Generator
    """
    first, after = month_start(month), month_start(month + 1)
    rows = np.flatnonzero((fleet.registered_month <= month) & (state.scrapped_day == NEVER))
    born = fleet.registered_day[rows]
    begin = np.maximum(first - born, 0) / DAYS_PER_YEAR
    end = (after - born) / DAYS_PER_YEAR
    day = np.maximum(born, first) + (rng.random(len(rows)) * (after - np.maximum(born, first))).astype(np.int64)
    scrapped = rng.random(len(rows)) < 1.0 - survival(end) / survival(begin)
    state.scrapped_day[rows[scrapped]] = day[scrapped]
    stays = np.where(fleet.registered_month[rows] == month, LOYALTY_AT_FIRST, 1.0) * loyalty(end) / loyalty(begin)
    leaves = (rng.random(len(rows)) >= stays) & (state.drifted_day[rows] == NEVER)
    at_once = fleet.registered_month[rows] == month
    state.drifted_day[rows[leaves]] = np.where(at_once, born, day)[leaves]
    share = (end - begin) * 12.0
    driven = fleet.distance_km_per_month[rows] * distance_factor((begin + end) / 2) * share
    state.month_km[rows] = driven
    state.odometer_km[rows] += driven
