"""Several stores or parts: birth and death, disaggregation by hand, enumeration, simulation."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimisation.policies.laws import CountLaw
from optimisation.policies.lost_sales import least_stock_for_loss, lost_share, pooling_loss
from optimisation.policies.purse import PurseTerms, best_allocation, greedy_allocation
from optimisation.policies.two_echelon import TwoEchelons, two_echelon_service
from tests.optimisation.policies import twins


def test_lost_sales_are_those_of_a_birth_and_death_chain() -> None:
    random = np.random.default_rng(1)
    stock, load = random.integers(0, 15, 60), random.uniform(0.05, 12, 60)
    found = lost_share(stock, load, 1.0)
    for level, demand, lost in zip(stock.tolist(), load.tolist(), found.tolist(), strict=True):
        weights = [demand**n / math.factorial(n) for n in range(level + 1)]
        assert lost == pytest.approx(weights[-1] / sum(weights), rel=1e-12)


def test_lost_sales_do_not_ask_for_the_law_of_the_lead_time() -> None:
    random = np.random.default_rng(2)
    for law in ("certain", "exponential", "two-point"):
        lost = []
        for _ in range(30):
            calls = np.cumsum(random.exponential(2.0, 1500))
            lead_times = {
                "certain": np.full(1500, 4.0),
                "exponential": random.exponential(4.0, 1500),
                "two-point": random.choice([1.0, 10.0], 1500, p=[2 / 3, 1 / 3]),
            }[law]
            free = [0.0, 0.0, 0.0]
            missed = 0
            for number, (moment, lead) in enumerate(zip(calls.tolist(), lead_times.tolist(), strict=True)):
                unit = min(range(3), key=free.__getitem__)
                if free[unit] <= moment:
                    free[unit] = moment + lead
                elif number >= 100:
                    missed += 1
            lost.append(missed / 1400)
        assert twins.agrees(np.array(lost), float(lost_share(np.array([3]), 0.5, 4.0)[0]))


@given(load=st.floats(0.01, 80), share=st.floats(1e-6, 0.9))
def test_the_least_stock_loses_little_enough_and_one_less_does_not(load: float, share: float) -> None:
    stock = least_stock_for_loss(load, 1, share)
    assert lost_share(stock, load, 1)[0] <= share
    assert stock[0] == 0 or lost_share(stock - 1, load, 1)[0] > share


def test_pooling_never_loses_more_and_a_group_of_one_gains_nothing() -> None:
    random = np.random.default_rng(3)
    sizes = random.integers(1, 6, 80)
    boundaries = np.concatenate([[0], np.cumsum(sizes)])
    stock, rate = random.integers(0, 4, boundaries[-1]), random.uniform(0.01, 1, boundaries[-1])
    found = pooling_loss(stock, rate, random.uniform(0.5, 6, 80), boundaries)
    assert (found.pooled <= found.apart + 1e-12).all()
    alone = sizes == 1
    assert found.pooled[alone] == pytest.approx(found.apart[alone])


def plain_two_echelons(
    rates: list[float], times: list[float], stocks: list[int], lead: float, depot_stock: int
) -> tuple[float, list[float], list[float]]:
    total = sum(rates)
    demand = twins.poisson_law(total * lead, 120)
    short = [sum(demand[: depot_stock + 1]), *demand[depot_stock + 1 :]]
    backorders, fills = [], []
    for rate, time, stock in zip(rates, times, stocks, strict=True):
        share, own = rate / total, twins.poisson_law(rate * time, 60)
        law = np.zeros(200)
        for b, chance in enumerate(short):
            for x in range(b + 1):
                law[x] += chance * math.comb(b, x) * share**x * (1 - share) ** (b - x)
        pipeline = np.convolve(law, own)
        backorders.append(twins.shortage(pipeline, stock))
        fills.append(float(pipeline[:stock].sum()))
    return sum(b * chance for b, chance in enumerate(short)), backorders, fills


@twins.share_and_all(12, 100)
def test_a_depot_and_its_stores_are_what_sharing_out_backorders_one_by_one_gives(instances: int) -> None:
    random = np.random.default_rng(61)
    sizes = random.integers(1, 4, instances)
    depot = np.repeat(np.arange(instances), sizes)
    count = depot.size
    system = TwoEchelons(
        random.uniform(0.05, 0.8, count),
        random.uniform(0.2, 5, count),
        random.integers(0, 5, count),
        depot,
        random.uniform(0.5, 8, instances),
        random.integers(0, 9, instances),
    )
    found = two_echelon_service(system)
    for i in range(instances):
        own = np.flatnonzero(depot == i)
        short, backorders, fills = plain_two_echelons(
            system.rate[own].tolist(),
            system.transport_time[own].tolist(),
            system.stock[own].tolist(),
            float(system.depot_lead_time[i]),
            int(system.depot_stock[i]),
        )
        assert found.depot_backorders[i] == pytest.approx(short, abs=1e-10)
        assert found.backorders[own] == pytest.approx(backorders, abs=1e-9)
        assert found.fill_rate[own] == pytest.approx(fills, abs=1e-9)
    assert (found.metric_backorders <= found.backorders + 1e-9).all(), "METRIC is too hopeful, never the other way"
    assert (found.pipeline_variance >= found.pipeline_mean - 1e-9).all()


def test_a_depot_that_never_runs_out_leaves_each_store_to_its_own_transport() -> None:
    found = two_echelon_service(
        TwoEchelons(
            np.array([0.4, 1.2]),
            np.array([3.0, 2.0]),
            np.array([2, 4]),
            np.array([0, 0]),
            np.array([5.0]),
            np.array([90]),
        )
    )
    for mean, stock, backorders, fill in zip((1.2, 2.4), (2, 4), found.backorders, found.fill_rate, strict=True):
        law = twins.poisson_law(mean)
        assert backorders == pytest.approx(twins.shortage(law, stock))
        assert fill == pytest.approx(law[:stock].sum())


def test_a_simulated_depot_with_two_stores_fills_what_was_predicted() -> None:
    random = np.random.default_rng(9)
    rates, times, stocks, lead, depot_stock = [0.5, 0.25], [1.0, 2.0], [2, 2], 4.0, 2
    fills: list[list[float]] = [[], []]
    for _ in range(60):
        calls = np.cumsum(random.exponential(1 / 0.75, 2500))
        store = (random.random(calls.size) < 1 / 3).astype(int)
        # The n-th call at the depot is served by what was ordered at call n − S₀; the n-th at a store likewise.
        ready = np.concatenate([np.zeros(depot_stock), calls[: calls.size - depot_stock] + lead])
        leaves = np.maximum(ready, calls)
        for i in range(2):
            own = store == i
            arrives = leaves[own] + times[i]
            there = np.concatenate([np.zeros(stocks[i]), arrives[: arrives.size - stocks[i]]])
            fills[i].append(float((there <= calls[own])[50:].mean()))
    found = two_echelon_service(
        TwoEchelons(
            np.array(rates),
            np.array(times),
            np.array(stocks),
            np.zeros(2, dtype=np.int64),
            np.array([lead]),
            np.array([depot_stock]),
        )
    )
    for i in range(2):
        assert twins.agrees(np.array(fills[i]), float(found.fill_rate[i]))


def random_purse(random: np.random.Generator, parts: int, units_max: int) -> PurseTerms:
    cost = np.round(random.uniform(2, 30, parts), random.integers(0, 3))
    return PurseTerms(
        CountLaw.poisson(random.uniform(0.1, 4, parts)),
        cost,
        np.round(random.uniform(0.5, 3, parts), 1),
        float(np.round(random.uniform(0, cost.sum() * 2.5), 1)),
        units_max,
    )


@twins.share_and_all(25, 100)
def test_no_other_purchase_within_the_purse_prevents_more(instances: int) -> None:
    random = np.random.default_rng(71)
    for _ in range(instances):
        terms = random_purse(random, 4, 5)
        worth = []
        for part in range(4):
            law = twins.poisson_law(float(terms.demand.mean[part]))
            short = [twins.shortage(law, x) for x in range(6)]
            worth.append([float(terms.weight[part]) * (short[0] - each) for each in short])
        best = max(
            sum(worth[part][x] for part, x in enumerate(units))
            for units in itertools.product(range(6), repeat=4)
            if float((terms.unit_cost * units).sum()) <= terms.budget + 1e-9
        )
        found, plain = best_allocation(terms), greedy_allocation(terms)
        assert found.gain == pytest.approx(best, abs=1e-9)
        assert plain.gain <= best + 1e-9
        for each in (found, plain):
            assert float((terms.unit_cost * each.units).sum()) <= terms.budget + 1e-6
            assert each.gain == pytest.approx(sum(worth[p][x] for p, x in enumerate(each.units.tolist())), abs=1e-9)


@settings(max_examples=25)
@given(seed=st.integers(0, 10**6))
def test_many_parts_are_solved_as_dynamic_programming_over_whole_money_does(seed: int) -> None:
    random = np.random.default_rng(seed)
    parts = int(random.integers(1, 16))
    cost = random.integers(1, 30, parts)
    terms = PurseTerms(
        CountLaw.poisson(random.uniform(0.05, 5, parts)),
        cost.astype(np.float64),
        random.uniform(0.5, 3, parts),
        float(random.integers(0, 300)),
        12,
    )
    best = np.zeros(int(terms.budget) + 1)
    for part in range(parts):
        law = twins.poisson_law(float(terms.demand.mean[part]))
        gain = [float(terms.weight[part]) * (twins.shortage(law, 0) - twins.shortage(law, x)) for x in range(13)]
        options = [np.full(best.size, -np.inf) for _ in range(13)]
        for x in range(13):
            spent = x * int(cost[part])
            if spent < best.size:
                options[x][spent:] = best[: best.size - spent] + gain[x]
        best = np.max(options, axis=0)
    assert best_allocation(terms).gain == pytest.approx(best.max(), abs=1e-9)


def test_senseless_terms_are_refused_with_a_sentence() -> None:
    one, none = np.ones(1), np.zeros(1, dtype=np.int64)
    with pytest.raises(ValueError, match="stock is zero"):
        lost_share(np.array([-1]), 1, 1)
    with pytest.raises(ValueError, match="demand and lead time"):
        lost_share(np.array([1]), -1, 1)
    with pytest.raises(ValueError, match="above zero"):
        least_stock_for_loss(1, 1, 0)
    with pytest.raises(ValueError, match="some demand"):
        pooling_loss(none, np.zeros(1), 1, np.array([0, 1]))
    with pytest.raises(ValueError, match="store or more"):
        pooling_loss(none, one, 1, np.array([0, 0, 1]))
    with pytest.raises(ValueError, match="some demand"):
        TwoEchelons(np.zeros(1), one, none, none, one, none)
    with pytest.raises(ValueError, match="stocks are"):
        TwoEchelons(one, one, none - 1, none, one, none)
    with pytest.raises(ValueError, match="at most"):
        TwoEchelons(one * 1e6, one, none, none, one, none)
    with pytest.raises(ValueError, match="unit costs"):
        PurseTerms(CountLaw.poisson([1.0]), np.zeros(1), one, 10.0, 3)
    with pytest.raises(ValueError, match="budget"):
        PurseTerms(CountLaw.poisson([1.0]), one, one, -1.0, 3)
    with pytest.raises(ValueError, match="a cost and a weight"):
        PurseTerms(CountLaw.poisson([1.0]), np.ones(2), one, 10.0, 3)
