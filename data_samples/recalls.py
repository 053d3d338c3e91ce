"""Working off recalls and campaigns: each vehicle concerned once, drifted ones too but less often."""

import numpy as np

from data_samples.actions import ACTIONS, MONTHLY_CHANCE_DRIFTED, MONTHLY_CHANCE_LOYAL, Action
from data_samples.columns import Bools, Ints
from data_samples.fleet import Fleet
from data_samples.models import MODELS
from data_samples.month import Month
from data_samples.requests import CAMPAIGN, RECALL, WARRANTY, Requests, join_requests
from data_samples.workdays import NEVER, day_number, is_closed


def concerned(fleet: Fleet, action: Action) -> Bools:
    """Say which vehicles an action concerns.

    Parameters
    ----------
    fleet : Fleet
    action : Action

    Returns
    -------
    array of bool
    """
    model = [m.code for m in MODELS].index(action.model)
    since, until = day_number(action.registered_from), day_number(action.registered_to)
    day = fleet.registered_day
    return np.asarray((fleet.model == model) & (day >= since) & (day <= until) & ~fleet.guest, dtype=np.bool_)


def _open_days(month: Month, action: Action) -> Ints:
    """List the days of the month on which the action is open and so is the shop."""
    last = day_number(action.ends_on) if action.ends_on else NEVER
    days = range(max(month.first_day, day_number(action.starts_on)), min(month.after_day, last + 1))
    return np.array([day for day in days if not is_closed(day)], dtype=np.int64)


def work_off_actions(month: Month, service_day: Ints, rng: np.random.Generator) -> Requests:
    """Let vehicles come in for open recalls and campaigns.

    Parameters
    ----------
    month : Month
        Its state changes: who is done.
    service_day : array of int
        Per vehicle of the fleet; -1 without a service.
    rng : Generator

    Returns
    -------
    Requests
    """
    state, fleet, catalogue = month.state, month.fleet, month.catalogue
    keys = [item.key for item in catalogue.items]
    pieces = []
    for place, action in enumerate(ACTIONS):
        days = _open_days(month, action)
        if len(days) == 0:
            continue
        owed = concerned(fleet, action) & ~state.action_done[:, place] & (state.scrapped_day == NEVER)
        rows = np.flatnonzero(owed & (fleet.registered_month < month.number))
        share = len(days) / (month.after_day - month.first_day)
        loyal = state.drifted_day[rows] == NEVER
        chance = np.where(loyal, MONTHLY_CHANCE_LOYAL, MONTHLY_CHANCE_DRIFTED) * share
        in_service = np.isin(service_day[rows], days)
        chosen = rows[(rng.random(len(rows)) < chance) | in_service]
        drawn = days[rng.integers(0, len(days), size=len(chosen))]
        served = service_day[chosen]
        day = np.where(np.isin(served, days), served, drawn)
        state.action_done[chosen, place] = True
        row = keys.index(action.item)
        quantity = catalogue.quantity_milli[row, fleet.model[chosen]]
        part = month.part_of(np.full(len(chosen), row), chosen)
        job = RECALL if action.job_type == "recall" else CAMPAIGN
        pieces.append(month.asked(chosen, day, part, quantity, job, WARRANTY))
    return join_requests(pieces)
