"""The states of `states`, item by item: a walk over each item's periods, compiled.

One walk fills the windows and fading sums of a few items abreast, another the ages and sizes of each. What each number
means is said in `states` and `together`; plain twins stand in the tests.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from demand.compiled import compiled
from demand.history import Float64Array1D, Float64Array2D, Int64Array1D, Int64Array2D

_LONGEST_AGE_MONTHS = 120.0
_ABREAST = 16


@compiled
def panel_sums(
    demand: Int64Array2D, availability: Float64Array2D, seen: NDArray[np.bool_], periods: int
) -> Float64Array1D:
    """Return Σ y, periods with demand, Σ v, Σ (y − m)² − y and Σ m², over items and the first periods."""
    sums = np.zeros(5)
    for item in range(demand.shape[0]):
        total, squares, count, times = 0.0, 0.0, 0.0, 0.0
        for period in range(periods):
            y = float(demand[item, period])
            total += y
            squares += y * y
            times += 1.0 if y > 0 else 0.0
            count += 1.0 if seen[item, period] else 0.0
            sums[2] += availability[item, period]
        mean = (total + 0.5) / (count + 1)
        sums[0] += total
        sums[1] += times
        sums[3] += squares - 2 * mean * total + count * mean * mean - total
        sums[4] += mean * mean * count
    return sums


@compiled
def panel_together(demand: Int64Array2D, exposed: Float64Array2D, periods: int) -> Float64Array2D:
    """Return Σ ω y, Σ ω whether asked, and what is usual of both, over items, of each period, see `together`.

    Parameters
    ----------
    demand, exposed
        y and v, ``(n_items, n_periods)``.
    periods
        Periods known.
    """
    sums = np.zeros((4, periods))
    for item in range(demand.shape[0]):
        total, squares, times, available = 0.0, 0.0, 0.0, 0.0
        for period in range(periods):
            y = float(demand[item, period])
            total += y
            squares += y * y
            times += 1.0 if y > 0 else 0.0
            available += exposed[item, period]
        if total == 0 or available == 0:
            continue
        trusted = total / (squares + total)
        for period in range(periods):
            y, usual = float(demand[item, period]), trusted * exposed[item, period] / available
            sums[0, period] += trusted * y
            sums[1, period] += trusted if y > 0 else 0.0
            sums[2, period] += usual * total
            sums[3, period] += usual * times
    return sums


@compiled
def _ages_and_sizes(
    demand: Int64Array1D, watched: tuple[float, float], year: int, means: Float64Array1D, found: Float64Array1D
) -> None:
    """Write what is no level of one item, as `item_states` does.

    Parameters
    ----------
    demand
        Of its periods known, ``(n_periods,)``.
    watched
        Σ v, and periods seen.
    year
        Periods of the last year.
    means
        As for `item_states`.
    found
        Out, ``(8,)``.
    """
    periods, available, count = demand.size, watched[0], watched[1]
    total, squares, times, last_year, times_year, last = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    first_at, last_at = -1, -1
    for period in range(periods):
        if demand[period] == 0:
            continue
        y = float(demand[period])
        total += y
        squares += y * y
        times += 1.0
        last, last_at = y, period
        first_at = period if first_at < 0 else first_at
        if period >= periods - year:
            last_year += y
            times_year += 1.0
    since_last = periods - 1 - last_at if last_at >= 0 else periods
    since_first = periods - first_at if first_at >= 0 else 0
    months, trust = means[3], means[4]
    gap = (available + 1) / (times + 1)
    own = total / max(times, 1.0)
    mean = (total + 0.5) / (count + 1)
    excess = squares - 2 * mean * total + count * mean * mean - total
    spread = (excess / (mean * mean) + trust * means[2]) / (count + trust)
    found[0] = 1 + since_last * months
    found[1] = 1 + since_last / gap
    found[2] = 1 + min(since_first * months, _LONGEST_AGE_MONTHS)
    found[3] = (total + 1) / (times + 1)
    found[4] = (last_year + 1) / (times_year + 1)
    found[5] = 1 + last
    found[6] = 1 + max(squares / max(times, 1.0) - own * own, 0.0)
    found[7] = min(max(spread, 0.02), 50.0)


@compiled
def item_states(
    demand: Int64Array2D,
    availability: Float64Array2D,
    seen: NDArray[np.bool_],
    periods: int,
    windows: Int64Array1D,
    fading: Float64Array1D,
    means: Float64Array1D,
    found: Float64Array2D,
) -> None:
    """Write the states of every item after the first periods.

    Parameters
    ----------
    demand, availability, seen
        Of the panel, ``(n_items, n_periods)``.
    periods
        Periods known.
    windows, fading
        Last periods summed, the last window being all of them; weight of a period beside the next.
    means
        The panel's demand, occurrence and dispersion; months of a period; periods' worth of trust in that dispersion.
    found
        Out: that of which a state is the logarithm, in the order of `states.STATES`, ``(n_states, n_items)``.
    """
    levels = windows.size + fading.size
    # A period's faded sums wait for the period before, an item for no other: a few items abreast.
    sums, now = np.empty((levels, 3 * _ABREAST)), np.zeros(3 * _ABREAST)
    for first in range(0, demand.shape[0], _ABREAST):
        abreast = min(_ABREAST, demand.shape[0] - first)
        sums[:] = 0.0
        for period in range(periods):
            for i in range(abreast):
                y = float(demand[first + i, period])
                now[i], now[_ABREAST + i] = y, 1.0 if y > 0 else 0.0
                now[2 * _ABREAST + i] = availability[first + i, period]
            for level in range(levels):
                kept = 1.0 if level < windows.size else fading[level - windows.size]
                if level >= windows.size or period >= periods - windows[level]:
                    total = sums[level]
                    for i in range(3 * _ABREAST):
                        total[i] = total[i] * kept + now[i]
        for i in range(abreast):
            item = first + i
            for level in range(levels):
                seen_there = sums[level, 2 * _ABREAST + i] + 1
                found[level, item] = (sums[level, i] + means[0]) / seen_there
                found[levels + level, item] = (sums[level, _ABREAST + i] + means[1]) / seen_there
            count = 0.0
            for period in range(periods):
                count += 1.0 if seen[item, period] else 0.0
            available = sums[windows.size - 1, 2 * _ABREAST + i]
            _ages_and_sizes(
                demand[item, :periods], (available, count), windows[windows.size - 2], means, found[2 * levels :, item]
            )
