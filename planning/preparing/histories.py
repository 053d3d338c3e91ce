"""Demand lines and a demand panel, laid out as one `DemandHistory` with the law of the size of a line.

For an item with lines, lines give quantity, calls and sizes; the panel, where it has the item too, gives availability.
An item that only a panel knows takes the panel's cells, and one demand unit a call, for a total tells no line.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demand.distribution import DemandLaw
from demand.history import DemandHistory, Float64Array1D, Float64Array2D, Int64Array1D, Observation
from demand.periods import PeriodAxis, PeriodKind
from forecasting.line_size import demand_units, in_units, line_size_law
from inventory.snapshot import Snapshot
from planning.preparing.panel import PanelCells

_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()

LINES_OF_AN_OPEN_STORE = 20.0
NO_LINE = 10**9
"""Ordinal of a period that never comes."""


@dataclass(frozen=True)
class CodedLines:
    """Demand lines by code: row of the item, period from the axis' start, thousandths asked for."""

    item: Int64Array1D
    column: Int64Array1D
    size_milli: Int64Array1D


def ordinals(days: pd.Series, kind: PeriodKind) -> Int64Array1D:
    """Return the ordinal of the period of each day, as `demand.periods.ordinal_of` does for one."""
    if kind is PeriodKind.MONTH:
        months: Int64Array1D = (days.dt.year * 12 + days.dt.month - 1).to_numpy(np.int64)
        return months
    weeks: Int64Array1D = (days.to_numpy("datetime64[D]").astype(np.int64) + _EPOCH_ORDINAL - 1) // 7
    return weeks


def month_ordinals(days: pd.Series) -> NDArray[np.float64]:
    """Return days as months with the share of the month gone, as `months_of` does; NaN where empty."""
    when = days.dt
    months: NDArray[np.float64] = (when.year * 12 + when.month - 1 + (when.day - 1) / when.days_in_month).to_numpy(
        np.float64
    )
    return months


def coded(names: pd.Series, catalogue: tuple[str, ...]) -> Int64Array1D:
    """Return the place of each name in a sorted catalogue, −1 where it is not in it."""
    return pd.Index(catalogue).get_indexer(pd.Index(names)).astype(np.int64)


def first_periods(lines: pd.DataFrame, stores: tuple[str, ...], kind: PeriodKind) -> Int64Array1D:
    """Return the ordinal of the period of each store's first line, `NO_LINE` where it has none, ``(n_stores,)``."""
    first = np.full(len(stores), NO_LINE, dtype=np.int64)
    store = coded(lines["store"], stores)
    np.minimum.at(first, store[store >= 0], ordinals(lines["opened_on"], kind)[store >= 0])
    return first


def lay_histories(
    snapshot: Snapshot,
    items: pd.DataFrame,
    lines: pd.DataFrame,
    cells: PanelCells,
    axis: PeriodAxis,
    launch: Int64Array1D,
    fitments: pd.DataFrame,
) -> tuple[DemandHistory, DemandLaw]:
    """Return the history of the items and the law of the size of a line, in the items' order.

    Parameters
    ----------
    snapshot
        For the first line of each store.
    items
        ``store, part_no``, sorted.
    lines
        Demand lines in live numbers that count as demand.
    cells
        The panel, laid out over the same axis.
    axis
        The periods known.
    launch
        First column in which each item could be asked for, ``(n_items,)``.
    fitments
        For what one vehicle takes.
    """
    index = pd.MultiIndex.from_frame(items)
    item = index.get_indexer(pd.MultiIndex.from_frame(lines[["store", "part_no"]])).astype(np.int64)
    asked = CodedLines(
        item,
        ordinals(lines["opened_on"], axis.kind) - axis.first,
        lines["quantity_requested_milli"].to_numpy(np.int64),
    )
    from_panel = index.get_indexer(pd.MultiIndex.from_arrays([cells.store, cells.part_no])).astype(np.int64)
    has_lines = np.bincount(item, minlength=len(items)) > 0
    panel_only = ~has_lines[from_panel]
    part_names, part = np.unique(items["part_no"].to_numpy(dtype=str), return_inverse=True)
    fitted = _fitted(fitments, part_names)
    panel_row, panel_column = np.nonzero(cells.quantity_milli)
    unit_of_part = demand_units(
        np.concatenate([part[item], part[from_panel[panel_row]]]),
        np.concatenate([asked.size_milli, cells.quantity_milli[panel_row, panel_column]]),
        fitted,
    )
    unit = unit_of_part[part]
    size = np.maximum(in_units(asked.size_milli, unit[item]), 1)
    inside = asked.column < axis.count
    quantity, calls = np.zeros((2, len(items), axis.count), dtype=np.int64)
    np.add.at(quantity, (item[inside], asked.column[inside]), size[inside])
    np.add.at(calls, (item[inside], asked.column[inside]), 1)
    alone = from_panel[panel_only]
    quantity[alone] = calls[alone] = in_units(cells.quantity_milli[panel_only], unit[alone][:, None])
    observation, availability = _seen(snapshot, items, axis, launch, calls)
    _laid_over(observation, availability, cells, from_panel, panel_only, calls)
    history = DemandHistory(
        tuple(items["part_no"]), tuple(items["store"]), axis, quantity, calls, availability, observation, unit
    )
    part_of_size = part.copy()
    part_of_size[alone] = part_names.size + np.arange(alone.size)
    fitted_units = np.maximum(in_units(fitted, unit_of_part), 1)
    law = line_size_law(item, size, part_of_size, np.concatenate([fitted_units, np.ones(alone.size, dtype=np.int64)]))
    return history, law


