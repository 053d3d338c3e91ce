"""The vehicles on the road around each store, how far they go, and how many still come.

Model in words. Vehicles of a store and model, first registered in the same month, are one *cohort*. A cohort shrinks
as vehicles are scrapped or leave; of those left, a share falling with age still comes to the store; each drives less
every year.

    on the road   N(c, t) = registered − known to have left by t,  then N(c, now) S(a_t) / S(a_now) for the future
    survival      S(a) = exp(−(a / 14.8)^3.14), a in years            NHTSA (2006) passenger-car table, Weibull fit
    loyalty       R(a) = 0.20 + 0.55 exp(−max(a − 3, 0) / 2.5)        after J.D. Power (2004) and Cox (2025) shares
    distance      d(a) = u · 0.96^a km a month                        NHTSA (2006): 3 to 4.5 % less each year

The published curves are only where the store's own evidence is drawn to. Loyalty at an age becomes
(k + s R(a)) / (n + s), with k of n vehicles of that age seen in the last twelve months; the distance of a model
when new becomes (Σ odometer + s d̄ g) / (Σ G + s g), with G(a) = ∫ 0.96^x dx the months' worth of new-car driving
done by age a.

It does not follow a single vehicle into the future, nor vehicles bought elsewhere that were never registered here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demand.history import Float64Array1D, Float64Array2D, Int64Array1D, Int64Array2D

SURVIVAL_SCALE_YEARS, SURVIVAL_SHAPE = 14.8, 3.14
LOYALTY_NEW, LOYALTY_OLD, LOYALTY_HELD_YEARS, LOYALTY_FALL_YEARS = 0.75, 0.20, 3.0, 2.5
KM_PER_MONTH_NEW = 13_000 / 12
"""Private cars in China, 10 to 15 thousand km a year: a starting point that odometers soon outweigh."""
DISTANCE_KEPT_PER_YEAR = 0.96
LOYALTY_PRIOR_VEHICLES = 20.0
USAGE_PRIOR_VEHICLES = 20.0
OLDEST_YEARS = 40
AGES = OLDEST_YEARS * 12
"""Ages are counted in whole months, 0 … `AGES` − 1; the last one stands for all older vehicles."""
NEVER = 10**9


@dataclass(frozen=True)
class Vehicles:
    """Vehicles as columns; a row is one vehicle, or a count of like ones.

    Parameters
    ----------
    store, model
        Codes, ``(n_rows,)``.
    registered, left
        Months of first registration and of leaving, as month ordinals (year × 12 + month − 1); `NEVER` while here.
    vehicles
        How many the row stands for.
    is_followed
        False where leaving would not be known (a count of registrations, or a store that never notes it): then the
        survival curve takes vehicles away from the start.
    is_single
        True where a row is one vehicle whose visits are followed; nowhere where None.
    """

    store: Int64Array1D
    model: Int64Array1D
    registered: Int64Array1D
    left: Int64Array1D
    vehicles: Int64Array1D
    is_followed: NDArray[np.bool_]
    is_single: NDArray[np.bool_] | None = None


@dataclass(frozen=True)
class Population:
    """Cohorts, and how many of each are on the road in each period.

    Parameters
    ----------
    store, model, registered
        Codes and registration month ordinal of each cohort, ``(n_cohorts,)``, sorted.
    on_road
        Vehicles in the middle of each period, ``(n_cohorts, n_periods)``.
    age
        Whole months since registration then, same shape, in [0, `AGES`).
    is_single
        Whether the cohort's vehicles are followed one by one, ``(n_cohorts,)``.
    """

    store: Int64Array1D
    model: Int64Array1D
    registered: Int64Array1D
    on_road: Float64Array2D
    age: Int64Array2D
    is_single: NDArray[np.bool_]


def survival(age_months: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the share of vehicles still on the road at an age in months."""
    kept: NDArray[np.float64] = np.exp(-((np.maximum(age_months, 0) / 12 / SURVIVAL_SCALE_YEARS) ** SURVIVAL_SHAPE))
    return kept


def published_loyalty() -> Float64Array1D:
    """Return the share of vehicles that come to the selling dealer, by age in whole years, ``(OLDEST_YEARS,)``."""
    beyond = np.maximum(np.arange(OLDEST_YEARS) + 0.5 - LOYALTY_HELD_YEARS, 0)
    share: Float64Array1D = LOYALTY_OLD + (LOYALTY_NEW - LOYALTY_OLD) * np.exp(-beyond / LOYALTY_FALL_YEARS)
    return share


