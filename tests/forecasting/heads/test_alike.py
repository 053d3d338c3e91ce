"""Items are alike where every column is equal, and only there."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasting.heads.alike import Kinds


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.floats(0, 1)), min_size=1, max_size=30))
def test_alike_are_those_whose_columns_are_equal(items: list[tuple[int, int, float]]) -> None:
    rows = np.array(items, dtype=np.float64)
    kinds = Kinds.of(rows[:, :2].astype(np.int64), rows[:, :1] > 0, rows[:, 2:])
    assert (rows[kinds.first][kinds.kind] == rows).all()
    assert kinds.first.size == len(set(items))
    assert (np.diff(kinds.first) > 0).all()


def test_counts_that_differ_in_one_month_are_told_apart() -> None:
    rows = np.random.default_rng(3).poisson(0.3, (40_000, 24)).astype(np.float64)
    assert Kinds.of(rows).first.size == len(np.unique(rows, axis=0))
