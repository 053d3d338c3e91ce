"""A snapshot as it would have been read on an earlier day: what came later is taken out of it.

Demand, vehicles, their leaving, panel periods and what people set count up to the day. What bears no day on which it
became known is left out where it speaks of what was then to come: the sales plan, appointments, reservations, what lies
in stock or is on order. Masters (catalogue, fitments) have no history and are those of today.

Which number follows which is a matter of names: a number that is answered by another one today is answered by it on the
earlier day too, so that what was forecast then and what came since are told of the same part.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from demand.periods import first_day_of, parse_label
from inventory.snapshot import Snapshot


def as_known_on(snapshot: Snapshot, day: date) -> Snapshot:
    """Return what a forecast made on an earlier day could have seen.

    Parameters
    ----------
    snapshot
        The books at a later moment.
    day
        Its evening is the moment wanted; on or before the snapshot's.

    Raises
    ------
    ValueError
        If the day is after the snapshot's.
    """
    if day > snapshot.as_of:
        raise ValueError(f"an earlier day is on or before {snapshot.as_of}; found {day}")
    at = pd.Timestamp(day)
    overrides = snapshot.overrides[snapshot.overrides["set_on"] <= at].reset_index(drop=True)
    vehicles = snapshot.vehicles[snapshot.vehicles["registered_on"] <= at].reset_index(drop=True)
    counts = snapshot.vehicle_counts
    return replace(
        snapshot,
        as_of=day,
        vehicles=vehicles.assign(left_on=vehicles["left_on"].where(vehicles["left_on"] <= at)),
        vehicle_counts=counts[counts["registered_month"] <= at].reset_index(drop=True),
        sales_plan=snapshot.sales_plan.iloc[:0],
        supersessions=_named_as_today(snapshot, at),
        appointments=snapshot.appointments.iloc[:0],
        campaigns=snapshot.campaigns[snapshot.campaigns["starts_on"] <= at].reset_index(drop=True),
        demand_lines=snapshot.demand_lines[snapshot.demand_lines["opened_on"] <= at].reset_index(drop=True),
        demand_panel=snapshot.demand_panel[_begun(snapshot.demand_panel["period"], day)].reset_index(drop=True),
        positions=snapshot.positions.iloc[:0],
        under_way=snapshot.under_way.iloc[:0],
        last_levels=snapshot.last_levels.iloc[:0],
        overrides=overrides.assign(withdrawn_on=overrides["withdrawn_on"].where(overrides["withdrawn_on"] <= at)),
        reservations=snapshot.reservations.iloc[:0],
        open_orders=snapshot.open_orders.iloc[:0],
        receipts=snapshot.receipts[snapshot.receipts["received_on"] <= at].reset_index(drop=True),
    )


def _named_as_today(snapshot: Snapshot, at: pd.Timestamp) -> pd.DataFrame:
    table = snapshot.supersessions
    holds = table["effective_on"] <= pd.Timestamp(snapshot.as_of)
    return table.assign(effective_on=table["effective_on"].where(~holds | (table["effective_on"] <= at), at))


def _begun(labels: pd.Series, day: date) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return which periods had begun by the day; whole periods alone are counted where a history is laid out."""
    codes, names = pd.factorize(labels)
    begun = np.array([first_day_of(*parse_label(str(name))) <= day for name in names], dtype=np.bool_)
    return begun[codes] if begun.size else np.zeros(0, dtype=np.bool_)
