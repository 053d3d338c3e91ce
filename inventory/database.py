"""The doorway to the database: one address, one way to write, one way to read, on SQLite and on PostgreSQL alike.

A writer takes the lock before it reads anything (SQLite: BEGIN IMMEDIATE; PostgreSQL: one advisory lock per database,
see `take_turn`), because a read that becomes a write later fails under load whatever the timeout; so what writers count
rises in the order of commits. A reader sees one stable state from its first question to its last (SQLite: one
transaction over the write-ahead log; PostgreSQL: REPEATABLE READ, read only). Committed means on the disk: synchronous
FULL.

A writer waits for its turn (on SQLite in a queue of its own, see `writers_queue`), and nobody else's lock is met on the
way, so there is nothing to deadlock over. What the machine refuses (no room, no right to write, a lock that is not
given up) becomes one sentence; nothing was written.

The shape of the tables is brought about by the steps in `migrations/`, run by Alembic without a configuration file, so
that an installed program carries them along. A database that is not there yet, or was made by a newer program, is
refused with a sentence that says what to do.

It does not make servers or users: a PostgreSQL database must exist before it is opened.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from inventory.bulk import stretch
from inventory.proof.seals import logs, masters, seal_changes
from inventory.proof.written import Written
from inventory.write_behind import let_write_behind
from inventory.writers_queue import TURN_SECONDS, head_of_queue

if TYPE_CHECKING:
    from alembic.config import Config

_MIGRATIONS = Path(__file__).parent / "migrations"
_WRITES = "sparewise_writes"
_PATIENCE_MS = 120_000
"""How long a writer waits for its turn on SQLite; on PostgreSQL the server queues writers for as long as it takes."""

_CACHE_KIB = 65_536
"""Pages SQLite keeps at hand; with its own 2 MiB a large document is written and read again while it is posted."""

_ROWS_PER_STRETCH = 1000
_WRITERS_TURN = 0x53_50_41_52_45  # any constant will do, as long as nobody else in the database locks the same
_HINDRANCES = {
    "SQLITE_FULL": "there is no room left on the disk",
    "SQLITE_IOERR": "the disk refuses to read or write",
    "SQLITE_READONLY": "its file or folder may not be written to",
    "SQLITE_CANTOPEN": "its file can't be opened",
    "SQLITE_BUSY": "another program has kept it locked for too long",
    "SQLITE_CORRUPT": "its file is damaged",
    "SQLITE_NOTADB": "its file is no database",
    "53100": "there is no room left on the server's disk",
    "25006": "the server takes no writes",
    "42501": "its user has not the right to do this",
}
"""What a machine may refuse, by the beginning of SQLite's error name or PostgreSQL's state, told in words."""

_DRIVERS = {
    "sqlite": "sqlite",
    "sqlite+pysqlite": "sqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
_EXAMPLES = "sqlite:///sparewise.db or postgresql://user@host/name"


class UnusableDatabaseError(Exception):
    """The database can't be used as it is; the message says why and what to do."""


def open_database(url: str) -> sa.Engine:
    """Return an engine for the address; nothing is asked of the database yet.

    Parameters
    ----------
    url
        ``sqlite:///FILE`` or ``postgresql://…`` (psycopg 3 is the driver, named or not).

    Raises
    ------
    UnusableDatabaseError
        Where the address is none, names another kind of database, or its driver is not installed.
    """
    try:
        address = sa.make_url(url)
    except sa.exc.ArgumentError as fault:
        raise UnusableDatabaseError(f"a database address is written like {_EXAMPLES}; found {url!r}") from fault
    driver = _DRIVERS.get(address.drivername)
    if driver is None:
        raise UnusableDatabaseError(f"a database address begins like {_EXAMPLES}; found {address.drivername!r}")
    address = address.set(drivername=driver)
    if driver == "sqlite" and address.database in (None, "", ":memory:"):
        raise UnusableDatabaseError("the books live in a file; write sqlite:///sparewise.db")
    try:
        engine = sa.create_engine(address)
    except ModuleNotFoundError as fault:
        raise UnusableDatabaseError("PostgreSQL needs its driver: pip install 'sparewise[postgres]'") from fault
    if driver == "sqlite":
        _prepare_sqlite(engine)
    else:
        let_write_behind(engine, _sent)  # asked first: what is to be sent meanwhile is not copied at once
        sa.event.listen(engine, "do_executemany", _copied)
    return engine


