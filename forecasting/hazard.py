"""How often a vehicle of a given age needs a part: one renewal process per kind of need, on the part's own clock.

Model in words. Every need has a clock that runs with the vehicle: with its kilometres, with the calendar, or with
whichever is further on. Needs come when the clock has run one life, with some spread, and start again at zero. So one
renewal function per spread serves every part; a part differs only in how fast its clock runs.

    clock         Φ(a) = ∫₀ᵃ max(km'(x) / X, 1 / M) dx        X, M: life in km and in months, either may be absent
    needs         n(a) = H(Φ(a + 1)) − H(Φ(a))                calls per vehicle in the month of age a
    renewal       H(φ) = F(φ) + ∫₀^φ H(φ − x) dF(x)           Cox (1962), Renewal Theory, eq. 4.2.1

F has scale one: lognormal lateness for what the service book prescribes, Weibull for what wears or fails. Owners
differ in distance: the result is the mean over five of them, lognormal with spread 0.35.

Starting lives are published ranges: service intervals of Chinese makers' portals; pads 30–60, tyres 50–80 thousand km;
batteries 3–5 years with Weibull shape 3.7; shapes 1.2–2 for pumps and electrics. Their level does not matter, for
each family's rate is learnt from its lines; their shape over age is corrected by `age_profile`.

It does not know seasons (`season`), nor single vehicles (`visits`, `replacements`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy import special

from demand.history import Float64Array1D
from forecasting.population import AGES, months_of_driving

Float64Array3D = NDArray[np.float64]

LATENESS = 0.2
"""Standard deviation of the logarithm of (when a service was done) / (when it was due)."""
OWNER_SPREAD = 0.35
_OWNER_SCORES = np.array([-1.2816, -0.5244, 0.0, 0.5244, 1.2816])
_STEP, _LIVES = 0.02, 12.0


class NeedKind(StrEnum):
    """What makes a vehicle need a part."""

    INTERVAL = "interval"
    WEAR = "wear"
    FAILURE = "failure"
    COLLISION = "collision"
    ACCESSORY = "accessory"
    COUNTER = "counter"
    """No vehicle is known to carry it: it is asked for over the counter."""


@dataclass(frozen=True, order=True)
class Need:
    """One kind of need.

    Parameters
    ----------
    category
        The part's category; with the kind it names the family.
    kind
        What makes a vehicle need it.
    life_km, life_months
        X and M; infinite where that clock does not count.
    spread
        Standard deviation of log lateness for an interval item, Weibull shape otherwise.
    """

    category: str
    kind: NeedKind
    life_km: float
    life_months: float
    spread: float

    @property
    def family(self) -> str:
        """Name of the family whose members share an age profile and a behaviour."""
        return self.category if self.kind is NeedKind.COUNTER else f"{self.category}/{self.kind}"


_BY_CATEGORY = {
    "maintenance": (NeedKind.INTERVAL, 20_000.0, 24.0, LATENESS),
    "fluid": (NeedKind.INTERVAL, 40_000.0, 24.0, LATENESS),
    "wear": (NeedKind.WEAR, 80_000.0, np.inf, 2.0),
    "tyre": (NeedKind.WEAR, 60_000.0, np.inf, 3.5),
    "battery": (NeedKind.WEAR, np.inf, 48.0, 3.7),
    "repair": (NeedKind.FAILURE, 300_000.0, np.inf, 1.5),
    "collision": (NeedKind.COLLISION, 300_000.0, np.inf, 1.0),
    "accessory": (NeedKind.ACCESSORY, np.inf, 600.0, 1.0),
}


def need_of(category: str, interval_km: float, interval_months: float) -> Need:
    """Return what is needed of a part, from its category and its fitment's interval alone.

    Parameters
    ----------
    category
        As in the parts table; an unknown one is taken as a repair part.
    interval_km, interval_months
        Of the fitment; infinite where it has none.

    >>> need_of("battery", float("inf"), float("inf")).family
    'battery/wear'
    """
    if np.isfinite(interval_km) or np.isfinite(interval_months):
        return Need(category, NeedKind.INTERVAL, interval_km, interval_months, LATENESS)
    return Need(category, *_BY_CATEGORY.get(category, _BY_CATEGORY["repair"]))


def owners_distance() -> Float64Array1D:
    """Return how far each of the owners that stand for all drives beside their mean, ``(5,)``."""
    owners = np.exp(OWNER_SPREAD * _OWNER_SCORES)
    return np.asarray(owners / owners.mean(), dtype=np.float64)


def needs_by_age(needs: Sequence[Need], km_per_month_new: Float64Array1D) -> Float64Array3D:
    """Return calls per vehicle and month of age.

    Parameters
    ----------
    needs
        The kinds of need.
    km_per_month_new
        Distance of a new vehicle of each model, ``(n_models,)``.

    Returns
    -------
    ndarray, shape ``(n_needs, n_models, AGES)``
    """
    owners = owners_distance()
    edges = np.arange(AGES + 1, dtype=np.float64)
    km = np.multiply.outer(np.multiply.outer(km_per_month_new, owners), months_of_driving(edges))
    result = np.zeros((len(needs), km_per_month_new.size, AGES))
    for i, need in enumerate(needs):
        advance = np.diff(km, axis=-1) / need.life_km
        if np.isfinite(need.life_months):
            advance = np.maximum(advance, 1 / need.life_months)
        clock = np.concatenate([np.zeros((*advance.shape[:2], 1)), np.cumsum(advance, axis=-1)], axis=-1)
        result[i] = np.diff(renewals(clock, need), axis=-1).mean(axis=1)
        if need.kind is NeedKind.ACCESSORY:
            result[i] += 0.5 * np.exp(-edges[:-1] / 1.5)  # most are fitted with the new car, or soon after
    return result


def renewals(clock: NDArray[np.float64], need: Need) -> NDArray[np.float64]:
    """Return H(φ), the needs expected by a clock reading in lives, any shape."""
    grid = np.arange(0.0, _LIVES + _STEP / 2, _STEP)
    if need.kind is NeedKind.INTERVAL:
        with np.errstate(divide="ignore"):
            reached = special.ndtr(np.log(grid) / need.spread)
        mean_life = float(np.exp(need.spread**2 / 2))
    else:
        reached = -np.expm1(-(grid**need.spread))
        mean_life = float(special.gamma(1 + 1 / need.spread))
    density = np.diff(reached)
    expected = np.zeros(grid.size)
    for i in range(1, grid.size):
        # A life that ends inside a step is taken to end in its middle; its first step holds the unknown on both sides.
        earlier = (expected[i - 1 :: -1] + expected[i:0:-1]) / 2
        expected[i] = (reached[i] + density[:i] @ earlier) / (1 - density[0] / 2)
    beyond = np.maximum(clock - _LIVES, 0) / mean_life
    return np.interp(clock, grid, expected) + beyond
