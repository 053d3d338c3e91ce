"""A bare demand table becomes histories: who asked what in which period, and which periods were never written down.

A table may leave rows out for two reasons, and it shows which. If it has a zero anywhere of a part that could be had,
somebody wrote zeros down, so a period of a part that is left out was not recorded: it is *missing*. If it has none,
only sales were written and what is left out is a true zero. Before a part's first row it was not on sale. Share
available 0 hides demand, so the zero beside it tells of the shelf and shows nothing about other rows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demand.distribution import DemandLaw
from demand.history import DemandHistory, Float64Array1D, Float64Array2D, Int64Array1D, Int64Array2D, Observation
from demand.periods import PeriodAxis, PeriodKind, first_day_of, parse_label
from forecasting.breaks import break_factors
from forecasting.filters import Habits
from forecasting.forecast import Exposure, Forecast, ForecastSettings, forecast
from forecasting.heads.heard import STRETCHES, heard
from forecasting.heads.pooled import PooledHeads
from forecasting.line_size import demand_units, in_units, no_finer, single_pieces
from forecasting.months_of_year import MOST_ITEMS, YEAR, month_factors
from forecasting.moving_weeks import year_ago
from forecasting.own_level import exposure_then, towards_own_level
from forecasting.weeks_of_year import week_factors

FIRST_YEAR, LAST_YEAR = 1900, 2099
"""Years of which a demand table may have periods."""
PERIODS_PROVING_A_PACK = 6
"""Periods with demand from which on a number that divides them all is taken for the part's pack."""
MONTHS_A_WEEK = 12 / 52.18
_LUMP_SIZES = (1.2, 1.6, 2.2, 3.0, 5.0, 9.0)


@dataclass(frozen=True)
class PanelCells:
    """A demand table laid out: rows are items, columns periods.

    Parameters
    ----------
    part_no, store
        Names of the rows, sorted by store and part number.
    quantity_milli
        Thousandths of the stock unit, ``(n_items, n_periods)``.
    availability
        Share of the period, same shape; 0 where nothing was seen.
    observation
        `Observation` codes, same shape.
    """

    part_no: tuple[str, ...]
    store: tuple[str, ...]
    quantity_milli: Int64Array2D
    availability: Float64Array2D
    observation: NDArray[np.uint8]


def periods_of(labels: pd.Series, kind: PeriodKind | None = None) -> tuple[Int64Array1D, PeriodKind]:
    """Return ordinals and kind of written periods; weeks are counted into months where months are asked for.

    Raises
    ------
    ValueError
        If a label is no period, or months are to be counted as weeks, or months and weeks are mixed.
    """
    codes, names = pd.factorize(labels)
    parsed = [parse_label(str(name)) for name in names]
    kinds = {found for _, found in parsed}
    if len(kinds) > 1:
        raise ValueError("all periods of a demand table are months (YYYY-MM), or all are weeks (the Monday's date)")
    own = kinds.pop() if kinds else kind or PeriodKind.MONTH
    target = kind or own
    if target is PeriodKind.WEEK and own is PeriodKind.MONTH:
        raise ValueError("a monthly demand table is planned by months: set period to month")
    if target is not own:
        parsed = [parse_label(str(name)[:7]) for name in names]
    ordinals = np.array([ordinal for ordinal, _ in parsed], dtype=np.int64)
    return ordinals[codes] if ordinals.size else np.zeros(0, dtype=np.int64), target


