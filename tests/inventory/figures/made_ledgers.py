"""Small ledgers made by chance: two stores, a few parts, sixteen months, and everything that figures count.

Movements are posted through the ledger, so that their values are its own; issues, holds and reversals go through the
program's verbs. The logs beside them (purchase orders, receipts, claims, counts) are written as rows: figures count
rows, however they came. What the books refuse is simply not done.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from random import Random

import sqlalchemy as sa

from inventory.books.balances import balances
from inventory.books.closing import PeriodError, close_month
from inventory.books.ledger import post
from inventory.books.movements import Document, Movement, Place, PlaceKind
from inventory.books.refusals import StockShortError
from inventory.books.reversing import ReversalError, reverse
from inventory.counter.issues import IssueRequest, issue
from inventory.counter.reservations import HoldRequest, hold
from inventory.counter.slip import Signature
from inventory.counter.workshop_returns import ReturnRequest, bring_back
from inventory.database import write
from inventory.schemas import metadata
from tests.inventory.made_books import RECORDED_AT

FIRST, LAST = date(2025, 3, 1), date(2026, 6, 30)
STORES, PARTS, ORDERS = ("S01", "S02"), ("P1", "P2", "P3", "P4"), ("RO-1", "RO-2", "RO-3", "RO-4", "RO-5")
SUPPLIERS, CATEGORIES = ("GPC", "OILCO"), ("wear", "collision")
PAYERS = (None, "customer", "warranty", "insurance", "internal", "goodwill")
OUTCOMES = ("shelf", "urgent", "special_order", "lost", "cancelled")
OPERATIONS = 24
_REFUSED = (StockShortError, ReversalError, PeriodError)


class Maker:
    """Puts one thing after another into a database, as chance has it."""

    def __init__(self, connection: sa.Connection, seed: int) -> None:
        self.connection = connection
        self.chance = Random(seed)  # noqa: S311 - a made ledger, the same every time
        self.count = 0
        self.posted: list[str] = []
        self.issued: list[tuple[str, str, str]] = []

    def day(self) -> date:
        """Return a day; three in four of the last four months."""
        span = (LAST - FIRST).days
        return LAST - timedelta(days=self.chance.randrange(120 if self.chance.random() < 0.75 else span))

    def at(self) -> tuple[str, str]:
        return self.chance.choice(STORES), self.chance.choice(PARTS)

    def milli(self) -> int:
        return self.chance.choice((500, 1000, 1000, 2000, 3000, 7333))

    def rows(self, table: str, *rows: dict[str, object]) -> None:
        self.connection.execute(sa.insert(metadata.tables[table]), list(rows))

    def post(self, kind: str, on: date, *movements: Movement, number: str = "") -> int:
        """Post movements as they are said; return the document's sequence."""
        self.count += 1
        number = number or f"{kind}-{self.count}"
        document = Document(kind, number, on, "made", number, movements, {})
        self.posted.append(number)
        return post(self.connection, document, RECORDED_AT).sequence

    def bin(self, store: str, part_no: str) -> tuple[int, int]:
        """Return quantity and value in the only bin that goods leave by other ways than an issue."""
        held = balances(self.connection, [store], [part_no], ["bin"])
        return next(
            ((each.quantity_milli, each.value_e4) for where, each in held.items() if where.place_name == "A"), (0, 0)
        )


def make_ledger(engine: sa.Engine, seed: int) -> None:
    """Fill empty books."""
    with write(engine) as connection:
        maker = Maker(connection, seed)
        masters(maker)
        for _ in range(OPERATIONS):
            operation = maker.chance.choice(_OPERATIONS)
            try:
                with connection.begin_nested():
                    operation(maker)
            except _REFUSED:
                continue
        if maker.chance.random() < 0.3:
            with suppress(PeriodError):
                closed(maker)


