"""Breaks that all items of a panel share: found where they lasted, and nowhere else."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from demand.history import Float64Array1D, Int64Array2D
from forecasting.breaks import LASTS, break_factors
from forecasting.months_of_year import YEAR

ITEMS, MONTHS = 300, 40
TIME = np.arange(MONTHS)
PACE = np.random.default_rng(5).gamma(0.6, 2.0, (ITEMS, 1))


def _asked(level: Float64Array1D, seed: int = 3) -> Int64Array2D:
    return np.asarray(np.random.default_rng(seed).poisson(PACE * level), dtype=np.int64)


def _factors(asked: Int64Array2D) -> Float64Array1D:
    return break_factors(asked, np.ones(asked.shape), 1.0)


@pytest.mark.parametrize("level", [0.5, 2.0])
@pytest.mark.parametrize("begins", [MONTHS - LASTS, MONTHS - 12, 15])
def test_a_panel_that_halves_or_doubles_for_good_has_a_break(begins: int, level: float) -> None:
    factors = _factors(_asked(np.where(begins <= TIME, level, 1.0)))
    assert (factors[:begins] == 1).all()
    assert factors[begins:] == pytest.approx(level, rel=0.15)
    assert len(set(factors)) == 2


def test_a_closure_that_ends_is_two_breaks() -> None:
    factors = _factors(_asked(np.where((TIME >= 15) & (TIME < 22), 0.3, 1.0)))
    assert factors[[14, 15, 21, 22]] == pytest.approx([1, 0.3, 0.3, 1], rel=0.2)


def test_weeks_and_availability_are_counted_as_such() -> None:
    asked = _asked(np.where(TIME < 25, 1.0, 0.5))
    assert (break_factors(asked[:, :30], np.ones((ITEMS, 30)), 12 / 52) == 1).all(), "five weeks are no lasting break"
    possible = np.broadcast_to(np.where(TIME < 25, 1.0, 0.5), asked.shape)
    assert (break_factors(asked, possible, 1.0) == 1).all(), "half as much on the shelf is no break in what is wanted"


@pytest.mark.parametrize(
    "level",
    [
        np.ones(MONTHS),
        1.02**TIME,
        0.97**TIME,
        1 + 0.5 * np.sin(2 * np.pi * TIME / YEAR),
        np.exp(np.random.default_rng(4).normal(0, 0.2, MONTHS)),
        np.where(TIME >= MONTHS - LASTS + 1, 0.4, 1.0),  # two months may be a lockdown
    ],
    ids=["chance", "growth", "decay", "season", "springs", "too young"],
)
def test_what_moves_as_it_always_has_or_has_not_lasted_is_no_break(level: Float64Array1D) -> None:
    assert (_factors(_asked(level)) == 1).all()


def test_one_part_that_is_not_asked_for_any_more_is_no_break_of_the_panel() -> None:
    asked = _asked(np.ones(MONTHS))
    asked[0] = np.where(TIME < 30, 400, 0)
    assert (_factors(asked) == 1).all()


def test_half_of_the_parts_gone_and_the_others_as_ever_is_no_break_of_all() -> None:
    asked = _asked(np.ones(MONTHS))
    asked[::2, 25:] = 0
    assert (_factors(asked) == 1).all()


@given(
    arrays(np.int64, st.tuples(st.integers(1, 5), st.integers(0, 30)), elements=st.integers(0, 9)),
    st.integers(0, 2**30),
)
def test_factors_are_numbers_above_nothing(asked: Int64Array2D, hidden: int) -> None:
    possible = np.random.default_rng(hidden).choice([0.0, 0.5, 1.0], asked.shape)
    factors = break_factors(np.where(possible > 0, asked, 0), possible, 1.0)
    assert factors.shape == (asked.shape[1],)
    assert np.isfinite(factors).all()
    assert (factors > 0).all()
