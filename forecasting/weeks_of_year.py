"""The season of a panel by weeks: what every year brings back in the same week, for all items and for single ones.

`season` draws smooth waves over twelve months, for kinds of parts. A panel by weeks shows more: a sale in one week of
November, the rush before a holiday. No wave draws that, and one year of one item is noise; but what comes *back* the
year after, over many items, is not. An item's *pace* is what it is asked for about that time of the year; a week's
*departure* is what it was asked for beyond its pace, counted less where it is large, for large weeks cling together:

    c = pace × exposure (mean of `HALF` weeks before and after, itself without season),   ω = 1 / (1 + φ c)
    r(t) = Σ_i ω y / Σ_i ω c − 1                          departure of the panel in week t
    ρ    = Σ b r(t) r(t − year) / Σ b ½ (r(t)² + r(t − year)²)     how much of it comes back
    P(w) = 1 + Z mean of r in that week of n years,                Z = n ρ / (1 + (n − 1) ρ)

Single items depart from the panel, in week t and, by half, beside it: e = ω (y − c P), m = ω c P. That two years'
departures agree is no chance, so, K̄ being the same of all weeks,

    K(w) = (Σ_i e(t) e(t − year) + `PAIRS` K̄) / (Σ_i m(t) m(t − year) + `PAIRS`)     about w: variance of the item's own
    s_i(w) = P(w) (1 + K / (K + 1/Σm) · Σe / Σm)                                     sums over the years, item by item

Z and K / (K + 1/Σm) are credibilities (Bühlmann 1967, ASTIN Bulletin 4(3)): where nothing comes back, every factor is
one. With one year on record ρ is taken for `USUALLY_RETURNS`, and no item has a season of its own. A year is 52.18
weeks, to the nearest whole week, and years are first moved to lie on one another (see `moving_weeks`). A period without
demand of its own, seen or not, has that of its like.
"""

from __future__ import annotations

import numpy as np

from demand.history import Float64Array1D, Float64Array2D, Int64Array2D
from forecasting.moving_weeks import WEEKS_A_YEAR, answering, put_back, year_ago

HALF, CLINGING, NEIGHBOUR = 10, 0.5, 0.5
"""Weeks before and after that tell the pace; φ; weight of the weeks beside a week."""
USUALLY_RETURNS, WEEKS_OF_TRUST = 0.8, 10.0
PAIRS, _ABOUT, _MOST_OWN = 30.0, 2, 2.0
"""Trust in an item's having no season of its own, in expected calls squared; weeks about w; most that K is."""
_LEAST, _MOST, _ROUNDS = 0.1, 12.0, 2


def week_factors(asked: Int64Array2D, possible: Float64Array2D, ahead: int) -> Float64Array2D:
    """Return how much more (or less) each item is asked for in each week.

    Parameters
    ----------
    asked
        Calls of each item in each week, ``(n_items, n_weeks)``.
    possible
        Exposure times availability, above zero where seen, same shape.
    ahead
        Weeks to come.

    Returns
    -------
    ndarray
        ``(n_items, n_weeks + ahead)``; ones where the weeks are not more than a year.
    """
    items, weeks = asked.shape
    factor = np.ones((items, weeks + ahead))
    if weeks <= year_ago(1) or not asked.any() or not (possible > 0).any():
        return factor
    possible = possible / possible[possible > 0].mean()  # in usual weeks, whatever it was counted in
    for _ in range(_ROUNDS):
        expected = _pace(asked, possible, possible * factor[:, :weeks]) * possible
        weight = 1 / (1 + CLINGING * expected)
        came, thought = asked * weight, expected * weight
        moved = answering(came - thought)
        came, thought = came[:, moved], thought[:, moved]
        shared = _shared(came.sum(axis=0), thought.sum(axis=0), weeks + ahead)
        thought *= shared[:weeks]
        own = _own(_with_neighbours(came - thought), _with_neighbours(thought), weeks + ahead)
        factor = np.clip(shared * (1 + own), _LEAST, _MOST)
        factor[:, :weeks] = factor[:, put_back(moved)]
    return factor


