"""Vehicles that each come once or not at all make calls that vary less than chance."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasting.certainty import dispersion_beside, sizes_below_zero
from forecasting.lead_time import compound
from forecasting.line_size import single_pieces


def test_a_hundred_vehicles_of_one_chance_are_binomial() -> None:
    mean, share = np.array([[40.0]]), np.array([[0.4]])
    size = sizes_below_zero(mean, np.zeros((1, 1)), share)
    assert size[0, 0] == -100
    law = compound(mean, size, single_pieces(1))
    assert law.mean()[0] == pytest.approx(40)
    assert law.variance()[0] == pytest.approx(24)


def test_what_clings_together_as_much_as_it_is_certain_is_pure_chance() -> None:
    assert sizes_below_zero(np.array([[10.0]]), np.array([[0.05]]), np.array([[0.5]]))[0, 0] == np.inf
    assert sizes_below_zero(np.array([[10.0]]), np.array([[0.25]]), np.array([[0.5]]))[0, 0] == pytest.approx(5.0)


@settings(deadline=None)
@given(st.floats(0, 500), st.floats(0, 3), st.floats(0, 1))
def test_the_law_keeps_its_mean_and_stays_a_law(mean: float, inverse: float, share: float) -> None:
    calls = np.array([[mean]])
    size = sizes_below_zero(calls, np.array([[inverse]]), np.array([[share]]))
    law = compound(calls, size, single_pieces(1))
    assert law.mean()[0] == pytest.approx(mean, rel=1e-6, abs=1e-6)
    assert law.probability.min() >= 0
    assert law.variance()[0] >= 0.09 * mean * (1 - 1e-6) - 1e-6


def test_months_that_vary_more_than_their_vehicles_cling_together() -> None:
    chance = np.random.default_rng(4)
    mean = np.full((40, 24), 60.0)
    busy = chance.normal(1, 0.1, (40, 24))
    calls = chance.binomial(200, np.clip(0.3 * busy, 0, 1))
    found = dispersion_beside(calls, mean, np.full(40, 0.3), np.zeros(40, dtype=int), np.zeros(40))
    assert found == pytest.approx(0.01, rel=0.3)
    without = dispersion_beside(calls, mean, np.zeros(40), np.zeros(40, dtype=int), np.full(40, 0.2))
    assert without.tolist() == [0.2] * 40
