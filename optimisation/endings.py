"""How much of a part may still be bought when its days are numbered: one newsvendor for three kinds of end.

    its *shelf life* ends        what is left after it is lost
    its *use* ends               from a day on another number serves in its place, and what is left is not used any more
    its *supply* ends            after this order none can be had, and what is asked for later goes unserved

One quantity faces the demand D_T of the T years until the end (of supply: in which it can still be sold). Its y-th unit
is worth having as long as

    p P(D_T ≥ y)  ≥  (1 − r) c P(D_T < y) + i c ∫₀ᵀ P(D_t < y) dt

c unit cost, r share of it that comes back for a unit left over, p what a unit lacking costs, i what a unit of money in
stock costs a year; the integral is how long the y-th unit is expected to lie there. All terms move one way with y, so
the last such y is best; with i = 0 it is the newsvendor's level P(D_T ≤ y) ≥ p / (p + (1 − r) c).

Under an end of supply this is the last-time buy, and holding counts: units wait for years. Under an end of use or of
shelf life it is a most, beside what the price of money chooses: i = 0 there, for holding was weighed by that choice.
Ahead of a known drop demand takes away what there is, where no more is bought in time (Pinçe & Dekker 2011, European
Journal of Operational Research 213).

What the units of a last-time buy are worth when money is short is the sum of what is left of the inequality over them:
what is lost for good if they are not bought now. Each unit is worth less than the one before, so the sum is concave.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from demand.distribution import DemandLaw
from demand.history import Float64Array1D, Int64Array1D
from optimisation.assortment import at_most_each


@dataclass(frozen=True)
class WorthUntilEnd:
    """What having y units until the end is worth more than having none, for y = 0, 1, 2, …, ragged.

    Parameters
    ----------
    worth_e4
        Flat; rising as long as a unit is worth having, and flat from there.
    boundaries
        Item i's points are ``boundaries[i]:boundaries[i + 1]``, the first is y = 0; ``(n_items + 1,)``.
    """

    worth_e4: Float64Array1D
    boundaries: Int64Array1D

    @classmethod
    def none(cls, items: int) -> WorthUntilEnd:
        """Return the worth of items whose days are not numbered: nothing."""
        return cls(np.zeros(items), np.arange(items + 1, dtype=np.int64))

    def gained(self, item: Int64Array1D, before: Int64Array1D, after: Int64Array1D) -> Float64Array1D:
        """Return what `after` units are worth more than `before` of some items; below zero counts as zero."""
        first, most = self.boundaries[item], np.diff(self.boundaries)[item] - 1
        gain: Float64Array1D = (
            self.worth_e4[first + np.clip(after, 0, most)] - self.worth_e4[first + np.clip(before, 0, most)]
        )
        return gain


def level_until_end(
    demand: DemandLaw,
    unit_cost_e4: Float64Array1D,
    recovered: Float64Array1D,
    lacking_e4: Float64Array1D,
    holding_e4: Float64Array1D | None = None,
    on_the_way: Sequence[DemandLaw] = (),
) -> Int64Array1D:
    """Return the best y of each item; 0 where not even the first unit is worth its cost.

    Parameters
    ----------
    demand
        Law of D_T, demand units, ``n_items`` rows.
    unit_cost_e4, recovered, lacking_e4
        c, r and p of each item, zero or more; money in ten-thousandths.
    holding_e4
        i c T: what a unit costs that lies there until the end; nothing where None.
    on_the_way
        Laws of D_t at the middles of equal slices of T, over which the integral is taken.

    Raises
    ------
    ValueError
        If a figure is negative, more comes back than was paid, or holding is to count and no law tells for how long.
    """
    boundaries = demand.boundaries
    gain = _gain_of_unit(demand, unit_cost_e4, recovered, lacking_e4, holding_e4, on_the_way)
    return np.add.reduceat((gain >= 0).astype(np.int64), boundaries[:-1]) if demand.item_count else boundaries[:-1]


def worth_until_end(
    demand: DemandLaw,
    unit_cost_e4: Float64Array1D,
    recovered: Float64Array1D,
    lacking_e4: Float64Array1D,
    holding_e4: Float64Array1D | None = None,
    on_the_way: Sequence[DemandLaw] = (),
) -> WorthUntilEnd:
    """Return what each number of units is worth; parameters and faults as of `level_until_end`."""
    gain = np.maximum(_gain_of_unit(demand, unit_cost_e4, recovered, lacking_e4, holding_e4, on_the_way), 0)
    running = np.concatenate([[0.0], np.cumsum(gain)])
    first = demand.boundaries[:-1]
    return WorthUntilEnd(running[:-1] - np.repeat(running[first], demand.sizes), demand.boundaries)


def _gain_of_unit(
    demand: DemandLaw,
    unit_cost_e4: Float64Array1D,
    recovered: Float64Array1D,
    lacking_e4: Float64Array1D,
    holding_e4: Float64Array1D | None,
    on_the_way: Sequence[DemandLaw],
) -> Float64Array1D:
    """Return what unit k + 1 is worth net of what it costs, at point k of each law; below zero where none is asked."""
    figures = (unit_cost_e4, recovered, lacking_e4, *(() if holding_e4 is None else (holding_e4,)))
    if min((column.min(initial=0.0) for column in figures), default=0.0) < 0:
        raise ValueError("costs and shares are zero or more")
    if recovered.max(initial=0.0) > 1:
        raise ValueError("not more comes back than was paid: the share recovered is at most 1")
    if holding_e4 is not None and not on_the_way:
        raise ValueError("how long a unit is held is told by the laws on the way; there is none")
    boundaries = demand.boundaries
    item = np.repeat(np.arange(demand.item_count), demand.sizes)
    unasked = at_most_each(demand, boundaries)  # of k = y − 1: P(D_T < y)
    gain = (lacking_e4 * (1.0 + 1e-12))[item] * (1 - unasked) - ((1 - recovered) * unit_cost_e4)[item] * unasked
    if holding_e4 is not None:
        held = sum(at_most_each(law, boundaries) for law in on_the_way) / len(on_the_way)
        gain = gain - holding_e4[item] * held
    return np.where(unasked < 1, gain, -np.inf)