def open_initialised(url: str) -> sa.Engine:
    """Return an engine for a database that is there and has the shape this program expects.

    Raises
    ------
    UnusableDatabaseError
        Where the database is missing, not initialised, older or newer than the program, or can't be reached.
    """
    engine = open_database(url)
    try:
        require_initialised(engine)
    except UnusableDatabaseError:
        engine.dispose()
        raise
    return engine


def initialise(engine: sa.Engine) -> bool:
    """Bring the database to the shape this program expects, in one transaction; an up-to-date one stays as it is.

    Returns
    -------
    bool
        True where something had to be done.

    Raises
    ------
    UnusableDatabaseError
        Where the database was made by a newer program.
    """
    try:
        with write(engine) as connection:
            if _revision(connection) == _revisions()[-1]:
                return False
            _refuse_unknown(connection)
            from alembic import command

            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            seal_changes(connection, [*logs(), *masters()])
    except sa.exc.OperationalError as fault:
        raise UnusableDatabaseError(f"the database can't be reached: {fault.orig}") from fault
    return True


def require_initialised(engine: sa.Engine) -> None:
    """Refuse a database that is missing, not initialised, or made by another version of the program.

    Raises
    ------
    UnusableDatabaseError
        With the reason and the next step.
    """
    shown = engine.url.render_as_string(hide_password=True)
    remedy = f"run: sparewise init --db {shown}"
    if engine.dialect.name == "sqlite" and not _is_there(engine, shown):
        raise UnusableDatabaseError(f"there is no database at {shown} yet; {remedy}")
    try:
        with read(engine) as connection:
            revision = _revision(connection)
            _refuse_unknown(connection)
    except sa.exc.DBAPIError as fault:
        raise UnusableDatabaseError(f"the database at {shown} can't be read: {fault.orig}") from fault
    if revision is None:
        raise UnusableDatabaseError(f"the database at {shown} is not initialised; {remedy}")
    if revision != _revisions()[-1]:
        raise UnusableDatabaseError(f"the database at {shown} was made by an older version; {remedy}")


def _is_there(engine: sa.Engine, shown: str) -> bool:
    try:
        return Path(str(engine.url.database)).exists()
    except PermissionError as fault:
        raise UnusableDatabaseError(f"the database at {shown} can't be used: its folder is closed to you") from fault


