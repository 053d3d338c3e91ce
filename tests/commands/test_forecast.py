"""The forecast at the door: a table of one's own, the books, and the factors of one part."""

import json
import math
from pathlib import Path

import pandas as pd
import pytest

from cli import run

PARTS = "part_no,name,category,unit_cost,supplier\n00195040,Oil filter,maintenance,3.2,GPC\n7701,Lamp,repair,90,GPC\n"
SUPPLIERS = "supplier,name\nGPC,Genuine Parts\n"
VEHICLES = "vin,model,store,registered_on\n" + "".join(
    f"VIN{i:03d},M1,S01,2024-03-{i % 27 + 1:02d}\n" for i in range(60)
)
FITMENTS = "part_no,model,interval_km\n00195040,M1,10000\n7701,M1,\n"
LINES = "order_no,opened_on,store,vin,part_no,quantity_requested,outcome\n" + "".join(
    f"RO{i},2026-{i % 6 + 1:02d}-10,S01,VIN{i:03d},00195040,1,shelf\n" for i in range(30)
)


@pytest.fixture
def demand_file(tmp_path: Path) -> Path:
    rows = [f"{part},2025-{month:02d},{month % 4}" for part in ("0007", "0008") for month in range(1, 13)]
    path = tmp_path / "demand.csv"
    path.write_text("part_no,period,quantity\n" + "\n".join(rows) + "\n", "utf-8")
    return path


