"""From the vehicle tables of a snapshot to the exposure of every part at every store.

The wing's models take codes and columns; here the tables are coded, the store's own evidence (visits, odometers, dated
calls) is laid beside the published curves, and the result is read back by part and store.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demand.history import Float64Array1D, Int64Array1D
from demand.periods import PeriodAxis
from forecasting import age_profile, population
from forecasting.age_profile import Undated
from forecasting.busyness import Busyness, busy_months
from forecasting.exposure import Fitments, PartCalls, calls_by_age, calls_by_period, joined, middles, months_of
from forecasting.forecast import ForecastSettings
from forecasting.hazard import Need, need_of, needs_by_age
from inventory.snapshot import Snapshot
from planning.preparing.counted import counted_singles, counting_stores, read_counted, services_counted, undated_of
from planning.preparing.evidence import dated_calls, hazards_of, loyalty_of, stores_that_tell, usage_of, visits_of
from planning.preparing.histories import coded, first_periods, month_ordinals
from planning.preparing.services import ServiceBook, read_services, service_kinds, singles_of
from planning.preparing.warranty import CLAIM_PAYERS, limited

_LINES_TO_FOLLOW = 200


@dataclass(frozen=True)
class VehicleModel:
    """Vehicles, needs and fitments of a snapshot, ready to be asked.

    Parameters
    ----------
    stores, models, parts
        Names behind the codes, sorted.
    vehicles
        Registered and planned.
    fitments
        Coded; `needs` are what its `need` column counts.
    needs, kinds
        What makes a part needed, and what kind of thing it is (see `forecasting.kinship`); pairs, sorted.
    following
        Stores whose services are followed vehicle by vehicle, sorted.
    """

    stores: tuple[str, ...]
    models: tuple[str, ...]
    parts: tuple[str, ...]
    vehicles: population.Vehicles
    fitments: Fitments
    needs: tuple[Need, ...]
    kinds: tuple[str, ...]
    following: tuple[str, ...]


def read_vehicles(snapshot: Snapshot, fitments: pd.DataFrame) -> VehicleModel:
    """Return the coded tables; `fitments` carries live part numbers, the part's ``category`` and its ``kind``."""
    following = tuple(sorted(_stores_that_follow(snapshot)))
    rows = _vehicle_rows(snapshot, following)
    stores = tuple(sorted(set(rows["store"])))
    models = tuple(sorted(set(rows["model"]) | set(fitments["model"])))
    parts = tuple(sorted(set(fitments["part_no"])))
    ordered = fitments.sort_values(["part_no", "model", "year_from", "year_to"], kind="stable")
    row_needs = [
        (need_of(category, km, months), kind)
        for category, km, months, kind in zip(
            ordered["category"].tolist(),
            _or_infinite(ordered["interval_km"]),
            _or_infinite(ordered["interval_months"]),
            ordered["kind"].tolist(),
            strict=True,
        )
    ]
    needs = sorted(set(row_needs))
    place = {need: i for i, need in enumerate(needs)}
    return VehicleModel(
        stores,
        models,
        parts,
        population.Vehicles(
            coded(rows["store"], stores),
            coded(rows["model"], models),
            rows["registered"].to_numpy(np.int64),
            rows["left"].to_numpy(np.int64),
            rows["vehicles"].to_numpy(np.int64),
            rows["seen"].to_numpy(np.float64),
            rows["is_single"].to_numpy(np.bool_),
        ),
        Fitments(
            coded(ordered["part_no"], parts),
            coded(ordered["model"], models),
            np.array([place[need] for need in row_needs], dtype=np.int64),
            ordered["year_from"].to_numpy(np.int64),
            ordered["year_to"].to_numpy(np.int64),
        ),
        tuple(need for need, _ in needs),
        tuple(kind for _, kind in needs),
        following,
    )


