"""What a reviewer decides about single lines of a count: why the shelf differs, or that it be counted once more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

import sqlalchemy as sa

from inventory.books.ledger import next_number, post, repeat_of, take_turn
from inventory.books.movements import Document
from inventory.bulk import insert_rows
from inventory.counting.heads import open_head, rows_hash
from inventory.counting.rules import CAUSES, LineState
from inventory.counting.standing import StandingLine, standing_lines
from inventory.findings import Finding
from inventory.schema_counting import count_decision

KIND = "count-review"
_KEPT = tuple(column.name for column in count_decision.columns if column.name != "document_sequence")


@dataclass(frozen=True)
class Decision:
    """One decision on a line.

    Parameters
    ----------
    bin_name
        None: the one bin in which the sheet has the part.
    cause
        One of `CAUSES`; None: the line is to be counted again.
    """

    part_no: str
    bin_name: str | None
    cause: str | None
    note: str = ""
    row: int = 0


def decide(
    connection: sa.Connection,
    count_no: str,
    decisions: Sequence[Decision],
    decided_on: date,
    user_name: str,
    key: str | None,
    recorded_at: str,
    source: str = "count",
) -> list[Finding]:
    """Record decisions, all of them or none; return why not, an empty list where they are recorded.

    Parameters
    ----------
    decided_on
        The business day.
    user_name, key, recorded_at
        Who decides, the idempotency key (or None), and when it was recorded (ISO text, UTC).
    source
        Name of the file, for the findings.

    Raises
    ------
    CountConflictError
        If the count is unknown or has ended.
    LedgerConflictError
        If the key stands for another request.
    """
    request = {"decide": count_no, "decisions": [asdict(each) for each in decisions]}
    if repeat_of(connection, key, request) is not None:
        return []
    take_turn(connection)
    head = open_head(connection, count_no)
    lines_of: dict[str, list[StandingLine]] = {}
    for line in standing_lines(connection, head):
        lines_of.setdefault(line.part_no, []).append(line)
    findings, rows = [], []
    for line_no, each in enumerate(decisions, start=1):
        matching = [line for line in lines_of.get(each.part_no, ()) if each.bin_name in (None, line.bin_name)]
        finding = _fault(source, each, matching)
        if finding is None:
            kind = "cause" if each.cause else "recount"
            bin_name = matching[0].bin_name
            rows.append((line_no, count_no, each.part_no, bin_name, kind, each.cause, each.note))
        else:
            findings.append(finding)
    if findings or not rows:
        return findings
    number = next_number(connection, "COUNT-REVIEW")
    body = {"request": request, "count_no": count_no, "rows_hash": rows_hash(rows)}
    posting = post(connection, Document(KIND, number, decided_on, user_name, key or number, (), body), recorded_at)
    insert_rows(connection, count_decision, ("document_sequence", *_KEPT), [(posting.sequence, *row) for row in rows])
    return []


def _fault(source: str, decision: Decision, matching: Sequence[StandingLine]) -> Finding | None:
    """Return what is wrong with a decision, given the lines it may mean."""
    column, value = "part_no", f"{decision.part_no} {decision.bin_name or ''}".strip()
    if not matching:
        reason, remedy = "a line of this count", "see: sparewise count show"
    elif len(matching) > 1:
        reason, remedy = "one line; the part lies in several bins", "name the bin"
    elif decision.cause is not None and decision.cause not in CAUSES:
        column, value, reason, remedy = "cause", decision.cause, f"a cause is one of {', '.join(CAUSES)}", ""
    elif decision.cause is None and matching[0].standing.state != LineState.COUNTED:
        reason, remedy = f"a line counted before is counted again; this one is {matching[0].standing.state.value}", ""
    else:
        return None
    return Finding(source, "", decision.row, column, value, reason, remedy)
