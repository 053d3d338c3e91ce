"""What a service replaces: read by each item's own clock, and never more than services that come."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasting.replacements import NEW, REPLACED, UNSEEN, clock, expected_replacements


def test_the_clock_runs_by_whichever_is_further_on() -> None:
    reading = clock(
        np.array([0.0, 0.0]),
        np.zeros((2, 1)),
        np.array([11.5]),
        np.array([[6000.0], [18000.0]]),
        np.zeros((2, 1)),
        np.array([20000.0, 20000.0]),
        np.array([24.0, np.inf]),
    )
    assert reading[:, 0].tolist() == [0.5, 0.9]


def test_a_workshop_that_replaces_at_four_fifths_is_seen_to_do_so() -> None:
    chance = np.random.default_rng(3)
    reading = chance.uniform(0, 1.5, (400, 36))
    came = (chance.random((400, 30)) < 0.2).astype(np.float64)
    replaced = came * (reading[:, :30] >= 0.8) * (chance.random((400, 30)) < 0.7)
    state = np.full((400, 36), REPLACED)
    found = expected_replacements(np.full((400, 36), 0.25), came, replaced, state, reading)[:, 30:]
    due = reading[:, 30:] >= 0.8
    assert found[due].mean() == pytest.approx(0.25 * 0.7, rel=0.1)
    assert found[~due].max() < 0.02


def test_an_old_vehicle_never_seen_replacing_goes_on_as_such_vehicles_did() -> None:
    chance = np.random.default_rng(5)
    reading = np.tile(np.arange(38) / 37, (500, 1))  # the months ahead read what no such clock has read before
    came = (chance.random((500, 36)) < 0.2).astype(np.float64)
    replaced = came * (chance.random((500, 36)) < 0.3)
    found = expected_replacements(np.full((500, 38), 0.2), came, replaced, np.full((500, 38), UNSEEN), reading)
    assert found[:, 36:].mean() == pytest.approx(0.2 * 0.3, rel=0.2)


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_no_more_is_replaced_than_vehicles_come(seed: int) -> None:
    chance = np.random.default_rng(seed)
    visits, reading = chance.random((20, 12)), chance.gamma(1, 1, (20, 12))
    came = (chance.random((20, 9)) < 0.3).astype(np.float64)
    state = chance.choice([REPLACED, NEW, UNSEEN], (20, 12))
    found = expected_replacements(visits, came, came * chance.integers(0, 2, came.shape), state, reading)
    assert found.min() >= 0
    assert (found <= visits + 1e-12).all()
