"""What new movements change in the value of movements: their own, and all that follow in the order of the books.

A document dated before movements of the same part that are in the books already moves in before them. What left a
pool after it left another pool than was thought, so it is worth something else. The part's movements from that day on
are walked again (`costing.walk`); where the books come out differently, the difference is written down as a
*revaluation*: by how much the document changed what was brought to a place on a day. The movements stay as they were
posted: what holds is the sum, and what was known before a document is the sum without its rows.

The places of a revaluation are coarse, because goods that left stay sold at the price they were sold for: all of the
shelf is one place (it is one pool), and so is each kind of place outside. What a single movement is worth follows from
the movements (`item_values`) and is not stored.

Where a document is the last of its parts nothing is read again: only what it takes is held against its share.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from operator import itemgetter, sub
from typing import Any, NamedTuple

import sqlalchemy as sa

from inventory.books.balances import NOTHING, ON_HAND_KINDS, OUTSIDE_KINDS, PlainBalances
from inventory.books.costing import PlaceKey, Shortage, Step, walk
from inventory.books.movements import PlaceKind
from inventory.books.trail import flows_changed, trail
from inventory.bulk import among, raw_rows
from inventory.questions import Question
from inventory.schema import movement
from inventory.schema_books import revaluation, reversal

SHELF: PlaceKey = (PlaceKind.BIN.value, "")
"""Where a revaluation of what lies on the shelf is written."""

Item = tuple[str, str]
"""Store and part number."""

_NAMELESS = ON_HAND_KINDS | OUTSIDE_KINDS
"""Kinds of which all places are one to a revaluation."""

_ALL_DOCUMENTS = 2**62
_OF_ONE = (movement.c.store == sa.bindparam("store"), movement.c.part_no == sa.bindparam("part_no"))
_LATER_AT_ALL, _LATER = (
    Question(
        sa.select(sa.literal_column("1"))
        .where(
            *of,
            movement.c.effective_on > sa.bindparam("day"),
            movement.c.document_sequence < sa.bindparam("first_new"),
        )
        .limit(1)
    )
    for of in ((), _OF_ONE)
)
_READ = frozenset({"movement_id", "store", "part_no"})
_STEPS = Question(
    sa.select(*(sa.literal_column("NULL") if column.name in _READ else column for column in movement.columns))
    .where(
        *_OF_ONE,
        movement.c.effective_on >= sa.bindparam("day"),
        movement.c.document_sequence <= sa.bindparam("known_at"),
    )
    .order_by(movement.c.effective_on, movement.c.document_sequence, movement.c.line_no)
)
"""The movements of one part; what they have in common need not be read of each, nor does what no walk looks at."""

_REVERSALS = Question(sa.select(reversal.c.document_sequence, reversal.c.reverses_sequence))
_PLACE = (revaluation.c.effective_on, revaluation.c.place_kind, revaluation.c.place_name)
_CHANGED_E4 = sa.cast(sa.func.sum(revaluation.c.change_e4), sa.BigInteger)
_TOLD = Question(
    sa.select(*_PLACE, _CHANGED_E4)
    .where(
        revaluation.c.store == sa.bindparam("store"),
        revaluation.c.part_no == sa.bindparam("part_no"),
        revaluation.c.effective_on >= sa.bindparam("day"),
    )
    .group_by(*_PLACE)
)


class Change(NamedTuple):
    """A row of the log of revaluations, less the document that caused it."""

    store: str
    part_no: str
    effective_on: str
    place_kind: str
    place_name: str
    change_e4: int


class Since(NamedTuple):
    """Where new movements begin: the first of their documents, and the first of their days."""

    document_sequence: int
    effective_on: str


class Recosting(NamedTuple):
    """What new movements change, and the first shortage of each part that would have one."""

    changes: list[Change]
    shortages: dict[Item, Shortage]


def late_items(connection: sa.Connection, fresh: Collection[Item], since: Since) -> set[Item]:
    """Return those parts that have a movement of a later day already."""
    day, first_new = since.effective_on, since.document_sequence
    if len(fresh) == 1:
        ((store, part_no),) = fresh
        there = _LATER.rows(connection, store=store, part_no=part_no, day=day, first_new=first_new)
        return set(fresh) if there else set()
    if not _LATER_AT_ALL.rows(connection, day=day, first_new=first_new):
        return set()
    question = sa.select(movement.c.store, movement.c.part_no).where(
        *_of(connection, movement, fresh), movement.c.effective_on > day, movement.c.document_sequence < first_new
    )
    return set(raw_rows(connection, question.distinct())).intersection(fresh)


def recost(
    connection: sa.Connection,
    fresh: Mapping[Item, Sequence[Step]],
    since: Since,
    again: set[Item],
    before: PlainBalances,
) -> Recosting:
    """Walk what new movements change.

    Parameters
    ----------
    connection
        A write transaction; the new movements may be in the table already, under the highest sequences.
    fresh
        The new movements by store and part, in the order of the books; parts that only come from outside may be left
        out, unless they are among `again`.
    again
        The parts of which more has to be walked: those with a movement of a later day, and those reversed.
    before
        The balances before them: of each part all places on the shelf, and all others inside that it moves from; of
        those in `again` all places inside.
    """
    first_new, earliest = since
    mirrors = reversals(connection) if again else {}
    held: defaultdict[Item, dict[PlaceKey, tuple[int, int]]] = defaultdict(dict)
    for where, amount in before.items() if fresh else ():
        item = where[:2]
        if item in fresh:
            held[item][where[2:]] = amount
    told = _told(connection, again, earliest) if again else {}
    trailed = _trailed(connection, again, since, held, told, mirrors)
    following = steps_of(connection, again - trailed.keys(), earliest)
    changes: list[Change] = []
    shortages: dict[Item, Shortage] = {}
    for item, new in fresh.items():
        if item in trailed:
            changes += _changes(item, trailed[item], told.get(item, {}))
            continue
        if item not in following and OUTSIDE_KINDS.issuperset([step[5] for step in new]):
            continue  # what comes from outside brings its value
        steps, known, now, known_before = following.get(item, new), told.get(item, {}), held[item], first_new
        if mirrors and _reaches_back(steps, mirrors):
            steps, known = steps_of(connection, [item])[item], _told(connection, [item]).get(item, {})
            now, known_before = {}, 0
        if known and known_before:
            now = _less(now, known)
        found = walk(steps, now, mirrors, known_before)
        if found.shortage is not None:
            shortages[item] = found.shortage
        if known or found.values_e4 != [step[10] for step in steps]:
            changes += _changes(item, revalued(steps, found.values_e4), known)
    return Recosting(changes, shortages)


def _trailed(
    connection: sa.Connection,
    again: set[Item],
    since: Since,
    held: Mapping[Item, dict[PlaceKey, tuple[int, int]]],
    told: Mapping[Item, _Told],
    mirrors: Mapping[int, int],
) -> dict[Item, _Told]:
    """Return how much a single part's movements differ from what their documents said, where its trail can tell."""
    if len(again) != 1:
        return {}
    (item,) = again
    now = _less(held.get(item, {}), told.get(item, {}))
    flows = flows_changed(trail(connection, *item, since.effective_on), now, mirrors, since.document_sequence)
    if flows is None:
        return {}
    return {item: _by_place({(day, source, "", target, ""): change for (day, source, target), change in flows.items()})}


