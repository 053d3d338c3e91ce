"""Columns by part and month, as closing documents keep them.

Kept are parts by store, in the order in which closings first met them, and per month columns of whole numbers
(`columns`): the place of the part in that order, and what is kept of it. A month may stand in several closings. What is
kept of the demand names store and part pair by pair, which takes longer to read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from inventory.figures.closed import Closing
from inventory.figures.columns import Pair, Whole, as_text, from_text
from inventory.figures.pairs import Pairs

Kept = dict[str, Any]


@dataclass
class KeptParts:
    """What several closings keep by part and month.

    Parameters
    ----------
    pairs
        Store and part, in the order in which closings met them.
    months
        By month ``YYYY-MM``: places and what is kept of them, one entry per closing that keeps anything of it.
    """

    pairs: Pairs = field(default_factory=lambda: Pairs([], []))
    months: dict[str, list[tuple[Whole, ...]]] = field(default_factory=dict)

    def add(self, kept: Kept) -> None:
        """Take in what one more closing keeps."""
        new = Pairs.of_stores(kept["parts"]) if "parts" in kept else Pairs.of(kept["pairs"])
        self.pairs = Pairs(self.pairs.stores + new.stores, self.pairs.part_nos + new.part_nos)
        for month, texts in kept["months"].items():
            self.months.setdefault(month, []).append(tuple(from_text(text) for text in texts))


def kept_parts(known: Iterable[Closing], name: str) -> KeptParts:
    """Return what some closings keep by part under a name, the earliest first."""
    found = KeptParts()
    for closing in known:
        if name in closing.kept:
            found.add(closing.kept[name])
    return found


def parts_report(earlier: Sequence[Pair], rows: Iterable[Sequence[Any]]) -> Kept:
    """Return what a closing keeps by part and month.

    Parameters
    ----------
    earlier
        The pairs that closings before it met.
    rows
        Store, part, month, and what is kept of them; sorted.
    """
    new, months = placed(earlier, rows)
    parts: dict[str, list[str]] = {}
    for store, part_no in new:
        parts.setdefault(store, []).append(part_no)
    return {"parts": parts, "months": months}


def placed(earlier: Sequence[Pair], rows: Iterable[Sequence[Any]]) -> tuple[list[Pair], dict[str, list[list[str]]]]:
    """Return the pairs that no closing met before, and by month the columns of places and what is kept; see above."""
    places = {pair: place for place, pair in enumerate(earlier)}
    months: dict[str, list[tuple[int, ...]]] = {}
    for store, part_no, month, *numbers in rows:
        months.setdefault(month, []).append((places.setdefault((store, part_no), len(places)), *numbers))
    columns = {month: [as_text(column) for column in zip(*at, strict=True)] for month, at in sorted(months.items())}
    return list(places)[len(earlier) :], columns
