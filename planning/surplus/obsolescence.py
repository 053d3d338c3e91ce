"""What lies on the shelf and may never be asked for again: the chance, by own survival, and the value at risk.

    value at risk = value on the shelf × chance of never again          (rounded half up to the last unit of money)

The chance is read from the silences of the same store, movement class and category as far as enough of them were seen,
then from those of the store and class, of the class in all stores, of all parts (`forecasting.survival`). Silences that
began in the first year of the record teach nothing, for their class was not known.

A number that was replaced and counts as stock of the one that replaced it is asked for whenever that is; one whose
stock may not be used any more is never asked for again. A part that nobody has asked for counts as silent since the
record began, or since it was on sale, and as one of the rarest class.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demand.history import Float64Array1D, Int64Array1D
from forecasting.survival import CLASS_NAMES, DAYS_OF_CLASS, Curve, Silences, curve_of, silences_of, spliced
from inventory.supersession import Lineage, lineage

MILLION = 1_000_000
NEVER_ASKED = "never"
SUPERSEDED = "superseded"
BASES = ("category", "class", "all-stores", "all-parts")
"""Whose silences a chance is read from, the finest first; or `SUPERSEDED`."""

SHOWN_SILENCES = (0, 90, 180, 365, 545, 730)
"""Days of silence at which a curve is shown."""


@dataclass(frozen=True)
class Obsolescence:
    """Stock at risk.

    Parameters
    ----------
    items
        A row per store and part on the shelf, the greatest value at risk first: ``store, part_no, name, category,
        supplier, on_hand_milli, value_e4, last_asked_on, silent_days, movement_class, basis, silences,
        never_again_ppm, low_ppm, high_ppm, at_risk_e4``. `silences` is how many lasted as long in the group that the
        chance is read from.
    curves
        A row per store and movement class: ``store, movement_class, silences, ended, reach_days, parts, value_e4,
        at_risk_e4`` and ``never_after_0_ppm, …`` for each of `SHOWN_SILENCES`.
    """

    items: pd.DataFrame
    curves: pd.DataFrame


def obsolescence_of(asked: pd.DataFrame, stock: pd.DataFrame, supersessions: pd.DataFrame, as_of: date) -> Obsolescence:
    """Return the chance that each part on the shelf is never asked for again, and its value at risk.

    Parameters
    ----------
    asked
        ``store, part_no, asked_on, category``, each day once; days of no store count for the only one on the shelf.
    stock
        ``store, part_no, name, category, supplier, on_hand_milli, value_e4, on_sale_from``.
    supersessions
        ``part_no, replaced_by, effective_on, quantity_milli, kind``.
    as_of
        The business day; requests are known up to it.
    """
    stock = stock.sort_values(["store", "part_no"], ignore_index=True)
    of = lineage(supersessions, as_of)
    stores = stock["store"].unique()
    if len(stores) == 1:
        asked = asked.assign(store=asked["store"].replace("", stores[0]))
    record = _Record.of(asked, stock, of, as_of)
    groups = _Groups(record)
    items = _items(stock, record, groups, of)
    return Obsolescence(items, _curves(items, record, groups))


@dataclass(frozen=True)
class _Record:
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
    def of(cls, asked: pd.DataFrame, stock: pd.DataFrame, of: Lineage, as_of: date) -> _Record:
        """Put requests and stock under the numbers they are asked for by."""
        last_day = int(np.datetime64(as_of, "D").astype(np.int64))
        own, names = _coded(asked["part_no"], stock["part_no"])
        live, live_names = _coded(pd.Series([_asked_as(of, number) for number in names], dtype="str"))
        number, count = live[own], len(live_names)
        store, stores = _coded(asked["store"], stock["store"])
        of_row, categories = _coded(asked["category"], stock["category"])
        category = np.zeros(count, dtype=np.int64)
        np.maximum.at(category, number, of_row)  # an empty one comes first in their order
        keys, part = np.unique(store * count + number, return_inverse=True)
        of_asked, of_stock = part[: len(asked)], part[len(asked) :]
        day = asked["asked_on"].to_numpy("datetime64[D]").astype(np.int64)
        silences = silences_of(of_asked, day, last_day)
        first = int(day.min()) if day.size else last_day
        last = np.searchsorted(silences.part, of_stock, side="right") - 1
        if silences.part.size:
            last[silences.part[last] != of_stock] = -1
        on_sale = stock["on_sale_from"].to_numpy("datetime64[D]")
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
            store[len(asked) :],
            category[number[len(asked) :]],
            last_day,
        )


def _coded(*columns: pd.Series) -> tuple[Int64Array1D, tuple[str, ...]]:
    """Return the place of each name of some columns, one after another, among their names, sorted."""
    whole = pd.concat(columns, ignore_index=True).astype("str")
    names = tuple(sorted(whole.unique()))
    return pd.Index(names, dtype="str").get_indexer(pd.Index(whole)).astype(np.int64), names


def _asked_as(of: Lineage, part_no: str) -> str:
    """Return the number under which stock of a part is asked for."""
    successors = of.live(part_no)
    return successors[0].part_no if len(successors) == 1 and successors[0].counts_as_stock else part_no


class _Groups:
    """The curves of all groups, each by itself, with the lengths of its silences; made when asked for."""

    def __init__(self, record: _Record) -> None:
        self.record = record
        at, self.category_count = record.taught, max(len(record.categories), 1)
        movement_class = record.silences.movement_class[at]
        of_class = record.store[at] * len(CLASS_NAMES) + movement_class
        of_category = of_class * self.category_count + record.category[at]
        keys = (of_category, of_class, movement_class, np.zeros_like(of_class))
        self._rows = [_by_key(at, key) for key in keys]
        self._made: dict[tuple[int, int], tuple[Curve, Int64Array1D]] = {}

    def cells(self, store: Int64Array1D, movement_class: Int64Array1D, category: Int64Array1D) -> Int64Array1D:
        """Return the finest group of each row, as one number."""
        return (store * len(CLASS_NAMES) + movement_class) * self.category_count + category

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


def _by_key(rows: Int64Array1D, keys: Int64Array1D) -> dict[int, Int64Array1D]:
    """Return the rows of each key."""
    order = np.argsort(keys, kind="stable")
    found, begins = np.unique(keys[order], return_index=True)
    return dict(zip(found.tolist(), np.split(rows[order], begins[1:]), strict=False))


def _joined(curves: Sequence[Curve]) -> Curve:
    """Return a curve as far as it reaches, and then as the wider ones after it."""
    whole = curves[-1]
    for fine in reversed(curves[:-1]):
        whole = spliced(fine, whole)
    return whole


def _items(stock: pd.DataFrame, record: _Record, groups: _Groups, of: Lineage) -> pd.DataFrame:
    asked = record.last >= 0
    if record.silences.part.size:
        last_day = np.where(asked, record.silences.begins[record.last], record.begins)
        classes = np.where(asked, record.silences.movement_class[record.last], 0)
    else:
        last_day, classes = record.begins, np.zeros(len(stock), dtype=np.int64)
    silent = record.last_day - last_day
    chance, low, high = np.zeros((3, len(stock)))
    basis, seen = np.full(len(stock), "", dtype=object), np.zeros(len(stock), dtype=np.int64)
    finest = groups.cells(record.stock_store, classes, record.stock_category)
    for cell, rows in _by_key(np.arange(len(stock)), finest).items():
        chain = groups.chain(cell)
        whole = _joined([curve for curve, _ in chain])
        chance[rows], low[rows], high[rows] = whole.never_again(silent[rows])
        read = whole.read_as(silent[rows])
        reaches = np.array([curve.reach_days for curve, _ in chain[:-1]])
        level = (reaches[:, None] <= read).sum(axis=0)  # a wider group reaches no less far
        basis[rows] = np.array(BASES, dtype=object)[level]
        lasted = np.stack([lengths.size - np.searchsorted(lengths, read) for _, lengths in chain])
        seen[rows] = lasted[level, np.arange(rows.size)]
    gone = np.array([not _is_usable(of, str(number)) for number in stock["part_no"]], dtype=np.bool_)
    basis[gone] = SUPERSEDED
    never, least, most = (_ppm(np.where(gone, 1.0, each)) for each in (chance, low, high))
    value = stock["value_e4"].to_numpy(np.int64)
    items = stock[["store", "part_no", "name", "category", "supplier", "on_hand_milli", "value_e4"]].assign(
        last_asked_on=_days(last_day, asked),
        silent_days=silent,
        movement_class=np.where(asked, np.array(CLASS_NAMES, dtype=object)[classes], NEVER_ASKED),
        basis=basis,
        silences=seen,
        never_again_ppm=never,
        low_ppm=least,
        high_ppm=most,
        at_risk_e4=[share_e4(int(each), int(part)) for each, part in zip(value, never, strict=True)],
    )
    return items.sort_values(
        ["at_risk_e4", "store", "part_no"], ascending=[False, True, True], kind="stable", ignore_index=True
    )


def share_e4(value_e4: int, share_ppm: int) -> int:
    """Return a share of an amount of money, rounded half up to its last unit.

    >>> share_e4(10_0000, 255_000)
    25500
    """
    return (2 * value_e4 * share_ppm + MILLION) // (2 * MILLION)


def _is_usable(of: Lineage, part_no: str) -> bool:
    """Return whether stock of a number may still be handed out: it is live, or counts as stock of what replaced it."""
    return of.is_live(part_no) or all(successor.counts_as_stock for successor in of.live(part_no))


def _curves(items: pd.DataFrame, record: _Record, groups: _Groups) -> pd.DataFrame:
    rows: list[Mapping[str, object]] = []
    of_class = items["movement_class"].replace(NEVER_ASKED, CLASS_NAMES[0])
    shelf: dict[tuple[str, str], list[int]] = {}
    for *key, value, at_risk in zip(
        items["store"], of_class, items["value_e4"].tolist(), items["at_risk_e4"].tolist(), strict=True
    ):
        sums = shelf.setdefault((key[0], key[1]), [0, 0, 0])
        sums[:] = [sums[0] + 1, sums[1] + value, sums[2] + at_risk]
    for code, store in enumerate(record.stores):
        for at, name in enumerate(CLASS_NAMES if store else ()):
            (own, lengths), *wider = groups.wider(code, at)
            whole = _joined([own, *(curve for curve, _ in wider)])
            chance = _ppm(whole.never_again(np.array(SHOWN_SILENCES))[0])
            parts, value, at_risk = shelf.get((store, name), [0, 0, 0])
            rows.append(
                {
                    "store": store,
                    "movement_class": name,
                    "silences": lengths.size,
                    "ended": groups.ended(code, at),
                    "reach_days": own.reach_days,
                    "parts": parts,
                    "value_e4": value,
                    "at_risk_e4": at_risk,
                    **{f"never_after_{days}_ppm": int(each) for days, each in zip(SHOWN_SILENCES, chance, strict=True)},
                }
            )
    return pd.DataFrame(rows)


def _ppm(chance: Float64Array1D) -> Int64Array1D:
    return np.round(chance * MILLION).astype(np.int64)


def _days(numbers: Int64Array1D, known: NDArray[np.bool_]) -> pd.Series:
    """Return the days of day numbers; None where not known."""
    days = [date(1970, 1, 1) + timedelta(days=int(each)) if is_known else None
            for each, is_known in zip(numbers, known, strict=True)]  # fmt: skip
    return pd.Series(days, dtype="object")
