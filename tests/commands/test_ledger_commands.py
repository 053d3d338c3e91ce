"""From the stock file to the KPIs by the commands a supervisor types; every command refuses in words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

import cli
from inventory.database import open_database, write
from inventory.schema import balance
from tests.inventory.made_books import STORE, stocked, with_parts
from tests.inventory.purchasing.test_orders import ROWS, event, imported, planned

Captured = pytest.CaptureFixture[str]
WHEN = ("--as-of", "2026-07-01")


@pytest.fixture
def books(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database with stock and an open order, in the present folder, named by the environment."""
    path = tmp_path / "books.db"
    path.write_bytes(sqlite_template.read_bytes())
    engine = open_database(f"sqlite:///{path}")
    with_parts(engine, {"00195040": 10, "P1": 12, "P2": 3})
    stocked(engine, [(STORE, "00195040", "A", 5, 10, ""), (STORE, "P1", "B", 2, 11, "")])
    imported(engine, ROWS[:2])
    engine.dispose()
    monkeypatch.setenv("SPAREWISE_DB", str(path))
    monkeypatch.chdir(tmp_path)
    return path


def said(capsys: Captured, *words: str, code: int = 0) -> tuple[str, str]:
    assert cli.run([*words]) == code
    return capsys.readouterr()


def told(capsys: Captured, *words: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = json.loads(said(capsys, *words, *WHEN, "--json")[0])
    return rows


def test_stock_shows_what_lies_where_and_what_it_is_worth(books: Path, capsys: Captured) -> None:
    rows = {row["part_no"]: row for row in told(capsys, "stock", "show")}
    assert rows["00195040"] == {
        "store": "S01",
        "part_no": "00195040",
        "name": "name of 00195040",
        "on_hand": 5,
        "reserved": 0,
        "quarantine": 0,
        "on_order": 0,
        "unit_cost": 10,
        "value": 50,
        "valuation": "average",
        "tax_basis": "excluded",
        "bins": "A: 5",
    }
    assert (rows["P2"]["on_hand"], rows["P2"]["on_order"], rows["P2"]["unit_cost"]) == (0, 4, None)
    assert [row["part_no"] for row in told(capsys, "stock", "show", "--part", "P1", "--store", "S01")] == ["P1"]


def test_a_part_is_issued_under_its_whole_number_and_prints_the_movement(books: Path, capsys: Captured) -> None:
    issue = ("issue", "--store", STORE, "--part", "00195040", "--order-no", "RO-1", *WHEN)
    output, talk = said(capsys, *issue, "--quantity", "1.5", "--id", "K")
    assert output.strip().isdigit()
    assert "1.5 of 00195040 issued" in talk
    assert said(capsys, *issue, "--quantity", "1.5", "--id", "K")[0] == output, "told twice, issued once"
    assert "other content" in said(capsys, *issue, "--quantity", "1", "--id", "K", code=4)[1]
    assert told(capsys, "stock", "show", "--part", "00195040")[0]["on_hand"] == 3.5


def test_a_shortage_is_refused_with_code_4_and_a_part_delivery_allowed(books: Path, capsys: Captured) -> None:
    issue = ("issue", "--store", STORE, "--part", "00195040", "--quantity", "9", "--order-no", "RO-1", *WHEN)
    output, talk = said(capsys, *issue, "--dry-run", code=4)
    assert "would be recorded as special_order" in talk
    output, talk = said(capsys, *issue, code=4)
    assert output == ""
    assert "5 of 00195040 free" in talk
    assert "9 is recorded as special_order" in talk
    output, talk = said(capsys, *issue, "--partial")
    assert output.strip().isdigit()
    assert told(capsys, "stock", "show", "--part", "00195040") == []


@pytest.mark.parametrize(
    ("words", "code", "reason"),
    [
        (["--part", "P9", "--quantity", "1"], 3, "an unknown part is rejected data"),
        (["--part", "P1", "--quantity", "-1"], 3, "less than nothing is rejected data"),
        (["--part", "P1", "--quantity", "many"], 2, "no number is a fault of usage"),
        (["--part", "P1", "--quantity", "0.0001"], 2, "four decimals are a fault of usage"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    books: Path, capsys: Captured, words: list[str], code: int, reason: str
) -> None:
    said(capsys, "issue", "--store", STORE, "--order-no", "RO-1", *words, *WHEN, code=code)


def test_a_dry_run_shows_and_posts_nothing(books: Path, capsys: Captured) -> None:
    before = told(capsys, "stock", "show")
    issue = ("issue", "--store", STORE, "--part", "P1", "--quantity", "1", "--order-no", "RO-1", *WHEN, "--dry-run")
    output, talk = said(capsys, *issue)
    assert output == ""
    assert "would be issued" in talk
    output, talk = said(capsys, "order", "receive", "PO1", *WHEN, "--dry-run")
    assert output == ""
    assert "PO1-R1" in talk
    assert told(capsys, "stock", "show") == before


def test_an_order_is_listed_received_from_a_file_and_shown(books: Path, capsys: Captured) -> None:
    (head,) = told(capsys, "order", "list")
    assert (head["order_no"], head["lines_open"], head["value_open"]) == ("PO1", 2, 132)
    faulty = "part_no,quantity_delivered,quantity_accepted,cause,bin\nP1,11,11,,\nP7,1,2,,\n"
    Path("faulty.csv").write_text(faulty, "utf-8")
    assert "quantity_accepted" in said(capsys, "order", "receive", "PO1", "--lines", "faulty.csv", *WHEN, code=3)[1]
    Path("delivery.csv").write_text("零件号,到货数量,验收数量,原因,货位\nP1,9,8,damaged,C-1\n", "utf-8")
    assert said(capsys, "order", "receive", "PO1", "--lines", "delivery.csv", *WHEN)[0] == "PO1-R1\n"
    lines = told(capsys, "order", "show", "PO1")
    assert [(row["part_no"], row["accepted"], row["open"]) for row in lines] == [("P1", 8, 2), ("P2", 0, 4)]
    assert said(capsys, "order", "receive", "PO1", *WHEN)[0] == "PO1-R2\n"
    assert told(capsys, "order", "list") == []
    assert [row["lines_open"] for row in told(capsys, "order", "list", "--all")] == [0]
    said(capsys, "order", "receive", "PO1", *WHEN, code=4)
    said(capsys, "order", "receive", "PO7", *WHEN, code=3)
    said(capsys, "order", "show", "PO7", *WHEN, code=4)


def test_a_proposal_is_sent_when_it_is_approved(
    tmp_path: Path, sqlite_template: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "plan.db"
    path.write_bytes(sqlite_template.read_bytes())
    monkeypatch.setenv("SPAREWISE_DB", str(path))
    engine = open_database(f"sqlite:///{path}")
    number = planned(engine)
    assert "only an approved proposal" in said(capsys, "order", "send", number, *WHEN, code=4)[1]
    event(engine, number, "approved")
    engine.dispose()
    assert said(capsys, "order", "send", number, *WHEN, "--dry-run")[0] == ""
    order_no = said(capsys, "order", "send", number, *WHEN)[0].strip()
    assert [row["open"] for row in told(capsys, "order", "show", order_no)] == [10, 4]
    said(capsys, "order", "send", number, *WHEN, code=4)


def test_a_part_has_a_history_and_the_books_add_up(books: Path, capsys: Captured) -> None:
    said(capsys, "order", "receive", "PO1", *WHEN)
    rows = told(capsys, "ledger", "history", "P1", "--store", STORE)
    assert [(row["from"], row["to"], row["quantity"], row["on_hand"]) for row in rows] == [
        ("opening", "bin B", 2, 2),
        ("supplier GPC", "bin B", 10, 12),
    ]
    assert json.loads(said(capsys, "ledger", "verify", "--json")[0]) == []
    assert "sum of its movements" in said(capsys, "ledger", "verify")[1]


def test_books_that_were_tampered_with_are_told_row_by_row(books: Path, capsys: Captured) -> None:
    engine = open_database(f"sqlite:///{books}")
    with write(engine) as connection:
        connection.execute(sa.update(balance).where(balance.c.place_name == "A").values(quantity_milli=6000))
    engine.dispose()
    output, _ = said(capsys, "ledger", "verify", "--json", code=1)
    row, *_ = json.loads(output)
    assert (row["check"], row["table"], row["column"]) == ("balances", "balance", "quantity_milli")
    assert (row["key"], row["expected"], row["found"]) == (f"{STORE} 00195040 bin A", "5000", "6000")


def test_figures_are_printed_with_their_definition_and_a_dash_where_there_is_none(
    books: Path, capsys: Captured
) -> None:
    output, _ = said(capsys, "kpi", *WHEN, "--store", STORE, "--definitions")
    assert "demand lines supplied complete from the shelf at request ÷ demand lines" in " ".join(output.split())
    assert "–" in output
    sheet, _ = said(capsys, "kpi", *WHEN, "--store", STORE)
    assert len(sheet.splitlines()) < len(output.splitlines()) / 4, "a line a figure, without definitions"
    assert "Claims lapsed" in " ".join(sheet.split()), "also of what there is nothing to divide by, in a note"
    assert {row["month"] for row in told(capsys, "kpi", "--month", "2026-06")} == {"2026-06"}
    assert {row["store"] for row in told(capsys, "kpi", "--store", STORE)} == {STORE}
    said(capsys, "kpi", "--month", "June", code=2)
