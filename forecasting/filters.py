"""The gamma-Poisson filter with exposure: from what was asked, to what is known of each item's rate.

Model in words. The calls for an item in a period are counts whose mean is rate × exposure × availability. The rate
stays near one for an item that behaves like its family; it has a gamma law, which each period's calls sharpen and
which each period's passing pulls back to the family's. Calls of a month cling together more than chance (a fleet
customer, a hail storm): their variance is μ + φμ².

    prior      λ ~ Gamma(shape A, rate A)                      mean one
    passing    a ← A + w^v (a − A)        b ← A + w^v (b − A)
    seen       κ = 1 / (1 + φ e v a / b)
               a ← a + κ y                b ← b + κ e v
    next       y ~ negative binomial, mean μ = e v a / b, size r, 1/r = 1/a + φ

Symbols: y calls; e exposure, the calls expected of an item like its family, above or equal zero; v availability, the
share of the period in which calls would have been seen; A the prior strength, in calls; w the discount, in (0, 1];
φ the dispersion; κ the weight of a period's evidence, which the clinging makes smaller than one. A period of v = 0
leaves the state as it is (the part was not to be had: nothing was learnt, nothing forgotten); a *missing* period
fades like any other but teaches nothing. With e = 1 this is exponential smoothing with a proper law (Harvey &
Fernandes 1989, Time series models for count data, J. Business & Economic Statistics 7(4), eqs. 2.6–2.10); A gives it
a home to return to. One pass costs one sweep over the periods, whatever the number of items.

It does not know vehicles (see `exposure`) nor the size of a call (see `line_size`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from demand.compiled import to_read
from demand.history import Float64Array1D, Float64Array2D, Int64Array1D, Int64Array2D
from demand.side_by_side import by_blocks
from forecasting.filters_compiled import sweep

PRIOR_STRENGTHS = (0.3, 0.7, 1.6, 4.0, 10.0, 30.0, 100.0)
DISCOUNTS = (0.85, 0.9, 0.94, 0.97, 0.985, 1.0)
DISPERSIONS = (0.0, 0.004, 0.012, 0.035, 0.1, 0.3, 1.0, 3.0)
_TURNS, _ROUNDS = (2, 1, 0), 2
"""Dispersion first, for it is furthest from its start; then discount, then strength."""
_JUDGED_TOGETHER = 1_024
"""Items of a block in the search for the three numbers."""
ITEMS_PER_FAMILY = 400
"""Items of one family on which its three numbers are fitted; more would not move a grid point."""


@dataclass(frozen=True)
class Behaviour:
    """The three numbers of each family, or of each item as its family has them, each ``(n,)``.

    Parameters
    ----------
    strength
        A, in calls, above zero.
    discount
        w, in (0, 1].
    dispersion
        φ, zero or more.
    """

    strength: Float64Array1D
    discount: Float64Array1D
    dispersion: Float64Array1D

    @classmethod
    def constant(cls, items: int, strength: float, discount: float, dispersion: float) -> Behaviour:
        """Return the same three numbers for every item."""
        return cls(np.full(items, strength), np.full(items, discount), np.full(items, dispersion))

    def take(self, items: Int64Array1D) -> Behaviour:
        """Return the numbers of some, in the order asked."""
        return Behaviour(self.strength[items], self.discount[items], self.dispersion[items])


@dataclass(frozen=True)
class Habits:
    """The three numbers of families by their names: found once, they serve later forecasts of the same panel.

    Parameters
    ----------
    family
        Names, ``n_families``.
    behaviour
        Of each, ``(n_families,)``.
    """

    family: tuple[str, ...]
    behaviour: Behaviour

    def of(self, names: Sequence[str]) -> Behaviour:
        """Return the numbers of families by these names; one that was not there has those of the grid's middle."""
        place = {name: code for code, name in enumerate(self.family)}
        code = np.array([place.get(name, len(place)) for name in names], dtype=np.int64)
        middle = (axis[len(axis) // 2] for axis in (PRIOR_STRENGTHS, DISCOUNTS, DISPERSIONS))
        known = (self.behaviour.strength, self.behaviour.discount, self.behaviour.dispersion)
        return Behaviour(*(np.append(each, last)[code] for each, last in zip(known, middle, strict=True)))


@dataclass(frozen=True)
class FilterState:
    """What is known of the rates after the last period.

    Parameters
    ----------
    shape, rate
        a and b of each item's gamma law, ``(n_items,)``; their ratio multiplies the exposure.
    log_likelihood
        Σ log P(y | all before), over the periods seen, ``(n_items,)``.
    """

    shape: Float64Array1D
    rate: Float64Array1D
    log_likelihood: Float64Array1D

    @property
    def multiplier(self) -> Float64Array1D:
        """How much more (or less) an item is asked for than its family would have it: a / b."""
        return self.shape / self.rate


def run(
    calls: Int64Array2D,
    exposure: Float64Array2D,
    availability: Float64Array2D,
    fades: NDArray[np.bool_],
    behaviour: Behaviour,
    is_judged: bool = True,
    scale: Float64Array2D | None = None,
) -> FilterState:
    """Pass over the periods once, for all items together.

    Parameters
    ----------
    calls
        y, ``(n_items, n_periods)``.
    exposure
        e, same shape, zero or more.
    availability
        v, same shape, in [0, 1].
    fades
        True where time passed although nothing could be seen (missing periods), same shape.
    behaviour
        A, w and φ per item.
    is_judged
        Whether the likelihood is wanted; it costs more than the rest, and is zero where it is not.
    scale
        What is added to an item's exposures, and what they are multiplied by then, ``(n_items, 2)``; as they are where
        None.

    Notes
    -----
    Each item is swept by itself (see `filters_compiled`), so its state does not depend on what stands beside it.
    """
    found = np.empty((3, calls.shape[0]))
    sweep(
        to_read(calls),
        to_read(exposure),
        to_read(availability),
        to_read(fades),
        np.column_stack([behaviour.strength, behaviour.discount, behaviour.dispersion]),
        np.tile([0.0, 1.0], (calls.shape[0], 1)) if scale is None else scale,
        is_judged,
        found,
    )
    return FilterState(*found)


def run_one(
    calls: list[int],
    exposure: list[float],
    availability: list[float],
    fades: list[bool],
    strength: float,
    discount: float,
    dispersion: float,
) -> tuple[float, float]:
    """Return a and b of one item by the plain recursion: the readable twin of `run`."""
    a = b = strength
    for y, e, v, fading in zip(calls, exposure, availability, fades, strict=True):
        kept = discount ** (1.0 if fading else v)
        a, b = strength + kept * (a - strength), strength + kept * (b - strength)
        weight = 1 / (1 + dispersion * (e * v * a / b))
        a, b = a + weight * y, b + weight * (e * v)
    return a, b


def fit(
    calls: Int64Array2D,
    exposure: Float64Array2D,
    availability: Float64Array2D,
    fades: NDArray[np.bool_],
    family: Int64Array1D,
    families: int,
) -> Behaviour:
    """Choose A, w and φ for each family by its items' summed marginal likelihood, on a grid.

    Parameters
    ----------
    calls, exposure, availability, fades
        As for `run`.
    family
        Code of each item's family, 0, 1, …, ``(n_items,)``.
    families
        Number of families.

    Returns
    -------
    Behaviour
        Of each family, ``(families,)``.

    Notes
    -----
    Each period is judged by the state before it, so the choice never sees further than the last period given. One
    number at a time climbs along the grid as long as the likelihood rises, `_ROUNDS` times round; a family whose other
    two numbers stand where they stood when this one was last moved would choose the same again, and is not asked.
    Families without a call keep the grid's middle.
    """
    axes = [np.array(axis) for axis in (PRIOR_STRENGTHS, DISCOUNTS, DISPERSIONS)]
    middle = np.array([[axis.size // 2] for axis in axes])
    best = np.tile(middle, families)

    def likelihood(places: Int64Array2D, asked: NDArray[np.bool_]) -> Float64Array1D:
        """Return the likelihood of each family asked at its place on the grid; of no other."""
        rows = np.flatnonzero(asked[family])
        point = Behaviour(*(axis[place] for axis, place in zip(axes, places, strict=True))).take(family[rows])

        def block(part: slice) -> Float64Array1D:
            some = rows[part]
            cells = calls[some], exposure[some], availability[some], fades[some]
            return run(*cells, point.take(np.arange(part.start, part.stop))).log_likelihood

        judged = np.concatenate(by_blocks(block, rows.size, block=_JUDGED_TOGETHER))
        return np.asarray(np.bincount(family[rows], weights=judged, minlength=families), dtype=np.float64)

    has_calls = np.bincount(family, weights=calls.sum(axis=1), minlength=families) > 0
    reached, moved_at = likelihood(best, has_calls), np.full((len(axes), len(axes), families), -1, dtype=np.int64)
    for turn in _TURNS * _ROUNDS:
        now = np.where(np.arange(len(axes))[:, None] == turn, 0, best)
        moving = has_calls & (now != moved_at[turn]).any(axis=0)
        moved_at[turn], now_at = now, best[turn].copy()
        for direction in (-1, 1):
            climbing = moving.copy()
            while (climbing := climbing & _is_inside(best[turn] + direction, axes[turn].size)).any():
                trial = best.copy()
                trial[turn, climbing] += direction
                found = likelihood(trial, climbing)
                climbing &= found > reached
                best, reached = np.where(climbing, trial, best), np.where(climbing, found, reached)
            moving &= best[turn] == now_at
    return Behaviour(*(axis[index] for axis, index in zip(axes, best, strict=True)))


def _is_inside(place: Int64Array1D, size: int) -> NDArray[np.bool_]:
    return np.asarray((place >= 0) & (place < size))


def spread_sample(family: Int64Array1D, informative: NDArray[np.bool_]) -> Int64Array1D:
    """Return informative rows evenly spread over each family, at most `ITEMS_PER_FAMILY` of each."""
    kept = []
    for code in range(int(family.max(initial=-1)) + 1):
        rows = np.flatnonzero((family == code) & informative)
        step = max(1, -(-rows.size // ITEMS_PER_FAMILY))
        kept.append(rows[::step])
    return np.sort(np.concatenate(kept)) if kept else np.zeros(0, dtype=np.int64)


def log_negative_binomial(count: Int64Array1D, mean: Float64Array1D, size: Float64Array1D) -> Float64Array1D:
    """Return log P(Y = count) of negative binomial laws, variance μ + μ²/r; 0 where the mean is 0."""
    result = -size * np.log1p(mean / size)
    some = np.flatnonzero((count > 0) & (mean > 0))
    k, mu, r = count[some], mean[some], size[some]
    result[some] += special.gammaln(r + k) - special.gammaln(r) - special.gammaln(k + 1.0) + k * np.log(mu / (r + mu))
    return result
