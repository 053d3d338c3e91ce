"""The cells of a history as the filter reads them: what is added up and swept in blocks is what the cells say."""

from dataclasses import replace

import numpy as np
import pytest

from demand.history import Observation
from forecasting import filters
from forecasting.watched import Watched
from tests.forecasting.histories import history_of

SETTLED = np.array([0, 5, 12, 3, 0, 7])


def watched(is_settled: bool) -> Watched:
    draw = np.random.default_rng(4)
    history = history_of([[int(k) for k in row] for row in draw.poisson(1.5, (6, 14))])
    seen = draw.random((6, 14)) < 0.8
    history = replace(
        history,
        quantity=np.where(seen, history.quantity, 0),
        lines=np.where(seen, history.lines, 0),
        availability=np.where(seen, draw.choice([0.5, 1.0], (6, 14)), 0.0),
        observation=np.where(seen, Observation.SEEN, Observation.MISSING).astype(np.uint8),
    )
    order, exposure = np.array([3, 1, 0, 5, 4, 2]), draw.gamma(2, 1, (6, 14))
    return Watched(history, exposure, order, SETTLED if is_settled else None)


@pytest.mark.parametrize("is_settled", [False, True])
def test_totals_are_the_plain_sums_over_the_cells(is_settled: bool) -> None:
    cells, weight = watched(is_settled), np.array([0.9**age for age in range(13, -1, -1)])
    totals = cells.totals(weight)
    calls, expected, available, _ = cells.cells(np.arange(6), np.ones(6))
    exposure = cells.exposure[cells.order]
    assert totals.recent_asked == pytest.approx((calls * weight).sum(axis=1))
    assert totals.recent_possible == pytest.approx((exposure * available * weight).sum(axis=1))
    assert totals.asked == pytest.approx(calls.sum(axis=1))
    assert totals.possible == pytest.approx((expected * available).sum(axis=1))


@pytest.mark.parametrize("is_settled", [False, True])
def test_the_filter_sweeps_the_cells_at_each_item_s_rate(is_settled: bool) -> None:
    cells, rate = watched(is_settled), np.array([0.2, 1.0, 3.0, 0.7, 1.1, 5.0])
    behaviour = filters.Behaviour.constant(6, 1.6, 0.95, 0.1)
    shape, multiplier = cells.swept(cells.totals(np.ones(14)), rate, behaviour)
    plain = filters.run(*cells.cells(np.arange(6), rate), behaviour)
    assert shape == pytest.approx(plain.shape, rel=1e-12)
    assert multiplier == pytest.approx(plain.multiplier, rel=1e-12)
