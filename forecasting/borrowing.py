"""What a part is asked for in other stores tells what it will be asked for in this one.

Model in words. A part's own multiplier is mostly the part's: how often it breaks is settled at the works. So before a
store's own calls speak, those of the same part in all other stores do:

    elsewhere   Gamma(A + κ Y, A + κ E)      Y, E: calls and expected calls of the part in the other stores
    here        mean m = (A + κ Y) / (A + κ E),     strength 1 / (1 / (A + κ Y) + 1 / B)

A: the family's prior strength; B: how alike stores are, in calls; κ: the weight of evidence that clings together, as in
`filters`. A store's own calls are left out, so nothing is counted twice. With one store nothing is borrowed.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from demand.history import Float64Array1D, Float64Array2D, Int64Array1D, Int64Array2D
from forecasting.filters import Behaviour

STORES_ALIKE = 25.0
"""B: two stores' multipliers of one part differ by about 1/√B = 20 %."""


def borrowed(
    calls: Int64Array2D, possible: Float64Array2D, behaviour: Behaviour, part: Int64Array1D
) -> tuple[Float64Array1D, Behaviour]:
    """Return what to multiply each item's exposure by, and the behaviour with the strength that goes with it.

    Parameters
    ----------
    calls, possible
        y and e v, ``(n_items, n_periods)``.
    behaviour
        Of each item's family.
    part
        Code of each item's part, ``(n_items,)``.
    """
    weight = 1 / (1 + behaviour.dispersion * possible.mean(axis=1)) if possible.shape[1] else np.ones(part.shape)
    asked, expected = weight * calls.sum(axis=1), weight * possible.sum(axis=1)
    elsewhere, chance = (np.bincount(part, weights=each)[part] - each for each in (asked, expected))
    known = behaviour.strength + np.maximum(elsewhere, 0)
    level = known / (behaviour.strength + np.maximum(chance, 0))
    strength = np.where(
        chance > 0, 1 / (1 / known + 1 / np.maximum(STORES_ALIKE, behaviour.strength)), behaviour.strength
    )
    return level, replace(
        behaviour, strength=np.minimum(np.maximum(strength, 0.0), np.maximum(known, behaviour.strength))
    )
