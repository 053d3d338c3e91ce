"""Items whose numbers are equal, told together: most parts of most stores are asked for never, once, or twice.

What is said of an item depends on its past and its filter alone, so it is worked out once for each kind of item. An
item's numbers are folded into one of 64 bits by multiplying and shifting (Vigna 2014, SplitMix64), equal ones are
looked up by sorting, and every item is then held against the first of its kind: one that differs all the same is a
kind of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demand.compiled import compiled, to_read
from demand.history import Int64Array1D
from demand.side_by_side import THREADS, by_blocks

_MULTIPLIER, _SHIFT, _HALF = np.uint64(0x9E3779B97F4A7C15), np.uint64(29), np.uint64(32)


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
    def of(cls, *tables: NDArray[np.generic], threads: int = THREADS) -> Kinds:
        """Return the kinds of the items whose numbers these are; each table is ``(n_items, any number)``."""

        def fold(rows: slice) -> NDArray[np.uint64]:
            folded = np.zeros(rows.stop - rows.start, dtype=np.uint64)
            for table in tables:
                _fold(_bits(table[rows]), folded)
            return folded

        items = tables[0].shape[0]
        folded = np.concatenate(by_blocks(fold, items, threads))
        _, first, kind = np.unique(folded, return_index=True, return_inverse=True)
        kind = kind.reshape(-1)

        def differs(rows: slice) -> NDArray[np.bool_]:
            # Most items of a large panel are the first of their kind, or of a kind that is no other's.
            found = np.zeros(rows.stop - rows.start, dtype=np.bool_)
            later = np.flatnonzero(first[kind[rows]] != np.arange(rows.start, rows.stop))
            for table in tables:
                found[later] |= (table[rows.start + later] != table[first[kind[rows.start + later]]]).any(axis=1)
            return found

        odd = np.flatnonzero(np.concatenate(by_blocks(differs, items, threads)))
        first = np.concatenate([first, odd])
        kind[odd] = np.arange(first.size - odd.size, first.size)
        order = np.argsort(first, kind="stable")
        place = np.empty(first.size, dtype=np.int64)
        place[order] = np.arange(first.size)
        return cls(first[order].astype(np.int64), place[kind])


def _bits(table: NDArray[np.generic]) -> NDArray[np.uint64]:
    if table.dtype == np.bool_:
        return to_read(table.astype(np.uint64))
    return to_read(np.ascontiguousarray(table).view(np.uint64))


@compiled
def _fold(bits: NDArray[np.uint64], folded: NDArray[np.uint64]) -> None:
    for item in range(bits.shape[0]):
        mixed = folded[item]
        for place in range(bits.shape[1]):
            word = bits[item, place]
            mixed ^= word ^ (word >> _HALF)
            mixed *= _MULTIPLIER
            mixed ^= mixed >> _SHIFT
        folded[item] = mixed
