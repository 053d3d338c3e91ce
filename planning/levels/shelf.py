"""`Shelf`: what the choice of what to stock asks of the books: is a part there, was it asked for, does it end.

*On the shelf* is a part of which something lies free or is on order beyond what customers wait for, or which the shelf
has served within the last `SERVED_DAYS` days: a part sold out for a week has not left it.

*Requests* are demand lines that were not cancelled, recalls and campaigns left out, under the number that is live
today; where an item has no lines at all, the periods of its bare demand panel in which something was asked for.

*Ends*: a number that another one replaces from a day to come, so that what is left of it is not used any more; and a
part whose supplier takes no order after a day (`supplied_until`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demand.history import Float64Array1D, Int64Array1D
from demand.periods import first_day_of, parse_label
from inventory.snapshot import Snapshot
from inventory.supersession import Lineage, lineage, roll_forward
from planning.orders.position import Items
from planning.preparing.asked import ACTION_JOBS
from planning.settings import Settings

SERVED_DAYS = 92
_USABLE_AFTER = frozenset({"use_up_first", "either_way"})


@dataclass(frozen=True)
class Shelf:
    """Columns ``(n_items,)`` each; days count from the day of the plan.

    Parameters
    ----------
    is_on_shelf
        True where the part is on the shelf today.
    requests_in, requests_out
        Requests within the months of the rule for coming onto the shelf, and for leaving it.
    is_returnable
        True where the maker takes the part back.
    shelf_life_days
        Infinite where the part keeps.
    use_days, supply_days
        Days until its stock is not used any more, and until the last day on which it can be ordered; infinite without
        an end, below zero where the day is past.
    """

    is_on_shelf: NDArray[np.bool_]
    requests_in: Int64Array1D
    requests_out: Int64Array1D
    is_returnable: NDArray[np.bool_]
    shelf_life_days: Float64Array1D
    use_days: Float64Array1D
    supply_days: Float64Array1D


def shelf_of(snapshot: Snapshot, items: Items, settings: Settings) -> Shelf:
    """Return what the books say of each item."""
    index = pd.MultiIndex.from_arrays([list(items.store), list(items.part_no)], names=["store", "part_no"])
    own = [settings.of_store(store) for store in items.store]
    months_in = np.array([each.phase_in_months for each in own], dtype=np.int64)
    months_out = np.array([each.phase_out_months for each in own], dtype=np.int64)
    longest = int(max(months_in.max(initial=0), months_out.max(initial=0), SERVED_DAYS // 28))
    of = lineage(snapshot.supersessions, snapshot.as_of)
    requests = _requests_since(snapshot, of, months_before(snapshot.as_of, longest))
    item = _item_of(requests, index)
    free = items.on_hand_milli - items.reserved_milli
    coming = items.on_order_milli - items.backorder_milli
    parts = snapshot.parts.set_index("part_no").reindex(list(items.part_no))
    days = parts["supplied_until"].to_numpy("datetime64[D]")
    return Shelf(
        (free > 0) | (coming > 0) | _served(requests, item, items.count, snapshot.as_of),
        _count(requests, item, months_in, snapshot.as_of),
        _count(requests, item, months_out, snapshot.as_of),
        (parts["returnable"] == "yes").to_numpy(dtype=np.bool_),
        _days(parts["shelf_life_days"]),
        _use_days(snapshot, items.part_no),
        np.where(np.isnat(days), np.inf, (days - np.datetime64(snapshot.as_of)).astype(np.float64)),
    )


def months_before(day: date, months: int) -> date:
    """Return the same day of an earlier month, or that month's last.

    >>> months_before(date(2026, 3, 31), 1)
    datetime.date(2026, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))


def _requests_since(snapshot: Snapshot, of: Lineage, day: date) -> pd.DataFrame:
    """Return the requests after a day in live numbers: ``store, part_no, opened_on`` and whether the shelf served."""
    table = snapshot.demand_lines
    recent = (table["opened_on"] > pd.Timestamp(day)) & (table["opened_on"] <= pd.Timestamp(snapshot.as_of))
    counts = recent & (table["outcome"] != "cancelled") & ~table["job_type"].isin(ACTION_JOBS)
    lines = table.loc[counts, ["store", "part_no", "opened_on"]].assign(
        is_served=(table["outcome"] == "shelf") & (table["quantity_supplied_milli"] > 0)
    )
    tables = [lines, _panel_periods(snapshot)]
    return roll_forward(pd.concat([each for each in tables if len(each)] or tables[:1]), of, ["store"], [])


def _panel_periods(snapshot: Snapshot) -> pd.DataFrame:
    """Return the periods in which something was asked for, by their first day, of items that have a panel alone."""
    panel = snapshot.demand_panel[snapshot.demand_panel["quantity_milli"] > 0]
    if not len(panel):
        return pd.DataFrame()
    stores = (set(snapshot.positions["store"]) | set(snapshot.demand_lines["store"])) - {""}
    if len(stores) == 1:
        panel = panel.assign(store=panel["store"].replace("", next(iter(stores))))
    lines = pd.MultiIndex.from_frame(snapshot.demand_lines[["store", "part_no"]].drop_duplicates())
    panel = panel[~pd.MultiIndex.from_frame(panel[["store", "part_no"]]).isin(lines)]
    codes, labels = pd.factorize(panel["period"])
    days = np.array([first_day_of(*parse_label(str(label))) for label in labels], dtype="datetime64[us]")
    return panel[["store", "part_no"]].assign(opened_on=days[codes], is_served=False)


def _item_of(rows: pd.DataFrame, index: pd.MultiIndex) -> Int64Array1D:
    """Return the item of each row, -1 where it is none of them."""
    found: Int64Array1D = index.get_indexer(pd.MultiIndex.from_frame(rows[["store", "part_no"]])).astype(np.int64)
    return found


def _count(rows: pd.DataFrame, item: Int64Array1D, months: Int64Array1D, as_of: date) -> Int64Array1D:
    """Return the requests of each item within its own months."""
    since = {each: np.datetime64(months_before(as_of, each)) for each in np.unique(months).tolist()}
    after = np.array([since[each] for each in months.tolist()], dtype="datetime64[D]")
    counts = (item >= 0) & (rows["opened_on"].to_numpy("datetime64[D]") > after[item])
    return np.bincount(item[counts], minlength=months.size).astype(np.int64)


def _served(rows: pd.DataFrame, item: Int64Array1D, count: int, as_of: date) -> NDArray[np.bool_]:
    """Say which items the shelf has served of late."""
    recent = (rows["opened_on"] > pd.Timestamp(as_of - timedelta(days=SERVED_DAYS))) & rows["is_served"]
    found = np.zeros(count, dtype=np.bool_)
    found[item[recent.to_numpy(dtype=np.bool_) & (item >= 0)]] = True
    return found


def _use_days(snapshot: Snapshot, part_no: tuple[str, ...]) -> Float64Array1D:
    """Return the days until a number's stock is not used any more: the first replacement to come that leaves none."""
    table = snapshot.supersessions
    ahead = table[(table["effective_on"] > pd.Timestamp(snapshot.as_of)) & ~table["kind"].isin(_USABLE_AFTER)]
    first = ahead.groupby("part_no")["effective_on"].min()
    days = (first - pd.Timestamp(snapshot.as_of)).dt.days
    return _days(days.reindex(list(part_no)))


def _days(days: pd.Series) -> Float64Array1D:
    """Return days as numbers, infinite where there are none."""
    numbers: Float64Array1D = np.asarray(days.astype("float64").fillna(np.inf), dtype=np.float64)
    return numbers
