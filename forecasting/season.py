"""How much more (or less) a kind of part is asked for in each month of the year.

Model in words. Calls of a kind in a month are Poisson about what its vehicles lead one to expect, times a season of
three waves a year:

    log s(m) = Σ_h  c_h cos(2π h m / 12) + d_h sin(2π h m / 12)       h = 1, 2, 3,  m the middle of the month
    c_h, d_h ~ N(0, (τ / h)²)

τ says how seasonal the kind is. The season is the mean over a grid of τ, each weighed by its marginal likelihood
(Laplace's approximation; MacKay 1992, Bayesian interpolation, Neural Computation 4(3)) and by what is thought before:
nine in ten have no season, and no strength is likelier than another (averaged and not chosen: Hoeting, Madigan,
Raftery & Volinsky 1999, Bayesian model averaging, Statistical Science 14(4)). Four years of a store whose months are
busy by chance always have some waves in them. The season is learnt first for each family of parts and then for each
kind as a departure from its family, so that a kind with few calls has its family's season, and a family without seasons
has none. Calls that cling together count for less: the likelihood is divided by the spread of the same month over the
years. Only whole years count, each by its own level and rising or falling as its family does from year to year, so that
growth is not taken for a season: of what falls by a tenth a year, the months just gone would seem the low ones and
those to come the high.

    growth    g = Z log(a(t ≥ 12) / a(t < n − 12)),    Z = G² / (G² + s²),    s² = κ (Σ first y + Σ last y) / (Σ y)²

a(·) calls over calls expected in months that have others a year before them or after them, first and last those of a(·)
that are in one of the two alone, κ how calls cling together, G `GROWTH_SPREAD`.

Not every kind heeds the shop's calendar. Who finds the shop closed for a service stays away; who has a broken lamp
comes the week after, in the same month. The *response* γ of a family says how far its months follow how busy they are:

    exposure of a month = busyness^γ × the rest          γ in `RESPONSES`, near one: ½ ((1 − γ) / 0.5)² against others

chosen by the same marginal likelihood, beside the season, for the Spring Festival moves and a season does not.

A season is of the kind, never of a part: one part in three years is noise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demand.history import Float64Array1D, Float64Array2D, Int64Array1D
from demand.periods import PeriodAxis, PeriodKind
from demand.ratios import ratio_of

WAVES = 3
STRENGTHS = (0.0, 0.03, 0.06, 0.12, 0.25, 0.5)
"""Grid of τ; the first wave's usual size in the logarithm."""
NONE_BEFORE = 0.9
"""Chance that a kind has no season of its own, before its calls are looked at."""
RESPONSES = (1.0, 0.75, 1.25, 0.5, 1.5, 0.25, 0.0)
"""γ above one: a family that heeds the calendar more than the lines from which the days were learnt."""
RESPONSE_SPREAD = 0.5
GROWTH_SPREAD = 0.1
"""G, usual size of a family's growth in a year, in the logarithm."""
_STEPS = 12
_LARGEST = 1.5
MONTHS = 12


