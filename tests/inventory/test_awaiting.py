"""What waits to be approved or sent, as it stood when a document was recorded; on both databases."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from inventory import plans
from inventory.awaiting import awaiting
from inventory.database import read, write
from inventory.plans import LineEdit
from inventory.schema import document, part, plan_run, proposal, proposal_line

AS_OF = date(2026, 6, 30)
FIGURES = (
    "on_hand_milli on_order_milli reserved_milli backorder_milli safety_stock_milli reorder_point_milli"
    " order_up_to_level_milli expected_demand_milli expected_fill_rate_ppm"
)


def at(hour: int) -> str:
    return f"2026-06-30T{hour:02d}:00:00+00:00"


@pytest.fixture
def books(engine: sa.Engine) -> sa.Engine:
    """Documents at 7 and 12 o'clock; between them proposals A and B, of which B is approved, A edited."""
    masters = {"category": "", "unit": "each", "list_price_e4": None, "supplier": "GPC", "moq_milli": 1000,
               "criticality": "", "returnable": "", "pack_size_milli": 1000, "unit_cost_e4": 10_0000}  # fmt: skip
    with write(engine) as connection:
        connection.execute(part.insert().values(part_no="P1", name="Filter", **masters))
        recorded(connection, 1, 7)
        proposed(connection, "A", 8, {"S01": 3000, "S02": 1500})
        proposed(connection, "B", 9, {"S02": 2000})
        plans.append_event(connection, "B", "approved", "mei", at(10), {})
        plans.edit_line(connection, "A", LineEdit("S01", "P1", 2000, "enough"), "mei", at(11))
        recorded(connection, 2, 12)
        plans.append_event(connection, "B", "sent", "mei", at(13), {"order_no": "PO-B"})
        plans.edit_line(connection, "A", LineEdit("S01", "P1", 0, "none"), "mei", at(14))
    return engine


def recorded(connection: sa.Connection, sequence: int, hour: int) -> None:
    connection.execute(
        document.insert().values(
            sequence=sequence, kind="note", number=f"D{sequence}", effective_on="2026-06-30", recorded_at=at(hour),
            user_name="mei", idempotency_key=f"D{sequence}", content_hash=str(sequence), body="{}",
        )
    )  # fmt: skip


def proposed(connection: sa.Connection, number: str, hour: int, lines: dict[str, int]) -> None:
    connection.execute(
        plan_run.insert().values(run_id=number, as_of=AS_OF.isoformat(), recorded_at=at(hour), manifest="{}")
    )
    connection.execute(
        proposal.insert().values(
            proposal_no=number, run_id=number, supplier="GPC", order_type="stock", order_on="2026-07-01",
            expected_on="2026-07-05", content_hash=number,
        )
    )  # fmt: skip
    connection.execute(
        proposal_line.insert(),
        [
            {"proposal_no": number, "line_no": line_no, "store": store, "part_no": "P1", "quantity_milli": quantity,
             "unit_cost_e4": 10_0001, "reason": "{}", **dict.fromkeys(FIGURES.split(), 0)}
            for line_no, (store, quantity) in enumerate(lines.items(), start=1)
        ],
    )  # fmt: skip


def told(books: sa.Engine, *stores: str, as_of: date = AS_OF, known_at: int | None = None) -> list[tuple[object, ...]]:
    """Number, state, value and quantities of what waits."""
    with read(books) as connection:
        return [
            (
                each.head["proposal_no"],
                each.head["state"],
                each.value_e4,
                [line["quantity_milli"] for line in each.lines],
            )
            for each in awaiting(connection, as_of, stores, known_at)
        ]


def test_drafts_and_what_is_approved_wait_as_edited_and_what_is_sent_does_not(books: sa.Engine) -> None:
    assert told(books, "S01", "S02") == [("A", "draft", 15_0002, [1500])]
    with read(books) as connection:
        (line,) = awaiting(connection, AS_OF, ["S02"])[0].lines
    assert (line["name"], line["proposed_milli"]) == ("Filter", 1500)


def test_what_was_known_at_a_document_is_what_was_recorded_before_the_next_one(books: sa.Engine) -> None:
    before = [("A", "draft", 35_0004, [2000, 1500]), ("B", "approved", 20_0002, [2000])]
    assert told(books, "S01", "S02", known_at=1) == before
    assert told(books, "S01", "S02", known_at=2) == told(books, "S01", "S02")


def test_only_lines_of_the_stores_asked_for_and_of_plans_up_to_the_day_count(books: sa.Engine) -> None:
    assert told(books, "S01", known_at=1) == [("A", "draft", 20_0002, [2000])]
    assert told(books, "S09") == []
    assert told(books, "S01", "S02", as_of=date(2026, 6, 29)) == []
