"""From vehicles on the road to calls expected: the exposure of every item in every period.

    e(p, s, t) = k(t) Σ_{m, c} N(c, t) R_s(a) n_{p,m}(a)      a = age of cohort c in period t

summed over the models m that carry part p and the cohorts c of the model at store s whose registration year the
fitment names. N: on the road; R: share that comes; n: needs per vehicle and month; k: how busy the period is, in
average months (`busyness`), laid on later for all items alike. Vehicles followed one by one bring calls of their own
(`visits`, `replacements`) in place of their cohort's. Parts that share need and model share the
work: each (need, model) pair is multiplied out once, laid up by store and registration year, and each fitment row
takes the years it names as a difference of two running totals.

How many pieces one call takes (`quantity_per_vehicle`) is no part of it: that is the size of a line.
"""

from __future__ import annotations

import calendar as calendar_of_months
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from demand.history import Float64Array1D, Float64Array2D, Int64Array1D
from demand.periods import PeriodAxis, PeriodKind
from forecasting.population import Population


@dataclass(frozen=True)
class Fitments:
    """Which part goes into which vehicles, as columns; rows in a canonical order.

    Parameters
    ----------
    part, model, need
        Codes, ``(n_rows,)``.
    year_from, year_to
        Registration years that carry it, inclusive.
    """

    part: Int64Array1D
    model: Int64Array1D
    need: Int64Array1D
    year_from: Int64Array1D
    year_to: Int64Array1D


@dataclass(frozen=True)
class PartCalls:
    """Sums per part and store, ``(n_parts, n_stores, n_columns)``; columns are periods, or ages.

    Parameters
    ----------
    vehicles
        On the road that carry the part.
    coming
        Those of them that come to the store.
    calls
        Calls they are expected to make.
    squares
        Σ p² over vehicles followed one by one; 0 for all others, whose calls are pure chance.
    """

    vehicles: NDArray[np.float64]
    coming: NDArray[np.float64]
    calls: NDArray[np.float64]
    squares: NDArray[np.float64]


@dataclass(frozen=True)
class Singles:
    """Calls of vehicles followed one by one, as groups of a model, a store and a year of registration.

    Parameters
    ----------
    model, store, year
        Of each group, ``(n_groups,)``.
    kind_of_need
        Row of each need in `calls`, or −1 where its calls are the cohorts', ``(n_needs,)``.
    calls, squares
        Σ p and Σ p², ``(n_kinds, n_groups, n_periods)``.
    """

    model: Int64Array1D
    store: Int64Array1D
    year: Int64Array1D
    kind_of_need: Int64Array1D
    calls: NDArray[np.float64]
    squares: NDArray[np.float64]


def joined(several: Sequence[Singles]) -> Singles:
    """Return the groups of several as one; all count the same kinds and periods, and at least one is given."""
    of = np.concatenate
    return Singles(
        of([each.model for each in several]),
        of([each.store for each in several]),
        of([each.year for each in several]),
        several[0].kind_of_need,
        of([each.calls for each in several], axis=1),
        of([each.squares for each in several], axis=1),
    )


def middles(axis: PeriodAxis) -> Float64Array1D:
    """Return the middle of each period in months (year × 12 + month − 1 + share of the month)."""
    if axis.kind is PeriodKind.MONTH:
        return np.arange(axis.first, axis.first + axis.count, dtype=np.float64) + 0.5
    return np.array([months_of(monday + timedelta(days=3)) for monday in axis.first_days()[:-1]])


def calls_by_period(
    population: Population,
    fitments: Fitments,
    loyalty: Float64Array2D,
    needs: NDArray[np.float64],
    parts: int,
    singles: Singles | None = None,
) -> PartCalls:
    """Multiply vehicles by their needs, for every part, store and period.

    Parameters
    ----------
    population
        Cohorts by period.
    fitments
        Which part goes into which.
    loyalty
        Share that comes, by store and age in whole years.
    needs
        Calls per vehicle and month, by need, model and age in months.
    parts
        Number of parts.
    singles
        Calls of vehicles followed one by one, in place of their cohorts'.
    """
    return _gathered(population, fitments, loyalty, needs, parts, None, singles)


def calls_by_age(
    population: Population,
    fitments: Fitments,
    loyalty: Float64Array2D,
    needs: NDArray[np.float64],
    parts: int,
    age_group: Int64Array1D,
) -> PartCalls:
    """Multiply vehicles by their needs, summed over the periods, for every part, store and age group.

    Parameters
    ----------
    population, fitments, loyalty, needs, parts
        As for `calls_by_period`; the population covers the history only.
    age_group
        Group of each age in months, ``(AGES,)``.
    """
    return _gathered(population, fitments, loyalty, needs, parts, age_group)


