"""One level against demand: loss functions by summation and quadrature, newsvendors by enumeration and simulation."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from demand.distribution import DemandLaw
from optimisation.policies.laws import CountLaw, GivenLaw
from optimisation.policies.loss import (
    gamma_loss,
    lognormal_loss,
    negative_binomial_loss,
    normal_loss,
    normal_second_loss,
    poisson_loss,
)
from optimisation.policies.newsvendor import level_cost, newsvendor, newsvendor_lognormal, newsvendor_normal
from tests.optimisation.policies import twins


def test_published_newsvendors_come_out() -> None:
    # Snyder & Shen (2019), examples 4.3 and 4.4, problems 4.7 (b), 4.8 (a) and 4.8 (b).
    normal = newsvendor_normal([50.0, 250.0], [8.0, 8 * math.sqrt(5)], 0.18, 0.7)
    assert normal.level == pytest.approx([56.604, 264.767], abs=1e-3)
    assert normal.cost == pytest.approx([1.99761, 4.46678], abs=1e-4)
    law = GivenLaw(DemandLaw.from_rows([[0, 0.25, 0.05, 0.1, 0.2, 0.15, 0.1, 0.1, 0.05]]))
    discrete = newsvendor(law, 500_000, 1_000_000)
    assert discrete.level.tolist() == [5]
    assert discrete.cost == pytest.approx([1_225_000])
    poisson = newsvendor(CountLaw.poisson([18.0]), 200, 270)
    assert poisson.level.tolist() == [19]
    assert poisson.cost == pytest.approx([786.088], abs=1e-3)
    lognormal = newsvendor_lognormal(6, 0.3, 1, 0.1765)
    assert lognormal.level == pytest.approx([295.627], abs=1e-3)
    assert lognormal.cost == pytest.approx([29.4425], abs=1e-4)


@twins.share_and_all(60, 200)
def test_no_other_level_costs_less(instances: int) -> None:
    random = np.random.default_rng(41)
    mean, ratio = np.exp(random.uniform(-4, 3, instances)), random.uniform(1, 4, instances)
    holding, stockout = random.uniform(0.1, 9, instances), random.uniform(0.1, 90, instances)
    law = CountLaw.from_moments(mean, mean * ratio)
    found = newsvendor(law, holding, stockout)
    for i in range(instances):
        plain = twins.negative_binomial_law(float(mean[i]), float(mean[i] * ratio[i]), 700)
        costs = [twins.level_cost(plain, holding[i], stockout[i], y) for y in range(300)]
        assert found.cost[i] == pytest.approx(min(costs), rel=1e-9)
        assert costs[int(found.level[i])] == pytest.approx(min(costs), rel=1e-12)
    assert level_cost(law, holding, stockout, np.asarray(found.level, dtype=np.int64)) == pytest.approx(found.cost)


@given(x=st.floats(-5, 60), mean=st.floats(0.05, 30), ratio=st.floats(1, 6))
def test_whole_number_losses_are_their_sums(x: float, mean: float, ratio: float) -> None:
    law = CountLaw.from_moments([mean], [mean * ratio])
    plain = twins.negative_binomial_law(mean, mean * ratio if np.isfinite(law.size[0]) else mean, 900)
    expected = float((plain * np.maximum(np.arange(plain.size) - x, 0)).sum())
    assert negative_binomial_loss(x, mean, law.size)[0] == pytest.approx(expected, abs=1e-8)
    if ratio == 1:
        assert poisson_loss(x, mean)[0] == pytest.approx(expected, abs=1e-8)


@settings(max_examples=30)
@given(x=st.floats(-4, 12), mu=st.floats(-1, 1.5), sigma=st.floats(0.2, 1.2))
def test_smooth_losses_are_the_area_under_the_chance_of_more(x: float, mu: float, sigma: float) -> None:
    shape, scale = 1 + sigma, math.exp(mu)
    for law, loss in (
        (stats.norm(mu, sigma), normal_loss(x, mu, sigma)),
        (stats.lognorm(sigma, scale=math.exp(mu)), lognormal_loss(x, mu, sigma)),
        (stats.gamma(shape, scale=scale), gamma_loss(x, shape, scale)),
    ):
        ends = [x, *(x + step for step in (0.2, 1, 3, 8, 25, 100, 1000, 20_000))]
        area = sum(integrate.quad(law.sf, a, b, limit=200)[0] for a, b in itertools.pairwise(ends))
        assert loss[0] == pytest.approx(area, rel=1e-6, abs=1e-8)


def test_the_second_loss_falls_by_the_first() -> None:
    x, step = np.linspace(-3, 9, 50), 1e-5
    slope = (normal_second_loss(x + step, 2, 1.5) - normal_second_loss(x - step, 2, 1.5)) / (2 * step)
    assert slope == pytest.approx(-normal_loss(x, 2, 1.5), abs=1e-8)


@pytest.mark.parametrize("holding", [0.5, 4.0])
def test_the_cost_is_what_many_seasons_cost(holding: float) -> None:
    random = np.random.default_rng(1)
    found = newsvendor(CountLaw.from_moments([7.0], [20.0]), holding, 9)
    left = found.level[0] - random.negative_binomial(49 / 13, 7 / 20, (200, 2000))
    costs = holding * np.maximum(left, 0) + 9 * np.maximum(-left, 0)
    assert twins.agrees(costs.mean(axis=1), float(found.cost[0]))


def test_senseless_terms_are_refused_with_a_sentence() -> None:
    for holding, stockout in ((0, 1), (1, 0), (-1, 2), (1, math.inf)):
        with pytest.raises(ValueError, match="holding and stockout"):
            newsvendor(CountLaw.poisson([1.0]), holding, stockout)
    with pytest.raises(ValueError, match="standard deviation"):
        newsvendor_normal(3, 0, 1, 1)
    with pytest.raises(ValueError, match="standard deviation"):
        normal_loss(1, 1, -1)
    with pytest.raises(ValueError, match="shape and scale"):
        gamma_loss(1, 0, 1)
    with pytest.raises(ValueError, match="logarithm"):
        lognormal_loss(1, 1e6, 1)
    with pytest.raises(ValueError, match="zero or more"):
        poisson_loss(1, -1)