def availability_of_lines(lines: pd.DataFrame, cells: PanelCells, axis: PeriodAxis) -> Float64Array1D:
    """Return the share of its period in which the part of each line was to be had, above zero, ``(n_lines,)``.

    Parameters
    ----------
    lines
        Demand lines in live numbers.
    cells
        The panel, laid out over the axis; what it does not know, and what was sold all the same, counts as to be had.
    axis
        The periods known.
    """
    result = np.ones(len(lines))
    if not ((cells.availability > 0) & (cells.availability < 1)).any():
        return result
    index = pd.MultiIndex.from_arrays([cells.store, cells.part_no])
    row = index.get_indexer(pd.MultiIndex.from_frame(lines[["store", "part_no"]]))
    column = ordinals(lines["opened_on"], axis.kind) - axis.first
    known = (row >= 0) & (column < axis.count)
    share = cells.availability[row[known], column[known]]
    result[known] = np.where(share > 0, share, 1.0)
    return result


def _fitted(fitments: pd.DataFrame, part_names: NDArray[np.str_]) -> Int64Array1D:
    """Return what one vehicle takes of each part, in thousandths: the least over its fitments, 1,000 where none."""
    least = fitments.groupby("part_no")["quantity_per_vehicle_milli"].min()
    taken = pd.Series(part_names).map(least).fillna(1000).to_numpy(np.int64)
    fitted: Int64Array1D = np.maximum(taken, 1)
    return fitted


def _seen(
    snapshot: Snapshot, items: pd.DataFrame, axis: PeriodAxis, launch: Int64Array1D, calls: NDArray[np.int64]
) -> tuple[NDArray[np.uint8], Float64Array2D]:
    """Return what is known of each cell from the service history alone."""
    observation = np.full(calls.shape, Observation.SEEN, dtype=np.uint8)
    first_line = snapshot.demand_lines.groupby("store")["opened_on"].min()
    begins = pd.Series(ordinals(first_line, axis.kind) - axis.first, index=first_line.index)
    opened = items["store"].map(begins).fillna(axis.count).to_numpy(np.int64)
    column = np.arange(axis.count)[None, :]
    observation[_closed(items, calls, opened)] = Observation.CLOSED
    observation[column < opened[:, None]] = Observation.MISSING
    first_call = np.pad(calls > 0, ((0, 0), (0, 1)), constant_values=True).argmax(axis=1)
    observation[column < np.minimum(launch, first_call)[:, None]] = Observation.BEFORE_LAUNCH
    return observation, np.where(observation == Observation.SEEN, 1.0, 0.0)


def _closed(items: pd.DataFrame, calls: NDArray[np.int64], opened: Int64Array1D) -> NDArray[np.bool_]:
    """Say in which periods an item's store was closed: nobody asked for anything, where usually many do.

    With `LINES_OF_AN_OPEN_STORE` lines in its middle period, a period without one is no chance.
    """
    store, code = np.unique(items["store"].to_numpy(dtype=str), return_inverse=True)
    lines = np.zeros((store.size, calls.shape[1]))
    np.add.at(lines, code.reshape(-1), calls)
    since = np.zeros(store.size, dtype=np.int64)
    since[code.reshape(-1)] = opened
    return shut(lines, since)[code.reshape(-1)]


def shut(lines: NDArray[np.float64], opened: Int64Array1D) -> NDArray[np.bool_]:
    """Say in which periods each store was closed though its books had begun, ``(n_stores, n_periods)``.

    Parameters
    ----------
    lines
        Asked for at each store in each period, same shape.
    opened
        Period of each store's first line, ``(n_stores,)``.
    """
    known = np.arange(lines.shape[1])[None, :] >= opened[:, None]
    usual = np.array([np.median(row[seen]) if seen.any() else 0.0 for row, seen in zip(lines, known, strict=True)])
    return np.asarray(known & (lines == 0) & (usual >= LINES_OF_AN_OPEN_STORE)[:, None], dtype=np.bool_)


def _laid_over(
    observation: NDArray[np.uint8],
    availability: Float64Array2D,
    cells: PanelCells,
    from_panel: Int64Array1D,
    panel_only: NDArray[np.bool_],
    calls: NDArray[np.int64],
) -> None:
    """Lay the panel's knowledge over the service history's, in place."""
    alone, both = from_panel[panel_only], from_panel[~panel_only]
    observation[alone], availability[alone] = cells.observation[panel_only], cells.availability[panel_only]
    code, share = cells.observation[~panel_only], cells.availability[~panel_only]
    hidden = (code == Observation.OUT_OF_STOCK) & (calls[both] == 0)
    known = (observation[both] == Observation.SEEN) & (code == Observation.SEEN)
    availability[both] = np.where(known, share, availability[both])
    observation[both] = np.where(hidden, Observation.OUT_OF_STOCK, observation[both])
    availability[both] = np.where(hidden, 0.0, availability[both])
