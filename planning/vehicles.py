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
from demand.periods import PeriodAxis, PeriodKind
from forecasting import age_profile, population
from forecasting.busyness import Busyness, busy_months
from forecasting.exposure import Fitments, PartCalls, Singles, calls_by_age, calls_by_period, middles, months_of
from forecasting.forecast import ForecastSettings
from forecasting.hazard import Need, NeedKind, need_of, needs_by_age
from inventory.snapshot import Snapshot
from planning.dues import Bookings, Followed, Services, due_calls

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
            _coded(rows["store"], stores),
            _coded(rows["model"], models),
            rows["registered"].to_numpy(np.int64),
            rows["left"].to_numpy(np.int64),
            rows["vehicles"].to_numpy(np.int64),
            rows["is_followed"].to_numpy(np.bool_),
            rows["is_single"].to_numpy(np.bool_),
        ),
        Fitments(
            _coded(ordered["part_no"], parts),
            _coded(ordered["model"], models),
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
) -> tuple[PartCalls, NDArray[np.float64]]:
    """Return calls expected per part, store and period of history and horizon; and customers per store and period.

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
    corrected = _corrections(model, asked, by_age)
    needs = needs * corrected[:, None, groups]
    singles = _singles(model, snapshot, visits, lines, distance, whole, axis.count, busy)
    customers = np.zeros((len(model.stores), whole.count))
    np.add.at(customers, people.store, people.on_road * loyalty[people.store[:, None], people.age // 12])
    return calls_by_period(people, model.fitments, loyalty, needs, len(model.parts), singles), customers


def _singles(
    model: VehicleModel,
    snapshot: Snapshot,
    visits: pd.DataFrame,
    lines: pd.DataFrame,
    distance: NDArray[np.float64],
    whole: PeriodAxis,
    past: int,
    busy: Busyness,
) -> Singles | None:
    """Return the calls of vehicles followed one by one; weeks take those of the month their middle lies in."""
    month = np.floor(middles(whole)).astype(np.int64)
    months = PeriodAxis(PeriodKind.MONTH, int(month[0]), int(month[-1] - month[0]) + 1)
    known = int(month[past] - month[0]) if past < month.size else months.count
    kind_of_need, lives = _service_kinds(model)
    single = visits[visits["is_single"].to_numpy()]
    followed = Followed(
        pd.Index(single["vin"]),
        single["store"].to_numpy(np.int64),
        single["model"].to_numpy(np.int64),
        single["registered"].to_numpy(np.float64),
        single["left"].fillna(np.inf).to_numpy(np.float64),
        single["read"].to_numpy(np.float64),
        single["odometer_km"].to_numpy(np.float64),
    )
    if not (followed.vin.size and known and lives.shape[1]):
        return None
    kind_of_part = np.full(len(model.parts) + 1, -1, dtype=np.int64)
    kind_of_part[model.fitments.part] = kind_of_need[model.fitments.need]
    kind = kind_of_part[_coded(lines["part_no"], model.parts)]
    vehicle = followed.vin.get_indexer(pd.Index(lines["vin"])).astype(np.int64)
    at = (kind >= 0) & (vehicle >= 0)
    services = Services(vehicle[at], month_ordinals(lines["opened_on"][at]), kind[at])
    bookings = _bookings(snapshot, followed, kind_of_part[_coded(snapshot.appointments["part_no"], model.parts)] >= 0)
    pace = busy_months(months, busy)
    found = due_calls(followed, services, lives, distance, months.first, pace, known, bookings)
    column = month - months.first
    return Singles(
        found.model, found.store, found.year, kind_of_need, found.calls[:, :, column], found.squares[:, :, column]
    )


def _bookings(snapshot: Snapshot, followed: Followed, is_service: NDArray[np.bool_]) -> Bookings:
    """Return appointments for services in the whole months after the day of the books."""
    table = snapshot.appointments[is_service & (snapshot.appointments["vin"] != "").to_numpy()]
    month = np.floor(month_ordinals(table["due_on"])).astype(np.int64)
    vehicle = followed.vin.get_indexer(pd.Index(table["vin"])).astype(np.int64)
    at = (vehicle >= 0) & (month > months_of(snapshot.as_of))
    return Bookings(vehicle[at], month[at], table["confidence_ppm"].to_numpy(np.float64)[at] / 1e6)


def _service_kinds(model: VehicleModel) -> tuple[Int64Array1D, NDArray[np.float64]]:
    """Return the kind of item of each need that has an interval, and the intervals by kind and model.

    Parts without a name are told apart by their interval.
    """
    names = [
        (need.category, kind, *(() if kind else (need.life_km, need.life_months)))
        if need.kind is NeedKind.INTERVAL
        else None
        for need, kind in zip(model.needs, model.kinds, strict=True)
    ]
    found = {name: place for place, name in enumerate(sorted({name for name in names if name}, key=str))}
    kind_of_need = np.array([found[name] if name else -1 for name in names], dtype=np.int64)
    lives = np.full((2, len(found), len(model.models)), np.inf)
    kind = kind_of_need[model.fitments.need]
    due = kind >= 0
    for layer, life in enumerate(("life_km", "life_months")):
        each = np.array([getattr(need, life) for need in model.needs], dtype=np.float64)[model.fitments.need]
        np.minimum.at(lives[layer], (kind[due], model.fitments.model[due]), each[due])
    return kind_of_need, lives


def _corrections(model: VehicleModel, asked: NDArray[np.float64], expected: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the correction of each need in each age group: its family's, and its kind's departure from that."""
    place = np.zeros(len(model.parts), dtype=np.int64)
    place[model.fitments.part[::-1]] = model.fitments.need[::-1]
    result: NDArray[np.float64] = np.ones((len(model.needs), expected.shape[1]))
    families = [need.family for need in model.needs]
    for names in (families, [f"{family}\n{kind}" for family, kind in zip(families, model.kinds, strict=True)]):
        found, code = np.unique(names, return_inverse=True)
        sums = np.zeros((2, found.size, expected.shape[1]))
        np.add.at(sums[0], code[place], asked)
        np.add.at(sums[1], code[place], expected * result[place])
        result = result * age_profile.corrections(sums[0], sums[1])[code]
    return result


