"""The lines of surplus: what lies free beyond its level under each number, and in which terms it is judged.

A number whose stock counts as stock of the one that replaced it is used up first, so of a live number's surplus its own
stock is listed first. Stock of a number that may not be used any more is surplus altogether.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import pandas as pd

from demand.history import Float64Array1D, Int64Array1D
from forecasting.forecast import Forecast
from inventory.snapshot import Snapshot
from inventory.supersession import Lineage, lineage
from optimisation.surplus import Idle, Ways
from planning.lines import Workings
from planning.orders.transfers import demand_per_year, idle_of, spare_milli
from planning.settings import Settings
from planning.surplus.chances import MILLION

_PIECE_MILLI = 1000


class _Place(NamedTuple):
    """Surplus under one number: row of its item, or -1 where it has none, thousandths, and the content of a unit."""

    store: str
    part_no: str
    item: int
    surplus_milli: int
    size_milli: int


def surplus_lines(workings: Workings, snapshot: Snapshot, stock: pd.DataFrame) -> pd.DataFrame:
    """Return the surplus by store and part number.

    Parameters
    ----------
    stock
        What lies on the shelf, by store and part: a row of each is taken over.

    Returns
    -------
    DataFrame
        The columns of `stock`, and ``item, size_milli, units`` (whole units of that content, one or more).
    """
    places = pd.DataFrame(list(_places(workings, snapshot)), columns=list(_Place._fields))
    lines = places.astype({"store": "str", "part_no": "str"}).merge(stock, on=["store", "part_no"])
    lines = lines.assign(units=lines["surplus_milli"] // lines["size_milli"])
    return lines[lines["units"] > 0].sort_values(["store", "part_no"], ignore_index=True)


def _places(workings: Workings, snapshot: Snapshot) -> Iterator[_Place]:
    items, of = workings.items, lineage(snapshot.supersessions, snapshot.as_of)
    held = snapshot.positions
    pairs = zip(held["store"].astype(str), held["part_no"].astype(str), strict=True)
    free = dict(zip(pairs, (held["on_hand_milli"] - held["reserved_milli"]).tolist(), strict=True))
    old_of: dict[tuple[str, str], list[str]] = {}
    for store, part_no in sorted(free):
        if not of.is_live(part_no):
            live = _used_up_as(of, part_no)
            if live is None:
                yield _Place(store, part_no, -1, free[store, part_no], _PIECE_MILLI)
            elif live:
                old_of.setdefault((store, live), []).append(part_no)
    spare = spare_milli(items, workings.targets)
    for item in np.flatnonzero(spare > 0).tolist():
        store, left, size = items.store[item], int(spare[item]), int(items.unit_milli[item])
        for part_no in (items.part_no[item], *old_of.get((store, items.part_no[item]), [])):
            here = min(left, max(free.get((store, part_no), 0), 0))
            left -= here
            yield _Place(store, part_no, item, here, size)


def _used_up_as(of: Lineage, part_no: str) -> str | None:
    """Return the number as which old stock is used one for one; empty where used otherwise, None where not at all."""
    successors = of.live(part_no)
    if not all(successor.counts_as_stock for successor in successors):
        return None
    return successors[0].part_no if len(successors) == 1 and successors[0].factor == 1 else ""


def idle_lines(lines: pd.DataFrame, workings: Workings, forecast: Forecast, settings: Settings) -> Idle:
    """Return the lines in the terms of what keeping them is worth."""
    item, units = (lines[name].to_numpy(np.int64) for name in ("item", "units"))
    alive = 1 - lines["never_again_ppm"].to_numpy(np.float64) / MILLION
    scale = lines["size_milli"].to_numpy(np.float64)
    count = workings.items.count
    of_items = idle_of(
        workings.targets,
        settings,
        np.zeros(count, dtype=np.int64),
        np.ones(count),
        demand_per_year(workings.items, forecast),
        np.ones(count),
    )

    def column(name: str) -> Float64Array1D:
        values: Float64Array1D = np.append(getattr(of_items, name), 0.0)[item]
        return values

    cost = lines["unit_cost_e4"].to_numpy(np.float64) * scale / 1000
    own = [settings.of_store(store) for store in lines["store"]]
    rate = np.array(
        [each.holding_cost_rate_per_year if each.price_of_money is None else each.price_of_money for each in own]
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        per_year = np.where(column("units_per_year") > 0, column("units_per_year") / alive, 0.0)
    return Idle(
        units,
        np.where(item >= 0, column("cost_e4"), cost),
        column("lacking_e4"),
        np.where(item >= 0, column("holding_per_year_e4"), cost * rate),
        per_year,
        alive,
        np.full(units.size, settings.surplus.give_up_days / 365),
    )


def in_window_milli(layers: pd.DataFrame, lines: pd.DataFrame, as_of: date, settings: Settings) -> Int64Array1D:
    """Return what of each line came in within the window of its supplier; nothing where the part does not go back."""
    days = np.array([settings.surplus.terms(supplier).window_days for supplier in lines["supplier"]])
    lines = lines.assign(row=np.arange(len(lines)), window=days)
    each = layers.merge(lines[["store", "part_no", "row", "window"]], on=["store", "part_no"])
    age = (pd.Timestamp(as_of) - each["received_on"]).dt.days
    found = np.zeros(len(lines), dtype=np.int64)
    counts = each[age < each["window"]]
    np.add.at(found, counts["row"].to_numpy(np.int64), counts["quantity_milli"].to_numpy(np.int64))
    found[(lines["returnable"] == "no").to_numpy()] = 0
    return found


def window_closes(layers: pd.DataFrame, quantity_milli: int, window_days: int) -> date:
    """Return the day on which less than a quantity is left that may go back.

    Parameters
    ----------
    layers
        ``received_on, quantity_milli`` of one part, the newest last.

    Raises
    ------
    ValueError
        If less came in than is to go back.
    """
    newest_first = layers.iloc[::-1]
    reached = np.flatnonzero(newest_first["quantity_milli"].cumsum().to_numpy() >= quantity_milli)
    if not reached.size:
        raise ValueError("no more goes back than came in")
    received_on: date = newest_first["received_on"].iloc[reached[0]].date()
    return received_on + timedelta(days=window_days)


def ways_of(lines: pd.DataFrame, idle: Idle, within_milli: Int64Array1D, settings: Settings) -> Ways:
    """Return where each line can go, the quota not yet asked for."""
    chosen = settings.surplus
    fee = np.array([chosen.terms(supplier).fee_share for supplier in lines["supplier"]])
    return Ways(
        np.floor(idle.cost_e4 * (1 - fee)).astype(np.int64),
        within_milli // lines["size_milli"].to_numpy(np.int64),
        np.floor(idle.cost_e4 * chosen.discount_share).astype(np.int64),
        np.full(len(lines), chosen.line_cost_e4),
    )
