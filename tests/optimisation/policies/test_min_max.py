"""(s, S): published optima, Markov chains and enumeration, simulation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demand.distribution import DemandLaw
from optimisation.policies.laws import CountLaw, GivenLaw
from optimisation.policies.min_max import best_min_max, min_max_cost, min_max_service
from optimisation.policies.power_approximation import approximate_min_max
from tests.optimisation.policies import twins

ZHENG_FEDERGRUEN = [
    (10, 6, 40, 35.022),
    (15, 10, 49, 42.698),
    (20, 14, 62, 49.173),
    (25, 19, 56, 54.262),
    (35, 28, 77, 61.215),
    (40, 33, 87, 64.512),
    (45, 37, 97, 67.776),
    (50, 42, 108, 70.975),
    (52, 44, 112, 72.246),
    (55, 47, 118, 74.149),
    (60, 52, 129, 77.306),
    (61, 52, 131, 77.929),
    (63, 54, 73, 78.287),
    (64, 55, 74, 78.402),
]
"""Zheng & Federgruen (1991), table I: Poisson demand, K = 64, h = 1, p = 9, no lead time: mean, s, S, cost."""


def test_the_published_table_comes_out_in_one_call() -> None:
    mean, reorder, upto, cost = (np.array(column) for column in zip(*ZHENG_FEDERGRUEN, strict=True))
    found = best_min_max(CountLaw.poisson(mean), 0, 1, 9, 64)
    assert found.reorder_point.tolist() == reorder.tolist()
    assert found.order_up_to.tolist() == upto.tolist()
    assert found.cost == pytest.approx(cost, abs=1e-3)


def random_law(random: np.random.Generator) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """A small law with holes: lumpy demand, sometimes nothing for long."""
    law = random.dirichlet(np.full(random.integers(2, 7), 0.6)) * (random.random() < 0.9)
    law = np.append(law, 0.0)
    law[random.integers(1, law.size)] += max(1 - law.sum(), 0.0)
    return np.asarray(law / law.sum())


@twins.share_and_all(100, 700)
def test_no_ordering_rule_whatever_costs_less_by_dynamic_programming(instances: int) -> None:
    random = np.random.default_rng(11)
    laws = [random_law(random) for _ in range(instances)]
    lead, holding = random.integers(0, 4, instances), np.round(random.uniform(0.5, 3, instances), 2)
    stockout, fixed = np.round(random.uniform(1, 30, instances), 2), np.round(random.uniform(0, 15, instances), 2)
    found = best_min_max(GivenLaw(DemandLaw.from_rows(laws)), lead, holding, stockout, fixed)
    for i, law in enumerate(laws):
        terms = int(lead[i]), float(holding[i]), float(stockout[i]), float(fixed[i])
        chosen = int(found.reorder_point[i]), int(found.order_up_to[i])
        assert found.cost[i] == pytest.approx(twins.min_max_cost(law, *terms, *chosen), rel=1e-9)
        at_least, at_most = twins.least_average_cost(law, *terms)
        assert at_least * (1 - 1e-9) <= found.cost[i] <= at_most * (1 + 1e-9)


@settings(max_examples=30)
@given(
    mean=st.floats(0.05, 6),
    ratio=st.floats(1, 5),
    lead=st.integers(0, 5),
    stockout=st.floats(1.5, 60),
    fixed=st.floats(0, 80),
)
def test_the_cost_of_the_best_policy_is_the_cost_of_that_policy_and_its_neighbours_cost_no_less(
    mean: float, ratio: float, lead: int, stockout: float, fixed: float
) -> None:
    law = CountLaw.from_moments([mean], [mean * ratio])
    found = best_min_max(law, lead, 1, stockout, fixed)
    for a in (-2, -1, 0, 1, 2):
        for b in (-2, -1, 0, 1, 2):
            s, upto = found.reorder_point + a, found.order_up_to + b
            if (s < upto).all():
                cost = min_max_cost(law, lead, 1, stockout, fixed, s, upto)
                assert cost[0] >= found.cost[0] * (1 - 1e-10)
                if a == b == 0:
                    assert cost == pytest.approx(found.cost, rel=1e-10)


def test_items_do_not_disturb_one_another() -> None:
    random = np.random.default_rng(3)
    mean, fixed = random.uniform(0.02, 20, 300), random.uniform(0, 200, 300)
    law = CountLaw.from_moments(mean, mean * random.uniform(1, 4, 300))
    together = best_min_max(law, 2, 1, 12, fixed)
    for i in (0, 17, 150, 299):
        alone = best_min_max(law.take(np.array([i])), 2, 1, 12, fixed[i])
        assert (alone.reorder_point[0], alone.order_up_to[0]) == (together.reorder_point[i], together.order_up_to[i])
        assert alone.cost[0] == pytest.approx(together.cost[i], rel=1e-12)


def test_without_a_fixed_cost_every_sale_is_ordered_again() -> None:
    found = best_min_max(CountLaw.poisson([0.3, 4.0]), 1, 1, 9, 0)
    assert (found.order_up_to - found.reorder_point).tolist() == [1, 1]


def test_the_power_approximation_costs_little_more_than_the_optimum() -> None:
    mean = np.array([8.0, 20.0, 40.0])
    rough = approximate_min_max(mean, np.sqrt(mean), 2, 1, 9, 64)
    law = CountLaw.poisson(mean)
    s, upto = np.round(rough.reorder_point).astype(np.int64), np.round(rough.order_up_to).astype(np.int64)
    excess = min_max_cost(law, 2, 1, 9, 64, s, upto) / best_min_max(law, 2, 1, 9, 64).cost - 1
    assert (excess >= 0).all()
    assert (excess < 0.05).all()


@pytest.mark.parametrize(("mean", "variance", "lead", "s", "upto"), [(1.2, 2.5, 3, 4, 11), (0.3, 0.6, 0, 0, 2)])
def test_service_is_what_a_simulated_shelf_shows(mean: float, variance: float, lead: int, s: int, upto: int) -> None:
    random = np.random.default_rng(7)
    runs, periods, warm = 400, 900, 100
    position, due = np.full(runs, upto), np.zeros((lead + 1, runs), dtype=np.int64)
    net = np.full(runs, upto)
    asked, filled, whole, orders = (np.zeros(runs) for _ in range(4))
    r = mean**2 / (variance - mean)
    for period in range(periods):
        order = np.where(position <= s, upto - position, 0)
        position = position + order
        due[(period + lead) % (lead + 1)] = order
        net = net + due[period % (lead + 1)]
        demand = random.negative_binomial(r, mean / variance, runs)
        if period >= warm:
            asked += demand
            filled += np.minimum(demand, np.maximum(net, 0))
            whole += net - demand >= 0
            orders += order > 0
        net, position = net - demand, position - demand
    found = min_max_service(CountLaw.from_moments([mean], [variance]), lead, np.array([s]), np.array([upto]))
    assert twins.agrees(filled / asked.mean(), float(found.unit_fill[0]))
    assert twins.agrees(whole / (periods - warm), float(found.cycle_service[0]))
    assert twins.agrees(orders / (periods - warm), float(found.orders_per_period[0]))


def test_senseless_terms_are_refused_with_a_sentence() -> None:
    law = CountLaw.poisson([2.0])
    for lead, h, p, k, sentence in (
        (-1, 1, 9, 5, "lead time"),
        (0, 0, 9, 5, "holding and stockout"),
        (0, 1, 9, -5, "fixed cost"),
        (0, 1e-9, 1e9, 1e9, "at most"),
    ):
        with pytest.raises(ValueError, match=sentence):
            best_min_max(law, lead, h, p, k)
    with pytest.raises(ValueError, match="some demand"):
        best_min_max(CountLaw.poisson([0.0]), 0, 1, 9, 5)
    with pytest.raises(ValueError, match="above s"):
        min_max_cost(law, 0, 1, 9, 5, np.array([3]), np.array([3]))
