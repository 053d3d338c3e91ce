from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from demand.history import DemandHistory, Observation
from demand.periods import PeriodAxis, PeriodKind

AXIS = PeriodAxis.between(date(2026, 1, 1), date(2026, 3, 31), PeriodKind.MONTH)


def history() -> DemandHistory:
    return DemandHistory(
        part_no=("00195040", "00195040"),
        store=("S01", "S02"),
        axis=AXIS,
        quantity=np.array([[4, 0, 1], [0, 0, 2]]),
        lines=np.array([[1, 0, 1], [0, 0, 1]]),
        availability=np.array([[1.0, 1.0, 0.5], [0.0, 1.0, 1.0]]),
        observation=np.array([[0, 0, 0], [Observation.BEFORE_LAUNCH, 0, 0]], dtype=np.uint8),
        unit_milli=np.array([1000, 1000]),
    )


def test_a_history_is_frozen_to_its_last_cell() -> None:
    with pytest.raises(ValueError, match="read-only"):
        history().quantity[0, 0] = 9


def test_an_origin_sees_only_what_came_before_it() -> None:
    earlier = history().before(2)
    assert earlier.axis.labels() == ["2026-01", "2026-02"]
    assert earlier.quantity.tolist() == [[4, 0], [0, 0]]
    assert earlier.canonical_order.tolist() == history().canonical_order.tolist()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"quantity": np.array([[4, 0], [0, 0]])}, "a column is missing"),
        ({"quantity": np.array([[4, 0, -1], [0, 0, 2]])}, "negative demand is a return, not demand"),
        ({"availability": np.array([[1, 1, 1.5], [0, 1, 1]])}, "more than the whole period"),
        ({"quantity": np.array([[4, 0, 1], [7, 0, 2]])}, "demand before the launch"),
        ({"unit_milli": np.array([0, 1000])}, "a unit of nothing"),
        ({"store": ("S01",)}, "a store is missing"),
    ],
)
def test_a_contradiction_is_refused(change: dict[str, object], reason: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        replace(history(), **change)  # type: ignore[arg-type]
