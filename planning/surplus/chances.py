"""The chance that a part on the shelf is never asked for again, by the survival of its store's own silences.

The chance is read from the silences of the same store, movement class and category as far as enough of them were seen,
then from those of the store and class, of the class in all stores, of all parts (`forecasting.survival`). Silences that
began in the first year of the record teach nothing, for their class was not known.

A number that was replaced and counts as stock of the one that replaced it is asked for whenever that is; one whose
stock may not be used any more is never asked for again. A part that nobody has asked for counts as silent since the
record began, or since it was on sale, and as one of the rarest class.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from demand.history import Float64Array1D, Int64Array1D
from forecasting.survival import CLASS_NAMES, DAYS_OF_CLASS, Curve, Silences, curve_of, silences_of, spliced
from inventory.idle_columns import AskedDays, OnShelf
from inventory.supersession import Lineage

MILLION = 1_000_000
BASES = ("category", "class", "all-stores", "all-parts")
"""Whose silences a chance is read from, the finest first."""

SUPERSEDED = len(BASES)
"""In place of a basis: nobody's, since the stock may not be used any more."""


@dataclass(frozen=True)
class Chances:
    """What is told of each row of the stock; shape (parts,).

    Parameters
    ----------
    never_again_ppm, low_ppm, high_ppm
        The chance that it is never asked for again, with its interval of 95 %.
    at_risk_e4
        That share of its value, rounded half up to the last unit of money.
    was_asked
        Whether it was ever asked for.
    silent_from, silent_days
        Day number since when it is silent, and for how many days.
    movement_class
        Index into `CLASS_NAMES`.
    basis
        Index into `BASES`, or `SUPERSEDED`.
    silences
        How many lasted as long in the group that the chance is read from.
    groups
        The curves it is read from.
    """

    never_again_ppm: Int64Array1D
    low_ppm: Int64Array1D
    high_ppm: Int64Array1D
    at_risk_e4: Int64Array1D
    was_asked: NDArray[np.bool_]
    silent_from: Int64Array1D
    silent_days: Int64Array1D
    movement_class: Int64Array1D
    basis: Int64Array1D
    silences: Int64Array1D
    groups: Groups


def chances_of(asked: AskedDays, stock: OnShelf, of: Lineage, as_of: date) -> Chances:
    """Return the chance that each part on the shelf is never asked for again, and its value at risk.

    Parameters
    ----------
    asked
        Requests up to the day; those of no store count for the only one on the shelf.
    of
        What old numbers have become.
    as_of
        The business day.
    """
    stores = set(stock.stores)
    if len(stores) == 1:
        (only,) = stores
        asked = replace(asked, stores=[store or only for store in asked.stores])
    record = Record.of(asked, stock, of, as_of)
    groups = Groups(record)
    was_asked = record.last >= 0
    if record.silences.part.size:
        since = np.where(was_asked, record.silences.begins[record.last], record.begins)
        classes = np.where(was_asked, record.silences.movement_class[record.last], 0)
    else:
        since, classes = record.begins, np.zeros(len(stock.stores), dtype=np.int64)
    silent = record.last_day - since
    (chance, low, high), basis, seen = _read(groups, silent, classes)
    gone = np.array([not _is_usable(of, number) for number in stock.part_nos], dtype=np.bool_)
    never, least, most = (ppm(np.where(gone, 1.0, each)) for each in (chance, low, high))
    at_risk = [share_e4(*each) for each in zip(stock.value_e4.tolist(), never.tolist(), strict=True)]
    return Chances(
        never,
        least,
        most,
        np.array(at_risk, dtype=np.int64),
        was_asked,
        since,
        silent,
        classes,
        np.where(gone, SUPERSEDED, basis),
        seen,
        groups,
    )


def share_e4(value_e4: int, share_ppm: int) -> int:
    """Return a share of an amount of money, rounded half up to its last unit.

    >>> share_e4(10_0000, 255_000)
    25500
    """
    return (2 * value_e4 * share_ppm + MILLION) // (2 * MILLION)


def ppm(chance: Float64Array1D) -> Int64Array1D:
    """Return chances as whole parts per million."""
    return np.round(chance * MILLION).astype(np.int64)


