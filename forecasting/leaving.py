"""How soon vehicles leave the road here: the published lives, moved by the vehicles that are told to have left.

Model in words. The published curve says how likely a vehicle of age a is to leave in its next month; H(a) is the sum of
these chances up to an age. A store that writes down when vehicles leave shows how many did, D, beside how many should
have by the published curve, E = Σ H(age at the end) − H(age when watching began). In a group of vehicles

    θ = (D + s) / (E + s)               the group leaves θ times as fast as those it is drawn to
    S(a) = exp(−∫ θ dH)

groups being all vehicles, each stretch of age, each powertrain, each model: their θ multiply, and each is fitted beside
the others, turn by turn. Observed over expected with a gamma prior is the relative risk of Clayton & Kaldor (1987,
Biometrics 43(3), empirical Bayes estimates of age-standardised relative risks); s departures of trust draw hard, for
few vehicles leave in a year.

What is learnt from what. Survival and loyalty multiply, and a vehicle that stays away shows neither: it may be
scrapped, or served elsewhere. So survival is learnt from told leaving alone, and loyalty from visits alone, each where
the other can't reach it:

- at a store that tells of leaving, a vehicle is here until it is told to have left, and S is how soon that is told.
  Those that left untold stay in the count, never come, and are in the loyalty of their age, where visits put them;
- at a store that tells of none, S is the curve of those that tell, or else the published one, from the day a vehicle
  was last seen (it was on the road then), and loyalty is the visits over the vehicles that S leaves (`population`).

Watching begins with the first leaving that a store tells of, which itself proves only that watching has begun.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from demand.history import Float64Array1D, Float64Array2D, Int64Array1D

SCALE_YEARS, SHAPE = 14.8, 3.14
"""Weibull fit of the passenger-car table of NHTSA (2006), Vehicle survivability and travel mileage schedules."""
AGE_EDGES_MONTHS = (48.0, 96.0, 144.0)
"""Stretches of age that may have a θ of their own."""
TRUST_DEPARTURES = 20.0
"""s."""
_ROUNDS = 20


def published_hazard(age_months: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return H, the published chances of leaving summed up to an age in months; same shape."""
    total: NDArray[np.float64] = (np.maximum(age_months, 0) / 12 / SCALE_YEARS) ** SHAPE
    return total


def hazards(
    model: Int64Array1D,
    begins: Float64Array1D,
    ends: Float64Array1D,
    has_left: NDArray[np.bool_],
    powertrain: Int64Array1D,
    ages: int,
) -> Float64Array2D:
    """Return each model's chances of leaving summed up to each whole month of age, ``(n_models, ages + 1)``.

    Parameters
    ----------
    model
        Code of each vehicle of a store that tells of leaving, ``(n_vehicles,)``; none leaves the published curve.
    begins, ends
        Age in months when watching began, and when the vehicle left or is known to be here, same shape.
    has_left
        Whether it left at the end.
    powertrain
        Code of each model's powertrain, ``(n_models,)``.
    ages
        Months of age counted.
    """
    edges = np.array([0.0, *AGE_EDGES_MONTHS, np.inf])
    low, high = np.maximum(begins[:, None], edges[:-1]), np.minimum(ends[:, None], edges[1:])
    expected = np.where(high > low, published_hazard(high) - published_hazard(low), 0.0)
    stretch = np.searchsorted(edges, ends, side="left") - 1
    left = np.zeros(expected.shape)
    left[np.flatnonzero(has_left), np.maximum(stretch[has_left], 0)] = 1.0
    shape = (powertrain.size, edges.size - 1)
    told, due = np.zeros((2, *shape))
    np.add.at(told, model, left)
    np.add.at(due, model, expected)
    by_stretch, by_powertrain = np.meshgrid(np.arange(shape[1]), powertrain)
    by_model = np.repeat(np.arange(shape[0])[:, None], shape[1], axis=1)
    groups = [code.reshape(-1) for code in (np.zeros(shape, dtype=np.int64), by_stretch, by_powertrain, by_model)]
    ratio = _ratios(told.reshape(-1), due.reshape(-1), groups).reshape(shape)
    months = np.arange(ages + 1, dtype=np.float64)
    steps = np.diff(published_hazard(months)) * ratio[:, np.searchsorted(edges[1:], months[:-1], side="right")]
    return np.concatenate([np.zeros((shape[0], 1)), np.cumsum(steps, axis=1)], axis=1)


def _ratios(told: Float64Array1D, due: Float64Array1D, groups: list[Int64Array1D]) -> Float64Array1D:
    """Return the product of θ of all groups of each cell, each fitted beside the others, ``(n_cells,)``."""
    each = np.ones((len(groups), told.size))
    for _ in range(_ROUNDS):
        for place, code in enumerate(groups):
            others = np.delete(each, place, axis=0).prod(axis=0)
            seen, possible = (np.bincount(code, weights=amount) for amount in (told, due * others))
            each[place] = ((seen + TRUST_DEPARTURES) / (possible + TRUST_DEPARTURES))[code]
    ratio: Float64Array1D = each.prod(axis=0)
    return ratio


def surviving(hazard: Float64Array2D, model: NDArray[np.int64], age_months: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return S of vehicles of some models at ages in months, any one shape; beyond the last age, that of the last."""
    age = np.clip(age_months, 0, hazard.shape[1] - 1)
    whole = np.minimum(age.astype(np.int64), hazard.shape[1] - 2)
    below, above = hazard[model, whole], hazard[model, whole + 1]
    kept: NDArray[np.float64] = np.exp(-(below + (above - below) * (age - whole)))
    return kept
