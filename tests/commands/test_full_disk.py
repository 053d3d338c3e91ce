"""A disk that is really full, under either database: told in a sentence, nothing lost, nothing half there."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

import cli
from inventory.database import open_database, read
from inventory.proof.fingerprint import recorded
from inventory.proof.verification import verify
from tests.inventory.made_books import STORE, stocked, with_parts
from tests.swept import administer

WHEN = ("--as-of", "2026-07-01", "--user", "ann")
PARTS = [f"P{number}" for number in range(1, 400)]


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of a few megabytes of its own."""
    place = Path(tempfile.mkdtemp(prefix="sparewise-disk-"))
    mounted = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if not mounted or mounted.returncode:
        place.rmdir()
        pytest.skip("a small disk can be made by root on Linux only")
    place.chmod(0o755)
    yield place
    subprocess.run(["umount", str(place)], check=True)
    place.rmdir()


@pytest.fixture
def address(database_kind: str, small_disk: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of initialised books on the small disk."""
    if database_kind == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), small_disk / "books.db")
        yield f"sqlite:///{small_disk / 'books.db'}"
        return
    server: sa.URL = request.getfixturevalue("postgres_server")
    template = request.getfixturevalue("postgres_template")
    folder, name = small_disk / "tables", f"full_{uuid.uuid4().hex}"
    folder.mkdir()
    data = Path(str(server.query["host"]))
    os.chown(folder, data.stat().st_uid, data.stat().st_gid)
    administer(server, f"CREATE TABLESPACE {name} LOCATION '{folder}'")
    administer(server, f"CREATE DATABASE {name} TEMPLATE {template} TABLESPACE {name}")
    yield server.set(database=name).render_as_string(hide_password=False)
    administer(server, f"DROP DATABASE {name} WITH (FORCE)")
    administer(server, f"DROP TABLESPACE {name}")


def test_what_was_acknowledged_before_the_disk_was_full_is_there_and_nothing_else(
    address: str, small_disk: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPAREWISE_DB", address)
    engine = open_database(address)
    with_parts(engine, dict.fromkeys(PARTS, 12))
    stocked(engine, [(STORE, part, "A", 50, 11, "") for part in PARTS])
    with read(engine) as connection:
        acknowledged = [each.number for each in recorded(connection)]
    engine.dispose()
    filler = small_disk / "filler"
    with filler.open("wb") as stream:
        stream.write(bytes(shutil.disk_usage(small_disk).free - 200_000))
    for turn in range(200):
        stock = small_disk.parent / f"{small_disk.name}-{turn}.csv"
        rows = "\n".join(f"{STORE},{part},B{turn},7,11" for part in PARTS)
        stock.write_text(f"store,part_no,bin,quantity,unit_cost\n{rows}\n")
        code = cli.run(["import", "stock", str(stock), *WHEN])
        stock.unlink()
        told = capsys.readouterr()
        if code:
            break
        with read(engine) as connection:
            acknowledged = [each.number for each in recorded(connection)]
    assert code == 2
    assert "no room left on" in told.err
    assert "nothing of this was written" in told.err
    assert cli.run(["stock", "show", "--as-of", "2026-07-01"]) == 0, "what is there can still be read"
    filler.unlink()
    engine = open_database(address)
    with read(engine) as connection:
        assert [each.number for each in recorded(connection)] == acknowledged
        assert verify(connection) == []
    engine.dispose()
    issue = ("issue", "--store", STORE, "--part", "P1", "--quantity", "1", "--order-no", "RO-1")
    assert cli.run([*issue, *WHEN]) == 0, "and with room again the work goes on"
    assert cli.run(["ledger", "verify"]) == 0
