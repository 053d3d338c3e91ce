"""`Items`: what is planned, and where each stands: on hand, on order, reserved, asked for and not yet supplied.

    position = on hand − reserved + on order − backorders (+ what comes from another store instead of being bought)

A row is one live part number at one store. What is held or on order under a superseded number counts for the number
that replaced it, if its supersession lets it be used up; who waits for the old number waits for the new one in any
case. An item is planned if it is forecast, or if something of it lies somewhere, is under way or is waited for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demand.history import Int64Array1D
from forecasting.forecast import Forecast
from inventory.snapshot import Snapshot
from inventory.supersession import lineage, roll_forward

_QUANTITIES = ("on_hand_milli", "reserved_milli", "on_order_milli", "backorder_milli")


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
    """Return the stock positions in live part numbers: ``store, part_no`` and the four quantities, one row each."""
    held = snapshot.positions[["store", "part_no", *_QUANTITIES]]
    of = lineage(snapshot.supersessions, snapshot.as_of)
    rows = roll_forward(held, of, ["store"], _QUANTITIES)
    usable = np.array(
        [
            asked == live or any(s.counts_as_stock for s in of.live(str(asked)) if s.part_no == live)
            for asked, live in zip(rows["asked_part_no"], rows["part_no"], strict=True)
        ],
        dtype=np.bool_,
    )
    rows.loc[~usable, ["on_hand_milli", "reserved_milli", "on_order_milli"]] = 0
    return rows.groupby(["store", "part_no"], as_index=False, sort=True)[list(_QUANTITIES)].sum()


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
        whole("on_hand_milli", 0),
        whole("reserved_milli", 0),
        whole("on_order_milli", 0),
        whole("backorder_milli", 0),
        np.zeros(len(rows), dtype=np.int64),
    )
