"""What stores tell that know how many vehicles were registered, and of a repair order its model, but no vehicle.

Their lines say when a model was served and for what. Services are followed by numbers (`forecasting.counted_visits`),
and the age at which things are asked for is found from the months in which models of different ages ask for them
(`forecasting.age_profile`). A store whose lines name vehicles is no part of this, nor one whose lines name no model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demand.history import Float64Array1D, Float64Array2D, Int64Array1D
from demand.periods import PeriodAxis
from demand.ratios import ratio_of
from forecasting.age_profile import Undated
from forecasting.busyness import Busyness, busy_months
from forecasting.counted_visits import Series, counted_visits
from forecasting.exposure import Fitments, Singles
from forecasting.hazard import LATENESS, Need, NeedKind, needs_by_age
from forecasting.population import AGES, Population, Vehicles
from planning.preparing.histories import coded, ordinals
from planning.preparing.services import ServiceKinds, months_of_periods

LEAST_VISITS = 200
"""Services with a model from which a store's visits are followed."""
BLOCK_MONTHS = 3.0
"""Months of the history that are looked at together: a model's age hardly changes within them."""
_AROUND = 1
"""Months to either side over which the share of visits that replace an item is smoothed."""
_LEAST_SERVED = 1e-4


@dataclass(frozen=True)
class Counted:
    """Stores followed by numbers.

    Parameters
    ----------
    stores
        Whether each store is one of them, ``(n_stores,)``.
    cohorts
        Whether each cohort of the population is followed by visits, ``(n_cohorts,)``.
    visits, squares
        Services expected of each cohort in each period, in average months, and Σ p² over its vehicles; rows of other
        cohorts are zero, ``(n_cohorts, n_periods)``.
    share
        Share of a model's services that replace an item of a kind, by months of age, ``(n_kinds, n_models, AGES)``.
    of_need
        Kind of each need, −1 where it has no interval.
    begins
        First period with a line of each store, ``(n_stores,)``.
    """

    stores: NDArray[np.bool_]
    cohorts: NDArray[np.bool_]
    visits: Float64Array2D
    squares: Float64Array2D
    share: NDArray[np.float64]
    of_need: Int64Array1D
    begins: Int64Array1D


def services_counted(
    names: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]],
    following: Sequence[str],
    lines: pd.DataFrame,
    kinds: ServiceKinds,
    axis: PeriodAxis,
    past: int,
) -> NDArray[np.float64]:
    """Return the services of each store and model in each month past, ``(n_stores, n_models, n_months)``.

    Parameters
    ----------
    names
        Of stores, models and parts, behind their codes.
    following
        Stores whose vehicles are followed one by one: they count none.
    lines
        Demand lines in live numbers, with ``model``, ``order_no`` and ``opened_on``.
    kinds
        The kinds of items.
    axis, past
        Periods of history and horizon together, and how many of them are past.
    """
    months, column = months_of_periods(axis)
    table = np.zeros((len(names[0]), len(names[1]), int(column[past]) if past < column.size else months.count))
    seen = _services(names, lines[~lines["store"].isin(list(following))], kinds)
    month = seen["month"] - months.first
    seen = seen[(month >= 0) & (month < table.shape[2])]
    np.add.at(table, (seen["store"], seen["model"], seen["month"] - months.first), 1.0)
    return table