def lay_out(table: pd.DataFrame, ordinal: Int64Array1D, axis: PeriodAxis) -> PanelCells:
    """Lay a demand table out over an axis; rows outside it are left out.

    Parameters
    ----------
    table
        Columns ``part_no, store, quantity_milli, available_ppm``.
    ordinal
        Period of each row.
    axis
        The periods wanted.
    """
    names = table[["store", "part_no"]].drop_duplicates().sort_values(["store", "part_no"])
    index = pd.MultiIndex.from_frame(names)
    item = index.get_indexer(pd.MultiIndex.from_frame(table[["store", "part_no"]]))
    has_zeros = bool(((table["quantity_milli"] == 0) & (table["available_ppm"] > 0)).any())
    shape = (len(names), axis.count)
    first = np.full(shape[0], np.iinfo(np.int64).max)
    np.minimum.at(first, item, ordinal)
    inside = (ordinal >= axis.first) & (ordinal < axis.first + axis.count)
    cell = (item[inside], ordinal[inside] - axis.first)
    quantity = np.zeros(shape, dtype=np.int64)
    np.add.at(quantity, cell, table["quantity_milli"].to_numpy(np.int64)[inside])
    rows = np.zeros(shape)
    np.add.at(rows, cell, 1.0)
    share = np.zeros(shape)
    np.add.at(share, cell, table["available_ppm"].to_numpy(np.float64)[inside] / 1e6)
    availability = np.where(rows > 0, share / np.maximum(rows, 1), 1.0)
    observation = np.full(shape, Observation.SEEN, dtype=np.uint8)
    if has_zeros:
        observation[rows == 0] = Observation.MISSING
    observation[(availability == 0) & (quantity == 0)] = Observation.OUT_OF_STOCK
    observation[axis.first + np.arange(axis.count)[None, :] < first[:, None]] = Observation.BEFORE_LAUNCH
    hidden = observation != Observation.SEEN
    # A sale in a period of share 0 is proof that the part could be had; for how long is not known.
    availability[(availability == 0) & (quantity > 0)] = 1.0
    quantity[hidden], availability[hidden] = 0, 0.0
    return PanelCells(
        tuple(names["part_no"]), tuple(names["store"]), quantity, np.clip(availability, 0, 1), observation
    )


def forecast_series(table: pd.DataFrame, settings: ForecastSettings, origin: str | None = None) -> Forecast:
    """Forecast a bare demand table by the filter alone: what is known of each item's rate.

    Parameters
    ----------
    table
        Columns ``part_no, store, period, quantity_milli, available_ppm``; rows in any order.
    settings
        The horizon and the pooling.
    origin
        Label of the last period known; later rows are ignored. The table's last period where not given.

    Raises
    ------
    ValueError
        If a period is written otherwise than ``YYYY-MM`` or as a Monday, or the table is empty.
    """
    return forecast_panel(series_history(table, origin), settings)


def heads_of_series(table: pd.DataFrame, settings: ForecastSettings, origin: str | None = None) -> PooledHeads:
    """Return filter and pooled heads of a bare demand table; arguments as for `forecast_series`."""
    return PooledHeads.of(series_history(table, origin), lambda known, habits: forecast_panel(known, settings, habits))


def series_history(
    table: pd.DataFrame, origin: str | None = None, counted_in: PeriodKind | None = None
) -> DemandHistory:
    """Return the history of a bare demand table up to the origin.

    Parameters
    ----------
    table, origin
        As for `forecast_series`.
    counted_in
        Weeks are counted into months where months are wanted, and months that the table does not hold whole are left
        out; as the table is written where None.

    Raises
    ------
    ValueError
        As `periods_of` and `forecast_series` do.
    """
    ordinal, kind = periods_of(table["period"], counted_in)
    if not ordinal.size:
        raise ValueError("a demand table holds a row or more")
    first, last = _whole(table["period"], ordinal, kind)
    last = _origin(origin, kind) if origin else last
    known = (first <= ordinal) & (ordinal <= last)
    axis = PeriodAxis(kind, first, max(0, last - first + 1))
    return panel_history(lay_out(table[known], ordinal[known], axis), axis)


def _origin(label: str, kind: PeriodKind) -> int:
    """Return the ordinal of the last period known, which is a period like those of the table."""
    ordinal, own = parse_label(label)
    if own is not kind:
        raise ValueError(f"the origin is a {kind.value} like the periods of the table; {label} is a {own.value}")
    if not FIRST_YEAR <= first_day_of(ordinal, kind).year <= LAST_YEAR:
        raise ValueError(f"the origin lies in the years that a table may have, {FIRST_YEAR} to {LAST_YEAR}")
    return ordinal


