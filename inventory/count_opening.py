"""Opening and cancelling counts, and which there are.

A count is opened by a document without movements, whose sequence is its watermark: what the books hold when counting
begins. Nothing is frozen, trading goes on. Two open counts never share a line (a part in a bin of a store): the second
is refused, also from another process, because the writer's turn is taken before the lines are looked at.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

import sqlalchemy as sa

from inventory.bulk import insert_rows
from inventory.count_classes import ClassRule, classes
from inventory.count_rules import Thresholds
from inventory.count_scope import lines_of, unit_costs
from inventory.findings import Finding
from inventory.ledger import Posting, next_number, post, repeat_of, take_turn
from inventory.movements import Document
from inventory.schema import document, part
from inventory.schema_counting import count_end, count_sheet_line, stock_count

KIND = "count-opening"


class CountConflictError(Exception):
    """What was asked does not fit where the count stands; the message says what would."""


@dataclass(frozen=True)
class Place:
    """A part in a bin, as a user names it; the bin may be None: all bins the part has at the store."""

    part_no: str
    bin_name: str | None = None
    reason: str = "listed"
    row: int = 0


@dataclass(frozen=True)
class Scope:
    """What is to be counted: these parts, or these bins; neither: all there is."""

    places: tuple[Place, ...] | None = None
    bins: tuple[str, ...] | None = None


@dataclass(frozen=True)
class CountHead:
    """A count as it was opened, and how it ended: open, posted or cancelled."""

    count_no: str
    watermark: int
    store: str
    opened_on: str
    opened_at: str
    opened_by: str
    thresholds: Thresholds
    state: str


@dataclass(frozen=True)
class Opening:
    """The answer to an opening: the count's number and lines, or what is wrong."""

    count_no: str = ""
    lines: int = 0
    is_new: bool = False
    findings: tuple[Finding, ...] = ()


def open_count(
    connection: sa.Connection,
    store: str,
    scope: Scope,
    thresholds: Thresholds,
    rule: ClassRule,
    opened_on: date,
    user_name: str,
    key: str | None,
    recorded_at: str,
    source: str = "count",
) -> Opening:
    """Open a count with its watermark, or tell why not.

    Parameters
    ----------
    thresholds
        Above which a line is counted again by another person and needs a cause.
    opened_on
        The business day.
    user_name, key, recorded_at
        Who answers for it, the idempotency key (or None), and when it was recorded (ISO text, UTC).
    source
        Name of the file, for the findings.

    Raises
    ------
    LedgerConflictError
        If the key stands for another request.
    """
    request = {
        "store": store,
        "scope": asdict(scope),
        "thresholds": asdict(thresholds),
        "classes": asdict(rule),
        "opened_on": opened_on.isoformat(),
    }
    earlier = repeat_of(connection, key, request)
    if earlier is not None:
        return Opening(earlier.number, len(sheet_lines(connection, earlier.number)))
    take_turn(connection)
    chosen, findings = _chosen(connection, store, scope, opened_on, source)
    findings += _overlaps(connection, store, chosen, source)
    if not chosen and not findings:
        value = ", ".join(scope.bins) if scope.bins else store
        findings.append(
            Finding(source, "", 0, "store", value, "there is something to count", "see: sparewise stock show")
        )
    if findings:
        return Opening(findings=tuple(findings))
    class_of, cost = classes(connection, store, opened_on, rule), unit_costs(connection, store)
    count_no = next_number(connection, "COUNT")
    lines = [
        (line_no, *sheet_row(count_no, place.part_no, place.bin_name or "", place.reason, class_of, cost))
        for line_no, place in enumerate(chosen, start=1)
    ]
    body = {"request": request, "lines": len(lines), "rows_hash": rows_hash(lines)}
    posting = post(connection, Document(KIND, count_no, opened_on, user_name, key or count_no, (), body), recorded_at)
    head = {
        "count_no": count_no,
        "document_sequence": posting.sequence,
        "store": store,
        "opened_on": opened_on.isoformat(),
        **{f"recount_{name}": value for name, value in asdict(thresholds).items()},
    }
    connection.execute(sa.insert(stock_count), head)
    add_to_sheet(connection, posting, lines)
    return Opening(count_no, len(lines), is_new=True)


def cancel(
    connection: sa.Connection,
    count_no: str,
    reason: str,
    cancelled_on: date,
    user_name: str,
    key: str | None,
    recorded_at: str,
) -> Posting:
    """End a count without posting anything; its lines may be counted elsewhere from now on.

    Raises
    ------
    CountConflictError
        If the count is unknown or ended already.
    LedgerConflictError
        If the key stands for another request.
    """
    request = {"cancel": count_no, "reason": reason}
    earlier = repeat_of(connection, key, request)
    if earlier is not None:
        return earlier
    take_turn(connection)
    open_head(connection, count_no)
    number = next_number(connection, "COUNT-CANCEL")
    cancelled = Document(
        "count-cancel", number, cancelled_on, user_name, key or number, (), {"request": request, "count_no": count_no}
    )
    posting = post(connection, cancelled, recorded_at)
    end = {"count_no": count_no, "document_sequence": posting.sequence, "outcome": "cancelled"}
    connection.execute(sa.insert(count_end), end)
    return posting


