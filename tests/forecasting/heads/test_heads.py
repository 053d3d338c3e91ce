"""Count and calls speak of one stretch: what they expect of all items together comes to the same."""

from dataclasses import replace

import numpy as np
import pytest

from forecasting.heads.growth import TRUST
from forecasting.heads.heads import Heads, fit, fit_sizes, numbers
from forecasting.heads.rows import Target, with_distance
from forecasting.heads.states import Means, Past, states_at
from tests.forecasting.histories import history_of

ITEMS, PERIODS = 300, 40


def past_of(seed: int = 9) -> Past:
    """Parts asked for ever fewer at a time, and as often as ever."""
    draw = np.random.default_rng(seed)
    often = draw.beta(2, 4, ITEMS)[:, None]
    pieces = 1 + draw.poisson(np.linspace(6, 1, PERIODS), (ITEMS, PERIODS))
    asked = np.where(draw.random((ITEMS, PERIODS)) < often, pieces, 0)
    return Past.of(history_of([[int(k) for k in row] for row in asked]))


def expected_of_all(heads: Heads, past: Past, means: Means) -> tuple[float, float]:
    """What the count and the calls expect of all items."""
    unheard = np.zeros(ITEMS), np.ones(ITEMS)
    said = numbers(heads, with_distance(states_at(past, means), 1), past, unheard, heads.target.length)
    return float(said.count_mean.sum()), float(said.calls_mean().sum())


@pytest.mark.parametrize("length", [1, 6])
def test_calls_are_brought_to_the_level_of_the_count_as_far_as_origins_are_many(length: int) -> None:
    past = past_of()
    means = Means.of(past)
    heads = fit(past, means, Target(length), fit_sizes(past, means))
    assert heads is not None
    count, calls = expected_of_all(heads, past, means)
    _, alone = expected_of_all(replace(heads, calls_level=1.0), past, means)
    weight = 0.97 ** np.arange(PERIODS - length - 12 + 1)
    origins = weight.sum() ** 2 / (weight**2).sum() / length
    assert abs(np.log(alone / count)) > 0.02, "else nothing is brought anywhere"
    assert calls / alone == pytest.approx((count / alone) ** (origins / (origins + TRUST)), rel=1e-3)


def test_a_dip_moves_parts_asked_for_every_month_as_much_as_others() -> None:
    draw = np.random.default_rng(4)
    past = Past.of(history_of([[int(k) for k in row] for row in 5 + draw.poisson(3, (ITEMS, PERIODS))]))
    means = Means.of(past)
    heads = fit(past, means, Target(1), fit_sizes(past, means))
    unheard = np.zeros(ITEMS), np.ones(ITEMS)
    states = with_distance(states_at(past, means), 1)
    usual, closed = (numbers(heads, states, past, unheard, 1, np.full(ITEMS, season)) for season in (1.0, 0.6))
    assert closed.count_mean / usual.count_mean == pytest.approx(0.6)
    assert closed.calls_mean() / usual.calls_mean() == pytest.approx(0.6, rel=0.01)


def test_where_every_month_has_demand_sizes_rise_with_what_is_far_beyond_the_usual() -> None:
    draw = np.random.default_rng(4)
    asked = 5 + draw.poisson(3, (ITEMS, PERIODS))
    past = Past.of(history_of([[int(k) for k in row] for row in asked]), np.ones((ITEMS, PERIODS)))
    means = Means.of(past)
    heads = fit(past, means, Target(1), fit_sizes(past, means))
    unheard, states = (np.zeros(ITEMS), np.ones(ITEMS)), with_distance(states_at(past, means), 1)
    usual, doubled = (numbers(heads, states, past, unheard, 1, season) for season in (1.0, 2.0))
    assert doubled.calls_mean() / usual.calls_mean() == pytest.approx(2, rel=0.05)
    assert (doubled.own == np.floor(doubled.own)).all()
    assert (usual.own == asked).all()
