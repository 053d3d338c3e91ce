"""What lies on the shelf and may never be asked for again: the chance, by own survival, and the value at risk.

    value at risk = value on the shelf × chance of never again          (rounded half up to the last unit of money)

The chance is that of `planning.surplus.chances`; here it stands in frames, beside the curves it is read from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demand.history import Int64Array1D
from forecasting.survival import CLASS_NAMES
from inventory.idle_columns import AskedDays, OnShelf
from inventory.supersession import lineage
from planning.surplus.chances import BASES, Chances, chances_of, joined, ppm

NEVER_ASKED = "never"
SUPERSEDED = "superseded"
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
        never_again_ppm, low_ppm, high_ppm, at_risk_e4``. `basis` is one of `BASES` or `SUPERSEDED`; `silences` is how
        many lasted as long in the group that the chance is read from.
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
    category_of = {
        str(number): str(category)
        for frame in (stock, asked)
        for number, category in zip(frame["part_no"], frame["category"], strict=True)
    }
    requests = AskedDays(*_keys(asked), asked["asked_on"].to_numpy("datetime64[D]"), category_of)
    on_sale = stock["on_sale_from"].to_numpy("datetime64[D]")
    on_shelf = OnShelf(*_keys(stock), stock["value_e4"].to_numpy(np.int64), on_sale)
    chances = chances_of(requests, on_shelf, lineage(supersessions, as_of), as_of)
    items = _items(stock, chances)
    return Obsolescence(items, _curves(items, chances))


def _keys(frame: pd.DataFrame) -> tuple[list[str], list[str]]:
    return frame["store"].astype("str").tolist(), frame["part_no"].astype("str").tolist()


def _items(stock: pd.DataFrame, chances: Chances) -> pd.DataFrame:
    classes = np.array(CLASS_NAMES, dtype=object)[chances.movement_class]
    items = stock[["store", "part_no", "name", "category", "supplier", "on_hand_milli", "value_e4"]].assign(
        last_asked_on=_days(chances.silent_from, chances.was_asked),
        silent_days=chances.silent_days,
        movement_class=np.where(chances.was_asked, classes, NEVER_ASKED),
        basis=np.array([*BASES, SUPERSEDED], dtype=object)[chances.basis],
        silences=chances.silences,
        never_again_ppm=chances.never_again_ppm,
        low_ppm=chances.low_ppm,
        high_ppm=chances.high_ppm,
        at_risk_e4=chances.at_risk_e4,
    )
    return items.sort_values(
        ["at_risk_e4", "store", "part_no"], ascending=[False, True, True], kind="stable", ignore_index=True
    )


def _curves(items: pd.DataFrame, chances: Chances) -> pd.DataFrame:
    rows: list[Mapping[str, object]] = []
    of_class = items["movement_class"].replace(NEVER_ASKED, CLASS_NAMES[0])
    shelf: dict[tuple[str, str], list[int]] = {}
    for *key, value, at_risk in zip(
        items["store"], of_class, items["value_e4"].tolist(), items["at_risk_e4"].tolist(), strict=True
    ):
        sums = shelf.setdefault((key[0], key[1]), [0, 0, 0])
        sums[:] = [sums[0] + 1, sums[1] + value, sums[2] + at_risk]
    for code, store in enumerate(chances.groups.record.stores):
        for at, name in enumerate(CLASS_NAMES if store else ()):
            (own, lengths), *wider = chances.groups.wider(code, at)
            whole = joined([own, *(curve for curve, _ in wider)])
            chance = ppm(whole.never_again(np.array(SHOWN_SILENCES))[0])
            parts, value, at_risk = shelf.get((store, name), [0, 0, 0])
            rows.append(
                {
                    "store": store,
                    "movement_class": name,
                    "silences": lengths.size,
                    "ended": chances.groups.ended(code, at),
                    "reach_days": own.reach_days,
                    "parts": parts,
                    "value_e4": value,
                    "at_risk_e4": at_risk,
                    **{f"never_after_{days}_ppm": int(each) for days, each in zip(SHOWN_SILENCES, chance, strict=True)},
                }
            )
    return pd.DataFrame(rows)


def _days(numbers: Int64Array1D, known: NDArray[np.bool_]) -> pd.Series:
    """Return the days of day numbers; None where not known."""
    days = [date(1970, 1, 1) + timedelta(days=int(each)) if is_known else None
            for each, is_known in zip(numbers, known, strict=True)]  # fmt: skip
    return pd.Series(days, dtype="object")
