"""A stocktake by the commands its people type: blind sheet, entries, recount, causes, a second person."""

from __future__ import annotations

import csv
import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

import cli
from inventory.database import open_database
from tests.inventory.made_books import STORE, stocked, with_parts

Captured = pytest.CaptureFixture[str]
LONG_AGO = date(2026, 1, 1)


@pytest.fixture
def books(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database with three parts in two bins, in the present folder, named by the environment."""
    path = tmp_path / "books.db"
    path.write_bytes(sqlite_template.read_bytes())
    engine = open_database(f"sqlite:///{path}")
    with_parts(engine, {"00195040": 10, "=P1": 12, "P2": 3})
    rows = [(STORE, "00195040", "B-02", 5, 10, ""), (STORE, "=P1", "A-01", 2, 11, ""), (STORE, "P2", "B-02", 0, 3, "")]
    stocked(engine, rows, on=LONG_AGO)
    engine.dispose()
    monkeypatch.setenv("SPAREWISE_DB", str(path))
    monkeypatch.setenv("SPAREWISE_USER", "ann")
    monkeypatch.chdir(tmp_path)
    return path


def said(capsys: Captured, *words: str, code: int = 0) -> tuple[str, str]:
    assert cli.run(["count", *words]) == code
    return capsys.readouterr()


def told(capsys: Captured, *words: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = json.loads(said(capsys, *words, "--json")[0])
    return rows


def opened(capsys: Captured, *words: str) -> str:
    return said(capsys, "open", "--store", STORE, *words)[0].strip()


def test_a_stocktake_from_the_programme_to_the_books(books: Path, capsys: Captured) -> None:
    due = told(capsys, "programme", "--store", STORE)
    assert [(row["reason"], row["count_class"]) for row in due] == [("never", "C")] * 3
    assert len(told(capsys, "programme", "--lines", "2")) == 2
    assert {row["count_class"]: row["lines"] for row in told(capsys, "programme", "--progress")}["C"] == 3
    count_no = opened(capsys, "--programme", "3", "--user", "chief", "--id", "K")
    assert opened(capsys, "--programme", "3", "--user", "chief", "--id", "K") == count_no
    said(capsys, "open", "--store", STORE, code=4)
    said(capsys, "sheet", count_no, "--out", "sheet.csv")
    rows = list(csv.DictReader(Path("sheet.csv").read_text("utf-8-sig").splitlines()))
    assert [(row["bin"], row["part_no"]) for row in rows] == [("A-01", "=P1"), ("B-02", "00195040"), ("B-02", "P2")]
    for row, quantity in zip(rows, ("2", "4", ""), strict=True):
        row["quantity"] = quantity
    with Path("filled.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    talk = said(capsys, "enter", count_no, "filled.csv")[1]
    assert "2 lines entered, 0 known already; 1 still to count, 1 to recount" in talk
    assert "0 lines entered, 2 known already" in said(capsys, "enter", count_no, "filled.csv")[1]
    assert "still to be counted" in said(capsys, "review", count_no)[1]
    assert (
        "00195040"
        in said(capsys, "sheet", count_no, "--recount", "--out", "again.csv")[1] + Path("again.csv").read_text()
    )
    line = ("--part", "00195040", "--quantity", "4")
    said(capsys, "enter", count_no, *line[:-1], "3", code=4)
    said(capsys, "enter", count_no, *line, "--counter", "bob")
    said(capsys, "enter", count_no, "--part", "P2", "--quantity", "0")
    (variance,) = told(capsys, "review", count_no)
    assert (variance["counted"], variance["expected"], variance["variance"], variance["variance_value"]) == (
        4,
        5,
        -1,
        -10,
    )
    assert variance["cause_needed"] == "yes"
    Path("causes.csv").write_text(said(capsys, "review", count_no, "--csv")[0].replace(",yes,,", ",yes,lost,"), "utf-8")
    said(capsys, "cause", count_no, "causes.csv", "--user", "chief")
    assert "second person" in said(capsys, "approve", count_no, code=4)[1]
    assert said(capsys, "approve", count_no, "--user", "chief", "--dry-run")[0] == ""
    number, talk = said(capsys, "approve", count_no, "--user", "chief")
    assert number.startswith("STOCKTAKE-")
    assert "3 lines: 2 agree, 1 differ, 0 not counted; found 0.00, missing 10.00" in talk
    kept = {row["part_no"]: row for row in told(capsys, "show", count_no)}
    assert (kept["00195040"]["counter"], kept["00195040"]["cause"], kept["00195040"]["times_counted"]) == (
        "bob",
        "lost",
        2,
    )
    assert (kept["P2"]["counted"], kept["P2"]["variance"]) == (0, 0)
    assert told(capsys, "list") == []
    assert [row["state"] for row in told(capsys, "list", "--all")] == ["posted"]
    assert told(capsys, "programme") == []
    said(capsys, "sheet", count_no, "--out", "late.csv", code=4)


def test_no_command_tells_a_counter_what_the_books_hold(books: Path, capsys: Captured) -> None:
    count_no = opened(capsys)
    said(capsys, "sheet", count_no, "--out", "sheet.xlsx")
    said(capsys, "enter", count_no, "--part", "00195040", "--quantity", "4711")
    shown = [
        *(json.dumps(told(capsys, *words)) for words in (("show", count_no), ("list",), ("programme",))),
        json.dumps(told(capsys, "review", count_no, "--all", "--leave-uncounted")),
        *said(capsys, "enter", count_no, "--part", "00195040", "--quantity", "4711"),
        str([[cell.value for cell in row] for row in load_workbook("sheet.xlsx").active.rows]),  # type: ignore[union-attr]
    ]
    for text in shown:
        assert "4711" not in text, "nor what the first counter found"
        for figure in ("expected", "variance", "moved_since"):
            assert f'"{figure}": ' not in text.replace(f'"{figure}": null', "")


def test_a_sheet_is_a_workbook_with_part_numbers_as_text_and_is_read_back(books: Path, capsys: Captured) -> None:
    count_no = opened(capsys, "--bins", "B-02")
    said(capsys, "sheet", count_no, "--out", "sheet.xlsx", "--lang", "zh")
    first = Path("sheet.xlsx").read_bytes()
    said(capsys, "sheet", count_no, "--out", "sheet.xlsx", "--lang", "zh")
    assert Path("sheet.xlsx").read_bytes() == first, "the same sheet makes the same bytes"
    book = load_workbook("sheet.xlsx")
    sheet = book["count"]
    assert [cell.value for cell in sheet[1]][:5] == ["货位", "备件编码", "备件名称", "单位", "数量"]
    assert (sheet["B2"].value, sheet["B2"].data_type, sheet["B2"].number_format) == ("00195040", "s", "@")
    now = datetime.now().astimezone()
    sheet["E2"], sheet["F2"], sheet["G2"] = 5, "ann", f"{now + timedelta(days=1):%Y-%m-%d %H:%M}"
    sheet["E3"] = 0
    book.save("filled.xlsx")
    assert "counted_at" in said(capsys, "enter", count_no, "filled.xlsx", code=3)[1], "tomorrow is not yet"
    sheet["G2"] = "noon"
    book.save("filled.xlsx")
    assert "14:05" in said(capsys, "enter", count_no, "filled.xlsx", code=3)[1]
    sheet["G2"] = f"{now:%Y-%m-%d %H:%M}"
    book.save("filled.xlsx")
    assert "2 lines entered" in said(capsys, "enter", count_no, "filled.xlsx")[1]


@pytest.mark.parametrize(
    ("words", "code", "reason"),
    [
        (["open", "--store", STORE, "--bins", "A-01", "--programme", "1"], 2, "two ways to say what is counted"),
        (["open", "--store", STORE, "--class-a", "99", "--class-b", "90"], 2, "class B ends before class A"),
        (["open", "--store", STORE, "--recount-percent", "-1"], 2, "less than nothing per cent"),
        (["open", "--store", "S09"], 3, "a store without stock"),
        (["open", "--store", STORE, "--parts", "parts.csv"], 3, "a part nobody knows"),
        (["sheet", "C9", "--out", "sheet.csv"], 4, "a count nobody knows"),
        (["sheet", "C9", "--out", "sheet.pdf"], 2, "no sheet ends so"),
        (["enter", "C9"], 2, "nothing to enter"),
        (["enter", "C9", "--part", "P2", "--quantity", "1", "--at", "noon"], 2, "no time"),
        (["enter", "C9", "--part", "P2", "--quantity", "1"], 4, "a count nobody knows"),
        (["enter", "C9", "parts.csv", "--part", "P2"], 2, "a file and a line"),
        (["cause", "C9"], 2, "no cause"),
        (["cancel", "C9", "--reason", "none"], 4, "a count nobody knows"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    books: Path, capsys: Captured, words: list[str], code: int, reason: str
) -> None:
    Path("parts.csv").write_text("part_no\nP9\n", "utf-8")
    said(capsys, *words, code=code)


def test_a_count_is_opened_for_listed_parts_tried_dry_and_cancelled(books: Path, capsys: Captured) -> None:
    Path("parts.csv").write_text("零件号,货位\n00195040,B-02\nP2,Z-99\n", "utf-8")
    listed = ("open", "--store", STORE, "--parts", "parts.csv")
    assert "2 lines of S01 would be counted" in said(capsys, *listed, "--dry-run")[1]
    assert told(capsys, "list") == []
    count_no = said(capsys, *listed)[0].strip()
    assert {row["bin"] for row in told(capsys, "show", count_no)} == {"B-02", "Z-99"}
    said(capsys, "enter", count_no, "--part", "00195040", "--quantity", "5")
    said(capsys, "recount", count_no, "--part", "00195040", "--user", "chief")
    assert [row["lines_recount"] for row in told(capsys, "list")] == [1]
    said(capsys, "cancel", count_no, "--reason", "the wrong shelf", "--user", "chief")
    assert [row["state"] for row in told(capsys, "list", "--all")] == ["cancelled"]
    said(capsys, "enter", count_no, "--part", "P2", "--quantity", "1", code=4)
    assert "cancelled" in said(capsys, "show", count_no)[0]
