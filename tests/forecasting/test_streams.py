"""Told demand: each call by its day or not at all, added to the law of the history and never counted twice."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from demand.distribution import poisson
from forecasting.lead_time import compound
from forecasting.line_size import single_pieces
from forecasting.streams import PAIRS, POOL_CALLS, Stream, Streams, ToldLaw, joined, still_untold


def booked(*rows: tuple[int, int, float, float]) -> Streams:
    """Return calls as (item, units, day, chance)."""
    item, units, day, chance = (np.array(column) for column in zip(*rows, strict=True))
    return Streams.on_days(item, Stream.BOOKED, [f"A{i}" for i in range(len(rows))], units, day * 1.0, chance * 1.0)


def law_beside(streams: Streams, base_mean: list[float], days: float) -> list[list[float]]:
    mean = np.array(base_mean)[:, None]
    told = ToldLaw.over(streams, np.full(mean.shape, days))
    law = compound(mean, np.full(mean.shape, np.inf), single_pieces(mean.shape[0]), told)
    return [law.row(i).tolist() for i in range(law.item_count)]


def by_hand(base_mean: float, calls: list[tuple[int, float]]) -> list[float]:
    law = poisson(base_mean).row(0)
    for units, chance in calls:
        law = np.convolve(law, [1 - chance, *[0.0] * (units - 1), chance])
    return [float(p) for p in law]


def test_a_call_booked_for_a_day_is_in_the_law_from_that_day_on() -> None:
    streams = booked((0, 1, 5.0, 0.9))
    assert law_beside(streams, [0.0], 4.0)[0] == pytest.approx([1.0])
    assert law_beside(streams, [0.0], 5.0)[0] == pytest.approx([0.1, 0.9])
    assert streams.calls_between(0.0, 4.0).tolist() == [0.0]
    assert streams.calls_between(4.0, 31.0) == pytest.approx([0.9])


@given(
    st.floats(0, 5),
    st.lists(st.tuples(st.integers(1, 40), st.integers(1, 60), st.floats(0, 1)), min_size=1, max_size=5),
    st.integers(0, 60),
)
def test_the_law_is_the_one_of_the_history_and_the_calls_convolved(
    mean: float, calls: list[tuple[int, int, float]], days: int
) -> None:
    streams = booked(*((0, units, float(day), chance) for units, day, chance in calls))
    mine = law_beside(streams, [mean], float(days))[0]
    plain = by_hand(mean, [(units, chance) for units, day, chance in calls if day <= days])
    length = max(len(mine), len(plain))
    pad = [row + [0.0] * (length - len(row)) for row in (mine, plain)]
    assert pad[0] == pytest.approx(pad[1], abs=2e-9)


def test_a_single_call_of_many_units_does_not_fold_back_onto_small_demand() -> None:
    law = law_beside(booked((0, 5000, 1.0, 0.01)), [0.2], 10.0)[0]
    assert sum(law[:20]) == pytest.approx(0.99, abs=1e-6)
    assert sum(k * p for k, p in enumerate(law)) == pytest.approx(0.2 + 50, rel=1e-6)


def test_vehicles_that_share_an_uncertain_reach_vary_more_than_those_whose_reach_is_known() -> None:
    reach = np.linspace(0.1, 0.9, PAIRS)[None, :]
    known = np.full((1, PAIRS), 0.5)
    rows = [
        Streams(
            np.array([0]), ("campaign",), ("RC1",), np.array([100]), np.array([1]), np.zeros(1), np.full(1, np.inf),
            each, np.full((1, PAIRS), 0.05),
        )
        for each in (reach, known)
    ]  # fmt: skip
    laws = [np.array(law_beside(each, [0.0], 60.0)[0]) for each in rows]
    means = [(np.arange(law.size) * law).sum() for law in laws]
    spread = [(np.arange(law.size) ** 2 * law).sum() - mean**2 for law, mean in zip(laws, means, strict=True)]
    assert means[0] == pytest.approx(means[1])
    assert means[0] == pytest.approx(100 * 0.5 * (1 - np.exp(-3.0)))
    assert spread[0] > 5 * spread[1]


def test_what_a_pool_is_told_replaces_what_it_expects_and_more_than_that_adds_itself() -> None:
    pool = np.array([0, 0, 1])
    expected = np.array([[6.0], [4.0], [0.5]])
    left = still_untold(np.array([[2.0], [3.0], [2.0]]), expected, pool)
    assert left[:, 0].tolist() == [0.5, 0.5, 0.0]
    assert (expected * left)[:2].sum() + 5.0 == pytest.approx(10.0)  # all the pool's calls, told or not
    assert still_untold(np.zeros((3, 1)), np.zeros((3, 1)), pool).tolist() == [[1.0], [1.0], [1.0]]


def test_a_kind_that_no_appointment_names_is_not_taken_for_told_because_its_family_is() -> None:
    pool, kind = np.array([0, 0, 1]), np.array([0, 1, 2])
    expected, told = np.array([[90.0], [90.0], [0.0]]), np.array([[45.0], [0.0], [0.0]])
    oil, washer, nothing = still_untold(told, expected, pool, kind)[:, 0].tolist()
    assert oil == pytest.approx(1 - (45 + POOL_CALLS * 0.25) / (90 + POOL_CALLS))
    assert washer == pytest.approx(1 - POOL_CALLS * 0.25 / (90 + POOL_CALLS))
    assert nothing == 1.0
    few = still_untold(told / 1e6, expected / 1e6, pool, kind)[:, 0]
    assert few[:2] == pytest.approx([0.75, 0.75], rel=1e-4)  # with hardly a call, the family speaks for its kinds


def test_rows_of_one_kind_are_left_out_where_their_stock_is_set_apart() -> None:
    held = Streams.on_days(np.array([1]), Stream.RESERVED, ["RES-1"], np.array([2]), np.array([1.0]), np.array([1.0]))
    both = joined([booked((0, 1, 3.0, 0.5)), held])
    assert both.kind == ("booked", "reserved")
    assert both.without(Stream.RESERVED).item.tolist() == [0]
    assert both.units_by_period(3, np.array([2.0, 30.0])).tolist() == [[0.0, 0.5], [2.0, 0.0], [0.0, 0.0]]
    assert joined([]).row_count == 0
