"""Measures of buying: what was ordered and received, how much of it urgently, in the plan, and on time.

An order line counts in the month it was ordered in; a promise in the month it was promised for. A line is *in the
plan* where its order was made from a proposal of a plan run. A promise is kept where the shelf had accepted all that
was ordered by the promised day; promises of days that are not over yet are not counted.
"""

from __future__ import annotations

import sqlalchemy as sa

from inventory.books.standing import standing, stands
from inventory.figures.grouping import Grain, Measures, added, counted, month_of, summed
from inventory.figures.sight import Sight
from inventory.figures.turnover import received
from inventory.schema import document, proposal, purchase_order_line, receipt_line

LINES = ("order_no", "store", "part_no")
_LINE = purchase_order_line.c
_VALUE_E4 = (_LINE.quantity_milli * _LINE.unit_cost_e4 + 500) // 1000
_KEY = ("order_no", "store", "part_no")


def _columns(day: sa.ColumnElement[str]) -> dict[str, sa.ColumnElement[str]]:
    return {
        "order_no": _LINE.order_no,
        "store": _LINE.store,
        "part_no": _LINE.part_no,
        "day": day,
        "month": month_of(day),
        "channel": _LINE.order_type,
        "supplier": _LINE.supplier,
    }


def _ordered(sight: Sight, day: sa.ColumnElement[str]) -> list[sa.ColumnElement[bool]]:
    scope = sight.scope
    return [
        scope.within(day),
        stands(_LINE.document_sequence, scope.until, scope.known_at),
        *scope.of(_LINE.store),
        *scope.known(_LINE.document_sequence),
    ]


def purchases(sight: Sight, grain: Grain) -> Measures:
    """Return order lines of the period and their value, the urgent ones of them, and the cost of what was received."""
    urgent = _LINE.order_type == "urgent"
    sums = {
        "lines": sa.literal(1),
        "urgent_lines": sa.case((urgent, 1), else_=0),
        "ordered_e4": _VALUE_E4,
        "urgent_e4": sa.case((urgent, _VALUE_E4), else_=0),
    }
    ordered = summed(
        sight, grain, purchase_order_line, _columns(_LINE.ordered_on), sums, _ordered(sight, _LINE.ordered_on)
    )
    return added(ordered, received(sight, sight.scope, grain))


def planned(sight: Sight, grain: Grain) -> Measures:
    """Return the part numbers of stores ordered in the period, and those of them ordered in the plan only."""
    in_plan = _LINE.order_no.in_(sa.select("PO-" + proposal.c.proposal_no))
    sums = {"outside": sa.case((in_plan, 0), else_=1)}
    rows = (purchase_order_line, _columns(_LINE.ordered_on), sums, _ordered(sight, _LINE.ordered_on))
    return counted(sight, grain, ("store", "part_no"), rows, {"parts": {}, "in_plan": {"outside": False}})


def promises(sight: Sight, grain: Grain) -> Measures:
    """Return the order lines promised for the period, those kept, and the quantities ordered and received of them."""
    scope = sight.scope
    came = document.c
    accepted = sa.case((came.sequence.is_not(None), receipt_line.c.quantity_accepted_milli), else_=0)
    in_time = sa.case((came.effective_on <= _LINE.expected_on, accepted), else_=0)
    counts = sa.and_(came.sequence == receipt_line.c.document_sequence, *standing(scope.until, scope.known_at))
    same = sa.and_(*(receipt_line.c[name] == _LINE[name] for name in _KEY))
    keys = [_LINE[name] for name in (*_KEY, "expected_on", "order_type", "supplier", "quantity_milli")]
    in_time_milli, accepted_milli = (sa.cast(sa.func.sum(each), sa.BigInteger) for each in (in_time, accepted))
    per_line = (
        sa.select(*keys, in_time_milli.label("in_time_milli"), accepted_milli.label("accepted_milli"))
        .select_from(purchase_order_line.outerjoin(receipt_line, same).outerjoin(document, counts))
        .where(*_ordered(sight, _LINE.expected_on))
        .group_by(*keys)
        .subquery()
    )
    line = per_line.c
    columns: dict[str, sa.ColumnElement[str]] = {name: line[name] for name in (*_KEY, "supplier")}
    columns |= {"day": line.expected_on, "month": month_of(line.expected_on), "channel": line.order_type}
    came_short = line.accepted_milli < line.quantity_milli
    measures = {
        "due": sa.literal(1),
        "kept": sa.case((line.in_time_milli >= line.quantity_milli, 1), else_=0),
        "ordered_milli": line.quantity_milli,
        "accepted_milli": sa.case((came_short, line.accepted_milli), else_=line.quantity_milli),
    }
    return summed(sight, grain, per_line, columns, measures, [])
