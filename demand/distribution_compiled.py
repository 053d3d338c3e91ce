"""Quantiles and chances of many laws of `distribution`, each law walked once, compiled; a twin is in the tests."""

from __future__ import annotations

from demand.compiled import compiled
from demand.history import Float64Array1D, Float64Array2D, Int64Array1D, Int64Array2D


@compiled
def least_at(
    probability: Float64Array1D,
    boundaries: Int64Array1D,
    shares: Float64Array2D,
    rounding: float,
    found: Int64Array2D,
) -> None:
    """Write the least k with P(D ≤ k) ≥ share; the last point where none is.

    Parameters
    ----------
    probability, boundaries
        The laws, see `distribution.DemandLaw`.
    shares
        Of each law, rising in each row, ``(n_items, n_shares)``.
    rounding
        By how much a chance may fall short of a share and still be taken as equal to it.
    found
        Out, ``(n_items, n_shares)``.
    """
    for item in range(boundaries.size - 1):
        law = probability[boundaries[item] : boundaries[item + 1]]
        k, below = 0, law[0]
        for place in range(shares.shape[1]):
            while k < law.size - 1 and below < shares[item, place] - rounding:
                k += 1
                below += law[k]
            found[item, place] = k


@compiled
def chance_at_most(
    probability: Float64Array1D, boundaries: Int64Array1D, level: Int64Array1D, found: Float64Array1D
) -> None:
    """Write P(D ≤ level) of each law, ``(n_items,)``; 0 for a negative level."""
    for item in range(boundaries.size - 1):
        law = probability[boundaries[item] : boundaries[item + 1]]
        total = 0.0
        for k in range(min(level[item] + 1, law.size)):
            total += law[k]
        found[item] = min(total, 1.0)
