"""Closing, reversing, declaring and asking what was known, by the commands a person types."""

from __future__ import annotations

import json
from pathlib import Path

from tests.commands.test_ledger_commands import WHEN, Captured, books, said, told
from tests.inventory.made_books import STORE

__all__ = ["books"]


def test_a_month_is_closed_once_and_when_it_is_over(books: Path, capsys: Captured) -> None:
    assert said(capsys, "ledger", "close", "2026-06", "--as-of", "2026-06-30", code=4)[0] == ""
    said(capsys, "ledger", "close", "June", *WHEN, code=2)
    assert "would be closed" in said(capsys, "ledger", "close", "2026-06", "--dry-run", *WHEN)[1]
    assert said(capsys, "ledger", "close", "2026-06", *WHEN)[0] == "CLOSE-2026-06\n"
    assert "as before" in said(capsys, "ledger", "close", "2026-06", *WHEN)[1]
    said(
        capsys,
        "issue",
        "--store",
        STORE,
        "--part",
        "P1",
        "--quantity",
        "1",
        "--order-no",
        "RO-1",
        "--as-of",
        "2026-06-30",
    )
    rows = told(capsys, "ledger", "history", "P1")
    assert [(row["effective_on"], row["stated_on"]) for row in rows][1:] == [("2026-07-01", "2026-06-30")]
    assert "as it was written" in said(capsys, "ledger", "verify")[1]


def test_a_document_is_taken_back_by_its_number(books: Path, capsys: Captured) -> None:
    asked = ("issue", "--store", STORE, "--part", "P1", "--quantity", "1", "--order-no", "RO-1", "--id", "K", *WHEN)
    said(capsys, *asked)
    number = str(told(capsys, "ledger", "history", "P1")[-1]["document"])
    back = ("ledger", "reverse", number, "--reason", "wrong repair order", *WHEN)
    assert "would be reversed" in said(capsys, *back, "--dry-run")[1]
    mirror = said(capsys, *back)[0].strip()
    assert mirror in said(capsys, *back, code=4)[1]
    (row,) = told(capsys, "stock", "show", "--part", "P1")
    assert (row["on_hand"], row["value"]) == (2, 22)
    last = told(capsys, "ledger", "history", "P1")[-1]
    (then,) = told(capsys, "stock", "show", "--part", "P1", "--known-at", str(int(str(last["sequence"])) - 1))
    assert then["on_hand"] == 1
    assert len(told(capsys, "ledger", "history", "P1", "--known-at", "0")) == 0


def test_a_stock_value_says_how_it_is_valued_and_whether_it_contains_tax(books: Path, capsys: Captured) -> None:
    said(capsys, "ledger", "declare", "--store", STORE, "--tax-basis", "included", *WHEN)
    said(capsys, "ledger", "declare", "--valuation", "fifo", *WHEN)
    said(capsys, "ledger", "declare", *WHEN, code=2)
    (row,) = told(capsys, "stock", "show", "--part", "P1")
    assert (row["valuation"], row["tax_basis"]) == ("fifo", "included")
    shown = said(capsys, "stock", "show", "--method", "average", "--lang", "zh", "--csv", *WHEN)[0]
    assert "average" in shown
    assert "含税" in said(capsys, "stock", "show", "--lang", "zh", *WHEN)[0]


def test_figures_can_be_asked_for_as_they_were_known(books: Path, capsys: Captured) -> None:
    before = json.loads(said(capsys, "kpi", "--json", "--known-at", "1", *WHEN)[0])
    said(capsys, "issue", "--store", STORE, "--part", "P1", "--quantity", "1", "--order-no", "RO-1", *WHEN)
    assert json.loads(said(capsys, "kpi", "--json", "--known-at", "1", *WHEN)[0]) == before
    assert json.loads(said(capsys, "kpi", "--json", *WHEN)[0]) != before
