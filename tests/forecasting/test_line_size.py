"""The size of an order line: its lattice and its law."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasting.line_size import demand_units, in_units, line_size_law, single_pieces


def law_of(sizes: list[int], others: list[int], fitted: int) -> np.ndarray:
    item = np.array([0] * len(sizes) + [1] * len(others), dtype=np.int64)
    law = line_size_law(item, np.array(sizes + others, dtype=np.int64), np.zeros(2, dtype=np.int64), np.array([fitted]))
    return law.row(0)


@pytest.mark.parametrize(
    ("sizes", "fitted", "unit"),
    [
        ([4000, 8000], 1000, 4000),  # oil by the can
        ([4500, 4000], 4000, 500),  # two engines, two fillings
        ([], 4000, 4000),  # never asked for: what a vehicle takes
        ([1], 1000, 1),
        ([1, 1_000_000], 1000, 10_000),  # a lattice finer than a usual line helps nobody
    ],
)
def test_the_demand_unit_is_what_divides_every_line(sizes: list[int], fitted: int, unit: int) -> None:
    part = np.zeros(len(sizes), dtype=np.int64)
    assert demand_units(part, np.array(sizes, dtype=np.int64), np.array([fitted])).tolist() == [unit]


def test_a_part_never_asked_for_is_taken_as_the_fitment_says() -> None:
    assert law_of([], [], 4).tolist() == [0, 0, 0, 0, 1]


def test_many_lines_outweigh_the_fitment_and_other_stores() -> None:
    law = law_of([1] * 200, [2] * 10, 4)
    assert law[0] == 0
    assert law[1] > 0.97
    assert law.sum() == pytest.approx(1)


def test_few_lines_lean_on_the_other_stores() -> None:
    assert law_of([1], [2] * 50, 4)[2] > 0.7


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=30))
def test_quantities_are_exact_in_the_unit_that_divides_them(sizes: list[int]) -> None:
    milli = np.array(sizes, dtype=np.int64) * 250
    unit = demand_units(np.zeros(len(sizes), dtype=np.int64), milli, np.array([1000]))[0]
    if milli.mean() <= 400 * np.gcd.reduce(milli):
        assert (in_units(milli, unit) * unit == milli).all()


def test_a_panel_s_pieces_come_one_by_one() -> None:
    assert single_pieces(2).mean().tolist() == [1.0, 1.0]
