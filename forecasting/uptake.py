"""How a recall or a service campaign is worked off: a finite set of vehicles, used up as they come.

Model in words. Of V vehicles a share U will ever come; each of those comes at a pace γ from the campaign's first day,
and if the campaign ends, all of them by its end. By age τ of the campaign a share has come,

    G(τ) = (1 − exp(−γ τ)) / (1 − exp(−γ E))          E: length of the campaign, infinite where it has no end

and a vehicle that has not come by now comes within the next x days with chance

    F(x) = U (G(τ + x) − G(τ)) / (1 − U G(τ))

U and γ are uncertain: U is beta distributed about the share the maker expects (0.65 where he says nothing: assumed, for
many recalled vehicles are never mended, GAO-11-603, 2011), γ lognormal about a pace by which nine in ten of those who
ever come have come within eighteen months. Months since the start speak for and against each pair,

    log L = Σ_t k_t log(U ΔG_t) + (V − k) log(1 − U G(τ))        k_t: vehicles done in month t, k all of them

What is left is a law of its own: V − k vehicles with one uncertain F, never a part of the part's own history. The form
is the depletion of a closed population (Seber 1982, The Estimation of Animal Abundance, ch. 7, by removal).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from demand.history import Float64Array1D, Int64Array1D
from forecasting.streams import PAIRS

USUAL_SHARE = 0.65
USUAL_DAYS = 548.0
_DONE_BY_THEN = 0.9
_SHARE_TRUST = 8.0
"""Vehicles' worth of trust in the share that the maker expects."""
_PACE_SPREAD = 0.7
_POINTS = 12
_NEAR_DAYS = 91.0


@dataclass(frozen=True)
class Uptake:
    """The chances of a vehicle that has not come yet: `PAIRS` equally likely pairs of reach and pace.

    Parameters
    ----------
    reach
        Chance that it ever comes, ``(PAIRS,)``; would come, if the campaign had no end.
    pace_per_day
        γ of those that do, ``(PAIRS,)``.
    share
        U as it is believed now.
    """

    reach: Float64Array1D
    pace_per_day: Float64Array1D
    share: float


def uptake(
    vehicles: int, done: Int64Array1D, edges_days: Float64Array1D, share: float | None, length_days: float
) -> Uptake:
    """Return the law of what is left of a campaign.

    Parameters
    ----------
    vehicles
        V, all that are concerned, done or not.
    done
        Vehicles done in each stretch since the start, ``(n_stretches,)``.
    edges_days
        Ages of the campaign between the stretches: 0, …, τ, ``(n_stretches + 1,)``; just 0 before its start.
    share
        U as the maker expects it, above 0 up to 1; None where he says nothing.
    length_days
        E, infinite where the campaign has no end.
    """
    shares, paces = _points(share)
    ever, pace = (grid.reshape(-1) for grid in np.meshgrid(shares, paces, indexing="ij"))
    whole = -np.expm1(-pace * length_days)
    come = -np.expm1(-pace[:, None] * edges_days) / whole[:, None]
    by_now = come[:, -1]
    left = np.maximum(1 - ever * by_now, 1e-12)
    each = np.log(np.maximum(ever[:, None] * np.diff(come, axis=1), 1e-300))
    missing = max(vehicles - int(done.sum()), 0)
    log_likelihood = each @ done + missing * np.log(left)
    weight = np.exp(log_likelihood - log_likelihood.max())
    weight /= weight.sum()
    reach = ever * np.exp(-pace * edges_days[-1]) / whole / left
    return Uptake(*_in_slices(weight, reach, pace), float(weight @ ever))


def _points(share: float | None) -> tuple[Float64Array1D, Float64Array1D]:
    """Return equally likely values of U and of γ before anything is known."""
    between = (np.arange(_POINTS) + 0.5) / _POINTS
    mean = min(max(USUAL_SHARE if share is None else share, 0.02), 0.98)
    shares = special.betaincinv(mean * _SHARE_TRUST, (1 - mean) * _SHARE_TRUST, between)
    usual = -np.log(1 - _DONE_BY_THEN) / USUAL_DAYS
    return shares, usual * np.exp(_PACE_SPREAD * special.ndtri(between))


def _in_slices(
    weight: Float64Array1D, reach: Float64Array1D, pace: Float64Array1D
) -> tuple[Float64Array1D, Float64Array1D]:
    """Return `PAIRS` equally likely pairs that stand for all: slices in the order of what comes soon.

    Each has the mean chance of its slice within `_NEAR_DAYS` and within twice as long: two numbers, and so one pair.
    """
    near, far = (reach * -np.expm1(-pace * days) for days in (_NEAR_DAYS, 2 * _NEAR_DAYS))
    order = np.argsort(near, kind="stable")
    ends = np.cumsum(weight[order])
    edges = np.arange(PAIRS + 1)[:, None] / PAIRS * ends[-1]
    share = np.clip(np.minimum(edges[1:], ends) - np.maximum(edges[:-1], ends - weight[order]), 0, None)
    share /= share.sum(axis=1, keepdims=True)
    soon, later = share @ near[order], share @ far[order]
    kept = np.clip(later / soon - 1, 1e-9, 1 - 1e-9)
    return soon / (1 - kept), -np.log(kept) / _NEAR_DAYS
