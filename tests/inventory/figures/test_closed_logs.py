"""What closings keep of logs and the lines they do not are what all lines say, whatever came late or was taken back."""

from __future__ import annotations

import json
from datetime import date

import pytest
import sqlalchemy as sa

from demand.periods import PeriodKind, ordinal_of
from inventory.books.movements import Movement, Place, PlaceKind
from inventory.books.reversing import reverse
from inventory.counter.issues import IssueRequest, issue
from inventory.database import read, write
from inventory.figures.closed import SUMS
from inventory.figures.closed_logs import kept_log
from inventory.figures.families import FAMILIES
from inventory.figures.grouping import Grain, Measures
from inventory.figures.orders import ORDERS
from inventory.figures.promises import PROMISES
from inventory.figures.scope import Span, scope_of
from inventory.figures.sight import Sight
from inventory.proof.verification import verify, verify_books
from inventory.schema import document, part
from tests.inventory.figures.made_ledgers import Maker
from tests.inventory.figures.test_closed_demand import closed
from tests.inventory.made_books import RECORDED_AT, STORE, TODAY, fill, stocked, with_parts
from tests.inventory.proof.test_verification import unguarded

JUNE = ordinal_of(TODAY, PeriodKind.MONTH)
SERVED = ("requests", "orders", "purchases", "planned", "promises", "deliveries", "sales", "year_sales", "receipts")
"""Families that read what closings keep."""


class Trade:
    """Puts requests and orders into the books and remembers what may be taken back."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self.mistaken: list[str] = []

    def asked(self, part_no: str, on: date, order_no: str, mistaken: bool = False, price: int | None = 17_7777) -> None:
        request = IssueRequest(
            STORE, part_no, 1500, order_no, "VIN1", partial=True, outcome="lost", unit_price_e4=price
        )
        with write(self.engine) as connection:
            answer = issue(connection, request, on, "tester", None, RECORDED_AT)
        assert answer.posting is not None, answer.findings
        self.mistaken += [answer.posting.number] if mistaken else []

    def imported(self, order_no: str, on: str, store: str = STORE) -> None:
        fill(self.engine, "demand_line", [{
            "store": store, "order_no": order_no, "part_no": "P2", "line_no": int(on[5:7]), "opened_on": on,
            "vin": "VIN2", "quantity_requested_milli": 1000, "quantity_supplied_milli": 1000,
            "outcome": "shelf",
        }])  # fmt: skip

    def ordered(
        self, order_no: str, on: date, expected: date, *came: tuple[date, int, bool], mistaken: bool = False
    ) -> None:
        """Order ten of a part, and let some of it come on some days, by mistake or not."""
        with write(self.engine) as connection:
            maker = Maker(connection, 0)
            sequence = maker.post("purchase-order", on, number=order_no)
            maker.rows("purchase_order_line", {
                "order_no": order_no, "store": STORE, "part_no": "P3", "document_sequence": sequence,
                "supplier": "GPC", "order_type": "urgent" if on.day % 2 else "stock", "quantity_milli": 10_000,
                "unit_cost_e4": 3_3333, "ordered_on": on.isoformat(), "expected_on": expected.isoformat(),
            })  # fmt: skip
            for at, (day, milli, is_mistaken) in enumerate(came):
                self._received(maker, f"{order_no}-R{at}", order_no, day, milli)
                self.mistaken += [f"{order_no}-R{at}"] if is_mistaken else []
            self.mistaken += [order_no] if mistaken else []

    def _received(self, maker: Maker, number: str, order_no: str, on: date, milli: int) -> None:
        source, target = Place(PlaceKind.SUPPLIER, "GPC"), Place(PlaceKind.BIN, "A")
        receipt = maker.post("receipt", on, Movement(STORE, "P3", source, target, milli, 3 * milli), number=number)
        maker.rows("receipt_line", {
            "document_sequence": receipt, "line_no": 1, "order_no": order_no, "store": STORE, "part_no": "P3",
            "quantity_delivered_milli": milli, "quantity_accepted_milli": milli, "cause": None, "bin_name": "A",
        })  # fmt: skip


@pytest.fixture
def books(engine: sa.Engine) -> sa.Engine:
    """April closed with all before it, then May; lines of both came since, and documents of both were taken back."""
    with_parts(engine, {"P1": 10, "P2": 10, "P3": 10})
    stocked(engine, [(STORE, "P1", "A", 20, 10, ""), ("S02", "P2", "A", 9, 10, "")], date(2025, 5, 1))
    trade = Trade(engine)
    trade.asked("P1", date(2026, 3, 30), "RO-1")
    trade.asked("P2", date(2026, 4, 2), "RO-1")  # an order of two months
    trade.asked("P1", date(2026, 4, 3), "RO-2", price=None)
    trade.asked("P1", date(2026, 4, 4), "RO-3", mistaken=True)
    trade.asked("P1", date(2026, 4, 5), "RO-4")
    trade.asked("P1", date(2026, 4, 6), "RO-5")
    trade.imported("RO-6", "2025-08-08", "S02")
    trade.ordered("PO-1", date(2026, 3, 1), date(2026, 3, 9), (date(2026, 3, 9), 10_000, False))
    trade.ordered("PO-2", date(2026, 3, 2), date(2026, 3, 9), (date(2026, 3, 8), 4000, False),
                  (date(2026, 4, 2), 6000, True))  # fmt: skip
    trade.ordered("PO-3", date(2026, 3, 3), date(2026, 3, 9), (date(2026, 3, 9), 10_000, True), mistaken=True)
    trade.ordered("PO-4", date(2026, 4, 4), date(2026, 4, 30), (date(2026, 4, 30), 2000, False),
                  (date(2026, 5, 3), 8000, False))  # fmt: skip
    trade.ordered("X-1", date(2026, 4, 5), date(2026, 6, 5))
    fill(engine, "plan_run", [{"run_id": "R", "as_of": "", "recorded_at": "", "manifest": "{}"}])
    fill(engine, "proposal", [{"proposal_no": number, "run_id": "R", "supplier": "GPC", "order_type": "stock",
                               "order_on": "", "expected_on": "", "content_hash": ""} for number in "124"])  # fmt: skip
    closed(engine, "2026-04")
    trade.asked("P2", date(2026, 5, 5), "RO-2")  # goes on
    trade.asked("P1", date(2026, 5, 5), "RO-7")
    trade.imported("RO-4", "2026-03-03")  # late
    trade.imported("RO-6", "2026-04-08", "S02")
    trade.ordered("X-2", date(2026, 4, 9), date(2026, 4, 20), (date(2026, 5, 9), 10_000, False))
    closed(engine, "2026-05")
    trade.asked("P2", date(2026, 6, 6), "RO-5")
    trade.asked("P1", date(2026, 6, 6), "RO-8")
    trade.imported("RO-8", "2026-05-08")
    trade.imported("RO-7", "2026-05-09")
    trade.ordered("X-3", date(2026, 5, 9), date(2026, 5, 10), (date(2026, 6, 9), 5000, False))
    with write(engine) as connection:
        for number in trade.mistaken:
            reverse(connection, number, "a mistake", date(2026, 6, 7), "tester", None, RECORDED_AT)
        connection.execute(sa.update(part).where(part.c.part_no == "P1").values(list_price_e4=19_1111))
    return engine


def test_figures_are_the_same_with_and_without_what_closings_keep(books: sa.Engine) -> None:
    with read(books) as connection:
        last = connection.execute(sa.select(sa.func.max(document.c.sequence))).scalar_one()
        looks: tuple[tuple[Span, int, str | None, int | None, Grain], ...] = (
            ("rolling-12", JUNE, None, None, ()),
            ("rolling-12", JUNE, STORE, None, ("month",)),
            ("quarter", JUNE, "S02", last - 2, ()),
            ("quarter", JUNE - 1, None, last - 8, ()),
            ("rolling-12", JUNE - 1, None, None, ()),
            ("month", JUNE, None, None, ()),
        )
        for span, month, store, known_at, grain in looks:
            scope = scope_of(connection, month, TODAY, store, known_at, span)
            kept, plain = Sight(connection, scope), Sight(connection, scope)
            plain.__dict__["closings"] = []
            for family in SERVED:
                read_by = FAMILIES[family].read
                found, expected = (whole(family, read_by(sight, grain)) for sight in (kept, plain))
                assert found == expected, (scope, family)


def whole(family: str, found: Measures) -> Measures:
    """Return measures without cells and sums that are nothing; of a year's sales those that are its own."""
    own = SUMS["sales"].names if family == "year_sales" else None
    cells = {
        cell: {name: amount for name, amount in of.items() if amount and (own is None or name in own)}
        for cell, of in found.items()
    }
    return {cell: of for cell, of in cells.items() if of}


