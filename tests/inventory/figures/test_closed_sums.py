"""Closed months keep what they sold; twelve months add that up and come to what all movements say."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction

import pytest
import sqlalchemy as sa

from demand.periods import PeriodKind, ordinal_of
from inventory.books.closing import close_month
from inventory.counter.issues import IssueRequest, issue
from inventory.database import read, write
from inventory.figures.catalogue import named
from inventory.figures.closed_sales import year_sales
from inventory.figures.computing import figures
from inventory.figures.sales import sold
from inventory.figures.scope import scope_of
from inventory.figures.sight import Sight
from inventory.proof.verification import verify_books
from inventory.schema import document
from tests.inventory.made_books import RECORDED_AT, STORE, TODAY, stocked, with_parts

JUNE = ordinal_of(TODAY, PeriodKind.MONTH)
KEPT = ("revenue_e4", "priced_cost_e4")


def given(engine: sa.Engine, store: str, on: date, price: int | None, payer: str = "customer") -> None:
    with write(engine) as connection:
        asked = IssueRequest(store, "P1", 1000, f"RO-{on}-{payer}", "VIN1", payer=payer, unit_price_e4=price)
        assert not issue(connection, asked, on, "tester", None, RECORDED_AT).findings


def closed(engine: sa.Engine, month: str) -> None:
    with write(engine) as connection:
        close_month(connection, month, TODAY, "tester", None, RECORDED_AT)


@pytest.fixture
def books(engine: sa.Engine) -> sa.Engine:
    """Two stores; April closed with all before it, then May, June open."""
    with_parts(engine, {"P1": 10})
    for store in (STORE, "S02"):
        stocked(engine, [(store, "P1", "A", 20, 10, "")], date(2025, 5, 1))
    given(engine, STORE, date(2025, 6, 30), 11_0000)  # before the twelve months
    given(engine, STORE, date(2025, 7, 1), 15_0000)
    given(engine, "S02", date(2026, 4, 30), 16_0000, "warranty")
    closed(engine, "2026-04")
    given(engine, STORE, date(2026, 5, 2), 17_0000)
    given(engine, STORE, date(2026, 5, 2), None, "goodwill")  # without a price: in no margin
    closed(engine, "2026-05")
    given(engine, STORE, date(2026, 6, 2), 18_0000)
    return engine


@pytest.mark.parametrize("store", [None, STORE, "S02"])
@pytest.mark.parametrize("grain", [(), ("channel",), ("supplier",)])
@pytest.mark.parametrize("known_at", [None, 8, 6, 3])
def test_what_closed_months_keep_is_what_their_movements_say(
    books: sa.Engine, store: str | None, grain: tuple[str, ...], known_at: int | None
) -> None:
    with read(books) as connection:
        scope = scope_of(connection, JUNE, TODAY, store, known_at)
        kept = year_sales(Sight(connection, scope), grain)
        read_through = sold(Sight(connection, scope.year()), grain)
    for cell in kept.keys() | read_through.keys():
        for name in KEPT:
            assert kept.get(cell, {}).get(name, 0) == read_through.get(cell, {}).get(name, 0), (cell, name)


def test_the_margin_of_twelve_months_is_of_closed_and_open_months_together(books: sa.Engine) -> None:
    with read(books) as connection:
        (found,) = figures(connection, scope_of(connection, JUNE, TODAY), [named("GMROI")])
    assert found.numerator == (15 + 16 + 17 + 18 - 4 * 10) * 10_000


def test_a_closing_document_says_what_its_months_sold_and_the_proof_derives_it_again(books: sa.Engine) -> None:
    with read(books) as connection:
        bodies = connection.execute(
            sa.select(document.c.body).where(document.c.kind == "period-close").order_by(document.c.sequence)
        )
        april, may = (json.loads(body)["sales"] for body in bodies.scalars())
    assert april == [
        ["2025-06", STORE, "workshop", 11_0000, 10_0000],
        ["2025-07", STORE, "workshop", 15_0000, 10_0000],
        ["2026-04", "S02", "warranty", 16_0000, 10_0000],
    ]
    assert may == [["2026-05", STORE, "workshop", 17_0000, 10_0000]]
    assert verify_books(books, 1) == []


def test_labour_and_fixed_expense_count_only_where_every_store_and_month_tells_them(books: sa.Engine) -> None:
    told = {"2026-06": {"labour": 9_0000, "service_gross": 5_0000, "body_gross": 1_0000, "fixed_expense": 28_0000}}
    chosen = [named("PARTS_LABOUR"), named("ABSORPTION")]
    with read(books) as connection:
        scope = scope_of(connection, JUNE, TODAY, STORE)
        ratio, absorption = figures(connection, scope, chosen, told={STORE: told})
        assert ratio.value == Fraction(18, 9)
        assert absorption.value == Fraction(18 - 10 + 5 + 1, 28)
        both = scope_of(connection, JUNE, TODAY)
        assert [each.value for each in figures(connection, both, chosen, told={STORE: told})] == [None, None]
        assert [each.value for each in figures(connection, scope, chosen)] == [None, None]
