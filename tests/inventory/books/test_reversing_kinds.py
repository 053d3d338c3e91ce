"""Documents of every kind: taken back rightly, or refused with the name of what has to be taken back first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa

from inventory.books.balances import Balances, Where, balances_on
from inventory.books.reversing import ReversalError, reverse
from inventory.claims.claims import UnknownClaimError
from inventory.claims.evidence import evidence_rows
from inventory.claims.maker_returns import credit_return, return_rows
from inventory.claims.parts_warranty import fitted_to
from inventory.claims.views import claim_rows
from inventory.claims.warranty_custody import tag_rows
from inventory.counter.issues import IssueRequest
from inventory.counter.reservations import reservation_rows
from inventory.counter.special_orders import special_orders
from inventory.counter.transfers import transfer_rows
from inventory.counter.workshop_returns import ReturnRequest, bring_back
from inventory.counting.classes import ClassRule
from inventory.counting.heads import heads
from inventory.counting.programme import programme
from inventory.database import read, write
from inventory.demand_log import asked, waiting
from inventory.proof.verification import verify
from inventory.purchasing.orders import order_lines
from inventory.schema import demand_line, document
from tests.inventory.claims.claiming import delivered, state, step
from tests.inventory.counter.made_counter import refused, written
from tests.inventory.every_kind import FAR, LATER, VIN, given, live
from tests.inventory.figures.shown import all_figures
from tests.inventory.made_books import RECORDED_AT, STORE, TODAY, stocked, with_parts
from tests.inventory.purchasing.test_orders import ROWS, imported

JUNE = 24317


def back(engine: sa.Engine, number: str, on: date = FAR) -> str:
    with write(engine) as connection:
        return reverse(connection, number, "a mistake", on, "tester", None, RECORDED_AT).number


def why_not(engine: sa.Engine, number: str) -> str:
    with pytest.raises(ReversalError) as refusal:
        back(engine, number)
    return str(refusal.value)


def sound(engine: sa.Engine) -> Balances:
    """What lies where on the last of days, the books being proven."""
    with read(engine) as connection:
        assert verify(connection) == []
        return balances_on(connection, FAR)


def rows(engine: sa.Engine, report: Callable[..., list[dict[str, object]]], key: str, number: str) -> list[object]:
    """The state of one thing in a report, as a list of one; empty where the report has it not."""
    with read(engine) as connection:
        return [row for row in report(connection, FAR) if row[key] == number]


def test_what_something_rests_on_is_refused_and_that_named(engine: sa.Engine) -> None:
    made = live(engine)
    first = {
        made.issue: made.back,
        made.held: made.handed_over,
        made.sent: made.arrived,
        made.receipt: made.submitted,
        made.returned: made.credited,
        made.tag: made.released,
        "PO1": made.receipt,
        made.unmet: "SPECIAL-",
        made.claim: f"opened with {made.receipt} and is taken back with it",
    }
    with read(engine) as connection:
        by_kind = {row.kind: row.number for row in connection.execute(sa.select(document.c.kind, document.c.number))}
    advice = {
        "period-close": "never opened again",
        "declaration": "declare anew",
        "reversal": "as a new document",
        "count-opening": "count cancel",
        "count-entry": "count recount",
        "count-review": "count cause",
        "count-cancel": "count open",
    }
    for number, said in {**first, **{by_kind[kind]: said for kind, said in advice.items()}}.items():
        assert said in why_not(engine, number), number
    sound(engine)


def test_taken_back_from_the_last_one_on_all_is_as_it_was(engine: sa.Engine) -> None:
    with_parts(engine, {"P1": 10, "P2": 3})
    stocked(engine, [(STORE, "P1", "A", 20, 10, ""), (STORE, "P2", "A", 9, 3, "")], date(2026, 6, 1))
    numbers: list[str] = []
    before = sound(engine)
    with read(engine) as connection:
        last = connection.execute(sa.select(sa.func.max(document.c.sequence))).scalar_one()
    made = _live_on(engine)
    with read(engine) as connection:
        posted_since = sa.select(document.c.number, document.c.kind).where(document.c.sequence > last)
        numbers = [row.number for row in connection.execute(posted_since.order_by(document.c.sequence.desc()))]
        opened_with = {str(row["claim_no"]) for row in claim_rows(connection, FAR, RECORDED_AT)}
    assert made
    for number in numbers:
        if number not in opened_with:
            back(engine, number)
    assert sound(engine) == before
    with read(engine) as connection:
        assert order_lines(connection, FAR) == claim_rows(connection, FAR, RECORDED_AT) == []
        assert waiting(connection, FAR) == {}
        assert transfer_rows(connection, FAR) == reservation_rows(connection, FAR) == []
        assert special_orders(connection, FAR) == []
        assert fitted_to(connection, "VIN1", FAR) == []
        assert connection.execute(sa.select(demand_line).where(*asked(FAR))).all() == []


def _live_on(engine: sa.Engine) -> list[str]:
    """Buy, receive with a claim, issue, bring back: what can be done twice over."""
    imported(engine, ROWS[:2])
    (claimed,) = delivered(engine, "P1", 6, 4, "damaged").claims
    for name in ("submitted", "accepted", "credited", "closed"):
        step(engine, claimed.claim_no, name)
    delivered(engine, "P2", 4, 3, "short")
    given(engine, IssueRequest(STORE, "P1", 3000, "RO-1", "VIN1", odometer_km=7))
    written(engine, bring_back, ReturnRequest(STORE, "P1", 1000, "RO-1"))
    given(engine, IssueRequest(STORE, "P2", 99_000, "RO-2", partial=True))
    return [claimed.claim_no]


def test_a_return_that_was_reversed_may_come_back_again(engine: sa.Engine) -> None:
    made = live(engine)
    too_much = ReturnRequest(STORE, "P1", 3000, "RO-7")
    assert refused(written(engine, bring_back, too_much, on=FAR)) == [("quantity", True)]
    back(engine, made.back)
    assert not written(engine, bring_back, too_much, on=FAR).findings
    sound(engine)


def test_an_issue_that_was_reversed_can_not_be_brought_back(engine: sa.Engine) -> None:
    made = live(engine)
    back(engine, made.back)
    back(engine, made.issue)
    one = ReturnRequest(STORE, "P1", 1000, "RO-7")
    assert refused(written(engine, bring_back, one, on=FAR)) == [("quantity", True)]
    with read(engine) as connection:
        assert [each.part_no for each in fitted_to(connection, VIN, FAR)] == []
    sound(engine)


def test_a_claim_goes_back_one_step_and_on_from_there(engine: sa.Engine) -> None:
    made = live(engine)
    step(engine, made.claim, "accepted")
    credited = step(engine, made.claim, "credited").number
    assert "rests" in why_not(engine, made.submitted)
    back(engine, credited)
    assert state(engine, made.claim, FAR) == "accepted"
    step(engine, made.claim, "replaced", on=FAR)
    assert state(engine, made.claim, FAR) == "replaced"
    sound(engine)


def test_a_receipt_takes_its_open_claims_back_with_it(engine: sa.Engine) -> None:
    made = live(engine)
    back(engine, made.submitted)
    assert "CORE-TAKE" in why_not(engine, made.receipt), "a core that came with it was taken in"
    with read(engine) as connection:
        took = sa.select(document.c.number).where(document.c.number.startswith("CORE-"))
        core = connection.execute(took).scalar_one()
    back(engine, core)
    back(engine, made.receipt)
    with read(engine) as connection:
        assert made.claim not in {row["claim_no"] for row in claim_rows(connection, FAR, RECORDED_AT)}
        assert evidence_rows(connection, "PO1-R2-C1") == []
    with pytest.raises(UnknownClaimError):
        step(engine, made.claim, "submitted", on=FAR)
    assert not [where for where in sound(engine) if where.place_kind == "quarantine"]


def test_a_decision_of_the_maker_is_taken_back_and_told_again(engine: sa.Engine) -> None:
    made = live(engine)
    back(engine, made.credited)
    assert [row["state"] for row in rows(engine, return_rows, "return_no", made.returned)] == ["open"]  # type: ignore[index]
    with write(engine) as connection:
        credit_return(connection, made.returned, 19_0000, 0, FAR, "ann", None, RECORDED_AT)
    assert [row["credit_e4"] for row in rows(engine, return_rows, "return_no", made.returned)] == [19_0000]  # type: ignore[index]
    sound(engine)


def test_a_transfer_and_a_reservation_are_taken_back_step_by_step(engine: sa.Engine) -> None:
    made = live(engine)
    back(engine, made.arrived)
    (sent,) = rows(engine, transfer_rows, "transfer_no", made.sent)
    assert [sent[name] for name in ("received_milli", "lost_milli", "in_transit_milli")] == [0, 1000, 3000]  # type: ignore[index]
    assert "LOSS-" in why_not(engine, made.sent)
    back(engine, made.handed_over)
    (held,) = rows(engine, reservation_rows, "reservation_no", made.held)
    assert [held[name] for name in ("handed_over_milli", "given_back_milli", "held_milli")] == [0, 0, 2000]  # type: ignore[index]
    back(engine, made.held)
    assert rows(engine, reservation_rows, "reservation_no", made.held) == []
    back(engine, made.released)
    back(engine, made.tag)
    assert rows(engine, tag_rows, "tag_no", made.tag) == []
    sound(engine)


def test_a_stocktake_taken_back_counted_nothing(engine: sa.Engine) -> None:
    made = live(engine)

    def counts() -> int:
        with read(engine) as connection:
            return sum(row.counts_made for row in programme(connection, LATER, ClassRule(), STORE).progress)

    before = counts()
    back(engine, made.stocktake, LATER)
    assert counts() < before
    with read(engine) as connection:
        assert sorted(head.state for head in heads(connection, store=STORE)) == ["cancelled", "open", "reversed"]
        assert sorted(head.state for head in heads(connection, store=STORE, as_of=TODAY)) == [
            "cancelled", "open", "posted",
        ]  # fmt: skip
    sound(engine)


def test_demand_of_an_issue_taken_back_is_demand_of_its_right_order_alone(engine: sa.Engine) -> None:
    with_parts(engine, {"P1": 10})
    stocked(engine, [(STORE, "P1", "A", 20, 10, "")], date(2026, 6, 1))
    wrong = given(engine, IssueRequest(STORE, "P1", 2000, "RO-1"))

    def asked_for(until: date = TODAY) -> tuple[int, int]:
        with read(engine) as connection:
            fill = all_figures(connection, JUNE, until, STORE, ("FILL_SHELF_LINE",))[0]
        return int(fill.numerator), int(fill.denominator)

    assert asked_for() == (1, 1)
    back(engine, wrong.number, TODAY)
    assert asked_for() == (0, 0)
    given(engine, IssueRequest(STORE, "P1", 2000, "RO-2"))
    assert asked_for() == (1, 1)


def test_a_stock_file_taken_back_is_imported_again_and_an_order_is_not(engine: sa.Engine) -> None:
    with_parts(engine, {"P1": 10, "P2": 3})
    file = [(STORE, "P1", "A", 20.0, 10.0, "")]
    assert stocked(engine, file).opened == 1
    place = Where(STORE, "P1", "bin", "A")
    before = sound(engine)[place]
    with read(engine) as connection:
        number = connection.execute(sa.select(document.c.number)).scalar_one()
    back(engine, number, TODAY)
    assert (stocked(engine, file).repeated, stocked(engine, file).repeated) == (0, 1)
    assert sound(engine)[place] == before
    imported(engine, ROWS[:2])
    back(engine, "PO1")
    assert [finding.value for finding in imported(engine, ROWS[:2]).findings] == ["PO1"]


def test_a_customer_who_was_served_meanwhile_keeps_his_request(engine: sa.Engine) -> None:
    with_parts(engine, {"P1": 10})
    unmet = given(engine, IssueRequest(STORE, "P1", 2000, "RO-7"))
    stocked(engine, [(STORE, "P1", "A", 5, 10, "")])
    served = given(engine, IssueRequest(STORE, "P1", 2000, "RO-7"))
    assert served.number in why_not(engine, unmet.number)
    back(engine, served.number)
    back(engine, unmet.number)
    with read(engine) as connection:
        assert waiting(connection, FAR) == {}
    sound(engine)
