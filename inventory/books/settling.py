"""From documents to movements and balances: the second half of posting, after the documents have their sequences.

The movements are appended, with a layer for each that comes onto the shelf from elsewhere; the balances they touch are
read, changed and held against the rules of the books; what the movements are worth in the order of the books is
worked out (`recosting`) and told in rows of its own where it differs; then the balances are written. Places outside
have no balance, and what only comes from outside brings its value, so of such parts nothing is walked.

A document may have tens of thousands of lines: their rows are made column by column, all that has to be read is read
before they are written, and while the server takes them in, what follows from them is worked out (`write_behind`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import count, islice, pairwise, repeat
from operator import itemgetter
from typing import Any, NamedTuple

import sqlalchemy as sa

from inventory.books.balances import (
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
from inventory.bulk import insert_rows, new_numbers, set_rows
from inventory.schema import balance, movement, stock_layer
from inventory.schema_books import revaluation

_LINE = tuple(column.name for column in movement.columns)
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
    lines, layers = _rows(connection, booked)
    if not lines:
        return
    moving = [each for each in booked if each.document.movements]
    since = Since(min(each.sequence for each in moving), min(each.effective_on for each in moving).isoformat())
    items = {line[3:5] for line in lines}
    reversed_items = {(line[0], line[1]) for each, *_ in booked if each.reverses for line in each.plain}
    again = late_items(connection, items, since) | reversed_items
    before = _balances_of(connection, lines, items, again)
    insert_rows(connection, movement, _LINE, lines)
    insert_rows(connection, stock_layer, _LAYER, layers)
    after = _moved(before, lines)
    _refuse_shortage(after)
    walked = again.union([line[3:5] for line in lines if line[5] not in OUTSIDE_KINDS])
    fresh = _by_part(lines, walked)
    recosting = recost(connection, fresh, since, again, before)
    if recosting.shortages:
        raise _earlier_shortage(recosting.shortages)
    _refuse_odd_values({where: amount for where, amount in after.items() if where[:2] not in again} if again else after)
    if recosting.changes:
        for change in recosting.changes:
            if change.place_kind not in OUTSIDE_KINDS:
                where = (change.store, change.part_no, change.place_kind, change.place_name)
                there, worth = after.get(where, NOTHING)
                after[where] = there, worth + change.change_e4
        _refuse_odd_values(after)
        cause_of = {item: max(step[1] for step in steps) for item, steps in fresh.items()}
        rows = [(cause_of[each[:2]], *each) for each in recosting.changes]
        insert_rows(connection, revaluation, _REVALUATION, rows)
    share_value(after)
    _write(connection, before, after)


def _rows(connection: sa.Connection, booked: Sequence[Booked]) -> tuple[list[Any], list[tuple[object, ...]]]:
    """Return the movements in the order of the books, and a layer for each that comes onto the shelf from elsewhere.

    A reversal makes no layer: where it stands, the layers of what it reverses do not count (see `layers`).
    """
    many = sum(len(each.plain) for each, *_ in booked)
    numbers = iter(new_numbers(connection, movement.c.movement_id, many) if many else ())
    lines: list[Any] = []
    layers: list[tuple[object, ...]] = []
    on_hand = ON_HAND_KINDS
    for each, sequence, effective_on in booked:
        plain = each.plain
        if not plain:
            continue
        said = list(zip(*plain, strict=True))[:8]
        own = islice(numbers, len(plain)), repeat(sequence), count(1)
        lines += zip(*own, *said, repeat(effective_on.isoformat()))
        if each.reverses is None:
            said_day = each.effective_on.isoformat()
            layers += [
                (sequence, at, line[0], line[1], line[8] or said_day, line[6], line[7])
                for at, line in enumerate(plain, 1)
                if line[4] in on_hand and line[2] not in on_hand
            ]
    if any(later.effective_on < earlier.effective_on for earlier, later in pairwise(booked)):
        lines.sort(key=itemgetter(11, 1, 2))  # posted together, but not in the order of their days
    return lines, layers


def _moved(before: PlainBalances, lines: Sequence[Any]) -> PlainBalances:
    """Return what the places inside hold after movements; a place that was only passed through is among them."""
    after = dict(before)
    there, outside = after.get, OUTSIDE_KINDS
    for _, _, _, store, part_no, source_kind, source_name, target_kind, target_name, units, value, _ in lines:
        if source_kind not in outside:
            where = (store, part_no, source_kind, source_name)
            held, worth = there(where, NOTHING)
            after[where] = held - units, worth - value
        if target_kind not in outside:
            where = (store, part_no, target_kind, target_name)
            held, worth = there(where, NOTHING)
            after[where] = held + units, worth + value
    return after


def _by_part(lines: Sequence[Any], items: set[Item]) -> dict[Item, list[Any]]:
    """Return the movements of some parts by part."""
    found: dict[Item, list[Any]] = {}
    for line in lines if items else ():
        item = line[3:5]
        if item in items:
            if item in found:
                found[item].append(line)
            else:
                found[item] = [line]
    return found


def _balances_of(connection: sa.Connection, lines: Sequence[Any], items: set[Item], again: set[Item]) -> PlainBalances:
    """Return the balances of the shelf and of the kinds of place touched; of parts walked again of all inside."""
    kinds = {line[5] for line in lines} | {line[7] for line in lines}
    stores, part_nos = {item[0] for item in items}, {item[1] for item in items}
    found = plain_balances(connection, stores, part_nos, ON_HAND_KINDS | (kinds - OUTSIDE_KINDS))
    if again:
        everywhere = plain_balances(connection, {item[0] for item in again}, {item[1] for item in again})
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


def _write(connection: sa.Connection, before: PlainBalances, after: PlainBalances) -> None:
    """Append the balances that are new, and set those that changed."""
    new = [(*where, *amount) for where, amount in after.items() if where not in before]
    changed = [(*where, *amount) for where, amount in after.items() if before.get(where, amount) != amount]
    columns = (*Where._fields, *Amount._fields)
    insert_rows(connection, balance, columns, new)
    set_rows(connection, balance, columns, changed)
