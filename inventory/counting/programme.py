"""The count programme: which bins are due on a day, spread evenly over the year.

Each line (a part in a bin) has a cycle by its class: 365 days for C, half of that for B, a quarter for A, a twelfth
for fast movers. A hash of store, part and bin gives it a place in its cycle, so that lines of one class come up evenly
over the days and every machine works out the same list:

    slots of a line = the days d on which (d + hash) mod cycle = 0.

A line is due on its first slot at least half a cycle after it was counted last; so an early count stands for the slot
it is near to, and the rhythm stays. Beside those are due: parts whose stock ran out since they were counted last
(whoever finds an empty bin counts it quickly), and lines never counted, which take the place of their first slot, so
that the first year's work is spread as well. What is being counted just now is not on the list.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from inventory.books.standing import standing
from inventory.counting.classes import COUNTS_PER_YEAR, ClassRule, classes
from inventory.counting.heads import lines_in_open_counts
from inventory.counting.scope import Line, lines_of
from inventory.schema import document, movement
from inventory.schema_counting import count_line

CLASSES = tuple(COUNTS_PER_YEAR)


@dataclass(frozen=True)
class DueLine:
    """A line to be counted, without what the books hold there.

    Parameters
    ----------
    reason
        fast, A, B or C (its turn has come), zero (ran out since the last count), never (never counted).
    due_on
        The slot it is due on; may lie ahead for lines never counted.
    counted_on
        The day of its last count.
    """

    store: str
    part_no: str
    bin_name: str
    count_class: str
    reason: str
    due_on: date
    counted_on: date | None


@dataclass(frozen=True)
class ClassProgress:
    """How far a store is with a class: its lines, what is due, and counts made and wanted in twelve months."""

    store: str
    count_class: str
    lines: int
    due: int
    never_counted: int
    counts_made: int
    counts_wanted: int


@dataclass(frozen=True)
class Programme:
    """What is due, the most urgent first, and how far each class is."""

    due: tuple[DueLine, ...]
    progress: tuple[ClassProgress, ...]


def programme(
    connection: sa.Connection, as_of: date, rule: ClassRule, store: str | None = None, known_at: int | None = None
) -> Programme:
    """Return the programme of a day.

    Parameters
    ----------
    as_of
        The day.
    rule
        Where the classes end.
    store
        Only this one; all where not given.
    known_at
        The last document that counts, by its sequence; all where not given.
    """
    stores = [store] if store else _stores(connection, known_at)
    parts = [_of_store(connection, each, as_of, rule, known_at) for each in stores]
    due = sorted((line for each in parts for line in each.due), key=_urgency)
    return Programme(tuple(due), tuple(row for each in parts for row in each.progress))


def cycle_days(count_class: str) -> int:
    """Return the days from one count of a class to the next.

    >>> [cycle_days(each) for each in ("fast", "A", "B", "C")]
    [30, 91, 182, 365]
    """
    return 365 // COUNTS_PER_YEAR[count_class]


def next_slot(store: str, part_no: str, bin_name: str, cycle: int, after: date) -> date:
    """Return the first slot of a line on or after a day."""
    key = "\x1f".join((store, part_no, bin_name)).encode()
    phase = int.from_bytes(hashlib.sha256(key).digest()[:8], "big")
    return after + timedelta(days=-(after.toordinal() + phase) % cycle)


def _of_store(connection: sa.Connection, store: str, as_of: date, rule: ClassRule, known_at: int | None) -> Programme:
    class_of = classes(connection, store, as_of, rule, known_at)
    last, made = _counts(connection, store, as_of, known_at)
    busy = lines_in_open_counts(connection, store, known_at)
    lines = lines_of(connection, store, as_of, known_at)
    stocked = {line.part_no for line in lines if line.held_milli}
    due = []
    for line in lines:
        found = _due(
            store, line, class_of.get(line.part_no, "C"), last.get((line.part_no, line.bin_name)), as_of,
            at_zero=line.part_no not in stocked,
        )  # fmt: skip
        if found is not None and (line.part_no, line.bin_name) not in busy:
            due.append(found)
    return Programme(tuple(due), tuple(_progress(store, lines, class_of, due, last, made)))


def _due(
    store: str, line: Line, count_class: str, counted: str | None, as_of: date, *, at_zero: bool
) -> DueLine | None:
    """Return the line where it is due on a day, and why."""
    cycle = cycle_days(count_class)
    if counted is None:
        reason, after = "never", date.fromisoformat(line.first_on)
    else:
        reason, after = count_class, date.fromisoformat(counted) + timedelta(days=cycle // 2)
    slot = next_slot(store, line.part_no, line.bin_name, cycle, after)
    if counted is not None and at_zero and line.moved_on > counted:
        reason, slot = "zero", min(slot, date.fromisoformat(line.moved_on))
    elif counted is not None and slot > as_of:
        return None
    last = date.fromisoformat(counted) if counted else None
    return DueLine(store, line.part_no, line.bin_name, count_class, reason, slot, last)


def _urgency(line: DueLine) -> tuple[object, ...]:
    return line.due_on, CLASSES.index(line.count_class), line.store, line.bin_name, line.part_no


def _progress(
    store: str,
    lines: Iterable[Line],
    class_of: dict[str, str],
    due: Iterable[DueLine],
    last: dict[tuple[str, str], str],
    made: dict[str, int],
) -> list[ClassProgress]:
    of_class: dict[str, list[Line]] = {each: [] for each in CLASSES}
    for line in lines:
        of_class[class_of.get(line.part_no, "C")].append(line)
    is_due: dict[str, int] = dict.fromkeys(CLASSES, 0)
    for each in due:
        is_due[each.count_class] += 1
    return [
        ClassProgress(
            store,
            name,
            len(of_class[name]),
            is_due[name],
            sum((line.part_no, line.bin_name) not in last for line in of_class[name]),
            made.get(name, 0),
            len(of_class[name]) * COUNTS_PER_YEAR[name],
        )
        for name in CLASSES
    ]


def _stores(connection: sa.Connection, known_at: int | None) -> list[str]:
    question = sa.select(movement.c.store).distinct()
    if known_at is not None:
        question = question.where(movement.c.document_sequence <= known_at)
    return sorted(connection.execute(question).scalars())


def _counts(
    connection: sa.Connection, store: str, as_of: date, known_at: int | None
) -> tuple[dict[tuple[str, str], str], dict[str, int]]:
    """Return the day of the last count of each line, and the counts of twelve months per class of their day."""
    day = as_of.isoformat()
    line = count_line.c
    posted = (
        sa.select(line.part_no, line.bin_name, sa.func.max(line.counted_on))
        .join(document, document.c.sequence == line.document_sequence)
        .where(line.store == store, line.counted_on.is_not(None), line.counted_on <= day)
        .where(*standing(as_of, known_at))
    )
    last = {
        (part_no, bin_name): str(counted_on)
        for part_no, bin_name, counted_on in connection.execute(posted.group_by(line.part_no, line.bin_name))
    }
    since = (as_of - timedelta(days=365)).isoformat()
    made = (
        sa.select(line.count_class, sa.func.count())
        .join(document, document.c.sequence == line.document_sequence)
        .where(line.store == store, line.counted_on > since, line.counted_on <= day, *standing(as_of, known_at))
    )
    return last, {name: int(times) for name, times in connection.execute(made.group_by(line.count_class))}
