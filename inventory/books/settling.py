"""From documents to movements and balances: the second half of posting, after the documents have their sequences.

The movements are appended, with a layer for each that comes onto the shelf from elsewhere; the balances they touch are
read, changed and held against the rules of the books; what the movements are worth in the order of the books is
worked out (`recosting`) and told in rows of its own where it differs; then the balances are written. Places outside
are only added to and never read: a part sold often has been with thousands of customers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from inventory.books.balances import (
    INSIDE_KINDS,
    NOTHING,
    ON_HAND_KINDS,
    OUTSIDE_KINDS,
    Amount,
    Balances,
    Where,
    balances,
    pools,
    share_value,
)
from inventory.books.costing import Shortage, Step
from inventory.books.movements import Document
from inventory.books.recosting import Item, late_items, recost
from inventory.books.refusals import StockShortError
from inventory.bulk import insert_rows
from inventory.schema import balance, movement, stock_layer
from inventory.schema_books import revaluation

_LINE = tuple(column.name for column in movement.columns if column.name != "movement_id")
_REVALUATION = tuple(column.name for column in revaluation.columns)
_LAYER = tuple(column.name for column in stock_layer.columns)


class Booked(NamedTuple):
    """A document with its sequence and the day it counts from."""

    document: Document
    sequence: int
    effective_on: date


def settle(connection: sa.Connection, booked: Sequence[Booked]) -> None:
    """Append the movements of new documents and bring balances and values up to date.

    Raises
    ------
    StockShortError
        If a place inside a store would hold less than nothing, now or on a day after that of a back-dated document.
    ValueError
        If a document says a value that leaves a place worth less than nothing, or something while empty.
    """
    fresh = _steps(booked)
    if not fresh:
        return
    _append(connection, booked)
    reversed_items = {(moved.store, moved.part_no) for each, *_ in booked if each.reverses for moved in each.movements}
    again = late_items(connection, fresh) | reversed_items
    before = _balances_of(connection, fresh, again)
    after: Balances = dict(before)
    outside: Balances = {}
    for item, steps in fresh.items():
        for step in steps:
            moved = Amount(step.quantity_milli, step.value_e4)
            _add(after, outside, Where(*item, step.source_kind, step.source_name), moved, -1)
            _add(after, outside, Where(*item, step.target_kind, step.target_name), moved, 1)
    _refuse_shortage(after)
    recosting = recost(connection, fresh, again, before)
    if recosting.shortages:
        raise _earlier_shortage(recosting.shortages)
    _refuse_odd_values({where: amount for where, amount in after.items() if where[:2] not in again})
    if recosting.changes:
        for change in recosting.changes:
            where = Where(change.store, change.part_no, change.place_kind, change.place_name)
            _add(after, outside, where, Amount(0, change.change_e4), 1)
        _refuse_odd_values(after)
        cause_of = {item: max(step.document_sequence for step in steps) for item, steps in fresh.items()}
        rows = [(cause_of[each[:2]], *each) for each in recosting.changes]
        insert_rows(connection, revaluation, _REVALUATION, rows)
    share_value(after)
    _write(connection, before, after, outside)


def _steps(booked: Sequence[Booked]) -> dict[Item, list[Step]]:
    """Return the movements by store and part, in the order of posting."""
    fresh: defaultdict[Item, list[Step]] = defaultdict(list)
    for each, sequence, effective_on in booked:
        day = effective_on.isoformat()
        for line_no, moved in enumerate(each.movements, start=1):
            store, part_no, source, target = moved.store, moved.part_no, moved.source, moved.target
            places = (source.kind._value_, source.name, target.kind._value_, target.name)
            step = (day, sequence, line_no, *places, moved.quantity_milli, moved.value_e4, store, part_no)
            fresh[store, part_no].append(Step._make(step))
    return fresh


def _append(connection: sa.Connection, booked: Sequence[Booked]) -> None:
    """Append the movements, and a layer for each that comes onto the shelf from elsewhere.

    A reversal makes no layer: where it stands, the layers of what it reverses do not count (see `layers`).
    """
    lines: list[tuple[object, ...]] = []
    layers: list[tuple[object, ...]] = []
    for each, sequence, effective_on in booked:
        day, said_day = effective_on.isoformat(), each.effective_on.isoformat()
        for line_no, moved in enumerate(each.movements, start=1):
            source, target = moved.source.kind._value_, moved.target.kind._value_
            key = (sequence, line_no, moved.store, moved.part_no)
            amount = (moved.quantity_milli, moved.value_e4)
            lines.append((*key, source, moved.source.name, target, moved.target.name, *amount, day))
            if target in ON_HAND_KINDS and source not in ON_HAND_KINDS and each.reverses is None:
                received_on = moved.received_on.isoformat() if moved.received_on else said_day
                layers.append((*key, received_on, *amount))
    insert_rows(connection, movement, _LINE, lines)
    insert_rows(connection, stock_layer, _LAYER, layers)


def _balances_of(connection: sa.Connection, fresh: Mapping[Item, Sequence[Step]], again: set[Item]) -> Balances:
    """Return the balances of the shelf and of the kinds of place touched; of parts walked again of all inside."""
    kinds = {kind for steps in fresh.values() for step in steps for kind in (step.source_kind, step.target_kind)}
    found = balances(
        connection,
        {store for store, _ in fresh},
        {part_no for _, part_no in fresh},
        ON_HAND_KINDS | (kinds - OUTSIDE_KINDS),
    )
    if again:
        everywhere = balances(connection, {item[0] for item in again}, {item[1] for item in again}, INSIDE_KINDS)
        found.update({where: amount for where, amount in everywhere.items() if where[:2] in again})
    return found


def _add(inside: Balances, outside: Balances, where: Where, moved: Amount, sign: int) -> None:
    held = outside if where.place_kind in OUTSIDE_KINDS else inside
    before = held.get(where, NOTHING)
    held[where] = Amount(before.quantity_milli + sign * moved.quantity_milli, before.value_e4 + sign * moved.value_e4)


def _refuse_shortage(after: Balances) -> None:
    short = {where: -amount.quantity_milli for where, amount in after.items() if amount.quantity_milli < 0}
    if short:
        raise StockShortError(short)


def _earlier_shortage(shortages: Mapping[Item, Shortage]) -> StockShortError:
    """Return the refusal of a document that is possible now, but was not then."""
    by_day = sorted(shortages.items(), key=lambda each: (each[1].effective_on, each[0]))
    short = {Where(*item, *each.place): each.lacking_milli for item, each in by_day}
    return StockShortError(short, date.fromisoformat(by_day[0][1].effective_on))


def _refuse_odd_values(after: Balances) -> None:
    """Raise where what is empty is worth something, or anything less than nothing; the shelf counts as one pool."""
    elsewhere = {where: amount for where, amount in after.items() if where.place_kind not in ON_HAND_KINDS}
    for where, amount in [*pools(after).items(), *elsewhere.items()]:
        if amount.value_e4 < 0 or (amount.quantity_milli == 0 and amount.value_e4 != 0):
            raise ValueError(f"what is empty is worth nothing, and nothing less than that: {where} has {amount}")


def _write(connection: sa.Connection, before: Balances, after: Balances, outside: Balances) -> None:
    """Set the balances inside that changed, and add to those outside."""
    changed = [(*where, *amount) for where, amount in after.items() if before.get(where, NOTHING) != amount]
    added = [(*where, *amount) for where, amount in outside.items()]
    columns = (*Where._fields, *Amount._fields)
    insert_rows(connection, balance, columns, changed, setting=Amount._fields)
    insert_rows(connection, balance, columns, added, adding=Amount._fields)
