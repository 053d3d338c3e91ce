"""Measures of buying: what was ordered and received, and how much of it urgently.

An order line counts in the month it was ordered in.
"""

from __future__ import annotations

import sqlalchemy as sa

from inventory.books.standing import stands, taken_back
from inventory.figures.closed_logs import Conditions, Log, read_log
from inventory.figures.grouping import Grain, Measures, added, month_of, summed
from inventory.figures.scope import Scope
from inventory.figures.sight import Sight
from inventory.figures.turnover import received
from inventory.schema import purchase_order_line

LINES = ("order_no", "store", "part_no")
_LINE = purchase_order_line.c
_VALUE_E4 = (_LINE.quantity_milli * _LINE.unit_cost_e4 + 500) // 1000
_URGENT = _LINE.order_type == "urgent"
_SUMS = {
    "lines": sa.literal(1),
    "urgent_lines": sa.case((_URGENT, 1), else_=0),
    "ordered_e4": _VALUE_E4,
    "urgent_e4": sa.case((_URGENT, _VALUE_E4), else_=0),
}
COLUMNS = {
    "order_no": _LINE.order_no,
    "store": _LINE.store,
    "part_no": _LINE.part_no,
    "day": _LINE.ordered_on,
    "month": month_of(_LINE.ordered_on),
    "channel": _LINE.order_type,
    "supplier": _LINE.supplier,
}


def ordered(scope: Scope, day: sa.ColumnElement[str]) -> list[sa.ColumnElement[bool]]:
    """Return the conditions on order lines that stand, by one of their days."""
    line = _LINE.document_sequence
    return [*dated(scope, day), stands(line, scope.until, scope.known_at), *scope.known(line)]


def dated(scope: Scope, day: sa.ColumnElement[str]) -> list[sa.ColumnElement[bool]]:
    """Return the conditions on order lines of a period, whether they were taken back or not."""
    return [scope.within(day), *scope.of(_LINE.store)]


def line_taken_back(scope: Scope) -> sa.ColumnElement[bool]:
    """Return the condition that the order of a line was taken back."""
    return taken_back(_LINE.document_sequence, scope.until, scope.known_at)


def _read(sight: Sight, grain: Grain, which: Conditions, also_taken_back: bool) -> Measures:
    where = (dated if also_taken_back else ordered)(sight.scope, _LINE.ordered_on)
    return summed(sight, grain, purchase_order_line, COLUMNS, _SUMS, [*which, *where])


ORDERED = Log("ordered", tuple(_SUMS), _LINE.ordered_on, _LINE.document_sequence, True, _read, line_taken_back)


def purchases(sight: Sight, grain: Grain) -> Measures:
    """Return order lines of the period and their value, the urgent ones of them, and the cost of what was received."""
    return added(read_log(sight, grain, ORDERED), received(sight, sight.scope, grain))
