"""The supervisor's morning: import, plan, read, ask why, edit, approve, write the orders down."""

import json
import re
import shutil
from pathlib import Path

import openpyxl
import pytest

from cli import run

FILES = {
    "suppliers": "supplier,name\nGPC,Genuine Parts\nLUB,Lubricants\n",
    "parts": (
        "part_no,name,unit_cost,supplier,pack_size,moq,criticality\n"
        "00195040,Oil filter,12.5,GPC,10,1,essential\n7701,Sensor,140,GPC,1,1,essential\n"
        "OIL-5W,Engine oil,8,LUB,12,1,vital\n"
    ),
    "order_channels": (
        "supplier,order_type,lead_time_days_mean,order_weekdays,cost_multiplier\n"
        'GPC,stock,5,"MON,THU",1\nLUB,stock,7,,1\n'
    ),
    "stock": "store,part_no,quantity,unit_cost\nS01,00195040,4,12.5\nS01,OIL-5W,500,8\n",
    "open_orders": (
        "order_no,supplier,order_type,store,part_no,quantity,unit_cost,ordered_on,expected_on\n"
        "X-1,GPC,stock,S01,00195040,2,12.5,2026-06-25,2026-07-01\n"
    ),
    "budgets": "store,period,amount\nS01,2026-06,9000\nS01,2026-07,9000\n",
    "demand": "part_no,period,quantity,store\n"
    + "".join(
        f"00195040,{year}-{month:02d},{20 + month % 5},S01\n7701,{year}-{month:02d},{month % 3},S01\n"
        f"OIL-5W,{year}-{month:02d},40,S01\n"
        for year in (2024, 2025)
        for month in range(1, 13)
    )
    + "".join(f"00195040,2026-{month:02d},22,S01\n7701,2026-{month:02d},1,S01\n" for month in range(1, 7)),
}


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The books after the import, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("imported")
    for kind, text in FILES.items():
        (folder / f"{kind}.csv").write_text(text, "utf-8")
    path = folder / "books.db"
    assert run(["init", "--db", str(path)]) == 0
    assert run(["import", str(folder), "--as-of", "2026-06-30", "--db", str(path), "--user", "mei"]) == 0
    return path


