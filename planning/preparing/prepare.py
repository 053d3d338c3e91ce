"""Snapshot → histories and exposures → one `Forecast` for every part and store.

An *item* is a live part at a store where it was asked for, lies in stock, is on order, or is carried by a vehicle on
the road. What happens on the way, in this order:

1. Where a part has no category or interval, its kin tell it (`kin`). Old numbers become live ones, thousandth for
   thousandth (`inventory.supersession`); fitments too.
2. Recalls, campaigns and bulk orders are streams of their own and stay out of the history (`asked`); what warranty and
   the house itself pay for counts.
3. Lines are counted into whole periods up to `as_of`. Before a store's first line nothing is known of it. Before a
   part is on sale, or a vehicle carries it, it could not be asked for.
4. A bare demand panel stands in where an item has no lines; where it has both, lines give the quantities and the
   panel gives the availability. The service history records what was lost, so its own availability is one.
5. Vehicles give the exposure; what no vehicle explains is exposed to open days.
6. Of what no vehicle explains the pooled heads are heard beside the filter, by months (`forecasting.heads.heard`).
7. What is told beforehand (`told`) is laid beside the forecast, and taken from it once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demand.distribution import DemandLaw
from demand.history import DemandHistory, Float64Array1D, Int64Array1D
from demand.periods import PeriodAxis, PeriodKind, ordinal_of
from demand.ratios import ratio_of
from forecasting.busyness import Busyness, busy_months, learn
from forecasting.filters import Habits
from forecasting.forecast import Exposure, Forecast, ForecastSettings, forecast
from forecasting.hazard import NeedKind
from forecasting.heads.heard import heard
from forecasting.kinship import kinds_of
from forecasting.own_level import exposure_then, towards_own_level
from inventory.snapshot import Snapshot
from inventory.supersession import Lineage, lineage, roll_forward
from planning.preparing.asked import Asked, asked_of
from planning.preparing.histories import availability_of_lines, lay_histories, ordinals
from planning.preparing.kin import told_by_kin
from planning.preparing.overrides import overridden
from planning.preparing.panel import (
    MONTHS_A_WEEK,
    beside_level_reached,
    exposure_without_vehicles,
    in_weeks,
    lay_out,
    lumpiness,
    periods_of,
)
from planning.preparing.seasons import in_season
from planning.preparing.services import ServiceBook, settled_from
from planning.preparing.told import Told, appointments_ahead, told_of, with_told
from planning.preparing.vehicles import VehicleModel, calls_of, first_needs, read_vehicles
from planning.settings import Settings

_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class Prepared:
    """All that a forecast needs, row by row the same items.

    Parameters
    ----------
    history, exposure, line_size, family, kind, group, days_past
        As `forecasting.forecast.forecast` takes them.
    lineage
        What old numbers have become: planning counts their stock by it.
    told
        What is told beforehand.
    asked
        The demand lines, sorted into history and streams.
    services
        The vehicles followed one by one; None where there are none.
    appointments
        Those ahead, in live numbers.
    fitments, fitted_parts
        In live numbers, and the names behind the codes of their parts.
    """

    history: DemandHistory
    exposure: Exposure
    line_size: DemandLaw
    family: tuple[str, ...]
    kind: tuple[str, ...]
    group: tuple[str, ...]
    days_past: float
    lineage: Lineage
    told: Told
    asked: Asked
    services: ServiceBook | None
    appointments: pd.DataFrame
    fitments: pd.DataFrame
    fitted_parts: tuple[str, ...]


def forecast_of(snapshot: Snapshot, settings: Settings) -> Forecast:
    """Forecast every part and store of a snapshot.

    Parameters
    ----------
    snapshot
        The books at one moment.
    settings
        The period of the planning section, and the forecast section.
    """
    ready = prepare(snapshot, PeriodKind(settings.planning.period), settings.forecast)
    return overridden(forecast_of_prepared(ready, settings.forecast), snapshot)


def forecast_of_prepared(ready: Prepared, settings: ForecastSettings) -> Forecast:
    """Forecast what has been prepared; what people set is not yet laid over it."""
    return with_told(forecast_by_history(ready, settings), ready.told, ready.kind)


def forecast_by_history(ready: Prepared, settings: ForecastSettings) -> Forecast:
    """Forecast what has been prepared, without what is told beforehand."""
    history = ready.history
    by_filter = forecast(
        history,
        ready.exposure,
        ready.line_size,
        ready.family,
        ready.group,
        settings,
        ready.days_past,
        ready.kind,
    )

    def before(items: Int64Array1D, origin: int, habits: Habits | None = by_filter.habits) -> Forecast:
        known = history.take(items).before(origin)
        # Only parts without vehicles are asked about: their families end with how much is asked at a time.
        named = zip(items.tolist(), lumpiness(known), strict=True)
        family = tuple(f"{ready.family[i].rpartition('/')[0]}/{lump}" for i, lump in named)
        group, kind = (tuple(each[i] for i in items.tolist()) for each in (ready.group, ready.kind))
        exposure = exposure_then(ready.exposure, items, origin)
        line_size = ready.line_size.take(items)
        return forecast(known, exposure, line_size, family, group, settings, kind=kind, habits=habits)

    return heard(towards_own_level(by_filter, history, before), history, before)


def prepare(snapshot: Snapshot, kind: PeriodKind, settings: ForecastSettings) -> Prepared:
    """Return histories, exposures and line sizes of every item of a snapshot.

    Raises
    ------
    ValueError
        If supersessions lead back to themselves, or a monthly panel is to be planned by weeks.
    """
    of = lineage(snapshot.supersessions, snapshot.as_of)
    parts = snapshot.parts
    kind_of_part = pd.Series(kinds_of(parts["name"].tolist(), parts["part_no"].tolist()), index=parts["part_no"])
    snapshot = told_by_kin(snapshot, kind_of_part)
    fitments = _fitments(snapshot, of, kind_of_part)
    asked, appointments = asked_of(snapshot, of, fitments), appointments_ahead(snapshot, of)
    lines = asked.history
    panel, panel_ordinal = _panel(snapshot, of, kind)
    axis, days_past = _axis(snapshot, lines, panel_ordinal, kind)
    model = read_vehicles(snapshot, fitments)
    items = _items(snapshot, of, [lines, asked.actions, asked.bulk, panel, appointments], fitments, model)
    busy = learn(lines["opened_on"].to_numpy("datetime64[D]").astype(np.int64) + _EPOCH_ORDINAL)
    past, ahead = busy_months(axis, busy), busy_months(axis.after(settings.horizon), busy)
    # Whose calendar it is, bare weeks do not tell; what comes back every year is in them (`in_weeks`).
    is_bare = lines.empty and not model.vehicles.store.size
    if is_bare and kind is PeriodKind.WEEK:
        past, ahead = np.full(past.size, MONTHS_A_WEEK), np.full(ahead.size, MONTHS_A_WEEK)
    exposure, services = exposure_without_vehicles(past, ahead, len(items)), None
    cells = lay_out(panel, panel_ordinal, axis)
    if model.vehicles.store.size and model.parts:
        availability = availability_of_lines(lines, cells, axis)
        exposure, services = _exposure(
            exposure, model, snapshot, lines, items, axis, settings, busy, appointments, availability
        )
    launch = _launch(snapshot, of, items, axis, exposure)
    history, line_size = lay_histories(snapshot, items, lines, cells, axis, launch, fitments)
    family, group = _families(snapshot, items, history, exposure, model)
    thing = tuple(items["part_no"].map(kind_of_part).fillna("").astype(str))
    if is_bare:
        exposure = beside_level_reached(exposure, history)
    if is_bare and kind is PeriodKind.WEEK:
        exposure = in_weeks(exposure, history)
    else:
        exposure = in_season(exposure, history, np.concatenate([past, ahead]), family, thing)
    is_netted = np.zeros(len(appointments), dtype=np.bool_) if services is None else services.booked
    told = told_of(snapshot, of, asked, appointments, is_netted, items, history.unit_milli, fitments)
    return Prepared(
        history,
        exposure,
        line_size,
        family,
        thing,
        group,
        days_past,
        of,
        told,
        asked,
        services,
        appointments,
        fitments,
        model.parts,
    )


def _panel(snapshot: Snapshot, of: Lineage, kind: PeriodKind) -> tuple[pd.DataFrame, Int64Array1D]:
    """Return the panel in live numbers; where the house has one store, a panel without store is that store's."""
    stores = _stores(snapshot) - {""}
    table = snapshot.demand_panel
    if len(stores) == 1:
        table = table.assign(store=table["store"].replace("", next(iter(stores))))
    table = roll_forward(table.sort_values(["period", "store", "part_no"]), of, ["store"], ["quantity_milli"])
    return table, periods_of(table["period"], kind)[0]


