"""Books with a document of every kind, and rows in every table: what must hold of all of them is tried on these."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from inventory.books.closing import close_month
from inventory.books.declarations import declare
from inventory.books.ledger import Posting
from inventory.books.reversing import reverse
from inventory.claims.core_deposits import move_cores, set_deposit
from inventory.claims.evidence import add_evidence
from inventory.claims.maker_returns import ReturnRequest, credit_return, open_return
from inventory.claims.warranty_custody import KeepRequest, keep, release
from inventory.counter.adjustment import AdjustRequest, adjust
from inventory.counter.handover import HandOver, hand_over
from inventory.counter.issues import IssueRequest, issue
from inventory.counter.line_judgements import Judgement, judge
from inventory.counter.put_away import MoveRequest, put_away
from inventory.counter.reservations import HoldRequest, expire, hold
from inventory.counter.reservations import release as give_back
from inventory.counter.scrapping import ScrapRequest, scrap
from inventory.counter.special_orders import Change, change
from inventory.counter.transfers import SendRequest, close, receive, send
from inventory.counter.workshop_returns import ReturnRequest as Back
from inventory.counter.workshop_returns import bring_back
from inventory.counting.opening import cancel
from inventory.database import write
from inventory.demand_log import Request
from inventory.intake.evidence import Evidence
from inventory.proof.seals import masters
from inventory.purchasing.orders import send as send_order
from inventory.schemas import metadata
from tests.inventory.claims.claiming import delivered, step
from tests.inventory.counter.made_counter import number, signed, written
from tests.inventory.counting.made_counting import approved, caused, entered, opened
from tests.inventory.made_books import (
    CUSTOMER,
    OPENING,
    RECORDED_AT,
    STORE,
    TODAY,
    fill,
    moved,
    posted,
    shelf,
    stocked,
    with_parts,
)
from tests.inventory.purchasing.test_orders import ROWS, event, imported, planned

LATER = date(2026, 7, 2)
FAR = date(2027, 1, 15)
"""After the last day on which anything is held or kept."""

VIN = "LVSHFFAL8EF123456"
KINDS = {
    *("stock-import", "purchase-order", "receipt", "claim", "core-deposit", "return-to-maker", "warranty-custody"),
    *("issue", "workshop-return", "put-away", "scrap", "adjustment", "special-order", "line-judgement"),
    *("reservation", "reservation-release", "reservation-expiry"),
    *("transfer", "transfer-receipt", "transfer-closing"),
    *("count-opening", "count-entry", "count-review", "count-cancel", "stocktake"),
    *("declaration", "period-close", "reversal"),
}
"""Every kind of document the program posts."""


class Made(NamedTuple):
    """Numbers of documents that later ones may go on from."""

    issue: str
    back: str
    held: str
    handed_over: str
    sent: str
    arrived: str
    receipt: str
    claim: str
    submitted: str
    returned: str
    credited: str
    tag: str
    released: str
    stocktake: str
    unmet: str
    move: str


def live(engine: sa.Engine) -> Made:
    """Let documents of every kind be posted, and every table have rows."""
    masters_filled(engine)
    bought(engine)
    issued = at_the_counter(engine)
    claimed = claims(engine)
    stocktake = counted(engine)
    with write(engine) as connection:
        declare(connection, STORE, "tax-basis", "included", TODAY, "tester", None, RECORDED_AT)
        close_month(connection, "2026-05", LATER, "tester", None, RECORDED_AT)
    posted(engine, "D1", moved(shelf("Z"), CUSTOMER, 1, 11, "P9"), on=date(2026, 6, 20))
    posted(engine, "D2", moved(OPENING, shelf("Z"), 7, 100, "P9"), on=date(2026, 6, 10))  # what left after it: anew
    with write(engine) as connection:
        reverse(connection, "D1", "wrong order", TODAY, "tester", None, RECORDED_AT)
    return Made(**issued, **claimed, stocktake=stocktake)


def masters_filled(engine: sa.Engine) -> None:
    """Give every table that may change a row; parts come with their plan."""
    for name in masters():
        if name != "part":
            columns = metadata.tables[name].columns
            row: dict[str, object] = {each.name: "1" if isinstance(each.type, sa.Text) else 1 for each in columns}
            sound = {"period": "2026-01", "effective_on": "2026-01-01", "replaced_by": "2"}
            fill(engine, name, [row | {key: told for key, told in sound.items() if key in row}])
    fill(
        engine, "forecast_run", [{"run_id": "F1", "as_of": "2026-06-30", "recorded_at": RECORDED_AT, "manifest": "{}"}]
    )
    value = {"run_id": "F1", "store": STORE, "target": "period", "share_ppm": -1, "value_milli": 1200}
    fill(engine, "forecast_value", [{**value, "part_no": "P1", "step": step} for step in range(2)])
    signed = {"user_name": "tester", "recorded_at": RECORDED_AT, "idempotency_key": "1", "reason": "1"}
    months = {"first_month": "2026-07", "last_month": "2026-08", "set_on": "2026-06-30", "expires_on": "2026-08-31"}
    over = {"store": STORE, "part_no": None, "family": "wear", "amount_milli": None, "factor_ppm": 1_500_000}
    fill(engine, "forecast_override", [{"override_id": 1, **over, **months, **signed}])
    fill(
        engine, "forecast_withdrawal", [{"withdrawal_id": 1, "override_id": 1, "withdrawn_on": "2026-07-01", **signed}]
    )


def bought(engine: sa.Engine) -> None:
    """Stock of P1, P2 and P9, an order sent and another imported."""
    proposal = planned(engine)  # with P1 and P2
    with_parts(engine, {"P9": 7})
    event(engine, proposal, "approved")
    with write(engine) as connection:
        send_order(connection, proposal, TODAY, "tester", None, RECORDED_AT)
        assert set_deposit(connection, "P1", 5_0000) == ()
    rows = [(STORE, "P1", "A", 20, 10, "2026-01-31"), (STORE, "P1", "B", 5, 12, ""), (STORE, "P9", "Z", 6, 11, "")]
    stocked(engine, rows, date(2026, 6, 1))
    imported(engine, ROWS)


def at_the_counter(engine: sa.Engine) -> dict[str, str]:
    """Issues, reservations, transfers and all else that a counter does with P1."""
    on_order = IssueRequest(STORE, "P1", 3000, "RO-7", VIN, odometer_km=12_345, unit_price_e4=99_0000)
    out = given(engine, on_order)
    back = written(engine, bring_back, Back(STORE, "P1", 1000, "RO-7"))
    kept = written(engine, hold, HoldRequest(STORE, "P1", 2000, "repair_order", "RO-8", LATER))
    with write(engine) as connection:
        handed = hand_over(connection, HandOver(number(kept), 1000), signed()).posting
    freed = written(engine, hold, HoldRequest(STORE, "P1", 1000, "appointment", "AP-1", LATER))
    written(engine, give_back, number(freed))
    written(engine, hold, HoldRequest(STORE, "P1", 1000, "appointment", "AP-2", TODAY))
    written(engine, expire, on=date(2026, 7, 1))
    under_way = written(engine, send, SendRequest(STORE, "S02", "P1", 4000))
    came = written(engine, receive, number(under_way), 3000, "R")
    written(engine, close, number(under_way), "lost by the carrier")
    written(engine, send, SendRequest(STORE, "S02", "P1", 1000))
    move = written(engine, put_away, MoveRequest(STORE, "P1", "B", "C", 2000))
    written(engine, scrap, ScrapRequest(STORE, "P1", 1000, "rusty"))
    written(engine, adjust, AdjustRequest(STORE, "P1", "A", 2000, "found behind the shelf"))
    unmet = given(engine, IssueRequest(STORE, "P2", 2000, "RO-9", VIN))
    written(engine, change, Request(STORE, "RO-9", "P2"), Change(owner="Ann"))
    written(engine, judge, Judgement(STORE, "RO-9", "P2", 1, "bulk", "a fleet"))
    assert handed is not None
    return {
        "issue": out.number,
        "back": number(back),
        "held": number(kept),
        "handed_over": handed.number,
        "sent": number(under_way),
        "arrived": number(came),
        "unmet": unmet.number,
        "move": number(move),
    }


def given(engine: sa.Engine, asked: IssueRequest, on: date = TODAY) -> Posting:
    with write(engine) as connection:
        answer = issue(connection, asked, on, "tester", None, RECORDED_AT)
    assert answer.posting is not None, answer.findings
    return answer.posting


def claims(engine: sa.Engine) -> dict[str, str]:
    """A delivery with something wrong, cores, a return to the maker, and a replaced part kept."""
    receipt = delivered(engine, "P1", 6, 4, "damaged")
    assert receipt.posting is not None
    (opened_claim,) = receipt.claims
    submitted = step(engine, opened_claim.claim_no, "submitted")
    seen = Evidence("photo.jpg", "ab.jpg", "ab", 12)
    with write(engine) as connection:
        add_evidence(connection, opened_claim.claim_no, seen, TODAY, "ann", None, RECORDED_AT)
        move_cores(connection, "take", STORE, "P1", 1000, TODAY, "ann", None, RECORDED_AT)
        asked = ReturnRequest(STORE, "P1", 2000, "A", reason="never asked for")
        returned = open_return(connection, asked, TODAY, "ann", None, RECORDED_AT).posting
        assert returned is not None
        credited = credit_return(connection, returned.number, 15_0000, 1_0000, TODAY, "ann", None, RECORDED_AT)
        open_return(connection, asked, TODAY, "ann", None, RECORDED_AT)
        tag = keep(connection, KeepRequest(STORE, "RO-7", "P1", 1000, VIN), TODAY, "ann", None, RECORDED_AT).posting
        keep(connection, KeepRequest(STORE, "RO-8", "P1", 1000), TODAY, "ann", None, RECORDED_AT)
        assert tag is not None
        gone = release(connection, tag.number, "scrap", date(2026, 9, 30), "ann", None, RECORDED_AT)
    delivered(engine, "P2", 4, 3, "short")
    return {
        "receipt": receipt.posting.number,
        "claim": opened_claim.claim_no,
        "submitted": submitted.number,
        "returned": returned.number,
        "credited": credited.number,
        "tag": tag.number,
        "released": gone.number,
    }


def counted(engine: sa.Engine) -> str:
    """A count that was posted with a difference, one that was cancelled, and one that is open."""
    first = opened(engine)
    with write(engine) as connection:
        cancel(connection, first.count_no, "the wrong shelf", TODAY, "opener", None, RECORDED_AT)
    second = opened(engine)
    entered(engine, second.count_no, ("P1", "C", 5, "ben", "10:00"), ("P9", "Z", 6, "ben", "10:00"))
    entered(engine, second.count_no, ("P1", "C", 5, "cat", "10:30"))
    caused(engine, second.count_no, "P1", "found", "C")
    done = approved(engine, second.count_no, leave=True)
    assert done.posting is not None, done.findings
    opened(engine)
    return done.posting.number
