"""Shelves under levels that are set anew: the same as a policy that is kept, and books that add up at every step."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimisation.rolling import Shelves
from optimisation.simulate import OrderingRules, Unmet, simulate


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1), st.sampled_from(list(Unmet)), st.integers(0, 5))
def test_levels_that_never_change_are_the_policy_that_is_kept(seed: int, unmet: Unmet, warm_up: int) -> None:
    draw = np.random.default_rng(seed)
    items, steps = 6, 20
    demand = draw.poisson(draw.uniform(0.1, 4, items)[:, None], (items, steps))
    reorder, lead, review = draw.integers(0, 8, items), draw.integers(0, 4, items), draw.integers(1, 4, items)
    order_up_to, pack = reorder + draw.integers(1, 5, items), draw.integers(1, 4, items)
    on_hand = draw.integers(0, 9, items)
    kept = simulate(demand, OrderingRules(reorder, order_up_to, pack, lead, review), on_hand, unmet, warm_up)
    shelves = Shelves(on_hand[:, None], lead, pack, unmet)
    for step in range(steps):
        shelves.order(reorder[:, None], order_up_to[:, None], step % review == 0)
        shelves.ask(demand[:, step], step >= warm_up)
    lived = shelves.lived()
    assert lived.filled[:, 0].tolist() == kept.filled.tolist()
    assert lived.whole[:, 0].tolist() == kept.whole_periods.tolist()
    assert lived.left[:, 0].tolist() == kept.stock_periods.tolist()
    assert lived.asked.tolist() == kept.asked.tolist()
    assert lived.asked_steps.tolist() == kept.asked_periods.tolist()
    assert lived.steps == steps - warm_up


def test_stock_is_counted_half_before_and_half_after_the_demand() -> None:
    shelves = Shelves(np.array([[4]]), np.array([1]), np.array([1]), Unmet.LOST)
    for _ in range(2):
        shelves.order(np.array([[3]]), np.array([[4]]), np.array([True]))
        shelves.ask(np.array([2]))
    assert shelves.lived().stock.tolist() == [[(4 + 2) / 2 + (2 + 0) / 2]]


def test_each_try_is_a_world_of_its_own() -> None:
    shelves = Shelves(np.array([[0, 5]]), np.array([0]), np.array([1]), Unmet.URGENT)
    shelves.order(np.array([[-1, 4]]), np.array([[0, 5]]), np.array([True]))
    shelves.ask(np.array([3]))
    assert shelves.lived().filled.tolist() == [[0, 3]]


def test_shelves_that_cannot_be_are_refused() -> None:
    one = np.array([1])
    with pytest.raises(ValueError, match="zero or more"):
        Shelves(np.array([[-1]]), one, one, Unmet.LOST)
    with pytest.raises(ValueError, match="packs one or more"):
        Shelves(np.array([[1]]), one, one * 0, Unmet.LOST)
    with pytest.raises(ValueError, match="its stock, its lead time and its pack"):
        Shelves(np.array([[1], [2]]), one, one, Unmet.LOST)
