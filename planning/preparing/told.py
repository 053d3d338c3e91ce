"""What is told beforehand: appointments, reservations, recalls and campaigns, bulk orders that may come again.

Each becomes rows of `forecasting.streams` for an item, and what is told is taken from what is expected, once:

- an appointment for a service of a vehicle that is followed: vehicle by vehicle (`forecasting.appointments`);
- any other appointment, and what is held for a repair order: from the calls of its store, family and kind;
- an appointment with no line that is likely at all is cancelled; of several that a vehicle has for one part within
  `SAME_NEED_DAYS` one counts, for it was booked anew: that which something is held for, else the last;
- what is held for an appointment: it is the appointment's own demand, its stock set apart; nothing is counted twice;
- what is held for a special order: that was asked for already; its line stands in the history, its stock is set apart;
- a special order that waits: the same, and the stock position owes it (`position`); it is no demand to come, nor is
  the appointment at which that vehicle is given it;
- recalls and campaigns, appointments for them, and bulk orders never were in the history, so nothing is taken from it;
  an appointment for a recall is one of the recall's own vehicles.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demand.history import Int64Array1D
from forecasting.bulk import returns_per_day
from forecasting.forecast import Forecast
from forecasting.line_size import in_units
from forecasting.streams import PAIRS, Stream, Streams, joined, still_untold
from forecasting.watched import codes, finer
from inventory.snapshot import BACKORDER_DAYS, Snapshot
from inventory.supersession import Lineage, roll_forward
from planning.preparing.asked import ACTION_JOBS, SAME_NEED_DAYS, Asked
from planning.preparing.campaigns import campaign_streams, campaigns_of

_LONGEST_RETURN_DAYS = 730.0


@dataclass(frozen=True)
class Told:
    """Streams, and which of their rows are taken from the calls of their store and family.

    Parameters
    ----------
    streams
        Items are rows of the history.
    from_pool
        ``(n_rows,)``.
    """

    streams: Streams
    from_pool: NDArray[np.bool_]


def appointments_ahead(snapshot: Snapshot, of: Lineage) -> pd.DataFrame:
    """Return the appointments for days still ahead, in live numbers; quantities above zero."""
    table = snapshot.appointments[snapshot.appointments["due_on"] > np.datetime64(snapshot.as_of)]
    table = table[table.groupby("appointment_no")["confidence_ppm"].transform("max") > 0]
    table = table.sort_values(["due_on", "appointment_no", "part_no"], kind="stable")
    rolled = roll_forward(table, of, ["store"], ["quantity_milli"])
    rolled = rolled[rolled["quantity_milli"] > 0]
    held = snapshot.reservations.loc[snapshot.reservations["holder_kind"] == "appointment", "holder_no"]
    return rolled[~_booked_anew(rolled, held)].reset_index(drop=True)


def _booked_anew(table: pd.DataFrame, held: pd.Series) -> NDArray[np.bool_]:
    """Say which rows are of a vehicle that has booked the same part once more, at whichever store."""
    names = ["vin", "part_no", "appointment_no"]
    each = table.loc[table["vin"] != "", [*names, "due_on"]].drop_duplicates(names)
    each = each.assign(is_held=each["appointment_no"].isin(held)).sort_values(["vin", "part_no", "due_on"])
    one = each[["vin", "part_no"]]
    begins = (one != one.shift()).any(axis=1) | (each["due_on"].diff() > pd.Timedelta(days=SAME_NEED_DAYS))
    each = each.assign(need=begins.cumsum()).sort_values(["need", "is_held", "due_on", "appointment_no"])
    other = pd.MultiIndex.from_frame(each.loc[each["need"].duplicated(keep="last"), names])
    again: NDArray[np.bool_] = pd.MultiIndex.from_frame(table[names]).isin(other)
    return again


def told_of(
    snapshot: Snapshot,
    of: Lineage,
    asked: Asked,
    appointments: pd.DataFrame,
    is_netted: NDArray[np.bool_],
    items: pd.DataFrame,
    unit_milli: Int64Array1D,
    fitments: pd.DataFrame,
) -> Told:
    """Return all that is told beforehand of the items.

    Parameters
    ----------
    snapshot
        The books.
    of
        What old numbers have become.
    asked
        Its demand lines, sorted.
    appointments
        Those ahead, in live numbers.
    is_netted
        Which of them are netted vehicle by vehicle.
    items
        ``store, part_no``, sorted.
    unit_milli
        Demand unit of each item.
    fitments
        In live numbers.
    """
    index = pd.MultiIndex.from_frame(items)
    campaigns = campaigns_of(snapshot, of, asked.actions, appointments)
    held = _held(snapshot, of)
    apart = _set_apart(snapshot.as_of, appointments, held, asked.history)
    booked, booked_pool = _booked(snapshot.as_of, appointments, is_netted, apart, index, unit_milli)
    reserved, reserved_pool = _reserved(snapshot.as_of, held, appointments, index, unit_milli)
    actions = campaign_streams(campaigns, snapshot.as_of, index, unit_milli, fitments)
    bulk = _bulk_returns(snapshot.as_of, asked.bulk, index, unit_milli)
    streams = joined([booked, reserved, actions, bulk])
    alone = np.zeros(actions.row_count + bulk.row_count, dtype=np.bool_)
    return Told(streams, np.concatenate([booked_pool, reserved_pool, alone]))


def with_told(forecast: Forecast, told: Told, kind: tuple[str, ...]) -> Forecast:
    """Return the forecast with its streams beside it, and what they tell taken from it; `kind` names each item's."""
    if not told.streams.row_count:
        return forecast
    pools = [
        "\n".join((place, *name.split("/")[:2])) for place, name in zip(forecast.store, forecast.family, strict=True)
    ]
    pool = codes(pools)
    kinds = finer(pool, codes(kind))
    # Calls as usual as those expected: two pieces told are two calls where a call is one piece.
    units = told.streams.take(told.from_pool).units_by_period(forecast.item_count, forecast.period_ends)
    by_period = units / forecast.line_size.mean()[:, None]
    ahead = np.minimum(forecast.period_ends / forecast.axis.days(), 1.0)
    return replace(
        forecast, untold=still_untold(by_period, forecast.calls * ahead[None, :], pool, kinds), streams=told.streams
    )


