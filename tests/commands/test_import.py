"""`init` and `import` as a user meets them: exit codes, and what is said where."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli import run
from tests.inventory.intake.dealership import FILES, write_files

AS_OF = ["--as-of", "2026-06-30"]


@pytest.fixture
def database(initialised_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("SPAREWISE_DB", initialised_url)
    return initialised_url


def test_a_new_database_is_made_and_made_once(database_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", "--db", database_url]) == 0
    assert "is ready" in capsys.readouterr().err
    assert run(["init", "--db", database_url]) == 0
    assert "was ready before" in capsys.readouterr().err


def test_importing_before_init_is_told_with_the_next_step(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_files(tmp_path / "tables")
    assert run(["import", str(folder), "--db", str(tmp_path / "none.db")]) == 2
    assert "sparewise init" in capsys.readouterr().err


def test_a_folder_is_imported_and_counted(database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["import", str(write_files(tmp_path / "tables")), *AS_OF, "--json"]) == 0
    rows = {row["table"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["parts"] == {"table": "parts", "rows_read": 4, "rows_new": 4, "rows_changed": 0, "rows_unchanged": 0}
    assert set(rows) == set(FILES)


@pytest.mark.parametrize(
    ("kind", "old", "new", "told"),
    [
        ("parts", "unit_cost", "price", ["unit_cost"]),
        ("fitments", "NA,M1", "N/A,M1", ["3", "part_no", "N/A"]),
        ("stock", "A-01,7,", "A-01,-7,", ["2", "quantity", "-7"]),
        ("vehicles", "2024-02-29", "2023-02-29", ["2", "registered_on", "2023-02-29"]),
        ("vehicles", "2024-02-29", "2026-07-01", ["2", "registered_on", "2026-07-01"]),
    ],
)
def test_faults_are_listed_and_the_data_refused(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str, old: str, new: str, told: list[str]
) -> None:
    folder = write_files(tmp_path / "tables", {kind: FILES[kind].replace(old, new)}, kinds=["parts"])
    assert run(["import", str(folder), *AS_OF]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert "nothing was changed" in err
    for word in told:
        assert word in err


def test_a_known_order_with_other_content_is_a_conflict(database: str, tmp_path: Path) -> None:
    assert run(["import", str(write_files(tmp_path / "tables", kinds=["parts", "service_history"])), *AS_OF]) == 0
    file = tmp_path / "again.csv"
    file.write_text(FILES["service_history"].replace("00195040,1,", "00195040,2,"), "utf-8")
    assert run(["import", "service_history", str(file), *AS_OF]) == 4


@pytest.mark.parametrize(
    "words", [["bolts", "parts.csv"], ["parts", "none.csv"], ["parts", "stock", "parts.csv"], ["parts", "."]]
)
def test_words_that_make_no_sense_are_a_matter_of_usage(tmp_path: Path, words: list[str]) -> None:
    (tmp_path / "parts.csv").write_text(FILES["parts"], "utf-8")
    here = [str(tmp_path / word) if "." in word else word for word in words]
    assert run(["import", *here, "--db", str(tmp_path / "any.db")]) == 2


def test_a_dry_run_says_so(database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_files(tmp_path / "tables", kinds=["parts"])
    assert run(["import", str(folder), *AS_OF, "--dry-run"]) == 0
    assert "nothing was changed" in capsys.readouterr().err
    assert run(["import", str(folder), *AS_OF, "--csv"]) == 0
    assert capsys.readouterr().out.splitlines()[1] == "parts,4,4,0,0"
