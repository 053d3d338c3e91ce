"""The due list, what is told beforehand, what was seen and what was set apart, at the door."""

import json
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest

from cli import run

DAY = date(2026, 6, 30)
CARS = 60
TABLES = {
    "suppliers": "supplier,name\nGPC,Genuine Parts\n",
    "parts": "part_no,name,category,unit_cost,supplier\n00195040,Oil filter,maintenance,3.2,GPC\n"
    "7701,Airbag,repair,90,GPC\n",
    "fitments": "part_no,model,interval_km,interval_months\n00195040,M1,10000,6\n7701,M1,,\n",
    "vehicles": "vin,model,store,registered_on\n"
    + "".join(f"VIN{i:03d},M1,S01,2023-03-{i % 27 + 1:02d}\n" for i in range(CARS)),
    "service_history": "order_no,opened_on,store,vin,odometer_km,job_type,part_no,quantity_requested,outcome\n"
    + "".join(
        f"RO{i}-{back},{DAY - timedelta(days=3 * i + 182 * back)},S01,VIN{i:03d},{40000 - 5000 * back},maintenance,"
        "00195040,1,shelf\n"
        for i in range(CARS)
        for back in range(5)
    )
    + "FLEET,2026-05-05,S01,,,repair,00195040,70,shelf\n",
    "stock": "store,part_no,quantity,unit_cost\nS01,00195040,2,3.2\n",
    "appointments": "appointment_no,due_on,store,vin,model,job_type,part_no,quantity\n"
    "AP1,2026-07-03,S01,VIN058,M1,maintenance,00195040,1\n",
    "campaigns": "campaign_no,part_no,model,store,starts_on,vehicles,uptake\nRC1,7701,M1,S01,2026-06-01,60,0.8\n",
}
AT = ["--as-of", str(DAY)]


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("tables")
    for name, text in TABLES.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    db = str(folder / "books.db")
    assert run(["init", "--db", db]) == 0
    assert run(["import", str(folder), "--db", db, *AT]) == 0
    return db


def rows(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, object]]:
    capsys.readouterr()
    assert run(["forecast", *words, *AT, "--json"]) == 0
    found: list[dict[str, object]] = json.loads(capsys.readouterr().out)
    return found


def test_the_due_list_is_for_the_front_desk(books: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "calls.xlsx"
    window = ["--from", "2026-07-01", "--to", "2026-07-14"]
    found = rows(capsys, "due", *window, "--db", books, "--out", str(out))
    booked = [row for row in found if row["booked_on"]]
    assert [row["vin"] for row in booked] == ["VIN058"]
    assert found[-1] == booked[0]  # those to be called come first
    assert all(row["parts_needed"] == "00195040" for row in found)
    assert all(row["items_due"] == f"{row['item_due']} {row['service_due_on']}" for row in found)  # their only item
    assert [row["parts_short"] for row in found[:3]] == ["", "", "00195040"]
    sheet = openpyxl.load_workbook(out).active
    assert sheet is not None
    assert sheet.max_row == len(found) + 1
    assert sheet["B2"].value == found[0]["vin"]
    assert sheet["B2"].data_type == "s"
    assert "S02" not in capsys.readouterr().err
    assert run(["forecast", "due", *window, "--db", books, *AT, "--json", "--store", "S02"]) == 0
    nobody = capsys.readouterr()
    assert json.loads(nobody.out) == []
    assert "Not in the list: S02" in nobody.err  # nobody to call, or nobody known: that is told apart
    assert run(["forecast", "due", *window, "--db", books, *AT, "--lang", "zh"]) == 0
    assert "预计到店车辆" in capsys.readouterr().out


@pytest.mark.parametrize("window", [("2026-06-30", "2026-07-14"), ("2026-07-14", "2026-07-01")])
def test_a_due_list_looks_ahead(books: str, window: tuple[str, str]) -> None:
    assert run(["forecast", "due", "--from", window[0], "--to", window[1], "--db", books, *AT]) == 2


def test_every_fault_of_a_due_list_s_days_is_told_at_once(books: str, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["--from", "2037-08-14", "--to", "2037-08-01", "--out", "/nowhere/calls.pdf"]
    assert run(["forecast", "due", *asked, "--db", books, *AT]) == 2
    told = capsys.readouterr().err
    assert "--to not before it" in told
    assert "within 108 months" in told
    assert "/nowhere/calls.pdf" in told


def test_what_is_told_beforehand_is_shown_with_its_source(books: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = {row["stream"]: row for row in rows(capsys, "told", "--days", "60", "--db", books)}
    assert set(told) == {"booked", "campaign", "bulk"}
    assert (told["booked"]["told_by"], told["booked"]["begins_on"]) == ("AP1", "2026-07-03")
    assert told["campaign"]["calls_open"] == 60
    assert told["bulk"]["units_each"] == 70
    assert run(["forecast", "told", "--db", books, *AT]) == 0
    assert "recall or campaign" in capsys.readouterr().out


def test_a_bulk_order_is_listed_with_its_rule_and_can_be_called_usual(
    books: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (bulk,) = rows(capsys, "bulk", "list", "--db", books)
    assert (bulk["order_no"], bulk["quantity"], bulk["rule"]) == ("FLEET", 70, "beyond-usual-size")
    words = ["--store", "S01", "--order-no", "FLEET", "--part", "00195040", "--as", "usual", "--reason", "every May"]
    confirm = ["forecast", "bulk", "confirm", *words, "--db", books, *AT, "--user", "ann"]
    assert run([*confirm, "--dry-run"]) == 0
    assert len(rows(capsys, "bulk", "list", "--db", books)) == 1
    assert run(confirm) == 0
    assert capsys.readouterr().out.startswith("JUDGE-")
    assert rows(capsys, "bulk", "list", "--db", books) == []
    seen = rows(capsys, "observed", "00195040", "--db", books)
    assert max(int(str(row["quantity"])) for row in seen if row["period"] == "2026-05") > 70
    assert {row["observation"] for row in seen} == {"seen"}
    back = [*words[:-4], "--as", "bulk", "--reason", "one fleet"]
    assert run(["forecast", "bulk", "confirm", *back, "--db", books, *AT, "--user", "ann"]) == 0
    assert [row["rule"] for row in rows(capsys, "bulk", "list", "--db", books)] == ["confirmed"]
    wrong = [*words[:2], "--order-no", "NONE", *words[4:]]
    assert run(["forecast", "bulk", "confirm", *wrong, "--db", books, *AT, "--user", "ann"]) == 4


def test_a_part_nobody_knows_has_no_history(books: str) -> None:
    assert run(["forecast", "observed", "NONE", "--db", books, *AT]) == 2
