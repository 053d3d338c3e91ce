"""What lies where on the last day of a period, and by how much the shelf's value changed on the days before.

The books keep what lies where now (`balance`, the ledger's own summary, proven by `ledger verify`); what it was on a
day is that, less what came after the day or was not yet known. So a report of last month reads a month of movements
and not all of them; and it is the same number that summing all movements up to the day gives.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa

from inventory.books.balances import INSIDE_KINDS, NOTHING, ON_HAND_KINDS, Amount
from inventory.books.movements import PlaceKind
from inventory.bulk import raw_rows
from inventory.figures.scope import Scope
from inventory.schema import balance, movement
from inventory.schema_books import revaluation

Places = dict[tuple[str, str, str], Amount]
"""Quantity and value by store, part and kind of place; on the shelf only their sum over its kinds is meant."""

_SHELF = sorted(ON_HAND_KINDS)
_SOLD = (PlaceKind.CUSTOMER.value, PlaceKind.WORKSHOP.value)
_MOVED, _CHANGE = movement.c, revaluation.c


def held(connection: sa.Connection, scope: Scope) -> Places:
    """Return what is where inside the stores at the end of the period: what is there now, less what came later."""
    keys = (balance.c.store, balance.c.part_no, balance.c.place_kind)
    amounts = (sa.cast(sa.func.sum(each), sa.BigInteger) for each in (balance.c.quantity_milli, balance.c.value_e4))
    now = sa.select(*keys, *amounts).where(*scope.of(balance.c.store))
    found = {(row[0], row[1], row[2]): Amount(row[3], row[4]) for row in raw_rows(connection, now.group_by(*keys))}
    for store, part_no, source, target, quantity, value in _later_movements(connection, scope):
        for kind, sign in ((source, 1), (target, -1)):  # taken back: it is where it came from
            if kind in INSIDE_KINDS:
                key = (store, part_no, kind)
                found[key] = found.get(key, NOTHING).plus(Amount(sign * quantity, sign * value))
    for store, part_no, kind, value in _later_changes(connection, scope):
        if kind in INSIDE_KINDS:
            key = (store, part_no, kind)
            found[key] = found.get(key, NOTHING).plus(Amount(0, -value))
    return {key: amount for key, amount in found.items() if amount != NOTHING}


class Day(NamedTuple):
    """A day: by how much the value of the shelf changed, and the cost of what was issued less what came back."""

    day: str
    change_e4: int
    issued_e4: int


def days_of(connection: sa.Connection, scope: Scope) -> list[Day]:
    """Return the days of the twelve months that end with the period on which anything moved or was valued anew.

    Read in the order of an index of the movements by day, which holds all it takes.
    """
    found: dict[str, tuple[int, int]] = {}
    keys = (_MOVED.effective_on, _MOVED.store, _MOVED.source_kind, _MOVED.target_kind)
    for day, _, source, target, value in raw_rows(connection, _of_year(movement, scope, keys, (_MOVED.value_e4,))):
        change = value * ((target in _SHELF) - (source in _SHELF))
        issued = value * ((source in _SHELF and target in _SOLD) - (target in _SHELF and source in _SOLD))
        before = found.get(day, (0, 0))
        found[day] = before[0] + change, before[1] + issued
    changes = (_CHANGE.effective_on, _CHANGE.place_kind)
    for day, kind, value in raw_rows(connection, _of_year(revaluation, scope, changes, (_CHANGE.change_e4,))):
        before = found.get(day, (0, 0))
        found[day] = before[0] + value * (kind in _SHELF), before[1] + value * (kind in _SOLD)
    return [Day(day, *amounts) for day, amounts in sorted(found.items())]


def shelf_changes(connection: sa.Connection, scope: Scope) -> Iterator[Any]:
    """Yield day, store, part and change of the shelf's value, over the same twelve months."""
    into = sa.case((_MOVED.target_kind.in_(_SHELF), _MOVED.value_e4), else_=0)
    out_of = sa.case((_MOVED.source_kind.in_(_SHELF), _MOVED.value_e4), else_=0)
    change = sa.case((_CHANGE.place_kind.in_(_SHELF), _CHANGE.change_e4), else_=0)
    for table, amount in ((movement, into - out_of), (revaluation, change)):
        keys = (table.c.effective_on, table.c.store, table.c.part_no)
        yield from raw_rows(connection, _of_year(table, scope, keys, (amount,)))


