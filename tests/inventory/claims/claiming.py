"""A delivery with something wrong, and its claims, said in few words for tests."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from inventory.books.balances import INSIDE_KINDS, Amount, balances, balances_on, differences
from inventory.books.ledger import Posting
from inventory.claims.steps import Settlement, take_step
from inventory.claims.views import claim_rows
from inventory.database import read, write
from inventory.purchasing.orders import order_lines
from inventory.purchasing.receiving import Receipt, ReceivedLine, receive
from tests.inventory.made_books import RECORDED_AT, STORE, TODAY, with_parts
from tests.inventory.purchasing.test_orders import ROWS, imported


def with_order(engine: sa.Engine) -> None:
    """Open PO1: ten P1 at 12 and four P2 at 3; P9, at 7, is in the parts table and not on the order."""
    with_parts(engine, {"P1": 12, "P2": 3, "P9": 7})
    imported(engine, ROWS[:2])


def delivered(
    engine: sa.Engine,
    part_no: str,
    units: float,
    accepted: float,
    cause: str = "",
    on: date = TODAY,
    key: str | None = None,
    order_no: str = "PO1",
) -> Receipt:
    line = ReceivedLine(part_no, round(units * 1000), round(accepted * 1000), cause, "A")
    with write(engine) as connection:
        return receive(connection, order_no, [line], on, "ann", key, RECORDED_AT)


def step(
    engine: sa.Engine,
    claim_no: str,
    name: str,
    settled: Settlement | None = None,
    on: date = TODAY,
    key: str | None = None,
) -> Posting:
    with write(engine) as connection:
        return take_step(connection, claim_no, name, on, "ann", key, RECORDED_AT, settled)


def steps(engine: sa.Engine, claim_no: str, *names: str) -> None:
    for name in names:
        step(engine, claim_no, name)


def state(engine: sa.Engine, claim_no: str, as_of: date = TODAY) -> str:
    with read(engine) as connection:
        return next(
            str(row["state"]) for row in claim_rows(connection, as_of, RECORDED_AT) if row["claim_no"] == claim_no
        )


def lying(engine: sa.Engine, part_no: str = "P1") -> dict[str, Amount]:
    """Where the part lies, and that the books add up: all places together are nothing."""
    with read(engine) as connection:
        assert differences(connection) == []
        found = balances_on(connection, date.max, STORE, part_no)
        now = balances(connection, [STORE], [part_no])
    inside = {where: amount for where, amount in found.items() if where.place_kind in INSIDE_KINDS}
    assert {where: amount for where, amount in now.items() if amount != (0, 0)} == inside
    assert sum(amount.quantity_milli for amount in found.values()) == 0
    assert sum(amount.value_e4 for amount in found.values()) == 0
    return {f"{where.place_kind} {where.place_name}": amount for where, amount in found.items()}


def open_milli(engine: sa.Engine, part_no: str = "P1", as_of: date = TODAY) -> int:
    with read(engine) as connection:
        (line,) = (each for each in order_lines(connection, as_of, "PO1") if each["part_no"] == part_no)
    return int(str(line["open_milli"]))
