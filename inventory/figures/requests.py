"""Measures of what was asked for: lines filled, short, urgent and lost, and the repair orders they are on.

A line is *filled* where its outcome is the shelf and all of it was supplied at request. What came *from the shelf* is
what was supplied at request, up to what was asked; nothing of a line whose outcome is not the shelf and which was
supplied whole, for then it came from elsewhere. Cancelled lines count nowhere; nor do lines whose document was taken
back. Values are at the price on the line, rounded half up per line; a line without a price is worth nothing.
"""

from __future__ import annotations

import sqlalchemy as sa

from inventory.books.standing import taken_back
from inventory.demand_log import asked
from inventory.figures.classes import COMMON, common_in
from inventory.figures.closed_logs import Conditions, Log, read_log
from inventory.figures.figure import Exact
from inventory.figures.grouping import CLASS, Grain, Measures, channel_of, counted, month_of, regrouped, summed
from inventory.figures.scope import Scope
from inventory.figures.sight import Sight
from inventory.schema import demand_line

_LINE = demand_line.c
_WHOLE = _LINE.quantity_supplied_milli >= _LINE.quantity_requested_milli
FILLED = sa.and_(_LINE.outcome == "shelf", _WHOLE)
_SHELF_MILLI = sa.case((FILLED, _LINE.quantity_requested_milli), (_WHOLE, 0), else_=_LINE.quantity_supplied_milli)
MISSING_MILLI = _LINE.quantity_requested_milli - _SHELF_MILLI
OF_VEHICLE = sa.or_(_LINE.vin.is_not(None), _LINE.job_type.is_not(None))
"""Asked for by a repair order: a vehicle or a kind of job is named."""

COLUMNS = {
    "store": _LINE.store,
    "part_no": _LINE.part_no,
    "order_no": _LINE.order_no,
    "line_no": sa.cast(_LINE.line_no, sa.Text),
    "day": _LINE.opened_on,
    "month": month_of(_LINE.opened_on),
    "outcome": _LINE.outcome,
    "channel": channel_of(_LINE.payer, _LINE.vin, _LINE.job_type),
}
LINES = ("store", "order_no", "part_no", "line_no", "day", "outcome")


def one(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    """Return 1 where a condition holds, else 0."""
    return sa.case((condition, 1), else_=0)


def _where(condition: sa.ColumnElement[bool], amount: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    return sa.case((condition, amount), else_=0)


def _worth_e4(milli: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    return sa.func.coalesce((milli * _LINE.unit_price_e4 + 500) // 1000, 0)


SUMS = {
    "lines": sa.literal(1),
    "filled": one(FILLED),
    "partly": one(sa.and_(sa.not_(FILLED), _SHELF_MILLI > 0)),
    "short": one(sa.not_(FILLED)),
    "urgent": one(_LINE.outcome == "urgent"),
    "lost": one(_LINE.outcome == "lost"),
    "asked_milli": _LINE.quantity_requested_milli,
    "shelf_milli": _SHELF_MILLI,
    "unserved_milli": _where(_LINE.outcome.in_(["urgent", "lost"]), MISSING_MILLI),
    "asked_e4": _worth_e4(_LINE.quantity_requested_milli),
    "shelf_e4": _worth_e4(_SHELF_MILLI),
    "lost_e4": _where(_LINE.outcome == "lost", _worth_e4(MISSING_MILLI)),
    "workshop": one(OF_VEHICLE),
    "workshop_filled": one(sa.and_(OF_VEHICLE, FILLED)),
}


def conditions(scope: Scope) -> list[sa.ColumnElement[bool]]:
    """Return the conditions on lines that were asked for in a period."""
    return [*dated(scope), *asked(scope.until, scope.known_at)]


def dated(scope: Scope) -> list[sa.ColumnElement[bool]]:
    """Return the conditions on lines dated in a period, whether they were taken back or not."""
    return [_LINE.outcome != "cancelled", scope.within(_LINE.opened_on), *scope.of(_LINE.store)]


def line_taken_back(scope: Scope) -> sa.ColumnElement[bool]:
    """Return the condition that the document of a line was taken back."""
    return taken_back(_LINE.document_sequence, scope.until, scope.known_at)


def _read(sight: Sight, grain: Grain, which: Conditions, also_taken_back: bool) -> Measures:
    where = dated(sight.scope) if also_taken_back else conditions(sight.scope)
    return summed(sight, grain, demand_line, COLUMNS, SUMS, [*which, *where])


REQUESTS = Log("requests", tuple(SUMS), _LINE.opened_on, _LINE.line_id, False, _read, line_taken_back)


def requests(sight: Sight, grain: Grain) -> Measures:
    """Return the lines asked for in the period: how many, how much, and what of it the shelf gave."""
    return read_log(sight, grain, REQUESTS)


def shortages(sight: Sight, grain: Grain) -> Measures:
    """Return lines and short lines of common and of general parts, each as it was classed on the day."""
    if not grain and sight.scope.first_day is None:
        return {(): _shortages_by_month(sight)}
    has_class = CLASS in grain
    finer = grain if has_class else (*grain, CLASS)
    sums = {name: SUMS[name] for name in ("lines", "short")}
    found = summed(sight, finer, demand_line, COLUMNS, sums, conditions(sight.scope))
    at = finer.index(CLASS)
    named = (
        (key, {f"{'common' if key[at] == COMMON else 'general'}_{name}": amount for name, amount in measures.items()})
        for key, measures in found.items()
    )
    return regrouped(named, lambda key: key if has_class else key[:at])


def _shortages_by_month(sight: Sight) -> dict[str, Exact]:
    """Return the same of all lines of whole months together, from the lines of each part by month."""
    demand, scope = sight.demand, sight.scope
    found: dict[str, Exact] = dict.fromkeys(("common_lines", "common_short", "general_lines", "general_short"), 0)
    for month in range(scope.first_month, scope.last_month + 1):
        common, at = common_in(demand, month), month - demand.first_month
        for kind, parts in (("common", common), ("general", ~common)):
            found[f"{kind}_lines"] += int(demand.lines[parts, at].sum())
            found[f"{kind}_short"] += int(demand.short[parts, at].sum())
    return found


def asked_parts(sight: Sight, grain: Grain) -> Measures:
    """Return the part numbers of stores asked for in the period, and those of them with a lost line."""
    rows = (demand_line, COLUMNS, {"lost": SUMS["lost"]}, conditions(sight.scope))
    return counted(sight, grain, ("store", "part_no"), rows, {"parts": {}, "with_loss": {"lost": True}})