@pytest.fixture
def books(tmp_path: Path) -> str:
    folder = tmp_path / "tables"
    folder.mkdir()
    tables = {
        "parts": PARTS,
        "suppliers": SUPPLIERS,
        "vehicles": VEHICLES,
        "fitments": FITMENTS,
        "service_history": LINES,
    }
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    db = str(tmp_path / "books.db")
    assert run(["init", "--db", db]) == 0
    assert run(["import", str(folder), "--db", db, "--as-of", "2026-06-30"]) == 0
    return db


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_table_of_one_s_own_is_forecast_without_a_database(demand_file: Path, tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"out.{suffix}"
    words = ["--horizon", "2", "--lead-time", "3", "--quantiles", "0.5,0.95", "--origin", "2025-11", "--out", str(out)]
    assert run(["forecast", "series", str(demand_file), *words]) == 0
    read = pd.read_csv(out, dtype={"part_no": "str"}) if suffix == "csv" else pd.read_parquet(out)
    assert read["part_no"].unique().tolist() == ["0007", "0008"]
    assert len(read) == 2 * 3 * 3
    assert read["quantile"].isna().sum() == 6


def test_a_lead_time_beyond_the_horizon_has_the_season_of_its_own_months(tmp_path: Path) -> None:
    months = [f"{2021 + i // 12}-{i % 12 + 1:02d}" for i in range(42)]  # the next is a July, and every August is shut
    rows = [f"P{part:02d},{m},{1 if m.endswith('-08') else 9 + part % 3}" for part in range(30) for m in months]
    table, out = tmp_path / "demand.csv", tmp_path / "out.csv"
    table.write_text("part_no,period,quantity\n" + "\n".join(rows) + "\n", "utf-8")
    told = []
    for horizon in ("1", "3"):
        words = ["--horizon", horizon, "--lead-time", "3", "--quantiles", "0.5", "--out", str(out)]
        assert run(["forecast", "series", str(table), *words]) == 0
        read = pd.read_csv(out)
        told.append(read.loc[read["target"] == "lead_time", "value"].tolist())
    assert told[0] == told[1]


def test_a_parquet_table_says_the_same_as_a_csv(demand_file: Path, tmp_path: Path) -> None:
    frame = pd.read_csv(demand_file, dtype={"part_no": "str"})
    frame.assign(quantity=frame["quantity"].astype(float)).to_parquet(tmp_path / "demand.parquet")
    outs = []
    for source in (demand_file, tmp_path / "demand.parquet"):
        outs.append(tmp_path / f"{source.suffix}.out.csv")
        assert run(["forecast", "series", str(source), "--horizon", "3", "--out", str(outs[-1])]) == 0
    assert outs[0].read_bytes() == outs[1].read_bytes()


def test_faults_of_a_table_are_told_with_row_and_column(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "demand.csv"
    path.write_text("part_no,period,quantity\nA,2025-13,1\nA,2025-02,-4\n", "utf-8")
    assert run(["forecast", "series", str(path), "--horizon", "2", "--out", str(tmp_path / "o.csv")]) == 3
    told = capsys.readouterr().err
    assert "2025-13" in told
    assert "-4" in told
    assert not (tmp_path / "o.csv").exists()


@pytest.mark.parametrize(
    "words", [["--out", "o.xls"], ["--out", "o.csv", "--quantiles", "0.5,1.2"], ["--out", "o.csv", "--origin", "May"]]
)
def test_what_is_not_understood_is_a_matter_of_usage(demand_file: Path, words: list[str]) -> None:
    assert run(["forecast", "series", str(demand_file), "--horizon", "2", *words]) == 2


def test_shares_are_told_once_each_and_rising(demand_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "o.parquet"
    words = ["--horizon", "1", "--quantiles", "0.95,0.5,0.950", "--out", str(out)]
    assert run(["forecast", "series", str(demand_file), *words]) == 0
    assert pd.read_parquet(out)["quantile"].fillna(0).tolist() == [0, 0.5, 0.95] * 2


def test_the_table_is_never_written_over_by_its_forecast(demand_file: Path) -> None:
    before = demand_file.read_bytes()
    assert run(["forecast", "series", str(demand_file), "--horizon", "2", "--out", str(demand_file)]) == 2
    assert demand_file.read_bytes() == before


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_disk_that_has_no_room_for_the_result_is_told_in_a_sentence(
    demand_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], suffix: str
) -> None:
    out = tmp_path / f"o.{suffix}"
    out.symlink_to("/dev/full")
    assert run(["forecast", "series", str(demand_file), "--horizon", "2", "--out", str(out)]) == 2
    told = capsys.readouterr().err
    assert "No space left on device; make room there" in told
    assert "Traceback" not in told


def test_a_folder_is_no_result(demand_file: Path, tmp_path: Path) -> None:
    (tmp_path / "o.csv").mkdir()
    assert run(["forecast", "series", str(demand_file), "--horizon", "2", "--out", str(tmp_path / "o.csv")]) == 2


def test_an_origin_of_another_kind_than_the_table_is_refused(
    demand_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--horizon", "2", "--origin", "2025-06-02", "--out", str(tmp_path / "o.csv")]
    assert run(["forecast", "series", str(demand_file), *words]) == 3
    assert "the origin is a month like the periods of the table" in capsys.readouterr().err


def test_the_books_are_forecast_stored_once_and_explained(books: str, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--db", books, "--as-of", "2026-06-30"]
    assert run(["forecast", "run", *where, "--json"]) == 0
    captured = capsys.readouterr()
    assert "stored as F20260630" in captured.err
    families = {row["family"]: row for row in json.loads(captured.out[captured.out.index("[") :])}
    assert families["repair/failure"]["vehicles_only"] == 1
    assert run(["forecast", "run", *where]) == 0
    assert "stored before" in capsys.readouterr().err
    assert run(["forecast", "explain", "00195040", *where, "--json"]) == 0
    rows = {row["factor"]: row["factor_value"] for row in json.loads(capsys.readouterr().out)}
    product = math.prod(value for name, value in rows.items() if name != "expected_demand")
    assert product == rows["expected_demand"]
    assert run(["forecast", "explain", "NOSUCH", *where]) == 2


def test_what_is_in_the_books_is_exported_as_a_long_table(books: str, tmp_path: Path) -> None:
    out = tmp_path / "out.parquet"
    words = ["--horizon", "2", "--lead-time", "4", "--out", str(out), "--db", books, "--as-of", "2026-06-30"]
    assert run(["forecast", "export", *words]) == 0
    table = pd.read_parquet(out)
    assert set(table["target"]) == {"period", "lead_time"}
    assert table.groupby("part_no").size().to_dict() == {"00195040": 18, "7701": 18}
    assert (table["value"] >= 0).all()


def test_periods_yet_to_come_are_read_as_written(tmp_path: Path) -> None:
    path, out = tmp_path / "demand.csv", tmp_path / "out.csv"
    path.write_text("part_no,period,quantity\nA,2025-01,1\nA,2091-02,4\nB,2025-03,2\n", "utf-8")
    assert run(["forecast", "series", str(path), "--horizon", "2", "--lead-time", "2", "--out", str(out)]) == 0
    read = pd.read_csv(out)
    assert read["value"].notna().all()
    assert (read["value"] >= 0).all()


def test_on_what_the_forecasts_rest_is_said_beside_the_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = tmp_path / "demand.csv", tmp_path / "out.csv"
    path.write_text("part_no,period,quantity\nA,2025-01,1\nA,2025-02,4\nB,2025-01,0\nB,2025-02,0\n", "utf-8")
    assert run(["forecast", "series", str(path), "--horizon", "1", "--lead-time", "2", "--out", str(out)]) == 0
    told = capsys.readouterr().err
    assert "1 calls, 1 never-asked" in told
    assert "period filter-alone, lead_time filter-alone" in told
    assert list(pd.read_csv(out).columns) == ["part_no", "store", "target", "step", "quantile", "value"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_part_is_drawn_as_it_was_expected_and_as_it_came(books: str, tmp_path: Path, language: str) -> None:
    out = tmp_path / "part.svg"
    words = ["--store", "S01", "--origin", "2026-04", "--out", str(out), "--lang", language]
    assert run(["forecast", "chart", "00195040", *words, "--db", books, "--as-of", "2026-06-30"]) == 0
    assert "00195040" in out.read_text("utf-8")
    assert run(["forecast", "chart", "NOSUCH", *words, "--db", books, "--as-of", "2026-06-30"]) == 3


def test_an_older_forecast_is_read_as_it_was_stored(books: str, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--db", books]
    explain = ["forecast", "explain", "00195040", *where, "--known-at", "0", "--json"]
    assert run(explain) == 2
    assert "no forecast was stored" in capsys.readouterr().err
    assert run(["forecast", "run", *where, "--as-of", "2026-05-31"]) == 0
    capsys.readouterr()
    assert run(explain) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {row["target"] for row in rows} == {"period", "lead_time"}
    assert rows[0]["quantile"] == ""
    assert run(["forecast", "explain", "NOSUCH", *where, "--known-at", "0"]) == 2
    assert run([*explain[:-1], "--lang", "zh"]) == 0
    assert "2026-05-31" in capsys.readouterr().out