@pytest.fixture
def books(imported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copy(imported, tmp_path / "books.db")
    monkeypatch.setenv("SPAREWISE_DB", str(tmp_path / "books.db"))
    monkeypatch.setenv("SPAREWISE_USER", "mei")
    return tmp_path


def said(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    capsys.readouterr()
    assert run(list(words)) == code
    captured = capsys.readouterr()
    return captured.out if code == 0 else captured.err


def planned(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = json.loads(said(capsys, "plan", "run", "--as-of", "2026-06-30", "--json"))
    return rows


def test_a_plan_is_made_found_again_and_read(books: Path, capsys: pytest.CaptureFixture[str]) -> None:
    heads = planned(capsys)
    assert [head["proposal_no"] for head in heads if head["order_type"] == "stock"] == ["20260630-GPC-stock"]
    assert planned(capsys) == heads
    lines = json.loads(said(capsys, "plan", "list", "--json"))
    assert {line["part_no"] for line in lines} >= {"00195040"}
    assert all(line["value"] == pytest.approx(line["quantity"] * line["unit_cost"]) for line in lines)
    assert all(line["reason"].startswith("Order ") for line in lines)
    assert json.loads(said(capsys, "plan", "show", "20260630-GPC-stock", "--json")) == [
        line for line in lines if line["order_type"] == "stock"
    ]


def test_a_program_reads_the_figures_and_notes_of_a_run_beside_its_proposals(
    books: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("plan", "run", "--as-of", "2026-06-30", "--dry-run")
    assert run([*asked, "--json"]) == 0
    told = capsys.readouterr()
    beside = json.loads(told.err.splitlines()[0])
    assert json.loads(told.out)
    shown = " ".join(said(capsys, *asked).split())
    assert f"{beside['expected_fill_rate']:.1%}".replace("%", " %") in shown
    assert {"unit_fill", "cycle_service", "waiting_days"} <= set(beside["figures"])
    assert {"price-of-money", "shelf"} <= {note["kind"] for note in beside["notes"]}
    assert all(text in shown for text in (*beside["said"], *(note["text"] for note in beside["notes"])))


def test_a_plan_within_a_budget_says_in_both_languages_how_much_better_exists_at_most(
    books: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("plan", "run", "--as-of", "2026-06-30", "--budget", "300", "--dry-run")
    assert re.search(r"at most \d+\.\d\d % better exists", " ".join(said(capsys, *asked).split()))
    assert re.search(r"最多还能改进 \d+\.\d\d%", "".join(said(capsys, *asked, "--lang", "zh").split("\n")))


def test_a_plan_for_a_later_day_is_not_the_plan_of_a_day(books: Path, capsys: pytest.CaptureFixture[str]) -> None:
    planned(capsys)
    latest = said(capsys, "plan", "list", "--json")
    assert said(capsys, "plan", "list", "--json", "--as-of", "2026-06-30") == latest
    assert "for a day up to 2026-06-29" in said(capsys, "plan", "list", "--as-of", "2026-06-29", code=4)
    assert "for a day up to 2026-06-29" in said(capsys, "plan", "export", "--as-of", "2026-06-29", code=4)


def test_a_dry_run_stores_nothing(books: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "plan", "run", "--as-of", "2026-06-30", "--dry-run")
    assert "plan run" in said(capsys, "plan", "list", code=4)


def test_why_is_answered_for_what_is_ordered_and_for_what_is_not(
    books: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    planned(capsys)
    ordered = json.loads(said(capsys, "plan", "explain", "00195040", "--store", "S01", "--json"))
    steps = {row["step"]: row["quantity"] for row in ordered if row["order_type"] == "stock"}
    assert steps["need"] == steps["target"] - steps["position"] > 0
    assert steps["quantity"] == steps["need"] + steps["rounding"] + steps["minimum_fill"] - steps["budget_cut"]
    assert "Order nothing" in said(capsys, "plan", "explain", "OIL-5W")
    assert "neither asked for" in said(capsys, "plan", "explain", "UNKNOWN", code=4)


def test_a_proposal_is_edited_approved_exported_and_sent(books: Path, capsys: pytest.CaptureFixture[str]) -> None:
    planned(capsys)
    (line,) = (
        one for one in json.loads(said(capsys, "plan", "list", "--json")) if one["order_type"] == "stock"
        and one["part_no"] == "00195040"
    )  # fmt: skip
    place = ["20260630-GPC-stock", "--store", "S01", "--part", "00195040", "--reason", "fleet"]
    assert "whole packs" in said(capsys, "plan", "edit", *place, "--quantity", "7", code=4)
    said(capsys, "plan", "edit", *place, "--quantity", str(line["quantity"] + 10))
    said(capsys, "plan", "approve", "20260630-GPC-stock")
    assert "is approved" in said(capsys, "plan", "edit", *place, "--quantity", "10", code=4)
    out = books / "out"
    said(capsys, "plan", "export", "--out", str(out), "--columns", "part_no=Item,quantity")
    sheet = openpyxl.load_workbook(out / "GPC.xlsx")["Order stock"]
    ordered = {row[0].value: row[2].value for row in sheet.iter_rows(min_row=4)}
    assert ordered["00195040"] == line["quantity"] + 10
    assert f"00195040,{line['quantity'] + 10}" in (out / "20260630-GPC-stock.csv").read_text("utf-8")
    said(capsys, "order", "send", "20260630-GPC-stock", "--as-of", "2026-06-30")
    again = json.loads(said(capsys, "plan", "run", "--as-of", "2026-06-30", "--json"))
    assert not [head for head in again if head["supplier"] == "GPC" and head["order_type"] == "stock"]


def test_a_template_with_an_unknown_column_is_a_matter_of_usage(
    books: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    planned(capsys)
    assert "a column is one of" in said(capsys, "plan", "export", "--columns", "colour", code=2)


def test_settings_that_cannot_be_taken_are_all_told(books: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (books / "sparewise.toml").write_text("[planning]\nfill_rate = 1.0\nunmet = 'x'\n", "utf-8")
    told = said(capsys, "plan", "run", "--as-of", "2026-06-30", code=3)
    assert "fill_rate" in told
    assert "unmet" in told


def test_what_a_store_ordered_this_month_has_left_its_budget(books: Path) -> None:
    from datetime import date

    from inventory.database import open_database
    from inventory.reading import read_snapshot

    engine = open_database(f"sqlite:///{books / 'books.db'}")
    budgets = read_snapshot(engine, date(2026, 6, 30)).budgets
    engine.dispose()
    assert dict(zip(budgets["period"], budgets["ordered_e4"], strict=True)) == {"2026-06": 250_000, "2026-07": 0}


def test_a_second_run_the_same_day_orders_nothing_twice(books: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = planned(capsys)
    for head in first:
        said(capsys, "plan", "approve", str(head["proposal_no"]))
    assert planned(capsys) == []
    lines = json.loads(said(capsys, "plan", "list", "--json"))
    assert {line["part_no"] for line in lines} >= {"00195040"}, "what is approved and not yet sent is still to be seen"
    steps = {row["step"]: row for row in json.loads(said(capsys, "plan", "explain", "00195040", "--json"))}
    assert "of it approved" in steps["position"]["detail"]
    assert steps["quantity"]["quantity"] == 0


def test_a_draft_that_a_new_plan_replaces_is_put_aside_and_said_so(
    books: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    planned(capsys)
    told = said(capsys, "plan", "run", "--as-of", "2026-06-30", "--budget", "200")
    assert "Put aside, because this plan takes their place: 20260630-GPC-stock" in " ".join(told.split())


def test_every_part_has_its_level_in_the_plan_ordered_or_not(books: Path, capsys: pytest.CaptureFixture[str]) -> None:
    planned(capsys)
    levels = {row["part_no"]: row for row in json.loads(said(capsys, "plan", "levels", "--json"))}
    assert set(levels) == {"00195040", "7701", "OIL-5W"}
    oil = levels["OIL-5W"]
    assert (oil["quantity"], oil["position"]) == (0, 500)
    assert oil["order_up_to_level"] > max(oil["reorder_point"], oil["safety_stock"]) > 0
    assert "Order nothing" in oil["reason"]
    shown = said(capsys, "plan", "levels", "--part", "OIL-5W")
    assert "Engine oil" in shown
    assert "7701" not in shown


def test_what_a_plan_comes_to_is_told_however_service_is_counted(
    books: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    heads = planned(capsys)
    figures = {row["figure"]: row["this_plan"] for row in json.loads(said(capsys, "plan", "figures", "--json"))}
    assert figures["order_value"] == pytest.approx(sum(float(str(head["value"])) for head in heads))
    assert all(0.9 < figures[name] <= 1 for name in ("line_fill", "unit_fill", "cycle_service", "ready_rate"))
    assert "Order lines filled complete" in said(capsys, "plan", "figures")


def test_the_plan_of_the_next_day_is_compared_with_the_last(books: Path, capsys: pytest.CaptureFixture[str]) -> None:
    planned(capsys)
    assert "no plan of the three months before" in said(capsys, "plan", "diff", code=4)
    said(capsys, "plan", "run", "--as-of", "2026-07-01", "--budget", "200")
    changes = json.loads(said(capsys, "plan", "diff", "--json"))
    assert changes
    for row in changes:
        assert sum(amount for name, amount in row.items() if name.startswith("by_")) == row["change"]
    shown = said(capsys, "plan", "diff", "--top", "1")
    assert "against the plan of 2026-06-30" in shown
    assert {"last_plan", "difference"} <= set(json.loads(said(capsys, "plan", "figures", "--json"))[0])


def test_what_if_shows_both_plans_and_stores_neither(books: Path, capsys: pytest.CaptureFixture[str]) -> None:
    day = ("--as-of", "2026-06-30")
    rows = json.loads(said(capsys, "plan", "what-if", *day, "--fill-rate", "0.99", "--lead-time", "GPC=+5", "--json"))
    total = next(row for row in rows if row["figure"] == "order_value" and not row["supplier"])
    per_supplier = [row for row in rows if row["figure"] == "order_value" and row["supplier"]]
    assert total["changed"] > total["today"]
    assert sum(row["changed"] for row in per_supplier) == pytest.approx(total["changed"])
    assert "Order lines filled complete" in said(capsys, "plan", "what-if", *day, "--price", "7701=280")
    assert "plan run" in said(capsys, "plan", "list", code=4)
    assert "what is to change" in said(capsys, "plan", "what-if", *day, code=2)
    assert "no supplier or part NOBODY" in said(capsys, "plan", "what-if", *day, "--lead-time", "NOBODY=1", code=4)
    for wrong in (("--lead-time", "GPC"), ("--price", "7701")):
        assert "such as" in said(capsys, "plan", "what-if", *day, *wrong, code=2)
