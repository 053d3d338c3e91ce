"""Random days at the counters of two stores: nothing is lost, promised twice or worth anything where nothing lies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import count

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.books.balances import Balances, balances, balances_on, differences
from inventory.books.refusals import StockShortError
from inventory.counter.adjustment import AdjustRequest, adjust
from inventory.counter.handover import HandOver, hand_over
from inventory.counter.issues import IssueRequest, issue
from inventory.counter.put_away import MoveRequest, put_away
from inventory.counter.reservations import HoldRequest, expire, hold, release
from inventory.counter.scrapping import ScrapRequest, scrap
from inventory.counter.slip import Slip
from inventory.counter.transfers import SendRequest, close, receive, send
from inventory.counter.workshop_returns import ReturnRequest, bring_back
from inventory.database import read, write
from tests.inventory.counter.made_counter import signed
from tests.inventory.made_books import RECORDED_AT, TODAY, fill

BINS = ("A", "B")
ORDERS = ("RO-1", "RO-2")
STEP = st.tuples(
    st.sampled_from(
        ["adjust", "hold", "post", "release", "expire", "issue", "return", "send", "receive", "close", "scrap", "move"]
    ),
    st.integers(0, 1),
    st.integers(0, 1),
    st.integers(1, 4000),
    st.integers(0, 10**6),
)
DAYS = st.lists(STEP, min_size=5, max_size=30)
OUTSIDE = {"opening", "supplier", "customer", "scrap", "count-difference", "other-store"}
_rounds = count()


class Counters:
    """Two stores and the open reservations and transfers of a day that never ends."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self.part_no = f"P{next(_rounds)}"
        self.stores = (f"{self.part_no}-S1", f"{self.part_no}-S2")
        self.held: list[str] = []
        self.sent: list[str] = []
        row = {"part_no": self.part_no, "name": "", "category": "", "unit": "each", "unit_cost_e4": 7, "supplier": ""}
        rest = {"pack_size_milli": 1, "moq_milli": 1, "criticality": "", "returnable": ""}
        fill(engine, "part", [{**row, **rest}])

    def step(self, kind: str, at: int, other: int, quantity: int, value: int) -> None:
        store, to, part_no = self.stores[at], self.stores[1 - at], self.part_no
        until, tomorrow = TODAY + timedelta(days=other), TODAY + timedelta(days=1)
        adjusted = AdjustRequest(store, part_no, BINS[other], quantity if value % 3 else -quantity, "counted", None)
        verbs: dict[str, Callable[[sa.Connection], object]] = {
            "adjust": lambda c: adjust(c, adjusted, signed()),
            "hold": lambda c: hold(
                c, HoldRequest(store, part_no, quantity, "repair_order", ORDERS[other], until), signed()
            ),
            "post": lambda c: hand_over(c, HandOver(_one(self.held, value), quantity), signed()),
            "release": lambda c: release(c, _one(self.held, value), signed()),
            "expire": lambda c: expire(c, signed(tomorrow), store),
            "issue": lambda c: issue(
                c, IssueRequest(store, part_no, quantity, ORDERS[other], partial=True), TODAY, "t", None, RECORDED_AT
            ),
            "return": lambda c: bring_back(c, ReturnRequest(store, part_no, quantity, ORDERS[other]), signed()),
            "send": lambda c: send(c, SendRequest(store, to, part_no, quantity), signed()),
            "receive": lambda c: receive(c, _one(self.sent, value), quantity, None, signed()),
            "close": lambda c: close(c, _one(self.sent, value), "lost", signed()),
            "scrap": lambda c: scrap(c, ScrapRequest(store, part_no, quantity, "rusty"), signed()),
            "move": lambda c: put_away(
                c, MoveRequest(store, part_no, BINS[other], BINS[1 - other], quantity), signed()
            ),
        }
        before = self.now()
        answer: object = None
        try:
            with write(self.engine) as connection:
                answer = verbs[kind](connection)
        except StockShortError:  # what an expiry of tomorrow gives back is not there to be taken today
            assert self.now() == before, "what is refused changes nothing"
        after = self.now()
        self.follows(kind, before, after, answer)

    def now(self) -> Balances:
        with read(self.engine) as connection:
            found = balances_on(connection, date.max, part_no=self.part_no)
            assert balances(connection, self.stores, [self.part_no]).keys() >= {
                where for where in found if where.place_kind not in OUTSIDE
            }
            return found

    def follows(self, kind: str, before: Balances, after: Balances, answer: object) -> None:
        """Hold one step against what it may do: sums, emptiness, and what stays as it was."""
        if isinstance(answer, Slip) and answer.posting is not None:
            {"hold": self.held, "send": self.sent}.get(kind, []).append(answer.posting.number)
        elif isinstance(answer, Slip):
            assert before == after, "what is refused changes nothing"
        for store in self.stores:
            own = [amount for where, amount in after.items() if where.store == store]
            assert (sum(a.quantity_milli for a in own), sum(a.value_e4 for a in own)) == (0, 0)
        between = [amount for where, amount in after.items() if where.place_kind == "other-store"]
        assert (sum(a.quantity_milli for a in between), sum(a.value_e4 for a in between)) == (0, 0)
        for where, amount in after.items():
            if where.place_kind not in OUTSIDE:
                assert amount.quantity_milli >= 0
                assert amount.value_e4 >= 0
                assert amount.quantity_milli or not amount.value_e4
            if where.place_kind == "customer":
                assert amount.quantity_milli >= 0, "no more comes back than was issued"
                assert amount.quantity_milli or not amount.value_e4
        if kind in ("hold", "release", "expire", "move"):
            assert _on_hand(before) == _on_hand(after), "what is held or put elsewhere is still there"


def _one(numbers: list[str], value: int) -> str:
    return numbers[value % len(numbers)] if numbers else "NONE"


def _on_hand(held: Balances) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for where, amount in held.items():
        if where.place_kind in ("bin", "reserved"):
            quantity, value = found.get(where.store, (0, 0))
            found[where.store] = (quantity + amount.quantity_milli, value + amount.value_e4)
    return {store: amount for store, amount in found.items() if amount != (0, 0)}


def live(engine: sa.Engine, days: list[tuple[str, int, int, int, int]]) -> None:
    counters = Counters(engine)
    for at in (0, 1):
        counters.step("adjust", at, at, 4000, 1)
    for step in days:
        counters.step(*step)
    with read(engine) as connection:
        assert differences(connection) == []
        summed = balances_on(connection, TODAY + timedelta(days=1), part_no=counters.part_no)
    assert summed == counters.now()


FIXTURE_STAYS = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
"""Each example keeps books of its own, under a part and stores of its own."""


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@given(days=DAYS)
@settings(max_examples=25, suppress_health_check=FIXTURE_STAYS)
def test_whatever_happens_at_the_counters_on_sqlite_the_books_hold(
    engine: sa.Engine, days: list[tuple[str, int, int, int, int]]
) -> None:
    live(engine, days)


@pytest.mark.parametrize("database_kind", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
@given(days=DAYS)
@settings(max_examples=6, suppress_health_check=FIXTURE_STAYS)
def test_whatever_happens_at_the_counters_on_postgresql_the_books_hold(
    engine: sa.Engine, days: list[tuple[str, int, int, int, int]]
) -> None:
    live(engine, days)
