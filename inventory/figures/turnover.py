"""Measures of turnover: what twelve months used up, and what lay on the shelf meanwhile.

The mean stock is the mean of the values at the last 13 month-ends on which the ledger knew every store of the scope
(12 intervals); where it knows fewer, of those; at least the value at the end of the period, also where its last month
is not over. Told backwards: the value at an earlier day is the value at the end less what changed since.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import numpy as np
import sqlalchemy as sa

from inventory.books.balances import Amount
from inventory.books.movements import PlaceKind
from inventory.books.standing import taken_back
from inventory.figures.closed_months import with_closed_months
from inventory.figures.figure import Exact
from inventory.figures.grouping import (
    ISSUED_TO,
    LEAVES,
    RETURNS,
    SHELF,
    Grain,
    Measures,
    added,
    by_part,
    from_rows,
    month_of,
    summed,
    taken_off,
)
from inventory.figures.pairs import Pairs
from inventory.figures.positions import begun, shelf_changes
from inventory.figures.scope import MONTHS_PER_YEAR, Scope
from inventory.figures.sight import Sight
from inventory.schema import demand_line, movement, part, purchase_order_line, receipt_line
from inventory.schema_books import revaluation

LINES = ("store", "part_no")
_MOVED = movement.c


def issues(sight: Sight, grain: Grain) -> Measures:
    """Return the cost of what was issued less what came back, in twelve, in three and in the last month."""
    scope = sight.scope.year()
    into = {"cost_e4": scope, "quarter_e4": scope.last_months(3), "month_e4": scope.last_months(1)}
    since = {name: each.since.isoformat() for name, each in into.items()}
    if grain:
        issued = _issued_by(sight, scope, grain, since)
    else:
        issued = {(): {name: sum(each.issued_e4 for each in sight.days if each.day >= first)
                       for name, first in since.items()}}  # fmt: skip
    line = demand_line.c
    supplied = (line.quantity_supplied_milli * part.c.unit_cost_e4 + 500) // 1000
    columns: dict[str, sa.ColumnElement[str]] = {
        "store": line.store,
        "part_no": line.part_no,
        "month": month_of(line.opened_on),
        "supplier": part.c.supplier,
        "family": part.c.category,
    }
    imported = summed(
        sight, grain, demand_line.join(part, part.c.part_no == line.part_no), columns,
        _since(since, line.opened_on, supplied),
        [line.document_sequence.is_(None), line.outcome != "cancelled", scope.within(line.opened_on),
         *scope.of(line.store)],
    )  # fmt: skip
    return added(issued, imported)


def _issued_by(sight: Sight, scope: Scope, grain: Grain, since: Mapping[str, str]) -> Measures:
    """Return the ledger's cost of issues by a grain of part and store."""
    sign, change = sa.case((LEAVES, 1), else_=-1), revaluation.c
    columns = {"store": _MOVED.store, "part_no": _MOVED.part_no, "month": month_of(_MOVED.effective_on)}
    moved = summed(
        sight, grain, movement, columns,
        _since(since, _MOVED.effective_on, sign * _MOVED.value_e4),
        [sa.or_(LEAVES, RETURNS), scope.within(_MOVED.effective_on), *scope.of(_MOVED.store),
         *scope.known(_MOVED.document_sequence)],
    )  # fmt: skip
    columns = {"store": change.store, "part_no": change.part_no, "month": month_of(change.effective_on)}
    revalued = summed(
        sight, grain, revaluation, columns,
        _since(since, change.effective_on, change.change_e4),
        [change.place_kind.in_(ISSUED_TO), scope.within(change.effective_on), *scope.of(change.store),
         *scope.known(change.document_sequence)],
    )  # fmt: skip
    return added(moved, revalued)


def average(sight: Sight, grain: Grain) -> Measures:
    """Return the mean value of the shelf, by each way of taking a mean, and its value at the end."""
    scope = sight.scope
    first = scope.day_before(MONTHS_PER_YEAR)
    known_from = begun(sight.connection, scope)
    ends = [scope.until, *(end for end in _month_ends(scope) if known_from is not None and end >= known_from)]
    per_part = bool(grain)
    at_end: defaultdict[tuple[str, ...], int] = defaultdict(int)
    if per_part:
        at_end.update(zip(sight.shelf.pairs, sight.shelf.value_e4.tolist(), strict=True))
    else:
        at_end[()] = int(sight.shelf.value_e4.sum())
    since: defaultdict[tuple[str, ...], list[tuple[str, int]]] = defaultdict(list)
    if per_part:
        for day, store, part_no, change in shelf_changes(sight.connection, scope):
            since[store, part_no].append((day, change))
    else:
        since[()] = [(each.day, each.change_e4) for each in sight.days]
    days = (scope.until - max(known_from or scope.until, first + timedelta(days=1))).days + 1
    found: dict[tuple[str, ...], dict[str, Exact]] = {}
    for each in at_end.keys() | since.keys():
        value, changes = at_end[each], since[each]
        values = [value - sum(change for day, change in changes if day > end.isoformat()) for end in ends]
        back = sum(change * _days_before(day, scope.until, days) for day, change in changes)
        found[each] = {
            "mean_e4": Fraction(sum(values), len(values)),
            "open_close_e4": Fraction(values[-1] + value, 2),
            "daily_e4": Fraction(value * days - back, days),
            "closing_e4": value,
        }
    if not per_part:
        return {(): found.get((), {})}
    return by_part(sight, grain, *from_rows({(key[0], key[1]): measures for key, measures in found.items()}))


