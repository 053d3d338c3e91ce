"""From the vehicle tables of a snapshot to the exposure of every part at every store.

The wing's models take codes and columns; here the tables are coded, the store's own evidence (visits, odometers, dated
calls) is laid beside the published curves, and the result is read back by part and store.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demand.history import Int64Array1D
from demand.periods import PeriodAxis
from forecasting import age_profile, population
from forecasting.busyness import Busyness
from forecasting.exposure import Fitments, PartCalls, calls_by_age, calls_by_period, middles, months_of
from forecasting.forecast import ForecastSettings
from forecasting.hazard import Need, need_of, needs_by_age
from inventory.snapshot import Snapshot
from planning.preparing.histories import coded, month_ordinals
from planning.preparing.services import ServiceBook, read_services, service_kinds, singles_of

CLAIM_PAYERS = ("warranty", "goodwill")
_LAST_YEAR = 12.0
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
            rows["is_followed"].to_numpy(np.bool_),
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
    """
    now = months_of(snapshot.as_of) + 1 / 31
    visits = _visits(snapshot, model)
    loyalty = _loyalty(visits, len(model.stores), now, settings.loyalty)
    distance = _usage(visits, len(model.models))
    published, need_code = np.unique(np.array(model.needs, dtype=object), return_inverse=True)
    needs = needs_by_age(published.tolist(), distance)[need_code.reshape(-1)]
    whole = PeriodAxis(axis.kind, axis.first, axis.count + settings.horizon)
    people = population.population(model.vehicles, middles(whole), now)
    past = population.Population(
        people.store,
        people.model,
        people.registered,
        people.on_road[:, : axis.count],
        people.age[:, : axis.count],
        people.is_single,
    )
    groups = age_profile.age_groups()
    by_age = calls_by_age(past, model.fitments, loyalty, needs, len(model.parts), groups).calls.sum(axis=1)
    asked = _dated_calls(model, snapshot, lines, groups, by_age.shape)
    claims = _dated_calls(model, snapshot, lines[lines["payer"].isin(CLAIM_PAYERS)], groups, by_age.shape)
    corrected = _corrections(model, asked, by_age, claims)
    needs = needs * corrected[:, None, groups]
    kinds = service_kinds(model.needs, model.kinds, model.fitments, len(model.models))
    book = read_services(
        kinds, snapshot.as_of, visits, lines, distance, model.parts, whole, axis.count, busy, appointments
    )
    singles = None if book is None else singles_of(book, whole)
    customers = np.zeros((len(model.stores), whole.count))
    np.add.at(customers, people.store, people.on_road * loyalty[people.store[:, None], people.age // 12])
    return calls_by_period(people, model.fitments, loyalty, needs, len(model.parts), singles), customers, book


def _corrections(
    model: VehicleModel, asked: NDArray[np.float64], expected: NDArray[np.float64], claims: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the correction of each need in each age group: its family's, and its kind's departure from that."""
    place = np.zeros(len(model.parts), dtype=np.int64)
    place[model.fitments.part[::-1]] = model.fitments.need[::-1]
    result: NDArray[np.float64] = np.ones((len(model.needs), expected.shape[1]))
    families = [need.family for need in model.needs]
    for names in (families, [f"{family}\n{kind}" for family, kind in zip(families, model.kinds, strict=True)]):
        found, code = np.unique(names, return_inverse=True)
        sums = np.zeros((3, found.size, expected.shape[1]))
        np.add.at(sums[0], code[place], asked)
        np.add.at(sums[1], code[place], expected * result[place])
        np.add.at(sums[2], code[place], claims)
        result = result * age_profile.corrections(sums[0], sums[1], sums[2])[code]
    return result


def first_needs(model: VehicleModel) -> list[Need]:
    """Return, per part, the kind of need that names its family: that of its first fitment."""
    place = np.zeros(len(model.parts), dtype=np.int64)
    place[model.fitments.part[::-1]] = model.fitments.need[::-1]
    return [model.needs[i] for i in place]


def _vehicle_rows(snapshot: Snapshot, following: tuple[str, ...]) -> pd.DataFrame:
    seen = snapshot.vehicles
    left = np.where(seen["left_on"].isna(), population.NEVER, np.floor(month_ordinals(seen["left_on"])))
    leaves = set(seen.loc[seen["left_on"].notna(), "store"])
    followed = pd.DataFrame(
        {
            "store": seen["store"],
            "model": seen["model"],
            "registered": np.floor(month_ordinals(seen["registered_on"])).astype(np.int64),
            "left": left.astype(np.int64),
            "vehicles": 1,
            "is_followed": seen["store"].isin(leaves),
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
                "is_followed": False,
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


def _visits(snapshot: Snapshot, model: VehicleModel) -> pd.DataFrame:
    """Return one row per vehicle: codes, age, last visit and last odometer reading."""
    table = snapshot.vehicles.assign(
        registered=month_ordinals(snapshot.vehicles["registered_on"]), left=month_ordinals(snapshot.vehicles["left_on"])
    ).sort_values("vin")
    lines = snapshot.demand_lines[snapshot.demand_lines["vin"] != ""]
    lines = lines.assign(visited=month_ordinals(lines["opened_on"]))
    read = lines[lines["odometer_km"].notna() & (lines["odometer_km"].fillna(0) > 0)]
    last_read = read.sort_values(["vin", "opened_on", "order_no"]).drop_duplicates("vin", keep="last").set_index("vin")
    return pd.DataFrame(
        {
            "vin": table["vin"].to_numpy(),
            "is_single": table["store"].isin(model.following).to_numpy(),
            "store": coded(table["store"], model.stores),
            "model": coded(table["model"], model.models),
            "registered": table["registered"].to_numpy(),
            "left": table["left"].to_numpy(),
            "visited": lines.groupby("vin")["visited"].max().reindex(table["vin"]).to_numpy(np.float64),
            "read": last_read["visited"].reindex(table["vin"]).to_numpy(np.float64),
            "odometer_km": last_read["odometer_km"]
            .astype("Float64")
            .reindex(table["vin"])
            .to_numpy(np.float64, na_value=np.nan),
        }
    )


def _loyalty(visits: pd.DataFrame, stores: int, now: float, level: float) -> NDArray[np.float64]:
    """Return the share that comes by store and age, from vehicles a year or older where visits are recorded at all."""
    here = (visits["registered"] <= now - _LAST_YEAR) & (visits["left"].isna() | (visits["left"] > now))
    if not visits["visited"].notna().any():
        here &= False
    old = visits[here]
    age = (now - old["registered"] - _LAST_YEAR / 2).to_numpy(np.float64)
    was_seen = (old["visited"] > now - _LAST_YEAR).to_numpy(np.bool_)
    return population.loyalty(old["store"].to_numpy(np.int64), age, was_seen, stores, level)


def _usage(visits: pd.DataFrame, models: int) -> NDArray[np.float64]:
    """Return kilometres a month of a new vehicle, by model; readings in the first two months tell nothing."""
    read = visits[visits["odometer_km"].notna() & (visits["read"] - visits["registered"] > 2)]
    age = (read["read"] - read["registered"]).to_numpy(np.float64)
    return population.usage(read["model"].to_numpy(np.int64), age, read["odometer_km"].to_numpy(np.float64), models)


def _dated_calls(
    model: VehicleModel,
    snapshot: Snapshot,
    lines: pd.DataFrame,
    groups: Int64Array1D,
    shape: tuple[int, ...],
) -> NDArray[np.float64]:
    """Return calls by part and age group, of lines whose vehicle is known and carries the part."""
    registered = month_ordinals(snapshot.vehicles["registered_on"])
    vehicle = pd.Index(snapshot.vehicles["vin"]).get_indexer(pd.Index(lines["vin"]))
    part = coded(lines["part_no"], model.parts)
    dated = (vehicle >= 0) & (part >= 0)
    age = np.floor(month_ordinals(lines["opened_on"])[dated] - registered[vehicle[dated]] + 0.5)
    group = groups[np.clip(age, 0, population.AGES - 1).astype(np.int64)]
    asked: NDArray[np.float64] = np.zeros(shape)
    np.add.at(asked, (part[dated], group), 1.0)
    return asked


def _or_infinite(column: pd.Series) -> NDArray[np.float64]:
    return np.asarray(column.astype("Float64").to_numpy(np.float64, na_value=np.inf), dtype=np.float64)
