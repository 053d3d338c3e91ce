"""When a purchase order entered the books: with its placing, or from a list of what was under way."""

from __future__ import annotations

from datetime import date

import pandas as pd
import sqlalchemy as sa

from inventory.database import read, write
from inventory.purchasing.entering import entry_days
from inventory.purchasing.orders import post_open_orders
from inventory.reading import read_snapshot
from tests.inventory.made_books import TODAY, with_parts


def placed(engine: sa.Engine, orders: dict[str, str], recorded_at: str) -> None:
    """Record one order for each number and day, all at one moment."""
    rows = [(number, "GPC", "stock", "S01", "P1", 1000, 120_000, day, "2026-07-09") for number, day in orders.items()]
    names = "order_no supplier order_type store part_no quantity_milli unit_cost_e4 ordered_on expected_on"
    with write(engine) as connection:
        post_open_orders(connection, pd.DataFrame.from_records(rows, columns=names.split()), "tester", recorded_at)


def test_a_list_of_open_orders_entered_when_the_last_of_them_was_placed_and_later_orders_one_by_one(
    engine: sa.Engine,
) -> None:
    with_parts(engine, {"P1": 12})
    placed(engine, {"PO1": "2026-05-04", "PO2": "2026-06-18", "PO3": "2026-06-11"}, "2026-11-22T08:00:00Z")
    placed(engine, {"PO4": "2026-06-25"}, "2026-11-22T08:00:05Z")
    placed(engine, {"PO5": "2026-06-16"}, "2026-11-22T07:00:00Z")
    expected = {
        "PO1": "2026-06-18",
        "PO2": "2026-06-18",
        "PO3": "2026-06-18",
        "PO4": "2026-06-25",
        "PO5": "2026-06-25",
    }
    with read(engine) as connection:
        assert entry_days(connection, TODAY) == expected, "the order of the books counts, and no clock"
        earlier = {"PO1": "2026-06-11", "PO3": "2026-06-11", "PO5": "2026-06-16"}
        assert entry_days(connection, date(2026, 6, 17)) == earlier
    frame = read_snapshot(engine, TODAY).open_orders
    assert dict(zip(frame["order_no"], frame["entered_on"].dt.date.map(str), strict=True)) == expected
