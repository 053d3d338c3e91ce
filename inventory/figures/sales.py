"""Measures of what was sold: revenue, list amount and cost of what left the shelf, less what came back.

Revenue follows the goods: what is issued from the shelf to a customer or the workshop, on the day it is issued, at the
price on the first line of its request; what comes back is taken off on the day it comes, at the same price. So a
special order counts when it is handed over, and a request that is never filled counts nothing. A request without a
price earns nothing that is known; its cost is kept apart (`priced_cost_e4`), so that the margin is that of priced
issues. Cost is the ledger's own, with what later documents changed of it. Lines of imported history, which the ledger
did not issue, count on the day they were asked for: what was supplied, at their price and at the part's unit cost.

Amounts are rounded half up per movement or line, to the last unit of money.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from inventory.books.standing import taken_back
from inventory.demand_log import asked
from inventory.figures.grouping import (
    ISSUED_TO,
    LEAVES,
    RETURNS,
    Grain,
    Measures,
    added,
    channel_of,
    month_of,
    summed,
)
from inventory.figures.requested import LINE, ORDER_NO, Request, with_requests
from inventory.figures.sight import Sight
from inventory.schema import demand_line, movement, part
from inventory.schema_books import revaluation, reversal

LINES = ("store", "order_no", "part_no", "day")
Sums = dict[str, sa.ColumnElement[int]]
_MOVED, _ASKED = movement.c, demand_line.c
_SIGN = sa.case((LEAVES, 1), else_=-1)


def sold(sight: Sight, grain: Grain) -> Measures:
    """Return revenue, list amount and cost of the period, each less what came back: from movements and lines alone."""
    return added(sold_by_ledger(sight, grain), sold_by_history(sight, grain))


def sold_by_ledger(sight: Sight, grain: Grain) -> Measures:
    """Return what the ledger's own movements sold, with what later documents changed of its cost."""
    return added(sold_as_dated(sight, grain), issues_taken_back(sight, grain))


def sold_as_dated(sight: Sight, grain: Grain) -> Measures:
    """Return the same with issues and returns that were taken back among issues and returns; read once."""
    key = (sight.scope, grain)
    if key not in sight.sold:
        sight.sold[key] = added(_from_the_shelf(sight, grain, _amounts_moved, []), _revalued(sight, grain))
    found: Measures = sight.sold[key]
    return found


def issues_taken_back(sight: Sight, grain: Grain, before: date | None = None) -> Measures:
    """Return the cost of issues and returns that were taken back, as what it takes off of issues and returns.

    Parameters
    ----------
    before
        Only of documents dated before this day; of the whole period where not given.
    """
    scope = sight.scope
    which = [taken_back(_MOVED.document_sequence, scope.until, scope.known_at)]
    if before is not None:
        which.append(_MOVED.effective_on < before.isoformat())
    return _from_the_shelf(sight, grain, lambda _: _issued_and_returned(-1), which)


