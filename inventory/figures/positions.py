"""What lies where on the last day of a period, and by how much the shelf's value changed on the days before.

The books keep what lies where now (`balance`, the ledger's own summary, proven by `ledger verify`); what it was on a
day is that, less what came after the day or was not yet known. So a report of last month reads a month of movements
and not all of them; and it is the same number that summing all movements up to the day gives.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import sqlalchemy as sa

from demand.periods import PeriodKind, ordinal_of
from inventory.books.balances import INSIDE_KINDS, NOTHING, ON_HAND_KINDS, Amount
from inventory.books.movements import PlaceKind
from inventory.bulk import raw_rows, whole_columns
from inventory.figures.closed import Closing, kept_sums
from inventory.figures.columns import Whole
from inventory.figures.pairs import Pairs
from inventory.figures.scope import Scope
from inventory.schema import balance, movement
from inventory.schema_books import revaluation

Places = dict[tuple[str, str, str], Amount]
"""Quantity and value by store, part and kind of place."""

_SHELF = sorted(ON_HAND_KINDS)
_SOLD = (PlaceKind.CUSTOMER.value, PlaceKind.WORKSHOP.value)
_NOT_BINS = sorted(INSIDE_KINDS - {PlaceKind.BIN.value})
_MOVED, _CHANGE = movement.c, revaluation.c


@dataclass(frozen=True)
class Shelf:
    """What lies on the shelf, in bins or reserved, by part of a store; what is empty is not listed.

    Parameters
    ----------
    pairs
        Store and part of each row.
    quantity_milli, value_e4
        Thousandths of the stock unit, and ten-thousandths of the currency; shape (pairs,).
    """

    pairs: Pairs
    quantity_milli: Whole
    value_e4: Whole

    def amounts(self, pairs: Pairs) -> list[Amount]:
        """Return what lies there of some parts of stores; nothing where a part is not listed."""
        rows = self.pairs.find(pairs)
        columns = (np.append(each, 0)[rows].tolist() for each in (self.quantity_milli, self.value_e4))
        return list(map(Amount, *columns))


def on_shelf(connection: sa.Connection, scope: Scope) -> Shelf:
    """Return what lies on the shelf at the end of the period: what is there now, less what came later."""
    held, keys = balance.c, (balance.c.store, balance.c.part_no)
    sums = (sa.cast(sa.func.sum(amount), sa.BigInteger) for amount in (held.quantity_milli, held.value_e4))
    inside = (held.place_kind.in_(_SHELF), *scope.of(held.store))
    stores, part_nos, *columns = whole_columns(connection, sa.select(*keys, *sums).where(*inside).group_by(*keys))
    pairs, amounts = Pairs(stores, part_nos), np.array(columns, np.int64).reshape(2, -1)
    later, changes = zip(*_later_on_shelf(connection, scope), strict=True)
    if any(later):
        known = len(pairs)
        pairs = pairs.with_new(*later)
        amounts = np.pad(amounts, ((0, 0), (0, len(pairs) - known)))
        rows = np.hstack([pairs.find(each) for each in later])
        for sums_of, change in zip(amounts, np.hstack(changes), strict=True):
            np.add.at(sums_of, rows, change)
    there = np.flatnonzero(amounts[0])
    if there.size < len(pairs):
        pairs = pairs.take(there)
    return Shelf(pairs, amounts[0, there], amounts[1, there])


def _later_on_shelf(connection: sa.Connection, scope: Scope) -> Iterator[tuple[Pairs, Whole]]:
    """Yield store and part, and what is taken back of quantity and value, of what the scope does not count.

    Row by row: asked for sums by part, a database would rather go through all movements in the order of parts than
    through the few of these days.
    """
    back = sa.case((_MOVED.source_kind.in_(_SHELF), 1), else_=0) - sa.case((_MOVED.target_kind.in_(_SHELF), 1), else_=0)
    of_shelf = _CHANGE.place_kind.in_(_SHELF)
    for table, amounts, where in (
        (movement, (back * _MOVED.quantity_milli, back * _MOVED.value_e4), sa.true()),
        (revaluation, (sa.literal(0), -_CHANGE.change_e4), of_shelf),
    ):
        for condition in _uncounted(table, scope):
            question = sa.select(table.c.store, table.c.part_no, *amounts).where(condition, where)
            stores, part_nos, *columns = whole_columns(connection, question.where(*scope.of(table.c.store)))
            yield Pairs(stores, part_nos), np.array(columns, np.int64).reshape(2, -1)


def places(connection: sa.Connection, scope: Scope) -> Places:
    """Return what is where inside the stores at the end of the period, bins left out: what is there, less what came."""
    keys = (balance.c.store, balance.c.part_no, balance.c.place_kind)
    amounts = (sa.cast(sa.func.sum(each), sa.BigInteger) for each in (balance.c.quantity_milli, balance.c.value_e4))
    inside = (balance.c.place_kind.in_(_NOT_BINS), *scope.of(balance.c.store))
    now = sa.select(*keys, *amounts).where(*inside).group_by(*keys)
    found = {(row[0], row[1], row[2]): Amount(row[3], row[4]) for row in raw_rows(connection, now)}
    for store, part_no, source, target, quantity, value in _later_movements(connection, scope):
        for kind, sign in ((source, 1), (target, -1)):  # taken back: it is where it came from
            if kind in _NOT_BINS:
                key = (store, part_no, kind)
                found[key] = found.get(key, NOTHING).plus(Amount(sign * quantity, sign * value))
    for store, part_no, kind, value in _later_changes(connection, scope):
        key = (store, part_no, kind)
        found[key] = found.get(key, NOTHING).plus(Amount(0, -value))
    return {key: amount for key, amount in found.items() if amount != NOTHING}


class Day(NamedTuple):
    """A day of a store: by how much the shelf's value changed, and the cost of what was issued less what came back."""

    day: str
    store: str
    change_e4: int
    issued_e4: int


