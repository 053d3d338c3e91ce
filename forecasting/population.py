"""The vehicles on the road around each store, how far they go, and how many still come.

Model in words. Vehicles of a store and model, first registered in the same month, are one *cohort*. A cohort shrinks
as vehicles are scrapped or leave; of those left, a share falling with age still comes to the store; each drives less
every year.

    on the road   N(c, t) = Σ of the vehicles registered and not known to have left by t,  each S(a_t) / S(a_seen)
    survival      S(a) as told leaving moves the published curve      see `leaving`
    loyalty       R(a) = 0.20 + 0.55 exp(−max(a − 3, 0) / 2.5)        after J.D. Power (2004) and Cox (2025) shares
    distance      d(a) = u · 0.96^a km a month                        NHTSA (2006): 3 to 4.5 % less each year

a_seen: age at which the vehicle is known to have been on the road: today's, where leaving is told; that of its last
visit, or of its registration, where it is not. The published curves are only where the store's own evidence is drawn
to. Loyalty at an age becomes (k + s R(a)) / (n + s), with k of n vehicles of that age seen in the last twelve months, n
counting those that S leaves on the road; the distance of a model when new becomes (Σ odometer + s d̄ g) / (Σ G + s g),
with G(a) = ∫ 0.96^x dx the months' worth of new-car driving done by age a.

It does not follow a single vehicle into the future, nor vehicles bought elsewhere that were never registered here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demand.history import Float64Array1D, Float64Array2D, Int64Array1D, Int64Array2D
from forecasting.leaving import surviving

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
    seen
        Moment in months up to which the row is known to be on the road, unless it has left: from then on survival takes
        vehicles away; `NEVER` where leaving would be told, so that it is today.
    is_single
        True where a row is one vehicle whose visits are followed; nowhere where None.
    """

    store: Int64Array1D
    model: Int64Array1D
    registered: Int64Array1D
    left: Int64Array1D
    vehicles: Int64Array1D
    seen: Float64Array1D
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


def population(vehicles: Vehicles, hazard: Float64Array2D, middles: Float64Array1D, now: float) -> Population:
    """Count each cohort in each period.

    Parameters
    ----------
    vehicles
        Registered in the past, or planned for the future.
    hazard
        Chances of leaving summed up to each month of age, ``(n_models, AGES + 1)`` (`leaving.hazards`).
    middles
        Middle of each period in months, such as 24317.5 for June 2026, ``(n_periods,)``.
    now
        The origin, in months: leaving is known before it and expected after it.
    """
    single = np.zeros(vehicles.store.shape, dtype=np.bool_) if vehicles.is_single is None else vehicles.is_single
    keys = np.stack([vehicles.store, vehicles.model, vehicles.registered, single.astype(np.int64)])
    cohorts, code = np.unique(keys, axis=1, return_inverse=True)
    store, model, registered, is_single = cohorts
    code = code.reshape(-1)
    seen = np.maximum(np.minimum(vehicles.seen, now), vehicles.registered + 0.5)
    began = np.searchsorted(middles, seen, side="right")
    gone = np.searchsorted(middles, vehicles.left + 0.5)
    share = surviving(hazard, vehicles.model, seen - vehicles.registered - 0.5)
    # Up to the moment it was seen a vehicle counts as itself; later as its chance to be here still.
    certain, thinned = np.zeros((2, cohorts.shape[1], middles.size + 1))
    here = (code, np.zeros_like(code))
    np.add.at(certain, here, vehicles.vehicles)
    np.add.at(certain, (code, np.minimum(began, gone)), -vehicles.vehicles)
    np.add.at(thinned, (code, np.minimum(began, gone)), vehicles.vehicles / np.maximum(share, 1e-12))
    np.add.at(thinned, (code, gone), -vehicles.vehicles / np.maximum(share, 1e-12))
    age = middles[None, :] - registered[:, None] - 0.5
    left = surviving(hazard, np.broadcast_to(model[:, None], age.shape), age)
    on_road = np.cumsum(certain, axis=1)[:, :-1] + left * np.cumsum(thinned, axis=1)[:, :-1]
    on_road[age < -0.5] = 0
    np.maximum(on_road, 0, out=on_road)  # a difference of running totals may miss zero by a rounding
    ages = np.clip(np.floor(age + 0.5), 0, AGES - 1).astype(np.int64)
    return Population(store, model, registered, on_road, ages, is_single == 1)


def loyalty(
    store: Int64Array1D,
    age_months: Float64Array1D,
    was_seen: NDArray[np.bool_],
    here: Float64Array1D,
    stores: int,
    level: float = 1.0,
) -> Float64Array2D:
    """Return the share of vehicles that come, by store and age in whole years, ``(stores, OLDEST_YEARS)``.

    Parameters
    ----------
    store, age_months, was_seen
        Of each vehicle on the road a year or longer: its store, its age in the middle of the last twelve months, and
        whether it came in them, ``(n_vehicles,)``. None at all leaves the published curve.
    here
        Chance that it was on the road then, as far as was known before these months, same shape.
    stores
        Number of stores.
    level
        What the published curve is multiplied by before the store's own evidence.
    """
    year = np.clip(age_months / 12, 0, OLDEST_YEARS - 1).astype(np.int64)
    counted = np.bincount(store * OLDEST_YEARS + year, weights=here, minlength=stores * OLDEST_YEARS).reshape(
        stores, OLDEST_YEARS
    )
    seen = np.bincount(store * OLDEST_YEARS + year, weights=was_seen, minlength=stores * OLDEST_YEARS).reshape(
        stores, OLDEST_YEARS
    )
    curve = np.minimum(published_loyalty() * level, 1.0)
    expected = (counted.sum(axis=0) * curve).sum()
    own = (seen.sum() + LOYALTY_PRIOR_VEHICLES) / (expected + LOYALTY_PRIOR_VEHICLES)
    curve = np.minimum(curve * own, 1.0)
    everywhere = (seen.sum(axis=0) + LOYALTY_PRIOR_VEHICLES * curve) / (counted.sum(axis=0) + LOYALTY_PRIOR_VEHICLES)
    share: Float64Array2D = (seen + LOYALTY_PRIOR_VEHICLES * everywhere) / (counted + LOYALTY_PRIOR_VEHICLES)
    return np.minimum(share, 1.0)  # more may have come than were thought to be here


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
