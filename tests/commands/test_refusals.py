"""What the machine refuses is told in a sentence with an exit code, and nothing is lost: disk, file, clock, user."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import uuid
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

import cli
from commands import options
from inventory.database import read, write
from inventory.proof.faults import Fault
from inventory.proof.fingerprint import ledger_hash, rows_of
from inventory.proof.verification import verify
from tests.inventory.made_books import STORE, stocked, with_parts

Captured = pytest.CaptureFixture[str]
ISSUE = ("issue", "--store", STORE, "--part", "P1", "--quantity", "1", "--order-no", "RO-1", "--user", "ann")
WHEN = ("--as-of", "2026-07-01")


@pytest.fixture
def books(engine: sa.Engine, initialised_url: str, monkeypatch: pytest.MonkeyPatch) -> sa.Engine:
    """Books with stock, named by the environment, on each database."""
    with_parts(engine, {f"P{number}": 12 for number in range(1, 400)})
    stocked(engine, [(STORE, f"P{number}", "A", 50, 11, "") for number in range(1, 400)])
    monkeypatch.setenv("SPAREWISE_DB", initialised_url)
    return engine


def said(engine: sa.Engine) -> tuple[str, int, list[Fault]]:
    """What the books say, how many documents they have, and what is wrong with them."""
    with read(engine) as connection:
        return ledger_hash(connection), rows_of(connection, "document"), verify(connection)


def in_process_of_its_own(limit_bytes: int, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command that may not make a file longer than so many bytes: to the program the disk is full."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, limit_bytes))

    arguments = [sys.executable, "-m", "cli", *words]
    return subprocess.run(arguments, capture_output=True, text=True, preexec_fn=limit, check=False)


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_full_disk_is_told_and_nothing_is_lost(books: sa.Engine, initialised_url: str) -> None:
    before = said(books)
    books.dispose()
    done = in_process_of_its_own(16_384, *ISSUE, *WHEN)
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert "can't be used: the disk refuses" in done.stderr
    assert "nothing of this was written" in done.stderr
    assert said(books) == before


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_database_that_may_not_grow_is_told_and_nothing_is_lost(
    books: sa.Engine, capsys: Captured, tmp_path: Path
) -> None:
    before = said(books)

    @sa.event.listens_for(sa.Engine, "connect")
    def _no_room(connection: object, _record: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")  # type: ignore[attr-defined]  # SQLite: as many as there are

    rows = "\n".join(f"{STORE},P{number},B,7,11" for number in range(1, 400))
    (tmp_path / "stock.csv").write_text(f"store,part_no,bin,quantity,unit_cost\n{rows}\n")
    try:
        assert cli.run(["import", "stock", str(tmp_path / "stock.csv"), *WHEN]) == 2
    finally:
        sa.event.remove(sa.Engine, "connect", _no_room)
    assert "no room left on the disk" in capsys.readouterr().err
    assert said(books) == before
    assert cli.run(["import", "stock", str(tmp_path / "stock.csv"), *WHEN]) == 0


AS_SOMEBODY_ELSE = """
import os, sys, cli
assert cli.run([*sys.argv[1:], "--dry-run"]) == 0  # wakes every module, while they may be read
if os.geteuid() == 0:
    os.seteuid(65534)  # root may write to any file
