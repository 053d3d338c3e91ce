"""Stretched laws hold the past as often as they say; what they already held is left alone."""

import numpy as np
import pytest

from demand.distribution import DemandLaw, negative_binomial, poisson
from forecasting.heads import calibrate


def stretched(law: DemandLaw, heights: np.ndarray) -> DemandLaw:
    """All laws here are alike: they have as many points."""
    return DemandLaw.from_rows(list(calibrate.stretched(law.probability.reshape(law.item_count, -1), heights)))


def test_laws_too_narrow_are_widened_until_they_cover() -> None:
    draw = np.random.default_rng(4)
    demand = np.asarray(draw.poisson(draw.gamma(8, 0.5, 6_000)), dtype=np.float64)
    narrow = poisson(np.full(demand.size, 4.0))
    wider = stretched(narrow, calibrate.curve(calibrate.covered(narrow, demand), demand.size))
    before, after = (calibrate.covered(law, demand)[3] / demand.size for law in (narrow, wider))
    assert before < calibrate.POINTS[3] - 0.02
    assert after == pytest.approx(calibrate.POINTS[3], abs=0.01)


def test_a_law_that_covers_is_left_almost_as_it_is() -> None:
    draw = np.random.default_rng(5)
    law = negative_binomial(np.full(6_000, 3.0), 2.0)
    demand = np.asarray(draw.negative_binomial(2.0, 2 / 5, 6_000), dtype=np.float64)
    moved = stretched(law, calibrate.curve(calibrate.covered(law, demand), demand.size))
    assert moved.mean() == pytest.approx(law.mean(), rel=0.03)
    assert (moved.quantile(0.5) == law.quantile(0.5)).all()
