"""Which young vehicles the maker no longer pays for: those that are beyond the kilometres of his warranty.

Model in words. A warranty ends after so many months or so many kilometres K, whichever is first. The months are the
break in the age profile (`age_profile`). Owners differ in distance: at age a they have driven u G(a) kilometres, G the
months' worth of new-car driving (`population`), ln u normal about the model's with spread σ. So of a model

    c(a) = Φ((ln K − ln û − ln G(a)) / σ)          share still within K,     û = u e^(−σ²/2) the middle owner

and a family whose calls are mostly claims is asked for, before its months are over,

    n(a) (c(a) + ψ (1 − c(a)))
    ψ = (y_beyond + s π) / (λ e_beyond + s)        λ = y_within / e_within

y, e: calls read and expected of vehicles beyond and within K; ψ: what goes on beyond it, drawn to π, the share of the
young vehicles' calls that somebody else than the maker pays for anyway; s calls' worth of trust.

K is the least of `LIMITS_KM` beyond which hardly a claim was paid; with few claims the least that Chinese law asks for
(AQSIQ Order No. 150 of 2012, article 17: 60,000 km). σ is that of the store's odometers. The distance law and the two
limits together are those of Lawless, Hu & Cao (1995, Lifetime Data Analysis 1, 227–240); the warranty base that ends
with them is that of Kim, Dekker & Heij (2017, Computers & Industrial Engineering 103, 201–215).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from demand.history import Float64Array1D, Float64Array2D
from forecasting.age_profile import WARRANTY_MONTHS
from forecasting.hazard import OWNER_SPREAD
from forecasting.population import AGES, months_of_driving

LIMITS_KM = (60_000.0, 80_000.0, 100_000.0, 120_000.0, 150_000.0, 200_000.0)
"""Limits that makers promise; the first is the least that is lawful."""
MOST_BEYOND, LEAST_CLAIMS_READ = 0.005, 100
"""Share of the claims that may lie beyond the limit (goodwill, odometers written wrong); claims that show one."""
TRUST_READINGS, TRUST_CALLS = 20.0, 5.0


def limit_of(odometer_km: Float64Array1D) -> float:
    """Return K in kilometres, from the odometers of claims, ``(n_claims,)``."""
    if odometer_km.size < LEAST_CLAIMS_READ:
        return LIMITS_KM[0]
    beyond = [float((odometer_km > limit).mean()) for limit in LIMITS_KM]
    return next((limit for limit, share in zip(LIMITS_KM, beyond, strict=True) if share <= MOST_BEYOND), LIMITS_KM[-1])


def spread_of(odometer_km: Float64Array1D, usual_km: Float64Array1D) -> float:
    """Return σ, from last readings and what a vehicle of that model and age has usually driven, ``(n_vehicles,)``."""
    apart = np.log(np.maximum(odometer_km, 1.0) / usual_km)
    squares = float(((apart - apart.mean()) ** 2).sum()) if apart.size else 0.0
    return float(np.sqrt((squares + TRUST_READINGS * OWNER_SPREAD**2) / (apart.size + TRUST_READINGS)))


def share_within(km_per_month_new: Float64Array1D, spread: float, limit_km: float) -> Float64Array2D:
    """Return c by model and age in months; one from the age on at which the months have ended it, ``(n_models, AGES)``.

    Parameters
    ----------
    km_per_month_new
        u of each model, ``(n_models,)``.
    spread, limit_km
        σ and K.
    """
    middle = km_per_month_new * np.exp(-(spread**2) / 2)
    driven = np.multiply.outer(middle, months_of_driving(np.arange(AGES, dtype=np.float64) + 0.5))
    within = special.ndtr((np.log(limit_km) - np.log(np.maximum(driven, 1e-9))) / spread)
    within[:, WARRANTY_MONTHS:] = 1.0
    return np.asarray(within, dtype=np.float64)


def still_asked(
    asked: tuple[Float64Array1D, Float64Array1D],
    expected: tuple[Float64Array1D, Float64Array1D],
    claimed: Float64Array1D,
) -> NDArray[np.float64]:
    """Return ψ of each family, ``(n_families,)``.

    Parameters
    ----------
    asked
        Calls of young vehicles whose odometer was read, within the limit and beyond it, ``(n_families,)`` each.
    expected
        Calls expected there, on one scale of their own, same shapes.
    claimed
        Share of the calls that are claims, ``(n_families,)``.
    """
    (within, beyond), (e_within, e_beyond) = asked, expected
    level = np.where(e_within > 0, within / np.where(e_within > 0, e_within, 1.0), 0.0)
    goes_on: NDArray[np.float64] = (beyond + TRUST_CALLS * (1 - claimed)) / (level * e_beyond + TRUST_CALLS)
    return np.minimum(goes_on, 1.0)
