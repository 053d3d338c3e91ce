"""A bulk order is far beyond the law of the sizes of its part's lines; a part sold by the box is none."""

import numpy as np
import pytest

from forecasting.bulk import beyond_usual, returns_per_day


@pytest.mark.parametrize(
    ("sizes", "fitted", "bulk"),
    [
        ([1] * 200 + [2] * 20 + [60], 1, [60]),  # a fleet takes sixty filters at once
        ([4] * 100 + [8] * 5, 4, []),  # plugs by the set, now and then two
        ([1, 1, 12, 1, 24, 12, 36, 12, 1, 24], 1, []),  # a garage next door buys by the box
        ([1] * 300 + [40, 50, 45], 1, [40, 50, 45]),  # three fleets in four years
        ([1, 1], 1, []),
        ([30], 1, [30]),  # never asked for before, and then thirty
        ([6], 6, []),
    ],
)
def test_only_lines_far_beyond_the_usual_size_are_set_apart(sizes: list[int], fitted: int, bulk: list[int]) -> None:
    size = np.array(sizes)
    found, usual = beyond_usual(np.zeros(size.size, dtype=np.int64), size, np.array([fitted]))
    assert size[found].tolist() == bulk
    assert (usual >= 1).all()


def test_a_part_is_judged_by_its_own_lines() -> None:
    part, size = np.array([0] * 50 + [1] * 50), np.array([1] * 49 + [20] + [20] * 50)
    assert np.flatnonzero(beyond_usual(part, size, np.array([1, 1]))[0]).tolist() == [49]


def test_who_never_came_again_is_less_and_less_likely_to() -> None:
    once = returns_per_day(np.array([0, 1, 2]), np.array([10.0, 400.0, 1200.0]))
    assert (np.diff(once) < 0).all()
    often = returns_per_day(np.array([0, 0, 0]), np.array([10.0, 400.0, 1200.0]))
    assert (often > once).all()
    assert 365 * often[0] < 1.0
