"""Closed months keep how often each part was asked for; with the lines they do not keep it is what the log says."""

from __future__ import annotations

import json
from datetime import date

import pytest
import sqlalchemy as sa

from demand.periods import PeriodKind, label_of, ordinal_of
from inventory.books.closing import close_month
from inventory.books.reversing import reverse
from inventory.counter.issues import IssueRequest, issue
from inventory.database import read, write
from inventory.figures.closed import closings
from inventory.figures.closed_demand import kept_demand
from inventory.figures.demand_by_month import MONTHS_TOLD, DemandByMonth, demand_by_month
from inventory.figures.scope import SPANS, Scope, Span, scope_of
from inventory.proof.verification import verify, verify_books
from inventory.schema import document
from tests.inventory.figures.plain import all_rows
from tests.inventory.made_books import RECORDED_AT, STORE, TODAY, fill, stocked, with_parts
from tests.inventory.proof.test_verification import unguarded

JUNE = ordinal_of(TODAY, PeriodKind.MONTH)
Cell = tuple[str, str, str]


def asked(engine: sa.Engine, part_no: str, on: date, order_no: str, quantity: int = 1, outcome: str = "lost") -> str:
    request = IssueRequest(STORE, part_no, quantity * 1000, order_no, "VIN1", partial=True, outcome=outcome)
    with write(engine) as connection:
        answer = issue(connection, request, on, "tester", None, RECORDED_AT)
    assert answer.posting is not None, answer.findings
    return answer.posting.number


def imported(engine: sa.Engine, part_no: str, on: str, store: str = STORE, outcome: str = "shelf") -> None:
    row = {"store": store, "order_no": f"H-{on}-{part_no}-{outcome}", "part_no": part_no, "line_no": 1, "opened_on": on,
           "quantity_requested_milli": 1000, "quantity_supplied_milli": 1000, "outcome": outcome}  # fmt: skip
    fill(engine, "demand_line", [row])


def closed(engine: sa.Engine, month: str) -> None:
    with write(engine) as connection:
        close_month(connection, month, TODAY, "tester", None, RECORDED_AT)


@pytest.fixture
def books(engine: sa.Engine) -> sa.Engine:
    """April closed with all before it, then May; lines of both came since, and documents of both were taken back."""
    with_parts(engine, {"P1": 10, "P3": 10, "P5": 10})
    stocked(engine, [(STORE, "P1", "A", 20, 10, ""), (STORE, "P3", "A", 1, 10, "")], date(2025, 5, 1))
    for on in ("2024-11-30", "2025-07-01", "2026-04-30"):
        imported(engine, "P1", on)
    imported(engine, "P1", "2026-04-03", outcome="cancelled")
    imported(engine, "P2", "2026-04-02", "S02")
    mistaken = [asked(engine, "P1", date(2026, 4, 10), "RO-1"), asked(engine, "P3", date(2026, 4, 11), "RO-2")]
    mistaken.append(asked(engine, "P5", date(2026, 4, 12), "RO-6", outcome="cancelled"))  # which counts nowhere
    asked(engine, "P1", date(2026, 5, 3), "RO-3", 30)  # in May, before April is closed
    closed(engine, "2026-04")
    imported(engine, "P2", "2026-04-29")  # late, and for S01 the first time
    mistaken.append(asked(engine, "P1", date(2026, 5, 4), "RO-4"))
    closed(engine, "2026-05")
    imported(engine, "P4", "2026-05-02", outcome="urgent")  # late
    asked(engine, "P1", date(2026, 6, 2), "RO-5", 40)
    with write(engine) as connection:
        for number in mistaken:
            reverse(connection, number, "a mistake", date(2026, 6, 5), "tester", None, RECORDED_AT)
    return engine


