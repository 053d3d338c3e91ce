"""Deliveries as they came: per order and day how many lines, of what stands and was taken in."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from inventory.books.reversing import reverse
from inventory.database import read, write
from inventory.purchasing.deliveries import deliveries
from inventory.purchasing.receiving import ReceivedLine
from inventory.reading import read_snapshot
from tests.inventory.made_books import RECORDED_AT, STORE, TODAY, stocked
from tests.inventory.purchasing.test_orders import ROWS, imported
from tests.inventory.purchasing.test_receiving import received

LAST_YEAR = date(2025, 6, 30)


def told(engine: sa.Engine, as_of: date = TODAY, store: str | None = None) -> list[tuple[object, ...]]:
    with read(engine) as connection:
        rows = deliveries(connection, LAST_YEAR, as_of, store)
    return sorted(tuple(row.values()) for row in rows)


def test_an_order_tells_on_which_days_its_lines_came(engine: sa.Engine) -> None:
    stocked(engine, [(STORE, "P1", "A", 1, 10, "")])
    imported(engine, ROWS)
    received(engine, [ReceivedLine("P2", 4000, 0, "damaged")], date(2026, 6, 23))
    received(engine, [ReceivedLine("P1", 4000, 4000, "short")], date(2026, 6, 25))
    received(engine, [ReceivedLine("P1", 6000, 6000), ReceivedLine("P2", 4000, 4000)], date(2026, 6, 28))
    first = ("PO1", "GPC", "stock", "2026-06-20", "2026-06-25", 1)
    second = ("PO1", "GPC", "stock", "2026-06-20", "2026-06-28", 2)
    assert told(engine) == [first, second], "what was refused whole did not come"
    assert told(engine, date(2026, 6, 26)) == [first], "what came later was not known of then"
    assert told(engine, store="S02") == []
    frame = read_snapshot(engine, TODAY).receipts
    assert frame["received_on"].dt.day.tolist() == [25, 28]
    assert frame["lines"].tolist() == [1, 2]


def test_a_receipt_that_was_reversed_never_came(engine: sa.Engine) -> None:
    stocked(engine, [(STORE, "P1", "A", 1, 10, "")])
    imported(engine, ROWS)
    receipt = received(engine, None, date(2026, 6, 25))
    assert receipt.posting is not None
    assert len(told(engine)) == 1
    with write(engine) as connection:
        reverse(connection, receipt.posting.number, "typed twice", TODAY, "tester", None, RECORDED_AT)
    assert told(engine) == []
