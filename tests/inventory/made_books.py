"""Small books for tests: parts, stock and documents, said in few words; quantities in units, money in currency."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pandas as pd
import sqlalchemy as sa

from inventory.books.ledger import Posting, post
from inventory.books.movements import Document, Movement, Place, PlaceKind
from inventory.books.stock_import import StockImport, post_stock
from inventory.database import write
from inventory.schema import metadata

TODAY = date(2026, 6, 30)
RECORDED_AT = "2026-06-30T08:00:00+00:00"
STORE = "S01"
OPENING = Place(PlaceKind.OPENING)
CUSTOMER = Place(PlaceKind.CUSTOMER, "RO-1")


def shelf(name: str) -> Place:
    return Place(PlaceKind.BIN, name)


def moved(
    source: Place, target: Place, quantity: float, value: float, part_no: str = "P1", store: str = STORE
) -> Movement:
    return Movement(store, part_no, source, target, round(quantity * 1000), round(value * 10_000))


def posted(engine: sa.Engine, number: str, *movements: Movement, on: date = TODAY, key: str = "") -> Posting:
    document = Document("test", number, on, "tester", key or number, movements, {})
    with write(engine) as connection:
        return post(connection, document, RECORDED_AT)


def with_parts(engine: sa.Engine, costs: dict[str, float]) -> None:
    """Put parts of supplier GPC into the books, by number and unit cost."""
    rows = [
        {
            "part_no": part_no,
            "name": f"name of {part_no}",
            "category": "wear",
            "unit": "each",
            "unit_cost_e4": round(cost * 10_000),
            "supplier": "GPC",
            "pack_size_milli": 1000,
            "moq_milli": 1000,
            "criticality": "",
            "returnable": "",
        }
        for part_no, cost in costs.items()
    ]
    fill(engine, "part", rows)


def fill(engine: sa.Engine, table: str, rows: list[dict[str, object]]) -> None:
    with write(engine) as connection:
        connection.execute(sa.insert(metadata.tables[table]), rows)


def stocked(
    engine: sa.Engine, rows: Iterable[tuple[str, str, str, float, float, str]], on: date = TODAY
) -> StockImport:
    """Assert stock: store, part, bin, quantity, unit cost, day of receipt (empty: the day itself)."""
    columns = ["store", "part_no", "bin", "quantity", "unit_cost", "received_on"]
    frame = pd.DataFrame.from_records(list(rows), columns=columns)
    frame["quantity_milli"] = (frame.pop("quantity") * 1000).round().astype("int64")
    frame["unit_cost_e4"] = (frame.pop("unit_cost") * 10_000).round().astype("int64")
    frame["received_on"] = frame["received_on"].replace("", None)
    with write(engine) as connection:
        return post_stock(connection, frame, on, "tester", RECORDED_AT)
