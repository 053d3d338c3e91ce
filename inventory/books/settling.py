"""From documents to movements and balances: the second half of posting, after the documents have their sequences.

The movements are appended, with a layer for each that comes onto the shelf from elsewhere; the balances they touch are
read, changed and held against the rules of the books; what the movements are worth in the order of the books is
worked out (`recosting`) and told in rows of its own where it differs; then the balances are written. Places outside
are only added to and never read: a part sold often has been with thousands of customers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from itertools import pairwise
from operator import itemgetter
from typing import Any, NamedTuple

import sqlalchemy as sa

from inventory.books.balances import (
    INSIDE_KINDS,
    NOTHING,
    ON_HAND_KINDS,
    OUTSIDE_KINDS,
    Amount,
    PlainBalances,
    Where,
    plain_balances,
    share_value,
)
from inventory.books.costing import Shortage
from inventory.books.movements import Document
from inventory.books.recosting import Item, Since, late_items, recost
from inventory.books.refusals import StockShortError
from inventory.bulk import add_to_rows, insert_rows, new_numbers, set_rows
from inventory.schema import balance, movement, stock_layer
from inventory.schema_books import revaluation

_LINE = tuple(column.name for column in movement.columns)
_REVALUATION = tuple(column.name for column in revaluation.columns)
_LAYER = tuple(column.name for column in stock_layer.columns)

Flow = tuple[str, str, str, str, str, str]
"""Store, part, kind and name of the place from which, kind and name of the place to which."""


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
    fresh = _append(connection, booked)
    if not fresh:
        return
    flows = _flows(booked)
    moving = [each for each in booked if each.document.movements]
    since = Since(min(each.sequence for each in moving), min(each.effective_on for each in moving).isoformat())
    reversed_items = {(line[0], line[1]) for each, *_ in booked if each.reverses for line in each.plain}
    again = late_items(connection, fresh, since) | reversed_items
    before = _balances_of(connection, flows, again)
    after: PlainBalances = dict(before)
    outside: PlainBalances = {}
    for (store, part_no, source, source_name, target, target_name), (units, value) in flows.items():
        held, where = outside if source in OUTSIDE_KINDS else after, (store, part_no, source, source_name)
        there, worth = held.get(where, NOTHING)
        held[where] = there - units, worth - value
        held, where = outside if target in OUTSIDE_KINDS else after, (store, part_no, target, target_name)
        there, worth = held.get(where, NOTHING)
        held[where] = there + units, worth + value
    _refuse_shortage(after)
    recosting = recost(connection, fresh, since, again, before)
    if recosting.shortages:
        raise _earlier_shortage(recosting.shortages)
    _refuse_odd_values({where: amount for where, amount in after.items() if where[:2] not in again} if again else after)
    if recosting.changes:
        for change in recosting.changes:
            held = outside if change.place_kind in OUTSIDE_KINDS else after
            where = (change.store, change.part_no, change.place_kind, change.place_name)
            there, worth = held.get(where, NOTHING)
            held[where] = there, worth + change.change_e4
        _refuse_odd_values(after)
        cause_of = {item: max(step[1] for step in steps) for item, steps in fresh.items()}
        rows = [(cause_of[each[:2]], *each) for each in recosting.changes]
        insert_rows(connection, revaluation, _REVALUATION, rows)
    share_value(after)
    _write(connection, before, after, outside)


def _append(connection: sa.Connection, booked: Sequence[Booked]) -> dict[Item, list[Any]]:
    """Append the movements, and a layer for each that comes onto the shelf from elsewhere; return them by part.

    A reversal makes no layer: where it stands, the layers of what it reverses do not count (see `layers`).
    """
    count = sum(len(each.plain) for each, *_ in booked)
    numbers = iter(new_numbers(connection, movement.c.movement_id, count) if count else ())
    lines: list[Any] = []
    layers: list[tuple[object, ...]] = []
    on_hand = ON_HAND_KINDS
    for each, sequence, effective_on in booked:
        day, said_day, plain = effective_on.isoformat(), each.effective_on.isoformat(), each.plain
        lines += [(next(numbers), sequence, at, *line[:8], day) for at, line in enumerate(plain, 1)]
        if each.reverses is None:
            layers += [
                (sequence, at, line[0], line[1], line[8] or said_day, line[6], line[7])
                for at, line in enumerate(plain, 1)
                if line[4] in on_hand and line[2] not in on_hand
            ]
    insert_rows(connection, movement, _LINE, lines)
    insert_rows(connection, stock_layer, _LAYER, layers)
    if any(later.effective_on < earlier.effective_on for earlier, later in pairwise(booked)):
        lines.sort(key=itemgetter(11, 1, 2))  # posted together, but not in the order of their days
    fresh: defaultdict[Item, list[Any]] = defaultdict(list)
    for line in lines:
        fresh[line[3:5]].append(line)
    return fresh


def _flows(booked: Sequence[Booked]) -> dict[Flow, tuple[int, int]]:
    """Return quantity and value of all that goes from one place of a part to another."""
    flows: dict[Flow, tuple[int, int]] = {}
    for each, *_ in booked:
        for plain in each.plain:
            flow: Flow = plain[:6]
            if flow in flows:
                units, value = flows[flow]
                flows[flow] = units + plain[6], value + plain[7]
            else:
                flows[flow] = plain[6:8]
    return flows


def _balances_of(connection: sa.Connection, flows: Collection[Flow], again: set[Item]) -> PlainBalances:
    """Return the balances of the shelf and of the kinds of place touched; of parts walked again of all inside."""
    kinds = {flow[2] for flow in flows} | {flow[4] for flow in flows}
    shelf_and_touched = ON_HAND_KINDS | (kinds - OUTSIDE_KINDS)
    found = plain_balances(connection, {flow[0] for flow in flows}, {flow[1] for flow in flows}, shelf_and_touched)
    if again:
        everywhere = plain_balances(connection, {item[0] for item in again}, {item[1] for item in again}, INSIDE_KINDS)
        found.update({where: amount for where, amount in everywhere.items() if where[:2] in again})
    return found


def _refuse_shortage(after: PlainBalances) -> None:
    short = {Where(*where): -quantity for where, (quantity, _) in after.items() if quantity < 0}
    if short:
        raise StockShortError(short)


def _earlier_shortage(shortages: Mapping[Item, Shortage]) -> StockShortError:
    """Return the refusal of a document that is possible now, but was not then."""
    by_day = sorted(shortages.items(), key=lambda each: (each[1].effective_on, each[0]))
    short = {Where(*item, *each.place): each.lacking_milli for item, each in by_day}
    return StockShortError(short, date.fromisoformat(by_day[0][1].effective_on))


def _refuse_odd_values(after: PlainBalances) -> None:
    """Raise where what is empty is worth something, or anything less than nothing; the shelf counts as one pool."""
    found: dict[tuple[str, ...], tuple[int, int]] = {}
    for where, amount in after.items():
        if where[2] in ON_HAND_KINDS:
            pool = where[:2]
            if pool in found:
                there, worth = found[pool]
                amount = there + amount[0], worth + amount[1]
            found[pool] = amount
        else:
            found[where] = amount
    for place, (quantity, value) in found.items():
        if value < 0 or (value and not quantity):
            raise ValueError(
                f"what is empty is worth nothing, and nothing less than that: {place} has {quantity} worth {value}"
            )


def _write(connection: sa.Connection, before: PlainBalances, after: PlainBalances, outside: PlainBalances) -> None:
    """Append the balances inside that are new and set those that changed, and add to those outside."""
    new = [(*where, *amount) for where, amount in after.items() if where not in before and amount != NOTHING]
    changed = [(*where, *amount) for where, amount in after.items() if before.get(where, amount) != amount]
    added = [(*where, *amount) for where, amount in outside.items()]
    columns = (*Where._fields, *Amount._fields)
    insert_rows(connection, balance, columns, new)
    set_rows(connection, balance, columns, changed)
    add_to_rows(connection, balance, columns, added)
