"""Entering what was counted, with the minute of the count.

The minute becomes a place in the ledger's order: the last document recorded by then (of several within one second,
the last). What counted there is fixed when it is entered; documents recorded later come after the count, whatever day
they are dated for.

The same entry again changes nothing. A line that is believed is not entered again unless a reviewer asks for a recount
of it, so that nobody mends a count after seeing the books; a line to be recounted is entered by another person than
the one who counted it last. A part found that is not on the sheet gets a line of its own.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from inventory.books.ledger import next_number, post, repeat_of, take_turn
from inventory.books.movements import Document
from inventory.bulk import collector_resting, insert_rows
from inventory.counting.classes import ClassRule, classes
from inventory.counting.heads import (
    CountHead,
    add_to_sheet,
    lines_in_open_counts,
    open_head,
    overlap,
    rows_hash,
    sheet_row,
)
from inventory.counting.rules import LineState, same_person
from inventory.counting.scope import unit_costs
from inventory.counting.standing import Key, StandingLine, standing_lines
from inventory.findings import Finding
from inventory.schema import document, part
from inventory.schema_counting import count_entry

KIND = "count-entry"
_ENTERED = tuple(column.name for column in count_entry.columns if column.name != "document_sequence")
_SECONDS, _MINUTES = 19, 16
"""Letters of an ISO moment that tell it to the second, and to the minute."""


class Tally(NamedTuple):
    """One entry of a counter.

    Parameters
    ----------
    bin_name
        None: the one bin in which the sheet has the part.
    counted_at
        ISO text, UTC; see `moments`. Empty: the moment of entering.
    row
        Row of the file, for the findings; 0 where there is no file.
    """

    part_no: str
    bin_name: str | None
    counted_milli: int
    counter: str
    counted_at: str = ""
    row: int = 0


@dataclass(frozen=True)
class Entered:
    """The answer to entries: how many were new, known already, found beside the sheet; what is left; or the faults."""

    new: int = 0
    known: int = 0
    found: int = 0
    open: int = 0
    recount: int = 0
    findings: tuple[Finding, ...] = ()


@collector_resting()
def enter(
    connection: sa.Connection,
    count_no: str,
    tallies: Sequence[Tally],
    entered_on: date,
    user_name: str,
    key: str | None,
    recorded_at: str,
    source: str = "count",
) -> Entered:
    """Take entries into an open count, all of them or none.

    Parameters
    ----------
    entered_on
        The business day.
    user_name, key, recorded_at
        Who enters them, the idempotency key (or None), and when it was recorded (ISO text, UTC).
    source
        Name of the file, for the findings.

    Raises
    ------
    CountConflictError
        If the count is unknown or has ended.
    LedgerConflictError
        If the key stands for another request.
    """
    request = {"enter": count_no, "tallies": [list(tally) for tally in tallies]}
    if repeat_of(connection, key, request) is not None:
        return Entered(known=len(tallies))
    take_turn(connection)
    head = open_head(connection, count_no)
    sheet = {Key(line.part_no, line.bin_name): line for line in standing_lines(connection, head)}
    placed = _placed(tallies, sheet)
    fresh = [
        tally if tally.counted_at else tally._replace(counted_at=recorded_at)
        for tally in _not_known(placed, _earlier(connection, count_no))
    ]
    findings = _faults(source, fresh, head, recorded_at) + _untimely(source, fresh, sheet)
    found = [tally for tally in fresh if _key(tally) not in sheet]
    findings += _unknown(connection, source, found, head)
    if findings:
        return Entered(findings=tuple(sorted(findings)))
    if fresh:
        sequences = _sequences(connection, head, {tally.counted_at for tally in fresh})
        rows = [_row(count_no, line_no, tally, sequences) for line_no, tally in enumerate(fresh, start=1)]
        number = next_number(connection, "COUNTED")
        body = {"request": request, "count_no": count_no, "rows_hash": rows_hash(rows)}
        posting = post(connection, Document(KIND, number, entered_on, user_name, key or number, (), body), recorded_at)
        if found:
            add_to_sheet(connection, posting, _beside(connection, head, found, len(sheet), entered_on))
        insert_rows(
            connection, count_entry, ("document_sequence", *_ENTERED), [(posting.sequence, *row) for row in rows]
        )
    left = standing_lines(connection, head)
    return Entered(
        len(fresh),
        len(placed) - len(fresh),
        len(found),
        sum(line.standing.state == LineState.OPEN for line in left),
        sum(line.standing.state == LineState.RECOUNT for line in left),
    )


def _key(tally: Tally) -> Key:
    return Key(tally.part_no, tally.bin_name or "")


def _placed(tallies: Iterable[Tally], sheet: Mapping[Key, StandingLine]) -> list[Tally]:
    """Return the entries with their bin: where none is named, the only one in which the sheet has the part."""
    bins_of: dict[str, list[str]] = {}
    for key in sheet:
        bins_of.setdefault(key.part_no, []).append(key.bin_name)
    return [
        tally
        if tally.bin_name is not None
        else tally._replace(bin_name=bins[0] if len(bins := bins_of.get(tally.part_no, [])) == 1 else "")
        for tally in tallies
    ]


def _earlier(connection: sa.Connection, count_no: str) -> dict[Key, list[Tally]]:
    """Return what was entered for each line so far, the newest last."""
    entry = count_entry.c
    question = (
        sa.select(entry.part_no, entry.bin_name, entry.counted_milli, entry.counter, entry.counted_at)
        .where(entry.count_no == count_no)
        .order_by(entry.document_sequence)
    )
    found: dict[Key, list[Tally]] = {}
    for row in connection.execute(question):
        found.setdefault(Key(row.part_no, row.bin_name), []).append(Tally(*row))
    return found


def _not_known(tallies: Iterable[Tally], earlier: Mapping[Key, Sequence[Tally]]) -> list[Tally]:
    """Return the entries that say something new; one without a time may repeat the last of its line."""
    return [
        tally
        for tally in tallies
        if not any(
            before[2:4] == (tally.counted_milli, tally.counter.strip())
            and (before.counted_at == tally.counted_at or (not tally.counted_at and before is told[-1]))
            for told in [earlier.get(_key(tally), ())]
            for before in told
        )
    ]


def _faults(source: str, tallies: Iterable[Tally], head: CountHead, recorded_at: str) -> list[Finding]:
    """Return what is wrong with entries by themselves."""
    opened = head.opened_at[:_MINUTES]
    findings = []
    for tally in tallies:
        at = tally.counted_at
        checks = (
            (tally.counted_milli >= 0, "quantity", f"{tally.counted_milli / 1000:g}", "zero or more is counted", ""),
            (bool(tally.counter.strip()), "counter", tally.counter, "an entry names its counter", "add --counter NAME"),
            (at[:_MINUTES] >= opened, "counted_at", at, f"counted after the count was opened at {head.opened_at}", ""),
            (at[:_SECONDS] <= recorded_at[:_SECONDS], "counted_at", at, f"counted by now, {recorded_at}", ""),
        )
        findings += [
            Finding(source, "", tally.row, column, value, reason, remedy)
            for holds, column, value, reason, remedy in checks
            if not holds
        ]
    return findings


def _untimely(source: str, tallies: Iterable[Tally], sheet: Mapping[Key, StandingLine]) -> list[Finding]:
    """Return the entries of lines that are not to be counted now, or not by this person."""
    findings = []
    seen: set[Key] = set()
    for tally in tallies:
        key = _key(tally)
        line = sheet.get(key)
        reason = remedy = ""
        if key in seen:
            reason, remedy = "a line is entered once at a time", "enter one row per part and bin; a recount by itself"
        elif line is not None and line.standing.state == LineState.COUNTED:
            reason = f"a line that is not counted yet; {line.standing.last_counter} counted this one"
            remedy = "a reviewer may ask for it again: sparewise count recount"
        elif (
            line is not None and line.standing.times_counted and same_person(tally.counter, line.standing.last_counter)
        ):
            reason = f"a recount is done by another person than {line.standing.last_counter}"
            remedy = "let somebody else count this line"
        seen.add(key)
        if reason:
            value = f"{key.part_no} {key.bin_name}".strip()
            findings.append(Finding(source, "", tally.row, "part_no", value, reason, remedy, is_conflict=True))
    return findings


def _unknown(connection: sa.Connection, source: str, found: Sequence[Tally], head: CountHead) -> list[Finding]:
    """Return the entries beside the sheet that name an unknown part, or a line of another open count."""
    if not found:
        return []
    known = set(connection.execute(sa.select(part.c.part_no)).scalars())
    busy = lines_in_open_counts(connection, head.store)
    reason = "a part found is in the parts table"
    return [
        Finding(source, "", tally.row, "part_no", tally.part_no, reason, "import it with the parts")
        for tally in found
        if tally.part_no not in known
    ] + [
        overlap(source, tally.row, *_key(tally), busy[_key(tally)])
        for tally in found
        if _key(tally) in busy
    ]  # fmt: skip


def _sequences(connection: sa.Connection, head: CountHead, moments: Iterable[str]) -> dict[str, int]:
    """Return for each moment the last document recorded by then, at least the watermark."""
    question = sa.select(document.c.recorded_at, document.c.sequence).where(document.c.sequence > head.watermark)
    recorded = sorted((at[:_SECONDS], sequence) for at, sequence in connection.execute(question))
    times = [at for at, _ in recorded]
    reached = [head.watermark]
    for _, sequence in recorded:
        reached.append(max(reached[-1], sequence))
    return {at: reached[bisect_right(times, at[:_SECONDS])] for at in moments}


def _row(count_no: str, line_no: int, tally: Tally, sequences: Mapping[str, int]) -> tuple[object, ...]:
    """Return what is kept of an entry, in the order of `_ENTERED`."""
    return (
        line_no,
        count_no,
        tally.part_no,
        tally.bin_name or "",
        tally.counter.strip(),
        tally.counted_at,
        sequences[tally.counted_at],
        tally.counted_milli,
    )


def _beside(
    connection: sa.Connection, head: CountHead, found: Sequence[Tally], lines: int, entered_on: date
) -> list[tuple[object, ...]]:
    """Return the sheet's new lines for what was found beside it, classed by the rule of the opening."""
    opening = sa.select(document.c.body).where(document.c.sequence == head.watermark)
    rule = ClassRule(**json.loads(connection.execute(opening).scalar_one())["request"]["classes"])
    class_of, cost = classes(connection, head.store, entered_on, rule), unit_costs(connection, head.store)
    return [
        (line_no, *sheet_row(head.count_no, *_key(tally), "found", class_of, cost))
        for line_no, tally in enumerate(found, start=lines + 1)
    ]
