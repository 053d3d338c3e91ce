"""Recalls and service campaigns of a snapshot: whom they concern, who has been done, and who is still to come.

A campaign that names no store concerns the vehicles of its model at every store; they are divided as the vehicles on
the road are, in whole vehicles. Who has been done is read from lines of job type recall or campaign for its part: one
vehicle each, or one repair order where no vehicle is named.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demand.history import Float64Array1D, Int64Array1D
from forecasting.line_size import in_units
from forecasting.streams import Stream, Streams
from forecasting.uptake import Uptake, uptake
from inventory.snapshot import Snapshot
from inventory.supersession import Lineage, roll_forward
from planning.preparing.asked import ACTION_JOBS

_MONTH_DAYS = 30.4375


@dataclass(frozen=True)
class Campaign:
    """A campaign at one store, as far as it has come.

    Parameters
    ----------
    campaign_no, part_no, model, store
        The part in its live number.
    starts_on, ends_on
        Its days; None where it has no end.
    vehicles
        All that are concerned here, done or not.
    done_days
        Days since the start on which each vehicle done was done, ``(n_done,)``.
    booked
        Vehicles with an appointment for it.
    share
        Share that the maker expects to come, None where he says nothing.
    """

    campaign_no: str
    part_no: str
    model: str
    store: str
    starts_on: date
    ends_on: date | None
    vehicles: int
    done_days: Float64Array1D
    booked: int
    share: float | None

    @property
    def open_vehicles(self) -> int:
        """Vehicles neither done nor booked."""
        return max(self.vehicles - self.done_days.size - self.booked, 0)


def campaigns_of(
    snapshot: Snapshot, of: Lineage, actions: pd.DataFrame, appointments: pd.DataFrame
) -> tuple[Campaign, ...]:
    """Return every campaign at every store it concerns, in order of number, part, model and store.

    Parameters
    ----------
    snapshot
        For campaigns and vehicles.
    of
        What old numbers have become.
    actions
        Lines of recalls and campaigns, in live numbers.
    appointments
        Those ahead, in live numbers.
    """
    table = _by_store(snapshot)
    table = roll_forward(table, of, ["store"], []).sort_values(["campaign_no", "part_no", "model", "store"])
    for_actions = appointments[appointments["job_type"].isin(ACTION_JOBS)]
    return tuple(_standing(row, actions, for_actions) for row in table.to_dict("records"))


def _standing(row: Mapping[Hashable, Any], actions: pd.DataFrame, appointments: pd.DataFrame) -> Campaign:
    """Return how far a campaign has come at its store."""
    starts_on, ends_on = row["starts_on"].date(), None if pd.isna(row["ends_on"]) else row["ends_on"].date()
    lines = actions[_concerned(actions, row)]
    age = (lines["opened_on"].to_numpy("datetime64[D]") - np.datetime64(starts_on)).astype(np.float64)
    inside = (age >= 0) & (age <= (np.inf if ends_on is None else (ends_on - starts_on).days))
    first: dict[str, float] = {}
    for vin, order_no, days in zip(lines["vin"], lines["order_no"], np.where(inside, age, -1.0), strict=True):
        if days >= 0:
            first[vin or order_no] = min(first.get(vin or order_no, np.inf), float(days))
    booked = appointments[_concerned(appointments, row)]
    who = {vin or number for vin, number in zip(booked["vin"], booked["appointment_no"], strict=True)}
    return Campaign(
        campaign_no=row["campaign_no"],
        part_no=row["part_no"],
        model=row["model"],
        store=row["store"],
        starts_on=starts_on,
        ends_on=ends_on,
        vehicles=max(int(row["vehicles"]), len(first)),
        done_days=np.array(sorted(first.values()), dtype=np.float64),
        booked=len(who - set(first)),
        share=None if pd.isna(row["uptake_ppm"]) else int(row["uptake_ppm"]) / 1e6,
    )


def campaign_streams(
    campaigns: tuple[Campaign, ...],
    as_of: date,
    index: pd.MultiIndex,
    unit_milli: Int64Array1D,
    fitments: pd.DataFrame,
) -> Streams:
    """Return the vehicles of campaigns that are still to come, a row per campaign and store.

    Parameters
    ----------
    campaigns
        See `campaigns_of`.
    as_of
        The day of the books.
    index
        Store and part number of each item.
    unit_milli
        Demand unit of each item.
    fitments
        In live numbers, for what one vehicle takes.
    """
    fitted = fitments.groupby(["part_no", "model"])["quantity_per_vehicle_milli"].min()
    running = [
        each
        for each in campaigns
        if (each.store, each.part_no) in index and (each.ends_on is None or each.ends_on > as_of) and each.open_vehicles
    ]
    if not running:
        return Streams.none()
    item = index.get_indexer(pd.MultiIndex.from_tuples([(each.store, each.part_no) for each in running]))
    takes = np.array([int(fitted.get((each.part_no, each.model), 1000)) for each in running], dtype=np.int64)
    laws = [_law(each, as_of) for each in running]
    return Streams(
        item.astype(np.int64),
        (str(Stream.CAMPAIGN),) * len(running),
        tuple(each.campaign_no for each in running),
        np.array([each.open_vehicles for each in running], dtype=np.int64),
        np.maximum(in_units(takes, unit_milli[item]), 1),
        np.array([max((each.starts_on - as_of).days - 0.5, 0.0) for each in running]),
        np.array([np.inf if each.ends_on is None else (each.ends_on - as_of).days + 0.5 for each in running]),
        np.stack([law.reach for law in laws]),
        np.stack([law.pace_per_day for law in laws]),
    )


def _law(campaign: Campaign, as_of: date) -> Uptake:
    age = max((as_of - campaign.starts_on).days + 1, 0)
    edges = np.append(np.arange(0.0, age, _MONTH_DAYS), float(age)) if age else np.zeros(1)
    done = np.histogram(campaign.done_days, edges)[0] if age else np.zeros(0, dtype=np.int64)
    length = np.inf if campaign.ends_on is None else float((campaign.ends_on - campaign.starts_on).days + 1)
    return uptake(campaign.vehicles, done.astype(np.int64), edges, campaign.share, length)


def _concerned(table: pd.DataFrame, row: Mapping[Hashable, Any]) -> NDArray[np.bool_]:
    """Say which lines or appointments are for a campaign: its part, its store, and its model where they name one."""
    mine = (table["store"] == row["store"]) & (table["part_no"] == row["part_no"])
    is_its_own: NDArray[np.bool_] = (mine & table["model"].isin([row["model"], ""])).to_numpy(np.bool_)
    return is_its_own


def _by_store(snapshot: Snapshot) -> pd.DataFrame:
    """Return the campaigns, those that name no store divided over the stores in whole vehicles."""
    table = snapshot.campaigns
    everywhere = table[table["store"] == ""]
    if everywhere.empty:
        return table
    here = snapshot.vehicles[
        snapshot.vehicles["left_on"].isna() | (snapshot.vehicles["left_on"] > np.datetime64(snapshot.as_of))
    ]
    known = pd.concat([here.assign(vehicles=1), snapshot.vehicle_counts])
    driven = known.groupby(["model", "store"])["vehicles"].sum()
    rows = [table[table["store"] != ""]]
    for place in range(len(everywhere)):
        row = everywhere.iloc[[place]]
        model = row["model"].iloc[0]
        if model not in driven.index.get_level_values(0):
            continue  # nobody drives it here
        shares = driven.loc[model]
        parts = whole_shares(int(row["vehicles"].iloc[0]), shares.to_numpy(np.int64))
        rows += [
            row.assign(store=store, vehicles=count) for store, count in zip(shares.index, parts.tolist(), strict=True)
        ]
    return pd.concat(rows, ignore_index=True)


def whole_shares(whole: int, weight: Int64Array1D) -> Int64Array1D:
    """Divide a whole number by weights, by largest remainders; the parts add up to it.

    >>> whole_shares(10, np.array([1, 1, 1])).tolist()
    [4, 3, 3]
    """
    total = int(weight.sum())
    parts, rest = np.divmod(whole * weight, total)
    extra = np.argsort(-rest, kind="stable")[: whole - int(parts.sum())]
    parts[extra] += 1
    return parts.astype(np.int64)
