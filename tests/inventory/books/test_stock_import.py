"""A stock file asserts what the bins hold; the ledger is brought to agree, once, or says why not."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from inventory.books.balances import Amount, balances_on, differences, on_hand
from inventory.books.reversing import reverse
from inventory.books.stock_import import StockImport
from inventory.database import read, write
from inventory.proof.verification import verify
from inventory.schema import document, movement
from tests.inventory.made_books import CUSTOMER, OPENING, RECORDED_AT, STORE, TODAY, moved, posted, shelf, stocked

TWO_BINS = [(STORE, "P1", "A", 4, 10, ""), (STORE, "P1", "B", 6, 12, ""), (STORE, "P2", "", 1, 5, "")]


def shelves(engine: sa.Engine, on: date = TODAY) -> dict[tuple[str, str], int]:
    with read(engine) as connection:
        assert differences(connection) == []
        found = balances_on(connection, on)
    return {
        (where.part_no, where.place_name): amount.quantity_milli
        for where, amount in found.items()
        if where.place_kind == "bin"
    }


def kinds(engine: sa.Engine) -> list[tuple[str, str]]:
    with read(engine) as connection:
        question = sa.select(movement.c.source_kind, movement.c.target_kind).distinct().order_by(movement.c.source_kind)
        return [(row[0], row[1]) for row in connection.execute(question)]


def test_the_first_file_opens_the_books_at_its_own_cost(engine: sa.Engine) -> None:
    assert stocked(engine, TWO_BINS) == StockImport(opened=3)
    assert kinds(engine) == [("opening", "bin")]
    assert shelves(engine) == {("P1", "A"): 4000, ("P1", "B"): 6000, ("P2", ""): 1000}
    with read(engine) as connection:
        assert on_hand(connection, TODAY)[STORE, "P1"] == Amount(10_000, 112_0000)


def test_the_same_file_in_any_order_or_in_pieces_changes_nothing(engine: sa.Engine) -> None:
    stocked(engine, TWO_BINS)
    assert stocked(engine, TWO_BINS[::-1]) == StockImport(repeated=3)
    assert stocked(engine, TWO_BINS[1:2]) == StockImport(repeated=1)
    assert shelves(engine) == {("P1", "A"): 4000, ("P1", "B"): 6000, ("P2", ""): 1000}


def test_a_file_that_repeats_some_and_adds_some_posts_what_is_new(engine: sa.Engine) -> None:
    stocked(engine, TWO_BINS[:2])
    assert stocked(engine, TWO_BINS) == StockImport(opened=1, repeated=2)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ((STORE, "P1", "A", 5, 10, ""), "another quantity"),
        ((STORE, "P1", "A", 4, 11, ""), "another cost"),
        ((STORE, "P1", "A", 4, 10, "2026-01-01"), "another day of receipt"),
    ],
)
def test_another_assertion_for_the_same_day_is_a_conflict(
    engine: sa.Engine, row: tuple[str, str, str, float, float, str], reason: str
) -> None:
    stocked(engine, TWO_BINS)
    done = stocked(engine, [row, (STORE, "P3", "", 1, 1, "")])
    assert [(finding.is_conflict, finding.row) for finding in done.findings] == [(True, 2)], reason
    assert "4 at 10 received 2026-06-30" in done.findings[0].reason
    assert ("P3", "") not in shelves(engine), "nothing of the file is taken"


def test_a_later_file_moves_the_difference_only(engine: sa.Engine) -> None:
    stocked(engine, TWO_BINS)
    later = date(2026, 7, 31)
    done = stocked(engine, [(STORE, "P1", "A", 3, 99, ""), (STORE, "P1", "B", 8, 20, ""), TWO_BINS[2]], later)
    assert done == StockImport(increased=1, decreased=1, agreed=1)
    assert kinds(engine) == [("bin", "count-difference"), ("count-difference", "bin"), ("opening", "bin")]
    with read(engine) as connection:
        # 112 for 10 is 11.20 each; one is missing: 100.80; two are found at 20 each: 140.80 for 11
        assert on_hand(connection, later)[STORE, "P1"] == Amount(11_000, 140_8000)


def test_a_file_of_an_earlier_day_is_held_against_the_books_of_that_day(engine: sa.Engine) -> None:
    stocked(engine, TWO_BINS, date(2026, 5, 31))
    posted(engine, "I1", moved(shelf("A"), CUSTOMER, 3, 33.6), on=date(2026, 6, 20))
    assert stocked(engine, [(STORE, "P1", "A", 4, 10, "")], date(2026, 6, 10)) == StockImport(agreed=1)
    done = stocked(engine, [(STORE, "P1", "A", 2, 10, "")], date(2026, 6, 11))
    assert "2 fewer is more than it has now" in done.findings[0].reason  # 1 is left of the 4, and 2 would have to go
    assert shelves(engine)["P1", "A"] == 1000


def test_a_bin_that_is_asserted_empty_is_emptied_with_its_value(engine: sa.Engine) -> None:
    stocked(engine, TWO_BINS)
    done = stocked(engine, [(STORE, "P2", "", 0, 5, "")], date(2026, 7, 1))
    assert done == StockImport(decreased=1)
    with read(engine) as connection:
        assert (STORE, "P2") not in on_hand(connection, date(2026, 7, 1))


def taken_back(engine: sa.Engine, on: date = TODAY) -> None:
    """Reverse the last stock file."""
    with write(engine) as connection:
        question = sa.select(document.c.number).where(document.c.kind == "stock-import")
        number = connection.execute(question.order_by(document.c.sequence.desc()).limit(1)).scalar_one()
        reverse(connection, number, "wrong file", on, "chief", None, RECORDED_AT)


@pytest.mark.parametrize("units", [4, 7], ids=["the same file", "a corrected one"])
def test_after_its_reversal_a_file_opens_the_books_as_if_it_were_the_first(engine: sa.Engine, units: int) -> None:
    stocked(engine, TWO_BINS)
    taken_back(engine)
    again = [(STORE, "P1", "A", units, 10, ""), *TWO_BINS[1:]]
    assert stocked(engine, again) == StockImport(opened=3)
    assert kinds(engine) == [("bin", "opening"), ("opening", "bin")]
    assert shelves(engine) == {("P1", "A"): units * 1000, ("P1", "B"): 6000, ("P2", ""): 1000}
    with read(engine) as connection:
        assert on_hand(connection, TODAY)[STORE, "P1"] == Amount((units + 6) * 1000, units * 10_0000 + 72_0000)
        assert verify(connection) == []
    assert stocked(engine, again) == StockImport(repeated=3)


def test_a_bin_of_a_part_that_another_file_opened_is_opened_again_too(engine: sa.Engine) -> None:
    stocked(engine, TWO_BINS[:1])
    stocked(engine, TWO_BINS[1:2])
    taken_back(engine)
    assert stocked(engine, TWO_BINS[1:2]) == StockImport(opened=1)
    assert ("count-difference", "bin") not in kinds(engine)


def test_what_else_has_moved_the_part_is_counted_from_after_a_reversal_too(engine: sa.Engine) -> None:
    stocked(engine, TWO_BINS[:1])
    taken_back(engine)
    posted(engine, "FOUND", moved(OPENING, shelf("A"), 1, 10))
    assert stocked(engine, TWO_BINS[:1]) == StockImport(increased=1)
    assert shelves(engine) == {("P1", "A"): 4000}


def test_a_file_of_a_day_before_the_reversal_is_refused_with_the_day_from_which_it_may_come(engine: sa.Engine) -> None:
    stocked(engine, TWO_BINS)
    later = date(2026, 7, 2)
    taken_back(engine, later)
    findings = stocked(engine, TWO_BINS).findings
    assert len(findings) == 3
    assert all("2026-07-02" in finding.reason and "--as-of 2026-07-02" in finding.suggestion for finding in findings)
    assert set(shelves(engine, later).values()) <= {0}
    assert stocked(engine, TWO_BINS, later) == StockImport(opened=3)
    assert shelves(engine, later) == {("P1", "A"): 4000, ("P1", "B"): 6000, ("P2", ""): 1000}
