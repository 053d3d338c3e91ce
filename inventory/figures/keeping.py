"""All that a closing document keeps for reports of later months, by name: at its making, and again for the proof."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from inventory.figures.closed import SUMS
from inventory.figures.closed_demand import demand_report
from inventory.figures.closed_layers import layers_report
from inventory.figures.closed_logs import log_report
from inventory.figures.closed_sales import AT_LIST, at_list_report
from inventory.figures.closed_sums import sums_report
from inventory.figures.orders import ORDERS
from inventory.figures.planned import PLANNED, planned_report
from inventory.figures.promises import PROMISES
from inventory.figures.purchases import ORDERED
from inventory.figures.requests import REQUESTS

Kept = Mapping[str, Any]
_LOGS = (REQUESTS, ORDERS, ORDERED, PROMISES)


def keepings(connection: sa.Connection, since: date, until: date) -> dict[str, Any]:
    """Return what a new closing document keeps.

    Parameters
    ----------
    since, until
        The days that are closed with it; days before the first movement are nothing.
    """
    return {
        **{name: sums_report(connection, name, since, until) for name in SUMS},
        **{log.name: log_report(connection, log, until) for log in _LOGS},
        PLANNED: planned_report(connection, until),
        AT_LIST: at_list_report(connection, since, until),
        "demand": demand_report(connection, until),
        "layers": layers_report(connection, until),
    }


def kept_again(connection: sa.Connection, since: date, until: date, sequence: int, kept: Kept) -> dict[str, Any]:
    """Return what a closing document has to keep: under the names that it does, for an older one may keep less.

    Parameters
    ----------
    sequence
        The document.
    kept
        What it says.
    """
    found: dict[str, Any] = {name: sums_report(connection, name, since, until) for name in SUMS if name in kept}
    line = kept["demand"]["up_to_line"] if "demand" in kept else 0
    for log in _LOGS:
        if log.name in kept:
            found[log.name] = log_report(connection, log, until, sequence, sequence if log.of_documents else line)
    if PLANNED in kept:
        found[PLANNED] = planned_report(connection, until, sequence, sequence)
    if AT_LIST in kept:
        found[AT_LIST] = at_list_report(connection, since, until, sequence)
    if "layers" in kept:
        found["layers"] = layers_report(connection, until)
    if "demand" in kept:
        found["demand"] = demand_report(connection, until, sequence, line)
    return found
