"""Books for the measure of the figures: a year of two stores, a million movements, with all the logs figures read.

Every day has one delivery per store, of what is half gone, its purchase order, and issues to repair orders of one to
five lines, each with its line of demand; one request in ten is not filled, one issue in fifty comes back. Parts are
asked for as parts are: few of them daily, most of them seldom. Movements are posted by the program itself; the demand
log, the lines of orders and receipts are written in bulk beside them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, timedelta
from random import Random

import sqlalchemy as sa

from inventory.books.closing import close_month
from inventory.books.ledger import Posting, post_all
from inventory.books.movements import Document, Movement, Place, PlaceKind
from inventory.bulk import insert_rows
from inventory.database import write
from inventory.schema import demand_line, part, purchase_order_line, receipt_line

STORES, PARTS, DAYS = ("S01", "S02"), 20_000, 365
FIRST_DAY = date(2025, 7, 1)
LAST_DAY = FIRST_DAY + timedelta(days=DAYS - 1)
CLOSED_MONTH = "2026-05"
RECORDED_AT = "2026-06-30T08:00:00+00:00"
UNIT_COST_E4, LIST_PRICE_E4 = 12_3400, 19_9900
SUPPLIERS = ("MAKER", "TYRES", "OILS")
CATEGORIES = ("maintenance", "wear", "repair", "collision", "accessory")
COVER_DAYS = 45
ISSUE_SHARE, UNFILLED_SHARE, RETURNED_SHARE = 0.72, 0.08, 0.02
_BIN = Place(PlaceKind.BIN, "A-01")
_DEMAND = ("store", "order_no", "part_no", "line_no", "opened_on", "vin", "job_type", "payer",
           "quantity_requested_milli", "quantity_supplied_milli", "outcome", "unit_price_e4",
           "document_sequence")  # fmt: skip
_ORDERED = ("order_no", "store", "part_no", "document_sequence", "supplier", "order_type", "quantity_milli",
            "unit_cost_e4", "ordered_on", "expected_on")  # fmt: skip
_RECEIVED = ("document_sequence", "line_no", "order_no", "store", "part_no", "quantity_delivered_milli",
             "quantity_accepted_milli", "bin_name")  # fmt: skip

Row = tuple[object, ...]
NAMES = [f"P{number:06d}" for number in range(PARTS)]


class Shelf:
    """What a store has of each part, and up to how much it fills up; everything in units."""

    def __init__(self, store: str, issues_per_day: int) -> None:
        self.store = store
        shares = [math.sqrt((at + 1) / PARTS) - math.sqrt(at / PARTS) for at in range(PARTS)]
        self.full = [1 + math.ceil(COVER_DAYS * issues_per_day * share) for share in shares]
        self.units = list(self.full)

    def fill_up(self) -> list[tuple[int, int]]:
        """Return which parts are half gone, and how many of each come today."""
        low = [at for at, units in enumerate(self.units) if 2 * units <= self.full[at]]
        came = [(at, self.full[at] - self.units[at]) for at in low]
        for at, units in came:
            self.units[at] += units
        return came


def fill_books(engine: sa.Engine, movements: int, say: Callable[[str], None]) -> None:
    """Put parts, an opening stock and a year of trade into empty books.

    Parameters
    ----------
    movements
        About how many movements the year has, over all stores.
    say
        Told how far it is.
    """
    issues_per_day = round(movements * ISSUE_SHARE / (DAYS * len(STORES)))
    shelves = [Shelf(store, issues_per_day) for store in STORES]
    with write(engine) as connection:
        rows = [
            (part_no, f"part {part_no}", CATEGORIES[at % 5], "each", UNIT_COST_E4, LIST_PRICE_E4,
             SUPPLIERS[at % 3], 1000, 1000, "", "")
            for at, part_no in enumerate(NAMES)
        ]  # fmt: skip
        columns = ("part_no", "name", "category", "unit", "unit_cost_e4", "list_price_e4", "supplier",
                   "pack_size_milli", "moq_milli", "criticality", "returnable")  # fmt: skip
        insert_rows(connection, part, columns, rows)
        opening = [
            _moved(shelf.store, at, Place(PlaceKind.OPENING), _BIN, units)
            for shelf in shelves
            for at, units in enumerate(shelf.units)
        ]
        post_all(connection, [_document("OPENING", FIRST_DAY, opening)], RECORDED_AT)
    chance = Random(6)  # noqa: S311 - a made year, the same every time
    for number in range(DAYS):
        with write(engine) as connection:
            for shelf in shelves:
                _trade(connection, chance, shelf, number, issues_per_day)
        if number % 73 == 72:
            say(f"{number + 1} of {DAYS} days posted")
    with write(engine) as connection:
        close_month(connection, CLOSED_MONTH, LAST_DAY, "benchmark", None, RECORDED_AT)


def _trade(connection: sa.Connection, chance: Random, shelf: Shelf, number: int, lines: int) -> None:
    """Post a day of a store: its delivery, its issues and what came back, with their logs."""
    day = FIRST_DAY + timedelta(days=number)
    received = shelf.fill_up()
    order_no = f"PO-{shelf.store}-{number}"
    supplier = SUPPLIERS[number % 3]
    delivery = [_moved(shelf.store, at, Place(PlaceKind.SUPPLIER, supplier), _BIN, units) for at, units in received]
    issued, returned, asked = _requests(chance, shelf, number, lines)
    documents = [
        _document(order_no, day, []),
        _document(f"{order_no}-R1", day, delivery, "receipt"),
        _document(f"ISSUE-{shelf.store}-{number}", day, issued, "issue"),
        _document(f"RETURN-{shelf.store}-{number}", day, returned, "workshop-return"),
    ]
    ordered, receipt, issue, _ = post_all(connection, documents, RECORDED_AT)
    insert_rows(connection, demand_line, _DEMAND, [(*row, issue.sequence) for row in asked])
    _write_order(connection, (order_no, shelf.store, supplier), day, received, (ordered, receipt))


def _requests(
    chance: Random, shelf: Shelf, number: int, lines: int
) -> tuple[list[Movement], list[Movement], list[Row]]:
    """Return what was issued, what came back of it, and what was asked for."""
    day, store = (FIRST_DAY + timedelta(days=number)).isoformat(), shelf.store
    issued: list[Movement] = []
    returned: list[Movement] = []
    asked: list[Row] = []
    came_back: list[int] = []
    visit = 0
    while len(asked) < lines:
        visit += 1
        order_no = f"RO-{store}-{number}-{visit}"
        payer = chance.choice(("customer", "customer", "warranty", "insurance", "internal"))
        for at in {int(PARTS * chance.random() ** 2) for _ in range(chance.randint(1, 5))}:
            is_filled = shelf.units[at] > 0 and chance.random() >= UNFILLED_SHARE
            outcome = "shelf" if is_filled else chance.choice(("urgent", "special_order", "lost"))
            asked.append(
                (store, order_no, NAMES[at], 1, day, f"VIN{visit:014d}", "repair", payer, 1000,
                 1000 if is_filled else 0, outcome, LIST_PRICE_E4)
            )  # fmt: skip
            if is_filled:
                shelf.units[at] -= 1
                issued.append(_moved(store, at, _BIN, Place(PlaceKind.CUSTOMER, order_no), 1))
                if chance.random() < RETURNED_SHARE:
                    came_back.append(at)
                    returned.append(_moved(store, at, Place(PlaceKind.CUSTOMER, order_no), _BIN, 1))
    for at in came_back:  # when the day's issues are over
        shelf.units[at] += 1
    return issued, returned, asked


def _write_order(
    connection: sa.Connection,
    head: tuple[str, str, str],
    day: date,
    received: list[tuple[int, int]],
    posted: tuple[Posting, Posting],
) -> None:
    order_no, store, supplier = head
    order_type = "urgent" if day.day % 5 == 0 else "stock"
    today = day.isoformat()
    ordered = [
        (order_no, store, NAMES[at], posted[0].sequence, supplier, order_type, units * 1000, UNIT_COST_E4, today, today)
        for at, units in received
    ]
    came = [
        (posted[1].sequence, line_no, order_no, store, NAMES[at], units * 1000, units * 1000, "A-01")
        for line_no, (at, units) in enumerate(received, start=1)
    ]
    insert_rows(connection, purchase_order_line, _ORDERED, ordered)
    insert_rows(connection, receipt_line, _RECEIVED, came)


def _moved(store: str, at: int, source: Place, target: Place, units: int) -> Movement:
    return Movement(store, NAMES[at], source, target, units * 1000, units * UNIT_COST_E4)


def _document(name: str, day: date, moves: list[Movement], kind: str = "benchmark") -> Document:
    return Document(kind, name, day, "benchmark", name, tuple(moves), {})
