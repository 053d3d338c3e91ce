"""Measures of claims: how many lines of the deliveries of a period led to one, and what came of those claims.

A claim belongs to the period of its delivery. What it brought is what was credited until the end of the period; it
lapsed where its deadline passed before it was submitted and the lapse is in the books by then. A value is claimed where
something waits, or was kept beyond the order; late goods that were taken claim nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from inventory.books.standing import REVERSAL, standing, taken_back
from inventory.figures.closed_months import with_closed_months
from inventory.figures.grouping import Grain, Measures, added, month_of, summed, taken_off
from inventory.figures.scope import Scope
from inventory.figures.sight import Sight
from inventory.schema import document, receipt_line
from inventory.schema_claims import claim, claim_event

LINES = ("order_no", "store", "part_no", "cause")
_CLAIM, _CAME = claim.c, receipt_line.c


def claims(sight: Sight, grain: Grain) -> Measures:
    """Return the claims of the period's deliveries, what they claimed and were credited, and how many lapsed."""
    scope = sight.scope
    step = document.alias()
    events = (
        sa.select(
            claim_event.c.claim_no,
            sa.func.sum(sa.func.coalesce(claim_event.c.amount_e4, 0)).label("credited_e4"),
            sa.func.max(sa.case((claim_event.c.step == "lapsed", 1), else_=0)).label("lapsed"),
        )
        .join(step, step.c.sequence == claim_event.c.document_sequence)
        .where(*standing(scope.until, scope.known_at, step))
        .group_by(claim_event.c.claim_no)
        .subquery()
    )
    source = claim.join(document, document.c.sequence == _CLAIM.document_sequence)
    source = source.outerjoin(events, events.c.claim_no == _CLAIM.claim_no)
    day = document.c.effective_on
    columns = {
        "order_no": _CLAIM.order_no,
        "store": _CLAIM.store,
        "part_no": _CLAIM.part_no,
        "cause": _CLAIM.cause,
        "supplier": _CLAIM.supplier,
        "day": day,
        "month": month_of(day),
    }
    sums = {
        "claims": sa.literal(1),
        "claimed_e4": _CLAIM.value_e4,
        "credited_e4": sa.func.coalesce(events.c.credited_e4, 0),
        "lapsed": sa.func.coalesce(events.c.lapsed, 0),
    }
    where = [scope.within(day), *standing(scope.until, scope.known_at), *scope.of(_CLAIM.store)]
    return summed(sight, grain, source, columns, sums, where)


def deliveries(sight: Sight, grain: Grain) -> Measures:
    """Return the lines received in the period, and the claims of them."""
    scope = sight.scope
    back = taken_back(_CAME.document_sequence, scope.until, scope.known_at)
    return added(
        with_closed_months(sight, scope, grain, "deliveries", lambda of: lines_received(sight, of, grain)),
        taken_off(lines_received(sight, scope, grain, [back])),
        {cell: {"claims": measures["claims"]} for cell, measures in claims(sight, grain).items()},
    )


def lines_received(sight: Sight, scope: Scope, grain: Grain, which: Sequence[sa.ColumnElement[bool]] = ()) -> Measures:
    """Return the lines received in a period under conditions, whether they were taken back or not."""
    day = document.c.effective_on
    columns = {
        "order_no": _CAME.order_no,
        "store": _CAME.store,
        "part_no": _CAME.part_no,
        "day": day,
        "month": month_of(day),
    }
    source = receipt_line.join(document, document.c.sequence == _CAME.document_sequence)
    where = [
        scope.within(day),
        document.c.kind != REVERSAL,
        *scope.of(_CAME.store),
        *scope.known(document.c.sequence),
        *which,
    ]
    return summed(sight, grain, source, columns, {"lines": sa.literal(1)}, where)
