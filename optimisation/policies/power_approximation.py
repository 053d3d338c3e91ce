"""(s, S) by the power approximation: a formula fitted to exact optima, for the moments of demand alone.

    D = 1.30 μ^0.494 (K/h)^0.506 (1 + σ_L²/μ²)^0.116,    z = √(D h/(σ_L p)),
    s = 0.973 μ_L + σ_L (0.183/z + 1.063 − 2.192 z),    S = s + D

with μ the mean of a period's demand, μ_L and σ_L mean and standard deviation of that of the lead time and one period
(Ehrhardt 1979, Management Science 25(8); Ehrhardt & Mosier 1984, 30(5); as in Snyder & Shen 2019, eq. 4.65–4.69,
without the correction for small orders). An approximation: `min_max` has the optimum. Units as there, not rounded.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from demand.history import Float64Array1D
from optimisation.policies.columns import columns, require


@dataclass(frozen=True)
class ApproximateMinMax:
    """s and S, demand units, ``(n_items,)`` each."""

    reorder_point: Float64Array1D
    order_up_to: Float64Array1D


def approximate_min_max(
    mean: ArrayLike, sd: ArrayLike, lead_time: ArrayLike, holding: ArrayLike, stockout: ArrayLike, fixed: ArrayLike
) -> ApproximateMinMax:
    """Return s and S by the power approximation.

    Parameters
    ----------
    mean, sd
        Of the demand of a period, above zero.
    lead_time
        L in periods, zero or more.
    holding, stockout
        h and p per unit and period, above zero.
    fixed
        K per order, above zero.

    Raises
    ------
    ValueError
        If an input is outside its range.
    """
    mu, sigma, lead, h, p, k = columns(mean, sd, lead_time, holding, stockout, fixed)
    require((mu > 0) & (sigma > 0), "mean and standard deviation of demand are above zero")
    require(lead >= 0, "a lead time is zero or more")
    require((h > 0) & (p > 0) & (k > 0), "holding, stockout and ordering costs are above zero")
    interval_mean, interval_sd = mu * (lead + 1), sigma * np.sqrt(lead + 1)
    lot = 1.30 * mu**0.494 * (k / h) ** 0.506 * (1 + (interval_sd / mu) ** 2) ** 0.116
    z = np.sqrt(lot * h / (interval_sd * p))
    reorder = 0.973 * interval_mean + interval_sd * (0.183 / z + 1.063 - 2.192 * z)
    return ApproximateMinMax(reorder, reorder + lot)
