"""A claim opens with its delivery, counts its hours, is decided step by step, and nothing of it is ever lost."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.books.balances import Amount
from inventory.books.ledger import LedgerConflictError
from inventory.claims.claims import UnknownClaimError
from inventory.claims.deadlines import DEFAULT_HOURS, hours_of, rules, set_hours, set_rule
from inventory.claims.steps import LAWFUL, Settlement, UnlawfulStepError, lapse
from inventory.claims.views import claim_history, claim_rows
from inventory.database import read, write
from inventory.proof.verification import verify
from inventory.schema import part
from inventory.schema_claims import claim, claim_event
from tests.inventory.books.test_ledger_model import FIXTURE_STAYS
from tests.inventory.claims.claiming import delivered, lying, open_milli, state, step, steps, with_order
from tests.inventory.made_books import RECORDED_AT, TODAY
from tests.inventory.purchasing.test_orders import imported

C1 = "PO1-R1-C1"
LATER = "2026-07-02T09:00:00+00:00"
"""49 hours after the deliveries here are recorded and one after a deadline of 48."""
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def books(engine: sa.Engine) -> sa.Engine:
    with_order(engine)
    return engine


def test_short_goods_stand_in_claim_short_at_cost_and_stay_on_order(books: sa.Engine) -> None:
    receipt = delivered(books, "P1", 10, 8, "short")
    assert [(each.claim_no, each.cause, each.quantity_milli, each.value_e4) for each in receipt.claims] == [
        (C1, "short", 2000, 24_0000)
    ]
    assert lying(books) == {
        "bin A": Amount(8000, 96_0000),
        "claim-short PO1": Amount(2000, 24_0000),
        "supplier GPC": Amount(-10_000, -120_0000),
    }
    assert open_milli(books) == 2000


def test_damaged_goods_lie_in_quarantine_and_their_claim_says_so(books: sa.Engine) -> None:
    (claimed,) = delivered(books, "P1", 10, 7, "damaged").claims
    assert (claimed.place_kind, claimed.place_name, claimed.on_order_milli) == ("quarantine", "PO1", 3000)
    assert lying(books)["quarantine PO1"] == Amount(3000, claimed.value_e4)


def test_a_part_nobody_ordered_is_taken_into_quarantine_as_wrong_at_the_cost_of_the_parts_table(
    books: sa.Engine,
) -> None:
    assert delivered(books, "P9", 2, 1, "wrong").posting is None, "none of it is accepted"
    assert delivered(books, "P8", 2, 0, "wrong").findings[0].column == "part_no", "nobody knows the part"
    (claimed,) = delivered(books, "P9", 2, 0, "wrong").claims
    assert (claimed.store, claimed.cause, claimed.on_order_milli) == ("S01", "wrong", 0)
    assert lying(books, "P9")["quarantine PO1"] == Amount(2000, 14_0000)
    assert open_milli(books) == 10_000


def test_a_delivery_told_twice_under_one_key_opens_its_claims_once(books: sa.Engine) -> None:
    first = delivered(books, "P1", 10, 7, "damaged", key="K")
    assert delivered(books, "P1", 10, 7, "damaged", key="K").claims == first.claims
    with read(books) as connection:
        assert len(claim_rows(connection, TODAY, RECORDED_AT)) == 1


@pytest.mark.parametrize(
    ("settled", "supplier", "scrap"),
    [
        (None, Amount(-7000, -84_0000), None),
        (Settlement(goods="scrap"), Amount(-10_000, -84_0000), Amount(3000, 0)),
    ],
    ids=["sent back", "scrapped here"],
)
def test_what_is_credited_leaves_at_the_suppliers_cost_and_comes_off_the_order(
    books: sa.Engine, settled: Settlement | None, supplier: Amount, scrap: Amount | None
) -> None:
    delivered(books, "P1", 10, 7, "damaged")
    steps(books, C1, "submitted", "accepted")
    assert open_milli(books) == 3000
    step(books, C1, "credited", settled, on=TOMORROW)
    assert lying(books)["supplier GPC"] == supplier
    assert lying(books).get(f"scrap {C1}") == scrap
    assert "quarantine PO1" not in lying(books)
    assert open_milli(books, as_of=TOMORROW) == 0
    assert open_milli(books) == 3000, "the day before knows nothing of it"
    step(books, C1, "closed", on=TOMORROW)
    with read(books) as connection:
        assert [row["amount_e4"] for row in claim_history(connection, C1, TOMORROW)] == [
            None,
            None,
            None,
            36_0000,
            None,
        ]


def test_what_is_replaced_stays_on_order_until_the_new_goods_are_received(books: sa.Engine) -> None:
    delivered(books, "P1", 10, 8, "short")
    steps(books, C1, "submitted", "accepted", "replaced")
    assert "claim-short PO1" not in lying(books)
    assert open_milli(books) == 2000
    delivered(books, "P1", 2, 2)
    assert open_milli(books) == 0
    assert lying(books) == {"bin A": Amount(10_000, 120_0000), "supplier GPC": Amount(-10_000, -120_0000)}
    step(books, C1, "closed")


@pytest.mark.parametrize(
    ("cause", "settled", "where"),
    [
        ("damaged", Settlement(bin_name="B"), {"bin A", "bin B"}),
        ("damaged", Settlement(goods="scrap"), {"bin A", f"scrap {C1}"}),
        ("short", None, {"bin A", f"scrap {C1}"}),
    ],
)
def test_what_is_refused_is_ours_when_it_is_closed(
    books: sa.Engine, cause: str, settled: Settlement | None, where: set[str]
) -> None:
    delivered(books, "P1", 10, 7, cause)
    steps(books, C1, "submitted", "refused")
    assert open_milli(books) == 3000
    step(books, C1, "closed", settled)
    assert lying(books).keys() == where | {"supplier GPC"}
    assert lying(books)["supplier GPC"] == Amount(-10_000, -120_0000), "it was paid for"
    assert open_milli(books) == 0


def test_goods_kept_beyond_the_order_have_a_claim_and_nothing_waits(books: sa.Engine) -> None:
    (claimed,) = delivered(books, "P1", 12, 12, "over").claims
    assert (claimed.quantity_milli, claimed.value_e4, claimed.place_kind) == (2000, 24_0000, "")
    before = lying(books)
    steps(books, C1, "submitted", "accepted", "credited", "closed")
    assert lying(books) == before


def test_a_late_delivery_is_claimed_and_moves_no_goods(books: sa.Engine) -> None:
    delivered(books, "P1", 10, 10, "late")
    steps(books, C1, "submitted", "accepted")
    step(books, C1, "credited", Settlement(amount_e4=5_0000))
    assert lying(books).keys() == {"bin A", "supplier GPC"}


def test_goods_after_their_day_are_late_by_themselves_where_the_supplier_answers_for_it(books: sa.Engine) -> None:
    on = date(2026, 7, 2)  # P1 was expected on the first, P2 on the third
    assert delivered(books, "P1", 4, 4, on=on).claims == ()
    with write(books) as connection:
        set_rule(connection, "GPC", "late", 24)
    assert [each.cause for each in delivered(books, "P1", 4, 4, on=on).claims] == ["late"]
    assert [each.cause for each in delivered(books, "P1", 1, 0, "damaged", on=on).claims] == ["damaged"]
    assert delivered(books, "P2", 4, 4, on=on).claims == ()


@pytest.mark.parametrize("goods", ["bin", "scrap"])
def test_what_never_came_goes_into_no_bin_and_no_scrap_of_the_suppliers(books: sa.Engine, goods: str) -> None:
    delivered(books, "P1", 10, 8, "short")
    steps(books, C1, "submitted", "accepted")
    with pytest.raises(UnlawfulStepError, match="can now go to supplier"):
        step(books, C1, "credited", Settlement(goods=goods))


@pytest.mark.parametrize("name", [*LAWFUL, "burnt"])
def test_an_open_claim_takes_no_step_but_the_lawful_ones(books: sa.Engine, name: str) -> None:
    delivered(books, "P1", 10, 8, "short")
    if name == "submitted":
        step(books, C1, name)
        return
    with pytest.raises(UnlawfulStepError):  # lapsed: its hours are not over
        step(books, C1, name)
    assert state(books, C1) == "open"


def test_a_step_is_not_dated_before_the_last_one_nor_taken_by_a_claim_nobody_knows(books: sa.Engine) -> None:
    delivered(books, "P1", 10, 8, "short")
    with pytest.raises(UnlawfulStepError, match="not dated before"):
        step(books, C1, "submitted", on=TODAY - timedelta(days=1))
    with pytest.raises(UnknownClaimError):
        step(books, "PO1-R1-C9", "submitted")


def test_a_step_told_twice_under_one_key_is_taken_once(books: sa.Engine) -> None:
    delivered(books, "P1", 10, 8, "short")
    first = step(books, C1, "submitted", key="K")
    again = step(books, C1, "submitted", key="K")
    assert (again.number, again.is_new) == (first.number, False)
    with pytest.raises(LedgerConflictError):
        step(books, C1, "accepted", key="K")


def test_every_step_is_kept_with_its_day_and_user_and_never_changed(books: sa.Engine) -> None:
    delivered(books, "P1", 10, 8, "short")
    step(books, C1, "submitted", Settlement(note="by mail"), on=TOMORROW)
    with read(books) as connection:
        rows = claim_history(connection, C1, TOMORROW)
        assert len(claim_history(connection, C1, TODAY)) == 1
    assert [(row["step"], row["effective_on"], row["user_name"], row["note"]) for row in rows] == [
        ("open", "2026-06-30", "ann", "short"),
        ("submitted", "2026-07-01", "ann", "by mail"),
    ]
    for table in (claim, claim_event):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), write(books) as connection:
            connection.execute(sa.update(table).values(claim_no="other"))


def test_the_most_urgent_claim_comes_first_and_its_hours_count_down(books: sa.Engine) -> None:
    with write(books) as connection:
        assert set_rule(connection, "GPC", "late", 12) == ()
    delivered(books, "P1", 10, 8, "short")
    delivered(books, "P2", 4, 4, "late")
    with read(books) as connection:
        due = claim_rows(connection, TODAY, "2026-06-30T09:30:00+00:00", due=True)
    assert [(row["claim_no"], row["hours_left"]) for row in due] == [("PO1-R2-C1", 10), (C1, 46)]
    steps(books, "PO1-R2-C1", "submitted")
    with read(books) as connection:
        assert [row["claim_no"] for row in claim_rows(connection, TODAY, LATER, due=True)] == [C1]
        assert [row["hours_left"] for row in claim_rows(connection, TODAY, LATER)] == [-1, None]
        assert [row["state"] for row in claim_rows(connection, TODAY, LATER, state="submitted")] == ["submitted"]
        assert claim_rows(connection, TODAY, LATER, store="S02") == []
        assert claim_rows(connection, date(2026, 6, 29), LATER) == []


def test_claims_past_their_deadline_lapse_in_one_document_and_what_waits_is_ours(books: sa.Engine) -> None:
    delivered(books, "P1", 10, 8, "short")
    delivered(books, "P2", 4, 3, "quality")  # 72 hours
    when = date(2026, 7, 2)
    with write(books) as connection:
        assert lapse(connection, LATER, when, "ann", "K", LATER) == [C1]
        assert lapse(connection, LATER, when, "ann", "K", LATER) == [C1], "told twice"
        assert lapse(connection, LATER, when, "ann", None, LATER) == []
    assert state(books, C1, when) == "lapsed"
    step(books, C1, "closed", on=when)
    assert lying(books)[f"scrap {C1}"] == Amount(2000, 24_0000)


@pytest.mark.parametrize(
    ("on", "opened_at"),
    [
        (TODAY, "2026-06-30T08:00:00+00:00"),
        (date(2026, 6, 28), "2026-06-28T23:59:59+00:00"),
        (date(2026, 7, 1), "2026-07-01T00:00:00+00:00"),
    ],
    ids=["the moment of recording", "recorded later", "recorded before"],
)
def test_the_hours_count_from_the_day_of_receipt(books: sa.Engine, on: date, opened_at: str) -> None:
    (claimed,) = delivered(books, "P1", 10, 8, "short", on=on).claims
    assert claimed.opened_at == opened_at


def test_the_most_particular_rule_sets_the_deadline_and_only_of_later_claims(books: sa.Engine) -> None:
    (before,) = delivered(books, "P1", 6, 5, "damaged").claims
    with write(books) as connection:
        assert hours_of(set_hours(connection), "GPC", "damaged") == DEFAULT_HOURS["damaged"] == 48
        for supplier, cause, hours in (("", "", 10), ("", "damaged", 9), ("GPC", "", 8), ("GPC", "damaged", 7)):
            assert set_rule(connection, supplier, cause, hours) == ()
            assert hours_of(set_hours(connection), "GPC", "damaged") == hours
        assert [hours_of(set_hours(connection), "X", cause) for cause in ("damaged", "late")] == [9, 10]
        assert [row["hours"] for row in rules(connection)] == [8, 7, 10, 9], "no default is left"
        assert set_rule(connection, "GPC", "damaged", 6) == (), "a rule may change"
        assert [finding.column for finding in set_rule(connection, "", "stolen", 0)] == ["cause", "hours"]
    (after,) = delivered(books, "P1", 4, 3, "damaged").claims
    assert (before.due_at, after.due_at) == ("2026-07-02T08:00:00+00:00", "2026-06-30T14:00:00+00:00")


_orders = (f"PO{number}" for number in count(10))
walk = st.lists(
    st.tuples(st.sampled_from(sorted(LAWFUL)), st.sampled_from(["", "supplier", "scrap", "bin"])), max_size=12
)


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@given(
    cause=st.sampled_from(["short", "damaged", "wrong", "late", "over", ""]), accepted=st.integers(0, 10), taken=walk
)
@settings(max_examples=40, suppress_health_check=FIXTURE_STAYS)
def test_whatever_is_tried_with_a_claim_only_lawful_steps_happen_and_nothing_is_lost(
    engine: sa.Engine, cause: str, accepted: int, taken: list[tuple[str, str]]
) -> None:
    order_no = next(_orders)
    imported(engine, [(order_no, "GPC", "stock", "S01", "P1", 10, 12, "2026-06-20", "2026-07-01")])
    receipt = delivered(engine, "P1", 10, accepted, cause, order_no=order_no)
    for claimed in receipt.claims:
        reached = "open"
        for name, goods in taken:
            try:
                step(engine, claimed.claim_no, name, Settlement(goods=goods))
            except UnlawfulStepError:
                continue
            assert name in LAWFUL[reached]
            reached = name
        assert state(engine, claimed.claim_no) == reached
        for rest in ("submitted", "accepted", "credited", "closed"):
            if rest in LAWFUL[reached]:
                step(engine, claimed.claim_no, rest)
                reached = rest
        assert reached == "closed"
    waiting = [place for place in lying(engine) if place.startswith(("claim-short", "quarantine"))]
    assert waiting == [], "when all claims are closed nothing waits any more"


def test_what_was_known_at_a_document_stays_what_it_was(books: sa.Engine) -> None:
    delivered(books, "P1", 10, 8, "short")
    known_at = step(books, C1, "submitted").sequence
    steps(books, C1, "accepted")
    with read(books) as connection:
        assert [row["state"] for row in claim_rows(connection, TODAY, LATER, known_at=known_at)] == ["submitted"]
        assert [row["state"] for row in claim_rows(connection, TODAY, LATER, known_at=known_at - 1)] == ["open"]
        assert claim_rows(connection, TODAY, LATER, known_at=0) == []
        assert len(claim_history(connection, C1, TODAY, known_at)) == 2


def test_claims_of_two_costs_in_one_place_leave_nothing_behind(engine: sa.Engine) -> None:
    """A wrong part came twice, at 7 and at 20: what waits is a pool, and the last claim takes what is left."""
    with_order(engine)
    (first,) = delivered(engine, "P9", 1, 0, "wrong").claims
    with write(engine) as connection:
        connection.execute(sa.update(part).where(part.c.part_no == "P9").values(unit_cost_e4=20_0000))
    (second,) = delivered(engine, "P9", 1, 0, "wrong").claims
    for each in (first, second):
        steps(engine, each.claim_no, "submitted", "accepted", "credited", "closed")
    assert "quarantine PO1" not in lying(engine, "P9")
    with read(engine) as connection:
        assert verify(connection) == []