def _of_year(
    table: sa.Table,
    scope: Scope,
    keys: Sequence[sa.ColumnElement[str]],
    amounts: Sequence[sa.ColumnElement[int]],
) -> sa.Select[Any]:
    """Return the question for sums of amounts by keys, over the twelve months that end with the period."""
    sums = [sa.cast(sa.func.sum(amount), sa.BigInteger) for amount in amounts]
    conditions = (
        scope.year().within(table.c.effective_on),
        *scope.of(table.c.store),
        *scope.known(table.c.document_sequence),
    )
    asked: list[sa.ColumnElement[Any]] = [*keys, *sums]
    return sa.select(*asked).where(*conditions).group_by(*keys)


def begun(connection: sa.Connection, scope: Scope) -> date | None:
    """Return the day from which the ledger knows every store of the scope; None where it knows none.

    Days are gone through in an index, the first one first, until every store was met: a step or two, as a rule.
    """
    missing = set(stores_of(connection) if scope.store is None else [scope.store])
    first, last = "", ""
    while missing and first is not None:
        known = [_MOVED.effective_on <= scope.until.isoformat(), *scope.known(_MOVED.document_sequence)]
        later = sa.select(sa.func.min(_MOVED.effective_on)).where(_MOVED.effective_on > first, *known)
        first = connection.execute(later).scalar_one()
        if first is not None:
            of_day = sa.select(_MOVED.store).where(_MOVED.effective_on == first, _MOVED.store.in_(missing), *known)
            there = missing.intersection(connection.execute(of_day.distinct()).scalars())
            missing -= there
            last = first if there else last
    return date.fromisoformat(last) if last else None


def stores_of(connection: sa.Connection) -> list[str]:
    """Return the stores that the books hold anything of, sorted; each is found by a step in an index."""
    found: list[str] = []
    while True:
        question = sa.select(sa.func.min(balance.c.store))
        if found:
            question = question.where(balance.c.store > found[-1])
        store = connection.execute(question).scalar_one_or_none()
        if store is None:
            return found
        found.append(store)


def _uncounted(table: sa.Table, scope: Scope) -> Iterator[sa.ColumnElement[bool]]:
    """Yield the conditions, of which no two meet, on rows that the scope does not count."""
    yield table.c.effective_on > scope.until.isoformat()
    if scope.known_at is not None:
        on_time = table.c.effective_on <= scope.until.isoformat()
        yield sa.and_(table.c.document_sequence > scope.known_at, on_time)


def _later_movements(connection: sa.Connection, scope: Scope) -> Iterator[Any]:
    keys = (_MOVED.store, _MOVED.part_no, _MOVED.source_kind, _MOVED.target_kind)
    amounts = [sa.cast(sa.func.sum(each), sa.BigInteger) for each in (_MOVED.quantity_milli, _MOVED.value_e4)]
    for condition in _uncounted(movement, scope):
        question = sa.select(*keys, *amounts).where(condition, *scope.of(_MOVED.store))
        yield from raw_rows(connection, question.group_by(*keys))


def _later_changes(connection: sa.Connection, scope: Scope) -> Iterator[Any]:
    keys = (_CHANGE.store, _CHANGE.part_no, _CHANGE.place_kind)
    for condition in _uncounted(revaluation, scope):
        question = sa.select(*keys, sa.cast(sa.func.sum(_CHANGE.change_e4), sa.BigInteger))
        yield from raw_rows(connection, question.where(condition, *scope.of(_CHANGE.store)).group_by(*keys))
