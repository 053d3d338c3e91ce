"""What new movements change in the value of movements: their own, and of all that follow them in the order of the books.

A document dated before movements of the same part that are in the books already moves in before them. What left a
pool after it left another pool than was thought, so it is worth something else. The part's movements from that day on
are walked again (`costing.walk`); where a value comes out differently, the difference is a `revaluation`, a row of its
own with the document that caused it. The movements stay as they were posted: what holds is the sum, and what was
known before a document is the sum without its rows.

Where a document is the last of its parts, nothing is read again: only what it takes is held against its share.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from inventory.balances import NOTHING, OUTSIDE_KINDS, Amount, Balances, Where
from inventory.costing import PlaceKey, Shortage, Step, walk
from inventory.schema import movement
from inventory.schema_books import revaluation, reversal

_PARTS_PER_QUESTION = 5000

Item = tuple[str, str]
"""Store and part number."""


class Change(NamedTuple):
    """By how much the value of a movement changes; `step.movement_id` is None where it is just being posted."""

    store: str
    part_no: str
    step: Step
    change_e4: int


class Recosting(NamedTuple):
    """What new movements change, and the first shortage of each part that would have one."""

    changes: list[Change]
    shortages: dict[Item, Shortage]


def late_items(connection: sa.Connection, fresh: Mapping[Item, Sequence[Step]]) -> set[Item]:
    """Return the parts that have a movement of a later day already."""
    stores, parts = sorted({item[0] for item in fresh}), sorted({item[1] for item in fresh})
    found: set[Item] = set()
    for start in range(0, len(parts), _PARTS_PER_QUESTION):
        question = sa.select(movement.c.store, movement.c.part_no).where(
            movement.c.store.in_(stores),
            movement.c.part_no.in_(parts[start : start + _PARTS_PER_QUESTION]),
            *_after(fresh),
        )
        found.update((row[0], row[1]) for row in connection.execute(question.distinct()))
    return found & fresh.keys()


def recost(
    connection: sa.Connection, fresh: Mapping[Item, Sequence[Step]], late: set[Item], before: Balances
) -> Recosting:
    """Walk what new movements change.

    Parameters
    ----------
    connection
        A write transaction; the new movements may be in the table already, under the highest sequences.
    fresh
        The new movements by store and part, in the order of posting.
    late
        The parts among them that have a movement of a later day.
    before
        The balances before them: of each part all places on the shelf, and all others inside that it moves from; of
        those in `late` all places inside.
    """
    held: defaultdict[Item, dict[PlaceKey, Amount]] = defaultdict(dict)
    for where, amount in before.items():
        held[where.store, where.part_no][where.place_kind, where.place_name] = amount
    following = _following(connection, fresh, late)
    changes: list[Change] = []
    shortages: dict[Item, Shortage] = {}
    for item, new in fresh.items():
        old = following.get(item, [])
        if not old and all(step.source_kind in OUTSIDE_KINDS and step.mirrored is None for step in new):
            continue  # what comes from outside brings its value
        steps = sorted([*old, *new])
        found = walk(steps, _before(held[item], old))
        if found.shortage is not None:
            shortages[item] = found.shortage
        changes += [
            Change(*item, step, value - step.value_e4)
            for step, value in zip(steps, found.values_e4, strict=True)
            if value != step.value_e4
        ]
    return Recosting(changes, shortages)


def _after(fresh: Mapping[Item, Sequence[Step]]) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    """Return the conditions that a movement was there before the new ones and is of a later day than the first."""
    first_new = min(step.document_sequence for steps in fresh.values() for step in steps)
    earliest = min(step.effective_on for steps in fresh.values() for step in steps)
    return movement.c.effective_on > earliest, movement.c.document_sequence < first_new


def _following(
    connection: sa.Connection, fresh: Mapping[Item, Sequence[Step]], late: set[Item]
) -> dict[Item, list[Step]]:
    """Return the movements of late parts after the first new day, with what they are worth now."""
    parts = sorted({item[1] for item in late})
    found: defaultdict[Item, list[Step]] = defaultdict(list)
    for start in range(0, len(parts), _PARTS_PER_QUESTION):
        question = valued_steps().where(
            movement.c.store.in_(sorted({item[0] for item in late})),
            movement.c.part_no.in_(parts[start : start + _PARTS_PER_QUESTION]),
            *_after(fresh),
        )
        for store, part_no, reverses, *row in connection.execute(question):
            if (store, part_no) not in late:
                continue
            step = Step._make([*row, None])
            if reverses is not None:
                worth = values_of(connection, reverses)[step.line_no]
                step = step._replace(mirrored=(reverses, step.line_no, worth))
            found[store, part_no].append(step)
    return found


def valued_steps() -> sa.Select[object]:
    """Return the question for movements with what they are worth now: store, part, what is reversed, then a `Step`."""
    changed = (
        sa.select(sa.func.sum(revaluation.c.change_e4))
        .where(revaluation.c.movement_id == movement.c.movement_id)
        .scalar_subquery()
    )
    names = ("movement_id", "source_kind", "source_name", "target_kind", "target_name", "quantity_milli")
    return sa.select(
        movement.c.store,
        movement.c.part_no,
        reversal.c.reverses_sequence,
        movement.c.effective_on,
        movement.c.document_sequence,
        movement.c.line_no,
        *(movement.c[name] for name in names),
        (movement.c.value_e4 + sa.cast(sa.func.coalesce(changed, 0), sa.BigInteger)).label("value_e4"),
    ).outerjoin(reversal, reversal.c.document_sequence == movement.c.document_sequence)


def values_of(connection: sa.Connection, document_sequence: int) -> dict[int, int]:
    """Return what the movements of a document are worth now, by line."""
    question = valued_steps().where(movement.c.document_sequence == document_sequence)
    return {row.line_no: row.value_e4 for row in connection.execute(question)}


def _before(now: Mapping[PlaceKey, Amount], steps: Sequence[Step]) -> dict[PlaceKey, Amount]:
    """Return what the places held before these steps brought and took what they did."""
    held = dict(now)
    for step in steps:
        moved = Amount(step.quantity_milli, step.value_e4)
        source, target = (step.source_kind, step.source_name), (step.target_kind, step.target_name)
        held[source] = held.get(source, NOTHING).plus(moved)
        held[target] = held.get(target, NOTHING).plus(Amount(-moved.quantity_milli, -moved.value_e4))
    return held


def write_changes(
    connection: sa.Connection, changes: Sequence[Change], cause_of: Mapping[Item, int], new_ids: Mapping[tuple[int, int], int]
) -> None:
    """Append the changes.

    Parameters
    ----------
    cause_of
        The document that caused them, by store and part.
    new_ids
        The numbers of the movements just posted, by document and line.
    """
    if changes:
        rows = [
            {
                "document_sequence": cause_of[store, part_no],
                "movement_id": step.movement_id or new_ids[step.document_sequence, step.line_no],
                "change_e4": change_e4,
            }
            for store, part_no, step, change_e4 in changes
        ]
        connection.execute(sa.insert(revaluation), rows)


def where_of(change: Change, *, source: bool) -> Where:
    """Return the key of the balance at one end of a changed movement."""
    step = change.step
    kind, name = (step.source_kind, step.source_name) if source else (step.target_kind, step.target_name)
    return Where(change.store, change.part_no, kind, name)
