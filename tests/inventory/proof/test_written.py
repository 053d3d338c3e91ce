"""Rows sealed as they go by have the digests they would have if they were read back."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from inventory.books.balances import balances
from inventory.books.ledger import post
from inventory.books.movements import Document
from inventory.bulk import insert_rows, raw_rows
from inventory.database import read, write
from inventory.proof.seals import digests
from inventory.proof.verification import verify
from inventory.proof.written import Written, _given_back_alike
from inventory.schema import movement, stock_layer
from inventory.schema_books import seal, store_setting
from tests.inventory.made_books import CUSTOMER, OPENING, RECORDED_AT, STORE, TODAY, moved, posted, shelf

SETTING = tuple(column.name for column in store_setting.columns)


def stocked(name: str, lines: int) -> Document:
    """A document of so many parts, whose names would have to be escaped in a stream."""
    moves = tuple(moved(OPENING, shelf("A\\N\t1"), 5, 50, f"P\\{line}\n零件") for line in range(lines))
    return Document("test", name, TODAY, "tester", name, moves, {})


@pytest.mark.parametrize("lines", [1, 100])
@pytest.mark.parametrize("table", [movement, stock_layer])
def test_a_row_sealed_as_it_goes_by_is_the_row_the_database_gives_back(
    engine: sa.Engine, table: sa.Table, lines: int
) -> None:
    posted(engine, "FIRST", moved(OPENING, shelf("A"), 1, 1))
    written = Written()
    with write(engine) as connection:
        sa.event.listen(connection, "after_cursor_execute", written.note)
        posting = post(connection, stocked("D1", lines), RECORDED_AT)
        sa.event.remove(connection, "after_cursor_execute", written.note)
        column = table.c.document_sequence
        question = sa.select(table).where(column == posting.sequence).order_by(table.c.line_no)
        read_back = digests(raw_rows(connection, question))
    assert written.digests[table.name] == read_back
    with read(engine) as connection:
        newest = sa.select(seal.c.row_digests).where(seal.c.table_name == table.name).order_by(seal.c.seal_no.desc())
        assert bytes(connection.execute(newest.limit(1)).scalar_one()) == read_back
        assert verify(connection) == []


def test_what_was_undone_within_a_transaction_is_not_sealed(engine: sa.Engine) -> None:
    with write(engine) as connection:
        with connection.begin_nested() as undone:
            post(connection, stocked("D1", 30), RECORDED_AT)
            undone.rollback()
        post(connection, stocked("D2", 30), RECORDED_AT)
    with read(engine) as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(movement)).scalar_one() == 30
        assert verify(connection) == []


def test_a_log_that_was_written_to_in_another_way_as_well_is_read_back(engine: sa.Engine) -> None:
    posting = posted(engine, "D1", moved(OPENING, shelf("A"), 1, 1))
    others = [posted(engine, f"D{number}", moved(OPENING, shelf("A"), 1, 1)) for number in (2, 3)]
    written = Written()
    with write(engine) as connection:
        sa.event.listen(connection, "after_cursor_execute", written.note)
        insert_rows(connection, store_setting, SETTING, [(posting.sequence, STORE, "tax", "net")])
        assert "store_setting" in written.digests
        told = {"document_sequence": others[0].sequence, "store": STORE, "name": "tax", "value": "gross"}
        connection.execute(sa.insert(store_setting), told)
        assert "store_setting" not in written.digests
        insert_rows(connection, store_setting, SETTING, [(others[1].sequence, STORE, "tax", "net")])
        assert "store_setting" not in written.digests
        sa.event.remove(connection, "after_cursor_execute", written.note)
    with read(engine) as connection:
        assert verify(connection, ["seals"]) == []


def test_cells_that_a_database_would_change_are_not_taken_as_they_are() -> None:
    row = (1, STORE, "tax", "net")
    assert _given_back_alike("store_setting", [row])
    assert not _given_back_alike("store_setting", [row, (True, STORE, "tax", "net")])
    assert not _given_back_alike("store_setting", [row, (2, STORE, "tax", 7)])


def test_many_parts_are_found_like_few(engine: sa.Engine) -> None:
    names = [f"P{number}'\"\\零" for number in range(120)]
    posted(engine, "D1", *(moved(OPENING, shelf("A"), 1, 1, name) for name in names))
    posted(engine, "D2", moved(shelf("A"), CUSTOMER, 1, 1, names[7]))
    with read(engine) as connection:
        whole = balances(connection, [STORE], names, {"bin"})
        one_by_one = {k: v for name in names for k, v in balances(connection, [STORE], [name], {"bin"}).items()}
    assert whole == one_by_one
    assert len(whole) == 120