def _whole(labels: pd.Series, ordinal: Int64Array1D, kind: PeriodKind) -> tuple[int, int]:
    """Return the first and last period that a table holds whole: of months made of weeks, those with every Monday."""
    first, last = int(ordinal.min()), int(ordinal.max())
    begins, ends = str(labels.min()), str(labels.max())
    if kind is PeriodKind.MONTH and parse_label(begins)[1] is PeriodKind.WEEK:
        first += date.fromisoformat(begins).day > 7
        last -= (date.fromisoformat(ends) + timedelta(days=7)).isoformat()[:7] == ends[:7]
        if first > last:
            raise ValueError("a weekly demand table that is counted in months holds every Monday of one month or more")
    return first, last


def forecast_panel(history: DemandHistory, settings: ForecastSettings, habits: Habits | None = None) -> Forecast:
    """Forecast a history that no vehicle explains; items that come alike many at a time are a family.

    Parameters
    ----------
    history, settings
        See there.
    habits
        What was found of the families at an earlier origin; found anew where None.
    """
    # Whose calendar it is, a bare table does not tell: every period counts alike.
    exposure = exposure_without_vehicles(np.ones(history.axis.count), np.ones(settings.horizon), history.item_count)
    broken = after_breaks(exposure, history)
    exposure = in_months(in_weeks(broken, history), history)

    def filtered(known: DemandHistory, exposure: Exposure, habits: Habits | None) -> Forecast:
        lumps = lumpiness(known)
        named = {lump: f"lines of {lump}" for lump in set(lumps)}
        family = tuple(map(named.__getitem__, lumps))
        line_size: DemandLaw = single_pieces(known.item_count)
        return forecast(known, exposure, line_size, family, family, settings, habits=habits)

    def before(items: Int64Array1D, origin: int) -> Forecast:
        return filtered(history.take(items).before(origin), exposure_then(exposure, items, origin), found.habits)

    found = filtered(history, exposure, habits)
    return towards_own_level(found, history, before)


def forecast_with_heads(history: DemandHistory, settings: ForecastSettings) -> Forecast:
    """Forecast a history that no vehicle explains, with what the pooled heads make of it, as a plan does."""

    def before(items: Int64Array1D, origin: int, habits: Habits | None) -> Forecast:
        ahead = replace(settings, horizon=max(STRETCHES))
        return forecast_panel(history.take(items).before(origin), ahead, habits)

    return heard(forecast_panel(history, settings), history, before)


def panel_history(cells: PanelCells, axis: PeriodAxis) -> DemandHistory:
    """Return the history of a panel, in each item's own demand unit; a unit is a call, for nothing else is known."""
    item, column = np.nonzero(cells.quantity_milli)
    fitted = np.full(len(cells.part_no), 1000, dtype=np.int64)
    unit = demand_units(item, cells.quantity_milli[item, column], fitted)
    # Five pieces in the one month that had demand prove no pack of five; a million is counted coarsely all the same.
    asked = np.bincount(item, minlength=unit.size)
    single = no_finer(np.gcd(unit, 1000), cells.quantity_milli.sum(axis=1) / np.maximum(asked, 1))
    unit = np.where(asked >= PERIODS_PROVING_A_PACK, unit, single)
    quantity = in_units(cells.quantity_milli, unit[:, None])
    return DemandHistory(
        cells.part_no, cells.store, axis, quantity, quantity.copy(), cells.availability, cells.observation, unit
    )


def after_breaks(exposure: Exposure, history: DemandHistory) -> Exposure:
    """Return the exposure with the breaks that all items share, which go on; as it is where there is none."""
    level = _level_of_all(exposure, history)
    if (level == 1).all():
        return exposure
    shape = (history.item_count, exposure.vehicles.shape[1])  # views: one row stands for all
    past = np.broadcast_to(exposure.past[0] * level, exposure.past.shape)
    return replace(exposure, past=past, season=np.broadcast_to(level[-1:], shape))


