"""Where every line of a count stands: what was counted, what the books held at that minute, and whether it is believed.

What the books held in a bin after document n is what they hold now less what moved there after n; so only what was
recorded since the count was opened is read, however long the history. Order is that of recording alone: a document
entered later for an earlier day comes after the count.

Nothing of this is shown to a counter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from inventory.books.horizon import counted
from inventory.books.movements import PlaceKind
from inventory.bulk import raw_rows
from inventory.counting.heads import CountHead
from inventory.counting.rules import Counted, LineStanding, LineState, RecountAsked, standing
from inventory.schema import balance, document, movement, part
from inventory.schema_counting import count_decision, count_entry, count_line, count_sheet_line


class Key(NamedTuple):
    """A line of a count."""

    part_no: str
    bin_name: str


class StandingLine(NamedTuple):
    """A line of a count with all that is known of it.

    Parameters
    ----------
    held_milli
        What the books hold in the bin now.
    cause
        The last cause given, or None.
    """

    line_no: int
    part_no: str
    bin_name: str
    name: str
    unit: str
    count_class: str
    reason: str
    unit_cost_e4: int
    held_milli: int
    cause: str | None
    standing: LineStanding

    @property
    def variance_milli(self) -> int:
        """What was found more (less, below zero) than the books held at the minute of the count."""
        believed = self.standing.believed
        return believed.variance_milli if believed else 0

    @property
    def since_milli(self) -> int:
        """What the books moved in the bin after the count that is believed."""
        believed = self.standing.believed
        return self.held_milli - believed.expected_milli if believed else 0

    def needs_cause(self, head: CountHead) -> bool:
        """Return whether the variance is above a threshold of the count, so that it needs a cause."""
        believed = self.standing.believed
        return believed is not None and head.thresholds.exceeded(
            believed.variance_milli, believed.expected_milli, self.unit_cost_e4
        )


def standing_lines(
    connection: sa.Connection, head: CountHead, as_of: date = date.max, known_at: int | None = None
) -> list[StandingLine]:
    """Return every line of a count and where it stands, in the order of the sheet.

    Parameters
    ----------
    as_of, known_at
        The last business day of entries and decisions that counts, and the last document, by its sequence; all where
        not given.
    """
    held, later = _books(connection, head)
    documents = sa.select(document.c.sequence).where(document.c.sequence >= head.watermark, *counted(as_of, known_at))
    events, causes = _events(connection, head, held, later, documents)
    if known_at is not None:
        for key, changes in later.items():
            held[key] = held.get(key, 0) - sum(change for sequence, change in changes if sequence > known_at)
    line = count_sheet_line.c
    question = (
        sa.select(
            line.line_no,
            line.part_no,
            line.bin_name,
            sa.func.coalesce(part.c.name, ""),
            sa.func.coalesce(part.c.unit, ""),
            line.count_class,
            line.reason,
            line.unit_cost_e4,
        )
        .outerjoin(part, part.c.part_no == line.part_no)
        .where(line.count_no == head.count_no, line.document_sequence.in_(documents))
        .order_by(line.line_no)
    )
    thresholds, found = head.thresholds, []
    for row in raw_rows(connection, question):
        line_no, part_no, bin_name, name, unit, count_class, reason, unit_cost_e4 = row
        key = (part_no, bin_name)
        stands = standing(events.get(key, ()), thresholds, unit_cost_e4)
        there, cause = held.get(key, 0), causes.get(key)
        found.append(
            StandingLine(
                line_no, part_no, bin_name, name, unit, count_class, reason, unit_cost_e4, there, cause, stands
            )
        )
    return found


def progress(
    connection: sa.Connection, head: CountHead, as_of: date = date.max, known_at: int | None = None
) -> dict[LineState, int]:
    """Return how many lines of a count are in each state; of an ended count, how many were counted in the end."""
    if head.state == "open":
        return sums(standing_lines(connection, head, as_of, known_at))
    sheet, kept = count_sheet_line.c, count_line.c
    lines, counted = (
        connection.execute(sa.select(sa.func.count()).where(of_count == head.count_no, *more)).scalar_one()
        for of_count, more in ((sheet.count_no, ()), (kept.count_no, (kept.counted_milli.is_not(None),)))
    )
    return {LineState.OPEN: lines - counted, LineState.RECOUNT: 0, LineState.COUNTED: counted}


def sums(lines: Sequence[StandingLine]) -> dict[LineState, int]:
    """Return how many lines are in each state."""
    found = dict.fromkeys(LineState, 0)
    for line in lines:
        found[line.standing.state] += 1
    return found


def people(connection: sa.Connection, count_no: str) -> list[str]:
    """Return who counted, and who entered what they counted."""
    entry = count_entry.c
    question = (
        sa.select(entry.counter, document.c.user_name)
        .join(document, document.c.sequence == entry.document_sequence)
        .where(entry.count_no == count_no)
        .distinct()
    )
    return sorted({name for row in connection.execute(question) for name in row})


_Key = tuple[str, str]
"""A `Key` as the database gives it: of tens of thousands of rows none is made anew only to be looked up."""

_Later = Mapping[_Key, list[tuple[int, int]]]
"""What moved in a bin since the watermark: document and change of quantity."""


def _books(connection: sa.Connection, head: CountHead) -> tuple[dict[_Key, int], _Later]:
    """Return what each bin of the store holds now, and what moved there since the count was opened."""
    in_bins = sa.select(balance.c.part_no, balance.c.place_name, balance.c.quantity_milli).where(
        balance.c.store == head.store, balance.c.place_kind == PlaceKind.BIN.value
    )
    held = {row[:2]: row[2] for row in raw_rows(connection, in_bins)}
    move = movement.c
    recent = sa.select(
        move.document_sequence,
        move.store,
        move.part_no,
        move.source_kind,
        move.source_name,
        move.target_kind,
        move.target_name,
        move.quantity_milli,
    ).where(move.document_sequence > head.watermark)
    later: defaultdict[_Key, list[tuple[int, int]]] = defaultdict(list)
    for sequence, store, part_no, source_kind, source, target_kind, target, quantity in raw_rows(connection, recent):
        if store == head.store and source_kind == PlaceKind.BIN:
            later[part_no, source].append((sequence, -quantity))
        if store == head.store and target_kind == PlaceKind.BIN:
            later[part_no, target].append((sequence, quantity))
    return held, later


def _events(
    connection: sa.Connection,
    head: CountHead,
    held: Mapping[_Key, int],
    later: _Later,
    documents: sa.Select[int],
) -> tuple[dict[_Key, list[Counted | RecountAsked]], dict[_Key, str]]:
    """Return what happened to each line, and the last cause given for it."""
    entry = count_entry.c
    question = sa.select(
        entry.part_no,
        entry.bin_name,
        entry.document_sequence,
        entry.counter,
        entry.counted_at,
        entry.known_sequence,
        entry.counted_milli,
    ).where(entry.count_no == head.count_no)
    own = sa.select(entry.document_sequence).where(entry.count_no == head.count_no)
    entered = sa.select(document.c.sequence, document.c.effective_on).where(
        document.c.sequence.in_(own), document.c.sequence.in_(documents)
    )
    day_of: dict[int, str] = dict(raw_rows(connection, entered))
    events: dict[_Key, list[Counted | RecountAsked]] = {}
    for row in raw_rows(connection, question):
        _, _, sequence, counter, at, known, quantity = row
        if sequence not in day_of:  # of a later day than asked for, or recorded later
            continue
        key = row[:2]
        expected = held.get(key, 0)
        if key in later:
            expected -= sum(change for moved, change in later[key] if moved > known)
        count = Counted(sequence, counter, at, day_of[sequence], known, quantity, expected)
        if key in events:
            events[key].append(count)
        else:
            events[key] = [count]
    decision = count_decision.c
    decided = sa.select(
        decision.part_no, decision.bin_name, decision.document_sequence, decision.kind, decision.cause
    ).where(decision.count_no == head.count_no, decision.document_sequence.in_(documents))
    causes: dict[_Key, str] = {}
    latest_last = decided.order_by(decision.document_sequence)
    for row in raw_rows(connection, latest_last):
        key, (_, _, sequence, kind, cause) = row[:2], row
        if kind == "recount":
            events.setdefault(key, []).append(RecountAsked(sequence))
        else:
            causes[key] = cause
    return events, causes
