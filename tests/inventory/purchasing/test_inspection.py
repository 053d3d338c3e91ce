"""Every way in which a delivery differs from its order: how much, and where it waits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.books.movements import PlaceKind
from inventory.purchasing.inspection import CAUSES, Difference, ReceivedLine, differences

SHORT, QUARANTINE = PlaceKind.CLAIM_SHORT, PlaceKind.QUARANTINE
Row = tuple[int, int, str]
Found = tuple[str, int, int, PlaceKind | None]


def seen(rows: list[Row], open_milli: int) -> list[Difference]:
    lines = [
        ReceivedLine("P1", came, taken, cause, store="S01", row=at) for at, (came, taken, cause) in enumerate(rows)
    ]
    return differences(lines, {("S01", "P1"): open_milli})


@pytest.mark.parametrize(
    ("rows", "open_milli", "expected", "reason"),
    [
        ([(10, 10, "")], 10, [], "all came and was good"),
        ([(4, 4, "")], 10, [], "the rest comes later"),
        ([(4, 4, "short")], 10, [("short", 6, 6, SHORT)], "the rest is missing"),
        ([(10, 8, "short")], 10, [("short", 2, 2, SHORT)], "on the papers and not in the box"),
        ([(3, 3, "short"), (4, 4, "short")], 10, [("short", 3, 3, SHORT)], "two bins, one shortage"),
        ([(10, 7, "damaged")], 10, [("damaged", 3, 3, QUARANTINE)], "refused goods lie apart"),
        ([(10, 7, "wrong")], 10, [("wrong", 3, 3, QUARANTINE)], "as do wrong ones"),
        ([(10, 7, "quality")], 10, [("quality", 3, 3, QUARANTINE)], "and bad ones"),
        ([(10, 7, "")], 10, [("unstated", 3, 3, QUARANTINE)], "nobody said why"),
        ([(10, 10, "damaged")], 10, [("damaged", 10, 0, None)], "scratched, and kept"),
        ([(12, 12, "over")], 10, [("over", 2, 0, None)], "too many, and kept"),
        ([(12, 10, "over")], 10, [("over", 2, 0, QUARANTINE)], "too many, and sent back"),
        ([(13, 11, "over")], 10, [("over", 2, 0, QUARANTINE), ("over", 1, 0, None)], "some of both"),
        ([(12, 8, "over")], 10, [("over", 4, 2, QUARANTINE)], "two of the four were ordered"),
        ([(10, 10, "late")], 10, [("late", 10, 0, None)], "late, and kept"),
        ([(10, 0, "late")], 10, [("late", 10, 10, QUARANTINE)], "too late to be of use"),
        ([(0, 0, "late")], 10, [("late", 10, 0, None)], "still not there"),
        ([(6, 6, ""), (4, 1, "damaged")], 10, [("damaged", 3, 3, QUARANTINE)], "only the second row differs"),
    ],
)
def test_a_difference_is_counted_and_put_where_it_belongs(
    rows: list[Row], open_milli: int, expected: list[Found], reason: str
) -> None:
    found = [(each.cause, each.quantity_milli, each.on_order_milli, each.waits_in) for each in seen(rows, open_milli)]
    assert found == expected, reason


def test_what_waits_is_worth_the_row_less_what_was_accepted() -> None:
    (found,) = seen([(3, 1, "damaged")], 3)
    assert found.value_e4(1667) == 5 - 2, "5.001 and 1.667, each rounded, and not 3.334"


row = st.tuples(st.integers(0, 20), st.integers(0, 20), st.sampled_from(("", *CAUSES)))


@given(
    rows=st.lists(row.map(lambda each: (max(each[:2]), min(each[:2]), each[2])), max_size=4),
    open_milli=st.integers(0, 30),
)
def test_nothing_refused_is_lost_and_nothing_stays_on_order_twice(rows: list[Row], open_milli: int) -> None:
    found = seen(rows, open_milli)
    refused = sum(came - taken for came, taken, _ in rows)
    in_quarantine = sum(each.quantity_milli for each in found if each.waits_in == QUARANTINE)
    assert in_quarantine == sum(came - taken for came, taken, cause in rows if cause != "short")
    assert sum(each.quantity_milli for each in found if each.waits_in) >= refused
    accepted = sum(taken for _, taken, _ in rows)
    assert sum(each.on_order_milli for each in found) <= max(open_milli - accepted, 0)
    assert all(0 <= each.on_order_milli <= each.quantity_milli and each.quantity_milli > 0 for each in found)
