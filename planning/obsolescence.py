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
from typing import cast

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
    """The silences of all parts, with store and category of each; and the item of the stock each part is.

    Parameters
    ----------
    taught
        The silences that teach, as rows of `silences`.
    last
        Row of each stock row's last silence; -1 where it was never asked for.
    begins
        Day number on which the record of each stock row begins.
    """

    silences: Silences
    store: NDArray[np.object_]
    category: NDArray[np.object_]
    taught: Int64Array1D
    last: Int64Array1D
    begins: Int64Array1D
    last_day: int

    @classmethod
    def of(cls, asked: pd.DataFrame, stock: pd.DataFrame, of: Lineage, as_of: date) -> _Record:
        """Put requests and stock under the numbers they are asked for by."""
        last_day = int(np.datetime64(as_of, "D").astype(np.int64))
        names = {number: _asked_as(of, number) for number in {*asked["part_no"], *stock["part_no"]}}
        number = [names[each] for each in (*asked["part_no"], *stock["part_no"])]
        keys = list(zip([*asked["store"], *stock["store"]], number, strict=True))
        codes = {key: code for code, key in enumerate(sorted(set(keys)))}
        of_row = np.array([codes[key] for key in keys], dtype=np.int64)
        of_stock = of_row[len(asked) :]
        day = asked["asked_on"].to_numpy("datetime64[D]").astype(np.int64)
        silences = silences_of(of_row[: len(asked)], day, last_day)
        category = dict(zip(number, [*asked["category"], *stock["category"]], strict=True))
        first = int(day.min()) if day.size else last_day
        taught = np.flatnonzero(silences.begins >= first + min(DAYS_OF_CLASS, (last_day - first) // 2))
        last = np.searchsorted(silences.part, of_stock, side="right") - 1
        if silences.part.size:
            last[silences.part[last] != of_stock] = -1
        on_sale = stock["on_sale_from"].to_numpy("datetime64[D]")
        begins = np.where(np.isnat(on_sale), first, np.maximum(on_sale.astype(np.int64), first))
        return cls(
            silences,
            np.array([store for store, _ in codes], dtype=object)[silences.part],
            np.array([category[each] for _, each in codes], dtype=object)[silences.part],
            taught,
            last,
            np.minimum(begins, last_day),
            last_day,
        )


def _asked_as(of: Lineage, part_no: str) -> str:
    """Return the number under which stock of a part is asked for."""
    successors = of.live(part_no)
    return successors[0].part_no if len(successors) == 1 and successors[0].counts_as_stock else part_no


class _Groups:
    """The curves of all groups, each as far as it reaches and then as the wider one; a curve is made once."""

    def __init__(self, record: _Record) -> None:
        self.record = record
        at = record.taught
        classes, store, category = record.silences.movement_class[at].tolist(), record.store[at], record.category[at]
        self._rows: list[dict[object, Int64Array1D]] = [
            _by_key(at, list(zip(store, classes, category, strict=True))),
            _by_key(at, list(zip(store, classes, strict=True))),
            _by_key(at, classes),
            {(): at},
        ]
        self._made: dict[tuple[int, object], tuple[Curve, Int64Array1D]] = {}

    def chain(self, store: str, movement_class: int, category: str) -> list[tuple[Curve, Int64Array1D]]:
        """Return the curves of a group and of the wider ones, each by itself, with the lengths of its silences."""
        keys = ((store, movement_class, category), (store, movement_class), movement_class, ())
        return [self._curve(level, key) for level, key in enumerate(keys)]

    def _curve(self, level: int, key: object) -> tuple[Curve, Int64Array1D]:
        if (level, key) not in self._made:
            rows = self._rows[level].get(key, np.zeros(0, dtype=np.int64))
            days = self.record.silences.days[rows]
            self._made[level, key] = curve_of(days, self.record.silences.has_ended[rows]), np.sort(days)
        return self._made[level, key]


def _by_key(rows: Int64Array1D, keys: Sequence[object]) -> dict[object, Int64Array1D]:
    """Return the rows of each key."""
    names: dict[object, int] = {}
    codes = np.array([names.setdefault(key, len(names)) for key in keys], dtype=np.int64)
    order = np.argsort(codes, kind="stable")
    ends = np.cumsum(np.bincount(codes, minlength=len(names)))
    return {key: rows[order[begin:end]] for key, begin, end in zip(names, [0, *ends], ends, strict=False)}


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
    cells = _by_key(np.arange(len(stock)), list(zip(stock["store"], classes.tolist(), stock["category"], strict=True)))
    for cell, rows in cells.items():
        store, movement_class, category = cast("tuple[str, int, str]", cell)
        chain = groups.chain(store, movement_class, category)
        whole = _joined([curve for curve, _ in chain])
        chance[rows], low[rows], high[rows] = whole.never_again(silent[rows])
        read = whole.read_as(silent[rows])
        level = np.array([np.argmax([*(curve.reach_days > t for curve, _ in chain[:-1]), True]) for t in read])
        basis[rows] = np.array(BASES, dtype=object)[level]
        seen[rows] = [chain[at][1].size - np.searchsorted(chain[at][1], t) for at, t in zip(level, read, strict=True)]
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
    stores = sorted({*items["store"], *record.store[record.taught]} - {""})
    of_class = items["movement_class"].replace(NEVER_ASKED, CLASS_NAMES[0])
    for store in stores:
        for at, name in enumerate(CLASS_NAMES):
            mine = items[(items["store"] == store) & (of_class == name)]
            (own, lengths), *wider = groups.chain(store, at, "")[1:]
            whole = _joined([own, *(curve for curve, _ in wider)])
            chance = _ppm(whole.never_again(np.array(SHOWN_SILENCES))[0])
            rows.append(
                {
                    "store": store,
                    "movement_class": name,
                    "silences": lengths.size,
                    "ended": _ended(record, store, at),
                    "reach_days": own.reach_days,
                    "parts": len(mine),
                    "value_e4": int(mine["value_e4"].sum()),
                    "at_risk_e4": int(mine["at_risk_e4"].sum()),
                    **{f"never_after_{days}_ppm": int(each) for days, each in zip(SHOWN_SILENCES, chance, strict=True)},
                }
            )
    return pd.DataFrame(rows)


def _ended(record: _Record, store: str, movement_class: int) -> int:
    at = record.taught
    mine = (record.store[at] == store) & (record.silences.movement_class[at] == movement_class)
    return int(record.silences.has_ended[at][mine].sum())


def _ppm(chance: Float64Array1D) -> Int64Array1D:
    return np.round(chance * MILLION).astype(np.int64)


def _days(numbers: Int64Array1D, known: NDArray[np.bool_]) -> pd.Series:
    """Return the days of day numbers; None where not known."""
    days = [date(1970, 1, 1) + timedelta(days=int(each)) if is_known else None
            for each, is_known in zip(numbers, known, strict=True)]  # fmt: skip
    return pd.Series(days, dtype="object")
