"""When a count is believed: it agrees with the books, or with the independent count of another person.

The variance of a count is what was counted less what the books held at the minute of it, so that counts of the same
bin at different minutes can be compared while trading goes on:

    variance = counted − (book at the watermark + what moved since, until the minute of the count).

A count within the thresholds is believed at once. Above any of them the line is counted again by another person, who
is not shown the first count, until two different people find the same variance or one of them agrees with the books.
A reviewer may ask for one more count of a line that was believed.

This file knows no database; quantities in thousandths, money in ten-thousandths, shares in parts per million.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from operator import itemgetter
from typing import NamedTuple

from inventory.books.valuation import amount_e4

CAUSES = (
    "receiving_error",
    "issue_not_recorded",
    "return_not_recorded",
    "wrong_bin",
    "wrong_part",
    "unit_error",
    "damaged",
    "lost",
    "found",
    "unknown",
)
"""Why a shelf and its books came apart."""


class LineState(StrEnum):
    """Where a line of a count stands."""

    OPEN = "open"
    RECOUNT = "recount"
    COUNTED = "counted"


@dataclass(frozen=True)
class Thresholds:
    """What a variance may be without a recount and a cause; None: this measure is not looked at.

    Parameters
    ----------
    quantity_milli, value_e4
        The variance, and what it is worth.
    share_ppm
        The variance as a share of what was expected; any variance from nothing is above it.
    """

    quantity_milli: int | None = None
    value_e4: int | None = None
    share_ppm: int | None = None

    def exceeded(self, variance_milli: int, expected_milli: int, unit_cost_e4: int) -> bool:
        """Return whether a variance is above any threshold; without one, every variance is.

        >>> Thresholds(share_ppm=50_000).exceeded(-1000, 20_000, 0), Thresholds().exceeded(1, 20_000, 0)
        (False, True)
        """
        off = abs(variance_milli)
        if self.quantity_milli is None and self.value_e4 is None and self.share_ppm is None:
            return off > 0
        return (
            (self.quantity_milli is not None and off > self.quantity_milli)
            or (self.value_e4 is not None and amount_e4(off, unit_cost_e4) > self.value_e4)
            or (self.share_ppm is not None and off * 1_000_000 > self.share_ppm * max(expected_milli, 0))
        )


class Counted(NamedTuple):
    """One count of a line.

    Parameters
    ----------
    sequence
        The document that brought it: its place in the order of what happened to the line.
    counted_at, counted_on
        The minute of the count (ISO text, UTC) and the business day it was entered for.
    known_sequence
        The last document recorded by that minute.
    expected_milli
        What the books held then.
    """

    sequence: int
    counter: str
    counted_at: str
    counted_on: str
    known_sequence: int
    counted_milli: int
    expected_milli: int

    @property
    def variance_milli(self) -> int:
        """What was counted less what was expected."""
        return self.counted_milli - self.expected_milli


class LineStanding(NamedTuple):
    """What became of a line so far.

    Parameters
    ----------
    believed
        The count that stands; None unless the state is counted.
    last_counter
        Who counted it last, and may not count it again next; empty where nobody did.
    """

    state: LineState
    believed: Counted | None
    last_counter: str
    times_counted: int


class RecountAsked(NamedTuple):
    """A reviewer's wish that a line be counted once more."""

    sequence: int


_UNTOUCHED = LineStanding(LineState.OPEN, None, "", 0)
_IN_ORDER = itemgetter(0)  # by sequence


def standing(events: Collection[Counted | RecountAsked], thresholds: Thresholds, unit_cost_e4: int) -> LineStanding:
    """Return where a line stands after all that happened to it.

    Parameters
    ----------
    events
        In any order; their sequence decides.
    unit_cost_e4
        What a unit cost on the day the count was opened, so that a threshold of value does not move meanwhile.
    """
    if not events:
        return _UNTOUCHED
    state, believed = LineState.OPEN, None
    earlier: list[tuple[int, str]] = []  # variance and counter
    for event in sorted(events, key=_IN_ORDER) if len(events) > 1 else events:
        if isinstance(event, RecountAsked):
            state, believed = (LineState.RECOUNT if earlier else LineState.OPEN), None
            continue
        _, counter, _, _, _, counted_milli, expected_milli = event
        off = counted_milli - expected_milli
        above = off != 0 and thresholds.exceeded(off, expected_milli, unit_cost_e4)
        if above and not _confirmed(off, counter, earlier):
            state, believed = LineState.RECOUNT, None
        else:
            state, believed = LineState.COUNTED, event
        earlier.append((off, counter))
    return LineStanding(state, believed, earlier[-1][1] if earlier else "", len(earlier))


@cache
def same_person(one: str, other: str) -> bool:
    """Return whether two names are one person's: capitals and blanks around them do not make another.

    >>> same_person("Li Wei", " li wei ")
    True
    """
    return one == other or one.strip().casefold() == other.strip().casefold()


def _confirmed(variance_milli: int, counter: str, earlier: Sequence[tuple[int, str]]) -> bool:
    """Return whether another person found the same variance before."""
    for before_milli, before_by in earlier:
        if before_milli == variance_milli and not same_person(before_by, counter):
            return True
    return False