@dataclass(frozen=True)
class Record:
    """The silences of all parts, with store and category of each, and what they tell of the rows of the stock.

    Parameters
    ----------
    stores, categories
        Names, sorted; everything else is in codes of them.
    store, category
        Of each silence.
    taught
        The silences that teach, as rows of `silences`.
    last
        Row of each stock row's last silence; -1 where it was never asked for.
    begins
        Day number on which the record of each stock row begins.
    stock_store, stock_category
        Of each stock row.
    """

    silences: Silences
    stores: tuple[str, ...]
    categories: tuple[str, ...]
    store: Int64Array1D
    category: Int64Array1D
    taught: Int64Array1D
    last: Int64Array1D
    begins: Int64Array1D
    stock_store: Int64Array1D
    stock_category: Int64Array1D
    last_day: int

    @classmethod
    def of(cls, asked: AskedDays, stock: OnShelf, of: Lineage, as_of: date) -> Record:
        """Put requests and stock under the numbers they are asked for by."""
        last_day, requests = int(np.datetime64(as_of, "D").astype(np.int64)), len(asked.stores)
        own, names = _coded([*asked.part_nos, *stock.part_nos])
        live, live_names = _coded([_asked_as(of, number) for number in names])
        number, count = live[own], len(live_names)
        store, stores = _coded([*asked.stores, *stock.stores])
        of_name, categories = _coded([asked.category_of.get(name, "") for name in names])
        category = np.zeros(count, dtype=np.int64)
        np.maximum.at(category, live, of_name)  # an empty one comes first in their order
        keys, part = np.unique(store * count + number, return_inverse=True)
        of_asked, of_stock = part[:requests], part[requests:]
        day = asked.days.astype(np.int64)
        silences = silences_of(of_asked, day, last_day)
        first = int(day.min()) if day.size else last_day
        last = np.searchsorted(silences.part, of_stock, side="right") - 1
        if silences.part.size:
            last[silences.part[last] != of_stock] = -1
        on_sale = stock.on_sale_from
        begins = np.where(np.isnat(on_sale), first, np.maximum(on_sale.astype(np.int64), first))
        return cls(
            silences,
            stores,
            categories,
            keys[silences.part] // count,
            category[keys[silences.part] % count],
            np.flatnonzero(silences.begins >= first + min(DAYS_OF_CLASS, (last_day - first) // 2)),
            last,
            np.minimum(begins, last_day),
            store[requests:],
            category[number[requests:]],
            last_day,
        )


class Groups:
    """The curves of all groups, each by itself, with the lengths of its silences; made when asked for."""

    def __init__(self, record: Record) -> None:
        self.record = record
        at, self.category_count = record.taught, max(len(record.categories), 1)
        movement_class = record.silences.movement_class[at]
        of_class = record.store[at] * len(CLASS_NAMES) + movement_class
        of_category = of_class * self.category_count + record.category[at]
        keys = (of_category, of_class, movement_class, np.zeros_like(of_class))
        self._rows = [_by_key(at, key) for key in keys]
        self._made: dict[tuple[int, int], tuple[Curve, Int64Array1D]] = {}

    def cells(self, movement_class: Int64Array1D) -> Int64Array1D:
        """Return the finest group of each row of the stock, by their classes, as one number."""
        of_class = self.record.stock_store * len(CLASS_NAMES) + movement_class
        return of_class * self.category_count + self.record.stock_category

    def chain(self, cell: int) -> list[tuple[Curve, Int64Array1D]]:
        """Return the curves of a finest group and of the wider ones after it."""
        of_class = cell // self.category_count
        return [self._curve(0, cell), *self.wider(of_class // len(CLASS_NAMES), of_class % len(CLASS_NAMES))]

    def wider(self, store: int, movement_class: int) -> list[tuple[Curve, Int64Array1D]]:
        """Return the curves of a store's class, of the class, and of all parts."""
        keys = (store * len(CLASS_NAMES) + movement_class, movement_class, 0)
        return [self._curve(level, key) for level, key in enumerate(keys, start=1)]

    def ended(self, store: int, movement_class: int) -> int:
        """Return how many silences of a store's class have ended."""
        rows = self._rows[1].get(store * len(CLASS_NAMES) + movement_class, np.zeros(0, dtype=np.int64))
        return int(self.record.silences.has_ended[rows].sum())

    def _curve(self, level: int, key: int) -> tuple[Curve, Int64Array1D]:
        if (level, key) not in self._made:
            rows = self._rows[level].get(key, np.zeros(0, dtype=np.int64))
            days = self.record.silences.days[rows]
            self._made[level, key] = curve_of(days, self.record.silences.has_ended[rows]), np.sort(days)
        return self._made[level, key]


def joined(curves: Sequence[Curve]) -> Curve:
    """Return a curve as far as it reaches, and then as the wider ones after it."""
    whole = curves[-1]
    for fine in reversed(curves[:-1]):
        whole = spliced(fine, whole)
    return whole


def _read(
    groups: Groups, silent: Int64Array1D, classes: Int64Array1D
) -> tuple[NDArray[np.float64], Int64Array1D, Int64Array1D]:
    """Return chance, least and most of each row, whose silences it is read from, and how many lasted as long."""
    chances = np.zeros((3, silent.size))
    basis, seen = np.zeros((2, silent.size), dtype=np.int64)
    for cell, rows in _by_key(np.arange(silent.size), groups.cells(classes)).items():
        chain = groups.chain(cell)
        whole = joined([curve for curve, _ in chain])
        chances[:, rows] = whole.never_again(silent[rows])
        read = whole.read_as(silent[rows])
        reaches = np.array([curve.reach_days for curve, _ in chain[:-1]])
        level = (reaches[:, None] <= read).sum(axis=0)  # a wider group reaches no less far
        basis[rows] = level
        lasted = np.stack([lengths.size - np.searchsorted(lengths, read) for _, lengths in chain])
        seen[rows] = lasted[level, np.arange(rows.size)]
    return chances, basis, seen


def _coded(texts: Sequence[str]) -> tuple[Int64Array1D, tuple[str, ...]]:
    """Return the place of each name among all of them, sorted."""
    names = tuple(sorted(set(texts)))
    place_of = {name: place for place, name in enumerate(names)}
    places: Iterable[int] = map(place_of.__getitem__, texts)
    return np.fromiter(places, dtype=np.int64, count=len(texts)), names


def _asked_as(of: Lineage, part_no: str) -> str:
    """Return the number under which stock of a part is asked for."""
    successors = of.live(part_no)
    return successors[0].part_no if len(successors) == 1 and successors[0].counts_as_stock else part_no


def _is_usable(of: Lineage, part_no: str) -> bool:
    """Return whether stock of a number may still be handed out: it is live, or counts as stock of what replaced it."""
    return of.is_live(part_no) or all(successor.counts_as_stock for successor in of.live(part_no))


def _by_key(rows: Int64Array1D, keys: Int64Array1D) -> dict[int, Int64Array1D]:
    """Return the rows of each key."""
    order = np.argsort(keys, kind="stable")
    found, begins = np.unique(keys[order], return_index=True)
    return dict(zip(found.tolist(), np.split(rows[order], begins[1:]), strict=False))
