"""Which counts there are, how far each has come, and the lines on their sheets.

A count is open until it is posted or cancelled, which happens once. While it is open its lines are in no other count.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from inventory.books.horizon import counted
from inventory.books.ledger import Posting
from inventory.books.standing import stands
from inventory.bulk import insert_rows
from inventory.counting.rules import Thresholds
from inventory.findings import Finding
from inventory.schema import document
from inventory.schema_counting import count_end, count_sheet_line, stock_count


class CountConflictError(Exception):
    """What was asked does not fit where the count stands; the message says what would."""


@dataclass(frozen=True)
class CountHead:
    """A count as it was opened, and how it ended: open, posted, cancelled, or reversed after it was posted."""

    count_no: str
    watermark: int
    store: str
    opened_on: str
    opened_at: str
    opened_by: str
    thresholds: Thresholds
    state: str


def heads(
    connection: sa.Connection,
    count_no: str | None = None,
    store: str | None = None,
    as_of: date = date.max,
    known_at: int | None = None,
) -> list[CountHead]:
    """Return the counts opened until a business day and where they stood on it, the newest first.

    Parameters
    ----------
    count_no, store
        Only this one, or only of this store, where given.
    as_of, known_at
        The last business day that counts, and the last document, by its sequence; all where not given.
    """
    count, ended = stock_count.c, document.alias()
    stood = sa.case((stands(ended.c.sequence, as_of, known_at), count_end.c.outcome), else_="reversed")
    end = count_end.join(
        ended, sa.and_(ended.c.sequence == count_end.c.document_sequence, *counted(as_of, known_at, ended))
    )
    question = (
        sa.select(stock_count, document.c.recorded_at, document.c.user_name, stood.label("outcome"))
        .join(document, document.c.sequence == count.document_sequence)
        .outerjoin(end, count_end.c.count_no == count.count_no)
        .where(*counted(as_of, known_at))
        .order_by(count.document_sequence.desc())
    )
    if count_no is not None:
        question = question.where(count.count_no == count_no)
    if store is not None:
        question = question.where(count.store == store)
    return [
        CountHead(
            row.count_no,
            row.document_sequence,
            row.store,
            row.opened_on,
            row.recorded_at,
            row.user_name,
            Thresholds(row.recount_quantity_milli, row.recount_value_e4, row.recount_share_ppm),
            row.outcome or "open",
        )
        for row in connection.execute(question)
    ]


def head_of(connection: sa.Connection, count_no: str, as_of: date = date.max, known_at: int | None = None) -> CountHead:
    """Return a count, as it stood on a business day and as known at a document, where they are given.

    Raises
    ------
    CountConflictError
        If there is none of that number.
    """
    found = heads(connection, count_no, None, as_of, known_at)
    if not found:
        raise CountConflictError(f"there is no count {count_no}; see the numbers with: sparewise count list --all")
    return found[0]


def open_head(
    connection: sa.Connection, count_no: str, as_of: date = date.max, known_at: int | None = None
) -> CountHead:
    """Return a count that is still open; otherwise as `head_of`.

    Raises
    ------
    CountConflictError
        If there is none of that number, or it has ended.
    """
    head = head_of(connection, count_no, as_of, known_at)
    if head.state != "open":
        raise CountConflictError(f"{count_no} is {head.state}; see: sparewise count show {count_no}")
    return head


def sheet_lines(connection: sa.Connection, count_no: str) -> list[sa.Row[tuple[object, ...]]]:
    """Return the lines of a count in the order of its numbers, those found later at the end."""
    line = count_sheet_line.c
    return list(connection.execute(sa.select(count_sheet_line).where(line.count_no == count_no).order_by(line.line_no)))


def sheet_row(
    count_no: str, part_no: str, bin_name: str, reason: str, class_of: Mapping[str, str], cost: Mapping[str, int]
) -> tuple[object, ...]:
    """Return a line of a sheet without its number: what it is, and its class and unit cost on the day."""
    return count_no, part_no, bin_name, class_of.get(part_no, "C"), reason, cost.get(part_no, 0)


def add_to_sheet(connection: sa.Connection, posting: Posting, lines: Iterable[tuple[object, ...]]) -> None:
    """Append lines to a sheet, each with its number before what `sheet_row` says, brought by a document."""
    columns = ("document_sequence", "line_no", "count_no", "part_no", "bin_name", "count_class", "reason")
    rows = [(posting.sequence, *line) for line in lines]
    insert_rows(connection, count_sheet_line, (*columns, "unit_cost_e4"), rows)


def lines_in_open_counts(
    connection: sa.Connection, store: str, known_at: int | None = None
) -> dict[tuple[str, str], str]:
    """Return the part and bin of every line of a store that is being counted, and the number of its count.

    Parameters
    ----------
    known_at
        The last document that counts, by its sequence; all where not given.
    """
    line, end = count_sheet_line.c, [count_end.c.count_no == count_sheet_line.c.count_no]
    known = []
    if known_at is not None:
        end.append(count_end.c.document_sequence <= known_at)
        known.append(line.document_sequence <= known_at)
    question = (
        sa.select(line.part_no, line.bin_name, line.count_no)
        .join(stock_count, stock_count.c.count_no == line.count_no)
        .outerjoin(count_end, sa.and_(*end))
        .where(stock_count.c.store == store, count_end.c.count_no.is_(None), *known)
    )
    return {(row.part_no, row.bin_name): row.count_no for row in connection.execute(question)}


def rows_hash(rows: Iterable[Sequence[object]]) -> str:
    """Return the SHA-256 of rows; a document keeps it, so that its rows can be held against it."""
    text = json.dumps(list(rows), ensure_ascii=False, separators=(",", ":"), check_circular=False)
    return hashlib.sha256(text.encode()).hexdigest()


def overlap(source: str, row: int, part_no: str, bin_name: str, count_no: str) -> Finding:
    """Return the finding that a line is being counted already."""
    reason = f"a line is in one open count at a time; this one is in {count_no}"
    remedy = f"leave it out, or end that one: sparewise count cancel {count_no}"
    return Finding(source, "", row, "bin", f"{part_no} {bin_name}".strip(), reason, remedy, is_conflict=True)
