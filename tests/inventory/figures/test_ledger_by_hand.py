"""The ledger worked by hand in docs/definitions/figures.md, posted through the program: each row of its table holds."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa

from inventory.counter.issues import IssueRequest, issue
from inventory.counter.slip import Signature
from inventory.counter.workshop_returns import ReturnRequest, bring_back
from inventory.database import read, write
from inventory.figures.bridge import bridge
from inventory.figures.catalogue import FIGURES, named
from inventory.figures.computing import lines
from inventory.figures.placing import group, place_of
from inventory.figures.scope import scope_of
from inventory.purchasing.orders import post_open_orders
from inventory.purchasing.receiving import ReceivedLine, receive
from tests.inventory.figures.shown import all_figures, every_variant
from tests.inventory.made_books import RECORDED_AT, STORE, fill, stocked

PAGE = Path(__file__).parents[3] / "docs" / "definitions" / "figures.md"
ROW = re.compile(r"^\| ([A-Z_0-9]+(?::\w+)?) \| ([\d.]+)(?: ÷ ([\d.]+))? \|", re.MULTILINE)
JUNE, END = 2026 * 12 + 5, date(2026, 6, 30)


def rows_of_the_page() -> list[tuple[str, Fraction | None]]:
    """Figure and value of each row of the table worked by hand."""
    found: list[tuple[str, Fraction | None]] = []
    for name, above, below in re.findall(
        r"^\| ([A-Z_0-9]+(?::\w+)?) \| ([\d.]+)(?: ÷ ([\d.]+))? \|", PAGE.read_text("utf-8"), re.MULTILINE
    ):
        divisor = Fraction(below or 1)
        found.append((name, Fraction(above) / divisor if divisor else None))
    return found


@pytest.fixture
def books(engine: sa.Engine) -> sa.Engine:
    """The ledger of the page."""
    head = {"category": "wear", "unit": "each", "supplier": "GPC", "pack_size_milli": 1000, "moq_milli": 1000,
            "criticality": "", "returnable": ""}  # fmt: skip
    rows = [("P1", 10_0000, 15_0000), ("P2", 20_0000, 30_0000)]
    fill(engine, "part", [
        {"part_no": part_no, "name": part_no, "unit_cost_e4": cost, "list_price_e4": price, **head}
        for part_no, cost, price in rows
    ])  # fmt: skip
    stocked(engine, [(STORE, "P1", "A", 10, 10, "2025-06-30"), (STORE, "P2", "A", 5, 20, "2025-01-15")],
            date(2025, 6, 30))  # fmt: skip
    issued(engine, 3, IssueRequest(STORE, "P1", 4000, "RO-1", "VIN1", payer="customer", unit_price_e4=15_0000))
    issued(engine, 10, IssueRequest(STORE, "P1", 2000, "RO-2", "VIN2", payer="warranty", unit_price_e4=14_0000))
    issued(engine, 12, IssueRequest(STORE, "P2", 6000, "RO-2", "VIN2", payer="warranty", unit_price_e4=30_0000,
                                    partial=True))  # fmt: skip
    issued(engine, 15, IssueRequest(STORE, "P1", 8000, "C-1", outcome="lost", issue_type="counter_sale",
                                    unit_price_e4=15_0000))  # fmt: skip
    ordered(engine, "PO-1", "stock", "P2", 10, 22, 16, 20)
    came(engine, "PO-1", 20, ReceivedLine("P2", 10_000, 10_000, "", "A"))
    ordered(engine, "PO-2", "urgent", "P1", 5, 12, 17, 18)
    came(engine, "PO-2", 19, ReceivedLine("P1", 5000, 4000, "damaged", "A"))
    with write(engine) as connection:
        back = ReturnRequest(STORE, "P1", 1000, "RO-1")
        assert not bring_back(connection, back, Signature(day(21), "tester", None, RECORDED_AT)).findings
    return engine


def day(number: int) -> date:
    return date(2026, 6, number)


def issued(engine: sa.Engine, number: int, asked: IssueRequest) -> None:
    with write(engine) as connection:
        assert not issue(connection, asked, day(number), "tester", None, RECORDED_AT).findings


def ordered(
    engine: sa.Engine, order_no: str, kind: str, part_no: str, units: int, cost: int, on: int, due: int
) -> None:
    row = {"order_no": order_no, "supplier": "GPC", "order_type": kind, "store": STORE, "part_no": part_no,
           "quantity_milli": units * 1000, "unit_cost_e4": cost * 10_000, "ordered_on": day(on).isoformat(),
           "expected_on": day(due).isoformat()}  # fmt: skip
    with write(engine) as connection:
        assert not post_open_orders(connection, pd.DataFrame([row]), "tester", RECORDED_AT).findings


def came(engine: sa.Engine, order_no: str, number: int, line: ReceivedLine) -> None:
    with write(engine) as connection:
        assert not receive(connection, order_no, [line], day(number), "tester", None, RECORDED_AT).findings


def test_the_program_says_what_was_worked_out_by_hand(books: sa.Engine) -> None:
    expected = rows_of_the_page()
    assert len(expected) > 40
    with read(books) as connection:
        found = all_figures(connection, JUNE, END, None, [name for name, _ in expected])
    assert [(name, figure.value) for (name, _), figure in zip(expected, found, strict=True)] == expected


def test_the_lines_behind_every_figure_sum_to_it(books: sa.Engine) -> None:
    with read(books) as connection:
        scope = scope_of(connection, JUNE, END)
        for name in every_variant():
            if name.startswith(("PARTS_LABOUR", "ABSORPTION")):  # of which the books hold no lines
                continue
            (figure,) = all_figures(connection, JUNE, END, None, [name])
            found = lines(connection, scope, named(name))
            assert sum(line.numerator for line in found) == figure.numerator, name
            if figure.variant.denominator and figure.value is not None:
                assert sum(line.denominator for line in found) == figure.denominator, name


@pytest.mark.parametrize("dimension", ["supplier", "class", "family", "channel", "store"])
def test_the_members_of_a_dimension_make_up_the_whole(books: sa.Engine, dimension: str) -> None:
    names = [
        "FILL_SHELF_LINE",
        "REVENUE_NET",
        "STOCK_VALUE",
        "TURN_GROSS",
        "DEAD_12",
        "PURCHASES",
        "SHORT_LINES_GENERAL",
    ]
    with read(books) as connection:
        for name in names:
            (whole,) = all_figures(connection, JUNE, END, None, [name])
            members = all_figures(connection, JUNE, END, None, [name], dimension=dimension)
            if members:
                assert sum(member.numerator for member in members) == whole.numerator, name
            else:
                assert dimension == "channel", name


def test_a_bridge_adds_up_and_tells_which_lines_make_the_difference(books: sa.Engine) -> None:
    with read(books) as connection:
        scope = scope_of(connection, JUNE, END)
        way = bridge(connection, scope, named("FILL_SHELF_LINE:line"), named("SERVICE_LEVEL"))
        assert [(step.kind, step.lines, step.adds) for step in way.steps] == [("special_order", 1, Fraction(1, 4))]
        names = [name for name in every_variant() if FIGURES[name.partition(":")[0]].unit == "share"]
        for name in names:
            other = named(name)
            (figure,) = all_figures(connection, JUNE, END, None, [name])
            if figure.value is None or figure.variant.measures[0].startswith(("bins", "counts", "planned", "outside")):
                continue
            if other[1].measures[0].startswith(("requests", "shortages", "orders", "asked_parts", "sales")):
                way = bridge(connection, scope, named("FILL_SHELF_LINE:value"), other)
                assert way.first.value is not None
                assert way.first.value + sum(step.adds for step in way.steps) == figure.value, name


def test_the_same_month_is_told_again_to_the_byte_whatever_came_later(books: sa.Engine) -> None:
    with read(books) as connection:
        known_at = connection.execute(sa.text("SELECT max(sequence) FROM document")).scalar_one()
        before = all_figures(connection, JUNE, END, None, every_variant())
    issued(books, 14, IssueRequest(STORE, "P1", 1000, "RO-3", "VIN3", unit_price_e4=1_0000))
    with read(books) as connection:
        assert all_figures(connection, JUNE, END, None, every_variant(), known_at=known_at) == before
        assert all_figures(connection, JUNE, END, None, every_variant()) != before


def test_a_group_places_its_stores_beside_the_whole(books: sa.Engine) -> None:
    stocked(books, [("S02", "P1", "A", 10, 10, "")], date(2025, 6, 30))
    with write(books) as connection:
        asked = IssueRequest("S02", "P1", 5000, "RO-9", "VIN9", unit_price_e4=90_0000)
        assert not issue(connection, asked, day(5), "tester", None, RECORDED_AT).findings
    with read(books) as connection:
        stores = group(connection, scope_of(connection, JUNE, END))
    assert [(each.store, each.place) for each in stores] == [("", ""), ("S02", "lead"), (STORE, "repair")]


@pytest.mark.parametrize(
    ("result", "potential", "place"),
    [(3, 1, "lead"), (3, 3, "grow"), (1, 3, "repair"), (1, 1, "review"), (2, 2, "lead"), (None, 1, ""), (1, None, "")],
)
def test_a_store_as_good_as_the_group_is_good(result: int | None, potential: int | None, place: str) -> None:
    given = [None if each is None else Fraction(each) for each in (result, potential)]
    assert place_of(given[0], given[1], Fraction(2), Fraction(2)) == place
