"""`Pairs`: columns of stores and parts, in which the pairs of other columns are found thousands at a time.

Every table of the figures (the shelf, the demand, what closings keep) has a row per part of a store. To bring two of
them together each store and each part number is given a number, a pair the number that both make, and pairs are found
among the sorted ones: a dictionary of pairs takes three times as long, for it makes and compares a pair of each row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, repeat
from typing import overload

import numpy as np

from inventory.figures.columns import Pair, Whole


@dataclass(frozen=True)
class Pairs(Sequence[Pair]):
    """Stores and parts by row.

    Parameters
    ----------
    stores, part_nos
        Of each row, as long as each other.

    >>> shelf = Pairs(["S01", "S01", "S02"], ["P1", "P2", "P1"])
    >>> shelf[2], shelf.find(Pairs(["S02", "S02"], ["P1", "P2"])).tolist()
    (('S02', 'P1'), [2, -1])
    """

    stores: list[str]
    part_nos: list[str]

    @staticmethod
    def of(pairs: Sequence[Pair]) -> Pairs:
        """Return pairs as columns."""
        return Pairs([store for store, _ in pairs], [part_no for _, part_no in pairs])

    @staticmethod
    def of_stores(part_nos: Mapping[str, Sequence[str]]) -> Pairs:
        """Return the parts of each store, one store after another."""
        stores = [store for store, of_store in part_nos.items() for _ in of_store]
        return Pairs(stores, list(chain.from_iterable(part_nos.values())))

    def __len__(self) -> int:
        return len(self.stores)

    def __iter__(self) -> Iterator[Pair]:
        return zip(self.stores, self.part_nos, strict=True)

    @overload
    def __getitem__(self, row: int) -> Pair: ...
    @overload
    def __getitem__(self, row: slice) -> Pairs: ...
    def __getitem__(self, row: int | slice) -> Pair | Pairs:
        if isinstance(row, slice):
            return Pairs(self.stores[row], self.part_nos[row])
        return self.stores[row], self.part_nos[row]

    def take(self, rows: Whole) -> Pairs:
        """Return some rows."""
        at = rows.tolist()
        return Pairs(list(map(self.stores.__getitem__, at)), list(map(self.part_nos.__getitem__, at)))

    def find(self, others: Pairs) -> Whole:
        """Return the row of each of some other pairs, -1 where it is none; each pair may be in one row alone."""
        if not self.stores:
            return np.full(len(others), -1, np.int64)
        wanted, (known, row) = self._numbers(others), self._sorted
        at = np.minimum(np.searchsorted(known, wanted), known.size - 1)
        return np.where(known[at] == wanted, row[at], -1)

    def with_new(self, *others: Pairs) -> Pairs:
        """Return these pairs, and after them those of others that are not among them, each once."""
        new: dict[Pair, None] = {}
        for each in others:
            new.update(dict.fromkeys(each.take(np.flatnonzero(self.find(each) < 0))))
        if not new:
            return self
        return Pairs(self.stores + [store for store, _ in new], self.part_nos + [part_no for _, part_no in new])

    @cached_property
    def _number_of(self) -> tuple[dict[str, int], dict[str, int]]:
        stores = {store: number for number, store in enumerate(dict.fromkeys(self.stores))}
        return stores, {part_no: number for number, part_no in enumerate(dict.fromkeys(self.part_nos))}

    def _numbers(self, others: Pairs) -> Whole:
        """Return the number of each of some pairs; below zero where its store or its part is not known here."""
        stores, part_nos = self._number_of
        store = np.fromiter(map(stores.get, others.stores, repeat(-1)), np.int64, len(others))
        part = np.fromiter(map(part_nos.get, others.part_nos, repeat(-1)), np.int64, len(others))
        return np.where((store < 0) | (part < 0), -1, store * len(part_nos) + part)

    @cached_property
    def _sorted(self) -> tuple[Whole, Whole]:
        """The numbers of these pairs in their order, and the row of each."""
        numbers = self._numbers(self)
        row = np.argsort(numbers, kind="stable")
        return numbers[row], row