def counting_stores(services: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Say which stores are followed by numbers, ``(n_stores,)``, by their `services_counted`."""
    return np.asarray(services.sum(axis=(1, 2)) >= LEAST_VISITS)


def read_counted(
    services: NDArray[np.float64],
    begins: Int64Array1D,
    vehicles: Vehicles,
    people: Population,
    kinds: ServiceKinds,
    axis: PeriodAxis,
    busy: Busyness,
    km_per_month_new: Float64Array1D,
    loyalty: Float64Array2D,
    hazard: Float64Array2D,
) -> Counted:
    """Follow the services of some stores by numbers.

    Parameters
    ----------
    services
        As `services_counted` returns them.
    begins
        First period with a line of each store, ``(n_stores,)``.
    vehicles, people
        Registered and planned ones, and their cohorts.
    kinds
        The kinds of items.
    axis
        Periods of history and horizon together.
    busy
        How busy the days are.
    km_per_month_new
        Distance of a new vehicle of each model.
    loyalty, hazard
        Share that comes by store and age in years; chances of leaving by model, summed up to each month of age.
    """
    months, column = months_of_periods(axis)
    stores, pace = counting_stores(services), busy_months(months, busy)
    shortest = kinds.lives.min(axis=1)
    counts = _vehicles_of(vehicles)
    rows, series = [], []
    for store, model in np.unique(np.stack([people.store, people.model]), axis=1).T.tolist():
        mine = np.flatnonzero((people.store == store) & (people.model == model))
        if not stores[store] or not np.isfinite(shortest[:, model].min()):
            continue
        first = int(np.flatnonzero(services[store].sum(axis=0))[0])
        kept = loyalty[store][np.arange(AGES) // 12] * np.exp(-hazard[model][:AGES])
        rows.append((mine, first))
        series.append(
            Series(
                people.registered[mine],
                counts[mine],
                months.first + first,
                services[store, model, first:],
                pace[first:],
                float(shortest[0, model]),
                float(shortest[1, model]),
                float(km_per_month_new[model]),
                kept,
            )
        )
    visits, squares = np.zeros((2, people.store.size, months.count))
    cohorts = np.zeros(people.store.size, dtype=np.bool_)
    for (mine, first), found in zip(rows, counted_visits(series), strict=True):
        visits[mine, first:], squares[mine, first:] = found.visits, found.squares
        cohorts[mine] = True
    share = _share_replaced(kinds, shortest, km_per_month_new)
    return Counted(stores, cohorts, visits[:, column], squares[:, column], share, kinds.of_need, begins)


def counted_singles(counted: Counted, people: Population, corrected: Float64Array2D) -> Singles:
    """Return the calls for service items as groups of a model, a store and a year, as of vehicles one by one.

    Parameters
    ----------
    counted
        As `read_counted` returns it.
    people
        The cohorts.
    corrected
        Correction of each need's calls by age in months, ``(n_needs, AGES)``.
    """
    rows = np.flatnonzero(counted.cohorts)
    keys = np.stack([people.model[rows], people.store[rows], people.registered[rows] // 12])
    groups, code = np.unique(keys, axis=1, return_inverse=True)
    kinds, periods = counted.share.shape[0], counted.visits.shape[1]
    calls, squares = np.zeros((2, kinds, groups.shape[1], periods))
    correction = np.ones((kinds, AGES))
    correction[counted.of_need[counted.of_need >= 0]] = corrected[counted.of_need >= 0]
    for kind in range(kinds):
        share = counted.share[kind][people.model[rows, None], people.age[rows]] * correction[kind][people.age[rows]]
        np.add.at(calls[kind], code.reshape(-1), share * counted.visits[rows])
        np.add.at(squares[kind], code.reshape(-1), np.minimum(share, 1.0) ** 2 * counted.squares[rows])
    return Singles(groups[0], groups[1], groups[2], counted.of_need, calls, squares)


def undated_of(
    counted: Counted,
    names: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]],
    first_need: Int64Array1D,
    fitments: Fitments,
    people: Population,
    loyalty: Float64Array2D,
    needs: NDArray[np.float64],
    groups: Int64Array1D,
    lines: pd.DataFrame,
    axis: PeriodAxis,
    pace: Float64Array1D,
) -> Undated:
    """Return the calls of stores followed by numbers, by need and model and a few months at a time.

    Parameters
    ----------
    counted
        As `read_counted` returns it.
    names
        Of stores, models and parts, behind their codes.
    first_need
        Code of the need that each part's calls count for, ``(n_parts,)``.
    fitments, people, loyalty, needs
        As `forecasting.exposure.calls_by_age` takes them.
    groups
        Group of each age in months, ``(AGES,)``.
    lines
        Demand lines in live numbers.
    axis
        Periods of the history.
    pace
        How busy each of them was, ``(n_periods,)``.
    """
    length = max(round(BLOCK_MONTHS / pace.mean()), 1) if pace.size else 1
    # Counted from the end: only the oldest block is a short one.
    block = (np.arange(axis.count) - axis.count) // length - (-axis.count) // length
    blocks = int(block.max(initial=-1)) + 1
    known = (np.arange(axis.count)[None, :] >= counted.begins[:, None]) & counted.stores[:, None]
    weight = (pace * known)[people.store]
    age = people.age[:, : axis.count]
    coming = people.on_road[:, : axis.count] * loyalty[people.store[:, None], age // 12] * weight
    served = counted.visits[:, : axis.count] * weight
    first_year = int(people.registered.min()) // 12
    year = people.registered // 12 - first_year
    years = int(year.max(initial=0)) + 1
    rows, expected = [], []
    for model in np.unique(fitments.model).tolist():
        cohort = np.flatnonzero((people.model == model) & counted.stores[people.store])
        if not cohort.size:
            continue
        wanted, carried = _carried(fitments, model, first_year, years)
        kind = counted.of_need[wanted]
        by_age = np.where((kind >= 0)[:, None], counted.share[kind, model], needs[wanted, model])
        cell = (year[cohort, None] * blocks + block[None, :]) * AGES + age[cohort]
        for is_served, base in ((False, coming), (True, served)):
            of = np.flatnonzero((kind >= 0) == is_served)
            laid = np.bincount(cell.reshape(-1), weights=base[cohort].reshape(-1), minlength=years * blocks * AGES)
            by_block = (carried[of] @ laid.reshape(years, -1)).reshape(of.size, blocks, AGES) * by_age[of, None, :]
            expected.append(np.add.reduceat(by_block, np.flatnonzero(np.diff(groups, prepend=-1)), axis=2))
            rows += [(need, model) for need in wanted[of].tolist()]
    place = np.full((needs.shape[0], len(names[1])), -1)
    row_need = np.array([need for need, _ in rows], dtype=np.int64)
    place[row_need, [model for _, model in rows]] = np.arange(len(rows))
    part, at_model, store = (coded(lines[name], of) for name, of in _columns(names))
    column = ordinals(lines["opened_on"], axis.kind) - axis.first
    is_mine = (part >= 0) & (at_model >= 0) & (store >= 0) & (column >= 0) & (column < axis.count)
    is_mine &= counted.stores[store]
    row = place[first_need[part[is_mine]], at_model[is_mine]]
    asked = np.zeros((len(rows), blocks))
    np.add.at(asked, (row[row >= 0], block[column[is_mine]][row >= 0]), 1.0)
    return Undated(row_need, asked, np.concatenate(expected) if expected else np.zeros((0, blocks, 1)))


def _columns(names: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]) -> list[tuple[str, tuple[str, ...]]]:
    stores, models, parts = names
    return [("part_no", parts), ("model", models), ("store", stores)]


def _services(
    names: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]], lines: pd.DataFrame, kinds: ServiceKinds
) -> pd.DataFrame:
    """Return ``store, model, month`` of each repair order that has an item of a service on a known model."""
    part, model, store = (coded(lines[name], of) for name, of in _columns(names))
    is_service = (part >= 0) & (model >= 0) & (store >= 0)
    is_service[is_service] = kinds.of_part[part[is_service]] >= 0
    days = lines["opened_on"].dt
    table = pd.DataFrame(
        {"store": store, "model": model, "month": days.year * 12 + days.month - 1, "order_no": lines["order_no"]}
    )[is_service]
    return table.drop_duplicates().drop(columns="order_no").astype(np.int64)


def _vehicles_of(vehicles: Vehicles) -> Float64Array1D:
    """Return how many vehicles were registered in each cohort, in the order of `population.population`."""
    single = np.zeros(vehicles.store.shape, dtype=np.bool_) if vehicles.is_single is None else vehicles.is_single
    keys = np.stack([vehicles.store, vehicles.model, vehicles.registered, single.astype(np.int64)])
    code = np.unique(keys, axis=1, return_inverse=True)[1].reshape(-1)
    return np.asarray(np.bincount(code, weights=vehicles.vehicles), dtype=np.float64)


def _share_replaced(
    kinds: ServiceKinds, shortest: Float64Array2D, km_per_month_new: Float64Array1D
) -> NDArray[np.float64]:
    """Return the share of services that replace an item: its needs beside those of the services, by age."""
    lives = np.concatenate([kinds.lives, shortest[:, None, :]], axis=1).transpose(1, 2, 0)
    found, code = np.unique(lives.reshape(-1, 2), axis=0, return_inverse=True)
    finite = np.isfinite(found.min(axis=1))
    needs = [Need("", NeedKind.INTERVAL, km, months, LATENESS) for km, months in found[finite].tolist()]
    by_age = np.zeros((found.shape[0], km_per_month_new.size, AGES))
    by_age[finite] = needs_by_age(needs, km_per_month_new)
    around = np.pad(by_age, ((0, 0), (0, 0), (_AROUND + 1, _AROUND)), mode="edge").cumsum(axis=2)
    smooth = (around[:, :, 2 * _AROUND + 1 :] - around[:, :, : -2 * _AROUND - 1]) / (2 * _AROUND + 1)
    models = np.arange(km_per_month_new.size)
    each = smooth[code.reshape(lives.shape[:2]), models[None, :]]
    return np.minimum(ratio_of(each[:-1], np.broadcast_to(each[-1:], each[:-1].shape), _LEAST_SERVED), 1.0)


def _carried(fitments: Fitments, model: int, first_year: int, years: int) -> tuple[Int64Array1D, Float64Array2D]:
    """Return the needs of a model's parts, and how many of its parts with each need a year of registration carries."""
    row = np.flatnonzero(fitments.model == model)
    wanted, want = np.unique(fitments.need[row], return_inverse=True)
    low = np.clip(fitments.year_from[row] - first_year, 0, years)
    high = np.maximum(np.clip(fitments.year_to[row] - first_year + 1, 0, years), low)
    steps = np.zeros((wanted.size, years + 1))
    np.add.at(steps, (want, low), 1.0)
    np.add.at(steps, (want, high), -1.0)
    return wanted.astype(np.int64), np.cumsum(steps, axis=1)[:, :years]