def selling(sight: Sight, grain: Grain) -> Measures:
    """Return the value at the end of the parts that were asked for in the twelve months, less what is held."""
    shelf, kind = sight.shelf, PlaceKind.RESERVED.value
    asked = sight.last_asked >= sight.scope.year().since.toordinal()
    values: list[Exact] = np.where(asked, shelf.value_e4, 0).tolist()
    held = {key[:2]: amount.quantity_milli for key, amount in sight.places.items() if key[2] == kind}
    pairs = Pairs.of(list(held))
    for row, pool, held_milli in zip(shelf.pairs.find(pairs), shelf.amounts(pairs), held.values(), strict=True):
        if row >= 0 and asked[row]:
            values[row] = _free_e4(pool, held_milli)
    return by_part(sight, grain, shelf.pairs, {"value_e4": values})


def _free_e4(pool: Amount, held_milli: int) -> Exact:
    """Return the share of a pool's value that is not held."""
    if not held_milli:
        return pool.value_e4
    return Fraction(pool.value_e4 * (pool.quantity_milli - held_milli), pool.quantity_milli)


def stock_receipts(sight: Sight, grain: Grain) -> Measures:
    """Return the cost of what came onto the shelf in twelve months on stock orders, and on orders of any type."""
    return received(sight, sight.scope.year(), grain)


def received(sight: Sight, scope: Scope, grain: Grain) -> Measures:
    """Return the cost of goods received from suppliers onto the shelf, by the type of their order.

    What closed months received is kept; what of it was taken back since is taken off.
    """
    dated = with_closed_months(sight, scope, grain, "receipts", lambda of: received_as_dated(sight, of, grain))
    back = taken_back(_MOVED.document_sequence, scope.until, scope.known_at)
    return added(dated, taken_off(_received(sight, scope, grain, [back])))


def received_as_dated(sight: Sight, scope: Scope, grain: Grain) -> Measures:
    """Return it of all receipts of a period, whether they were taken back or not."""
    return _received(sight, scope, grain, [])


def _received(sight: Sight, scope: Scope, grain: Grain, which: Sequence[sa.ColumnElement[bool]]) -> Measures:
    came, ordered = receipt_line.c, purchase_order_line.c
    order_type = sa.select(ordered.order_type).where(ordered.order_no == came.order_no).limit(1).scalar_subquery()
    receipt = (
        sa.select(came.document_sequence, came.order_no, order_type.label("order_type"))
        .where(came.line_no == 1)
        .subquery()
    )
    goods = _goods_received(scope, grain, which)
    columns: dict[str, sa.ColumnElement[str]] = {
        column.name: column for column in goods.c if column.name not in ("document_sequence", "value_e4")
    }
    columns |= {"order_no": receipt.c.order_no, "channel": sa.func.coalesce(receipt.c.order_type, "")}
    source = goods.join(receipt, receipt.c.document_sequence == goods.c.document_sequence)
    is_stock, value = receipt.c.order_type == "stock", goods.c.value_e4
    sums = {"stock_e4": sa.case((is_stock, value), else_=0), "received_e4": value}
    return summed(sight, grain, source, columns, sums, [])


def _goods_received(scope: Scope, grain: Grain, which: Sequence[sa.ColumnElement[bool]]) -> sa.Subquery:
    """Return what came onto the shelf from suppliers, by document; by part and day only where the grain needs it.

    By document alone it is read from an index of the movements by day.
    """
    keys: list[sa.ColumnElement[str] | sa.Column[int]] = [_MOVED.document_sequence]
    if set(grain) - {"channel"}:
        month = month_of(_MOVED.effective_on).label("month")
        supplier = _MOVED.source_name.label("supplier")
        keys += [_MOVED.store, _MOVED.part_no, _MOVED.effective_on.label("day"), month, supplier]
    where = [
        _MOVED.source_kind == PlaceKind.SUPPLIER.value,
        _MOVED.target_kind.in_(SHELF),
        scope.within(_MOVED.effective_on),
        *which,
        *scope.of(_MOVED.store),
        *scope.known(_MOVED.document_sequence),
    ]
    value = sa.cast(sa.func.sum(_MOVED.value_e4), sa.BigInteger).label("value_e4")
    places: list[sa.ColumnElement[Any]] = [sa.literal_column(str(place)) for place in range(1, len(keys) + 1)]
    return sa.select(*keys, value).where(*where).group_by(*places).subquery()


def _since(
    since: Mapping[str, str], day: sa.ColumnElement[str], amount: sa.ColumnElement[int]
) -> dict[str, sa.ColumnElement[int]]:
    """Return the amount from each of several days on."""
    return {name: sa.case((day >= first, amount), else_=0) for name, first in since.items()}


def _month_ends(scope: Scope) -> list[date]:
    """Return the twelve month-ends before the period's last month is over, the latest first."""
    return [scope.day_before(back) for back in range(1, MONTHS_PER_YEAR + 1)]


def _days_before(day: str, until: date, days: int) -> int:
    """Return on how many of the last days a change of a day was not yet made."""
    first = until - timedelta(days=days - 1)
    return min(max((date.fromisoformat(day) - first).days, 0), days)