sys.exit(cli.run(sys.argv[1:]))
"""


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_read_only_file_is_told_and_nothing_is_lost(books: sa.Engine, initialised_url: str) -> None:
    before = said(books)
    books.dispose()
    path = Path(initialised_url.removeprefix("sqlite:///"))
    path.chmod(0o444)
    opened = [folder for folder in path.parent.parents if folder.name.startswith(("pytest-", "popen-"))]
    for folder in opened:  # pytest's own folders are closed to everybody else
        folder.chmod(0o755)
    path.parent.chmod(0o555)
    arguments = [sys.executable, "-c", AS_SOMEBODY_ELSE, *ISSUE, *WHEN]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    path.parent.chmod(0o755)
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert "can't be used" in done.stderr
    assert "Traceback" not in done.stderr
    path.chmod(0o644)
    assert said(books) == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody to whom a folder is closed")
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_folder_that_is_closed_is_told(books: sa.Engine, initialised_url: str) -> None:
    books.dispose()
    folder = Path(initialised_url.removeprefix("sqlite:///")).parent
    folder.chmod(0o700)
    arguments = [sys.executable, "-c", AS_SOMEBODY_ELSE, *ISSUE, *WHEN]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert "its folder is closed to you" in done.stderr


@pytest.mark.parametrize("database_kind", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_a_user_who_may_only_read_is_told_and_nothing_is_lost(
    books: sa.Engine, initialised_url: str, capsys: Captured
) -> None:
    before = said(books)
    reader = f"reader_{uuid.uuid4().hex}"
    with write(books) as connection:
        connection.exec_driver_sql(f"CREATE ROLE {reader} LOGIN")
        connection.exec_driver_sql(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {reader}")
    url = sa.make_url(initialised_url).set(username=reader).render_as_string(hide_password=False)
    assert cli.run(["stock", "show", *WHEN, "--db", url]) == 0
    assert cli.run([*ISSUE, *WHEN, "--db", url]) == 2
    assert "its user has not the right to do this" in capsys.readouterr().err
    assert said(books) == before
    with write(books) as connection:
        connection.exec_driver_sql(f"DROP OWNED BY {reader}")
        connection.exec_driver_sql(f"DROP ROLE {reader}")


@pytest.mark.parametrize("database_kind", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_a_user_the_server_does_not_know_is_told(books: sa.Engine, initialised_url: str, capsys: Captured) -> None:
    url = sa.make_url(initialised_url).set(username="nobody_here")
    assert cli.run([*ISSUE, *WHEN, "--db", url.render_as_string(hide_password=False)]) == 2
    error = capsys.readouterr().err
    assert "nobody_here" in error
    assert "Traceback" not in error


def test_books_of_a_newer_program_are_left_alone(books: sa.Engine, capsys: Captured) -> None:
    before = said(books)
    with write(books) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    assert cli.run([*ISSUE, *WHEN]) == 2
    assert "newer version" in capsys.readouterr().err
    assert said(books) == before


def test_books_of_an_older_program_are_left_alone_and_told_how_to_go_on(books: sa.Engine, capsys: Captured) -> None:
    before = said(books)
    with write(books) as connection:
        present = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one()
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
    assert cli.run([*ISSUE, *WHEN]) == 2
    told = capsys.readouterr().err
    assert "older version" in told
    assert "sparewise init" in told
    with write(books) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :present"), {"present": present})
    assert said(books) == before


def test_a_clock_set_back_is_not_taken_for_today(
    books: sa.Engine, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = said(books)
    monkeypatch.setattr(options, "today", lambda: date(2026, 6, 28))  # the books were written on 2026-06-30
    assert cli.run([*ISSUE]) == 2
    assert "clock says 2026-06-28, but the books were written on 2026-06-30" in capsys.readouterr().err
    assert said(books) == before
    monkeypatch.setattr(options, "today", lambda: date(2026, 6, 29))  # a day less may be a matter of time zones
    assert cli.run([*ISSUE]) == 0
    monkeypatch.setattr(options, "today", lambda: date(2026, 6, 28))
    assert cli.run([*ISSUE, *WHEN]) == 0  # a day that is named needs no clock


def test_who_answers_for_it_must_have_a_name(
    books: sa.Engine, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = said(books)
    assert cli.run([*ISSUE[:-1], " ", *WHEN]) == 2
    assert "who answers for it is not known" in capsys.readouterr().err

    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found: 4711")

    monkeypatch.delenv("SPAREWISE_USER", raising=False)
    monkeypatch.setattr("getpass.getuser", nobody)
    assert cli.run([*ISSUE[:-2], *WHEN]) == 2
    assert "give --user NAME" in capsys.readouterr().err
    assert said(books) == before
