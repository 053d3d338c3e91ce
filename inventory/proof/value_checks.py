"""Quantities and values held against the movements, part by part, in one pass over all of them.

Each part's movements are walked from the first one (`costing`): no place inside ever held less than nothing after a
document; what the documents said and what the revaluations changed of it is what the movements are worth; and the
balance of every place inside, the reserved among them, is the sum of both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from inventory.books.balances import NOTHING, ON_HAND_KINDS, OUTSIDE_KINDS, Amount, PlainBalances, share_value
from inventory.books.costing import Step, walk
from inventory.books.recosting import SHELF, Item, ordered_steps, revalued, reversals
from inventory.bulk import raw_rows
from inventory.proof.faults import Fault
from inventory.schema import balance
from inventory.schema_books import revaluation

_Told = Mapping[tuple[str, str, str], int]


def value_faults(connection: sa.Connection) -> Iterator[Fault]:
    """Yield every revaluation and every balance that is not what the movements make it."""
    changes = _changes(connection)
    cached = _Cached(connection)
    mirrors = reversals(connection)
    for item, group in groupby(raw_rows(connection, ordered_steps()), key=itemgetter(3, 4)):
        steps: list[Step] = list(group)
        found = walk(steps, {}, mirrors)
        if found.shortage is not None:
            day, sequence, place, lacking = found.shortage
            key = " ".join((*item, *place, "on", day, "document", str(sequence)))
            yield Fault("values", "movement", key, "quantity_milli", "nothing less than 0", str(-lacking))
        known = changes.pop(item, {})
        yield from _gaps(item, revalued(steps, found.values_e4), known)
        yield from _differences(_summed(item, steps, known), cached.take(item))
    for item, known in changes.items():
        yield from _gaps(item, {}, known)
    for rows in cached.rest():
        yield from _differences({}, rows)


def _changes(connection: sa.Connection) -> dict[Item, dict[tuple[str, str, str], int]]:
    """Return the revaluations by part, then day and place."""
    change = revaluation.c
    key = (change.store, change.part_no, change.effective_on, change.place_kind, change.place_name)
    totals = sa.select(*key, sa.cast(sa.func.sum(change.change_e4), sa.BigInteger)).group_by(*key)
    found: defaultdict[Item, dict[tuple[str, str, str], int]] = defaultdict(dict)
    for store, part_no, day, kind, name, total in raw_rows(connection, totals):
        found[store, part_no][day, kind, name] = total
    return found


class _Cached:
    """The cached balances, read in the order of the parts: what is passed over on the way is kept for its turn."""

    def __init__(self, connection: sa.Connection) -> None:
        question = sa.select(balance).order_by(*balance.primary_key.columns)
        self._ahead = groupby(raw_rows(connection, question), key=itemgetter(0, 1))
        self._kept: dict[Item, list[Any]] = {}

    def take(self, item: Item) -> list[Any]:
        """Return the rows of a part."""
        if item in self._kept:
            return self._kept.pop(item)
        for at, rows in self._ahead:
            if at == item:
                return list(rows)
            self._kept[at] = list(rows)
        return []

    def rest(self) -> Iterator[list[Any]]:
        """Yield what nobody took."""
        yield from self._kept.values()
        for _, rows in self._ahead:
            yield list(rows)


def _summed(item: Item, steps: Sequence[Step], changes: _Told) -> PlainBalances:
    """Return what movements and revaluations sum up to by place inside."""
    flows: dict[tuple[str, str, str, str], tuple[int, int]] = {}
    for step in steps:
        way = step[5:9]
        units, worth = flows.get(way, (0, 0))
        flows[way] = units + step[9], worth + step[10]
    quantity: defaultdict[tuple[str, str], int] = defaultdict(int)
    value: defaultdict[tuple[str, str], int] = defaultdict(int)
    for (source_kind, source_name, target_kind, target_name), (units, worth) in flows.items():
        source, target = (source_kind, source_name), (target_kind, target_name)
        quantity[source] -= units
        value[source] -= worth
        quantity[target] += units
        value[target] += worth
    for (_, kind, name), change_e4 in changes.items():
        value[kind, name] += change_e4
    found: PlainBalances = {
        (*item, *place): (quantity[place], worth) for place, worth in value.items() if place[0] not in OUTSIDE_KINDS
    }
    if sum(place[0] in ON_HAND_KINDS for place in value) > 1:
        share_value(found)
    return found


def _differences(expected: PlainBalances, rows: Sequence[tuple[Any, ...]]) -> Iterator[Fault]:
    cached = {row[:4]: row[4:] for row in rows}
    if cached == expected:
        return
    for where in sorted(expected.keys() | cached.keys()):
        due, there = expected.get(where, NOTHING), cached.get(where, NOTHING)
        if due == there and where not in expected:  # nothing ever lay there, and a row says that nothing does
            yield Fault("balances", "balance", " ".join(where), "part_no", "no row", "a row of nothing")
        for name, must, found in zip(Amount._fields, due, there, strict=True):
            if must != found:
                yield Fault("balances", "balance", " ".join(where), name, str(must), str(found))


def _gaps(item: Item, due: _Told, known: _Told) -> Iterator[Fault]:
    for key in sorted(due.keys() | known.keys()) if due != known else ():
        expected, there = due.get(key, 0), known.get(key, 0)
        if expected != there:
            day, kind, name = key
            at = "shelf" if (kind, name) == SHELF else f"{kind} {name}".strip()
            yield Fault(
                "values", "revaluation", " ".join((*item, at, "on", day)), "change_e4", str(expected), str(there)
            )
