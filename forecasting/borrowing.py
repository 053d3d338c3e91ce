"""What a part is asked for in other stores tells what it will be asked for in this one.

Model in words. A part's own multiplier is mostly the part's: how often it breaks is settled at the works. So before a
store's own calls speak, those of the same part in all other stores do:

    elsewhere   Gamma(A + κ Y, A + κ E)      Y, E: calls and expected calls of the part in the other stores
    here        mean m = (A + κ Y) / (A + κ E),     strength 1 / (1 / (A + κ Y) + 1 / B)

A: the family's prior strength; B: how alike stores are, in calls; κ: the weight of evidence that clings together, as in
`filters`. A store's own calls are left out, so nothing is counted twice. With one store nothing is borrowed.

How large a store is stands in its exposure, which comes from vehicles. A bare panel tells nothing of it, and a part
sold by the dozen in one store is sold one by one in another: there nothing is borrowed, and the family speaks first.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from demand.history import Float64Array1D, Int64Array1D
from forecasting.filters import Behaviour

STORES_ALIKE = 25.0
"""B: two stores' multipliers of one part differ by about 1/√B = 20 %."""


def borrowed(
    asked: Float64Array1D, possible: Float64Array1D, periods: int, behaviour: Behaviour, part: Int64Array1D
) -> tuple[Float64Array1D, Behaviour]:
    """Return what to multiply each item's exposure by, and the behaviour with the strength that goes with it.

    Parameters
    ----------
    asked, possible
        Σ y and Σ e v over the periods, ``(n_items,)``.
    periods
        Number of periods.
    behaviour
        Of each item's family.
    part
        Code of each item's part, ``(n_items,)``.
    """
    weight = 1 / (1 + behaviour.dispersion * possible / max(periods, 1))
    elsewhere, chance = (np.bincount(part, weights=each)[part] - each for each in (weight * asked, weight * possible))
    known = behaviour.strength + np.maximum(elsewhere, 0)
    level = known / (behaviour.strength + np.maximum(chance, 0))
    strength = np.where(
        chance > 0, 1 / (1 / known + 1 / np.maximum(STORES_ALIKE, behaviour.strength)), behaviour.strength
    )
    return level, replace(
        behaviour, strength=np.minimum(np.maximum(strength, 0.0), np.maximum(known, behaviour.strength))
    )
