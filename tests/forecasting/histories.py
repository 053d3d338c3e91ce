"""Histories and exposures made by hand."""

from __future__ import annotations

import numpy as np

from demand.history import DemandHistory
from demand.periods import PeriodAxis, PeriodKind
from forecasting.forecast import Exposure


def history_of(rows: list[list[int]], names: list[str] | None = None) -> DemandHistory:
    """Return months up to June 2026 in which everything was seen; one store, one piece a call."""
    quantity = np.array(rows, dtype=np.int64)
    count, periods = quantity.shape
    return DemandHistory(
        tuple(names or [f"P{i}" for i in range(count)]),
        ("S01",) * count,
        PeriodAxis(PeriodKind.MONTH, 24318 - periods, periods),
        quantity,
        quantity.copy(),
        np.ones(quantity.shape),
        np.zeros(quantity.shape, dtype=np.uint8),
        np.full(count, 1000),
    )


def plain_exposure(history: DemandHistory, horizon: int) -> Exposure:
    """Return an exposure of one in every period."""
    ones = np.ones((history.item_count, horizon))
    past = np.ones((history.item_count, history.axis.count))
    return Exposure(past, ones, ones, ones, np.ones(horizon), np.zeros(history.item_count, dtype=np.bool_))
