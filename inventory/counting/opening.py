"""Opening and cancelling counts, and which there are.

A count is opened by a document without movements, whose sequence is its watermark: what the books hold when counting
begins. Nothing is frozen, trading goes on. Two open counts never share a line (a part in a bin of a store): the second
is refused, also from another process, because the writer's turn is taken before the lines are looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

import sqlalchemy as sa

from inventory.books.ledger import Posting, next_number, post, repeat_of, take_turn
from inventory.books.movements import Document
from inventory.counting.classes import ClassRule, classes
from inventory.counting.heads import (
    add_to_sheet,
    lines_in_open_counts,
    open_head,
    overlap,
    rows_hash,
    sheet_lines,
    sheet_row,
)
from inventory.counting.programme import programme
from inventory.counting.rules import Thresholds
from inventory.counting.scope import lines_of, unit_costs
from inventory.findings import Finding
from inventory.schema import part
from inventory.schema_counting import count_end, stock_count

KIND = "count-opening"


@dataclass(frozen=True)
class Place:
    """A part in a bin, as a user names it; the bin may be None: all bins the part has at the store."""

    part_no: str
    bin_name: str | None = None
    reason: str = "listed"
    row: int = 0


@dataclass(frozen=True)
class Scope:
    """What is to be counted: these parts, or these bins, or so many lines of the programme; none of them: all."""

    places: tuple[Place, ...] | None = None
    bins: tuple[str, ...] | None = None
    programme: int | None = None


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
    if scope.programme is not None:
        due = programme(connection, opened_on, rule, store).due[: scope.programme]
        scope = Scope(tuple(Place(line.part_no, line.bin_name, line.reason) for line in due))
    chosen, findings = _chosen(connection, store, scope, opened_on, source)
    findings += _overlaps(connection, store, chosen, source)
    if not chosen and not findings:
        value = ", ".join(scope.bins) if scope.bins else store
        findings.append(
            Finding(source, "", 0, "store", value, "there is something to count", "see: sparewise count programme")
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
