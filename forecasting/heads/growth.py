"""How far what all parts did together is taken to go on.

A head is fitted on earlier origins, and what all items did after these is in its constant: after a dip it expects
another. Where origins are many that is what the panel usually does. Where they are few, or their stretches almost one,
it is one spring that does not come again, so the constant is drawn towards no growth as far as few origins show it:

    g_o = log(Σ y / Σ L m)      at origin o, over its items; m the mean of their last year
    η ← η − ḡ K / (K + k)       ḡ = Σ w_o g_o / Σ w_o,    k = (Σ w_o)² / Σ w_o² / L

y demand over L periods, w_o weight of the origin, η the head's predictor, k how many origins there are that share no
period, K `TRUST` origins' worth of no growth. It is the posterior mean of a lasting growth beside chance ones (Lindley
& Smith 1972, J. Royal Statistical Society B 34(1)). For the share of periods with demand log stands for log-odds.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from demand.history import Float64Array1D
from forecasting.heads.rows import Rows, Target

TRUST = 1.0
"""K: beside their last year all parts together move by 6 % or so from stretch to stretch, and lastingly by as much."""


def independent_origins(rows: Rows, target: Target) -> float:
    """Return k, how many origins there are that share no period; arguments as for `passing_growth`."""
    weight = np.unique(rows.weight)
    shared = target.length + target.farthest - 1
    return max(float(weight.sum() ** 2 / (weight**2).sum()) / shared, 1.0)


def passing_growth(rows: Rows, target: Target) -> tuple[float, float]:
    """Return by how much the predictors of the count and of the calls are to be lowered.

    Parameters
    ----------
    rows
        On which the heads are fitted; rows of one origin share its weight.
    target
        The stretch they speak of.
    """
    weight, origin = np.unique(rows.weight, return_inverse=True)

    def over_items(column: Float64Array1D) -> Float64Array1D:
        return np.asarray(np.bincount(origin, weights=column), dtype=np.float64)

    periods = target.length * rows.available
    possible = over_items(periods) + 1

    def odds(times: Float64Array1D) -> Float64Array1D:
        return np.asarray(special.logit((over_items(np.minimum(times, periods)) + 0.5) / possible))

    usual = over_items(np.exp(rows.states["level_12"]) * periods)
    growth = np.log((over_items(rows.demand) + 0.5) / (usual + 0.5))
    growth_of_odds = odds(rows.occurrences) - odds(np.exp(rows.states["often_12"]) * periods)
    kept = TRUST / (TRUST + independent_origins(rows, target))
    count, calls = (float(kept * (weight * each).sum() / weight.sum()) for each in (growth, growth_of_odds))
    return count, calls
