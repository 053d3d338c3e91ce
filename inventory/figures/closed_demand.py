"""How often each part was asked for in closed months, as their closing documents keep it.

Which parts are common, wanted, or asked for by nobody stands on every line of a year and more; the lines of closed
months hardly change. So a closing document keeps, for each month and each part of a store, how many lines asked for it
(the cancelled ones left out), how many of them were not complete from the shelf, and on which day it was last asked
for: every line recorded until then and dated up to the closed day that no closing before it kept. Each line of the log
so belongs to one closing, or to none yet: what is kept and the lines that are not come to all lines, exactly.

What may still change is read from the log again: parts of documents that were taken back. Imported lines of closed
months, and whatever else was recorded since, are lines that no closing kept. `ledger verify` derives each keeping
again.

Kept are columns by part and month (`closed_parts`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import sqlalchemy as sa

from inventory.books.standing import taken_back
from inventory.bulk import raw_rows
from inventory.figures.closed import Closing, closings
from inventory.figures.closed_parts import Kept, KeptParts, placed
from inventory.figures.scope import Scope
from inventory.schema import demand_line

_LINE = demand_line.c
COLUMNS = ("at", "lines", "short", "day")
"""Per month: place of the part, lines, lines not complete from the shelf, day of the month of the last."""


@dataclass
class KeptDemand(KeptParts):
    """What the closings up to one keep: `COLUMNS` by part and month.

    Parameters
    ----------
    closed_until, up_to_line
        The last day closed, and the last line recorded before the last closing; empty text and 0 without closings.
    """

    closed_until: str = ""
    up_to_line: int = 0

    def not_kept(self) -> list[sa.ColumnElement[bool]]:
        """Return conditions on lines that no closing kept, of which no two meet; each is one index's."""
        if not self.closed_until:
            return [sa.true()]
        came_late = sa.and_(_LINE.line_id > self.up_to_line, _LINE.opened_on <= self.closed_until)
        return [_LINE.opened_on > self.closed_until, came_late]


def kept_demand(known: Iterable[Closing]) -> KeptDemand:
    """Return what some closings keep, the earliest first."""
    found = KeptDemand()
    for _, closed_until, kept in known:
        if "demand" in kept:  # else closed by a program that kept none: the next one that does keeps all until then
            found.add(kept["demand"])
            found.closed_until, found.up_to_line = closed_until.isoformat(), kept["demand"]["up_to_line"]
    return found


def demand_report(
    connection: sa.Connection, until: date, before: int | None = None, up_to_line: int | None = None
) -> Kept:
    """Return what a closing document keeps of the demand.

    Parameters
    ----------
    until
        The last day that is closed with it.
    before
        The document itself, where it is there already.
    up_to_line
        The last line recorded before it; the last there is where not given.
    """
    if up_to_line is None:
        up_to_line = connection.execute(sa.select(sa.func.max(_LINE.line_id))).scalar_one_or_none() or 0
    earlier = kept_demand(closings(connection, until, None, before))
    month = sa.func.substr(_LINE.opened_on, 1, 7)
    question = (
        sa.select(_LINE.store, _LINE.part_no, month, *counted_sums())
        .where(_LINE.outcome != "cancelled", _LINE.opened_on <= until.isoformat(), _LINE.line_id <= up_to_line)
        .where(sa.or_(*earlier.not_kept()))
        .group_by(_LINE.store, _LINE.part_no, sa.literal_column("3"))
    )
    rows = (
        (store, part_no, label, lines, short, int(last_day[8:]))
        for store, part_no, label, last_day, lines, short in sorted(raw_rows(connection, question))
    )
    pairs, months = placed(earlier.pairs, rows)
    return {"up_to_line": up_to_line, "pairs": [list(pair) for pair in pairs], "months": months}


def counted_sums() -> Sequence[sa.ColumnElement[Any]]:
    """Return last day, lines, and lines not complete from the shelf, of rows of the demand log."""
    return (
        sa.func.max(_LINE.opened_on),
        sa.func.count(),
        cast("sa.ColumnElement[Any]", sa.cast(sa.func.sum(is_short()), sa.BigInteger)),
    )


def is_short() -> sa.ColumnElement[int]:
    """Return 1 for a line that was not complete from the shelf, 0 for one that was."""
    filled = sa.and_(_LINE.outcome == "shelf", _LINE.quantity_supplied_milli >= _LINE.quantity_requested_milli)
    return sa.case((filled, 0), else_=1)


def lines_taken_back(kept: KeptDemand, scope: Scope) -> sa.Select[Any]:
    """Return the question for stores and parts of kept lines whose document was taken back, as of the scope."""
    return (
        sa.select(_LINE.store, _LINE.part_no)
        .distinct()
        .where(
            taken_back(_LINE.document_sequence, scope.until, scope.known_at),
            _LINE.outcome != "cancelled",
            _LINE.opened_on <= kept.closed_until,
            _LINE.line_id <= kept.up_to_line,
        )
    )