def calls_of(
    model: VehicleModel,
    snapshot: Snapshot,
    lines: pd.DataFrame,
    axis: PeriodAxis,
    settings: ForecastSettings,
    busy: Busyness,
    appointments: pd.DataFrame,
    availability: Float64Array1D,
) -> tuple[PartCalls, NDArray[np.float64], ServiceBook | None]:
    """Return calls expected per part, store and period; customers per store and period; and vehicles followed.

    Parameters
    ----------
    model
        The coded tables.
    snapshot
        For the visits and odometers of its demand lines.
    lines
        Demand lines in live numbers, with ``vin`` and ``opened_on``; recalls and cancelled ones are out already.
    axis
        Periods of the history.
    settings
        Its horizon, and how loyal customers are taken to be.
    busy
        How busy the days are.
    appointments
        For days still ahead, in live numbers.
    availability
        Share of the time in which the part of each of the lines was to be had then.
    """
    now = months_of(snapshot.as_of) + 1 / 31
    visits = visits_of(snapshot, model.stores, model.models, model.following, now)
    hazard = hazards_of(visits, snapshot, model.models, now)
    loyalty = loyalty_of(visits, hazard, len(model.stores), now, settings.loyalty)
    distance = usage_of(visits, len(model.models))
    published, need_code = np.unique(np.array(model.needs, dtype=object), return_inverse=True)
    needs = needs_by_age(published.tolist(), distance)[need_code.reshape(-1)]
    whole = PeriodAxis(axis.kind, axis.first, axis.count + settings.horizon)
    people = population.population(model.vehicles, hazard, middles(whole), now)
    kinds = service_kinds(model.needs, model.kinds, model.fitments, len(model.models))
    names = (model.stores, model.models, model.parts)
    services = services_counted(names, model.following, lines, kinds, whole, axis.count)
    by_number = counting_stores(services)
    groups = age_profile.age_groups()
    opened = first_periods(lines, model.stores, axis.kind) - axis.first
    past = _watched(people, np.where(by_number, axis.count, opened), axis.count)
    by_age = calls_by_age(past, model.fitments, loyalty, needs, len(model.parts), groups).calls.sum(axis=1)
    asked, claims = (
        dated_calls(snapshot, table, model.parts, groups) for table in (lines, lines[lines["payer"].isin(CLAIM_PAYERS)])
    )
    needs, by_age = limited(
        needs,
        by_age,
        ([need.family for need in model.needs], _first(model)),
        claims,
        asked,
        (past, model.fitments, loyalty, groups),
        (snapshot, lines, model.parts, visits, distance),
    )
    counted, undated = None, None
    if by_number.any():
        counted = read_counted(services, opened, model.vehicles, people, kinds, whole, busy, distance, loyalty, hazard)
        vehicles = (model.fitments, people, loyalty, needs, groups)
        undated = undated_of(counted, names, _first(model), *vehicles, lines, axis, busy_months(axis, busy))
    corrected = _corrections(model, asked, by_age, claims, undated)[:, groups]
    needs = needs * corrected[:, None, :]
    book = read_services(
        kinds,
        snapshot.as_of,
        visits,
        lines,
        distance,
        model.parts,
        model.stores,
        whole,
        axis.count,
        busy,
        appointments,
        availability,
    )
    singles = None if book is None else singles_of(book, whole)
    if counted is not None:
        people = replace(people, is_single=people.is_single | counted.cohorts)
        singles = joined([*([] if singles is None else [singles]), counted_singles(counted, people, corrected)])
    customers = np.zeros((len(model.stores), whole.count))
    np.add.at(customers, people.store, people.on_road * loyalty[people.store[:, None], people.age // 12])
    return calls_by_period(people, model.fitments, loyalty, needs, len(model.parts), singles), customers, book


def _watched(people: population.Population, opened: Int64Array1D, periods: int) -> population.Population:
    """Return the cohorts in the periods of the history; on the road where their store, opened by then, saw them."""
    mine = opened[people.store] < periods
    known = np.arange(periods)[None, :] >= opened[people.store[mine], None]
    return population.Population(
        people.store[mine],
        people.model[mine],
        people.registered[mine],
        people.on_road[mine, :periods] * known,
        people.age[mine, :periods],
        people.is_single[mine],
    )


def _corrections(
    model: VehicleModel,
    asked: NDArray[np.float64],
    expected: NDArray[np.float64],
    claims: NDArray[np.float64],
    undated: Undated | None,
) -> NDArray[np.float64]:
    """Return the correction of each need in each age group: its family's, and its kind's departure from that."""
    place = _first(model)
    result: NDArray[np.float64] = np.ones((len(model.needs), expected.shape[1]))
    families = [need.family for need in model.needs]
    for names in (families, [f"{family}\n{kind}" for family, kind in zip(families, model.kinds, strict=True)]):
        found, code = np.unique(names, return_inverse=True)
        sums = np.zeros((3, found.size, expected.shape[1]))
        np.add.at(sums[0], code[place], asked)
        np.add.at(sums[1], code[place], expected * result[place])
        np.add.at(sums[2], code[place], claims)
        beside = None if undated is None else (undated, code, result)
        result = result * age_profile.corrections(sums[0], sums[1], sums[2], beside)[code]
    return result


def first_needs(model: VehicleModel) -> list[Need]:
    """Return, per part, the kind of need that names its family: that of its first fitment."""
    return [model.needs[i] for i in _first(model)]


def _first(model: VehicleModel) -> Int64Array1D:
    """Return the code of each part's first need, ``(n_parts,)``."""
    place = np.zeros(len(model.parts), dtype=np.int64)
    place[model.fitments.part[::-1]] = model.fitments.need[::-1]
    return place


def _vehicle_rows(snapshot: Snapshot, following: tuple[str, ...]) -> pd.DataFrame:
    seen = snapshot.vehicles
    left = np.where(seen["left_on"].isna(), population.NEVER, np.floor(month_ordinals(seen["left_on"])))
    visited = snapshot.demand_lines.groupby("vin")["opened_on"].max().reindex(seen["vin"])
    last_seen = np.fmax(month_ordinals(seen["registered_on"]), month_ordinals(visited))
    followed = pd.DataFrame(
        {
            "store": seen["store"],
            "model": seen["model"],
            "registered": np.floor(month_ordinals(seen["registered_on"])).astype(np.int64),
            "left": left.astype(np.int64),
            "vehicles": 1,
            "seen": np.where(seen["store"].isin(stores_that_tell(snapshot)), float(population.NEVER), last_seen),
            "is_single": seen["store"].isin(following),
        }
    )
    counted = [
        pd.DataFrame(
            {
                "store": table["store"],
                "model": table["model"],
                "registered": np.floor(month_ordinals(table[month])).astype(np.int64),
                "left": population.NEVER,
                "vehicles": table["vehicles"].astype(np.int64),
                "seen": month_ordinals(table[month]),
                "is_single": False,
            }
        )
        for table, month in ((snapshot.vehicle_counts, "registered_month"), (_still_to_come(snapshot), "month"))
    ]
    return pd.concat([followed, *counted], ignore_index=True)


def _stores_that_follow(snapshot: Snapshot) -> set[str]:
    """Return the stores whose lines name enough vehicles for their services to be followed."""
    known = pd.Index(snapshot.vehicles["vin"]).get_indexer(pd.Index(snapshot.demand_lines["vin"])) >= 0
    store, names = pd.factorize(snapshot.demand_lines["store"])
    named = np.bincount(store[known], minlength=len(names))
    return {str(name) for name, count in zip(names, named, strict=True) if count >= _LINES_TO_FOLLOW}


def _still_to_come(snapshot: Snapshot) -> pd.DataFrame:
    plan = snapshot.sales_plan
    return plan[plan["month"] > np.datetime64(snapshot.as_of)]


def _or_infinite(column: pd.Series) -> NDArray[np.float64]:
    return np.asarray(column.astype("Float64").to_numpy(np.float64, na_value=np.inf), dtype=np.float64)