def waves(months: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the six waves at times counted in months of the year, ``(..., 2 × WAVES)``."""
    angle = 2 * np.pi / MONTHS * np.multiply.outer(months, np.arange(1, WAVES + 1))
    return np.concatenate([np.cos(angle), np.sin(angle)], axis=-1)


@dataclass(frozen=True)
class Seasons:
    """What the calendar does to each kind.

    Parameters
    ----------
    factor
        Of each kind in each month of the year, mean one over the year, ``(n_kinds, 12)``.
    response
        γ of each kind, ``(n_kinds,)``.
    """

    factor: Float64Array2D
    response: Float64Array1D


def seasons(
    asked: Float64Array2D, expected: Float64Array2D, busy: Float64Array1D, month: Int64Array1D, family: Int64Array1D
) -> Seasons:
    """Return season and response of each kind.

    Parameters
    ----------
    asked, expected
        Calls of each kind in each month of the history, and those expected with γ = 1, ``(n_kinds, n_months)``.
    busy
        How busy each month was, above zero, ``(n_months,)``.
    month
        Month of the year of each column, 0 to 11.
    family
        Code of the family of each kind, ``(n_kinds,)``.
    """
    kinds = asked.shape[0]
    years = month.size // MONTHS
    if not (kinds and years):
        return Seasons(np.ones((kinds, MONTHS)), np.ones(kinds))
    expected = expected * _growing(_summed(asked, family), _summed(expected, family))[family]
    whole = slice(month.size - MONTHS * years, None)
    of_year = month[whole][:MONTHS]
    asked, expected = (part[:, whole].reshape(kinds, years, MONTHS) for part in (asked, expected))
    pace = busy[whole].reshape(years, MONTHS)
    calls, possible = _summed(asked, family), _summed(_levelled(asked, expected), family)
    basis = waves(of_year.astype(np.float64) + 0.5)
    response, shared = _responses(calls, possible, pace, basis)
    expected = _levelled(asked, expected * pace ** (response[family, None, None] - 1))
    own, _ = _fitted(asked, expected, basis, shared[family], _clinging(asked, expected))
    result = np.ones((kinds, MONTHS))
    result[:, of_year] = np.exp(own)
    return Seasons(result / result.mean(axis=1, keepdims=True), response[family])


def _summed(columns: NDArray[np.float64], family: Int64Array1D) -> NDArray[np.float64]:
    """Return the sums of kinds over each family, row by row."""
    total = np.zeros((int(family.max()) + 1, *columns.shape[1:]))
    np.add.at(total, family, columns)
    return total


def _growing(calls: Float64Array2D, possible: Float64Array2D) -> Float64Array2D:
    """Return how the months of each family stand in its growth, ``(n_families, n_months)``."""
    months = calls.shape[1]
    later = months - MONTHS
    if later <= 0:
        return np.ones(calls.shape)
    before, since = (
        ratio_of(calls[:, part].sum(axis=1), possible[:, part].sum(axis=1))
        for part in (slice(later), slice(MONTHS, None))
    )
    known = (before > 0) & (since > 0)
    grown = np.where(known, np.log(np.where(known, ratio_of(since, before), 1.0)), 0.0)
    alone = min(later, MONTHS)
    ends = calls[:, :alone].sum(axis=1) + calls[:, -alone:].sum(axis=1)
    both = (calls[:, :later].sum(axis=1) + calls[:, MONTHS:].sum(axis=1)) / 2
    years = slice(months % MONTHS, None)
    shape = (calls.shape[0], months // MONTHS, MONTHS)
    clinging = _clinging(calls[:, years].reshape(shape), possible[:, years].reshape(shape))
    error = clinging * ratio_of(ends, both**2)
    growth = np.where(known, grown * GROWTH_SPREAD**2 / (GROWTH_SPREAD**2 + error), 0.0)
    return np.asarray(np.exp(np.outer(growth, np.arange(months) / MONTHS)))


def _responses(
    calls: NDArray[np.float64], possible: NDArray[np.float64], pace: Float64Array2D, basis: Float64Array2D
) -> tuple[Float64Array1D, Float64Array2D]:
    """Return γ of each family and the logarithm of its season under it."""
    best, response = np.full(len(calls), -np.inf), np.ones(len(calls))
    shared = np.zeros((len(calls), MONTHS))
    clinging = _clinging(calls, possible)
    for trial in RESPONSES:
        expected = _levelled(calls, possible * pace ** (trial - 1))
        found, evidence = _fitted(calls, expected, basis, np.zeros((len(calls), MONTHS)), clinging)
        mean = expected * np.exp(found)[:, None, :]
        steady = np.where(mean > 0, np.log(np.where(mean > 0, mean, 1.0)), 0.0) - found[:, None, :]
        # What the months of one year share is in the evidence of the season; what sets them apart is added here.
        evidence = evidence + (calls * steady).sum(axis=(1, 2)) / clinging - ((1 - trial) / RESPONSE_SPREAD) ** 2 / 2
        better = evidence > best + 1e-9
        best[better], response[better], shared[better] = evidence[better], trial, found[better]
    return response, shared


def months_of_year(axis: PeriodAxis) -> Float64Array2D:
    """Return how much of each period lies in each month of the year, ``(axis.count, 12)``, rows sum to one."""
    shares = np.zeros((axis.count, MONTHS))
    if axis.kind is PeriodKind.MONTH:
        shares[np.arange(axis.count), (axis.first + np.arange(axis.count)) % MONTHS] = 1.0
        return shares
    for place, monday in enumerate(axis.first_days()[:-1]):
        for ahead in range(7):
            shares[place, monday.fromordinal(monday.toordinal() + ahead).month - 1] += 1 / 7
    return shares


def _levelled(asked: NDArray[np.float64], expected: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what is expected of each month at the level of its own year."""
    return expected * ratio_of(asked.sum(axis=2, keepdims=True), expected.sum(axis=2, keepdims=True))


def _fitted(
    asked: NDArray[np.float64],
    expected: NDArray[np.float64],
    basis: Float64Array2D,
    start: Float64Array2D,
    clinging: Float64Array1D,
) -> tuple[Float64Array2D, Float64Array1D]:
    """Return the logarithm of the season, a departure from `start`, ``(n, 12)``, and its evidence."""
    clinging = clinging[:, None]
    calls, possible = asked.sum(axis=1) / clinging, expected.sum(axis=1) / clinging * np.exp(start)
    before = np.array([NONE_BEFORE, *[(1 - NONE_BEFORE) / (len(STRENGTHS) - 1)] * (len(STRENGTHS) - 1)])
    waves_of, evidence_of = zip(*(fit_waves(calls, possible, basis, each) for each in STRENGTHS), strict=True)
    evidence = np.stack(evidence_of) + np.log(before)[:, None]
    best = evidence.max(axis=0)
    weight = np.exp(evidence - best)
    total = weight.sum(axis=0)
    found = start + np.einsum("tk,tkm->km", weight / total, np.stack(waves_of))
    return np.clip(found, -_LARGEST, _LARGEST), best + np.log(total)


def fit_waves(
    calls: Float64Array2D, possible: Float64Array2D, basis: Float64Array2D, strength: float
) -> tuple[Float64Array2D, Float64Array1D]:
    """Return the logarithm of each season and its log marginal likelihood at one τ, by Newton's steps.

    Parameters
    ----------
    calls, possible
        Calls of each month of the year, and those expected, ``(n, 12)``.
    basis
        The waves at the months' middles, ``(12, 2 × WAVES)``.
    strength
        τ, zero or more.
    """
    if strength == 0.0:
        return np.zeros(calls.shape), -possible.sum(axis=1)
    tight = np.tile((np.arange(1, WAVES + 1) / strength) ** 2, 2)
    weight = np.zeros((len(calls), basis.shape[1]))
    for _ in range(_STEPS):
        mean = possible * np.exp(np.clip(weight @ basis.T, -_LARGEST, _LARGEST))
        slope = (calls - mean) @ basis - tight * weight
        curvature = np.einsum("km,mi,mj->kij", mean, basis, basis) + np.diag(tight)
        weight += np.clip(np.linalg.solve(curvature, slope[:, :, None])[:, :, 0], -1.0, 1.0)
    wave = np.clip(weight @ basis.T, -_LARGEST, _LARGEST)
    likelihood = (calls * wave - possible * np.exp(wave)).sum(axis=1)
    complexity = np.linalg.slogdet(curvature)[1] - np.log(tight).sum()
    return wave, likelihood - 0.5 * (tight * weight**2).sum(axis=1) - 0.5 * complexity


def _clinging(asked: NDArray[np.float64], expected: NDArray[np.float64]) -> Float64Array1D:
    """Return how much wider than chance the same month is over the years, one or more, ``(n,)``."""
    years = asked.shape[1]
    if years < 2:
        return np.full(len(asked), 2.0)
    mean = expected * ratio_of(asked.sum(axis=1, keepdims=True), expected.sum(axis=1, keepdims=True))
    misfit = ratio_of((asked - mean) ** 2, mean).sum(axis=(1, 2))
    freedom = MONTHS * (years - 1)
    # Eight months' worth of chance steadies kinds that are hardly asked for.
    return np.asarray(np.maximum((misfit + 8) / (freedom + 8), 1.0), dtype=np.float64)
