"""A database for a trial, beside the user's own and never in it: made, handed over, and taken away again.

Beside an SQLite file it is a file of its own in the same folder, so that the same disk and file system are tried. On a
PostgreSQL server it is a database of its own; where the user may not make one, a schema of its own in the database
named, which then shares only the queue of writers. What a killed trial leaves behind is named ``sparewise_trial_…``.
"""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from inventory.database import UnusableDatabaseError, initialise, open_database

PREFIX = "sparewise_trial_"
_MAY_NOT = "42501"


@contextmanager
def scratch_database(url: str) -> Iterator[str]:
    """Yield the address of an initialised, empty database beside the one at an address, and take it away at the end.

    Parameters
    ----------
    url
        The user's own database; it need not be there yet on SQLite, and is not written to.

    Raises
    ------
    UnusableDatabaseError
        Where nothing can be made there.
    """
    engine = open_database(url)
    try:
        if engine.dialect.name == "sqlite":
            with _folder_beside(Path(str(engine.url.database))) as folder:
                yield _initialised(f"sqlite:///{folder / 'trial.db'}")
        else:
            with _on_server(engine) as made:
                yield _initialised(made.render_as_string(hide_password=False))
    finally:
        engine.dispose()


def _initialised(url: str) -> str:
    engine = open_database(url)
    initialise(engine)
    engine.dispose()
    return url


@contextmanager
def _folder_beside(file: Path) -> Iterator[Path]:
    try:
        folder = tempfile.TemporaryDirectory(prefix=PREFIX, dir=file.parent)
    except OSError as fault:
        raise UnusableDatabaseError(f"nothing can be tried beside {file}: {fault.strerror}") from fault
    with folder as name:
        yield Path(name)


@contextmanager
def _on_server(engine: sa.Engine) -> Iterator[sa.URL]:
    name = PREFIX + uuid.uuid4().hex[:16]
    try:
        kind = _make(engine, name)
    except sa.exc.DBAPIError as fault:
        raise UnusableDatabaseError(f"nothing can be tried on the server: {fault.orig}") from fault
    try:
        if kind == "DATABASE":
            yield engine.url.set(database=name)
        else:
            yield engine.url.update_query_dict({"options": f"-csearch_path={name}"})
    finally:
        _outside_transactions(engine, f"DROP DATABASE {name} WITH (FORCE)" if kind == "DATABASE" else
                              f"DROP SCHEMA {name} CASCADE")  # fmt: skip


def _make(engine: sa.Engine, name: str) -> str:
    """Make a database, or a schema where the user may not make a database; return which."""
    try:
        _outside_transactions(engine, f"CREATE DATABASE {name}")
    except sa.exc.DBAPIError as fault:
        if getattr(fault.orig, "sqlstate", None) != _MAY_NOT:
            raise
        _outside_transactions(engine, f"CREATE SCHEMA {name}")
        return "SCHEMA"
    return "DATABASE"


def _outside_transactions(engine: sa.Engine, statement: str) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(statement)