def heads(connection: sa.Connection, count_no: str | None = None, store: str | None = None) -> list[CountHead]:
    """Return the counts, the newest first: only this one, or only of this store, where given."""
    count = stock_count.c
    question = (
        sa.select(stock_count, document.c.recorded_at, document.c.user_name, count_end.c.outcome)
        .join(document, document.c.sequence == count.document_sequence)
        .outerjoin(count_end, count_end.c.count_no == count.count_no)
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


def head_of(connection: sa.Connection, count_no: str) -> CountHead:
    """Return a count.

    Raises
    ------
    CountConflictError
        If there is none of that number.
    """
    found = heads(connection, count_no)
    if not found:
        raise CountConflictError(f"there is no count {count_no}; see the numbers with: sparewise count list --all")
    return found[0]


def open_head(connection: sa.Connection, count_no: str) -> CountHead:
    """Return a count that is still open.

    Raises
    ------
    CountConflictError
        If there is none of that number, or it has ended.
    """
    head = head_of(connection, count_no)
    if head.state != "open":
        raise CountConflictError(f"{count_no} is {head.state}; open another with: sparewise count open")
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


def lines_in_open_counts(connection: sa.Connection, store: str) -> dict[tuple[str, str], str]:
    """Return the part and bin of every line of a store that is being counted, and the number of its count."""
    line = count_sheet_line.c
    question = (
        sa.select(line.part_no, line.bin_name, line.count_no)
        .join(stock_count, stock_count.c.count_no == line.count_no)
        .outerjoin(count_end, count_end.c.count_no == line.count_no)
        .where(stock_count.c.store == store, count_end.c.count_no.is_(None))
    )
    return {(row.part_no, row.bin_name): row.count_no for row in connection.execute(question)}


def rows_hash(rows: Iterable[Sequence[object]]) -> str:
    """Return the SHA-256 of rows; a document keeps it, so that its rows can be held against it."""
    text = json.dumps([list(row) for row in rows], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def overlap(source: str, row: int, part_no: str, bin_name: str, count_no: str) -> Finding:
    """Return the finding that a line is being counted already."""
    reason = f"a line is in one open count at a time; this one is in {count_no}"
    remedy = f"leave it out, or end that one: sparewise count cancel {count_no}"
    return Finding(source, "", row, "bin", f"{part_no} {bin_name}".strip(), reason, remedy, is_conflict=True)


def _chosen(
    connection: sa.Connection, store: str, scope: Scope, opened_on: date, source: str
) -> tuple[list[Place], list[Finding]]:
    """Return the lines of a scope, sorted by bin, and the places of it that nobody knows."""
    there = lines_of(connection, store, opened_on)
    if scope.places is None:
        bins = None if scope.bins is None else set(scope.bins)
        chosen = {
            (line.bin_name, line.part_no): Place(line.part_no, line.bin_name, "listed" if bins else "all")
            for line in there
            if bins is None or line.bin_name in bins
        }
        unknown = sorted((bins or set()) - {line.bin_name for line in there})
        reason, remedy = f"a bin of {store} that holds or held something", "see: sparewise stock show"
        return [chosen[key] for key in sorted(chosen)], [
            Finding(source, "", 0, "bins", name, reason, remedy) for name in unknown
        ]
    known = set(connection.execute(sa.select(part.c.part_no)).scalars()) | {line.part_no for line in there}
    bins_of: dict[str, list[str]] = {}
    for line in there:
        bins_of.setdefault(line.part_no, []).append(line.bin_name)
    chosen, findings = {}, []
    for place in scope.places:
        if place.part_no not in known:
            reason = "a part counted is in the parts table"
            findings.append(
                Finding(source, "", place.row, "part_no", place.part_no, reason, "import it with the parts")
            )
            continue
        for name in bins_of.get(place.part_no, [""]) if place.bin_name is None else [place.bin_name]:
            chosen.setdefault((name, place.part_no), Place(place.part_no, name, place.reason))
    return [chosen[key] for key in sorted(chosen)], findings


def _overlaps(connection: sa.Connection, store: str, chosen: Sequence[Place], source: str) -> list[Finding]:
    busy = lines_in_open_counts(connection, store)
    return [
        overlap(source, place.row, place.part_no, place.bin_name or "", busy[place.part_no, place.bin_name or ""])
        for place in chosen
        if (place.part_no, place.bin_name or "") in busy
    ]