def at_list(sight: Sight) -> sa.Select[Any]:
    """Return the question for what the list amount of a period rests on, which the price list of a day completes.

    Store, part, month, quantity of a movement, how many of them left less those that came back, and the amount at the
    price of their requests.
    """
    source, request = with_requests(sight.connection, sight.scope)
    revenue = _SIGN * ((_MOVED.quantity_milli * request.unit_price_e4 + 500) // 1000)
    keys = (_MOVED.store, _MOVED.part_no, month_of(_MOVED.effective_on), _MOVED.quantity_milli)
    sums = (sa.cast(sa.func.coalesce(sa.func.sum(each), 0), sa.BigInteger) for each in (_SIGN, revenue))
    question = sa.select(*keys, *sums).select_from(source)
    return question.where(*_moved(sight)).group_by(*(sa.literal_column(str(place)) for place in (1, 2, 3, 4)))


def _issued_and_returned(sign: int) -> Sums:
    """Return the cost of issues and of returns, where neither is a document that takes another one back."""
    done = _MOVED.document_sequence.not_in(sa.select(reversal.c.document_sequence))
    return {
        "issued_e4": sa.case((sa.and_(LEAVES, done), sign * _MOVED.value_e4), else_=0),
        "returned_e4": sa.case((sa.and_(RETURNS, done), sign * _MOVED.value_e4), else_=0),
    }


def _moved(sight: Sight) -> list[sa.ColumnElement[bool]]:
    scope = sight.scope
    return [
        sa.or_(LEAVES, RETURNS),
        scope.within(_MOVED.effective_on),
        *scope.of(_MOVED.store),
        *scope.known(_MOVED.document_sequence),
    ]


def _from_the_shelf(
    sight: Sight, grain: Grain, sums: Callable[[Request], Sums], which: Sequence[sa.ColumnElement[bool]]
) -> Measures:
    source, request = with_requests(sight.connection, sight.scope)
    columns = {
        "store": _MOVED.store,
        "part_no": _MOVED.part_no,
        "order_no": ORDER_NO,
        "day": _MOVED.effective_on,
        "month": month_of(_MOVED.effective_on),
        "channel": channel_of(request.payer, request.vin, request.job_type),
        "supplier": sa.func.coalesce(part.c.supplier, ""),
        "family": sa.func.coalesce(part.c.category, ""),
    }
    source = source.outerjoin(part, part.c.part_no == _MOVED.part_no)
    return summed(sight, grain, source, columns, sums(request), [*_moved(sight), *which])


def sold_by_history(sight: Sight, grain: Grain) -> Measures:
    """Return what imported history says was sold, without a document of the ledger."""
    scope = sight.scope
    columns = {
        "store": _ASKED.store,
        "part_no": _ASKED.part_no,
        "order_no": _ASKED.order_no,
        "day": _ASKED.opened_on,
        "month": month_of(_ASKED.opened_on),
        "channel": channel_of(LINE.payer, LINE.vin, LINE.job_type),
        "supplier": sa.func.coalesce(part.c.supplier, ""),
        "family": sa.func.coalesce(part.c.category, ""),
    }
    cost = (_ASKED.quantity_supplied_milli * part.c.unit_cost_e4 + 500) // 1000
    sums = _amounts(LINE, sa.literal(1), _ASKED.quantity_supplied_milli, cost)
    sums |= {"issued_e4": cost, "returned_e4": sa.literal(0)}
    where = [
        _ASKED.document_sequence.is_(None),
        _ASKED.outcome != "cancelled",
        scope.within(_ASKED.opened_on),
        *asked(scope.until, scope.known_at),
        *scope.of(_ASKED.store),
    ]
    source = demand_line.outerjoin(part, part.c.part_no == _ASKED.part_no)
    return summed(sight, grain, source, columns, sums, where)


def _revalued(sight: Sight, grain: Grain) -> Measures:
    """Return what documents recorded later changed of the cost of what was issued; of no order and no channel."""
    scope = sight.scope
    change = revaluation.c
    columns = {
        "store": change.store,
        "part_no": change.part_no,
        "order_no": sa.literal(""),
        "day": change.effective_on,
        "month": month_of(change.effective_on),
        "channel": sa.literal(""),
    }
    where = [
        change.place_kind.in_(ISSUED_TO),
        scope.within(change.effective_on),
        *scope.of(change.store),
        *scope.known(change.document_sequence),
    ]
    sums = {"cost_e4": change.change_e4, "priced_cost_e4": change.change_e4}
    return summed(sight, grain, revaluation, columns, sums, where)


def _amounts_moved(request: Request) -> Sums:
    return _amounts(request, _SIGN, _MOVED.quantity_milli, _MOVED.value_e4) | _issued_and_returned(1)


def _amounts(
    request: Request, sign: sa.ColumnElement[int], quantity: sa.ColumnElement[int], cost: sa.ColumnElement[int]
) -> Sums:
    """Return the sums that goods issued and imported lines have alike."""
    price, list_price = request.unit_price_e4, sa.func.coalesce(part.c.list_price_e4, request.unit_price_e4)
    revenue = sign * ((quantity * price + 500) // 1000)
    of_vehicle = sa.or_(request.vin.is_not(None), request.job_type.is_not(None))
    channel = channel_of(request.payer, request.vin, request.job_type)
    return {
        "cost_e4": sign * cost,
        "priced_cost_e4": sa.case((price.is_not(None), sign * cost), else_=0),
        "revenue_e4": revenue,
        "list_e4": sign * ((quantity * list_price + 500) // 1000),
        "warranty_e4": sa.case((request.payer == "warranty", revenue), else_=0),
        "workshop_e4": sa.case((channel == "workshop", revenue), else_=0),
        "vehicle_e4": sa.case((of_vehicle, revenue), else_=0),
    }
