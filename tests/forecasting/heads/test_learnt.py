"""Which earlier stretches teach how far laws are stretched."""

import pytest

from forecasting.heads.learnt import earlier_origins
from forecasting.heads.rows import Target
from forecasting.heads.states import Past
from tests.forecasting.histories import history_of


@pytest.mark.parametrize(
    ("periods", "target", "late", "expected"),
    [
        (48, Target(3), 42, [39, 36, 33]),  # of many the latest: a panel changes
        (24, Target(6), 16, [10]),  # what lies before a third of a young panel teaches nothing
        (24, Target(8), 16, [8]),
        (24, Target(9), 13, []),
        (48, Target(1, 12), 36, []),  # each distance is a trial of its own already
    ],
)
def test_the_stretches_before_the_late_ones_lie_side_by_side(
    periods: int, target: Target, late: int, expected: list[int]
) -> None:
    past = Past.of(history_of([[1] * periods]))
    assert earlier_origins(past, target, late) == expected
