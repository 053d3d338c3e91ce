"""Approving a count: one document brings the books to what was counted, and every line is kept.

What is posted of a line is its variance at the minute of the count, also when trading went on since: found, from the
place *count-difference* into the bin at the average cost of the part's stock (or, where there is none, the unit cost
of the day the count was opened); missing, the other way, taking its share of the average. Lines that agree move
nothing and are kept in `count_line` like all others; so are lines left uncounted.

Approval is given by a second person, who neither counted nor entered what was counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from inventory.books.balances import NOTHING, ON_HAND_KINDS
from inventory.books.ledger import Posting, next_number, post, repeat_of, take_turn
from inventory.books.movements import Document, Movement, Place, PlaceKind
from inventory.books.valuation import amount_e4, share_e4, values_out
from inventory.bulk import collector_resting, insert_rows, raw_rows
from inventory.counting.heads import CountConflictError, CountHead, open_head, rows_hash
from inventory.counting.rules import LineState, same_person
from inventory.counting.standing import StandingLine, people, standing_lines
from inventory.findings import Finding
from inventory.schema import balance, movement
from inventory.schema_counting import count_end, count_line

KIND = "stocktake"
_KEPT = tuple(column.name for column in count_line.columns if column.name != "document_sequence")
_DIFFERENCE = Place(PlaceKind.COUNT_DIFFERENCE)
_Pools = dict[tuple[str, str], tuple[int, int]]


@dataclass(frozen=True)
class Approval:
    """The answer to an approval: the posting and its sums, or what stands in its way."""

    posting: Posting | None = None
    lines: int = 0
    agreed: int = 0
    differing: int = 0
    uncounted: int = 0
    value_up_e4: int = 0
    value_down_e4: int = 0
    findings: tuple[Finding, ...] = ()


@collector_resting()
def approve(
    connection: sa.Connection,
    count_no: str,
    approved_on: date,
    user_name: str,
    key: str | None,
    recorded_at: str,
    *,
    leave_uncounted: bool = False,
) -> Approval:
    """Post a count as one document, or tell what stands in its way.

    Parameters
    ----------
    approved_on
        The business day of the document.
    user_name, key, recorded_at
        Who approves, the idempotency key (or None), and when it was recorded (ISO text, UTC).
    leave_uncounted
        Lines not counted, or not counted again, are kept as such and change nothing; else they stand in the way.

    Raises
    ------
    CountConflictError
        If the count is unknown or has ended, or the approver had a hand in the counting.
    LedgerConflictError
        If the key stands for another request.
    """
    request = {
        "approve": count_no,
        "approved_by": user_name,  # who approves is what an approval says: another's under its key is another request
        "approved_on": approved_on.isoformat(),
        "leave_uncounted": leave_uncounted,
    }
    earlier = repeat_of(connection, key, request)
    if earlier is not None:
        return _told(connection, earlier)
    take_turn(connection)
    head = open_head(connection, count_no)
    for name in people(connection, count_no):
        if same_person(name, user_name):
            raise CountConflictError(
                f"a count is approved by a second person; {user_name} counted or entered {count_no}"
            )
    lines = standing_lines(connection, head)
    findings = _in_the_way(lines, head, leave_uncounted=leave_uncounted)
    if findings:
        return Approval(findings=tuple(findings))
    movements = _movements(lines, head, _pools(connection, head.store))
    rows = [_row(head, line_no, line) for line_no, line in enumerate(lines, start=1)]
    number = next_number(connection, "STOCKTAKE")
    body = {"request": request, "count_no": count_no, "lines": len(rows), "rows_hash": rows_hash(rows)}
    stocktake = Document(KIND, number, approved_on, user_name, key or number, tuple(movements), body)
    posting = post(connection, stocktake, recorded_at)
    insert_rows(connection, count_line, ("document_sequence", *_KEPT), [(posting.sequence, *row) for row in rows])
    end = {"count_no": count_no, "outcome": "posted", "document_sequence": posting.sequence}
    connection.execute(sa.insert(count_end), end)
    return _told(connection, posting)


def posted_lines(connection: sa.Connection, count_no: str) -> list[Mapping[str, object]]:
    """Return every line of a posted count as it was kept."""
    question = sa.select(count_line).where(count_line.c.count_no == count_no).order_by(count_line.c.line_no)
    return [dict(row) for row in connection.execute(question).mappings()]


def _told(connection: sa.Connection, posting: Posting) -> Approval:
    """Return the sums of a stocktake in the books."""
    line, moved = count_line.c, movement.c
    counted = line.counted_milli.is_not(None)
    tests = (counted & (line.counted_milli == line.expected_milli), line.counted_milli != line.expected_milli, ~counted)
    question = sa.select(sa.func.count(), *(sa.func.sum(sa.case((test, 1), else_=0)) for test in tests))
    lines, *sums = connection.execute(question.where(line.document_sequence == posting.sequence)).one()
    up = moved.source_kind == PlaceKind.COUNT_DIFFERENCE.value
    worth = sa.select(*(sa.func.sum(sa.case((test, moved.value_e4), else_=0)) for test in (up, ~up)))
    values = connection.execute(worth.where(moved.document_sequence == posting.sequence)).one()
    agreed, differing, uncounted, value_up, value_down = (int(each or 0) for each in (*sums, *values))
    return Approval(posting, lines, agreed, differing, uncounted, value_up, value_down)


def _in_the_way(lines: Sequence[StandingLine], head: CountHead, *, leave_uncounted: bool) -> list[Finding]:
    """Return every line that can't be posted as it stands, and why."""
    findings = []
    if not lines or (leave_uncounted and all(line.standing.believed is None for line in lines)):
        findings.append(_finding(head, "", "something was counted", f"sparewise count cancel {head.count_no}"))
    for line in lines:
        value, believed = f"{line.part_no} {line.bin_name}".strip(), line.standing.believed
        if believed is None:
            if not leave_uncounted:
                asked = "is counted" if line.standing.state == LineState.OPEN else "is counted again by another person"
                findings.append(_finding(head, value, f"every line {asked}", "count it, or add --leave-uncounted"))
            continue
        off = believed.variance_milli
        if line.cause is None and line.needs_cause(head):
            remedy = f"sparewise count cause {head.count_no}"
            findings.append(_finding(head, value, "a variance above the threshold has a cause", remedy, "cause"))
        if line.held_milli + off < 0:
            reason = (
                f"a bin never holds less than nothing: {-off / 1000:g} were missing at"
                f" {believed.counted_at}, and now the books hold {line.held_milli / 1000:g} there"
            )
            remedy = f"have it counted again: sparewise count recount {head.count_no} --part {line.part_no}"
            findings.append(_finding(head, value, reason, remedy, "quantity"))
    return findings


