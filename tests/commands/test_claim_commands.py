"""From a damaged delivery to its credit, and other ways of parts off the shelf, by the commands a person types."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import cli
from inventory.database import open_database
from tests.inventory.claims.claiming import with_order
from tests.inventory.made_books import STORE, stocked

Captured = pytest.CaptureFixture[str]
DAY = ("--as-of", "2026-07-01")
C1 = "PO1-R1-C1"


@pytest.fixture
def books(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An order of ten P1 and four P2, five P2 on the shelf, in the present folder, named by the environment."""
    path = tmp_path / "books.db"
    path.write_bytes(sqlite_template.read_bytes())
    engine = open_database(f"sqlite:///{path}")
    with_order(engine)
    stocked(engine, [(STORE, "P2", "A", 5, 3, "")])
    engine.dispose()
    monkeypatch.setenv("SPAREWISE_DB", str(path))
    monkeypatch.setenv("SPAREWISE_USER", "ann")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(capsys: Captured, *words: str, code: int = 0) -> tuple[str, str]:
    assert cli.run([*words]) == code, capsys.readouterr().err
    return capsys.readouterr()


def told(capsys: Captured, *words: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = json.loads(said(capsys, *words, "--json")[0])
    return rows


def receive(capsys: Captured, *rows: str) -> str:
    lines = ("part_no,quantity_delivered,quantity_accepted,cause,bin", *rows)
    Path("delivery.csv").write_text("\n".join(lines), "utf-8")
    return said(capsys, "order", "receive", "PO1", "--lines", "delivery.csv", *DAY)[1]


def test_a_delivery_tells_its_claims_and_they_are_listed_by_urgency(books: Path, capsys: Captured) -> None:
    said(capsys, "claim", "rule", "set", "--supplier", "GPC", "--cause", "damaged", "--hours", "24")
    talk = receive(capsys, "P1,10,7,damaged,A", "P2,3,3,short,B", "P9,1,0,wrong,")
    assert f"Claim {C1}: damaged 3 of P1" in talk
    due = told(capsys, "claim", "list", "--due", "--store", STORE, "--at", "2026-07-02T12:00+00:00", *DAY)
    assert [(row["claim_no"], row["hours_left"]) for row in due] == [
        (C1, 11),
        ("PO1-R1-C2", 35),
        ("PO1-R1-C3", 35),
    ]
    assert (due[0]["cause"], due[0]["quantity"], due[0]["value"]) == ("damaged", 3, 36)
    assert told(capsys, "claim", "list", "--state", "lapsed", *DAY) == []
    assert "剩余小时" in said(capsys, "claim", "list", "--lang", "zh", *DAY)[0]
    assert told(capsys, "claim", "rule", "list")[0]["hours"] == 24
    said(capsys, "claim", "list", "--at", "noon", code=2)
    said(capsys, "claim", "rule", "set", "--hours", "0", code=3)


def test_a_claim_goes_from_open_to_closed_with_its_evidence(books: Path, capsys: Captured) -> None:
    receive(capsys, "P1,10,7,damaged,A")
    (books / "box.jpg").write_bytes(b"a photograph")
    said(capsys, "claim", "evidence", C1, "box.jpg", "--note", "the box", "--dry-run", *DAY)
    assert not (books / "sparewise-evidence").exists(), "a dry run keeps nothing"
    said(capsys, "claim", "evidence", C1, "box.jpg", "--note", "the box", *DAY)
    assert "can be submitted or lapsed" in said(capsys, "claim", "accept", C1, *DAY, code=4)[1]
    assert said(capsys, "claim", "submit", C1, "--dry-run", *DAY)[0] == ""
    number = said(capsys, "claim", "submit", C1, "--id", "K", *DAY)[0]
    assert said(capsys, "claim", "submit", C1, "--id", "K", *DAY)[0] == number
    said(capsys, "claim", "accept", C1, *DAY)
    said(capsys, "claim", "credit", C1, "--amount", "30", "--goods", "scrap", "--note", "CN-1", *DAY)
    said(capsys, "claim", "close", C1, *DAY)
    rows = told(capsys, "claim", "show", C1, *DAY)
    assert [row["step"] for row in rows] == ["open", "evidence", "submitted", "accepted", "credited", "closed"]
    assert (rows[1]["file"], rows[1]["size_bytes"], rows[1]["kept"]) == ("box.jpg", 12, "kept")
    assert (rows[4]["amount"], rows[4]["note"], rows[4]["user_name"]) == (30, "CN-1", "ann")
    assert "Submit" not in said(capsys, "claim", "show", C1, *DAY)[0]
    assert [(row["settled"], row["open"]) for row in told(capsys, "order", "show", "PO1", *DAY)] == [(3, 0), (0, 4)]
    said(capsys, "claim", "show", "PO1-R9-C1", code=4)
    said(capsys, "claim", "close", "PO1-R9-C1", code=4)


def test_a_replacement_is_received_on_its_order(books: Path, capsys: Captured) -> None:
    receive(capsys, "P1,10,8,short,A")
    for verb in ("submit", "accept", "replace"):
        said(capsys, "claim", verb, C1, *DAY)
    assert told(capsys, "order", "show", "PO1", *DAY)[0]["open"] == 2
    receive(capsys, "P1,2,2,,A")
    assert told(capsys, "order", "show", "PO1", *DAY)[0]["open"] == 0


def test_claims_nobody_submitted_lapse_and_what_waits_goes_on_the_shelf(books: Path, capsys: Captured) -> None:
    receive(capsys, "P1,10,8,damaged,A")
    late = ("--at", "2026-07-09T00:00+00:00", "--as-of", "2026-07-09")
    assert "1 claims would lapse" in said(capsys, "claim", "lapse", "--dry-run", *late)[1]
    assert said(capsys, "claim", "lapse", *late)[0] == f"{C1}\n"
    assert said(capsys, "claim", "lapse", *late)[0] == ""
    said(capsys, "claim", "refuse", C1, "--as-of", "2026-07-09", code=4)
    said(capsys, "claim", "close", C1, "--goods", "bin", "--bin", "B", "--as-of", "2026-07-09")
    (row,) = told(capsys, "stock", "show", "--part", "P1", "--as-of", "2026-07-09")
    assert (row["bins"], row["quarantine"], row["on_order"]) == ("A: 8, B: 2", 0, 0)
    said(capsys, "ledger", "verify")


def test_parts_go_back_to_the_maker_and_are_credited_less_a_fee(books: Path, capsys: Captured) -> None:
    asked = ("return", "maker", "--store", STORE, "--part", "P2", *DAY)
    assert said(capsys, *asked, "--quantity", "2", "--dry-run")[0] == ""
    number = said(capsys, *asked, "--quantity", "2", "--id", "K", "--reason", "never asked for")[0].strip()
    assert said(capsys, *asked, "--quantity", "9", code=4)[0] == ""
    said(capsys, *asked, "--quantity", "-1", code=3)
    said(capsys, "return", "credit", number, "--amount", "5", "--fee", "1", *DAY)
    said(capsys, "return", "refuse", number, "--bin", "A", *DAY, code=4)
    other = said(capsys, *asked, "--quantity", "1")[0].strip()
    said(capsys, "return", "refuse", other, "--bin", "B", *DAY)
    rows = told(capsys, "return", "list", *DAY)
    assert [(row["state"], row["value"], row["result"]) for row in rows] == [("credited", 6, -2), ("refused", 3, None)]


def test_deposits_are_charged_on_receipt_and_credited_with_the_core(books: Path, capsys: Captured) -> None:
    said(capsys, "core", "set", "P1", "--deposit", "5")
    said(capsys, "core", "set", "P7", "--deposit", "5", code=3)
    receive(capsys, "P1,10,10,,A")
    move = ("--store", STORE, "--part", "P1", *DAY)
    said(capsys, "core", "move", "take", "--quantity", "2", *move)
    assert said(capsys, "core", "move", "return", "--quantity", "1", "--dry-run", *move)[0] == ""
    said(capsys, "core", "move", "return", "--quantity", "1", "--note", "CN-2", *move)
    said(capsys, "core", "move", "return", "--quantity", "2", *move, code=4)
    said(capsys, "core", "move", "take", "--quantity", "0", *move, code=2)
    (row,) = told(capsys, "core", "list", *DAY)
    assert [row[name] for name in ("owed", "owed_deposit", "in_hand", "in_hand_deposit")] == [8, 40, 1, 5]
    said(capsys, "core", "list", *DAY)


def test_a_replaced_part_is_kept_and_let_go_in_time(books: Path, capsys: Captured) -> None:
    said(capsys, "warranty", "keep-days", "--supplier", "GPC", "--days", "15")
    said(capsys, "warranty", "keep-days", "--days", "-1", code=3)
    keep = ("warranty", "keep", "--store", STORE, "--order-no", "RO-17", "--vin", "VIN1", *DAY)
    assert said(capsys, *keep, "--part", "P1", "--dry-run")[0] == ""
    number = said(capsys, *keep, "--part", "P1")[0].strip()
    said(capsys, *keep, "--part", "P7", code=3)
    let_go = ("warranty", "release", number, "--to", "maker")
    assert "kept until 2026-07-16" in said(capsys, *let_go, "--as-of", "2026-07-16", code=4)[1]
    assert [row["state"] for row in told(capsys, "warranty", "list", "--as-of", "2026-07-17")] == ["due"]
    said(capsys, *let_go, "--as-of", "2026-07-17")
    assert told(capsys, "warranty", "list", "--as-of", "2026-07-17") == []
    assert told(capsys, "warranty", "list", "--all", "--as-of", "2026-07-17")[0]["released_to"] == "maker"


def test_the_parts_of_a_vehicle_still_under_warranty_are_told(books: Path, capsys: Captured) -> None:
    issue = ("issue", "--store", STORE, "--part", "P2", "--quantity", "1", "--order-no", "RO-1", "--vin", "VIN1")
    said(capsys, *issue, "--odometer-km", "50000", *DAY)
    asked = ("ledger", "warranty", "--vin", "VIN1", "--as-of", "2027-07-01")
    assert [row["covered"] for row in told(capsys, *asked, "--odometer", "70000")] == ["yes"]
    assert told(capsys, *asked, "--odometer", "70001") == []
    assert told(capsys, *asked, "--odometer", "70001", "--all")[0]["km_left"] == -1
    terms = ("warranty", "terms", "--category", "wear", "--months", "24")
    said(capsys, *terms, code=2)
    said(capsys, *terms, "--km", "-1", code=3)
    said(capsys, *terms, "--km", "50000", "--dry-run")
    assert len(told(capsys, *terms, "--km", "50000")) == 2
    assert len(told(capsys, "warranty", "terms")) == 2
    assert len(told(capsys, *asked, "--odometer", "70001")) == 1
