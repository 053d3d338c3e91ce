"""A count is believed when it agrees with the books or with another person; nobody confirms himself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.counting.classes import ClassRule, ranked
from inventory.counting.rules import Counted, LineState, RecountAsked, Thresholds, standing

ANY = Thresholds()


def count(sequence: int, counter: str, counted: int, expected: int = 20) -> Counted:
    return Counted(
        sequence, counter, "2026-06-30T09:00:00+00:00", "2026-06-30", sequence, counted * 1000, expected * 1000
    )


@pytest.mark.parametrize(
    ("thresholds", "variance", "expected", "cost_e4", "above", "reason"),
    [
        (Thresholds(), 1, 20_000, 0, True, "without a threshold every variance is counted again"),
        (Thresholds(), 0, 20_000, 0, False, "what agrees never is"),
        (Thresholds(quantity_milli=1000), -1000, 20_000, 0, False, "above means above"),
        (Thresholds(quantity_milli=1000), -1001, 20_000, 0, True, "missing counts like found"),
        (Thresholds(value_e4=100_0000), 9000, 20_000, 10_0000, False, "nine at 10 are worth 90"),
        (Thresholds(value_e4=100_0000), 11_000, 20_000, 10_0000, True, "eleven at 10 are worth 110"),
        (Thresholds(share_ppm=50_000), 1000, 20_000, 0, False, "one of twenty is five per cent"),
        (Thresholds(share_ppm=50_000), 1001, 20_000, 0, True, "a little more is above"),
        (Thresholds(share_ppm=50_000), 1, 0, 0, True, "anything is more than a share of nothing"),
        (Thresholds(9000, 100_0000), 1000, 20_000, 200_0000, True, "one threshold exceeded is enough"),
    ],
)  # fmt: skip
def test_a_variance_above_any_threshold_is_above(
    thresholds: Thresholds, variance: int, expected: int, cost_e4: int, above: bool, reason: str
) -> None:
    assert thresholds.exceeded(variance, expected, cost_e4) is above, reason


@pytest.mark.parametrize(
    ("events", "state", "believed", "reason"),
    [
        ([], "open", None, "nobody counted"),
        ([count(1, "ann", 20)], "counted", 20, "it agrees with the books"),
        ([count(1, "ann", 18)], "recount", None, "one person alone is not believed against the books"),
        ([count(1, "ann", 18), count(2, "bob", 18)], "counted", 18, "two people agree"),
        ([count(1, "ann", 18), count(2, "Ann ", 18)], "recount", None, "a capital does not make another person"),
        ([count(1, "ann", 18), count(2, "bob", 13, 15)], "counted", 13, "the same variance, after five were issued"),
        ([count(1, "ann", 18), count(2, "bob", 17)], "recount", None, "they do not agree: a third count"),
        ([count(1, "ann", 18), count(2, "bob", 17), count(3, "ann", 17)], "counted", 17, "ann agrees with bob now"),
        ([count(1, "ann", 18), count(2, "bob", 20)], "counted", 20, "the recount agrees with the books"),
        ([count(1, "ann", 20), RecountAsked(2)], "recount", None, "a reviewer doubts it"),
        ([RecountAsked(2)], "open", None, "what was never counted can't be counted again"),
        ([count(3, "bob", 18), RecountAsked(2), count(1, "ann", 18)], "counted", 18, "the order is that of the books"),
    ],
)
def test_a_line_is_believed_by_the_books_or_by_two_people(
    events: list[Counted | RecountAsked], state: str, believed: int | None, reason: str
) -> None:
    found = standing(events, ANY, 0)
    assert found.state == state, reason
    assert (found.believed.counted_milli // 1000 if found.believed else None) == believed, reason


@given(st.lists(st.tuples(st.sampled_from(["ann", "bob", "eve"]), st.integers(0, 5), st.integers(0, 5)), max_size=8))
def test_nobody_is_believed_alone_against_the_books(told: list[tuple[str, int, int]]) -> None:
    events = [count(at, who, counted, expected) for at, (who, counted, expected) in enumerate(told)]
    found = standing(events, ANY, 0)
    if found.believed is not None and found.believed.variance_milli:
        same = {each.counter for each in events if each.variance_milli == found.believed.variance_milli}
        assert len(same) >= 2
    assert (found.state == LineState.COUNTED) == (found.believed is not None)
    assert found.times_counted == len(events)


@given(st.dictionaries(st.text("PQR0", min_size=1, max_size=3), st.integers(-5, 100), max_size=12))
def test_the_parts_before_a_cut_off_reach_it_and_are_no_more_than_needed(cost: dict[str, int]) -> None:
    found = ranked(cost, ClassRule())
    whole = sum(value for value in cost.values() if value > 0)
    class_a = sorted(cost[part] for part in cost if found[part] == "A")
    if whole:
        assert sum(class_a) * 100 >= 80 * whole
        assert (sum(class_a) - class_a[0]) * 100 < 80 * whole
    assert all(found[part] == "C" for part in cost if cost[part] <= 0)


def test_cut_offs_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="class A ends"):
        ClassRule(a_ppm=900_000, b_ppm=800_000)