def _finding(head: CountHead, value: str, reason: str, remedy: str, column: str = "part_no") -> Finding:
    return Finding(head.count_no, "", 0, column, value, reason, remedy, is_conflict=True)


def _pools(connection: sa.Connection, store: str) -> _Pools:
    """Return what lies on the shelf of a store, per part."""
    held = balance.c
    sums = (sa.cast(sa.func.sum(each), sa.BigInteger) for each in (held.quantity_milli, held.value_e4))
    question = sa.select(held.part_no, *sums).where(held.store == store, held.place_kind.in_(sorted(ON_HAND_KINDS)))
    rows = raw_rows(connection, question.group_by(held.part_no))
    return {(store, part_no): (quantity, value) for part_no, quantity, value in rows}


def _movements(lines: Sequence[StandingLine], head: CountHead, held: _Pools) -> list[Movement]:
    """Return what brings the books to the counts: what is missing and what was found, in the order of the sheet."""
    differing = [(line, off) for line in lines if (off := line.variance_milli)]
    taken = ((head.store, line.part_no, -off) for line, off in differing if off < 0)
    values = iter(values_out(taken, held))
    movements = []
    for line, off in differing:
        place = Place(PlaceKind.BIN, line.bin_name)
        if off < 0:
            movements.append(Movement(head.store, line.part_no, place, _DIFFERENCE, -off, next(values)))
        else:
            there, worth = held.get((head.store, line.part_no), NOTHING)
            value = share_e4(off, there, worth) if there else amount_e4(off, line.unit_cost_e4)
            movements.append(Movement(head.store, line.part_no, _DIFFERENCE, place, off, value))
    return movements


def _row(head: CountHead, line_no: int, line: StandingLine) -> tuple[object, ...]:
    """Return what is kept of a line, in the order of `_KEPT`."""
    believed = line.standing.believed
    told: tuple[object, ...] = (None,) * 6
    if believed is not None:
        told = (
            believed.counted_on,
            believed.counted_at,
            believed.known_sequence,
            believed.counted_milli,
            believed.expected_milli,
            believed.counter,
        )
    return (
        line_no,
        head.count_no,
        head.store,
        line.part_no,
        line.bin_name,
        line.count_class,
        *told,
        line.unit_cost_e4,
        line.cause,
        line.standing.times_counted,
    )
