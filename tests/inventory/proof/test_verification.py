"""Sound books are proven; a single digit changed in any table, or anywhere in the file, is found and told."""

from __future__ import annotations

import random
import shutil
import sqlite3
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from inventory.books.closing import close_month
from inventory.books.declarations import declare
from inventory.books.reversing import reverse
from inventory.counter.issues import IssueRequest, issue
from inventory.database import UnusableDatabaseError, initialise, open_database, read, write
from inventory.proof.faults import Fault
from inventory.proof.verification import verify
from inventory.purchasing.receiving import receive
from inventory.schemas import APPEND_ONLY, metadata
from tests.inventory.made_books import (
    CUSTOMER,
    OPENING,
    RECORDED_AT,
    STORE,
    fill,
    moved,
    posted,
    shelf,
    stocked,
    with_parts,
)
from tests.inventory.purchasing.test_orders import ROWS, event, imported, planned

DAY = date(2026, 7, 2)


def faults(path: Path) -> list[Fault]:
    engine = open_database(f"sqlite:///{path}")
    try:
        with read(engine) as connection:
            return verify(connection)
    finally:
        engine.dispose()


def live(engine: sa.Engine) -> None:
    """Let every table of the ledger, and some others, have rows."""
    with_parts(engine, {"00195040": 10})
    fill(engine, "supplier", [{"supplier": "GPC", "name": "Group Parts Centre 2"}])
    event(engine, planned(engine), "approved")
    stocked(engine, [(STORE, "P1", "A", 5, 10, "2026-01-31"), (STORE, "P1", "B", 5, 12, "")], date(2026, 6, 1))
    imported(engine, ROWS[:2])
    with write(engine) as connection:
        receive(connection, "PO1", None, DAY, "tester", None, RECORDED_AT)
        asked = IssueRequest(STORE, "P1", 2000, "RO-7", "LVSHFFAL8EF123456", odometer_km=12_345, unit_price_e4=99_0000)
        issue(connection, asked, DAY, "tester", None, RECORDED_AT)
        declare(connection, STORE, "tax-basis", "included", DAY, "tester", None, RECORDED_AT)
        close_month(connection, "2026-05", DAY, "tester", None, RECORDED_AT)
    posted(engine, "D1", moved(shelf("A"), CUSTOMER, 1, 11), on=date(2026, 6, 20))
    posted(engine, "D2", moved(OPENING, shelf("A"), 7, 100), on=date(2026, 6, 10))
    with write(engine) as connection:
        reverse(connection, "D1", "wrong order", DAY, "tester", None, RECORDED_AT)


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with rows in every table of the ledger, without its guards, so that it can be tampered with."""
    path = tmp_path_factory.mktemp("verification") / "books.db"
    engine = open_database(f"sqlite:///{path}")
    initialise(engine)
    live(engine)
    engine.dispose()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
        for name in names:
            connection.execute(f"DROP TRIGGER {name}")
    connection.close()
    return path


def test_sound_books_are_proven_on_both_databases(engine: sa.Engine) -> None:
    live(engine)
    with read(engine) as connection:
        assert verify(connection) == []


TABLES = (
    *("document", "movement", "balance", "stock_layer", "demand_line", "purchase_order_line", "receipt_line"),
    *("revaluation", "period_close", "reversal", "store_setting", "seal", "master_seal", "part", "supplier"),
    *("plan_run", "proposal", "proposal_line", "proposal_event"),
)


def changed(value: object, chance: random.Random) -> object:
    """Return a cell with one character or digit of it changed."""
    if value is None:
        return 7
    if isinstance(value, bytes):
        at = chance.randrange(len(value)) if value else 0
        return value[:at] + bytes([value[at] ^ 1]) + value[at + 1 :] if value else b"1"
    text = str(value)
    if not text:
        return "1"
    at = chance.choice([at for at, character in enumerate(text) if character.isdigit()] or [0])
    other = chance.choice([digit for digit in "123456789" if digit != text[at]])
    return type(value)(text[:at] + other + text[at + 1 :])  # type: ignore[call-arg]


@pytest.mark.parametrize("table", TABLES)
def test_a_changed_digit_in_any_column_is_found_and_its_table_told(books: Path, tmp_path: Path, table: str) -> None:
    chance = random.Random(table)  # noqa: S311
    for column in [each.name for each in metadata.tables[table].columns]:
        path = tmp_path / f"{column}.db"
        shutil.copy(books, path)
        connection = sqlite3.connect(path)
        rows = connection.execute(f"SELECT rowid, {column} FROM {table}").fetchall()
        if not rows:
            pytest.skip(f"no row in {table}")
        row_id, value = chance.choice(rows)
        new = changed(value, chance)
        connection.execute("PRAGMA ignore_check_constraints = ON")
        try:
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (new, row_id))
        except sqlite3.IntegrityError:  # two rows of one key: the file itself cannot hold that
            continue
        finally:
            connection.commit()
            connection.close()
        found = faults(path)
        assert found, f"{table}.{column}: {value!r} became {new!r}"
        assert table in {fault.table for fault in found}, f"{table}.{column}: {value!r} became {new!r}"


def test_a_row_that_is_gone_or_was_slipped_in_is_found(books: Path, tmp_path: Path) -> None:
    for statement in (
        "DELETE FROM demand_line",
        "DELETE FROM seal WHERE seal_no = 3",
        "INSERT INTO supplier VALUES ('X', 'slipped in')",
    ):
        path = tmp_path / "books.db"
        shutil.copy(books, path)
        connection = sqlite3.connect(path)
        connection.execute(statement)
        connection.commit()
        connection.close()
        assert "seals" in {fault.check for fault in faults(path)}, statement


def contents(path: Path) -> object:
    """Return what every query of a whole table answers, or that it can't."""
    connection = sqlite3.connect(path)
    connection.text_factory = bytes
    names = sorted(set(metadata.tables))
    try:
        return {name: sorted(connection.execute(f"SELECT * FROM {name}").fetchall(), key=repr) for name in names}
    except sqlite3.Error as fault:
        return str(fault)
    finally:
        connection.close()


def test_a_changed_byte_anywhere_in_the_file_is_found_where_it_changes_what_is_there(
    books: Path, tmp_path: Path
) -> None:
    whole, sound, chance = books.read_bytes(), contents(books), random.Random(20260630)  # noqa: S311
    digits = [at for at, byte in enumerate(whole) if 0x30 <= byte <= 0x39 and at > 100]
    places = chance.sample(digits, 40) + [chance.randrange(100, len(whole)) for _ in range(30)]
    missed, told = [], 0
    for number, at in enumerate(places):
        path = tmp_path / f"{number}.db"
        byte = whole[at] ^ (1 << chance.randrange(3))
        path.write_bytes(whole[:at] + bytes([byte]) + whole[at + 1 :])
        try:
            noticed = bool(faults(path))
        except (sa.exc.DatabaseError, UnusableDatabaseError):
            noticed = True
        if contents(path) != sound:
            told += 1
            if not noticed:
                missed.append(at)
        path.unlink()
    assert missed == []
    assert told > 15


def test_every_table_that_has_rows_is_among_those_tried(books: Path) -> None:
    connection = sqlite3.connect(books)
    filled = {name for name in metadata.tables if connection.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone()}
    connection.close()
    assert filled == set(TABLES)
    assert set(TABLES) - set(APPEND_ONLY) == {"balance", "master_seal", "part", "supplier"}
