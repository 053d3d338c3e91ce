"""The report's workbook: typed cells, frozen heads, filters, its own charts, and links that lead somewhere."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell import Cell

from reporting.pack.book import write_report
from tests.reporting.pack.made_pack import HOSTILE, made_pack


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("book") / "june.xlsx"
    write_report(made_pack(), path, "en")
    return path


@pytest.fixture(scope="module")
def book(path: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(path)


def test_cells_have_their_types_and_text_never_becomes_a_formula(book: openpyxl.Workbook) -> None:
    part = book["Parts sold"]["B2"]
    assert (part.value, part.data_type, part.number_format) == ("00195040", "s", "@")
    assert (book["Parts sold"]["C2"].value, book["Parts sold"]["C2"].data_type) == (HOSTILE, "s")
    assert (book["Parts sold"]["D2"].value, book["Parts sold"]["E2"].value) == (18_744.82, -5)
    assert book["Short lines"]["A2"].value == datetime(2026, 6, 10)  # noqa: DTZ001 - a day of a workbook has no zone
    assert (book["Short lines"]["G2"].value, book["Short lines"]["F2"].value) == (2.5, "lost")
    assert book["Short lines"]["G2"].number_format == "#,##0.0##"
    assert book["Parts on the shelf"]["D2"].number_format == "#,##0", "a whole number ends in no point"
    assert book["Parts on the shelf"]["F2"].value is None, "never asked for"
    assert [cell.value for cell in book["Suppliers"][2]][3:] == [0.5, None, 0.5]


def test_figures_stand_with_goal_and_change_of_all_stores_and_of_each(book: openpyxl.Workbook) -> None:
    sheet = book["Figures"]
    heads = [cell.value for cell in sheet[1]]
    rows = [dict(zip(heads, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=2)]
    fill = [row for row in rows if row["Id"] == "FILL_SHELF_LINE"]
    assert [row["Store"] for row in fill] == ["all", "S01", "S02"]
    assert (fill[0]["Value"], fill[0]["Goal, least"], fill[0]["Goal met"]) == (0.84, 0.9, "missed")
    assert fill[0]["Change"] == pytest.approx(0.084)
    (counted,) = (row for row in rows if row["Id"] == "ACCURACY_LINE" and row["Store"] == "all")
    assert (counted["Value"], counted["Points"]) == ("–", None)


def test_heads_are_frozen_and_every_list_can_be_filtered(book: openpyxl.Workbook) -> None:
    for sheet in book.worksheets:
        if sheet.title not in ("What needs doing", "Charts"):
            assert sheet.freeze_panes in ("A2", "C2"), sheet.title
            assert sheet.auto_filter.ref.startswith("A1:"), sheet.title
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9), sheet.title
        foot = sheet.oddFooter
        assert foot is not None
        assert foot.right.text == "&P / &N", sheet.title
    assert len(book["Charts"]._charts) == 6  # type: ignore[attr-defined]


def cell_at(book: openpyxl.Workbook, sheet: str, place: str) -> Cell:
    cell = book[sheet][place]
    assert isinstance(cell, Cell)
    return cell


def test_a_row_is_as_high_as_its_longest_text_needs(book: openpyxl.Workbook) -> None:
    for name, column, width in (("Proposal lines", "G", 80), ("Definitions", "E", 90)):
        for row in range(2, book[name].max_row + 1):
            lines = len(str(book[name][f"{column}{row}"].value)) / width
            assert book[name].row_dimensions[row].height >= 15 * lines


def test_links_lead_to_cells_that_there_are(book: openpyxl.Workbook) -> None:
    links = [cell.hyperlink for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert len(links) > 100
    for link in links:
        name, place = re.fullmatch(r"'(.+)'!(\w+)", link.location or "").groups()  # type: ignore[union-attr]
        assert cell_at(book, name, place).value is not None, link.location
    first = book["What needs doing"]["A8"]
    name, place = (first.hyperlink.location or "").split("!")
    named = cell_at(book, name.strip("'"), place).offset(0, 1).value
    assert str(named) in str(first.value)


def test_months_of_stores_together_come_first_for_the_charts(book: openpyxl.Workbook) -> None:
    sheet = book["Twelve months"]
    assert [sheet[f"A{row}"].value for row in (2, 13, 14, 37)] == ["S01, S02", "S01, S02", "S01", "S02"]
    assert [sheet[f"B{row}"].value for row in (2, 13)] == [datetime(2025, 7, 1), datetime(2026, 6, 1)]  # noqa: DTZ001
    assert [sheet[f"C{row}"].value for row in (8, 9, 13)] == [None, 86, 90], "no month before the books were begun"


def test_the_same_pack_is_the_same_workbook_byte_for_byte_in_either_language(path: Path, tmp_path: Path) -> None:
    write_report(made_pack(), tmp_path / "again.xlsx", "en")
    assert (tmp_path / "again.xlsx").read_bytes() == path.read_bytes()
    write_report(made_pack(("S01",)), tmp_path / "zh.xlsx", "zh")
    assert openpyxl.load_workbook(tmp_path / "zh.xlsx")["备件销售"]["B1"].value == "备件编码"


def test_a_list_that_is_cut_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reporting.pack.book.MOST_ROWS", 7)
    write_report(made_pack(), tmp_path / "cut.xlsx", "en")
    sheet = openpyxl.load_workbook(tmp_path / "cut.xlsx")["Parts sold"]
    assert (sheet["A8"].value, sheet["A9"].value) == ("S01", "7 of 30 shown")