def masters(maker: Maker) -> None:
    for part_no in PARTS[:3]:  # the fourth is in no parts table
        cost = maker.chance.randrange(1, 90) * 1_0007
        maker.rows("part", {
            "part_no": part_no, "name": part_no, "category": maker.chance.choice(CATEGORIES), "unit": "each",
            "unit_cost_e4": cost, "list_price_e4": maker.chance.choice((None, cost * 3 // 2)),
            "supplier": maker.chance.choice(SUPPLIERS), "pack_size_milli": 1000, "moq_milli": 1000,
            "criticality": "", "returnable": "",
        })  # fmt: skip
    for store in STORES:
        for part_no in (*PARTS, "P5"):  # which nobody asks for
            if maker.chance.random() < 0.6:
                old = FIRST - timedelta(days=maker.chance.randrange(400))
                quantity = maker.chance.randrange(1, 30) * 1000
                moved = Movement(store, part_no, Place(PlaceKind.OPENING), Place(PlaceKind.BIN, "A"), quantity,
                                 quantity * maker.chance.randrange(1, 900), old)  # fmt: skip
                maker.post("stock-import", maker.chance.choice((FIRST, FIRST, date(2025, 9, 3))), moved)


def received(maker: Maker) -> None:
    """An order and what came of it: in full or in part, in time or late, with a claim for what did not come."""
    (store, part_no), on, quantity = maker.at(), maker.day(), maker.chance.randrange(1, 9) * 1000
    supplier, cost = maker.chance.choice(SUPPLIERS), maker.chance.randrange(1, 99) * 9_999
    ordered = maker.post("purchase-order", on)
    order_no = f"PO-{maker.count}" if maker.chance.random() < 0.5 else f"X-{maker.count}"
    expected = on + timedelta(days=maker.chance.randrange(12))
    order_type = maker.chance.choice(("stock", "stock", "urgent"))
    if order_no.startswith("PO-") and maker.chance.random() < 0.7:
        maker.rows("plan_run", {"run_id": order_no, "as_of": "", "recorded_at": "", "manifest": "{}"})
        maker.rows("proposal", {
            "proposal_no": order_no[3:], "run_id": order_no, "supplier": supplier, "order_type": order_type,
            "order_on": "", "expected_on": "", "content_hash": "",
        })  # fmt: skip
    maker.rows("purchase_order_line", {
        "order_no": order_no, "store": store, "part_no": part_no, "document_sequence": ordered, "supplier": supplier,
        "order_type": order_type, "quantity_milli": quantity, "unit_cost_e4": cost, "ordered_on": on.isoformat(),
        "expected_on": expected.isoformat(),
    })  # fmt: skip
    came_on = on + timedelta(days=maker.chance.randrange(20))
    if maker.chance.random() < 0.2 or came_on > LAST:
        return
    accepted = maker.chance.choice((quantity, quantity, quantity // 2))
    moved = Movement(store, part_no, Place(PlaceKind.SUPPLIER, supplier), Place(PlaceKind.BIN, "A"), accepted,
                     (accepted * cost + 500) // 1000)  # fmt: skip
    receipt = maker.post("receipt", came_on, moved)
    maker.rows("receipt_line", {
        "document_sequence": receipt, "line_no": 1, "order_no": order_no, "store": store, "part_no": part_no,
        "quantity_delivered_milli": quantity, "quantity_accepted_milli": accepted, "cause": None, "bin_name": "A",
    })  # fmt: skip
    if accepted < quantity:
        claimed(maker, receipt, (order_no, store, part_no, supplier), quantity - accepted, came_on)


def claimed(maker: Maker, receipt: int, at: tuple[str, str, str, str], quantity: int, on: date) -> None:
    order_no, store, part_no, supplier = at
    value = quantity * 7
    moved = Movement(store, part_no, Place(PlaceKind.SUPPLIER, supplier), Place(PlaceKind.CLAIM_SHORT, order_no),
                     quantity, value)  # fmt: skip
    opened = maker.post("claim", on, moved)
    claim_no = f"C{maker.count}"
    maker.rows("claim", {
        "claim_no": claim_no, "document_sequence": opened, "receipt_sequence": receipt, "supplier": supplier,
        "order_no": order_no, "store": store, "part_no": part_no, "cause": maker.chance.choice(("short", "damaged")),
        "quantity_milli": quantity, "value_e4": value, "on_order_milli": 0, "place_kind": "claim-short",
        "place_name": order_no, "opened_at": "", "due_at": "",
    })  # fmt: skip
    for step in maker.chance.choice(((), ("lapsed",), ("submitted", "accepted", "credited"), ("submitted",))):
        later = min(on + timedelta(days=maker.chance.randrange(40)), LAST)
        event = maker.post("claim", later)
        maker.rows("claim_event", {
            "document_sequence": event, "claim_no": claim_no, "step": step,
            "amount_e4": value - 3 if step == "credited" else None, "off_order_milli": 0, "note": "",
        })  # fmt: skip


def issued(maker: Maker) -> None:
    store, part_no = maker.at()
    asked = IssueRequest(
        store, part_no, maker.milli(), maker.chance.choice(ORDERS),
        vin=maker.chance.choice((None, "VIN1")), partial=maker.chance.random() < 0.5,
        outcome=maker.chance.choice(OUTCOMES[1:]), job_type=maker.chance.choice((None, "repair")),
        payer=maker.chance.choice(PAYERS),
        unit_price_e4=maker.chance.choice((None, 12_3457, 99_0001, 45_5555)),
    )  # fmt: skip
    answer = issue(maker.connection, asked, maker.day(), "made", None, RECORDED_AT)
    if answer.posting is not None:
        maker.posted.append(answer.posting.number)
        maker.issued += [(store, part_no, asked.order_no)] if answer.supplied_milli else []


def brought_back(maker: Maker) -> None:
    if not maker.issued:
        return
    store, part_no, order_no = maker.chance.choice(maker.issued)
    asked = ReturnRequest(store, part_no, 500, order_no)
    slip = bring_back(maker.connection, asked, Signature(maker.day(), "made", None, RECORDED_AT))
    if slip.posting is not None:
        maker.posted.append(slip.posting.number)


def imported(maker: Maker) -> None:
    """Lines of history that no document of the books brought; sometimes of one part, so often that it is common."""
    favourite = maker.at() if maker.chance.random() < 0.5 else None
    for _ in range(maker.chance.randrange(10, 24) if favourite else 6):
        maker.count += 1
        store, part_no = favourite or maker.at()
        requested = maker.milli()
        maker.rows("demand_line", {
            "store": store, "order_no": f"H{maker.count % 7}-{maker.count}", "part_no": part_no, "line_no": 1,
            "opened_on": maker.day().isoformat(), "vin": maker.chance.choice((None, "VIN2")),
            "job_type": maker.chance.choice((None, "maintenance")), "payer": maker.chance.choice(PAYERS),
            "quantity_requested_milli": requested,
            "quantity_supplied_milli": maker.chance.choice((0, requested // 2, requested, requested)),
            "outcome": maker.chance.choice(OUTCOMES),
            "unit_price_e4": maker.chance.choice((None, 33_3333, 7)),
        })  # fmt: skip


def panelled(maker: Maker) -> None:
    maker.count += 1
    found = maker.connection.execute(sa.select(metadata.tables["demand_panel"])).all()
    if not found:
        maker.rows("demand_panel", {
            "part_no": maker.chance.choice(PARTS), "store": maker.chance.choice(("", *STORES)),
            "period": maker.chance.choice(("2025-04", "2025-11", "2026-05")), "quantity_milli": 1000,
            "available_ppm": 1_000_000,
        })  # fmt: skip


def moved_elsewhere(maker: Maker) -> None:
    """Into places outside the stock, at a share of what lies in the bin."""
    (store, part_no), on = maker.at(), maker.day()
    quantity, value = maker.bin(store, part_no)
    target = maker.chance.choice((
        Place(PlaceKind.TRANSIT, "T1"), Place(PlaceKind.WORKSHOP, "RO-9"), Place(PlaceKind.RETURN_TO_MAKER, "R1"),
        Place(PlaceKind.QUARANTINE, "X"), Place(PlaceKind.SCRAP), Place(PlaceKind.DOCK, "D"),
    ))  # fmt: skip
    if quantity >= 1000:
        share = value * 1000 // quantity
        maker.post("made", on, Movement(store, part_no, Place(PlaceKind.BIN, "A"), target, 1000, share))


def deposited(maker: Maker) -> None:
    (store, part_no), on = maker.at(), maker.day()
    core = Movement(store, part_no, Place(PlaceKind.SUPPLIER, "GPC"), Place(PlaceKind.CORE, "owed"), 1000, 55_0000)
    kept = Movement(store, part_no, Place(PlaceKind.CUSTOMER, "RO-1"), Place(PlaceKind.WARRANTY_HOLD, "W"), 1000, 0)
    maker.post("made", on, maker.chance.choice((core, kept)))


def held(maker: Maker) -> None:
    (store, part_no), on = maker.at(), maker.day()
    kind = maker.chance.choice(("repair_order", "repair_order", "appointment"))
    asked = HoldRequest(store, part_no, 1000, kind, "RO-1", on + timedelta(days=90))
    slip = hold(maker.connection, asked, Signature(on, "made", None, RECORDED_AT))
    if slip.posting is not None:
        maker.posted.append(slip.posting.number)


def counted(maker: Maker) -> None:
    on = maker.day()
    sequence = maker.post("stocktake", on)
    count_no = f"N{maker.count}"
    store = maker.chance.choice(STORES)
    maker.rows("stock_count", {"count_no": count_no, "document_sequence": sequence, "store": store,
                               "opened_on": on.isoformat()})  # fmt: skip
    for line_no in range(1, maker.chance.randrange(2, 6)):
        expected = maker.chance.choice((1000, 4000, 9000, 100_000))
        is_counted = maker.chance.random() < 0.85
        maker.rows("count_line", {
            "document_sequence": sequence, "line_no": line_no, "count_no": count_no, "store": store,
            "part_no": maker.chance.choice(PARTS), "bin_name": maker.chance.choice("ABC"),
            "count_class": maker.chance.choice(("fast", "A", "B", "C")),
            "counted_on": on.isoformat() if is_counted else None,
            "counted_milli": max(0, expected + maker.chance.choice((0, 0, -1000, 1000, 2500))) if is_counted else None,
            "expected_milli": expected if is_counted else None,
            "unit_cost_e4": maker.chance.randrange(1, 99) * 777, "cause": None, "times_counted": 1,
        })  # fmt: skip


def back_dated(maker: Maker) -> None:
    """Goods at another price, dated before others of their part: what left since is worth something else now."""
    store, part_no = maker.at()
    on = LAST - timedelta(days=maker.chance.randrange(300))
    maker.post("made", on, Movement(store, part_no, Place(PlaceKind.COUNT_DIFFERENCE), Place(PlaceKind.BIN, "A"), 3000,
                                    maker.chance.randrange(1, 99) * 31_111))  # fmt: skip


def taken_back(maker: Maker) -> None:
    if maker.posted:
        number = maker.chance.choice(maker.posted)
        reverse(maker.connection, number, "made", maker.chance.choice((LAST, maker.day())), "made", None, RECORDED_AT)


def closed(maker: Maker) -> None:
    """A month of spring, with all before it; what is dated in it later came late."""
    month = maker.chance.choice(("2026-03", "2026-04", "2026-05"))
    close_month(maker.connection, month, LAST, "made", None, RECORDED_AT)


_OPERATIONS: tuple[Callable[[Maker], None], ...] = (
    *(issued,) * 6, *(received,) * 4, brought_back, brought_back, imported, imported, panelled, moved_elsewhere,
    deposited, held, counted, back_dated, taken_back, taken_back, closed,
)  # fmt: skip