def months_of_driving(age_months: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return G(a): kilometres driven by an age, in months' worth of new-car driving."""
    fall = -np.log(DISTANCE_KEPT_PER_YEAR) / 12
    done: NDArray[np.float64] = -np.expm1(-fall * np.maximum(age_months, 0)) / fall
    return done


def population(vehicles: Vehicles, middles: Float64Array1D, now: float) -> Population:
    """Count each cohort in each period.

    Parameters
    ----------
    vehicles
        Registered in the past, or planned for the future.
    middles
        Middle of each period in months, such as 24317.5 for June 2026, ``(n_periods,)``.
    now
        The origin, in months: leaving is known before it and expected after it.
    """
    single = np.zeros(vehicles.store.shape, dtype=np.bool_) if vehicles.is_single is None else vehicles.is_single
    known = [vehicles.is_followed.astype(np.int64), single.astype(np.int64)]
    keys = np.stack([vehicles.store, vehicles.model, vehicles.registered, *known])
    cohorts, code = np.unique(keys, axis=1, return_inverse=True)
    store, model, registered, is_followed, is_single = cohorts
    count, periods = cohorts.shape[1], middles.size
    code = code.reshape(-1)
    arrived = np.bincount(code, weights=vehicles.vehicles, minlength=count)
    gone = np.zeros((count, periods + 1))
    np.add.at(gone, (code, np.searchsorted(middles, vehicles.left + 0.5)), vehicles.vehicles)
    here = arrived[:, None] - np.cumsum(gone, axis=1)[:, :periods]
    age = middles[None, :] - registered[:, None] - 0.5
    age_now = np.maximum(now - registered - 0.5, 0)[:, None]
    known_until = np.where(is_followed[:, None] == 1, age_now, 0.0)
    here *= survival(age) / np.maximum(survival(np.minimum(age, known_until)), 1e-12)
    here[age < -0.5] = 0
    ages = np.clip(np.floor(age + 0.5), 0, AGES - 1).astype(np.int64)
    return Population(store, model, registered, here, ages, is_single == 1)


def loyalty(
    store: Int64Array1D, age_months: Float64Array1D, was_seen: NDArray[np.bool_], stores: int, level: float = 1.0
) -> Float64Array2D:
    """Return the share of vehicles that come, by store and age in whole years, ``(stores, OLDEST_YEARS)``.

    Parameters
    ----------
    store, age_months, was_seen
        Of each vehicle on the road a year or longer: its store, its age in the middle of the last twelve months, and
        whether it came in them, ``(n_vehicles,)``. None at all leaves the published curve.
    stores
        Number of stores.
    level
        What the published curve is multiplied by before the store's own evidence.
    """
    year = np.clip(age_months / 12, 0, OLDEST_YEARS - 1).astype(np.int64)
    counted = np.bincount(store * OLDEST_YEARS + year, minlength=stores * OLDEST_YEARS).reshape(stores, OLDEST_YEARS)
    seen = np.bincount(store * OLDEST_YEARS + year, weights=was_seen, minlength=stores * OLDEST_YEARS).reshape(
        stores, OLDEST_YEARS
    )
    curve = np.minimum(published_loyalty() * level, 1.0)
    expected = (counted.sum(axis=0) * curve).sum()
    own = (seen.sum() + LOYALTY_PRIOR_VEHICLES) / (expected + LOYALTY_PRIOR_VEHICLES)
    curve = np.minimum(curve * own, 1.0)
    everywhere = (seen.sum(axis=0) + LOYALTY_PRIOR_VEHICLES * curve) / (counted.sum(axis=0) + LOYALTY_PRIOR_VEHICLES)
    share: Float64Array2D = (seen + LOYALTY_PRIOR_VEHICLES * everywhere) / (counted + LOYALTY_PRIOR_VEHICLES)
    return share


def usage(model: Int64Array1D, age_months: Float64Array1D, odometer_km: Float64Array1D, models: int) -> Float64Array1D:
    """Return the kilometres a month of a new vehicle of each model, ``(models,)``.

    Parameters
    ----------
    model, age_months, odometer_km
        The last reading of each vehicle, ``(n_vehicles,)``.
    models
        Number of models.
    """
    driven = months_of_driving(age_months)
    typical = USAGE_PRIOR_VEHICLES * 24.0
    whole = (odometer_km.sum() + typical * KM_PER_MONTH_NEW) / (driven.sum() + typical)
    distance = np.bincount(model, weights=odometer_km, minlength=models)
    worth = np.bincount(model, weights=driven, minlength=models)
    distance_new: Float64Array1D = (distance + typical * whole) / (worth + typical)
    return distance_new
