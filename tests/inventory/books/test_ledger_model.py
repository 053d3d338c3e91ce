"""Random days in the store against a model so plain that it can be believed: the books agree to the last figure."""

from __future__ import annotations

from itertools import count

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.books.balances import INSIDE_KINDS, balances, balances_on, differences, pools
from inventory.books.ledger import StockShortError, post
from inventory.books.movements import Document, Movement
from inventory.books.valuation import values_out
from inventory.database import read, write
from tests.inventory.made_books import CUSTOMER, OPENING, RECORDED_AT, TODAY, shelf

BINS = ("A", "B", "C")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["receive", "issue", "move"]),
        st.sampled_from(BINS),
        st.sampled_from(BINS),
        st.integers(1, 5000),
        st.integers(0, 10**9),
    ),
    max_size=25,
)
_stores = (f"S{i}" for i in count())


class PlainBooks:
    """One part: what each bin holds, and what all of them are worth together."""

    def __init__(self) -> None:
        self.bins = dict.fromkeys(BINS, 0)
        self.value = 0

    def receive(self, name: str, quantity: int, value: int) -> bool:
        self.bins[name] += quantity
        self.value += value
        return True

    def issue(self, name: str, quantity: int) -> bool:
        if self.bins[name] < quantity:
            return False
        on_hand = sum(self.bins.values())
        # round half up, by the school's rule: double, add one whole, halve
        self.value -= (2 * quantity * self.value + on_hand) // (2 * on_hand)
        self.bins[name] -= quantity
        return True

    def move(self, name: str, target: str, quantity: int) -> bool:
        if self.bins[name] < quantity:
            return False
        self.bins[name] -= quantity
        self.bins[target] += quantity
        return True


def live(engine: sa.Engine, steps: list[tuple[str, str, str, int, int]]) -> None:
    store, model = next(_stores), PlainBooks()
    for number, (kind, name, target, quantity, value) in enumerate(steps):
        source, goal = (OPENING, shelf(name)) if kind == "receive" else (shelf(name), CUSTOMER)
        if kind == "move":
            if name == target:
                continue
            goal = shelf(target)
        if kind != "receive":
            with read(engine) as connection:
                pool = pools(balances(connection, [store], ["P"]))
            value = values_out([(store, "P", quantity)], pool)[0] if model.bins[name] >= quantity else 0
        movement = Movement(store, "P", source, goal, quantity, value)
        document = Document(kind, f"{store}-{number}", TODAY, "tester", f"{store}-{number}", (movement,), {})
        try:
            with write(engine) as connection:
                post(connection, document, RECORDED_AT)
            taken = True
        except StockShortError:
            taken = False
        if kind == "receive":
            assert taken is model.receive(name, quantity, value)
        elif kind == "issue":
            assert taken is model.issue(name, quantity)
        else:
            assert taken is model.move(name, target, quantity)
    compare(engine, store, model)


def compare(engine: sa.Engine, store: str, model: PlainBooks) -> None:
    with read(engine) as connection:
        now = balances(connection, [store], ["P"])
        summed = balances_on(connection, TODAY, store)
        assert differences(connection) == []
    on_shelf = {where.place_name: amount for where, amount in now.items() if where.place_kind == "bin"}
    assert {name: on_shelf[name].quantity_milli for name in on_shelf} == {name: model.bins[name] for name in on_shelf}
    assert sum(amount.value_e4 for amount in on_shelf.values()) == model.value
    assert all(amount.value_e4 == 0 for amount in on_shelf.values() if amount.quantity_milli == 0)
    assert all(amount.value_e4 >= 0 for amount in on_shelf.values())
    assert sum(amount.quantity_milli for amount in summed.values()) == 0
    assert sum(amount.value_e4 for amount in summed.values()) == 0
    inside = {where: amount for where, amount in summed.items() if where.place_kind in INSIDE_KINDS}
    assert inside == {where: amount for where, amount in now.items() if amount != (0, 0)}


FIXTURE_STAYS = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
"""Each example keeps books of its own, in a store of its own."""


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@given(steps=STEPS)
@settings(max_examples=40, suppress_health_check=FIXTURE_STAYS)
def test_the_books_on_sqlite_agree_with_the_plain_model(
    engine: sa.Engine, steps: list[tuple[str, str, str, int, int]]
) -> None:
    live(engine, steps)


@pytest.mark.parametrize("database_kind", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
@given(steps=STEPS)
@settings(max_examples=10, suppress_health_check=FIXTURE_STAYS)
def test_the_books_on_postgresql_agree_with_the_plain_model(
    engine: sa.Engine, steps: list[tuple[str, str, str, int, int]]
) -> None:
    live(engine, steps)