def plain(rows: dict[str, list[dict[str, object]]], scope: Scope) -> tuple[dict[Cell, list[int]], dict[Cell, str]]:
    """Count the lines of the log one by one."""
    effective = {row["sequence"]: str(row["effective_on"]) for row in rows["document"]}
    back = {
        row["reverses_sequence"]
        for row in rows["reversal"]
        if effective[row["document_sequence"]] <= scope.until.isoformat()
        and (scope.known_at is None or int(str(row["document_sequence"])) <= scope.known_at)
    }
    counts: dict[Cell, list[int]] = {}
    last: dict[Cell, str] = {}
    first = label_of(scope.last_month - MONTHS_TOLD + 1, PeriodKind.MONTH)
    for row in rows["demand_line"]:
        sequence, day, store = row["document_sequence"], str(row["opened_on"]), str(row["store"])
        is_known = sequence is None or scope.known_at is None or int(str(sequence)) <= scope.known_at
        if (
            row["outcome"] == "cancelled"
            or not is_known
            or sequence in back
            or day > scope.until.isoformat()
            or scope.store not in (None, store)
        ):
            continue
        pair = (store, str(row["part_no"]), "")
        last[pair] = max(last.get(pair, ""), day)
        if day >= first:
            at = counts.setdefault((*pair[:2], day[:7]), [0, 0])
            at[0] += 1
            is_whole = int(str(row["quantity_supplied_milli"])) >= int(str(row["quantity_requested_milli"]))
            at[1] += not (row["outcome"] == "shelf" and is_whole)
    return counts, last


def as_cells(found: DemandByMonth) -> dict[Cell, list[int]]:
    months = [label_of(found.first_month + at, PeriodKind.MONTH) for at in range(found.lines.shape[1])]
    return {
        (*pair, month): [int(found.lines[row, at]), int(found.short[row, at])]
        for row, pair in enumerate(found.pairs)
        for at, month in enumerate(months)
        if found.lines[row, at]
    }


@pytest.mark.parametrize("store", [None, STORE, "S02"])
def test_what_closings_keep_and_the_lines_they_do_not_are_all_lines(books: sa.Engine, store: str | None) -> None:
    with read(books) as connection:
        rows = all_rows(connection)
        last = connection.execute(sa.select(sa.func.max(document.c.sequence))).scalar_one()
        spans: tuple[Span, ...] = SPANS
        for span in spans:
            for month in (JUNE - 2, JUNE - 1, JUNE):
                for known_at in (None, *range(1, last + 1)):
                    scope = scope_of(connection, month, TODAY, store, known_at, span)
                    found = demand_by_month(connection, scope, closings(connection, scope.until, scope.known_at))
                    counts, days = plain(rows, scope)
                    assert as_cells(found) == counts, scope
                    assert {
                        (*p, ""): date.fromordinal(day).isoformat()
                        for p, day in zip(found.pairs, found.last.tolist(), strict=True)
                    } == days, scope


def test_each_line_is_kept_by_one_closing_and_the_proof_derives_the_keeping_again(books: sa.Engine) -> None:
    with read(books) as connection:
        kept = kept_demand(closings(connection, TODAY))
        assert kept.closed_until == "2026-05-31"
        assert {month: sum(int(each[1].sum()) for each in of) for month, of in kept.months.items()} == {
            "2024-11": 1, "2025-07": 1, "2026-04": 5, "2026-05": 2,
        }  # fmt: skip
        assert len(set(kept.pairs)) == len(kept.pairs)
    assert verify_books(books, 1) == []


def test_a_keeping_that_was_altered_is_told(books: sa.Engine) -> None:
    with write(books) as connection:
        unguarded(connection)
        at = document.c.number == "CLOSE-2026-05"
        body = json.loads(connection.execute(sa.select(document.c.body).where(at)).scalar_one())
        body["demand"]["pairs"] = body["demand"]["pairs"][:-1]
        connection.execute(sa.update(document).where(at).values(body=json.dumps(body)))
    with read(books) as connection:
        told = [(fault.check, fault.key) for fault in verify(connection, ["closed-months"])]
    assert told == [("closed-months", "CLOSE-2026-05")]
