"""How a family's calls really run over the vehicle's age, beside how the published lives say they should.

Model in words. Dated calls of a family at age group g are Poisson with mean E_g exp(f_g), E_g the calls expected there
by the published needs, scaled to the family's total. f is smooth and near zero:

    maximise  Σ_g (y_g f_g − E_g exp f_g) − ½ λ Σ_g (f_{g−1} − 2 f_g + f_{g+1})² − ½ ε Σ_g f_g²

a penalised Poisson regression (Whittaker's smoothing with a Poisson law; Eilers & Marx 1996, Flexible smoothing with
B-splines and penalties, Statistical Science 11(2), eq. 13, on the identity basis), solved by Newton's steps, all
families at once. Without calls f is zero: the published shape stands. The level is left to the family's rate, only the
shape over age is taken; it corrects needs, loyalty and survival together, which calls alone can't tell apart.

What the maker pays for under warranty is asked for until the warranty ends, and the day after it may not be: families
whose calls of young vehicles are mostly claims have no bending penalty across that age, so that each side is smooth by
itself (the warranty base of Kim, Dekker & Heij 2017, Computers & Industrial Engineering 103). Without calls on the far
side the published shape stands there. The limit is three years: the least that Chinese law has asked of makers since
2013 (AQSIQ Order No. 150 of 2012, article 17, on household vehicles: three years or 60,000 km, whichever is first); who
is beyond the kilometres sooner is taken out before (`warranty_base`).

Where no line names its vehicle, the age of a call is not known, but the age of the model is: what is asked of a young
model is asked by young vehicles, and as a model grows old its calls move with it. Calls y_k of a need on a model in a
few months are Poisson with mean l_k Σ_g E_kg exp f_g, and are shared out over the ages by what is expected of each,

    y_kg = y_k E_kg exp f_g / Σ_g E_kg exp f_g        l_k = l (y_k + A) / (l E_k + A)

before each of Newton's steps: one turn of Dempster, Laird & Rubin's (1977, J. Royal Statistical Society B 39)
expectation and maximisation with one step of the second. l_k lets a model need a thing more or less than others, A
calls' worth, so that a part that is often asked for is not taken for an age.

It says nothing of single parts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demand.history import Float64Array2D, Int64Array1D
from demand.ratios import ratio_of
from forecasting.population import AGES

GROUP_STARTS = (0, 1, 2, 3, 5, 7, 9, 11, 13, 16, 20, 24, 30, 36, 48, 60, 72, 84, 96, 108, 120, 144, 168, 192)
"""First month of each age group: fine where a first service or a delivery falls, coarse later."""
SMOOTHNESS = 25.0
"""λ: neighbouring slopes of log f differ by about 1/√λ = 0.2."""
NEARNESS = 0.5
"""ε: log f itself is about 1/√ε = 1.4 at most, a fourfold correction."""
WARRANTY_MONTHS = 36
MOSTLY_CLAIMS, LEAST_CLAIMS = 0.8, 10.0
"""Share of the calls up to that age that are claims, and their number, from which on a family may break there."""
OWN_CALLS = 10.0
"""A: calls' worth of trust that a model needs a thing as often as others of its age."""
_STEPS = 30


@dataclass(frozen=True)
class Undated:
    """Calls of vehicles whose age is not known, by rows of a need on a model.

    Parameters
    ----------
    need
        Code of each row's need, ``(n_rows,)``.
    asked
        Calls in each stretch of the history, ``(n_rows, n_blocks)``.
    expected
        Calls expected then of each age group by the published needs, ``(n_rows, n_blocks, n_groups)``.
    """

    need: Int64Array1D
    asked: Float64Array2D
    expected: NDArray[np.float64]

    def shared(
        self, code: Int64Array1D, factor: Float64Array2D, corrected: Float64Array2D
    ) -> tuple[Float64Array2D, Float64Array2D]:
        """Return calls by family and age group as they are shared out, and those expected before the correction.

        Parameters
        ----------
        code
            Family of each need.
        factor
            What the needs are multiplied by already, ``(n_needs, n_groups)``.
        corrected
            exp f of each family, ``(n_families, n_groups)``.
        """
        families = code[self.need]
        base = self.expected * factor[self.need][:, None, :]
        mean = base * corrected[families][:, None, :]
        asked, possible = self.asked.sum(axis=1), mean.sum(axis=(1, 2))
        sums = np.zeros((2, len(corrected)))
        np.add.at(sums[0], families, asked)
        np.add.at(sums[1], families, possible)
        level = ratio_of(sums[0], sums[1])[families]
        own = level * (asked + OWN_CALLS) / (level * possible + OWN_CALLS)
        share = self.asked[:, :, None] * ratio_of(mean, np.broadcast_to(mean.sum(axis=2, keepdims=True), mean.shape))
        result = np.zeros((2, *corrected.shape))
        np.add.at(result[0], families, share.sum(axis=1))
        np.add.at(result[1], families, base.sum(axis=1) * own[:, None])
        return result[0], result[1]


