"""A part's calls in other stores speak for it in this one, never its own twice."""

import numpy as np
import pytest

from forecasting.borrowing import STORES_ALIKE, borrowed
from forecasting.filters import Behaviour


def test_a_part_that_fails_everywhere_is_expected_to_fail_here() -> None:
    calls, possible = np.array([[30, 30], [0, 0]]), np.array([[10.0, 10.0], [0.0, 0.0]])
    level, behaviour = borrowed(
        calls.sum(axis=1), possible.sum(axis=1), calls.shape[1], Behaviour.constant(2, 2.0, 0.97, 0.0), np.array([0, 0])
    )
    assert level[1] == pytest.approx(62 / 22)
    assert level[0] == 1.0  # nobody else has been asked: its own calls are left to the filter
    assert 2.0 < behaviour.strength[1] < STORES_ALIKE


def test_with_one_store_nothing_is_borrowed() -> None:
    calls, possible = np.array([[5, 9], [1, 0]]), np.ones((2, 2))
    given = Behaviour.constant(2, 1.6, 0.97, 0.1)
    level, behaviour = borrowed(calls.sum(axis=1), possible.sum(axis=1), calls.shape[1], given, np.array([0, 1]))
    assert level.tolist() == [1.0, 1.0]
    assert behaviour.strength.tolist() == [1.6, 1.6]


def test_without_a_history_there_is_nothing_to_borrow() -> None:
    empty = np.zeros((2, 0))
    level, _ = borrowed(
        empty.sum(axis=1), empty.sum(axis=1), empty.shape[1], Behaviour.constant(2, 1.6, 0.97, 0.1), np.array([0, 0])
    )
    assert level.tolist() == [1.0, 1.0]
