"""What `watched` adds up over the periods of each item, in one pass over its cells, compiled; its twin is a test."""

from __future__ import annotations

from demand.compiled import compiled
from demand.history import Float64Array1D, Float64Array2D, Int64Array2D


@compiled
def add_up(
    calls: Int64Array2D,
    exposure: Float64Array2D,
    availability: Float64Array2D,
    weight: Float64Array1D,
    found: Float64Array2D,
) -> None:
    """Write Σ ω y, Σ ω e v, Σ y, Σ e v, Σ v and the mean of e of each item.

    Parameters
    ----------
    calls, exposure, availability
        y, e and v, ``(n_items, n_periods)``.
    weight
        ω, ``(n_periods,)``.
    found
        Out, ``(6, n_items)``.
    """
    periods = calls.shape[1]
    for item in range(calls.shape[0]):
        recent, recent_possible, asked, possible, available, exposed = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
        for period in range(periods):
            y, e, v = calls[item, period], exposure[item, period], availability[item, period]
            recent += weight[period] * y
            recent_possible += weight[period] * e * v
            asked += y
            possible += e * v
            available += v
            exposed += e
        found[0, item], found[1, item], found[2, item] = recent, recent_possible, asked
        found[3, item], found[4, item], found[5, item] = possible, available, exposed / max(periods, 1)
