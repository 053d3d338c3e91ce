"""What comes back from the workshop goes against its issue, at the value it left with, and never twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from inventory.books.ledger import LedgerConflictError
from inventory.counter.issues import IssueRequest, issue
from inventory.counter.workshop_returns import ReturnRequest, bring_back
from inventory.database import read, write
from inventory.schema import movement
from tests.inventory.counter.made_counter import number, places, refused, worth, written
from tests.inventory.made_books import RECORDED_AT, STORE, TODAY, stocked, with_parts

ASKED = ReturnRequest(STORE, "P1", 1000, "RO-1")
LATER = date(2026, 7, 2)


@pytest.fixture
def books(engine: sa.Engine) -> sa.Engine:
    """Three P1 at ten were issued to RO-1 as ISSUE-000002; then four at twenty came in, and one of them went too."""
    with_parts(engine, {"P1": 10, "P2": 1})
    stocked(engine, [(STORE, "P1", "A", 3, 10, "")])
    issued(engine, 3000)
    stocked(engine, [(STORE, "P1", "B", 4, 20, "")], on=date(2026, 7, 1))
    issued(engine, 1000)
    return engine


def issued(engine: sa.Engine, quantity_milli: int, order_no: str = "RO-1") -> None:
    with write(engine) as connection:
        asked = IssueRequest(STORE, "P1", quantity_milli, order_no)
        issue(connection, asked, date(2026, 7, 1), "tester", None, RECORDED_AT)


def values(engine: sa.Engine, slip_numbers: tuple[int, ...]) -> list[float]:
    question = sa.select(movement.c.value_e4).where(movement.c.movement_id.in_(slip_numbers))
    with read(engine) as connection:
        return [value / 10_000 for value in connection.execute(question.order_by(movement.c.line_no)).scalars()]


def test_the_last_issue_comes_back_first_each_at_the_value_it_left_with(books: sa.Engine) -> None:
    slip = written(books, bring_back, replace(ASKED, quantity_milli=2000), on=LATER)
    assert values(books, slip.movement_ids) == [20, 10]
    assert places(books, store=STORE, on=LATER) == {"bin/A": 1, "bin/B": 4}, "each to the bin it came from"
    assert worth(books, "customer", on=LATER) == 20


def test_the_issue_named_is_the_one_it_goes_against(books: sa.Engine) -> None:
    slip = written(books, bring_back, replace(ASKED, issue_no="ISSUE-000002", bin_name="Z"), on=LATER)
    assert values(books, slip.movement_ids) == [10]
    assert places(books, store=STORE, on=LATER) == {"bin/B": 3, "bin/Z": 1}
    too_much = replace(ASKED, quantity_milli=3000, issue_no="ISSUE-000002")
    assert refused(written(books, bring_back, too_much, on=LATER)) == [("quantity", True)]


def test_parts_of_an_issue_bring_back_together_what_it_took(engine: sa.Engine) -> None:
    with_parts(engine, {"P1": 10})
    stocked(engine, [(STORE, "P1", "A", 3, 3.3334, "")])
    issued(engine, 3000)
    for _ in range(3):
        written(engine, bring_back, ASKED, on=LATER)
    assert worth(engine, "customer", on=LATER) == 0
    assert worth(engine, "bin", on=LATER) == 10.0002
    assert refused(written(engine, bring_back, ASKED, on=LATER)) == [("quantity", True)]


NOT_RETURNED: list[tuple[ReturnRequest, tuple[str, bool]]] = [
    (replace(ASKED, quantity_milli=4001), ("quantity", True)),
    (replace(ASKED, order_no="RO-2"), ("quantity", True)),
    (replace(ASKED, part_no="P2"), ("quantity", True)),
    (replace(ASKED, quantity_milli=0), ("quantity", False)),
    (replace(ASKED, part_no="P9"), ("part", False)),
]


def test_what_was_never_issued_does_not_come_back(books: sa.Engine) -> None:
    for asked, answer in NOT_RETURNED:
        assert refused(written(books, bring_back, asked, on=LATER)) == [answer]


def test_nothing_comes_back_before_it_was_issued(books: sa.Engine) -> None:
    assert refused(written(books, bring_back, ASKED, on=TODAY)) == [("quantity", True)]


def test_a_return_told_twice_under_one_key_happens_once(books: sa.Engine) -> None:
    first = written(books, bring_back, ASKED, on=LATER, key="K")
    assert number(written(books, bring_back, ASKED, on=LATER, key="K")) == number(first)
    assert places(books, store=STORE, on=LATER) == {"bin/B": 4}
    with pytest.raises(LedgerConflictError):
        written(books, bring_back, replace(ASKED, reason="wrong part"), on=LATER, key="K")
