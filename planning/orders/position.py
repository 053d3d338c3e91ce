"""`Items`: what is planned, and where each stands: on hand, on order, reserved, asked for and not yet supplied.

    position = on hand − reserved + on order − backorders (+ what comes from another store instead of being bought)

On order is all that comes without being ordered again: what is open of purchase orders, what is approved and not yet
sent, what another store has sent. A draft does not count: the plan that is made now takes its place.

A row is one live part number at one store. What is held or on order under a superseded number counts for the number
that replaced it, if its supersession lets it be used up; who waits for the old number waits for the new one in any
case. An item is planned if it is forecast, or if something of it lies somewhere, is under way or is waited for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demand.history import Int64Array1D, Int64Array2D
from forecasting.forecast import Forecast
from inventory.snapshot import Snapshot
from inventory.supersession import lineage, roll_forward

_QUANTITIES = ("on_hand_milli", "reserved_milli", "on_order_milli", "backorder_milli")
_OF_ON_ORDER = {"approved": "approved_milli", "transfer": "transit_milli"}
"""Kind of what is under way without a purchase order, and the column that counts it."""


@dataclass(frozen=True)
class Items:
    """Parts at stores, sorted by store and part number; quantities in thousandths of the stock unit, ``(n_items,)``.

    Parameters
    ----------
    store, part_no, supplier
        Names; the supplier is empty where the part is not in the catalogue.
    forecast_row
        Row of the item in the forecast; -1 where it is not forecast.
    unit_milli, pack_milli, least_milli
        Content of a demand unit and of a pack, and the least order quantity.
    unit_cost_e4, list_price_e4
        Catalogue cost and price of one stock unit; the price is the cost where it is not known.
    is_vital
        True where a car stands still without the part.
    on_hand_milli, reserved_milli, on_order_milli, backorder_milli
        The stock position's parts.
    approved_milli, transit_milli
        What of the quantity on order is approved and not yet sent, and what another store has sent.
    transfer_milli
        What is to come from other stores, less what is to go there (see `transfers`); nothing before that is decided.
    """

    store: tuple[str, ...]
    part_no: tuple[str, ...]
    supplier: tuple[str, ...]
    forecast_row: Int64Array1D
    unit_milli: Int64Array1D
    pack_milli: Int64Array1D
    least_milli: Int64Array1D
    unit_cost_e4: Int64Array1D
    list_price_e4: Int64Array1D
    is_vital: NDArray[np.bool_]
    on_hand_milli: Int64Array1D
    reserved_milli: Int64Array1D
    on_order_milli: Int64Array1D
    backorder_milli: Int64Array1D
    approved_milli: Int64Array1D
    transit_milli: Int64Array1D
    transfer_milli: Int64Array1D

    @property
    def count(self) -> int:
        """Number of items."""
        return len(self.part_no)

    @property
    def position_milli(self) -> Int64Array1D:
        """On hand − reserved + on order − backorders, with what is to come from other stores."""
        told = self.on_hand_milli - self.reserved_milli + self.on_order_milli - self.backorder_milli
        return told + self.transfer_milli


def live_positions(snapshot: Snapshot) -> pd.DataFrame:
    """Return the stock positions in live part numbers: ``store, part_no`` and the quantities of `Items`, a row each."""
    names = [*_QUANTITIES, *_OF_ON_ORDER.values()]
    coming = snapshot.under_way
    counted = coming[["store", "part_no"]].assign(
        **{column: coming["open_milli"].where(coming["kind"] == kind, 0) for kind, column in _OF_ON_ORDER.items()}
    )
    under_way = counted.groupby(["store", "part_no"], as_index=False)[list(_OF_ON_ORDER.values())].sum()
    held = snapshot.positions[["store", "part_no", *_QUANTITIES]].merge(under_way, on=["store", "part_no"], how="left")
    held[names] = held[names].fillna(0).astype(np.int64)
    return _in_live_numbers(snapshot, held, names)


def _in_live_numbers(snapshot: Snapshot, rows: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Return quantities by store and live part number; what may not be used up counts for nobody, who waits does."""
    of = lineage(snapshot.supersessions, snapshot.as_of)
    rolled = roll_forward(rows, of, ["store"], names)
    usable = np.array(
        [
            asked == live or any(s.counts_as_stock for s in of.live(str(asked)) if s.part_no == live)
            for asked, live in zip(rolled["asked_part_no"], rolled["part_no"], strict=True)
        ],
        dtype=np.bool_,
    )
    rolled.loc[~usable, [name for name in names if name != "backorder_milli"]] = 0
    return rolled.groupby(["store", "part_no"], as_index=False, sort=True)[list(names)].sum()