def age_groups() -> Int64Array1D:
    """Return the group of each age in months, ``(AGES,)``."""
    return np.searchsorted(np.array(GROUP_STARTS), np.arange(AGES), side="right").astype(np.int64) - 1


def corrections(
    asked: Float64Array2D,
    expected: Float64Array2D,
    claims: Float64Array2D | None = None,
    undated: tuple[Undated, Int64Array1D, Float64Array2D] | None = None,
) -> Float64Array2D:
    """Return what to multiply the needs of each family by, in each age group, ``(n_families, n_groups)``.

    Parameters
    ----------
    asked
        Calls of vehicles whose age is known, ``(n_families, n_groups)``.
    expected
        Calls expected there by the published needs, same shape, zero or more.
    claims
        Those of the calls that were paid for as a claim, same shape; none where None.
    undated
        Calls of vehicles whose age is not known, the family of each need, and what its needs are multiplied by already,
        ``(n_needs, n_groups)``; none where None.
    """
    families, groups = asked.shape
    dated = _scaled(asked, expected)
    bend = np.diff(np.eye(groups), n=2, axis=0)
    smooth, broken = (_penalty(bend[rows]) for rows in (np.arange(groups - 2), _not_across(groups)))
    breaks = mostly_claims(asked, claims)[:, None, None]
    penalty = np.where(breaks, broken, smooth)
    f = np.zeros((families, groups))
    calls, scaled = asked, dated
    for _ in range(_STEPS):
        if undated is not None:
            lines, code, factor = undated
            shared, possible = lines.shared(code, factor, np.exp(f))
            calls = np.where(expected > 0, asked, 0) + shared
            scaled = _scaled(calls, dated + possible)
        mean = scaled * np.exp(f)
        slope = np.where(scaled > 0, calls, 0) - mean - (penalty @ f[:, :, None])[:, :, 0]
        curvature = penalty + mean[:, :, None] * np.eye(groups)
        step = np.linalg.solve(curvature, slope[:, :, None])[:, :, 0]
        f += np.clip(step, -1.0, 1.0)  # the exponential forgives small steps only
    return np.exp(f)


def _scaled(asked: Float64Array2D, expected: Float64Array2D) -> Float64Array2D:
    """Return the calls expected at the level of those asked for."""
    total = np.where(expected > 0, asked, 0).sum(axis=1, keepdims=True)
    possible = expected.sum(axis=1, keepdims=True)
    return np.asarray(expected * np.where(possible > 0, total / np.where(possible > 0, possible, 1.0), 0.0))


def _penalty(bend: Float64Array2D) -> Float64Array2D:
    return SMOOTHNESS * bend.T @ bend + NEARNESS * np.eye(bend.shape[1])


def _not_across(groups: int) -> Int64Array1D:
    """Return the bends that lie on one side of the warranty's end, as rows of the second differences."""
    end = GROUP_STARTS.index(WARRANTY_MONTHS)
    return np.array([row for row in range(groups - 2) if row + 2 < end or row >= end], dtype=np.int64)


def mostly_claims(asked: Float64Array2D, claims: Float64Array2D | None) -> NDArray[np.bool_]:
    """Say which families are mostly asked for as claims while young, and may break at the warranty's end.

    Parameters
    ----------
    asked, claims
        As for `corrections`.
    """
    if claims is None:
        return np.zeros(len(asked), dtype=np.bool_)
    young = slice(0, GROUP_STARTS.index(WARRANTY_MONTHS))
    paid, calls = claims[:, young].sum(axis=1), asked[:, young].sum(axis=1)
    found: NDArray[np.bool_] = (paid >= LEAST_CLAIMS) & (paid >= MOSTLY_CLAIMS * calls)
    return found
