"""Whose days are numbered is bought for them: by enumeration, and as the newsvendor says."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demand.distribution import DemandLaw, negative_binomial, poisson
from demand.history import Float64Array1D
from optimisation.assortment import unasked_units
from optimisation.endings import level_until_end, worth_until_end
from optimisation.orders import order_quantities, within_most
from optimisation.policies.laws import CountLaw
from optimisation.policies.newsvendor import level_cost

COUNT = 40


def figures(seed: int) -> tuple[Float64Array1D, Float64Array1D, Float64Array1D, Float64Array1D]:
    random = np.random.default_rng(seed)
    return (
        random.lognormal(10, 1, COUNT), random.uniform(0, 0.9, COUNT), random.lognormal(10.5, 1, COUNT),
        random.lognormal(9, 1, COUNT),
    )  # fmt: skip


@settings(max_examples=8)
@given(seed=st.integers(0, 10_000))
def test_a_last_buy_costs_least_of_all_quantities_holding_included(seed: int) -> None:
    random = np.random.default_rng(seed)
    cost, recovered, lacking, holding = figures(seed)
    mean, shape = random.uniform(0.1, 30, COUNT), random.uniform(0.3, 8, COUNT)
    demand = negative_binomial(mean, shape)
    slices = [negative_binomial(mean * part, shape) for part in (0.125, 0.375, 0.625, 0.875)]
    found = level_until_end(demand, cost, recovered, lacking, holding, slices)
    assert found.min() >= 0
    for item in range(COUNT):
        points = int(demand.sizes[item])
        own, bounds = demand.take(np.array([item])), np.array([0, points])
        levels = np.arange(points)
        left_over = unasked_units(own, bounds)
        short = left_over + mean[item] - levels  # E[(D − y)⁺], the tail cut at a thousand-millionth
        lying = sum(unasked_units(law.take(np.array([item])), bounds) for law in slices) / len(slices)
        total = lacking[item] * short + (1 - recovered[item]) * cost[item] * left_over + holding[item] * lying
        assert total[found[item]] <= total.min() + 1e-3


def test_without_holding_it_is_the_newsvendor() -> None:
    cost, recovered, lacking, _ = figures(3)
    mean = np.linspace(0.2, 25, COUNT)
    found = level_until_end(poisson(mean), cost, recovered, lacking)
    law, over = CountLaw.poisson(mean), (1 - recovered) * cost
    at = level_cost(law, over, lacking, found)
    for other in (found + 1, np.maximum(found - 1, 0)):
        assert (at <= level_cost(law, over, lacking, other) * (1 + 1e-9)).all()


def test_the_worth_of_a_last_buy_is_what_it_saves_against_less() -> None:
    cost, recovered, lacking, holding = figures(7)
    mean = np.linspace(0.2, 25, COUNT)
    law, slices = poisson(mean), [poisson(mean * part) for part in (0.25, 0.75)]
    figure = (law, cost, recovered, lacking, holding, slices)
    level, worth = level_until_end(*figure), worth_until_end(*figure)
    none, every = np.zeros(COUNT, dtype=np.int64), np.arange(COUNT)

    def total(item: int, units: int) -> float:
        own, bounds = law.take(np.array([item])), np.array([0, int(law.sizes[item])])
        left_over = unasked_units(own, bounds)[units]
        short = left_over + mean[item] - units
        lying = sum(unasked_units(each.take(np.array([item])), bounds)[units] for each in slices) / len(slices)
        return float(lacking[item] * short + (1 - recovered[item]) * cost[item] * left_over + holding[item] * lying)

    for item in range(0, COUNT, 7):
        for units in range(int(level[item]) + 1):
            saved = total(item, 0) - total(item, units)
            gained = worth.gained(every[[item]], none[[item]], np.array([units]))[0]
            assert gained == pytest.approx(saved, rel=1e-6, abs=1e-2)
    assert (worth.gained(every, level, level + 5) == 0).all()
    assert (worth.gained(every, none - 3, none) == 0).all()


def test_a_part_nobody_will_miss_is_not_bought_for_the_last_time() -> None:
    law = DemandLaw.from_rows([[0.9, 0.1], [0.1, 0.9]])
    one = np.ones(2)
    assert level_until_end(law, one * 100, 0 * one, one * 50).tolist() == [0, 1]


def test_dear_years_on_the_shelf_make_the_last_buy_smaller() -> None:
    law, way = poisson([20.0]), [poisson([5.0]), poisson([15.0])]
    one = np.ones(1)
    bought = [int(level_until_end(law, one * 10, 0 * one, one * 50, one * held, way)[0]) for held in (0.0, 10.0, 60.0)]
    assert bought[0] > bought[1] > bought[2]


def test_holding_without_laws_on_the_way_is_refused() -> None:
    one = np.ones(1)
    with pytest.raises(ValueError, match="on the way"):
        level_until_end(poisson([1.0]), one, 0 * one, one, one)
    with pytest.raises(ValueError, match="share recovered"):
        level_until_end(poisson([1.0]), one, 2 * one, one)
    with pytest.raises(ValueError, match="zero or more"):
        level_until_end(poisson([1.0]), -one, 0 * one, one)


@settings(max_examples=100)
@given(
    need=st.integers(-20, 60), position=st.integers(-9, 40), pack=st.integers(1, 12), least=st.integers(0, 30),
    most=st.integers(0, 60),
)  # fmt: skip
def test_no_pack_goes_beyond_the_most_unless_somebody_waits_for_it(
    need: int, position: int, pack: int, least: int, most: int
) -> None:
    def one(number: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.array([number * 1000], dtype=np.int64)

    wanted = order_quantities(one(position + need), one(position), one(pack), one(least))
    kept = within_most(wanted, one(position), one(pack), one(least), one(most))
    quantity = int(kept.quantity_milli[0])
    assert kept.need_milli == wanted.need_milli
    assert 0 <= quantity <= wanted.quantity_milli[0]
    assert quantity % (pack * 1000) == 0
    assert quantity == 0 or quantity >= least * 1000
    if position >= 0:
        assert quantity == 0 or position * 1000 + quantity <= most * 1000
    elif wanted.quantity_milli[0]:
        assert position * 1000 + quantity >= min(0, need * 1000 + position * 1000)
    if position * 1000 + wanted.quantity_milli[0] <= most * 1000:
        assert quantity == wanted.quantity_milli[0], "what is of use is not cut"
