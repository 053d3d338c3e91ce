"""Sound books are proven; a single digit changed in any table, or anywhere in the file, is found and told."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa

from inventory.database import UnusableDatabaseError, initialise, open_database, read
from inventory.proof.faults import Fault
from inventory.proof.seals import logs, masters
from inventory.proof.verification import CHECKS, verify
from inventory.schemas import APPEND_ONLY, metadata
from tests.inventory.every_kind import KINDS, live


def faults(path: Path) -> list[Fault]:
    engine = open_database(f"sqlite:///{path}")
    try:
        with read(engine) as connection:
            return verify(connection, [check for check in CHECKS if check != "guards"])  # which `books` has not
    finally:
        engine.dispose()


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


def unguarded(connection: sa.Connection) -> None:
    """Turn the guards off, as who has all rights in a database can."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        return
    for name in connection.execute(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all():
        connection.execute(sa.text(f"DROP TRIGGER {name}"))
    connection.execute(sa.text("PRAGMA ignore_check_constraints = ON"))
    connection.execute(sa.text("PRAGMA defer_foreign_keys = ON"))


def tampered(connection: sa.Connection, column: sa.Column[object], chance: random.Random) -> str:
    """Change a digit of a column in a row of its table; tell it, or nothing where the database can't hold the new."""
    table = column.table
    row = chance.choice(connection.execute(sa.select(table)).all())._mapping
    new = changed(row[column.name], chance)
    this = sa.and_(*(each == row[each.name] for each in table.primary_key.columns))
    try:
        with connection.begin_nested():
            connection.execute(sa.update(table).where(this).values({column.name: new}))
    except sa.exc.DBAPIError:  # two rows of one key, or a number too large for the column
        return ""
    return f"{column}: {row[column.name]!r} became {new!r}"


def rounds() -> list[list[sa.Column[object]]]:
    """Return what is changed at a time: one column of every log and master, or one of the other tables alone."""
    alone = [metadata.tables[name] for name in ("balance", "seal", "master_seal")]
    together = [metadata.tables[name] for name in sorted({*logs(), *masters()})]
    most = max(len(table.columns) for table in together)
    first = [[list(table.columns)[at] for table in together if at < len(table.columns)] for at in range(most)]
    return [*first, *([column] for table in alone for column in table.columns)]


def test_a_changed_digit_in_any_column_of_any_table_is_found_and_its_table_told(engine: sa.Engine) -> None:
    live(engine)
    chance = random.Random(20260630)  # noqa: S311
    missed: list[str] = []
    tried = 0
    for columns in rounds():
        with engine.connect() as connection, connection.begin() as transaction:
            unguarded(connection)
            told = {column.table.name: tampered(connection, column, chance) for column in columns}
            step = "values" if "balance" in told else "seals"
            found = {fault.table for fault in verify(connection, [step])}
            missed += [said for name, said in told.items() if said and name not in found]
            tried += sum(bool(said) for said in told.values())
            transaction.rollback()
    assert missed == []
    assert tried > 0.95 * sum(len(table.columns) for table in metadata.tables.values())


def test_every_row_of_every_table_is_held_against_its_seal(engine: sa.Engine) -> None:
    """One cell of each row of each log and master is changed, all at once: each row is told."""
    live(engine)
    rows: dict[str, int] = {}
    with engine.connect() as connection, connection.begin() as transaction:
        unguarded(connection)
        for name in {*logs(), *masters()}:
            table = metadata.tables[name]
            rows[name] = connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            column = next(each for each in reversed(list(table.columns)) if not each.primary_key)
            text = isinstance(column.type, sa.Text)
            other = sa.func.coalesce(column, "") + "1" if text else sa.func.coalesce(column, 0) + 1
            connection.execute(sa.update(table).values({column.name: other}))
        told = {(fault.table, fault.key) for fault in verify(connection, ["seals"])}
        transaction.rollback()
    found = Counter(table for table, key in told if not key.startswith("sealed up to"))
    assert found == rows


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
    places = chance.sample(digits, 24) + [chance.randrange(100, len(whole)) for _ in range(16)]
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
    assert told > 8


def test_books_of_every_kind_have_rows_in_every_table_and_each_is_sealed(books: Path) -> None:
    connection = sqlite3.connect(books)
    empty = {name for name in metadata.tables if not connection.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone()}
    kinds = {row[0] for row in connection.execute("SELECT DISTINCT kind FROM document")}
    connection.close()
    assert empty == set()
    assert kinds - {"test"} == KINDS
    assert len(set(APPEND_ONLY)) == len(APPEND_ONLY)
    assert set(logs()) | set(masters()) == set(metadata.tables) - {"balance", "seal", "master_seal"}
    assert not set(logs()) & set(masters())
