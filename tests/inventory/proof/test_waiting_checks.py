"""What is held, under way, set aside or claimed is held against the movements, whatever the seals say."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from inventory.counter.scrapping import ScrapRequest, scrap
from inventory.proof.verification import verify
from inventory.schemas import metadata
from tests.inventory.counter.made_counter import number, written
from tests.inventory.every_kind import FAR, live
from tests.inventory.made_books import STORE
from tests.inventory.proof.test_verification import unguarded

TOLD = {
    "reservation": "reservation",
    "transfer": "transfer",
    "maker_return": "maker_return",
    "warranty_tag": "warranty_tag",
    "return_line": "return_line",
    "claim": "balance",
}
"""Logs with a quantity, and the table told where it is another than what moved."""


def test_a_quantity_in_a_log_that_never_moved_is_told(engine: sa.Engine) -> None:
    live(engine)
    for name, told in TOLD.items():
        table = metadata.tables[name]
        with engine.connect() as connection, connection.begin() as transaction:
            unguarded(connection)
            assert verify(connection, ["waiting"]) == []
            connection.execute(sa.update(table).values(quantity_milli=table.c.quantity_milli + 1))
            assert told in {fault.table for fault in verify(connection, ["waiting"])}, name
            transaction.rollback()


@pytest.mark.parametrize(
    ("table", "column"), [("receipt_line", "quantity_accepted_milli"), ("count_line", "expected_milli")]
)
def test_what_was_accepted_or_counted_and_did_not_move_is_told(engine: sa.Engine, table: str, column: str) -> None:
    live(engine)
    cell = metadata.tables[table].c[column]
    with engine.connect() as connection, connection.begin() as transaction:
        unguarded(connection)
        connection.execute(sa.update(metadata.tables[table]).values({column: cell - 1}))
        assert {fault.table for fault in verify(connection, ["waiting"])} == {table}
        transaction.rollback()


def test_what_lies_in_a_place_of_its_own_has_a_row(engine: sa.Engine) -> None:
    live(engine)
    for name in ("reservation", "transfer"):
        with engine.connect() as connection, connection.begin() as transaction:
            unguarded(connection)
            connection.execute(sa.delete(metadata.tables[name]))
            assert f"a row in {name}" in {fault.expected for fault in verify(connection, ["waiting"])}
            transaction.rollback()


def test_what_is_scrapped_out_of_quarantine_no_longer_waits_for_its_claim(engine: sa.Engine) -> None:
    live(engine)
    assert number(written(engine, scrap, ScrapRequest(STORE, "P1", 1000, "leaking", "quarantine/PO1"), on=FAR))
    with engine.connect() as connection:
        assert verify(connection) == []
