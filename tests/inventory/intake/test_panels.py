"""A bare demand table as Parquet: whatever types its columns have, it says what the same table says as CSV."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from inventory.intake.panels import read_demand_panel

AS_OF = date(2026, 6, 30)
PARTS, MONTHS, QUANTITY = ["00195040", "00195040", "7701"], ["2026-01", "2026-02", "2026-01"], [1.1, 0.0, 2.25]
MONDAYS = [pd.Timestamp("2026-01-05"), pd.Timestamp("2026-01-12"), pd.Timestamp("2026-01-05")]


def written(path: Path, **columns: object) -> Path:
    whole = {"part_no": PARTS, "period": MONTHS, "quantity": QUANTITY} | columns
    parquet.write_table(pa.table(whole), path / "demand.parquet")
    return path / "demand.parquet"


@pytest.mark.parametrize(
    "column",
    [
        {"part_no": pa.array([name.encode() for name in PARTS], pa.binary())},  # older writers, bytes that are UTF-8
        {"part_no": pa.array(PARTS).dictionary_encode(), "period": pa.array(MONTHS, pa.large_string())},
        {"quantity": pa.array(QUANTITY, pa.float32())},  # 1.1 there is 1.10000002384186 in a double
        {"quantity": pa.array([Decimal("1.10"), Decimal(0), Decimal("2.25")])},
        {"available": pa.array([1.0, float("nan"), None])},
    ],
)
def test_a_column_says_the_same_in_any_type(tmp_path: Path, column: dict[str, object]) -> None:
    table, findings, _ = read_demand_panel(written(tmp_path, **column), AS_OF)
    assert not findings
    assert table["part_no"].tolist() == PARTS
    assert table["period"].tolist() == MONTHS
    assert table["quantity_milli"].tolist() == [1100, 0, 2250]
    assert table["available_ppm"].tolist() == [1_000_000] * 3


@pytest.mark.parametrize("kind", [pa.date32(), pa.timestamp("ns"), pa.timestamp("ms", "Asia/Shanghai")])
def test_a_week_is_named_by_its_monday_also_as_a_day(tmp_path: Path, kind: pa.DataType) -> None:
    days = [day.date() if kind == pa.date32() else day for day in MONDAYS]
    days = [day.tz_localize("Asia/Shanghai") for day in MONDAYS] if getattr(kind, "tz", None) else days
    table, findings, _ = read_demand_panel(written(tmp_path, period=pa.array(days, kind)), AS_OF)
    assert not findings
    assert table["period"].tolist() == ["2026-01-05", "2026-01-12", "2026-01-05"]


@pytest.mark.parametrize("index", [["part_no"], ["part_no", "period"]])
def test_what_was_a_frame_s_index_is_a_column_like_any_other(tmp_path: Path, index: list[str]) -> None:
    frame = pd.DataFrame({"part_no": PARTS, "period": MONTHS, "quantity": QUANTITY})
    frame.set_index(index).to_parquet(tmp_path / "demand.parquet")
    table, findings, _ = read_demand_panel(tmp_path / "demand.parquet", AS_OF)
    assert not findings
    assert table["part_no"].tolist() == PARTS


def test_a_fault_stands_in_the_row_where_it_lies_in_the_file(tmp_path: Path) -> None:
    frame = pd.DataFrame({"part_no": PARTS, "period": MONTHS, "quantity": [1.0, -1.0, 2.0]}, index=[7, 3, 9])
    frame.to_parquet(tmp_path / "demand.parquet")
    _, findings, _ = read_demand_panel(tmp_path / "demand.parquet", AS_OF)
    assert [(fault.row, fault.column) for fault in findings] == [(3, "quantity")]


def test_how_a_file_was_read_is_told_once(tmp_path: Path) -> None:
    path = tmp_path / "demand.csv"
    path.write_bytes("备件编码,期间,数量\nA,2026-01,1\n".encode("gb18030"))
    _, findings, notes = read_demand_panel(path, AS_OF)
    assert not findings
    assert list(notes) == ["demand.csv: read as GB18030"]
