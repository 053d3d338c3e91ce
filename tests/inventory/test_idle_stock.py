"""What the books know of idle stock: of a day, as known at a document, alike on both databases."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
import sqlalchemy as sa

from inventory.books.reversing import reverse
from inventory.claims.maker_returns import ReturnRequest, open_return, refuse_return
from inventory.counter.issues import IssueRequest
from inventory.database import read, write
from inventory.idle_stock import asked_days, bought_and_sent_back, shelf_layers, shelf_stock, supersessions
from inventory.reading import read_snapshot
from inventory.schema import document
from tests.inventory.every_kind import given
from tests.inventory.made_books import OPENING, RECORDED_AT, STORE, TODAY, fill, moved, posted, shelf, stocked
from tests.inventory.made_books import with_parts as parts

LATER = date(2026, 7, 10)


@pytest.fixture
def books(engine: sa.Engine) -> sa.Engine:
    """Two parts on the shelf; one was asked for in imported history, and by a panel; what was cancelled is nothing."""
    parts(engine, {"P1": 10, "P2": 4})
    stocked(engine, [(STORE, "P1", "A", 3, 10, "2025-01-05"), (STORE, "P2", "B", 2, 4, "")])
    line = {"store": STORE, "line_no": 1, "quantity_requested_milli": 2000, "quantity_supplied_milli": 2000}
    lines = [("RO-1", "P1", "2026-01-09", "shelf"), ("RO-2", "P1", "2026-01-09", "shelf"),
             ("RO-3", "P2", "2026-02-01", "cancelled"), ("RO-4", "P9", "2024-02-01", "lost")]  # fmt: skip
    names = ("order_no", "part_no", "opened_on", "outcome")
    fill(engine, "demand_line", [{**line, **dict(zip(names, each, strict=True))} for each in lines])
    fill(engine, "demand_panel", [{"part_no": "P2", "store": "", "period": "2026-03", "quantity_milli": 1000,
                                   "available_ppm": 1_000_000}])  # fmt: skip
    fill(engine, "supersession", [{"part_no": "P9", "replaced_by": "P1", "effective_on": "2026-05-01",
                                   "quantity_milli": 1000, "kind": "use_up_first"}])  # fmt: skip
    return engine


def last_document(engine: sa.Engine) -> int:
    with read(engine) as connection:
        return int(connection.execute(sa.select(sa.func.max(document.c.sequence))).scalar_one())


def asked(engine: sa.Engine, as_of: date, known_at: int | None = None) -> list[tuple[str, str, str]]:
    with read(engine) as connection:
        found: pd.DataFrame = asked_days(connection, as_of, known_at=known_at)
    days = [str(day)[:10] for day in found["asked_on"]]
    return list(zip(found["store"].tolist(), found["part_no"].tolist(), days, strict=True))


def test_a_day_counts_once_and_what_was_cancelled_or_taken_back_not_at_all(books: sa.Engine) -> None:
    before = [("", "P2", "2026-03-01"), (STORE, "P1", "2026-01-09"), (STORE, "P9", "2024-02-01")]
    assert asked(books, TODAY) == before
    known_at = last_document(books)
    issued = given(books, IssueRequest(STORE, "P1", 1000, "RO-9"), TODAY)
    assert (STORE, "P1", "2026-06-30") in asked(books, TODAY)
    assert asked(books, TODAY, known_at) == before
    with write(books) as connection:
        reverse(connection, issued.number, "a mistake", LATER, "ann", None, RECORDED_AT)
    assert asked(books, LATER) == before


def test_the_shelf_is_told_with_its_parts_and_layers_as_known_at_a_document(books: sa.Engine) -> None:
    known_at = last_document(books)
    posted(books, "FOUND", moved(OPENING, shelf("A"), 7, 700), on=date(2026, 6, 2))
    with read(books) as connection:
        then, now = (shelf_stock(connection, TODAY, known_at=each) for each in (known_at, None))
        layers = shelf_layers(connection, TODAY, known_at=known_at)
        replaced = supersessions(connection)
    assert (list(then["on_hand_milli"]), list(now["on_hand_milli"])) == ([3000, 2000], [10_000, 2000])
    told = [list(then[name]) for name in ("part_no", "supplier", "category", "unit_cost_e4")]
    assert told == [["P1", "P2"], ["GPC", "GPC"], ["wear", "wear"], [10_0000, 4_0000]]
    assert list(layers["received_on"]) == [pd.Timestamp("2025-01-05"), pd.Timestamp(TODAY)]
    assert list(replaced["effective_on"]) == [pd.Timestamp("2026-05-01")]


def test_the_base_of_a_quota_is_what_was_used_and_what_was_refused_was_not_sent_back(books: sa.Engine) -> None:
    def told(as_of: date) -> list[int]:
        with read(books) as connection:
            found = bought_and_sent_back(connection, as_of)
        return [int(each) for each in found.loc[found["supplier"] == "GPC", ["bought_e4", "sent_back_e4"]].iloc[0]]

    assert told(TODAY) == [2 * 2 * 10_0000, 0]  # two lines of two at 10, before the ledger
    with write(books) as connection:
        answer = open_return(connection, ReturnRequest(STORE, "P1", 1000), TODAY, "ann", None, RECORDED_AT)
    assert answer.posting is not None
    assert told(TODAY) == [40_0000, 10_0000]
    with write(books) as connection:
        refuse_return(connection, answer.posting.number, "A", LATER, "ann", None, RECORDED_AT)
    assert told(LATER) == [40_0000, 0]


def test_a_snapshot_as_known_at_a_document_is_the_snapshot_of_then(books: sa.Engine) -> None:
    before, known_at = read_snapshot(books, TODAY), last_document(books)
    given(books, IssueRequest(STORE, "P1", 1000, "RO-9"), TODAY)
    posted(books, "FOUND", moved(OPENING, shelf("A"), 7, 700), on=date(2026, 6, 2))
    again = read_snapshot(books, TODAY, known_at=known_at)
    assert again.content_hash() == before.content_hash() != read_snapshot(books, TODAY).content_hash()
    assert again.known_at == known_at
