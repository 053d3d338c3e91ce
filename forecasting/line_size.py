"""How many pieces one call takes: the law of the size of an order line, per item.

Sizes are counted in the part's own *demand unit*, the greatest common divisor of the sizes seen (four litres for an
oil that is always drawn so), so that no quantile falls between two cans. An item's sizes are drawn to those of its
part over all stores, and these to what the fitment says one vehicle takes:

    part   q(k) = (n_part(k) + s₁ 1[k = fitted]) / (n_part + s₁)
    item   p(k) = (n_item(k) + s₂ q(k)) / (n_item + s₂)

n(k): lines of size k. The law is made from lines, never from monthly totals, which would mix sizes with frequency
(Prak, Teunter, Babai, Boylan & Syntetos 2021, Robust compound Poisson parameter estimation, Omega 104).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from demand.distribution import DemandLaw
from demand.history import Float64Array1D, Int64Array1D

FITTED_LINES = 1.0
"""s₁: one line's worth of trust in the fitment."""
PART_LINES = 4.0
"""s₂: an item with four lines of its own counts as much as all other stores."""
FINEST_UNITS = 400
"""A usual line is at most this many demand units; a finer lattice would slow every law and sharpen none."""


def demand_units(part: Int64Array1D, size_milli: Int64Array1D, fitted_milli: Int64Array1D) -> Int64Array1D:
    """Return the demand unit of each part, in thousandths of its stock unit, ``(n_parts,)``.

    Parameters
    ----------
    part, size_milli
        Code of the part and size of each line, above zero, ``(n_lines,)``.
    fitted_milli
        What one vehicle takes; 1,000 where nothing is known, ``(n_parts,)``.

    >>> demand_units(np.array([0, 0]), np.array([4000, 12000]), np.array([1000, 2000])).tolist()
    [4000, 2000]
    """
    unit = fitted_milli.copy()
    if part.size:
        order = np.argsort(part, kind="stable")
        seen, starts, counts = np.unique(part[order], return_index=True, return_counts=True)
        unit[seen] = np.gcd.reduceat(size_milli[order], starts)
        unit[seen] = no_finer(unit[seen], np.add.reduceat(size_milli[order], starts) / counts)
    return unit


def no_finer(unit: Int64Array1D, usual: Float64Array1D) -> Int64Array1D:
    """Return units of which a usual line takes `FINEST_UNITS` at most: ten, a hundred, … times as large where it must.

    >>> no_finer(np.array([1000, 1000]), np.array([4e5, 9e6])).tolist()
    [1000, 100000]
    """
    coarse = unit.copy()
    while (fine := usual / coarse > FINEST_UNITS).any():
        coarse[fine] *= 10
    return coarse


def line_size_law(
    item: Int64Array1D,
    size: Int64Array1D,
    part_of_item: Int64Array1D,
    fitted: Int64Array1D,
) -> DemandLaw:
    """Return the law of the size of a line of each item, in demand units; no line has size zero.

    Parameters
    ----------
    item, size
        Row of the item and size of each line in demand units, one or more, ``(n_lines,)``.
    part_of_item
        Code of each item's part, ``(n_items,)``; stores of one part share what they know.
    fitted
        What one vehicle takes, in demand units, one or more, ``(n_parts,)``.
    """
    parts, items = fitted.size, part_of_item.size
    width = fitted.copy()
    np.maximum.at(width, part_of_item[item], size)
    start = np.concatenate([[0], np.cumsum(width + 1)]).astype(np.int64)
    pooled = np.bincount(start[part_of_item[item]] + size, minlength=start[-1]).astype(np.float64)
    pooled[start[:-1] + fitted] += FITTED_LINES
    pooled /= np.repeat(np.bincount(part_of_item[item], minlength=parts) + FITTED_LINES, width + 1)
    boundaries = np.concatenate([[0], np.cumsum(width[part_of_item] + 1)]).astype(np.int64)
    own = np.bincount(boundaries[item] + size, minlength=boundaries[-1]).astype(np.float64)
    lengths = np.diff(boundaries)
    within = np.arange(boundaries[-1]) - np.repeat(boundaries[:-1], lengths)
    prior = pooled[np.repeat(start[part_of_item], lengths) + within]
    lines = np.bincount(item, minlength=items)
    return DemandLaw((own + PART_LINES * prior) / np.repeat(lines + PART_LINES, lengths), boundaries)


def single_pieces(items: int) -> DemandLaw:
    """Return laws under which every line takes one demand unit."""
    return DemandLaw(np.tile([0.0, 1.0], items), np.arange(0, 2 * items + 1, 2, dtype=np.int64))


def in_units(quantity_milli: Int64Array1D, unit_milli: Int64Array1D) -> NDArray[np.int64]:
    """Return quantities in demand units, rounded half up; exact wherever the unit divides them."""
    return (2 * quantity_milli + unit_milli) // (2 * unit_milli)