def days_of(connection: sa.Connection, scope: Scope, known: Sequence[Closing]) -> list[Day]:
    """Return the days of the twelve months that end with the period on which anything moved or was valued anew.

    Parameters
    ----------
    known
        The closings up to the period's end, which keep the days of their months.
    """
    year = scope.year()
    kept, open_from = kept_sums(known, year, "days")
    days = [Day(day, store, int(of["change_e4"]), int(of["issued_e4"])) for (day, store), of in kept.items()]
    if open_from <= scope.until:
        days += days_read(connection, replace(year, first_month=ordinal_of(open_from, PeriodKind.MONTH)))
    return days


def days_read(connection: sa.Connection, scope: Scope) -> list[Day]:
    """Return the days of a period, from its movements: in the order of an index by day, which holds all it takes."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    keys = (_MOVED.effective_on, _MOVED.store, _MOVED.source_kind, _MOVED.target_kind)
    for day, store, source, target, value in raw_rows(connection, _moved_in(movement, scope, keys, (_MOVED.value_e4,))):
        change = value * ((target in _SHELF) - (source in _SHELF))
        issued = value * ((source in _SHELF and target in _SOLD) - (target in _SHELF and source in _SOLD))
        before = found.get((day, store), (0, 0))
        found[day, store] = before[0] + change, before[1] + issued
    changes = (_CHANGE.effective_on, _CHANGE.store, _CHANGE.place_kind)
    for day, store, kind, value in raw_rows(connection, _moved_in(revaluation, scope, changes, (_CHANGE.change_e4,))):
        before = found.get((day, store), (0, 0))
        found[day, store] = before[0] + value * (kind in _SHELF), before[1] + value * (kind in _SOLD)
    return [Day(*key, *amounts) for key, amounts in sorted(found.items())]


def shelf_changes(connection: sa.Connection, scope: Scope) -> Iterator[Any]:
    """Yield day, store, part and change of the shelf's value, over the same twelve months."""
    into = sa.case((_MOVED.target_kind.in_(_SHELF), _MOVED.value_e4), else_=0)
    out_of = sa.case((_MOVED.source_kind.in_(_SHELF), _MOVED.value_e4), else_=0)
    change = sa.case((_CHANGE.place_kind.in_(_SHELF), _CHANGE.change_e4), else_=0)
    for table, amount in ((movement, into - out_of), (revaluation, change)):
        keys = (table.c.effective_on, table.c.store, table.c.part_no)
        yield from raw_rows(connection, _moved_in(table, scope.year(), keys, (amount,)))


def _moved_in(
    table: sa.Table,
    scope: Scope,
    keys: Sequence[sa.ColumnElement[str]],
    amounts: Sequence[sa.ColumnElement[int]],
) -> sa.Select[Any]:
    """Return the question for sums of amounts by keys, over a period."""
    sums = [sa.cast(sa.func.sum(amount), sa.BigInteger) for amount in amounts]
    conditions = (
        scope.within(table.c.effective_on),
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
    columns = (_MOVED.store, _MOVED.part_no, _MOVED.source_kind, _MOVED.target_kind)
    elsewhere = sa.or_(_MOVED.source_kind.in_(_NOT_BINS), _MOVED.target_kind.in_(_NOT_BINS))
    for condition in _uncounted(movement, scope):
        question = sa.select(*columns, _MOVED.quantity_milli, _MOVED.value_e4).where(condition, elsewhere)
        yield from raw_rows(connection, question.where(*scope.of(_MOVED.store)))


def _later_changes(connection: sa.Connection, scope: Scope) -> Iterator[Any]:
    for condition in _uncounted(revaluation, scope):
        question = sa.select(_CHANGE.store, _CHANGE.part_no, _CHANGE.place_kind, _CHANGE.change_e4)
        yield from raw_rows(
            connection, question.where(condition, _CHANGE.place_kind.in_(_NOT_BINS), *scope.of(_CHANGE.store))
        )
