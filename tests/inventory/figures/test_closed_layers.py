"""A closing keeps since when what lies on the shelf does; later months come to the same as from all receipts."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from inventory.books.reversing import reverse
from inventory.counter.issues import IssueRequest, issue
from inventory.database import read, write
from inventory.figures.closed import closings
from inventory.figures.closed_layers import kept_layers, layers_left
from inventory.figures.columns import as_text, from_text
from inventory.figures.layers import Layers, inflows, layers_of
from inventory.figures.positions import Shelf, on_shelf
from inventory.figures.scope import scope_of
from inventory.proof.verification import verify_books
from inventory.schema import document
from tests.inventory.figures.test_closed_demand import JUNE, closed
from tests.inventory.made_books import RECORDED_AT, STORE, TODAY, stocked, with_parts


def given(engine: sa.Engine, part_no: str, on: date, quantity: int) -> str:
    request = IssueRequest(STORE, part_no, quantity * 1000, f"RO-{on}-{part_no}", "VIN1")
    with write(engine) as connection:
        answer = issue(connection, request, on, "tester", None, RECORDED_AT)
    assert answer.posting is not None, answer.findings
    return answer.posting.number


@pytest.fixture
def books(engine: sa.Engine) -> sa.Engine:
    """Two layers of each part; April and May closed; an issue of March is taken back in June, and old goods return."""
    with_parts(engine, {"P1": 10, "P2": 10, "P3": 10})
    for part_no in ("P1", "P2", "P3"):
        stocked(engine, [(STORE, part_no, "A", 5, 10, "")], date(2025, 5, 1))
        stocked(engine, [(STORE, part_no, "A", 9, 13, "")], date(2026, 2, 1))
    taken = given(engine, "P1", date(2026, 3, 3), 6)
    given(engine, "P2", date(2026, 3, 3), 1)
    closed(engine, "2026-04")
    given(engine, "P2", date(2026, 5, 3), 5)
    closed(engine, "2026-05")
    stocked(engine, [(STORE, "P2", "A", 7, 17, "")], date(2026, 6, 2))
    given(engine, "P3", date(2026, 6, 3), 9)
    with write(engine) as connection:
        reverse(connection, taken, "a mistake", date(2026, 6, 5), "tester", None, RECORDED_AT)
    return engine


def told(shelf: Shelf, left: Layers) -> list[tuple[object, ...]]:
    columns = (left.day.tolist(), left.quantity_milli.tolist(), left.value_e4.tolist())
    return sorted((shelf.pairs[row], *of) for row, *of in zip(left.row.tolist(), *columns, strict=True))


@pytest.mark.parametrize("store", [None, STORE])
def test_what_is_kept_and_what_came_since_is_what_all_receipts_say(books: sa.Engine, store: str | None) -> None:
    seen = 0
    with read(books) as connection:
        last = connection.execute(sa.select(sa.func.max(document.c.sequence))).scalar_one()
        for month in (JUNE - 2, JUNE - 1, JUNE):
            for known_at in (None, *range(2, last + 1, 2)):
                scope = scope_of(connection, month, TODAY, store, known_at)
                shelf = on_shelf(connection, scope)
                kept = kept_layers(closings(connection, scope.until, scope.known_at))
                seen += kept is not None
                of_all = layers_of(inflows(connection, scope, shelf), shelf)
                assert told(shelf, layers_left(connection, scope, shelf, kept)) == told(shelf, of_all), scope
    assert seen > 6


def test_goods_that_return_bring_back_a_layer_that_the_closing_did_not_keep(books: sa.Engine) -> None:
    with read(books) as connection:
        scope = scope_of(connection, JUNE, TODAY)
        shelf = on_shelf(connection, scope)
        kept = kept_layers(closings(connection, TODAY))
        assert kept is not None
        days = {row: date.fromordinal(day).isoformat() for row, day in zip(*kept.came[:2].tolist(), strict=True)}
        assert {kept.pairs[row]: day for row, day in days.items()}[STORE, "P1"] == "2026-02-01", "the older is used up"
        left = told(shelf, layers_left(connection, scope, shelf, kept))
    assert [each[1:3] for each in left if each[0] == (STORE, "P1")] == [
        (date(2025, 5, 1).toordinal(), 5000), (date(2026, 2, 1).toordinal(), 4000),
    ]  # fmt: skip
    assert verify_books(books, 1) == []


@pytest.mark.parametrize("column", [[], [0, 255], [256], [70_000], [2**40]])
def test_columns_come_back_as_they_were_written(column: list[int]) -> None:
    assert from_text(as_text(column)).tolist() == column
