"""Items whose columns are equal, told together: most parts of most stores are asked for never, once, or twice.

What is said of an item depends on its columns alone, so it is worked out once for each kind of item. Columns are
folded into one 64-bit number by multiplying and shifting (Vigna 2014, SplitMix64), equal numbers are looked up by
sorting, and every item is then held against the first of its kind: one that differs all the same is a kind of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from demand.history import Float64Array2D, Int64Array1D

_MULTIPLIER, _SHIFT = np.uint64(0x9E3779B97F4A7C15), np.uint64(29)


@dataclass(frozen=True)
class Kinds:
    """Which items are alike.

    Parameters
    ----------
    first
        The first item of each kind, rising, ``(n_kinds,)``.
    kind
        Of each item, ``(n_items,)``.
    """

    first: Int64Array1D
    kind: Int64Array1D

    @classmethod
    def of(cls, *tables: Float64Array2D) -> Kinds:
        """Return the kinds of the items whose columns these are; each table is ``(any number, n_items)``."""
        folded = np.zeros(tables[0].shape[1], dtype=np.uint64)
        for table in tables:
            for row in table:
                bits = np.ascontiguousarray(row, dtype=np.float64).view(np.uint64)
                folded ^= bits ^ (bits >> np.uint64(32))
                folded *= _MULTIPLIER
                folded ^= folded >> _SHIFT
        _, first, kind = np.unique(folded, return_index=True, return_inverse=True)
        differs = np.zeros(folded.size, dtype=np.bool_)
        for table in tables:
            for row in table:
                differs |= row != row[first][kind]
        odd = np.flatnonzero(differs)
        first, kind = np.concatenate([first, odd]), kind.reshape(-1)
        kind[odd] = np.arange(first.size - odd.size, first.size)
        order = np.argsort(first, kind="stable")
        place = np.empty(first.size, dtype=np.int64)
        place[order] = np.arange(first.size)
        return cls(first[order].astype(np.int64), place[kind])
