"""A table is held against its rule: each fault is told once, at its place, with what is expected."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from inventory.findings import Finding
from inventory.intake.checking import CheckedTable, check
from inventory.intake.files import UnreadableFileError, read_table
from inventory.intake.tables import TABLES
from inventory.intake.values import scaled

AS_OF = date(2026, 6, 30)


def checked(folder: Path, kind: str, text: str) -> tuple[CheckedTable, list[Finding], list[str]]:
    path = folder / f"{kind}.csv"
    path.write_text(text, "utf-8")
    return check(read_table(path, kind), TABLES[kind], AS_OF)


VISITS = "order_no,opened_on,store,part_no,quantity_requested,quantity_supplied,outcome\n"
VEHICLES = "vin,model,store,registered_on,left_on\n"
COUNTS = "model,store,registered_month,vehicles\n"
CHANNELS = "supplier,order_type,lead_time_days_mean,order_weekdays\n"
BOOKINGS = "appointment_no,due_on,store,part_no,quantity,confidence\n"
PARTS = "part_no,name,unit_cost,supplier\n"
ORDERS = "order_no,supplier,order_type,store,part_no,quantity,unit_cost,ordered_on,expected_on\n"

CELLS = [
    ("service_history", f"{VISITS}R1,2026-06-01,S1,P1,0,,\n", "quantity_requested", "more than 0", ""),
    ("service_history", f"{VISITS}R1,2026-06-01,S1,P1,1.2345,,\n", "quantity_requested", "at most 3 decimals", ""),
    ("service_history", f"{VISITS}R1,2026-06-01,S1,P1,1,2,\n", "quantity_supplied", "at most quantity", "mend"),
    ("service_history", f"{VISITS}R1,2026-06-01,S1,P1,1,-1,\n", "quantity_supplied", "at least 0", ""),
    ("service_history", f"{VISITS}R1,2026-07-01,S1,P1,1,1,\n", "opened_on", "2026-06-30", "--as-of"),
    ("service_history", f"{VISITS}R1,2026/6/1,S1,P1,1,1,\n", "opened_on", "YYYY-MM-DD", "write 2026-06-01"),
    ("service_history", f"{VISITS}R1,03/04/2026,S1,P1,1,1,\n", "opened_on", "YYYY-MM-DD", ""),
    ("service_history", f"{VISITS}R1,2026-06-01,S1,P1,1,1,Shelf\n", "outcome", "one of", "write shelf"),
    ("service_history", f"{VISITS}R1,2026-06-01,S1, P1,1,1,\n", "part_no", "without blanks", "write P1"),
    ("service_history", f"{VISITS}R1,2026-06-01,,P1,1,1,\n", "store", "filled in on every row", "fill in store"),
    ("open_orders", f"{ORDERS}P1,S,stock,S1,P1,1,1.23456,2026-06-01,\n", "unit_cost", "at most 4 decimals", ""),
    ("open_orders", f'{ORDERS}P1,S,stock,S1,P1,1,"1,200.5",2026-06-01,\n', "unit_cost", "4 decimals", "write 1200.5"),
    ("open_orders", f"{ORDERS}P1,S,stock,S1,P1,1,1,2026-06-02,2026-06-01\n", "expected_on", "not before", "mend"),
    ("open_orders", f"{ORDERS}P1,S,weekly,S1,P1,1,1,2026-06-02,\n", "order_type", "stock, urgent", ""),
    ("vehicles", f"{VEHICLES}V,M,S,2025-01-02,2025-01-01\n", "left_on", "not before", "mend"),
    ("vehicle_counts", f"{COUNTS}M,S,2026-07,1\n", "registered_month", "2026-06-30", ""),
    ("vehicle_counts", f"{COUNTS}M,S,2026-13,1\n", "registered_month", "YYYY-MM", ""),
    ("vehicle_counts", f"{COUNTS}M,S,2026-01,1.5\n", "vehicles", "whole number", ""),
    ("fitments", "part_no,model,year_from,year_to\nP,M,2020,2019\n", "year_to", "not before year_from", "mend"),
    ("appointments", f"{BOOKINGS}A,2026-07-01,S,P,1,1.1\n", "confidence", "at most 1", ""),
    ("demand", "part_no,period,quantity\nP,2026-06-30,1\n", "period", "Monday", ""),
    ("demand", "part_no,period,quantity\nP,2026-07-01,1\n", "period", "Monday", "write 2026-07"),
    ("demand", "part_no,period,quantity\nP,202607,1\n", "period", "Monday", "write 2026-07"),
    ("demand", "part_no,period,quantity\nP,2026年7月,1\n", "period", "Monday", "write 2026-07"),
    ("demand", "part_no,period,quantity,available\nP,2026-07,1,1.0000005\n", "available", "at most 1", ""),
    ("order_channels", f"{CHANNELS}S,stock,1,Monday\n", "order_weekdays", "MON,THU", ""),
    ("order_channels", f"{CHANNELS}S,stock,-0.5,\n", "lead_time_days_mean", "at least 0", ""),
    ("parts", f"{PARTS}P\x07,N,1,S\n", "part_no", "control characters", ""),
    ("parts", f"{PARTS}P,N,nan,S\n", "unit_cost", "a number", ""),
    ("parts", f"{PARTS}P,N,1e3,S\n", "unit_cost", "a number", ""),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "column", "reason", "suggestion"), CELLS)
def test_a_faulty_cell_is_told_once_with_what_is_expected(
    tmp_path: Path, kind: str, text: str, column: str, reason: str, suggestion: str
) -> None:
    _, (finding,), _ = checked(tmp_path, kind, text)
    assert (finding.row, finding.column) == (2, column)
    assert reason in finding.reason
    assert suggestion in finding.suggestion


SOUND = [
    (
        "demand",
        "part_no,period,quantity\nP,2026-06-29,0\nP,2026-05,2.500\n",
        "a Monday, a month, a quantity of nothing",
    ),
    ("parts", f"{PARTS}NULL,nan,0,None\n", "words that other programs read as nothing"),
    ("vehicles", "vin,model,store,registered_on\nV,M,S,2024-02-29\nW,M,S,2026-06-30\n", "a leap day, and today"),
    ("service_history", f"{VISITS}R1,2026-06-01,S1,P1,2.0,0,lost\n", "nothing supplied"),
    (
        "order_channels",
        'supplier,order_type,lead_time_days_mean,order_weekdays\nS,stock,0,"MON,THU"\n',
        "two order days",
    ),
    (" parts", "Part_No , NAME,unit_cost,supplier\nP,N,1,S\n", "headings in capitals with blanks around them"),
]


@pytest.mark.parametrize(("kind", "text", "_why"), SOUND, ids=[why for *_, why in SOUND])
def test_what_is_unusual_and_sound_is_taken(tmp_path: Path, kind: str, text: str, _why: str) -> None:
    assert checked(tmp_path, kind.strip(), text)[1] == []


def test_equal_rows_count_once_and_are_noted(tmp_path: Path) -> None:
    row = "R1,2026-06-01,S1,P1,1,1,shelf\n"
    table, findings, (note,) = checked(tmp_path, "service_history", VISITS + row * 2 + row.replace("P1", "P2") + row)
    assert findings == []
    assert table.frame["part_no"].tolist() == ["P1", "P2"]
    assert "rows that repeat an earlier one, counted once: 3, 5" in note


def test_rows_of_one_key_that_contradict_each_other_are_told(tmp_path: Path) -> None:
    text = "part_no,name,unit_cost,supplier\nP,N,1,S\nQ,N,1,S\nP,N,2,S\nP,N,1.0,S\n"
    _, (finding,), _ = checked(tmp_path, "parts", text)
    assert (finding.row, finding.column, finding.value) == (4, "part_no", "P")
    assert "row 2" in finding.suggestion


def test_rows_are_counted_as_the_spreadsheet_does(tmp_path: Path) -> None:
    text = 'part_no,name,unit_cost,supplier\nP,"two\nlines",1,S\n\n,,,\nQ,N,x,S\n'
    _, findings, _ = checked(tmp_path, "parts", text)
    assert [(finding.row, finding.column) for finding in findings] == [(2, "name"), (5, "unit_cost")]


def test_unknown_columns_are_noted_and_left(tmp_path: Path) -> None:
    text = "part_no,name,unit_cost,supplier,colour,\nP,N,1,S,red,x\n"
    table, findings, (note,) = checked(tmp_path, "parts", text)
    assert findings == []
    assert "colour" not in table.frame.columns
    assert note.endswith("columns not used: colour, (column 6 without heading)")


def test_a_heading_that_stands_twice_is_told(tmp_path: Path) -> None:
    _, (finding,), _ = checked(tmp_path, "suppliers", "supplier,name,供应商\nS,N,T\n")
    assert (finding.row, finding.column) == (1, "供应商")


def test_semicolons_are_told_with_the_missing_columns(tmp_path: Path) -> None:
    _, findings, _ = checked(tmp_path, "suppliers", "supplier;name\nS;N\n")
    assert [finding.suggestion for finding in findings] == ["separate the columns by commas"]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.csv", b"", "headings"),
        ("a.csv", b"\n1,2\n", "headings"),
        ("a.csv", b"a,b\n1,2,3\n", "as many cells"),
        ("a.csv", b'a,b\n"1,2\n', "quotation mark"),
        ("a.csv", b"a,b\n\xff\xfe,2\n", "UTF-8 or GB18030"),
        ("a.xlsx", b"not a workbook", "opens without a fault"),
        ("a.pdf", b"", ".csv or .xlsx"),
    ],
)
def test_a_file_that_holds_no_table_is_told(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableFileError) as caught:
        read_table(tmp_path / name, "parts")
    assert reason in caught.value.findings[0].reason


def test_a_formula_that_failed_is_no_empty_cell(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("about").write_formula(1, 5, "=1/0", None, "#DIV/0!")
        sheet = book.add_worksheet("visits & more")
        sheet.write_row(0, 0, VISITS.strip().split(","))
        sheet.write_row(1, 0, ["R1", "2026-06-01", "S1", "P1", 2])
        sheet.write_formula(1, 5, "=NA()", None, "#N/A")
        sheet.write_formula(1, 3, "=A99", None, "#REF!")
    table = read_table(path, "visits & more")
    _, findings, _ = check(table, TABLES["service_history"], AS_OF)
    assert {(finding.row, finding.column, finding.value) for finding in findings} == {
        (2, "quantity_supplied", "#N/A"),
        (2, "part_no", "#REF!"),
    }


def test_a_row_cut_short_lacks_its_last_cells(tmp_path: Path) -> None:
    table, findings, _ = checked(tmp_path, "suppliers", "supplier,name\nS\n")
    assert findings == []
    assert table.frame["name"].tolist() == [""]


@given(st.integers(0, 10**11 - 1), st.integers(0, 9999), st.booleans())
def test_money_is_read_to_the_last_ten_thousandth(whole: int, part: int, is_negative: bool) -> None:
    text = f"{'-' if is_negative else ''}{whole}.{part:04d}"
    values, good = scaled(pd.Series([text], dtype="str"), 4)
    assert good.all()
    assert values[0] == (whole * 10_000 + part) * (-1 if is_negative else 1)


def test_a_share_that_was_reckoned_is_rounded_and_not_refused(tmp_path: Path) -> None:
    table, findings, _ = checked(
        tmp_path,
        "demand",
        "part_no,period,quantity,available\nP,2026-05,1,0.8571428571428571\nP,2026-06,1,0.99999999\n",
    )
    assert not findings
    assert table.frame["available_ppm"].tolist() == [857_143, 1_000_000]
