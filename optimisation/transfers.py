"""Who gives what to whom: what some stores can spare of a part, handed to those that want it, many parts at once.

Givers and takers of a part stand in a row each, the first to give and the first to be served in front; the first giver
serves the first taker until one of the two is done, and so on (the north-west corner of a transport table, whose order
is decided beforehand). As much moves as can: of each part the lesser of what is spared and what is wanted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from demand.history import Int64Array1D


@dataclass(frozen=True)
class Handed:
    """Quantities on their way, ``(n_pairs,)`` each, above zero, by part, giver and taker in their order.

    Parameters
    ----------
    giver, taker
        Rows of the givers and of the takers.
    quantity
        In the unit of what was spared and wanted.
    """

    giver: Int64Array1D
    taker: Int64Array1D
    quantity: Int64Array1D


def handed_over(
    giver_part: Int64Array1D, spared: Int64Array1D, taker_part: Int64Array1D, wanted: Int64Array1D
) -> Handed:
    """Return who gives what to whom.

    Parameters
    ----------
    giver_part, taker_part
        Code of the part of each row, zero or more, rising; within a part the first in front, ``(n_givers,)`` and
        ``(n_takers,)``.
    spared, wanted
        Quantities, zero or more.

    >>> one = lambda *numbers: np.array(numbers, dtype=np.int64)
    >>> handed_over(one(0, 0), one(3, 5), one(0, 0), one(4, 2)).quantity.tolist()
    [3, 1, 2]
    """
    parts = 1 + int(max(giver_part.max(initial=-1), taker_part.max(initial=-1)))
    moved = np.minimum(
        np.bincount(giver_part, spared, parts).astype(np.int64), np.bincount(taker_part, wanted, parts).astype(np.int64)
    )
    begins = np.cumsum(moved) - moved
    gives_until, takes_until = (
        begins[of] + np.minimum(_running(of, quantity), moved[of])
        for of, quantity in ((giver_part, spared), (taker_part, wanted))
    )
    ends = np.unique(np.concatenate([gives_until, takes_until]))
    quantity = np.diff(ends, prepend=0)
    ends, quantity = ends[quantity > 0], quantity[quantity > 0]
    return Handed(np.searchsorted(gives_until, ends), np.searchsorted(takes_until, ends), quantity)


def _running(part: Int64Array1D, quantity: Int64Array1D) -> Int64Array1D:
    """Return the running sum of quantities within each part."""
    whole = np.cumsum(quantity)
    first = np.searchsorted(part, part, side="left")
    before: Int64Array1D = np.where(first > 0, whole[first - 1], 0)
    return whole - before
