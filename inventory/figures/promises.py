"""Measures of promises: the order lines promised for a period, and whether they came by the promised day.

An order line counts in the month it was promised for; promises of days that are not over yet are not counted. A promise
is kept where the shelf had accepted all that was ordered by the promised day.

Closings keep the lines that had all come by then: whatever comes later, nothing of them changes, unless a document is
taken back. Those that had not are read again.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from inventory.books.standing import REVERSAL, standing, taken_back
from inventory.bulk import among as one_of
from inventory.bulk import raw_rows
from inventory.figures.closed_logs import Conditions, KeptLog, Log, OfThings, Things, read_log
from inventory.figures.grouping import Grain, Measures, month_of, summed
from inventory.figures.purchases import dated, line_taken_back, ordered
from inventory.figures.sight import Sight
from inventory.schema import document, purchase_order_line, receipt_line

_LINE, _CAME = purchase_order_line.c, receipt_line.c
_KEY = ("order_no", "store", "part_no")
_NAMES = ("due", "kept", "ordered_milli", "accepted_milli")
_BETWEEN = "\x1f"  # in no name


def promises(sight: Sight, grain: Grain) -> Measures:
    """Return the order lines promised for the period, those kept, and the quantities ordered and received of them."""
    return read_log(sight, grain, PROMISES)


def _read(sight: Sight, grain: Grain, which: Conditions, also_taken_back: bool) -> Measures:
    """Return them as they stand; or of lines that had all come, whatever was taken back since."""
    per_line = _per_line(sight, which, also_taken_back)
    line = per_line.c
    columns: dict[str, sa.ColumnElement[str]] = {name: line[name] for name in (*_KEY, "supplier")}
    columns |= {"day": line.expected_on, "month": month_of(line.expected_on), "channel": line.order_type}
    came_short = sa.false() if also_taken_back else line.accepted_milli < line.quantity_milli
    measures = {
        "due": sa.literal(1),
        "kept": sa.case((line.in_time_milli >= line.quantity_milli, 1), else_=0),
        "ordered_milli": line.quantity_milli,
        "accepted_milli": sa.case((came_short, line.accepted_milli), else_=line.quantity_milli),
    }
    return summed(sight, grain, per_line, columns, measures, [])


def _per_line(sight: Sight, which: Conditions, also_taken_back: bool) -> sa.Subquery:
    """Return what was accepted of each line, and what by the promised day."""
    scope, came = sight.scope, document.c
    where: Conditions = ordered(scope, _LINE.expected_on)
    counts: Conditions = standing(scope.until, scope.known_at)
    if also_taken_back:
        where = dated(scope, _LINE.expected_on)
        counts = came.effective_on <= scope.until.isoformat(), came.kind != REVERSAL
    accepted = sa.case((came.sequence.is_not(None), _CAME.quantity_accepted_milli), else_=0)
    in_time = sa.case((came.effective_on <= _LINE.expected_on, accepted), else_=0)
    same = sa.and_(*(_CAME[name] == _LINE[name] for name in _KEY))
    keys = [_LINE[name] for name in (*_KEY, "expected_on", "order_type", "supplier", "quantity_milli")]
    in_time_milli, accepted_milli = (sa.cast(sa.func.sum(each), sa.BigInteger) for each in (in_time, accepted))
    return (
        sa.select(*keys, in_time_milli.label("in_time_milli"), accepted_milli.label("accepted_milli"))
        .select_from(
            purchase_order_line.outerjoin(receipt_line, same).outerjoin(
                document, sa.and_(came.sequence == _CAME.document_sequence, *counts)
            )
        )
        .where(*which, *where)
        .group_by(*keys)
        .subquery()
    )


def _among(connection: sa.Connection, things: Things) -> sa.ColumnElement[bool]:
    """Return it by their orders, so that an index finds them, and by all of what names a line."""
    whole = _LINE.order_no + _BETWEEN + _LINE.store + _BETWEEN + _LINE.part_no
    orders = {order_no for order_no, _, _ in things}
    names = {_BETWEEN.join(thing) for thing in things}
    return sa.and_(one_of(connection, _LINE.order_no, orders), one_of(connection, whole, names))


def _named(sight: Sight, which: Conditions) -> Things:
    where = dated(sight.scope, _LINE.expected_on)
    return _things(sight, sa.select(*(_LINE[name] for name in _KEY)).where(*which, *where))


def _unsettled(sight: Sight, which: Conditions) -> Things:
    """Return the lines of which not all had come by the end of the period."""
    line = _per_line(sight, which, also_taken_back=True).c
    return _things(sight, sa.select(*(line[name] for name in _KEY)).where(line.accepted_milli < line.quantity_milli))


def _taken_back(sight: Sight, kept: KeptLog) -> Things:
    """Return the kept lines of orders that were taken back, and lines of receipts that were."""
    scope = sight.scope
    back = taken_back(_CAME.document_sequence, scope.until, scope.known_at)
    received = _things(sight, sa.select(*(_CAME[name] for name in _KEY)).where(back, *scope.of(_CAME.store)))
    return received | _named(sight, [line_taken_back(scope), *kept.lines])


def _things(sight: Sight, question: sa.Select[Any]) -> Things:
    return frozenset((row[0], row[1], row[2]) for row in raw_rows(sight.connection, question))


PROMISES = Log(
    "promises", _NAMES, _LINE.expected_on, _LINE.document_sequence, True, _read, line_taken_back,
    OfThings(_among, _named, _unsettled, _taken_back),
)  # fmt: skip
