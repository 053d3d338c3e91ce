"""`AskedDays`, `OnShelf`: when parts were asked for and what lies on the shelf, as columns.

All that the chance of never again is told from (`planning.surplus.chances`); `idle_stock` reads it from the books.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.datetime64]
"""Days (``datetime64[D]``); NaT where there is none."""


@dataclass(frozen=True)
class AskedDays:
    """Days on which parts were asked for, a row each; shape (requests,).

    Parameters
    ----------
    stores, part_nos, days
        Of each row; a request of no store has an empty one.
    category_of
        The category of each part, also of those on the shelf; a part that is not named has none.
    """

    stores: Sequence[str]
    part_nos: Sequence[str]
    days: Days
    category_of: Mapping[str, str]


@dataclass(frozen=True)
class OnShelf:
    """What lies on the shelf, a row per store and part; shape (parts,).

    Parameters
    ----------
    stores, part_nos
        Of each row.
    value_e4
        Its value, in ten-thousandths of the currency.
    on_sale_from
        Since when the part is sold; NaT: not told.
    """

    stores: Sequence[str]
    part_nos: Sequence[str]
    value_e4: NDArray[np.int64]
    on_sale_from: Days


def days_of(texts: Sequence[str]) -> Days:
    """Return days of ISO texts; NaT where a text is empty.

    >>> days_of(["2026-06-30", ""]).tolist()
    [datetime.date(2026, 6, 30), None]
    """
    return np.array(texts, dtype="datetime64[D]")
