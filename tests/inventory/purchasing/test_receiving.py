"""What is accepted goes to its bin, what is refused into quarantine, and what is missing stays on order."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from inventory.books.balances import Amount, balances_on, differences
from inventory.books.ledger import LedgerConflictError
from inventory.database import read, write
from inventory.purchasing.orders import open_lines
from inventory.purchasing.receiving import Receipt, ReceivedLine, receive
from inventory.schema import receipt_line
from tests.inventory.made_books import RECORDED_AT, STORE, TODAY, stocked
from tests.inventory.purchasing.test_orders import ROWS, imported

ALL_OF_P1 = ReceivedLine("P1", 10_000, 10_000, row=2)


@pytest.fixture
def ordered(engine: sa.Engine) -> sa.Engine:
    """Books with an order of ten P1 at 12 and four P2 at 3, and some P1 in two bins."""
    stocked(engine, [(STORE, "P1", "A", 1, 10, ""), (STORE, "P1", "B", 2, 10, "")])
    imported(engine, ROWS[:2])
    return engine


def received(
    engine: sa.Engine, lines: list[ReceivedLine] | None, on: date = TODAY, key: str | None = None, order_no: str = "PO1"
) -> Receipt:
    with write(engine) as connection:
        return receive(connection, order_no, lines, on, "tester", key, RECORDED_AT)


def open_milli(engine: sa.Engine) -> dict[str, int]:
    with read(engine) as connection:
        assert differences(connection) == []
        return {str(line["part_no"]): int(str(line["open_milli"])) for line in open_lines(connection, TODAY)}


def lying(engine: sa.Engine, part_no: str) -> dict[str, Amount]:
    with read(engine) as connection:
        found = balances_on(connection, TODAY, STORE, part_no)
    return {f"{where.place_kind} {where.place_name}": amount for where, amount in found.items()}


def test_all_that_is_open_is_accepted_into_the_bins_that_hold_most(ordered: sa.Engine) -> None:
    receipt = received(ordered, None)
    assert receipt.posting is not None
    assert receipt.posting.number == "PO1-R1"
    assert open_milli(ordered) == {}
    # 1 + 2 at 10, and 10 at 12, are 13 worth 150: 1 in A is worth 11.5384, the rest lies in B
    assert lying(ordered, "P1")["bin B"] == Amount(12_000, 150_0000 - 11_5384)
    assert lying(ordered, "P2")["bin "] == Amount(4000, 12_0000), "a part without a bin has none yet"
    assert received(ordered, None).findings[0].is_conflict, "nothing is left to receive"


def test_an_order_may_be_received_in_parts(ordered: sa.Engine) -> None:
    received(ordered, [ReceivedLine("P1", 4000, 4000, "short", "C")])
    assert open_milli(ordered) == {"P1": 6000, "P2": 4000}
    second = received(ordered, [ReceivedLine("P1", 6000, 6000, bin_name="C")])
    assert second.posting is not None
    assert second.posting.number == "PO1-R2"
    assert open_milli(ordered) == {"P2": 4000}
    assert lying(ordered, "P1")["bin C"].quantity_milli == 10_000


def test_what_is_refused_lies_in_quarantine_at_cost_and_stays_on_order(ordered: sa.Engine) -> None:
    received(ordered, [ALL_OF_P1._replace(quantity_accepted_milli=7000, cause="damaged")])
    assert lying(ordered, "P1")["quarantine PO1"] == Amount(3000, 36_0000)
    assert lying(ordered, "P1")["supplier GPC"] == Amount(-10_000, -120_0000)
    assert open_milli(ordered) == {"P1": 3000, "P2": 4000}


def test_more_than_is_open_is_taken_where_the_cause_says_so(ordered: sa.Engine) -> None:
    over = ALL_OF_P1._replace(quantity_delivered_milli=12_000, quantity_accepted_milli=12_000)
    assert "10 still open" in received(ordered, [over]).findings[0].reason
    assert received(ordered, [over._replace(cause="over")]).posting is not None
    assert open_milli(ordered) == {"P2": 4000}


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        (ALL_OF_P1._replace(part_no="P9"), "part_no", "a part that was not ordered"),
        (ALL_OF_P1._replace(store="S02"), "store", "a store that ordered none"),
        (ALL_OF_P1._replace(quantity_accepted_milli=11_000), "quantity_accepted", "more accepted than delivered"),
        (ALL_OF_P1._replace(cause="stolen"), "cause", "a cause nobody knows"),
    ],
)
def test_a_faulty_row_refuses_the_delivery_and_names_itself(
    ordered: sa.Engine, line: ReceivedLine, column: str, reason: str
) -> None:
    receipt = received(ordered, [ReceivedLine("P2", 4000, 4000, row=3), line])
    assert receipt.posting is None
    assert (receipt.findings[0].row, receipt.findings[0].column) == (2, column), reason
    assert open_milli(ordered) == {"P1": 10_000, "P2": 4000}


def test_an_order_nobody_knows_cannot_be_received(ordered: sa.Engine) -> None:
    assert received(ordered, None, order_no="PO7").findings[0].value == "PO7"


def test_a_delivery_told_twice_under_one_key_comes_in_once(ordered: sa.Engine) -> None:
    first = received(ordered, [ALL_OF_P1], key="K")
    again = received(ordered, [ALL_OF_P1], key="K")
    assert first.posting is not None
    assert again.posting is not None
    assert (again.posting.number, again.posting.is_new) == (first.posting.number, False)
    assert open_milli(ordered) == {"P2": 4000}
    with pytest.raises(LedgerConflictError):
        received(ordered, None, key="K")


def test_the_lines_of_a_delivery_are_kept_as_inspected_and_never_changed(ordered: sa.Engine) -> None:
    received(ordered, [ALL_OF_P1._replace(quantity_accepted_milli=7000, cause="damaged")])
    with read(ordered) as connection:
        (line,) = connection.execute(sa.select(receipt_line)).mappings()
    assert (line["quantity_delivered_milli"], line["quantity_accepted_milli"], line["cause"]) == (
        10_000,
        7000,
        "damaged",
    )
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), write(ordered) as connection:
        connection.execute(sa.delete(receipt_line))