def _pace(asked: Int64Array2D, possible: Float64Array2D, seasonal: Float64Array2D) -> Float64Array2D:
    """Return what is asked for per exposure about each week, the item's own mean counting as one week more."""
    weeks = asked.shape[1]
    first = np.maximum(np.arange(weeks) - HALF, 0)
    last = np.minimum(np.arange(weeks) + HALF + 1, weeks)
    calls = np.pad(np.cumsum(np.where(possible > 0, asked, 0), axis=1, dtype=np.float64), ((0, 0), (1, 0)))
    exposed = np.pad(np.cumsum(seasonal, axis=1), ((0, 0), (1, 0)))
    mean = ((calls[:, -1] + 0.1) / (exposed[:, -1] + 1.0))[:, None]
    return np.asarray((calls[:, last] - calls[:, first] + mean) / (exposed[:, last] - exposed[:, first] + 1.0))


def _with_neighbours(values: Float64Array2D) -> Float64Array2D:
    wide = np.pad(values, ((0, 0), (1, 1)))
    return np.asarray(values + NEIGHBOUR * (wide[:, :-2] + wide[:, 2:]))


def _same_week(values: Float64Array2D, weeks: int) -> Float64Array2D:
    """Return the sum over all years known of each week's values, for `weeks` weeks, ``(n, weeks)``."""
    known = values.shape[1]
    total = np.zeros((values.shape[0], weeks))
    years = int(np.ceil(weeks / WEEKS_A_YEAR))
    for year in range(-years, years + 1):
        shift = int(np.sign(year)) * year_ago(abs(year))
        begins, ends = max(shift, 0), min(known + shift, weeks)
        if begins < ends:
            total[:, begins:ends] += values[:, begins - shift : ends - shift]
    return total


def _shared(came: Float64Array1D, thought: Float64Array1D, weeks: int) -> Float64Array1D:
    """Return P of every week, ``(weeks,)``."""
    departure = np.where(thought > 0, came / np.where(thought > 0, thought, 1.0) - 1, 0.0)
    year = year_ago(1)
    now, then = departure[year:], departure[:-year]
    size = np.minimum(thought[year:], thought[:-year])
    usual = float((thought * departure**2).sum() / max(thought.sum(), 1e-9)) * float(thought.mean()) * WEEKS_OF_TRUST
    back = float((size * now * then).sum()) + USUALLY_RETURNS * usual
    all_of_it = float((size * (now**2 + then**2)).sum()) / 2 + usual
    returns = min(max(back / all_of_it, 0.0), 1.0) if all_of_it > 0 else 0.0
    sums = _same_week(np.stack([thought * departure, thought, (thought > 0).astype(np.float64)]), weeks)
    years = np.maximum(sums[2], 1.0)
    credibility = years * returns / (1 + (years - 1) * returns)
    return np.asarray(1 + credibility * np.where(sums[1] > 0, sums[0] / np.where(sums[1] > 0, sums[1], 1.0), 0.0))


def _own(beyond: Float64Array2D, thought: Float64Array2D, weeks: int) -> Float64Array2D:
    """Return by which share each item departs from the panel in each week, ``(n_items, weeks)``."""
    year = year_ago(1)
    pairs = np.zeros((2, beyond.shape[1]))
    pairs[0, year:] = (beyond[:, year:] * beyond[:, :-year]).sum(axis=0)
    pairs[1, year:] = (thought[:, year:] * thought[:, :-year]).sum(axis=0)
    about = np.ones(2 * _ABOUT + 1)
    agreed, possible = (np.convolve(each, about)[_ABOUT:-_ABOUT] for each in _same_week(pairs, weeks))
    usual = max(float(pairs[0].sum()), 0.0) / (float(pairs[1].sum()) + PAIRS)
    own = np.clip((agreed + PAIRS * usual) / (possible + PAIRS), 0.0, _MOST_OWN)
    departed, known = _same_week(beyond, weeks), np.maximum(_same_week(thought, weeks), 1e-9)
    return np.asarray(own / (own + 1 / known) * departed / known)