def beside_level_reached(exposure: Exposure, history: DemandHistory) -> Exposure:
    """Return the exposure with the past told beside the level that the latest break of all items led to."""
    level = _level_of_all(exposure, history)
    return exposure if (level == 1).all() else replace(exposure, past=exposure.past * (level / level[-1]))


def _telling(history: DemandHistory) -> Int64Array1D:
    """Return the rows that tell what all items have in common: evenly spread, `MOST_ITEMS` at most."""
    return history.canonical_order[:: max(1, -(-history.item_count // MOST_ITEMS))]


def _level_of_all(exposure: Exposure, history: DemandHistory) -> Float64Array1D:
    """Return what the breaks of a panel make of each period, ``(n_periods,)``."""
    if not history.item_count:
        return np.ones(history.axis.count)
    few = _telling(history)
    months = 1.0 if history.axis.kind is PeriodKind.MONTH else MONTHS_A_WEEK
    return break_factors(history.lines[few], exposure.past[few] * history.availability[few], months)


def in_weeks(exposure: Exposure, history: DemandHistory) -> Exposure:
    """Return the exposure with what each week of the year brings back; as it is where periods are months."""
    weeks, horizon = history.axis.count, exposure.vehicles.shape[1]
    if history.axis.kind is not PeriodKind.WEEK or weeks <= year_ago(1):
        return exposure
    order = history.canonical_order
    factor = np.empty((history.item_count, weeks + horizon))
    possible = exposure.past[order] * history.availability[order]
    factor[order] = week_factors(history.lines[order], possible, horizon)
    season = factor[:, weeks:] if exposure.season is None else exposure.season * factor[:, weeks:]
    return replace(exposure, past=exposure.past * factor[:, :weeks], season=season)


def in_months(exposure: Exposure, history: DemandHistory) -> Exposure:
    """Return the exposure with what each month of the year brings back; as it is where periods are weeks."""
    months, horizon = history.axis.count, exposure.vehicles.shape[1]
    if history.axis.kind is not PeriodKind.MONTH or months <= YEAR:
        return exposure
    few = _telling(history)
    factor = month_factors(history.lines[few], exposure.past[few] * history.availability[few], horizon)
    if (factor == 1).all():
        return exposure
    shape = (history.item_count, horizon)  # views: one row stands for all
    past = np.broadcast_to(exposure.past[0] * factor[:months], exposure.past.shape)
    ahead = factor[months:] if exposure.season is None else factor[months:] * exposure.season[0]
    return replace(exposure, past=past, season=np.broadcast_to(ahead, shape))


def exposure_without_vehicles(past: Float64Array1D, future: Float64Array1D, items: int) -> Exposure:
    """Return the exposure of items that no vehicle explains.

    Parameters
    ----------
    past, future
        Months of exposure in each period known and to come: open days in average months, or plain ones.
    items
        Number of items.
    """
    ones = np.broadcast_to(np.float64(1), (items, future.size))
    shared = np.broadcast_to(past, (items, past.size))  # a view: one row stands for all
    return Exposure(shared, ones, ones, ones, future, np.zeros(items, dtype=np.bool_))


def lumpiness(history: DemandHistory) -> tuple[str, ...]:
    """Return how much is asked at a time, as a name: items that come one by one do not behave like those in dozens."""
    asked_periods = (history.lines > 0).sum(axis=1)
    at_a_time = history.lines.sum(axis=1) / np.maximum(asked_periods, 1)
    stratum = np.digitize(np.where(asked_periods > 0, at_a_time, 1.0), _LUMP_SIZES)
    names = [f"{bound} and more" for bound in ("1", *(f"{size:g}" for size in _LUMP_SIZES))]
    return tuple(map(names.__getitem__, stratum.tolist()))
