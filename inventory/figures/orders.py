"""Measures of demand by order: what a customer's or repair order is short of, over all its lines of the period.

An order is *filled* where every line was complete from the shelf. A *visit* is an order with a line that names a
vehicle or a kind of job; it is *blocked* where such an order lacks something that is ordered specially or lost.

Closings keep the orders of each month, but for those that have lines in several months: in a period that holds two of
them they are one order. Those are read again.
"""

from __future__ import annotations

import sqlalchemy as sa

from inventory.bulk import among as one_of
from inventory.bulk import raw_rows
from inventory.figures.closed_logs import Conditions, KeptLog, Log, OfThings, Things, read_log
from inventory.figures.grouping import Grain, Measures, counted, month_of
from inventory.figures.requests import (
    COLUMNS,
    MISSING_MILLI,
    OF_VEHICLE,
    SUMS,
    conditions,
    dated,
    line_taken_back,
    one,
)
from inventory.figures.sight import Sight
from inventory.schema import demand_line

LINES = ("store", "order_no")
_LINE = demand_line.c
_BLOCKS = sa.and_(_LINE.outcome.in_(["special_order", "lost"]), MISSING_MILLI > 0)
_OF_ORDER = {"short": SUMS["short"], "of_vehicle": one(OF_VEHICLE), "blocking": one(_BLOCKS)}
_COUNTS = {
    "orders": {},
    "filled": {"short": False},
    "visits": {"of_vehicle": True},
    "blocked": {"of_vehicle": True, "blocking": True},
}


def orders(sight: Sight, grain: Grain) -> Measures:
    """Return the orders with a line in the period; whole ones, and visits that had to wait for a part or go without."""
    return read_log(sight, grain, ORDERS)


def _read(sight: Sight, grain: Grain, which: Conditions, also_taken_back: bool) -> Measures:
    where = dated(sight.scope) if also_taken_back else conditions(sight.scope)
    return counted(sight, grain, LINES, (demand_line, COLUMNS, _OF_ORDER, [*which, *where]), _COUNTS)


def _among(connection: sa.Connection, things: Things) -> sa.ColumnElement[bool]:
    """Return it store by store: so they are found in the log's index of requests."""
    of: dict[str, list[str]] = {}
    for store, order_no in sorted(things):
        of.setdefault(store, []).append(order_no)
    return sa.or_(
        sa.false(), *(sa.and_(_LINE.store == store, one_of(connection, _LINE.order_no, of[store])) for store in of)
    )


def _named(sight: Sight, which: Conditions) -> Things:
    return _things(sight, sa.select(_LINE.store, _LINE.order_no).where(*which, *dated(sight.scope)).distinct())


def _unsettled(sight: Sight, which: Conditions) -> Things:
    """Return the orders with lines in several months."""
    month = month_of(_LINE.opened_on)
    question = sa.select(_LINE.store, _LINE.order_no).where(*which, *dated(sight.scope))
    question = question.group_by(_LINE.store, _LINE.order_no)
    return _things(sight, question.having(sa.func.min(month) != sa.func.max(month)))


def _taken_back(sight: Sight, kept: KeptLog) -> Things:
    return _named(sight, [line_taken_back(sight.scope), *kept.lines])


def _goes_on(sight: Sight, kept: KeptLog, which: Conditions) -> Things:
    """Return the orders of some lines of which other lines are kept."""
    of = sa.select(_LINE.store, _LINE.order_no).where(*which, *dated(sight.scope)).distinct().subquery().c
    other = demand_line.alias().c
    # Not by EXISTS: PostgreSQL would make it a join with the whole log.
    first = sa.select(sa.func.min(other.line_id)).where(
        other.store == of.store, other.order_no == of.order_no, other.opened_on <= kept.closed_until.isoformat()
    )
    return _things(sight, sa.select(of.store, of.order_no).where(first.scalar_subquery() <= kept.up_to))


def _things(sight: Sight, question: sa.Select[tuple[str, str]]) -> Things:
    return frozenset((row[0], row[1]) for row in raw_rows(sight.connection, question))


ORDERS = Log(
    "orders", tuple(_COUNTS), _LINE.opened_on, _LINE.line_id, False, _read, line_taken_back,
    OfThings(_among, _named, _unsettled, _taken_back, _goes_on),
)  # fmt: skip
