"""A back-dated entry moves in before what follows it; what was known before stays to be asked for."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.books.balances import Amount, balances_on, differences, on_hand
from inventory.books.history import part_history
from inventory.books.layers import fifo_values
from inventory.books.ledger import StockShortError, post, post_all
from inventory.books.movements import Document, Movement, Place, PlaceKind
from inventory.database import read, write
from inventory.proof.verification import verify
from inventory.schema_books import revaluation
from tests.inventory.made_books import CUSTOMER, OPENING, RECORDED_AT, STORE, moved, posted, shelf

FIRST = date(2026, 6, 1)
WORKSHOP = Place(PlaceKind.WORKSHOP, "RO-1")


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def value_on(engine: sa.Engine, when: date, known_at: int | None = None) -> Amount:
    with read(engine) as connection:
        return on_hand(connection, when, known_at=known_at).get((STORE, "P1"), Amount(0, 0))


def sound(engine: sa.Engine) -> None:
    with read(engine) as connection:
        assert differences(connection) == []
        assert verify(connection) == []


def test_a_late_receipt_changes_what_was_issued_after_it_was_worth(engine: sa.Engine) -> None:
    posted(engine, "D1", moved(OPENING, shelf("A"), 10, 100), on=day(1))
    before = posted(engine, "D2", moved(shelf("A"), CUSTOMER, 10, 100), on=day(5))
    assert value_on(engine, day(5)) == Amount(0, 0)
    posted(engine, "D3", moved(OPENING, shelf("A"), 10, 200), on=day(2))
    assert value_on(engine, day(2)) == Amount(20_000, 300_0000)
    assert value_on(engine, day(5)) == Amount(10_000, 150_0000)  # ten went at 15 each
    assert value_on(engine, day(5), known_at=before.sequence) == Amount(0, 0)  # as everybody believed then
    with read(engine) as connection:
        rows = part_history(connection, "P1", day(9))
        assert [row["value_e4"] for row in rows] == [100_0000, 200_0000, 150_0000]
        then = part_history(connection, "P1", day(9), known_at=before.sequence)
        assert [row["value_e4"] for row in then] == [100_0000, 100_0000]
    sound(engine)


def test_an_issue_entered_late_takes_its_share_of_what_was_there_on_its_day(engine: sa.Engine) -> None:
    posted(engine, "D1", moved(OPENING, shelf("A"), 10, 100), on=day(1))
    posted(engine, "D2", moved(OPENING, shelf("A"), 10, 300), on=day(5))
    posted(engine, "D3", moved(shelf("A"), CUSTOMER, 5, 100), on=day(3))  # said at today's 20, worth 10 then
    assert value_on(engine, day(3)) == Amount(5000, 50_0000)
    assert value_on(engine, day(9)) == Amount(15_000, 350_0000)
    sound(engine)


def test_what_lies_in_the_workshop_is_worth_something_else_too(engine: sa.Engine) -> None:
    posted(engine, "D1", moved(OPENING, shelf("A"), 10, 100), on=day(1))
    posted(engine, "D2", moved(shelf("A"), WORKSHOP, 4, 40), on=day(3))
    posted(engine, "D3", moved(WORKSHOP, CUSTOMER, 2, 20), on=day(4))
    posted(engine, "D4", moved(OPENING, shelf("A"), 10, 300), on=day(2))  # 20 each
    with read(engine) as connection:
        found = balances_on(connection, day(9))
    worth = {where.place_kind: amount.value_e4 for where, amount in found.items() if where.place_kind != "opening"}
    assert worth["workshop"] == 40_0000
    assert worth["bin"] == 320_0000
    sound(engine)


def test_a_back_dated_issue_is_refused_where_a_later_day_would_lack_it(engine: sa.Engine) -> None:
    posted(engine, "D1", moved(OPENING, shelf("A"), 10, 100), on=day(1))
    posted(engine, "D2", moved(shelf("A"), CUSTOMER, 10, 100), on=day(3))
    posted(engine, "D3", moved(OPENING, shelf("A"), 10, 100), on=day(5))
    with pytest.raises(StockShortError, match=r"'A' of S01 lacks 1 of P1 on 2026-06-04") as refused:
        posted(engine, "D4", moved(shelf("A"), CUSTOMER, 1, 10), on=day(2))
    assert refused.value.on == day(3)
    assert value_on(engine, day(9)) == Amount(10_000, 100_0000)
    sound(engine)


def test_nothing_is_written_where_nothing_comes_out_differently(engine: sa.Engine) -> None:
    posted(engine, "D1", moved(OPENING, shelf("A"), 10, 100), on=day(1))
    posted(engine, "D2", moved(shelf("A"), CUSTOMER, 5, 50), on=day(3))
    posted(engine, "D3", moved(OPENING, shelf("A"), 10, 100), on=day(2))
    with read(engine) as connection:
        assert connection.execute(sa.select(revaluation)).all() == []


ENTRIES = st.lists(
    st.tuples(st.booleans(), st.sampled_from("AB"), st.integers(1, 400), st.integers(0, 10**6), st.integers(0, 8)),
    min_size=1,
    max_size=12,
)
_stores = (f"B{number}" for number in count())


def entry(store: str, number: int, said: tuple[bool, str, int, int, int]) -> Document:
    comes_in, name, quantity, value, after = said
    source, target = (OPENING, shelf(name)) if comes_in else (shelf(name), WORKSHOP if value % 2 else CUSTOMER)
    movement = Movement(store, "P", source, target, quantity, value if comes_in else 0)
    key = f"{store}-{number}"
    return Document("test", key, day(after), "tester", key, (movement,), {})


def live(engine: sa.Engine, said: list[tuple[bool, str, int, int, int]], order: list[int]) -> list[object]:
    """Post entries in an order, those that are refused left out; return the books of every day."""
    store = next(_stores)
    for number in order:
        try:
            with write(engine) as connection:
                post(connection, entry(store, number, said[number]), RECORDED_AT)
        except (StockShortError, ValueError):
            return []
    with read(engine) as connection:
        return [
            sorted((where[2:], amount) for where, amount in balances_on(connection, day(when), store).items())
            for when in range(9)
        ]


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@given(said=ENTRIES, data=st.data())
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
def test_the_order_in_which_documents_are_recorded_does_not_matter(
    engine: sa.Engine, said: list[tuple[bool, str, int, int, int]], data: st.DataObject
) -> None:
    said = sorted(said, key=lambda each: each[4])
    order = data.draw(st.permutations(range(len(said))))
    chronological = sorted(order, key=lambda number: said[number][4])  # within a day the order of recording counts
    late, right = live(engine, said, list(order)), live(engine, said, chronological)
    if late and right:
        assert late == right


def test_fifo_counts_a_late_receipt_by_its_day(engine: sa.Engine) -> None:
    posted(engine, "D1", moved(OPENING, shelf("A"), 10, 100), on=day(2))
    posted(engine, "D2", moved(shelf("A"), CUSTOMER, 5, 50), on=day(5))
    posted(engine, "D3", moved(OPENING, shelf("A"), 5, 500), on=day(1))
    with read(engine) as connection:
        assert fifo_values(connection, day(9)) == {(STORE, "P1"): 100_0000}  # the dear five left first


def test_documents_posted_together_count_in_the_order_of_their_days(engine: sa.Engine) -> None:
    posted(engine, "D1", moved(OPENING, shelf("A"), 10, 100), on=day(1))
    issue = Document("test", "D2", day(5), "tester", "D2", (moved(shelf("A"), CUSTOMER, 10, 100),), {})
    receipt = Document("test", "D3", day(2), "tester", "D3", (moved(OPENING, shelf("A"), 10, 200),), {})
    with write(engine) as connection:
        post_all(connection, [issue, receipt], RECORDED_AT)
    assert value_on(engine, day(5)) == Amount(10_000, 150_0000)  # ten went at 15 each
    sound(engine)
