"""Counting while trading goes on: the variance is that of the minute of the count, and no line is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from inventory.books.balances import balances_on, differences
from inventory.books.ledger import LedgerConflictError
from inventory.counting.heads import CountConflictError
from inventory.counting.opening import Place, Scope, cancel
from inventory.counting.posting import posted_lines
from inventory.counting.rules import LineState, Thresholds
from inventory.database import read, write
from inventory.schema import document, movement
from inventory.schema_counting import count_line
from tests.inventory.counting.made_counting import approved, at, caused, entered, lines, opened, traded
from tests.inventory.made_books import CUSTOMER, OPENING, STORE, TODAY, moved, shelf, stocked, with_parts


@pytest.fixture
def books(engine: sa.Engine) -> sa.Engine:
    """Twenty P1 in bin A, six P2 in bin B, and an empty bin C where P3 is said to lie."""
    with_parts(engine, {"P1": 10, "P2": 120, "P3": 5})
    stocked(engine, [(STORE, "P1", "A", 20, 10, ""), (STORE, "P2", "B", 6, 120, ""), (STORE, "P3", "C", 0, 5, "")])
    return engine


def held(engine: sa.Engine) -> dict[str, float]:
    with read(engine) as connection:
        assert differences(connection) == []
        found = balances_on(connection, TODAY, STORE)
    return {
        f"{where.part_no} {where.place_name}": amount.quantity_milli / 1000
        for where, amount in found.items()
        if where.place_kind == "bin"
    }


def sold(engine: sa.Engine, number: str, minute: str, quantity: float, part_no: str = "P1", name: str = "A") -> None:
    cost = {"P1": 10, "P2": 120}[part_no]
    traded(engine, number, minute, moved(shelf(name), CUSTOMER, quantity, quantity * cost, part_no))


def test_what_was_sold_before_the_minute_of_the_count_is_expected_to_be_gone(books: sa.Engine) -> None:
    count_no = opened(books).count_no
    sold(books, "D1", "09:30", 5)
    sold(books, "D2", "10:30", 4)
    entered(
        books, count_no, ("P1", "A", 15, "ann", "10:00"), ("P2", "B", 6, "ann", "10:01"), ("P3", "C", 0, "ann", "10:02")
    )
    line = lines(books, count_no)["P1"]
    assert line.standing.believed is not None
    assert (line.standing.believed.expected_milli, line.variance_milli, line.since_milli) == (15_000, 0, -4000)
    done = approved(books, count_no)
    assert (done.lines, done.agreed, done.differing, done.uncounted) == (3, 3, 0, 0)
    assert held(books) == {"P1 A": 11, "P2 B": 6}


def test_the_variance_posted_is_that_of_the_count_also_when_trading_went_on(books: sa.Engine) -> None:
    count_no = opened(books, Scope(bins=("A",))).count_no
    entered(books, count_no, ("P1", "A", 18, "ann", "10:00"))
    sold(books, "D1", "10:30", 5)
    entered(books, count_no, ("P1", "A", 13, "bob", "11:00"))
    sold(books, "D2", "12:30", 3)
    caused(books, count_no, "P1", "issue_not_recorded")
    done = approved(books, count_no)
    assert (done.differing, done.value_down_e4, done.value_up_e4) == (1, 20_0000, 0)
    assert held(books)["P1 A"] == 20 - 5 - 3 - 2


@pytest.mark.parametrize(
    ("minute", "expected", "reason"),
    [
        ("10:00:29", 20, "before it was recorded"),
        ("10:00:30", 17, "of two documents in the second of the count both count"),
        ("10:00:31", 17, "after it"),
        ("09:00", 20, "the minute of the opening is not before the watermark"),
    ],
)
def test_the_minute_becomes_a_place_in_the_order_of_recording(
    books: sa.Engine, minute: str, expected: int, reason: str
) -> None:
    count_no = opened(books, Scope(bins=("A",)), Thresholds(10**9), minute="09:00:20").count_no
    sold(books, "D1", "10:00:30", 1)
    sold(books, "D2", "10:00:30", 2)
    entered(books, count_no, ("P1", "A", 7, "ann", minute))
    believed = lines(books, count_no)["P1"].standing.believed
    assert believed is not None
    assert believed.expected_milli == expected * 1000, reason


def test_a_document_recorded_later_for_an_earlier_day_comes_after_the_count(books: sa.Engine) -> None:
    count_no = opened(books, Scope(bins=("B",))).count_no
    entered(books, count_no, ("P2", "B", 6, "ann", "10:00"))
    traded(books, "LATE", "11:00", moved(OPENING, shelf("B"), 1, 120, "P2"), on=date(2026, 6, 30))
    assert lines(books, count_no)["P2"].variance_milli == 0
    approved(books, count_no)
    assert held(books)["P2 B"] == 7


def test_the_clock_set_back_does_not_lose_what_was_recorded_before(books: sa.Engine) -> None:
    count_no = opened(books, Scope(bins=("A",))).count_no
    sold(books, "D1", "11:30", 5)
    sold(books, "D2", "10:40", 1)
    entered(books, count_no, ("P1", "A", 14, "ann", "10:45"))
    assert lines(books, count_no)["P1"].variance_milli == 0


def test_a_part_at_zero_is_on_the_sheet_and_its_count_is_kept(books: sa.Engine) -> None:
    sold(books, "D1", "08:30", 6, "P2", "B")
    count_no = opened(books).count_no
    assert set(lines(books, count_no)) == {"P1", "P2", "P3"}
    entered(books, count_no, ("P2", None, 0, "ann", ""), ("P3", None, 0, "ann", ""), ("P1", None, 20, "ann", ""))
    approved(books, count_no)
    with read(books) as connection:
        kept = posted_lines(connection, count_no)
        moves = connection.execute(
            sa.select(sa.func.count()).select_from(movement).join(
                document, document.c.sequence == movement.c.document_sequence
            ).where(document.c.kind == "stocktake")
        ).scalar_one()  # fmt: skip
    assert [(row["part_no"], row["counted_milli"], row["expected_milli"]) for row in kept] == [
        ("P1", 20_000, 20_000),
        ("P2", 0, 0),
        ("P3", 0, 0),
    ]
    assert moves == 0, "every line is kept, also where nothing moves"
    assert kept[0]["unit_cost_e4"] == 10_0000
    assert (kept[0]["count_class"], kept[0]["counter"], kept[0]["counted_on"]) == ("C", "ann", TODAY.isoformat())


def test_what_is_found_beside_the_sheet_gets_a_line_at_its_cost(books: sa.Engine) -> None:
    count_no = opened(books, Scope(bins=("B",))).count_no
    answer = entered(books, count_no, ("P3", "B", 4, "ann", ""), ("P2", "B", 6, "ann", ""))
    assert (answer.new, answer.found, answer.recount) == (2, 1, 1)
    entered(books, count_no, ("P3", "B", 4, "bob", ""))
    caused(books, count_no, "P3", "found")
    assert approved(books, count_no).value_up_e4 == 20_0000
    assert held(books)["P3 B"] == 4


def test_what_moved_between_bins_unrecorded_costs_nothing(books: sa.Engine) -> None:
    count_no = opened(books, Scope(bins=("A", "B"))).count_no
    for who in ("ann", "bob"):
        told = [("P1", "A", 17.0, who, ""), ("P1", "B", 3.0, who, "")]
        entered(books, count_no, *told, *([("P2", "B", 6.0, who, "")] if who == "ann" else []))
    caused(books, count_no, "P1", "wrong_bin", "A")
    caused(books, count_no, "P1", "wrong_bin", "B")
    done = approved(books, count_no)
    assert done.value_up_e4 == done.value_down_e4 == 30_0000
    assert held(books) == {"P1 A": 17, "P1 B": 3, "P2 B": 6}


def test_two_open_counts_never_share_a_line(books: sa.Engine) -> None:
    first = opened(books, Scope(bins=("A",)))
    (finding,) = opened(books).findings
    assert finding.is_conflict
    assert first.count_no in finding.reason
    second = opened(books, Scope(places=(Place("P2"),)))
    assert entered(books, second.count_no, ("P1", "A", 1, "ann", "")).findings[0].is_conflict
    with write(books) as connection:
        cancel(connection, first.count_no, "the wrong shelf", TODAY, "chief", None, at("12:30"))
    assert opened(books, Scope(bins=("A",))).lines == 1


@pytest.mark.parametrize(
    ("tally", "column", "reason"),
    [
        (("P1", "A", -1, "ann", "10:00"), "quantity", "less than nothing"),
        (("P1", "A", 1, " ", "10:00"), "counter", "nobody counted"),
        (("P1", "A", 1, "ann", "08:59"), "counted_at", "before the count was opened"),
        (("P1", "A", 1, "ann", "12:01"), "counted_at", "in the future"),
        (("P9", "A", 1, "ann", "10:00"), "part_no", "a part nobody knows"),
    ],
)
def test_a_faulty_entry_refuses_all_of_them_and_names_itself(
    books: sa.Engine, tally: tuple[str, str, float, str, str], column: str, reason: str
) -> None:
    count_no = opened(books).count_no
    answer = entered(books, count_no, ("P2", "B", 6, "ann", "10:00"), tally)
    assert [finding.column for finding in answer.findings] == [column], reason
    assert lines(books, count_no)["P2"].standing.state == LineState.OPEN


def test_a_recount_is_done_by_another_person_and_a_believed_line_is_left_alone(books: sa.Engine) -> None:
    count_no = opened(books).count_no
    entered(books, count_no, ("P1", "A", 18, "ann", ""), ("P2", "B", 6, "ann", ""))
    assert "another person than ann" in entered(books, count_no, ("P1", "A", 20, "Ann", "")).findings[0].reason
    assert "ann counted this one" in entered(books, count_no, ("P2", "B", 5, "bob", "")).findings[0].reason
    assert caused(books, count_no, "P2", None) == []
    assert entered(books, count_no, ("P2", "B", 6, "bob", "")).findings == ()


def test_the_same_entry_again_changes_nothing(books: sa.Engine) -> None:
    count_no = opened(books).count_no
    told = (("P1", "A", 20.0, "ann", "10:00"), ("P2", "B", 6.0, "ann", ""))
    assert entered(books, count_no, *told, key="K").new == 2
    assert entered(books, count_no, *told, key="K").new == 0
    assert entered(books, count_no, *told, now="12:30").known == 2, "also without a key, and with the hour moved on"
    with pytest.raises(LedgerConflictError):
        entered(books, count_no, told[0], key="K")


def test_a_count_is_approved_by_a_second_person_and_once(books: sa.Engine) -> None:
    count_no = opened(books, Scope(bins=("A",))).count_no
    entered(books, count_no, ("P1", "A", 20, "ann", ""))
    for name in ("ann", "ANN ", "typist"):
        with pytest.raises(CountConflictError, match="second person"):
            approved(books, count_no, name)
    first = approved(books, count_no, key="K")
    again = approved(books, count_no, key="K")
    assert first.posting is not None
    assert again.posting is not None
    assert again == replace(first, posting=again.posting)
    assert again.posting.number == first.posting.number
    for name in ("ann", "boss"):
        with pytest.raises(LedgerConflictError):
            approved(books, count_no, name, key="K")
    with pytest.raises(CountConflictError, match="is posted"):
        approved(books, count_no)
    with pytest.raises(CountConflictError, match="is posted"):
        entered(books, count_no, ("P1", "A", 20, "bob", ""))


def test_all_that_stands_in_the_way_is_told_at_once(books: sa.Engine) -> None:
    count_no = opened(books).count_no
    entered(books, count_no, ("P1", "A", 18, "ann", ""), ("P2", "B", 5, "ann", ""))
    entered(books, count_no, ("P2", "B", 5, "bob", ""))
    reasons = [finding.reason for finding in approved(books, count_no).findings]
    assert [reason.split(" ")[-1] for reason in reasons] == ["person", "cause", "counted"]
    caused(books, count_no, "P2", "lost")
    done = approved(books, count_no, leave=True)
    assert (done.lines, done.differing, done.uncounted) == (3, 1, 2)
    assert held(books) == {"P1 A": 20, "P2 B": 5}
    with read(books) as connection:
        kept = connection.execute(
            sa.select(count_line.c.counted_milli, count_line.c.cause).order_by(count_line.c.line_no)
        )
        assert [tuple(row) for row in kept] == [(None, None), (5000, "lost"), (None, None)]


def test_nothing_counted_is_nothing_to_approve(books: sa.Engine) -> None:
    count_no = opened(books).count_no
    assert "cancel" in approved(books, count_no, leave=True).findings[0].suggestion


def test_a_bin_emptied_since_is_told_and_counted_again(books: sa.Engine) -> None:
    count_no = opened(books, Scope(bins=("A",))).count_no
    for who in ("ann", "bob"):
        entered(books, count_no, ("P1", "A", 12, who, "10:00"))
    caused(books, count_no, "P1", "lost")
    sold(books, "D1", "12:30", 15)
    (finding,) = approved(books, count_no).findings
    assert "8 were missing" in finding.reason
    assert "hold 5 there" in finding.reason
    caused(books, count_no, "P1", None)
    for who in ("ann", "bob"):
        entered(books, count_no, ("P1", "A", 0, who, "12:45"), now="13:30")
    assert approved(books, count_no).findings == ()
    assert held(books) == {"P2 B": 6}


def test_within_the_threshold_neither_recount_nor_cause_is_asked(books: sa.Engine) -> None:
    count_no = opened(books, Scope(bins=("A", "B")), Thresholds(value_e4=100_0000)).count_no
    answer = entered(books, count_no, ("P1", "A", 18, "ann", ""), ("P2", "B", 5, "ann", ""))
    assert (answer.open, answer.recount) == (0, 1), "two at 10 are within 100, one at 120 is not"
    entered(books, count_no, ("P2", "B", 6, "bob", ""))
    assert approved(books, count_no).differing == 1
    assert held(books) == {"P1 A": 18, "P2 B": 6}


def test_a_cause_is_one_of_the_known_and_of_a_line_of_the_count(books: sa.Engine) -> None:
    count_no = opened(books).count_no
    assert caused(books, count_no, "P1", "gremlins")[0].column == "cause"
    assert caused(books, count_no, "P9", "lost")[0].value == "P9"
    assert "open" in caused(books, count_no, "P1", None)[0].reason


def test_what_is_counted_may_be_listed(books: sa.Engine) -> None:
    assert opened(books, Scope(places=(Place("P1"), Place("P9", row=3)))).findings[0].row == 3
    assert opened(books, Scope(bins=("A", "Z"))).findings[0].value == "Z"
    assert opened(books, Scope(places=(Place("P1", "NEW"), Place("P1", "NEW")))).lines == 1
    first = opened(books, Scope(programme=2), key="K")
    again = opened(books, Scope(programme=2), key="K")
    assert (first.lines, first.is_new, again.count_no, again.lines, again.is_new) == (2, True, first.count_no, 2, False)
    with pytest.raises(LedgerConflictError):
        opened(books, Scope(programme=1), key="K")


def test_an_unknown_count_is_told(books: sa.Engine) -> None:
    with pytest.raises(CountConflictError, match="no count C9"):
        entered(books, "C9", ("P1", "A", 1, "ann", ""))


def test_the_same_bin_of_another_store_is_another_line(books: sa.Engine) -> None:
    stocked(books, [("S02", "P1", "A", 3, 10, "")])
    opened(books, Scope(bins=("A",)))
    assert lines(books, opened(books, Scope(bins=("B",))).count_no).keys() == {"P2"}