def first_needs(model: VehicleModel) -> list[Need]:
    """Return, per part, the kind of need that names its family: that of its first fitment."""
    place = np.zeros(len(model.parts), dtype=np.int64)
    place[model.fitments.part[::-1]] = model.fitments.need[::-1]
    return [model.needs[i] for i in place]


def month_ordinals(days: pd.Series) -> NDArray[np.float64]:
    """Return days as months with the share of the month gone, as `months_of` does; NaN where empty."""
    when = days.dt
    months: NDArray[np.float64] = (when.year * 12 + when.month - 1 + (when.day - 1) / when.days_in_month).to_numpy(
        np.float64
    )
    return months


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
            "store": _coded(table["store"], model.stores),
            "model": _coded(table["model"], model.models),
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
    part = _coded(lines["part_no"], model.parts)
    dated = (vehicle >= 0) & (part >= 0)
    age = np.floor(month_ordinals(lines["opened_on"])[dated] - registered[vehicle[dated]] + 0.5)
    group = groups[np.clip(age, 0, population.AGES - 1).astype(np.int64)]
    asked: NDArray[np.float64] = np.zeros(shape)
    np.add.at(asked, (part[dated], group), 1.0)
    return asked


def _coded(names: pd.Series, catalogue: tuple[str, ...]) -> Int64Array1D:
    return pd.Index(catalogue).get_indexer(pd.Index(names)).astype(np.int64)


def _or_infinite(column: pd.Series) -> NDArray[np.float64]:
    return np.asarray(column.astype("Float64").to_numpy(np.float64, na_value=np.inf), dtype=np.float64)