def _stores(snapshot: Snapshot) -> set[str]:
    tables = (snapshot.demand_lines, snapshot.vehicles, snapshot.vehicle_counts, snapshot.positions)
    return {str(store) for table in (*tables, snapshot.demand_panel) for store in table["store"].unique()}


def _axis(
    snapshot: Snapshot, lines: pd.DataFrame, panel_ordinal: Int64Array1D, kind: PeriodKind
) -> tuple[PeriodAxis, float]:
    """Return the whole periods known, and the days of the next one that are already over."""
    following = ordinal_of(snapshot.as_of + timedelta(days=1), kind)
    starts = [int(values.min()) for values in (ordinals(lines["opened_on"], kind), panel_ordinal) if values.size]
    axis = PeriodAxis(kind, min([*starts, following]), following - min([*starts, following]))
    days_past = (snapshot.as_of + timedelta(days=1) - axis.after(1).first_days()[0]).days
    return axis, float(days_past)


def _fitments(snapshot: Snapshot, of: Lineage, kind_of_part: pd.Series) -> pd.DataFrame:
    """Return fitments of live numbers with category and kind; a number inherits where it has no row of its own."""
    ordered = snapshot.fitments.sort_values(["part_no", "model", "year_from", "year_to"], kind="stable")
    rolled = roll_forward(ordered, of, ["model"], ["quantity_per_vehicle_milli"])
    own = (rolled["part_no"] == rolled["asked_part_no"]).astype(int)
    rolled = rolled.assign(own=-own).sort_values(["own", "asked_part_no"], kind="stable")
    rolled = rolled.drop_duplicates(["part_no", "model", "year_from", "year_to"])
    category = snapshot.parts.set_index("part_no")["category"]
    return rolled.assign(
        category=rolled["part_no"].map(category).fillna("repair"), kind=rolled["part_no"].map(kind_of_part).fillna("")
    ).reset_index(drop=True)