def reversals(connection: sa.Connection) -> dict[int, int]:
    """Return by reversing document the one it takes back."""
    return dict(_REVERSALS.rows(connection))


def steps_of(
    connection: sa.Connection, items: Collection[Item], since: str = "", known_at: int | None = None
) -> dict[Item, list[Step]]:
    """Return the movements of parts in the order of the books.

    Parameters
    ----------
    items
        The parts by store.
    since
        The first day that counts.
    known_at
        The last document that counts; all where not given.
    """
    wanted = set(items)
    found: dict[Item, list[Step]] = {}
    if not wanted:
        return found
    if len(wanted) == 1:
        ((store, part_no),) = wanted
        until = _ALL_DOCUMENTS if known_at is None else known_at
        return {(store, part_no): _STEPS.rows(connection, store=store, part_no=part_no, day=since, known_at=until)}
    question = ordered_steps().where(*_of(connection, movement, wanted), movement.c.effective_on >= since)
    if known_at is not None:
        question = question.where(movement.c.document_sequence <= known_at)
    rows = raw_rows(connection, question)
    for item, steps in groupby(rows, key=itemgetter(3, 4)):
        if item in wanted:
            found[item] = list(steps)
    return found


def ordered_steps() -> sa.Select[Any]:
    """Return the question for all movements as the fields of a `Step`, part by part in the order of the books."""
    column = movement.c
    item, order = (column.store, column.part_no), (column.effective_on, column.document_sequence, column.line_no)
    return sa.select(*movement.columns).order_by(*item, *order)