def _days_ahead(days: pd.Series, as_of: date) -> NDArray[np.float64]:
    ahead: NDArray[np.float64] = (days.to_numpy("datetime64[D]") - np.datetime64(as_of)).astype(np.float64)
    return ahead


def _rows_of(table: pd.DataFrame, index: pd.MultiIndex) -> Int64Array1D:
    return index.get_indexer(pd.MultiIndex.from_frame(table[["store", "part_no"]])).astype(np.int64)


def _held(snapshot: Snapshot, of: Lineage) -> pd.DataFrame:
    """Return what is held for calls still to come, in live numbers; not what was asked for already."""
    table = snapshot.reservations
    asked = pd.MultiIndex.from_frame(snapshot.demand_lines[["store", "order_no", "part_no"]])
    keys = pd.MultiIndex.from_arrays([table["store"], table["holder_no"], table["part_no"]])
    is_asked = (table["holder_kind"] == "repair_order").to_numpy() & keys.isin(asked)
    rolled = roll_forward(table[~is_asked], of, ["store"], ["held_milli"])
    return rolled[rolled["held_milli"] > 0].reset_index(drop=True)


def _set_apart(as_of: date, appointments: pd.DataFrame, held: pd.DataFrame, lines: pd.DataFrame) -> Int64Array1D:
    """Return what of each appointment is no demand to come: held for it, or ordered for its vehicle; thousandths."""
    since = np.datetime64(as_of) - np.timedelta64(BACKORDER_DAYS, "D")
    special = (lines["outcome"] == "special_order") & (lines["vin"] != "") & (lines["opened_on"] > since)
    for_them, ordered = held[held["holder_kind"] == "appointment"], lines[special]
    wanted = appointments["quantity_milli"].tolist()
    for table, of, booked_by, amount in (
        (for_them, "holder_no", "appointment_no", "held_milli"),
        (ordered, "vin", "vin", "quantity_requested_milli"),
    ):
        sums = table.groupby([of, "store", "part_no"])[amount].sum()
        apart = {key: int(milli) for key, milli in sums.items()}
        keys = zip(appointments[booked_by], appointments["store"], appointments["part_no"], strict=True)
        for row, key in enumerate(keys):
            taken = min(apart.get(key, 0), wanted[row])
            if taken:
                apart[key] -= taken
                wanted[row] -= taken
    set_apart: Int64Array1D = appointments["quantity_milli"].to_numpy(np.int64) - np.array(wanted, dtype=np.int64)
    return set_apart


