"""Stock at risk and what to do with it, as a user asks for it: of a day, as known at a document, in two languages."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

import cli
from inventory.counter.issues import IssueRequest
from inventory.database import open_database, read
from inventory.schema import document
from tests.inventory.every_kind import given
from tests.inventory.made_books import STORE, TODAY, fill, stocked, with_parts

START = date(2024, 7, 1)
Said = Callable[..., str]


@pytest.fixture
def books(tmp_path: Path, sqlite_template: Path) -> Iterator[sa.Engine]:
    """Two years of two stores: P1 is asked for every month, P2 has not been for a year, nobody ever asked for P3."""
    path = tmp_path / "books.db"
    path.write_bytes(sqlite_template.read_bytes())
    engine = open_database(f"sqlite:///{path}")
    with_parts(engine, {"P1": 50, "P2": 80, "P3": 200})
    fill(engine, "order_channel", [{"supplier": "GPC", "order_type": "stock", "lead_time_days_mean": 5.0,
                                    "lead_time_days_sd": 1.0, "order_weekdays": "", "cost_multiplier_ppm": 1_000_000,
                                    "min_order_value_e4": 0, "order_fee_e4": 0}])  # fmt: skip
    lines = [(STORE, "P1", 30 * month) for month in range(24)] + [(STORE, "P2", 40 * month) for month in range(9)]
    lines += [("S02", "P1", 15 * month) for month in range(48)]
    fill(
        engine,
        "demand_line",
        [
            {"store": store, "order_no": f"RO-{number}", "line_no": 1, "part_no": part_no, "outcome": "shelf",
             "opened_on": (START + timedelta(days=days)).isoformat(), "quantity_requested_milli": 1000,
             "quantity_supplied_milli": 1000}
            for number, (store, part_no, days) in enumerate(lines)
        ],
    )  # fmt: skip
    stocked(engine, [(STORE, "P1", "A", 30, 50, ""), (STORE, "P2", "B", 6, 80, "2026-03-01"),
                     (STORE, "P3", "C", 2, 200, "2025-01-01")])  # fmt: skip
    yield engine
    engine.dispose()


@pytest.fixture
def said(books: sa.Engine, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Said:
    monkeypatch.setenv("SPAREWISE_DB", str(books.url.database))

    def ask(*words: str) -> str:
        code = cli.run([*words, "--as-of", TODAY.isoformat()])
        output, talk = capsys.readouterr()
        assert code == 0, talk
        return output

    return ask


def test_both_say_of_a_document_what_they_said_then(books: sa.Engine, said: Said) -> None:
    with read(books) as connection:
        known_at = connection.execute(sa.select(sa.func.max(document.c.sequence))).scalar_one()
    asked = (("stock", "obsolescence", "--json"), ("stock", "surplus", "--all", "--json"))
    before = [said(*words) for words in asked]
    given(books, IssueRequest(STORE, "P2", 1000, "RO-900"), TODAY)
    assert [said(*words, "--known-at", str(known_at)) for words in asked] == before
    now = [said(*words) for words in asked]
    assert all(then != told for then, told in zip(before, now, strict=True))
    assert {row["part_no"]: row["silent_days"] for row in json.loads(now[0])}["P2"] == 0
    assert {row["part_no"]: row["silent_days"] for row in json.loads(before[0])}["P2"] == 409


def test_a_plan_lists_what_is_sent_instead_of_bought_and_the_send_can_be_made(said: Said) -> None:
    said("plan", "run", "--user", "ann")
    rows = json.loads(said("plan", "transfers", "--json"))
    (row,) = rows
    assert (row["from_store"], row["to_store"], row["part_no"]) == (STORE, "S02", "P1")
    assert said("plan", "explain", "P1", "--store", "S02").count(f"from {STORE} instead of buying")
    listed = json.loads(said("stock", "surplus", "--action", "transfer", "--json"))
    assert [(each["to"], each["quantity"], each["gain"]) for each in listed] == [("S02", row["quantity"], row["gain"])]
    said("transfer", "send", STORE, "S02", "P1", str(row["quantity"]), "--user", "ann")
    assert json.loads(said("stock", "surplus", "--action", "transfer", "--json")) == [], "what is under way is there"


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("What to do", "Months left", "more than keeping")), ("zh", ("处理方式", "可用月数", "比保留多收益"))],
)
def test_people_read_it_in_their_language(said: Said, language: str, words: tuple[str, ...]) -> None:
    output = said("stock", "surplus", "--all", "--lang", language)
    assert all(word in output for word in words)
    assert "P3" in output


def test_the_chances_of_a_store_are_told_by_class(said: Said) -> None:
    rows = json.loads(said("stock", "obsolescence", "--curves", "--store", "S02", "--json"))
    assert [row["movement_class"] for row in rows] == ["1", "2", "3-5", "6-11", "12+"]
    assert "the shelf" in said("stock", "obsolescence", "--top", "1")
