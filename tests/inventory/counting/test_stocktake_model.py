"""Whatever is sold, brought or lost while people count: after the count the books hold what lies on the shelf."""

from __future__ import annotations

import itertools

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.books.balances import differences
from inventory.counting.opening import Place, Scope
from inventory.database import read
from inventory.schema import balance
from tests.inventory.counting.made_counting import approved, at, caused, entered, lines, opened, traded
from tests.inventory.made_books import CUSTOMER, OPENING, moved, shelf, with_parts

NAMES = itertools.count(1)
STEPS = st.lists(
    st.tuples(st.sampled_from(["sell", "bring", "lose", "count"]), st.integers(1, 6)), min_size=1, max_size=7
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=STEPS, after=STEPS)
def test_a_count_finds_exactly_what_went_missing_until_then(
    engine: sa.Engine, before: list[tuple[str, int]], after: list[tuple[str, int]]
) -> None:
    part_no = f"H{next(NAMES)}"
    with_parts(engine, {part_no: 10})
    lying = booked = counted = 30
    lost_since = 0
    traded(engine, f"{part_no}-0", "08:00", moved(OPENING, shelf("A"), 30, 300, part_no))
    minutes = (f"09:{minute:02d}" for minute in itertools.count())
    count_no = opened(engine, Scope(places=(Place(part_no, "A"),)), minute=next(minutes)).count_no
    count_at = ""
    for step, quantity in [*before, ("count", 0), *((step, q) for step, q in after if step != "count")]:
        minute = next(minutes)
        if step == "count":
            count_at, counted, lost_since = minute, lying, 0
        elif step == "bring":
            lying, booked = lying + quantity, booked + quantity
            traded(engine, f"{part_no}-{minute}", minute, moved(OPENING, shelf("A"), quantity, quantity * 10, part_no))
        elif step == "sell" and quantity <= min(lying, booked):
            lying, booked = lying - quantity, booked - quantity
            _sold(engine, part_no, minute, quantity)
        elif step == "lose" and quantity <= lying:
            lying, lost_since = lying - quantity, lost_since + quantity
    for who in ("ann", "bob"):
        if not entered(engine, count_no, (part_no, "A", counted, who, count_at)).recount:
            break
    caused(engine, count_no, part_no, "lost")
    line = lines(engine, count_no)[part_no]
    assert line.held_milli == booked * 1000
    done = approved(engine, count_no)
    assert done.findings == (), at(count_at)
    with read(engine) as connection:
        assert differences(connection) == []
        held = sa.select(balance.c.quantity_milli).where(balance.c.part_no == part_no, balance.c.place_kind == "bin")
        assert connection.execute(held).scalar_one() == (lying + lost_since) * 1000


def _sold(engine: sa.Engine, part_no: str, minute: str, quantity: int) -> None:
    traded(engine, f"{part_no}-{minute}", minute, moved(shelf("A"), CUSTOMER, quantity, quantity * 10, part_no))
