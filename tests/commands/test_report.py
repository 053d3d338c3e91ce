"""`sparewise report build` writes the page or the workbook, and refuses a call that means nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

import cli
from inventory.counter.issues import IssueRequest
from inventory.database import open_database
from tests.inventory.every_kind import given
from tests.inventory.made_books import STORE, TODAY, fill, stocked


@pytest.fixture
def books(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "sparewise.db").write_bytes(sqlite_template.read_bytes())
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SPAREWISE_DB", raising=False)
    return tmp_path


def build(*words: str) -> int:
    return cli.run(["report", "build", "--as-of", TODAY.isoformat(), *words])


def test_a_report_of_a_month_a_week_and_a_day_in_either_language(
    books: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = open_database(f"sqlite:///{books / 'sparewise.db'}")
    fill(engine, "part", [
        {"part_no": "P1", "name": "Filter", "category": "wear", "unit": "each", "unit_cost_e4": 10_0000,
         "list_price_e4": 15_0000, "supplier": "GPC", "pack_size_milli": 1000, "moq_milli": 1000, "criticality": "",
         "returnable": ""}
    ])  # fmt: skip
    stocked(engine, [(STORE, "P1", "A", 10, 10, "2025-06-30")], TODAY)
    given(engine, IssueRequest(STORE, "P1", 12_000, "RO-1", "VIN1", partial=True), TODAY)
    engine.dispose()
    for every, language in (("month", "en"), ("week", "zh"), ("day", "en")):
        assert build("--out", f"{every}.html", "--every", every, "--lang", language) == 0
        assert capsys.readouterr().out == f"{every}.html\n"
        page = Path(f"{every}.html").read_text("utf-8")
        assert "RO-1" in page, "the line that was not filled"
        assert f"--{'month 2026-06' if every == 'month' else f'span {every}'} --store {STORE}" in page
    assert build("--out", "june.xlsx", "--store", STORE, "--surplus") == 0
    short = openpyxl.load_workbook("june.xlsx")["Short lines"]
    assert [short[f"{column}2"].value for column in "BCDGH"] == [STORE, "RO-1", "P1", 12, 10]
    capsys.readouterr()
    assert build("--out", "june.html", "--store", "S09") == 2
    assert "nothing of store S09; they know S01" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--out", "june.pdf"), "ends in .html or .xlsx"),
        (("--out", "june.html", "--every", "day", "--month", "2026-06"), "the day is that of --as-of"),
        (("--out", "june.html"), "the books hold nothing of any store"),
    ],
)
def test_a_call_that_means_nothing_is_refused_with_its_reason(
    books: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], told: str
) -> None:
    assert build(*words) == 2
    assert told in capsys.readouterr().err
    assert not list(books.glob("june.*"))


def test_an_unlawful_card_is_refused_before_anything_is_written(
    books: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (books / "sparewise.toml").write_text("[scorecard.dimensions]\ncustomer = 55\n", "utf-8")
    assert build("--out", "june.html") == 3
    assert "5 % too much" in capsys.readouterr().err


def test_a_day_or_week_of_the_figures_is_that_of_the_day_asked_for(
    books: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["kpi", "--span", "week", "--month", "2026-06"]) == 2
    assert "a week is that of --as-of" in capsys.readouterr().err
    assert cli.run(["kpi", "--span", "week", "--as-of", "2026-06-30", "--figure", "SALES", "--json"]) == 0
    assert '"2026-06-29 – 2026-06-30"' in capsys.readouterr().out


def test_a_page_is_made_without_the_library_of_frames_which_takes_longer_to_load_than_the_figures_to_read() -> None:
    read = "commands.report_reading, inventory.idle_stock, inventory.awaiting, inventory.figures.behind"
    made = "planning.surplus.chances, reporting.pack.page, reporting.pack.book"
    asked = f"import sys, {read}, {made}; sys.exit('pandas' in sys.modules)"
    root = Path(__file__).parent.parent.parent
    assert subprocess.run([sys.executable, "-c", asked], cwd=root, check=False).returncode == 0