def _booked(
    as_of: date,
    appointments: pd.DataFrame,
    is_netted: NDArray[np.bool_],
    apart_milli: Int64Array1D,
    index: pd.MultiIndex,
    unit_milli: Int64Array1D,
) -> tuple[Streams, NDArray[np.bool_]]:
    """Return appointments as rows, less what is set apart of them, and which of them are taken from a pool."""
    item = _rows_of(appointments, index)
    quantity = appointments["quantity_milli"].to_numpy(np.int64) - apart_milli
    known = item >= 0
    unit = unit_milli[item[known]]
    units = np.where(quantity[known] > 0, np.maximum(in_units(quantity[known], unit), 1), 0)
    streams = Streams.on_days(
        item[known],
        Stream.BOOKED,
        appointments["appointment_no"].astype(str)[known].tolist(),
        units,
        np.maximum(_days_ahead(appointments["due_on"], as_of)[known], 1.0),
        appointments["confidence_ppm"].to_numpy(np.float64)[known] / 1e6,
    )
    is_action = appointments["job_type"].isin(ACTION_JOBS).to_numpy()
    return streams, (~is_netted & ~is_action)[known]


def _reserved(
    as_of: date, held: pd.DataFrame, appointments: pd.DataFrame, index: pd.MultiIndex, unit_milli: Int64Array1D
) -> tuple[Streams, NDArray[np.bool_]]:
    """Return what is held as rows; it comes on its appointment's day, and for a repair order tomorrow."""
    item = _rows_of(held, index)
    known = item >= 0
    for_appointment = (held["holder_kind"] == "appointment").to_numpy()
    days = _days_ahead(appointments["due_on"], as_of).tolist()
    sure = (appointments["confidence_ppm"] / 1e6).tolist()
    terms = {
        number: (day, share) for number, day, share in zip(appointments["appointment_no"], days, sure, strict=True)
    }
    own = [
        terms.get(number, (1.0, 1.0)) if is_for else (1.0, 1.0)
        for number, is_for in zip(held["holder_no"], for_appointment, strict=True)
    ]
    day, chance = np.array(own, dtype=np.float64).reshape(-1, 2).T
    units = np.maximum(in_units(held["held_milli"].to_numpy(np.int64)[known], unit_milli[item[known]]), 1)
    streams = Streams.on_days(
        item[known],
        Stream.RESERVED,
        held["reservation_no"].astype(str)[known].tolist(),
        units,
        np.maximum(day[known], 1.0),
        chance[known],
    )
    booked = pd.MultiIndex.from_frame(appointments[["appointment_no", "store", "part_no"]])
    its_own = pd.MultiIndex.from_frame(held[["holder_no", "store", "part_no"]]).isin(booked)
    return streams, ~(for_appointment & its_own)[known]


def _bulk_returns(as_of: date, bulk: pd.DataFrame, index: pd.MultiIndex, unit_milli: Int64Array1D) -> Streams:
    """Return the bulk orders seen so far, each of which may come again."""
    item = _rows_of(bulk, index)
    known = item >= 0
    item, lines = item[known], bulk[known]
    age = -_days_ahead(lines["opened_on"], as_of)
    pace = returns_per_day(item, age)
    units = np.maximum(in_units(lines["quantity_requested_milli"].to_numpy(np.int64), unit_milli[item]), 1)
    rows = item.size
    return Streams(
        item,
        (str(Stream.BULK),) * rows,
        tuple(lines["order_no"].astype(str)),
        np.ones(rows, dtype=np.int64),
        units,
        np.zeros(rows),
        np.full(rows, _LONGEST_RETURN_DAYS),
        np.ones((rows, PAIRS)),
        np.repeat(pace[:, None], PAIRS, axis=1),
    )