def test_closings_name_what_is_not_settled_and_the_proof_derives_them_again(books: sa.Engine) -> None:
    with read(books) as connection:
        sight = Sight(connection, scope_of(connection, JUNE, TODAY))
        orders, promises = (kept_log(sight.closings, log) for log in (ORDERS, PROMISES))
        assert orders is not None
        assert promises is not None
        assert orders.again == {(STORE, "RO-1"), (STORE, "RO-2"), (STORE, "RO-4"), ("S02", "RO-6")}
        assert promises.again == {("PO-4", STORE, "P3")}
    assert verify_books(books, 1) == []
    assert [told_of(books, name) for name in ("orders", "promises", "planned", "at_list", "issues")] == [1] * 5


def told_of(books: sa.Engine, name: str) -> int:
    """Return how many faults the proof tells where a closing keeps nothing under a name."""
    at = document.c.number == "CLOSE-2026-05"
    with write(books) as connection:
        unguarded(connection)
        written = connection.execute(sa.select(document.c.body).where(at)).scalar_one()
        body = json.loads(written)
        nothing: dict[str, object] = {"sums": [], "again": [], "parts": {}, "months": {}, "open_from": None}
        empty = {key: nothing[key] for key in body[name]} if isinstance(body[name], dict) else []
        connection.execute(sa.update(document).where(at).values(body=json.dumps(body | {name: empty})))
        told = list(verify(connection, ["closed-months"]))
        connection.execute(sa.update(document).where(at).values(body=written))
    return len(told)
