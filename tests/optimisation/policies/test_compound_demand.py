"""Order lines of several units and random lead times: mixtures summed by hand, simulation."""

import itertools
import math

import numpy as np
import pytest

from demand.distribution import DemandLaw
from optimisation.policies.compound_demand import compound_poisson, line_service
from optimisation.policies.laws import CountLaw
from optimisation.policies.random_lead_time import demand_over_observed, lead_time_demand, poisson_over_gamma
from tests.optimisation.policies import twins


def plain_compound(lines: float, size: np.ndarray) -> np.ndarray:
    """Σ P(n lines) × the n-fold convolution of the sizes."""
    total, power = np.zeros(1200), np.ones(1)
    for number in range(150):
        share = math.exp(number * math.log(lines) - lines - math.lgamma(number + 1))
        total[: power.size] += share * power[: total.size]
        power = np.convolve(power, size)
    return total


def random_sizes(instances: int, seed: int) -> list[np.ndarray]:
    random = np.random.default_rng(seed)
    return [np.append(0.0, random.dirichlet(np.full(random.integers(1, 6), 0.7))) for _ in range(instances)]


@twins.share_and_all(40, 200)
def test_service_is_what_summing_over_positions_demand_and_lines_gives(instances: int) -> None:
    random = np.random.default_rng(51)
    sizes = random_sizes(instances, 52)
    rate, lead = random.uniform(0.02, 1.5, instances), random.uniform(0.1, 10, instances)
    reorder, pack = random.integers(-2, 12, instances), random.integers(1, 9, instances)
    law = DemandLaw.from_rows(sizes)
    found = line_service(rate, lead, law, reorder, pack)
    totals = compound_poisson(rate * lead, law)
    for i, size in enumerate(sizes):
        demand = plain_compound(float(rate[i] * lead[i]), size)
        row = totals.law.row(i)
        assert row == pytest.approx(demand[: row.size], abs=1e-12)
        ready = units = whole = 0.0
        for y, d in itertools.product(range(reorder[i] + 1, reorder[i] + pack[i] + 1), range(row.size)):
            left, share = max(y - d, 0), demand[d] / pack[i]
            ready += share * (left > 0)
            units += share * sum(p * min(x, left) for x, p in enumerate(size))
            whole += share * sum(p for x, p in enumerate(size) if x <= left)
        mean = float((np.arange(size.size) * size).sum())
        assert found.ready_rate[i] == pytest.approx(ready, abs=1e-9)
        assert found.unit_fill[i] == pytest.approx(units / mean, abs=1e-9)
        assert found.complete_line_fill[i] == pytest.approx(whole, abs=1e-9)


def test_lines_of_one_unit_are_poisson_and_thousands_of_lines_are_no_trouble() -> None:
    one = DemandLaw.from_rows([[0.0, 1.0]])
    assert compound_poisson([2.5], one).law.row(0) == pytest.approx(
        twins.poisson_law(2.5, compound_poisson([2.5], one).law.sizes[0]), abs=1e-14
    )
    many = compound_poisson([2000.0], DemandLaw.from_rows([[0.0, 0.5, 0.5]]))
    assert many.law.mean()[0] == pytest.approx(3000)
    assert many.law.variance()[0] == pytest.approx(2000 * 2.5, rel=1e-6)


@pytest.mark.parametrize(("r", "pack"), [(4, 4), (1, 5), (0, 1)])
def test_service_is_what_a_simulated_counter_shows(r: int, pack: int) -> None:
    random = np.random.default_rng(8)
    size, rate, lead, runs = np.array([0, 0.6, 0.1, 0, 0.3]), 0.4, 5.0, 80
    units, whole, ready = [], [], []
    for _ in range(runs):
        calls = np.cumsum(random.exponential(1 / rate, 1500))
        asked = random.choice(size.size, calls.size, p=size)
        position = net = r + pack
        due: list[tuple[float, int]] = []
        served = complete = on_shelf = counted = 0
        for number, (moment, line) in enumerate(zip(calls.tolist(), asked.tolist(), strict=True)):
            while due and due[0][0] <= moment:
                net += due.pop(0)[1]
            if number >= 100:
                on_shelf += net > 0
                complete += net >= line
                served += min(line, max(net, 0))
                counted += line
            net, position = net - line, position - line
            packs = max(-(-(r + 1 - position) // pack), 0)
            if packs:
                due.append((moment + lead, packs * pack))
                position += packs * pack
        units.append(served / counted)
        whole.append(complete / (calls.size - 100))
        ready.append(on_shelf / (calls.size - 100))
    found = line_service(rate, lead, DemandLaw.from_rows([size]), np.array([r]), np.array([pack]))
    assert twins.agrees(np.array(units), float(found.unit_fill[0]))
    assert twins.agrees(np.array(whole), float(found.complete_line_fill[0]))
    assert twins.agrees(np.array(ready), float(found.ready_rate[0]))


def test_demand_over_a_gamma_lead_time_is_what_draws_show() -> None:
    random = np.random.default_rng(4)
    law = poisson_over_gamma(0.2, 10, 30)
    assert law.mean == pytest.approx([2.0])
    assert law.variance == pytest.approx([3.2])
    draws = random.poisson(0.2 * random.gamma(100 / 30, 3.0, (200, 2000)))
    at_most = law.table().at_most()
    for level in range(6):
        assert twins.agrees((draws <= level).mean(axis=1), float(at_most[level, 0]))
    assert np.isinf(poisson_over_gamma(0.2, 10, 0).size[0])


def test_demand_over_observed_lead_times_is_their_mixture_with_the_moments_of_a_random_sum() -> None:
    lead_times = np.array([0.0, 0.0, 0.5, 0.3, 0.0, 0.2])
    law = demand_over_observed(CountLaw.from_moments([0.8], [1.5]), DemandLaw.from_rows([lead_times]))
    row = law.law.row(0)
    plain = sum(
        share * twins.negative_binomial_law(0.8 * n, 1.5 * n, row.size) for n, share in enumerate(lead_times) if share
    )
    assert row == pytest.approx(plain, abs=1e-12)
    lengths = np.arange(lead_times.size)
    mean = float((lengths * lead_times).sum())
    moments = lead_time_demand(0.8, 1.5, mean, float((lengths**2 * lead_times).sum()) - mean**2)
    assert law.law.mean() == pytest.approx(moments.mean)
    assert law.law.variance() == pytest.approx(moments.variance, rel=1e-9)


def test_senseless_terms_are_refused_with_a_sentence() -> None:
    one, at = DemandLaw.from_rows([[0.0, 1.0]]), np.array([1])
    for rate, lead, size, pack, sentence in (
        (0.0, 1, one, at, "order lines per unit"),
        (1.0, -1, one, at, "lead time"),
        (1.0, 1, one, at - 1, "pack holds"),
        (1.0, 1, DemandLaw.from_rows([[0.5, 0.5]]), at, "one unit or more"),
        (1e9, 1, one, at, "at most"),
    ):
        with pytest.raises(ValueError, match=sentence):
            line_service(rate, lead, size, at, pack)
    with pytest.raises(ValueError, match="lead time"):
        poisson_over_gamma(1, 0, 1)
    with pytest.raises(ValueError, match="zero or more"):
        lead_time_demand(1, -1, 1, 1)
    with pytest.raises(ValueError, match="each item"):
        demand_over_observed(CountLaw.poisson([1.0, 2.0]), one)
