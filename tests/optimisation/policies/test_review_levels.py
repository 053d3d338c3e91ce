"""(R, S) and (R, s, nQ): enumeration, Markov chains, sampled laws, simulation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demand.distribution import DemandLaw
from optimisation.policies.laws import CountLaw, GivenLaw
from optimisation.policies.review_levels import (
    least_level,
    least_level_of_counts,
    least_level_of_samples,
    review_service,
)
from optimisation.policies.review_packs import best_pack_reorder, least_pack_reorder, packs_cost, packs_service
from tests.optimisation.policies import twins


def random_periods(instances: int, seed: int) -> tuple[CountLaw, np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    mean = np.exp(random.uniform(np.log(0.02), np.log(8), instances))
    ratio = np.where(random.random(instances) < 0.2, 1.0, random.uniform(1, 5, instances))
    law = CountLaw.from_moments(mean, mean * ratio)
    return law, random.integers(0, 6, instances), random.integers(1, 6, instances)


@twins.share_and_all(60, 400)
def test_the_least_level_is_the_first_that_fills_enough(instances: int) -> None:
    law, lead, review = random_periods(instances, 1)
    share = np.random.default_rng(2).uniform(0.3, 0.995, instances)
    found = least_level_of_counts(law, lead, review, share)
    for i in range(instances):
        mean, variance = float(law.mean[i]), float(law.variance[i])
        until = int(lead[i] + review[i])
        points = 900
        before = twins.negative_binomial_law(mean * lead[i], variance * lead[i], points) if lead[i] else np.ones(1)
        after = twins.negative_binomial_law(mean * until, variance * until, points)
        fill = [
            1 - (twins.shortage(after, s) - twins.shortage(before, s)) / (mean * review[i])
            for s in range(int(found.level[i]) + 1)
        ]
        assert found.unit_fill[i] == pytest.approx(fill[-1], abs=1e-9)
        assert fill[-1] >= share[i] - 1e-12
        assert all(each < share[i] for each in fill[:-1])
        assert found.unit_fill_below[i] == pytest.approx(fill[-2] if len(fill) > 1 else 0.0, abs=1e-9)


@settings(max_examples=30)
@given(
    mean=st.floats(0.01, 300),
    ratio=st.floats(1, 8),
    lead=st.integers(0, 4),
    share=st.floats(0.05, 0.9999),
)
def test_the_quick_walk_and_the_tables_agree(mean: float, ratio: float, lead: int, share: float) -> None:
    law = CountLaw.from_moments([mean], [mean * ratio])
    quick = least_level_of_counts(law, lead, 2, share)
    times = np.array([float(lead)])
    tabled = least_level(law.over(times), law.over(times + 2), share)
    assert quick.unit_fill == pytest.approx(tabled.unit_fill, abs=1e-9)
    assert quick.level.tolist() == tabled.level.tolist()
    assert review_service(law.over(times), law.over(times + 2), quick.level).unit_fill == pytest.approx(
        quick.unit_fill, abs=1e-9
    )


def test_a_demand_of_thousands_is_answered_like_one_of_ten() -> None:
    # P(0) of the second law is beyond floating point, so another road is taken.
    law = CountLaw.from_moments([200.0, 900.0], [900.0, 4000.0])
    found = least_level_of_counts(law, 1, 1, 0.97)
    service = review_service(law.over(np.ones(2)), law.over(np.full(2, 2.0)), found.level)
    assert service.unit_fill == pytest.approx(found.unit_fill, abs=1e-8)
    assert (found.unit_fill >= 0.97).all()
    assert (found.unit_fill_below < 0.97).all()


def test_levels_from_many_draws_come_near_those_of_the_law_and_exactly_those_of_the_draws() -> None:
    random = np.random.default_rng(6)
    lead = random.poisson(3.0, (5, 4000))
    protection = lead + random.poisson(2.0, (5, 4000))
    found = least_level_of_samples(lead, protection, 0.9)
    for i in range(5):
        asked = (protection[i] - lead[i]).mean()
        fill = [
            1 - (np.maximum(protection[i] - s, 0) - np.maximum(lead[i] - s, 0)).mean() / asked
            for s in range(found.level[i] + 1)
        ]
        assert fill[-1] >= 0.9 - 1e-12
        assert fill[-2] < 0.9
        assert found.unit_fill[i] == pytest.approx(fill[-1])
    exact = least_level_of_counts(CountLaw.poisson([1.0]), 3, 2, 0.9)
    assert np.abs(found.level - exact.level[0]).max() <= 1


@twins.share_and_all(25, 200)
def test_packs_serve_as_their_markov_chain_says(instances: int) -> None:
    random = np.random.default_rng(31)
    law, lead, review = random_periods(instances, 32)
    pack, reorder = random.integers(1, 9, instances), random.integers(-3, 15, instances)
    found = packs_service(
        law.over(lead.astype(float)), law.over((lead + review).astype(float)), reorder, pack.astype(np.int64)
    )
    for i in range(instances):
        mean, variance = float(law.mean[i]), float(law.variance[i])
        one = twins.negative_binomial_law(mean * review[i], variance * review[i], 600)
        q = int(pack[i])
        chain = np.zeros((q, q))
        for state in range(q):
            for demand, share in enumerate(one):
                chain[state, (state - demand) % q] += share
        often = twins.stationary(chain)
        before = twins.negative_binomial_law(mean * lead[i], variance * lead[i], 900) if lead[i] else np.ones(1)
        until = int(lead[i] + review[i])
        after = twins.negative_binomial_law(mean * until, variance * until, 900)
        levels = range(int(reorder[i]) + 1, int(reorder[i]) + q + 1)
        short = sum(
            s * (twins.shortage(after, y) - twins.shortage(before, y)) for s, y in zip(often, levels, strict=True)
        )
        covered = sum(s * after[: max(y + 1, 0)].sum() for s, y in zip(often, levels, strict=True))
        assert found.unit_fill[i] == pytest.approx(1 - short / (mean * review[i]), abs=1e-7)
        assert found.cycle_service[i] == pytest.approx(covered, abs=1e-7)


def test_packs_of_one_are_an_order_up_to_level() -> None:
    law, lead, review = random_periods(80, 5)
    before, until = law.over(lead.astype(float)), law.over((lead + review).astype(float))
    reorder, reached = least_pack_reorder(before, until, np.ones(80, dtype=np.int64), 0.92)
    level = least_level(before, until, 0.92)
    assert (reorder + 1).tolist() == level.level.tolist()
    assert reached == pytest.approx(level.unit_fill, abs=1e-9)


def test_the_least_reorder_point_for_packs_fills_enough_and_one_less_does_not() -> None:
    law, lead, review = random_periods(100, 6)
    pack = np.random.default_rng(7).integers(1, 40, 100)
    before, until = law.over(lead.astype(float)), law.over((lead + review).astype(float))
    reorder, reached = least_pack_reorder(before, until, pack, 0.9)
    assert (reached >= 0.9).all()
    assert packs_service(before, until, reorder, pack).unit_fill == pytest.approx(reached, abs=1e-9)
    assert (packs_service(before, until, reorder - 1, pack).unit_fill < 0.9).all()


def test_the_best_reorder_point_for_packs_costs_least_and_its_cost_is_that_of_its_periods() -> None:
    law, lead, review = random_periods(25, 8)
    pack = np.random.default_rng(9).integers(1, 12, 25)
    found = best_pack_reorder(law, lead, review, 1, 12, 5, pack)
    tried = np.array([packs_cost(law, lead, review, 1, 12, 5, found.reorder_point + a, pack) for a in range(-6, 7)])
    assert (tried >= found.cost * (1 - 1e-10)).all()
    assert tried[6] == pytest.approx(found.cost, rel=1e-12)
    for i in range(5):
        mean, variance, q = float(law.mean[i]), float(law.variance[i]), int(pack[i])
        levels = range(int(found.reorder_point[i]) + 1, int(found.reorder_point[i]) + q + 1)
        stood = np.mean(
            [
                twins.level_cost(twins.negative_binomial_law(mean * n, variance * n, 900), 1, 12, y)
                for n in range(int(lead[i]) + 1, int(lead[i] + review[i]) + 1)
                for y in levels
            ]
        )
        one = twins.negative_binomial_law(mean * review[i], variance * review[i], 900)
        ordered = (one * np.minimum(np.arange(900), q)).sum() / q
        assert found.cost[i] == pytest.approx(stood + 5 * ordered / review[i], rel=1e-7)


@pytest.mark.parametrize(("lead", "review", "s", "pack"), [(2, 3, 5, 4), (0, 1, 1, 1), (4, 2, 3, 10)])
def test_service_is_what_a_simulated_shelf_shows(lead: int, review: int, s: int, pack: int) -> None:
    random = np.random.default_rng(12)
    mean, variance, runs, warm, periods = 0.9, 2.0, 400, 120, 1200
    position = np.full(runs, s + pack)
    net, due = position.copy(), np.zeros((lead + 1, runs), dtype=np.int64)
    asked, filled, cycles, whole = (np.zeros(runs) for _ in range(4))
    for period in range(periods):
        order = np.zeros(runs, dtype=np.int64)
        if period % review == 0:
            order = np.maximum(-(-(s + 1 - position) // pack), 0) * pack
        position = position + order
        due[(period + lead) % (lead + 1)] = order
        net = net + due[period % (lead + 1)]
        demand = random.negative_binomial(mean**2 / (variance - mean), mean / variance, runs)
        if period >= warm:
            asked += demand
            filled += np.minimum(demand, np.maximum(net, 0))
            if period % review == (lead + review - 1) % review:
                cycles += 1
                whole += net - demand >= 0
        net, position = net - demand, position - demand
    law, times = CountLaw.from_moments([mean], [variance]), np.array([float(lead)])
    before, until = law.over(times), law.over(times + review)
    found = packs_service(before, until, np.array([s]), np.array([pack]))
    assert twins.agrees(filled / asked.mean(), float(found.unit_fill[0]))
    assert twins.agrees(whole / cycles, float(found.cycle_service[0]))
    if pack == 1:
        level = review_service(before, until, np.array([s + 1]))
        assert level.unit_fill == pytest.approx(found.unit_fill)


def test_any_law_may_be_given_by_its_probabilities() -> None:
    law = GivenLaw(DemandLaw.from_rows([[0.6, 0.0, 0.0, 0.4], [0.9, 0.1]]))
    lead, until = law.over(np.array([1.0, 3.0])), law.over(np.array([2.0, 5.0]))
    found = least_level(lead, until, np.array([0.95, 0.9]))
    assert found.level.tolist() == [6, 2]  # the first comes in threes: five fill no more than three do
    assert found.unit_fill_below[0] < 0.95


def test_senseless_terms_are_refused_with_a_sentence() -> None:
    law = CountLaw.poisson([2.0])
    for lead, review, share, sentence in (
        (-1, 1, 0.9, "lead time"),
        (1, 0, 0.9, "review period"),
        (1, 1, 1.0, "fill rate"),
        (1, 1, 0.0, "fill rate"),
    ):
        with pytest.raises(ValueError, match=sentence):
            least_level_of_counts(law, lead, review, share)
    with pytest.raises(ValueError, match="pack holds"):
        packs_service(law, law.over(np.array([2.0])), np.array([1]), np.array([0]))
    with pytest.raises(ValueError, match="drawn demand"):
        least_level_of_samples(np.array([[-1]]), np.array([[2]]), 0.9)
    with pytest.raises(ValueError, match="at least its mean"):
        CountLaw.from_moments([2.0], [1.0])
