"""Purchase orders come from a list or from an approved proposal, once, and stay open until they are accepted."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
import sqlalchemy as sa

from inventory import plans
from inventory.books.ledger import LedgerConflictError, Posting
from inventory.books.reversing import reverse
from inventory.database import read, write
from inventory.plan_runs import RunToStore
from inventory.proof.verification import verify
from inventory.purchasing.orders import (
    NotApprovedError,
    OpenOrdersImport,
    open_lines,
    order_heads,
    order_lines,
    post_open_orders,
    send,
)
from inventory.schema import proposal_event
from tests.inventory.made_books import RECORDED_AT, TODAY, with_parts

Row = tuple[str, str, str, str, str, float, float, str, str]
ROWS: list[Row] = [
    ("PO1", "GPC", "stock", "S01", "P1", 10, 12, "2026-06-20", "2026-07-01"),
    ("PO1", "GPC", "stock", "S01", "P2", 4, 3, "2026-06-20", "2026-07-03"),
    ("PO2", "GPC", "urgent", "S02", "P1", 1, 13, "2026-06-29", "2026-06-30"),
]


def imported(engine: sa.Engine, rows: list[Row]) -> OpenOrdersImport:
    names = "order_no supplier order_type store part_no quantity_milli unit_cost_e4 ordered_on expected_on"
    frame = pd.DataFrame.from_records(rows, columns=names.split())
    frame["quantity_milli"] = (frame["quantity_milli"] * 1000).astype("int64")
    frame["unit_cost_e4"] = (frame["unit_cost_e4"] * 10_000).astype("int64")
    with write(engine) as connection:
        return post_open_orders(connection, frame, "tester", RECORDED_AT)


def test_a_list_of_open_orders_is_on_order_from_the_day_it_was_ordered(engine: sa.Engine) -> None:
    assert imported(engine, ROWS) == OpenOrdersImport(new=2)
    with read(engine) as connection:
        assert [line["open_milli"] for line in open_lines(connection, TODAY)] == [10_000, 4000, 1000]
        assert [line["order_no"] for line in open_lines(connection, date(2026, 6, 28))] == ["PO1", "PO1"]
        assert [line["part_no"] for line in open_lines(connection, TODAY, store="S02")] == ["P1"]
        heads = order_heads(connection, TODAY)
    assert [(head["order_no"], head["lines"], head["value_open_e4"]) for head in heads] == [
        ("PO2", 1, 13_0000),
        ("PO1", 2, 132_0000),
    ], "the earliest expected first"


def test_the_same_list_again_changes_nothing_in_any_order(engine: sa.Engine) -> None:
    imported(engine, ROWS)
    assert imported(engine, ROWS[::-1]) == OpenOrdersImport(known=2)


@pytest.mark.parametrize(
    ("rows", "row", "column", "is_conflict", "reason"),
    [
        ([(*ROWS[0][:5], 11, *ROWS[0][6:])], 2, "order_no", True, "a known number with another quantity"),
        ([ROWS[0], ROWS[0]], 3, "part_no", False, "a part twice on one order"),
        ([ROWS[0], ("PO1", "XYZ", *ROWS[1][2:])], 2, "supplier", False, "an order of two suppliers"),
    ],
)
def test_a_list_that_contradicts_itself_or_the_books_is_refused_whole(
    engine: sa.Engine, rows: list[Row], row: int, column: str, is_conflict: bool, reason: str
) -> None:
    imported(engine, ROWS[:2])
    (finding,) = imported(engine, [*rows, ROWS[2]]).findings
    assert (finding.row, finding.column, finding.is_conflict) == (row, column, is_conflict), reason
    with read(engine) as connection:
        assert {line["order_no"] for line in open_lines(connection, TODAY)} == {"PO1"}


def planned(engine: sa.Engine) -> str:
    """Store a proposal of two lines, ordered on the 30th and expected five days later; return its number."""
    with_parts(engine, {"P1": 12, "P2": 3})
    zeros = ("on_hand", "on_order", "reserved", "backorder", "safety_stock", "reorder_point", "order_up_to_level",
             "expected_demand")  # fmt: skip
    lines = [
        {
            "line_no": line_no,
            "store": "S01",
            "part_no": part_no,
            "quantity_milli": quantity * 1000,
            "unit_cost_e4": cost * 10_000,
            **{f"{name}_milli": 0 for name in zeros},
            "expected_fill_rate_ppm": 0,
            "reason": "{}",
        }
        for line_no, (part_no, quantity, cost) in enumerate([("P1", 10, 12), ("P2", 4, 3)], start=1)
    ]
    levels = [
        {name: value for name, value in line.items() if name != "line_no"}
        | {"supplier": "GPC", "order_type": "stock", "urgent_milli": 0}
        for line in lines
    ]
    head = {
        "supplier": "GPC",
        "order_type": "stock",
        "order_on": "2026-06-30",
        "expected_on": "2026-07-05",
        "content_hash": "h",
    }
    run = RunToStore("run", TODAY, "{}", ("S01",))
    with write(engine) as connection:
        stored = plans.append_plan(connection, run, [(head, lines)], levels, "tester", RECORDED_AT)
    return stored.proposals[0].proposal_no


def sent(engine: sa.Engine, number: str, on: date = TODAY, key: str | None = None) -> Posting:
    with write(engine) as connection:
        return send(connection, number, on, "tester", key, RECORDED_AT)


def event(engine: sa.Engine, number: str, kind: str) -> None:
    with write(engine) as connection:
        plans.append_event(connection, number, kind, "tester", RECORDED_AT, {})


def test_an_approved_proposal_becomes_one_purchase_order_with_its_edits(engine: sa.Engine) -> None:
    number = planned(engine)
    with write(engine) as connection:
        plans.edit_line(connection, number, plans.LineEdit("S01", "P1", 0, "phased out"), "tester", RECORDED_AT)
        plans.edit_line(connection, number, plans.LineEdit("S01", "P2", 6000, "campaign"), "tester", RECORDED_AT)
    event(engine, number, "approved")
    order = sent(engine, number, date(2026, 7, 2))
    with read(engine) as connection:
        (line,) = order_lines(connection, date(2026, 7, 2), order.number)
        assert plans.state(connection, number) == "sent"
        bodies = [each["body"] for each in plans.events(connection, number) if each["kind"] == "sent"]
    assert (line["part_no"], line["open_milli"], line["unit_cost_e4"]) == ("P2", 6000, 3_0000)
    assert (line["ordered_on"], line["expected_on"]) == ("2026-07-02", "2026-07-07"), "two days late, two days later"
    assert bodies == [f'{{"order_no": "{order.number}"}}']
    with pytest.raises(NotApprovedError, match="is sent"):
        sent(engine, number)


def test_a_reversed_order_gives_its_proposal_back_to_be_sent_again_or_rejected(engine: sa.Engine) -> None:
    number = planned(engine)
    event(engine, number, "approved")
    first = sent(engine, number)
    with write(engine) as connection:
        reverse(connection, first.number, "wrong supplier", TODAY, "chief", None, RECORDED_AT)
    with read(engine) as connection:
        assert plans.state(connection, number) == "approved"
        assert [head["state"] for head in plans.proposals(connection)] == ["approved"]
        told = [(each["kind"], each["user_name"]) for each in plans.events(connection, number)]
        assert told == [("approved", "tester"), ("sent", "tester"), ("order_reversed", "chief")]
    second = sent(engine, number)
    assert second.number == f"{first.number}.2"
    with read(engine) as connection:
        assert plans.state(connection, number) == "sent"
        assert {line["order_no"] for line in open_lines(connection, TODAY)} == {second.number}
        assert verify(connection) == []
    with write(engine) as connection:
        reverse(connection, second.number, "again", TODAY, "chief", None, RECORDED_AT)
    event(engine, number, "rejected")
    with pytest.raises(NotApprovedError, match="is rejected"):
        sent(engine, number)


@pytest.mark.parametrize("kind", ["", "rejected"])
def test_only_an_approved_proposal_is_sent(engine: sa.Engine, kind: str) -> None:
    number = planned(engine)
    if kind:
        event(engine, number, kind)
    with pytest.raises(NotApprovedError, match="only an approved proposal"):
        sent(engine, number)
    with pytest.raises(NotApprovedError, match="no proposal"):
        sent(engine, "none")


def test_a_proposal_of_which_nothing_is_left_is_not_sent(engine: sa.Engine) -> None:
    number = planned(engine)
    with write(engine) as connection:
        for part_no in ("P1", "P2"):
            plans.edit_line(connection, number, plans.LineEdit("S01", part_no, 0, ""), "tester", RECORDED_AT)
    event(engine, number, "approved")
    with pytest.raises(NotApprovedError, match="no line left"):
        sent(engine, number)


def test_sending_twice_under_one_key_makes_one_order(engine: sa.Engine) -> None:
    number = planned(engine)
    event(engine, number, "approved")
    first = sent(engine, number, key="K")
    again = sent(engine, number, key="K")
    assert (again.number, again.is_new) == (first.number, False)
    with read(engine) as connection:
        kinds = connection.execute(sa.select(proposal_event.c.kind)).scalars().all()
    assert kinds.count("sent") == 1
    with pytest.raises(LedgerConflictError):
        sent(engine, number, date(2026, 7, 9), key="K")
