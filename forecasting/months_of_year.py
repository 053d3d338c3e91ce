"""The season of a panel by months: what every year brings back in the same month, one row for all items.

`season` draws smooth waves for kinds of parts in a calendar that is known. Of a bare table nothing is known but that a
year has twelve months. Holidays, short months and winters move all items together, and what a month does beyond those
about it may come back the year after, or may have been that year's alone. An item's *pace* is what it is asked for
about that time, a month's *departure* what all of them were asked for beyond their pace, an item counting as far as
its months can be trusted:

    c = pace × exposure (mean of `HALF` months before and after, itself without season),      ω = Σ_t y / Σ_t (y² + y)
    r(t) = Σ_i ω y / Σ_i ω c − 1                                       departure of the panel in month t
    τ² = (Σ r(t) r(t′) + `PAIRS` τ₀²) / (pairs t < t′ of one month of two years + `PAIRS`)     variance between months
    P(m) = 1 + Z mean of r in that month of n years,                   Z = τ² / (τ² + (V − τ²) / n)

τ² is one for months that lie below their pace in the mean of years and one for those above: what closes a workshop, a
holiday or a short month, is in the calendar, and what fills it, a campaign or a backlog, as often is not.

Who is asked for in lumps of κ pieces varies κ times as much as chance, so ω, 1/κ or so, is the weight of least
variance, and 1 / Σ_i ω c what chance alone does to r. V is the mean of r². Few years tell little of what returns, so τ²
is drawn to τ₀², the share `DIPS_RETURN` or `PEAKS_RETURN` of V beyond chance: on the training part of the monthly car
parts .72 of a dip was there a year later and .13 of a peak. Z is a credibility (Bühlmann 1967, ASTIN Bulletin 4(3)):
where nothing comes back, or items are too few to show it, every factor is one. Classes of items have no row of their
own: by level or by size, what sets them apart from the panel hardly returns (correlation with the year before −.04 to
.20 on that training part, .40 for the panel).
"""

from __future__ import annotations

import numpy as np

from demand.history import Float64Array1D, Float64Array2D, Int64Array2D

YEAR, HALF = 12, 6
"""Months of a year; months before and after that tell the pace."""
DIPS_RETURN, PEAKS_RETURN, PAIRS = 0.7, 0.35, 12.0
"""Shares of a month's departure that come back, as car parts have shown; trust in them, in pairs of months."""
MOST_ITEMS = 5_000
"""Items that tell the season of the panel: of so many chance is small beside what a month does to all of them."""
_LEAST, _MOST, _ROUNDS, _FELT = 0.25, 4.0, 2, 0.01
_BLOCK = 500
"""Items summed together: so many stay near the processor."""


def month_factors(asked: Int64Array2D, possible: Float64Array2D, ahead: int) -> Float64Array1D:
    """Return how much more (or less) a panel is asked for in each month, mean one over a year.

    Parameters
    ----------
    asked
        Calls of each item in each month, ``(n_items, n_months)``.
    possible
        Exposure times availability, above zero where seen, same shape.
    ahead
        Months to come.

    Returns
    -------
    ndarray
        ``(n_months + ahead,)``; ones where the months are not more than a year.
    """
    items, months = asked.shape
    factor = np.ones(months + ahead)
    if months <= YEAR or not asked.any():
        return factor
    blocks = [slice(start, start + _BLOCK) for start in range(0, items, _BLOCK)]
    for _ in range(_ROUNDS):
        sums = np.zeros((2, months))
        for rows in blocks:
            sums += _came_and_thought(asked[rows], possible[rows], factor[:months])
        factor = _of_year(*sums)[np.arange(months + ahead) % YEAR]
    return factor


def trust_of_items(calls: Float64Array2D) -> Float64Array1D:
    """Return ω of each item, ``(n_items,)``: how far its periods can be trusted to tell of all items together."""
    total = calls.sum(axis=1)
    return np.asarray(total / np.maximum((calls**2).sum(axis=1) + total, 1.0))


def _came_and_thought(asked: Int64Array2D, possible: Float64Array2D, factor: Float64Array1D) -> Float64Array2D:
    """Return Σ ω y and Σ ω c of each month over some items, ``(2, n_months)``."""
    calls = np.where(possible > 0, asked, 0).astype(np.float64)
    total, trusted = calls.sum(axis=1), trust_of_items(calls)
    seasonal = possible * factor
    # The item's own mean counts as one month more.
    mean = (total / np.maximum(seasonal.sum(axis=1), 1.0))[:, None]
    expected = (_about(calls) + mean) / (_about(seasonal) + 1.0) * possible
    return np.stack([np.einsum("n,nm->m", trusted, each) for each in (calls, expected)])


def _about(values: Float64Array2D) -> Float64Array2D:
    """Return the sums over the `HALF` months before and after each month, itself among them."""
    months = values.shape[1]
    first = np.maximum(np.arange(months) - HALF, 0)
    last = np.minimum(np.arange(months) + HALF + 1, months)
    summed = np.zeros((values.shape[0], months + 1))
    np.cumsum(values, axis=1, out=summed[:, 1:])
    return np.asarray(summed[:, last] - summed[:, first])


def _of_year(came: Float64Array1D, thought: Float64Array1D) -> Float64Array1D:
    """Return P of each month of the year, counted from the first month known, ``(12,)``."""
    seen = thought > 0
    departed = np.where(seen, came / np.where(seen, thought, 1.0) - 1, 0.0)
    spread = float((departed**2).sum()) / max(float(seen.sum()), 1.0)
    chance = float((1 / thought[seen]).mean()) if seen.any() else 0.0
    month = np.arange(came.size) % YEAR
    years, total, squares = (np.bincount(month, weights=each, minlength=YEAR) for each in (seen, departed, departed**2))
    year = np.ones(YEAR)
    for alike, returns in ((total < 0, DIPS_RETURN), (total > 0, PEAKS_RETURN)):
        pairs = float((years * (years - 1))[alike].sum()) / 2
        agreed = float((total**2 - squares)[alike].sum()) / 2
        usual = returns * max(spread - chance, 0.0)
        back = min(max((agreed + PAIRS * usual) / (pairs + PAIRS), 0.0), spread)
        if back > 0:
            n = years[alike]
            year[alike] += back / (back + (spread - back) / n) * total[alike] / n
    year = np.clip(year, _LEAST, _MOST)
    year /= year.mean()
    # Whatever stays within a hundredth is chance of a large panel without a season, and is spared the heads.
    return year if np.abs(year - 1).max() >= _FELT else np.ones(YEAR)