def _items(
    snapshot: Snapshot,
    of: Lineage,
    asked: list[pd.DataFrame],
    fitments: pd.DataFrame,
    model: VehicleModel,
) -> pd.DataFrame:
    """Return the items, ``store`` and ``part_no``, sorted."""
    held = roll_forward(snapshot.positions[["store", "part_no"]], of, ["store"], [])
    concerned = roll_forward(snapshot.campaigns[["store", "part_no", "model"]], of, ["store"], [])
    here = model.vehicles.left > ordinal_of(snapshot.as_of, PeriodKind.MONTH)
    driven = pd.DataFrame(
        {
            "store": np.array(model.stores, dtype=object)[model.vehicles.store[here]],
            "model": np.array(model.models, dtype=object)[model.vehicles.model[here]],
        }
    ).drop_duplicates()
    carried = driven.merge(fitments[["model", "part_no"]], on="model")
    everywhere = concerned[concerned["store"] == ""].drop(columns="store").merge(driven, on="model")
    tables = (*asked, held, carried, concerned[concerned["store"] != ""], everywhere)
    return (
        pd.concat([table[["store", "part_no"]] for table in tables])
        .astype(str)
        .drop_duplicates()
        .sort_values(["store", "part_no"])
        .reset_index(drop=True)
    )