def late_milli(snapshot: Snapshot, items: Items, regular_on: Sequence[date | None]) -> Int64Array1D:
    """Return what is approved of each item and comes no sooner than a regular order that is placed now.

    Parameters
    ----------
    regular_on
        When the next regular order of each item is expected; None where there is none.
    """
    rows = snapshot.under_way
    approved = rows[(rows["kind"] == "approved") & (rows["open_milli"] > 0)]
    late = np.zeros(items.count, dtype=np.int64)
    if approved.empty:
        return late
    place = {pair: at for at, pair in enumerate(zip(items.store, items.part_no, strict=True))}
    for day, coming in approved.groupby("expected_on"):
        live = _in_live_numbers(snapshot, coming[["store", "part_no", "open_milli"]], ["open_milli"])
        for store, part_no, quantity in zip(live["store"], live["part_no"], live["open_milli"], strict=True):
            at = place[(str(store), str(part_no))]
            next_one = regular_on[at]
            if next_one is not None and pd.Timestamp(str(day)).date() >= next_one:
                late[at] += int(quantity)
    return late


def due_milli(snapshot: Snapshot, items: Items, period_days: float, periods: int) -> Int64Array2D:
    """Return what is on order of each item by the period at whose beginning it is expected, ``(n_items, periods)``.

    Parameters
    ----------
    period_days
        Days of a period; the first begins on the day of the snapshot, and a day counts for the nearest beginning.
    periods
        One or more; what is expected later, or whose day is not known, stands in the last.
    """
    columns = ["store", "part_no", "open_milli", "expected_on"]
    rows = pd.concat([snapshot.open_orders[columns], snapshot.under_way[columns]])
    days = (rows["expected_on"].astype("datetime64[us]") - pd.Timestamp(snapshot.as_of)).dt.days
    period = np.clip(np.round(days.fillna(np.inf).to_numpy(np.float64) / period_days), 0, periods - 1)
    due = np.zeros((items.count, periods), dtype=np.int64)
    place = pd.MultiIndex.from_arrays([list(items.store), list(items.part_no)])
    for column in np.unique(period).astype(np.int64).tolist():
        live = _in_live_numbers(snapshot, rows.loc[period == column, columns[:3]], ["open_milli"])
        at = place.get_indexer(pd.MultiIndex.from_frame(live[["store", "part_no"]]))
        due[at[at >= 0], column] += live["open_milli"].to_numpy(np.int64)[at >= 0]
    return due


def items_of(snapshot: Snapshot, forecast: Forecast) -> Items:
    """Return what is planned and where it stands."""
    forecast_rows = pd.DataFrame(
        {
            "store": pd.Series(forecast.store, dtype="str"),
            "part_no": pd.Series(forecast.part_no, dtype="str"),
            "forecast_row": np.arange(len(forecast.part_no)),
            "unit_milli": forecast.unit_milli,
        }
    )
    rows = forecast_rows.merge(live_positions(snapshot), on=["store", "part_no"], how="outer")
    rows = rows.merge(snapshot.parts, on="part_no", how="left").sort_values(["store", "part_no"], kind="stable")

    def whole(name: str, empty: int) -> Int64Array1D:
        return rows[name].fillna(empty).to_numpy(dtype=np.int64)

    return Items(
        tuple(rows["store"].astype(str)),
        tuple(rows["part_no"].astype(str)),
        tuple(rows["supplier"].fillna("").astype(str)),
        whole("forecast_row", -1),
        whole("unit_milli", 1000),
        np.maximum(whole("pack_size_milli", 1000), 1),
        whole("moq_milli", 0),
        whole("unit_cost_e4", 0),
        np.maximum(whole("list_price_e4", 0), whole("unit_cost_e4", 0)),
        (rows["criticality"].fillna("") == "vital").to_numpy(dtype=np.bool_),
        **{name: whole(name, 0) for name in (*_QUANTITIES, *_OF_ON_ORDER.values())},
        transfer_milli=np.zeros(len(rows), dtype=np.int64),
    )
