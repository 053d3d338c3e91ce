"""The states of `states`, item by item: a walk over each item's periods, compiled.

One walk fills windows, fading sums, ages and sizes together; the item's periods lie together in memory and are read
once. What each number means is said in `states`; a plain twin stands in the tests.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from demand.compiled import compiled
from demand.history import Float64Array1D, Float64Array2D, Int64Array1D, Int64Array2D

_LONGEST_AGE_MONTHS = 24.0


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
        Out: in the order of `states.STATES`, ``(n_states, n_items)``.
    """
    levels = windows.size + fading.size
    year = windows[windows.size - 2]
    sums = np.zeros((3, levels))
    for item in range(demand.shape[0]):
        sums[:] = 0.0
        total, squares, times, count, available = 0.0, 0.0, 0.0, 0.0, 0.0
        last_year, times_year, last = 0.0, 0.0, 0.0
        first_at, last_at = -1, -1
        for period in range(periods):
            y, v = float(demand[item, period]), availability[item, period]
            asked = 1.0 if y > 0 else 0.0
            count += 1.0 if seen[item, period] else 0.0
            available += v
            if y > 0:
                total += y
                squares += y * y
                times += 1.0
                last, last_at = y, period
                first_at = period if first_at < 0 else first_at
                if period >= periods - year:
                    last_year += y
                    times_year += 1.0
            for w in range(windows.size):
                if period >= periods - windows[w]:
                    sums[0, w] += y
                    sums[1, w] += asked
                    sums[2, w] += v
            for f in range(fading.size):
                place = windows.size + f
                sums[0, place] = sums[0, place] * fading[f] + y
                sums[1, place] = sums[1, place] * fading[f] + asked
                sums[2, place] = sums[2, place] * fading[f] + v
        for level in range(levels):
            seen_there = math.log(sums[2, level] + 1)
            found[level, item] = math.log(sums[0, level] + means[0]) - seen_there
            found[levels + level, item] = math.log(sums[1, level] + means[1]) - seen_there
        since_last = periods - 1 - last_at if last_at >= 0 else periods
        since_first = periods - first_at if first_at >= 0 else 0
        months, trust = means[3], means[4]
        gap = (available + 1) / (times + 1)
        own = total / max(times, 1.0)
        mean = (total + 0.5) / (count + 1)
        excess = squares - 2 * mean * total + count * mean * mean - total
        spread = (excess / (mean * mean) + trust * means[2]) / (count + trust)
        rest = 2 * levels
        found[rest, item] = math.log1p(since_last * months)
        found[rest + 1, item] = math.log1p(since_last / gap)
        found[rest + 2, item] = math.log1p(min(since_first * months, _LONGEST_AGE_MONTHS))
        found[rest + 3, item] = math.log((total + 1) / (times + 1))
        found[rest + 4, item] = math.log((last_year + 1) / (times_year + 1))
        found[rest + 5, item] = math.log1p(last)
        found[rest + 6, item] = math.log1p(max(squares / max(times, 1.0) - own * own, 0.0))
        found[rest + 7, item] = math.log(min(max(spread, 0.02), 50.0))
