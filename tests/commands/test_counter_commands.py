"""A day at the counter by the commands one types: hold, hand over, send, bring back, put right; refused in words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import cli
from inventory.database import open_database
from tests.inventory.made_books import STORE, fill, stocked, with_parts

Captured = pytest.CaptureFixture[str]
PART = ("--store", STORE, "--part", "00195040")


@pytest.fixture
def _books(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five of 00195040 in bin A, which replaced 00195039, of which two are left; named by the environment."""
    path = tmp_path / "books.db"
    path.write_bytes(sqlite_template.read_bytes())
    engine = open_database(f"sqlite:///{path}")
    with_parts(engine, {"00195039": 9, "00195040": 10})
    stocked(engine, [(STORE, "00195040", "A", 5, 10, ""), (STORE, "00195039", "B", 2, 9, "")])
    step = {"effective_on": "2025-01-01", "quantity_milli": 1000, "kind": "replaces"}
    fill(engine, "supersession", [{"part_no": "00195039", "replaced_by": "00195040", **step}])
    engine.dispose()
    monkeypatch.setenv("SPAREWISE_DB", str(path))
    monkeypatch.setenv("SPAREWISE_USER", "ann")
    monkeypatch.chdir(tmp_path)


def said(capsys: Captured, *words: str, code: int = 0, on: str = "2026-07-01") -> tuple[str, str]:
    assert cli.run([*words, "--as-of", on]) == code, capsys.readouterr().err
    output, talk = capsys.readouterr()
    return output.strip(), talk


def told(capsys: Captured, *words: str, on: str = "2026-07-01") -> list[dict[str, object]]:
    rows: list[dict[str, object]] = json.loads(said(capsys, *words, "--json", on=on)[0])
    return rows


@pytest.mark.usefixtures("_books")
def test_a_reservation_is_held_listed_handed_over_and_expires(capsys: Captured) -> None:
    holding = ("reserve", "hold", *PART, "--quantity", "4", "--until", "2026-07-03")
    no, talk = said(capsys, *holding, "--order-no", "RO-1")
    assert (no, "4 of 00195040 held for RO-1" in talk) == ("RES-000002", True)
    assert "00195039 has 2 on the shelf" in " ".join(said(capsys, *holding, "--appointment", "A1", code=4)[1].split())
    said(capsys, *holding, code=2)
    said(capsys, *holding, "--order-no", "RO-1", "--appointment", "A1", code=2)
    said(capsys, "issue", *PART, "--quantity", "2", "--order-no", "RO-2", "--outcome", "lost", code=4)
    assert said(capsys, "reserve", "post", no, "--quantity", "1", "--vin", "V1", "--payer", "warranty")[0].isdigit()
    said(capsys, "reserve", "post", no, "--quantity", "9", code=4)
    (row,) = told(capsys, "reserve", "list")
    assert (row["held"], row["handed_over"], row["state"], row["holder_kind"]) == (3, 1, "held", "repair_order")
    assert "预留中" in said(capsys, "reserve", "list", "--lang", "zh")[0]
    assert "No reservation has passed" in said(capsys, "reserve", "expire", on="2026-07-03")[1]
    assert said(capsys, "reserve", "expire", "--dry-run", on="2026-07-04")[0] == ""
    assert said(capsys, "reserve", "expire", on="2026-07-04")[0].startswith("EXPIRE-")
    said(capsys, "reserve", "release", no, code=4, on="2026-07-04")
    said(capsys, "reserve", "release", "RES-9", code=3)
    assert told(capsys, "reserve", "list", on="2026-07-04") == []
    assert told(capsys, "reserve", "list", "--all", on="2026-07-04")[0]["given_back"] == 3


@pytest.mark.usefixtures("_books")
def test_a_special_order_is_listed_changed_and_cancelled(capsys: Captured) -> None:
    asked = ("issue", *PART, "--quantity", "9", "--order-no", "RO-1", "--owner", "Mr Li")
    said(capsys, *asked, "--install-by", "2026-07-20", code=4)
    (row,) = told(capsys, "special", "list", "--due")
    assert (row["owner"], row["install_by"], row["waiting"], row["arrived"]) == ("Mr Li", "2026-07-20", 9, 5)
    assert "arrived, not fitted" in " ".join(said(capsys, "special", "list")[0].split())
    change = ("special", "change", *PART, "--order-no", "RO-1")
    assert said(capsys, *change, "--cancel", "8", "--reason", "car sold")[0].startswith("SPECIAL-")
    said(capsys, *change, "--install-by", "2026-06-01", code=3)
    assert told(capsys, "special", "list")[0]["waiting"] == 1
    said(capsys, "issue", *PART, "--quantity", "1", "--order-no", "RO-1")
    assert told(capsys, "special", "list") == []
    said(capsys, *change, "--owner", "Ann", code=4)


@pytest.mark.usefixtures("_books")
def test_what_was_issued_comes_back_and_not_more(capsys: Captured) -> None:
    said(capsys, "issue", *PART, "--quantity", "2", "--order-no", "RO-1")
    back = ("return", "workshop", *PART, "--order-no", "RO-1", "--quantity")
    assert said(capsys, *back, "1.5")[0].startswith("RETURN-")
    assert "not more than the 0.5" in " ".join(said(capsys, *back, "1", code=4)[1].split())
    assert told(capsys, "stock", "show", "00195040")[0]["on_hand"] == 4.5


@pytest.mark.usefixtures("_books")
def test_parts_travel_between_stores_and_what_does_not_come_is_closed(capsys: Captured) -> None:
    no = said(capsys, "transfer", "send", STORE, "S02", "00195040", "3")[0]
    said(capsys, "transfer", "send", STORE, STORE, "00195040", "1", code=3)
    said(capsys, "transfer", "receive", no, "--quantity", "2", "--bin", "Z")
    (row,) = told(capsys, "transfer", "list", "--store", "S02")
    assert (row["received"], row["in_transit"], row["value"]) == (2, 1, 10)
    said(capsys, "transfer", "receive", no, "--quantity", "2", code=4)
    said(capsys, "transfer", "close", no, "--reason", "carton open")
    assert told(capsys, "transfer", "list") == []
    assert told(capsys, "transfer", "list", "--all")[0]["lost"] == 1
    assert [row["bins"] for row in told(capsys, "stock", "show", "--store", "S02")] == ["Z: 2"]


@pytest.mark.usefixtures("_books")
def test_the_shelf_is_put_in_order_and_right(capsys: Captured) -> None:
    said(capsys, "stock", "move", "A", "C", *PART, "--quantity", "2")
    said(capsys, "stock", "adjust", *PART, "--bin", "C", "--quantity", "-1", "--reason", "fell down")
    said(capsys, "stock", "adjust", *PART, "--bin", "C", "--quantity", "2", "--reason", "found", "--unit-cost", "12.5")
    said(capsys, "scrap", *PART, "--quantity", "1", "--reason", "rusty", "--from", "A")
    said(capsys, "scrap", *PART, "--quantity", "1", "--reason", " ", code=3)
    said(capsys, "stock", "move", "Q", "C", *PART, "--quantity", "2", code=4)
    rows = told(capsys, "stock", "show", "00195039")
    assert [(row["part_no"], row["relation"], row["bins"]) for row in rows] == [
        ("00195039", "asked", "B: 2"),
        ("00195040", "replaced_by", "A: 2, C: 3"),
    ]
    assert "later number" in " ".join(said(capsys, "stock", "show", "00195039")[0].split())
    said(capsys, "stock", "show", "00195039", "--part", "00195040", code=2)