def _gathered(
    population: Population,
    fitments: Fitments,
    loyalty: Float64Array2D,
    needs: NDArray[np.float64],
    parts: int,
    age_group: Int64Array1D | None,
    singles: Singles | None = None,
) -> PartCalls:
    stores = loyalty.shape[0]
    years = population.registered // 12
    first_year = int(years.min()) if years.size else 0
    year_count = int(years.max()) - first_year + 1 if years.size else 0
    columns = population.on_road.shape[1] if age_group is None else int(age_group.max()) + 1
    result = np.zeros((4, parts, stores, columns))
    low = np.clip(fitments.year_from - first_year, 0, year_count)
    high = np.maximum(np.clip(fitments.year_to - first_year + 1, 0, year_count), low)
    for model in np.unique(fitments.model):
        cohort = np.flatnonzero(population.model == model)
        rows = np.flatnonzero(fitments.model == model)
        if not cohort.size:
            continue
        wanted, want = np.unique(fitments.need[rows], return_inverse=True)
        age, on_road = population.age[cohort], population.on_road[cohort]
        coming = on_road * loyalty[population.store[cohort][:, None], age // 12]
        place = (years[cohort] - first_year) * stores + population.store[cohort]
        need = needs[wanted, model]
        if age_group is None:
            by_want = need[:, age] * coming
            mine = wanted[singles.kind_of_need[wanted] >= 0] if singles is not None else wanted[:0]
            by_want[np.isin(wanted, mine)] *= ~population.is_single[cohort][:, None]
            laid = [_laid(amount, place, year_count * stores) for amount in (on_road[None], coming[None], by_want)]
            laid.append(np.zeros_like(laid[2]))
            if singles is not None and mine.size:
                group = np.flatnonzero(singles.model == model)
                at = (singles.year[group] - first_year) * stores + singles.store[group]
                for want_place in np.flatnonzero(np.isin(wanted, mine)):
                    kind = singles.kind_of_need[wanted[want_place]]
                    laid[2][want_place, at] += singles.calls[kind, group]
                    laid[3][want_place, at] += singles.squares[kind, group]
        else:
            laid = _laid_by_age(on_road, coming, need, place, age, age_group, year_count * stores)
        for layer, amount in enumerate(laid):
            running = np.zeros((amount.shape[0], year_count + 1, stores, columns))
            np.cumsum(amount.reshape(amount.shape[0], year_count, stores, columns), axis=1, out=running[:, 1:])
            which = want if layer >= 2 else np.zeros_like(want)
            np.add.at(result[layer], fitments.part[rows], running[which, high[rows]] - running[which, low[rows]])
    np.maximum(result, 0, out=result)  # a difference of running totals may miss zero by a rounding
    return PartCalls(result[0], result[1], result[2], result[3])


def _laid(amount: NDArray[np.float64], place: Int64Array1D, places: int) -> NDArray[np.float64]:
    """Return sums over the cohorts of each place, ``(n, places, n_columns)``, of ``(n, n_cohorts, n_columns)``."""
    order = np.argsort(place, kind="stable")
    found, starts = np.unique(place[order], return_index=True)
    laid = np.zeros((amount.shape[0], places, amount.shape[2]))
    laid[:, found] = np.add.reduceat(amount[:, order], starts, axis=1)
    return laid


def _laid_by_age(
    on_road: Float64Array2D,
    coming: Float64Array2D,
    need: Float64Array2D,
    place: Int64Array1D,
    age: NDArray[np.int64],
    age_group: Int64Array1D,
    places: int,
) -> list[NDArray[np.float64]]:
    """Return vehicles, those that come, and their calls by place and age group; groups are runs of ages."""
    ages = age_group.size
    cell = (place[:, None] * ages + age).reshape(-1)
    both = [np.bincount(cell, weights=each.reshape(-1), minlength=places * ages) for each in (on_road, coming)]
    starts = np.flatnonzero(np.diff(age_group, prepend=-1))
    vehicles, customers = (each.reshape(1, places, ages) for each in both)
    return [np.add.reduceat(layer, starts, axis=2) for layer in (vehicles, customers, customers * need[:, None, :])]


def months_of(day: date) -> float:
    """Return a day as months: year × 12 + month − 1 + share of the month gone.

    >>> months_of(date(2026, 6, 16))
    24317.5
    """
    days_in_month = calendar_of_months.monthrange(day.year, day.month)[1]
    return day.year * 12 + day.month - 1 + (day.day - 1) / days_in_month
