"""Measures of buying in the plan: part numbers ordered, and those ordered from proposals of plan runs alone.

A line is *in the plan* where its order was made from a proposal; a part number where every order line of it is. In
several months a part number is one, so closings keep which parts were ordered in a month, and which of them outside the
plan, rather than their number.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import sqlalchemy as sa

from demand.periods import PeriodKind, ordinal_of
from inventory.bulk import among, raw_rows, whole_columns
from inventory.figures.closed import closings
from inventory.figures.closed_logs import Conditions, KeptLog, kept_log, kept_of
from inventory.figures.closed_parts import Kept, kept_parts, parts_report
from inventory.figures.columns import Whole
from inventory.figures.grouping import Grain, Measures, added, counted, month_of
from inventory.figures.pairs import Pairs
from inventory.figures.purchases import COLUMNS, ORDERED, dated, line_taken_back, ordered
from inventory.figures.scope import MONTHS_PER_YEAR, Scope
from inventory.figures.sight import Sight
from inventory.schema import proposal, purchase_order_line

PLANNED = "planned"
_LINE = purchase_order_line.c
_OUTSIDE = sa.case((_LINE.order_no.in_(sa.select("PO-" + proposal.c.proposal_no)), 0), else_=1)


def planned(sight: Sight, grain: Grain) -> Measures:
    """Return the part numbers of stores ordered in the period, and those of them ordered in the plan only."""
    scope = sight.scope
    log = None if grain else kept_of(sight, ORDERED)
    if log is None:
        return _read(sight, grain, ())
    if scope.since > log.closed_until:
        return added(*(_read(sight, grain, each) for each in log.not_kept(scope)))
    closed, outside = _ordered_in_closed_months(sight, log)
    read = [_by_part(sight, ordered(scope, _LINE.ordered_on), which) for which in log.not_kept(scope)]
    pairs = closed.with_new(*(some for some, _ in read))
    outside = np.append(outside, np.full(len(pairs) - len(closed), -1))
    for some, told in read:
        rows = pairs.find(some)
        outside[rows] = np.maximum(outside[rows], told)
    return {(): {"parts": int((outside >= 0).sum()), "in_plan": int((outside == 0).sum())}}


def planned_report(connection: sa.Connection, until: date, before: int | None = None, up_to: int | None = None) -> Kept:
    """Return what a closing document keeps of the parts ordered: place, and 1 for one ordered outside the plan.

    Parameters
    ----------
    until
        The last day that is closed with it.
    before
        The document itself, where it is there already.
    up_to
        The last document recorded before it; the last there is where not given.
    """
    month = ordinal_of(until, PeriodKind.MONTH)
    scope = Scope(month - MONTHS_PER_YEAR + 1, month, until)
    known = closings(connection, until, None, before)
    log, recorded = kept_log(known, ORDERED), [] if up_to is None else [_LINE.document_sequence <= up_to]
    keys = (_LINE.store, _LINE.part_no, month_of(_LINE.ordered_on))
    rows: list[Any] = []
    for which in log.not_kept(scope) if log else [()]:
        question = sa.select(*keys, sa.func.max(_OUTSIDE)).where(*which, *dated(scope, _LINE.ordered_on), *recorded)
        rows += raw_rows(connection, question.group_by(*(sa.literal_column(str(place)) for place in (1, 2, 3))))
    return parts_report(kept_parts(known, PLANNED).pairs, sorted(rows))


def _ordered_in_closed_months(sight: Sight, log: KeptLog) -> tuple[Pairs, Whole]:
    """Return stores and parts, and for each 1 where it was ordered outside the plan in closed months of the period.

    0 where it was ordered in the plan alone, -1 where it was not ordered. As it is kept; where an order was taken back,
    its parts are read again.
    """
    scope, kept = sight.scope, kept_parts(sight.closings, PLANNED)
    outside = np.full(len(kept.pairs), -1, np.int64)
    for month, entries in kept.months.items():
        for places, told in entries if month >= scope.months[0] else ():
            outside[places] = np.maximum(outside[places], told)
    if scope.store is not None:
        outside[np.array([store != scope.store for store in kept.pairs.stores], np.bool_)] = -1
    pairs = kept.pairs
    back, _ = _by_part(sight, dated(scope, _LINE.ordered_on), [line_taken_back(scope), *log.lines])
    if back:
        of = among(sight.connection, _LINE.part_no, set(back.part_nos))
        again, told = _by_part(sight, ordered(scope, _LINE.ordered_on), [of, *log.lines])
        pairs = pairs.with_new(back)
        outside = np.append(outside, np.full(len(pairs) - outside.size, -1))
        outside[pairs.find(back)] = -1
        still = np.flatnonzero(back.find(again) >= 0)
        outside[pairs.find(again.take(still))] = told[still]
    return pairs, outside


def _read(sight: Sight, grain: Grain, which: Conditions) -> Measures:
    rows = (purchase_order_line, COLUMNS, {"outside": _OUTSIDE}, [*which, *ordered(sight.scope, _LINE.ordered_on)])
    return counted(sight, grain, ("store", "part_no"), rows, {"parts": {}, "in_plan": {"outside": False}})


def _by_part(sight: Sight, where: Conditions, which: Conditions) -> tuple[Pairs, Whole]:
    """Return the stores and parts of order lines, with 1 where one of them is outside the plan."""
    question = sa.select(_LINE.store, _LINE.part_no, sa.func.max(_OUTSIDE)).where(*which, *where)
    stores, part_nos, outside = whole_columns(sight.connection, question.group_by(_LINE.store, _LINE.part_no))
    return Pairs(stores, part_nos), np.array(outside, np.int64)