def item_values(
    connection: sa.Connection, items: Collection[Item], known_at: int | None = None
) -> dict[tuple[int, int], int]:
    """Return what each movement of parts is worth, by document and line, walked from the first one."""
    found: dict[tuple[int, int], int] = {}
    mirrors = reversals(connection)
    for steps in steps_of(connection, items, known_at=known_at).values():
        for step, value in zip(steps, walk(steps, {}, mirrors).values_e4, strict=True):
            found[step[1], step[2]] = value
    return found


def _of(connection: sa.Connection, table: sa.Table, items: Collection[Item]) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions for rows of these stores and parts."""
    stores, parts = {item[0] for item in items}, {item[1] for item in items}
    return among(connection, table.c.store, stores), among(connection, table.c.part_no, parts)


_Told = dict[tuple[str, str, str], int]
"""Changes of value by day and kind and name of place."""


def _told(connection: sa.Connection, items: Collection[Item], since: str = "") -> dict[Item, _Told]:
    """Return the revaluations of parts that are in the books, for days from one on."""
    if len(items) == 1:
        ((store, part_no),) = items
        rows = _TOLD.rows(connection, store=store, part_no=part_no, day=since)
        return {(store, part_no): {row[:3]: row[3] for row in rows}}
    found: defaultdict[Item, _Told] = defaultdict(dict)
    item = (revaluation.c.store, revaluation.c.part_no)
    question = sa.select(*item, *_PLACE, _CHANGED_E4).where(
        *_of(connection, revaluation, items), revaluation.c.effective_on >= since
    )
    for row in raw_rows(connection, question.group_by(*item, *_PLACE)):
        found[row[:2]][row[2:5]] = row[5]
    return found


def _less(now: Mapping[PlaceKey, tuple[int, int]], known: _Told) -> dict[PlaceKey, tuple[int, int]]:
    """Return what places hold, as if nothing of it had been revalued."""
    totals: defaultdict[PlaceKey, int] = defaultdict(int)
    for (_, kind, name), change_e4 in known.items():
        totals[kind, name] += change_e4
    found = dict(now)
    for key, total in totals.items():
        quantity_milli, value_e4 = found.get(key, NOTHING)
        found[key] = quantity_milli, value_e4 - total
    return found


def _reaches_back(steps: Sequence[Step], mirrors: Mapping[int, int]) -> bool:
    """Return whether a step mirrors one that is not among them."""
    there = {step[1] for step in steps}
    return any(mirrors[sequence] not in there for sequence in there & mirrors.keys())


def revalued(steps: Sequence[Step], values_e4: Sequence[int]) -> _Told:
    """Return how much what the steps are worth differs from what their documents said, by day and place."""
    if values_e4 == [step[10] for step in steps]:
        return {}  # as nearly always
    _, _, _, _, _, source_kinds, source_names, target_kinds, target_names, _, said, days = zip(*steps, strict=True)
    if _NAMELESS.issuperset(source_kinds) and _NAMELESS.issuperset(target_kinds):
        source_names = target_names = ("",) * len(steps)
    flows: dict[tuple[str, str, str, str, str], int] = {}
    flow_of = zip(days, source_kinds, source_names, target_kinds, target_names, strict=True)
    for flow, change_e4 in zip(flow_of, map(sub, values_e4, said), strict=True):
        if change_e4:
            flows[flow] = flows.get(flow, 0) + change_e4
    return _by_place(flows)


def _by_place(flows: Mapping[tuple[str, str, str, str, str], int]) -> _Told:
    """Return what flows that are worth more take from one place and bring to another, by day and place."""
    totals: defaultdict[tuple[str, str, str], int] = defaultdict(int)
    for (day, source_kind, source_name, target_kind, target_name), change_e4 in flows.items():
        totals[day, *_coarse(source_kind, source_name)] -= change_e4
        totals[day, *_coarse(target_kind, target_name)] += change_e4
    return {key: change_e4 for key, change_e4 in totals.items() if change_e4}


def _coarse(kind: str, name: str) -> PlaceKey:
    """Return the place under which a revaluation is written."""
    return SHELF if kind in ON_HAND_KINDS else (kind, "") if kind in OUTSIDE_KINDS else (kind, name)


def _changes(item: Item, due: _Told, known: _Told) -> list[Change]:
    """Return what the books say too little or too much."""
    gaps = ((key, due.get(key, 0) - known.get(key, 0)) for key in sorted(due.keys() | known.keys()))
    return [Change(*item, *key, gap) for key, gap in gaps if gap]
