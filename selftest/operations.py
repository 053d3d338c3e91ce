"""The documents of the random sequences: each a row of `OPERATIONS`, done to the books and to the plain model alike.

A new kind of document is tried by adding a row: how often it comes, how one is drawn, how it is posted, and what the
plain model makes of it. Posting and model answer with the same plain value, and the two answers must be equal.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from inventory.books.balances import balances, pools
from inventory.books.ledger import StockShortError, post
from inventory.books.movements import Document, Movement, Place, PlaceKind
from inventory.books.stock_import import post_stock
from inventory.books.valuation import amount_e4, values_out
from inventory.counter.issues import IssueRequest, issue
from inventory.purchasing.orders import post_open_orders
from inventory.purchasing.receiving import ReceivedLine, receive
from selftest.goods import RECORDED_AT, STORE, SUPPLIER, USER, part_numbers
from selftest.plain_books import PlainBooks, Spot

if TYPE_CHECKING:
    import sqlalchemy as sa

PARTS = part_numbers(12)
BINS = ("A", "B", "C")
COUNT_DIFFERENCE, OPENING = ("count-difference", ""), ("opening", "")


class Turn(NamedTuple):
    """When an operation happens: its own number, and the business day, which rises with it."""

    number: int
    day: date


@dataclass(frozen=True)
class Operation:
    """One kind of document.

    Parameters
    ----------
    name
        What it is.
    weight
        How often it comes, relative to the others.
    draw
        What is asked for, drawn at random with an eye on the model; None where there is nothing to ask now.
    post
        Does it to the books and answers.
    model
        Does it to the plain books and answers.
    """

    name: str
    weight: int
    draw: Callable[[random.Random, PlainBooks, Turn], Any]
    post: Callable[[sa.Connection, Any, Turn], Any]
    model: Callable[[PlainBooks, Any, Turn], Any]


# --- a stock file: some bins hold this much today --------------------------------------------------------------------


def _draw_stock(rng: random.Random, _books: PlainBooks, _turn: Turn) -> list[tuple[str, str, int, int]]:
    parts = rng.sample(PARTS, rng.randint(1, 4))
    return [(part, rng.choice(BINS), rng.randint(0, 40) * 500, rng.randint(1, 99_9999)) for part in parts]


def _post_stock(connection: sa.Connection, rows: list[tuple[str, str, int, int]], turn: Turn) -> int:
    import pandas as pd

    frame = pd.DataFrame(rows, columns=["part_no", "bin", "quantity_milli", "unit_cost_e4"])
    done = post_stock(connection, frame.assign(store=STORE, received_on=None), turn.day, USER, RECORDED_AT)
    assert not done.findings, done.findings
    return done.opened


def _model_stock(books: PlainBooks, rows: list[tuple[str, str, int, int]], _turn: Turn) -> int:
    opened = 0
    for part, name, milli, cost in sorted(rows):
        spot, is_known = ("bin", name), books.is_known(part)
        gap = milli - books.quantity.get((part, spot), 0)
        opened += not is_known
        if gap < 0:
            books.move(part, [(spot, -gap)], COUNT_DIFFERENCE)
        else:
            books.move(part, [(COUNT_DIFFERENCE if is_known else OPENING, gap)], spot, amount_e4(gap, cost))
    return opened


# --- a purchase order, and deliveries against it ---------------------------------------------------------------------


def _draw_order(rng: random.Random, _books: PlainBooks, turn: Turn) -> tuple[str, dict[str, tuple[int, int]]]:
    parts = rng.sample(PARTS, rng.randint(1, 5))
    return f"PO-{turn.number}", {part: (rng.randint(1, 30) * 1000, rng.randint(1, 99_9999)) for part in parts}


def _post_order(connection: sa.Connection, asked: tuple[str, dict[str, tuple[int, int]]], turn: Turn) -> int:
    import pandas as pd

    order_no, lines = asked
    frame = pd.DataFrame(
        [(part, *line) for part, line in lines.items()], columns=["part_no", "quantity_milli", "unit_cost_e4"]
    )
    head = {"order_no": order_no, "supplier": SUPPLIER, "order_type": "stock", "store": STORE}
    days = {"ordered_on": turn.day.isoformat(), "expected_on": turn.day.isoformat()}
    done = post_open_orders(connection, frame.assign(**head, **days), USER, RECORDED_AT)
    assert not done.findings, done.findings
    return done.new


def _model_order(books: PlainBooks, asked: tuple[str, dict[str, tuple[int, int]]], _turn: Turn) -> int:
    books.orders[asked[0]] = dict(asked[1])
    return 1


Delivery = tuple[str, list[tuple[str, int, int, str]]]
"""An order, and of each part delivered: quantity delivered, quantity accepted, bin."""


def _draw_delivery(rng: random.Random, books: PlainBooks, _turn: Turn) -> Delivery | None:
    if not books.orders:
        return None
    order_no = rng.choice(list(books.orders))
    lines = []
    for part, (milli, _) in books.orders[order_no].items():
        delivered = rng.choice((milli, rng.randint(1, milli)))
        lines.append((part, delivered, rng.choice((delivered, delivered, rng.randint(0, delivered))), rng.choice(BINS)))
    return order_no, lines


def _post_delivery(connection: sa.Connection, asked: Delivery, turn: Turn) -> bool:
    lines = [ReceivedLine(p, came, kept, "" if came == kept else "damaged", name) for p, came, kept, name in asked[1]]
    done = receive(connection, asked[0], lines, turn.day, USER, None, RECORDED_AT)
    assert not done.findings, done.findings
    return done.posting is not None


def _model_delivery(books: PlainBooks, asked: Delivery, _turn: Turn) -> bool:
    order = books.orders[asked[0]]
    for part, came, kept, name in asked[1]:
        still_open, cost = order.pop(part)
        kept_value = amount_e4(kept, cost)
        refused = amount_e4(came, cost) - kept_value
        books.move(part, [(("supplier", SUPPLIER), kept)], ("bin", name), kept_value)
        books.move(part, [(("supplier", SUPPLIER), came - kept)], ("quarantine", asked[0]), refused)
        if still_open > kept:
            order[part] = still_open - kept, cost
    if not order:
        del books.orders[asked[0]]
    return True


# --- an issue, whole or in part --------------------------------------------------------------------------------------


def _draw_issue(rng: random.Random, books: PlainBooks, turn: Turn) -> IssueRequest:
    part = rng.choice(PARTS)
    there = sum(milli for _, milli in books.bins(part))
    milli = there if there and rng.random() < 0.1 else rng.randint(1, 6000)
    name = rng.choice((None, None, *BINS))
    is_partial, outcome = rng.random() < 0.5, rng.choice(("special_order", "urgent", "lost", "cancelled"))
    return IssueRequest(STORE, part, milli, f"RO-{turn.number}", None, name, is_partial, outcome)


def _post_issue(connection: sa.Connection, asked: IssueRequest, turn: Turn) -> tuple[int, int]:
    done = issue(connection, asked, turn.day, USER, f"issue-{turn.number}", RECORDED_AT)
    assert not done.findings, done.findings
    return done.supplied_milli, done.missing_milli


def _model_issue(books: PlainBooks, asked: IssueRequest, _turn: Turn) -> tuple[int, int]:
    bins = [each for each in books.bins(asked.part_no) if asked.bin_name in (None, each[0][1])]
    there = sum(milli for _, milli in bins)
    supplied = asked.quantity_milli if there >= asked.quantity_milli else there if asked.partial else 0
    taken, left = [], supplied
    for spot, milli in bins:
        taken.append((spot, min(milli, left)))
        left -= taken[-1][1]
    books.move(asked.part_no, [each for each in taken if each[1]], ("customer", asked.order_no))
    return supplied, asked.quantity_milli - supplied


# --- a bare document of the ledger: along the shelf, to scrap, and what is not there ---------------------------------

Move = tuple[str, Spot, Spot, int]


def _draw_move(rng: random.Random, _books: PlainBooks, _turn: Turn) -> Move:
    name, other = rng.sample(BINS, 2)
    target = ("bin", other) if rng.random() < 0.7 else ("scrap", "")
    return rng.choice(PARTS), ("bin", name), target, rng.randint(1, 5000)


def _post_move(connection: sa.Connection, asked: Move, turn: Turn) -> bool:
    part, source, target, milli = asked
    pool = pools(balances(connection, [STORE], [part]))
    there = pool[STORE, part].quantity_milli if (STORE, part) in pool else 0
    value = values_out([(STORE, part, milli)], pool)[0] if there >= milli else 0
    movement = Movement(STORE, part, _place(source), _place(target), milli, value)
    document = Document("move", f"M-{turn.number}", turn.day, USER, f"M-{turn.number}", (movement,), {})
    try:
        with connection.begin_nested():
            post(connection, document, RECORDED_AT)
    except StockShortError:
        return False
    return True


def _place(spot: Spot) -> Place:
    return Place(PlaceKind(spot[0]), spot[1])


def _model_move(books: PlainBooks, asked: Move, _turn: Turn) -> bool:
    part, source, target, milli = asked
    return books.move(part, [(source, milli)], target)


OPERATIONS = (
    Operation("stock-import", 1, _draw_stock, _post_stock, _model_stock),
    Operation("purchase-order", 5, _draw_order, _post_order, _model_order),
    Operation("receipt", 9, _draw_delivery, _post_delivery, _model_delivery),
    Operation("issue", 60, _draw_issue, _post_issue, _model_issue),
    Operation("move", 25, _draw_move, _post_move, _model_move),
)
"""Every kind of document that random sequences are made of."""