def _exposure(
    by_calendar: Exposure,
    model: VehicleModel,
    snapshot: Snapshot,
    lines: pd.DataFrame,
    items: pd.DataFrame,
    axis: PeriodAxis,
    settings: ForecastSettings,
    busy: Busyness,
    appointments: pd.DataFrame,
    availability: Float64Array1D,
) -> tuple[Exposure, ServiceBook | None]:
    """Put the vehicles' exposure in place of the calendar's, for the items that vehicles at the store carry."""
    sums, customers, services = calls_of(model, snapshot, lines, axis, settings, busy, appointments, availability)
    part = pd.Index(model.parts).get_indexer(pd.Index(items["part_no"]))
    store = pd.Index(model.stores).get_indexer(pd.Index(items["store"]))
    known = (part >= 0) & (store >= 0)
    # Who asks for a part that no vehicle here carries is not explained by vehicles; nobody asking is.
    asked = pd.MultiIndex.from_frame(items).isin(pd.MultiIndex.from_frame(lines[["store", "part_no"]]))
    known[known] &= (sums.calls[part[known], store[known]].sum(axis=1) > 0) | ~asked[known]
    place = (part[known], store[known])
    past, vehicles = by_calendar.past.copy(), by_calendar.vehicles.copy()
    coming, need = by_calendar.coming.copy(), by_calendar.need.copy()
    # Where nobody can tell the days apart, all items have the same ones: those of the calendar's exposure.
    past[known] *= sums.calls[place][:, : axis.count]
    vehicles[known] = sums.vehicles[place][:, axis.count :]
    coming[known] = ratio_of(sums.coming[place], sums.vehicles[place])[:, axis.count :]
    need[known] = ratio_of(sums.calls[place], sums.coming[place])[:, axis.count :]
    # What no vehicle explains is asked for by customers: their number at the store moves it.
    served = (~known) & (store >= 0)
    served[served] = customers[store[served]].min(axis=1, initial=np.inf) > 0
    now = customers[:, max(axis.count - 1, 0)]
    past[served] *= (customers / np.where(now > 0, now, 1.0)[:, None])[store[served], : axis.count]
    vehicles[served] = customers[store[served], axis.count :]
    need[served] = 1 / now[store[served], None]
    certain = np.zeros(by_calendar.vehicles.shape)
    certain[known] = ratio_of(sums.squares[place], sums.calls[place])[:, axis.count :]
    found = replace(
        by_calendar, past=past, vehicles=vehicles, coming=coming, need=need, has_vehicles=known, certain=certain
    )
    if services is not None:
        begins = lines.groupby("store")["opened_on"].min()
        opened = items["store"].map(pd.Series(ordinals(begins, axis.kind) - axis.first, index=begins.index))
        single = known & np.isin(store, services.courses.followed.store) & (services.kinds.of_part[part] >= 0)
        first = opened.fillna(axis.count).to_numpy(np.int64)
        found = replace(found, settled=settled_from(single, first, axis))
    return found, services


def _launch(snapshot: Snapshot, of: Lineage, items: pd.DataFrame, axis: PeriodAxis, exposure: Exposure) -> Int64Array1D:
    """Return the first column in which an item could be asked for: on sale, and carried where vehicles carry it.

    A number that stands for older ones was never launched: its history is theirs.
    """
    on_sale = snapshot.parts.set_index("part_no")["on_sale_from"]
    on_sale = on_sale[on_sale.notna() & ~on_sale.index.isin(list(of.predecessors()))]
    column = pd.Series(ordinals(on_sale, axis.kind) - axis.first, index=on_sale.index)
    sold_from = items["part_no"].map(column).fillna(0).to_numpy(np.int64)
    # One column more than there are: who is carried in none is launched after the last.
    carried = np.pad(exposure.past > 0, ((0, 0), (0, 1)), constant_values=True)
    first = carried.argmax(axis=1)
    launch: Int64Array1D = np.clip(np.maximum(sold_from, np.where(exposure.has_vehicles, first, 0)), 0, axis.count)
    return launch


def _families(
    snapshot: Snapshot, items: pd.DataFrame, history: DemandHistory, exposure: Exposure, model: VehicleModel
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return each item's family (what makes it needed) and group (its interval, or else its band of cost)."""
    parts = snapshot.parts.set_index("part_no")
    category = items["part_no"].map(parts["category"]).fillna("repair").astype(str).tolist()
    cost = items["part_no"].map(parts["unit_cost_e4"]).fillna(0).to_numpy(np.float64)
    needs = dict(zip(model.parts, first_needs(model), strict=True))
    lumps = lumpiness(history)
    bands = _bands(parts)
    family, group = [], []
    for i, part_no in enumerate(items["part_no"]):
        need = needs.get(part_no) if exposure.has_vehicles[i] else None
        if need is None:
            family.append(f"{category[i]}/{NeedKind.COUNTER}/{lumps[i]}")
            group.append("")
        else:
            family.append(need.family)
            interval = need.kind is NeedKind.INTERVAL
            band = int(np.searchsorted(bands.get(category[i], np.zeros(0)), cost[i]))
            group.append(f"{need.life_km:g} km {need.life_months:g} months" if interval else f"cost band {band + 1}")
    return tuple(family), tuple(group)


def _bands(parts: pd.DataFrame) -> dict[str, NDArray[np.float64]]:
    """Return, per category, the costs that part its catalogue into thirds."""
    return {
        str(category): np.quantile(costs.to_numpy(np.float64), [1 / 3, 2 / 3])
        for category, costs in parts.groupby("category")["unit_cost_e4"]
    }