@contextmanager
def write(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Open one write transaction: committed whole at the end, or undone whole where an exception passes.

    What it wrote is sealed before it is committed (see `seals`); a transaction rolled back inside leaves no seal.

    Raises
    ------
    UnusableDatabaseError
        Where the machine refuses to write; nothing of the transaction is in the database then.
    """
    written = Written()
    with _refusals_told(engine), engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection = connection.execution_options(**{_WRITES: True})
        with connection.begin() as transaction:
            take_turn(connection)
            sa.event.listen(connection, "after_cursor_execute", written.note)
            try:
                yield connection
            finally:
                sa.event.remove(connection, "after_cursor_execute", written.note)
            if transaction.is_active:
                seal_changes(connection, written.touched, written.digests)


@contextmanager
def read(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Open one read transaction that sees a single state of the books throughout."""
    with _refusals_told(engine), engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with connection.begin():
            yield connection


def take_turn(connection: sa.Connection) -> None:
    """Wait until no other writer is at work; a write transaction does so first of all, and may ask again."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_WRITERS_TURN)))


@contextmanager
def _refusals_told(engine: sa.Engine) -> Iterator[None]:
    """Turn what the machine refuses into one sentence; faults of the program stay what they are."""
    try:
        yield
    except sa.exc.DBAPIError as fault:
        code = str(getattr(fault.orig, "sqlite_errorname", None) or getattr(fault.orig, "sqlstate", None) or "")
        told = next((words for name, words in _HINDRANCES.items() if code.startswith(name)), None)
        if told is None:
            raise
        shown = engine.url.render_as_string(hide_password=True)
        raise UnusableDatabaseError(
            f"the database at {shown} can't be used: {told} ({fault.orig}); nothing of this was written"
        ) from fault


def _prepare_sqlite(engine: sa.Engine) -> None:
    """Set what SQLite forgets with each connection, and let this module say when a transaction begins."""

    @sa.event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver must not begin transactions of its own
        for setting in (
            f"busy_timeout = {_PATIENCE_MS}",
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            f"cache_size = -{_CACHE_KIB}",
            "recursive_triggers = ON",  # INSERT OR REPLACE deletes too; the append-only triggers must see it
        ):
            connection.execute(f"PRAGMA {setting}")

    @sa.event.listens_for(engine, "begin")
    def _on_begin(connection: sa.Connection) -> None:
        if connection.get_execution_options().get(_WRITES, False):
            _begin_among_others(connection)
        else:
            connection.exec_driver_sql("BEGIN")


def _begin_among_others(connection: sa.Connection) -> None:
    """Wait for a writer's turn on SQLite, in the queue (`writers_queue`), and begin."""
    import sqlite3

    asking = connection.connection.cursor()
    until = time.monotonic() + _PATIENCE_MS / 1000
    asking.execute("PRAGMA busy_timeout = 0")  # SQLite's own waiting forgets who waits longest
    try:
        with head_of_queue(Path(str(connection.engine.url.database)), until):
            while True:
                try:
                    asking.execute("BEGIN IMMEDIATE")
                except sqlite3.OperationalError as fault:
                    if fault.sqlite_errorname.startswith("SQLITE_BUSY") and time.monotonic() < until:
                        time.sleep(TURN_SECONDS)
                        continue
                    connection.exec_driver_sql("BEGIN IMMEDIATE")  # refused again, and told as every other refusal
                return
    finally:
        asking.execute(f"PRAGMA busy_timeout = {_PATIENCE_MS}")
        asking.close()


def _sent(cursor: Any, statement: str, values: Any) -> None:
    """Send a statement of many rows to PostgreSQL."""
    if not _copied(cursor, statement, values, None):
        cursor.execute(statement, values)


def _copied(cursor: Any, statement: str, rows: Sequence[tuple[object, ...]], _context: object) -> bool:
    """Stream rows to PostgreSQL where the statement is a ``COPY``; return whether it was."""
    if not statement.startswith("COPY "):
        return False
    with cursor.copy(statement) as copy:
        for start in range(0, len(rows), _ROWS_PER_STRETCH):
            some = rows[start : start + _ROWS_PER_STRETCH]
            text = stretch(some)
            if text:
                copy.write(text)
                continue
            for row in some:  # a cell would have to be escaped, which the driver knows
                copy.write_row(row)
    return True


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config


def _revisions() -> list[str]:
    """Return the shapes this program knows, the oldest first.

    Read off the names of the steps (`v0013_….py`): Alembic itself, which takes longer to load than most commands take
    to answer, is for those who change the shape. A test holds the names against what the steps say of themselves.
    """
    return sorted(step.name[1:5] for step in (_MIGRATIONS / "versions").glob("v[0-9]*_*.py"))


def _revision(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def _refuse_unknown(connection: sa.Connection) -> None:
    """Refuse a revision that is none of this program's: it comes from a newer one."""
    revision = _revision(connection)
    if revision is not None and revision not in _revisions():
        raise UnusableDatabaseError(
            f"the database was made by a newer version of the program (its shape is {revision}); update sparewise"
        )
