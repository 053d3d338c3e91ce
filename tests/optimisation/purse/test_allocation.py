"""Whole packs under purses and minimums: feasible, near the optimum, proven, and without belief in any solver."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from optimisation.purse.allocation import Allocation, best_packs
from optimisation.purse.curves import PackCurves, PurseTerms, outcome_of
from optimisation.purse.master import OrderChoice, suggested_orders
from tests.optimisation.purse.instances import best_worth, curves_of, made, terms_of


def supplier_world(parts: int, seed: int, is_concave: bool = True) -> tuple[PackCurves, PurseTerms]:
    """Return parts of eight suppliers with minimums that cannot all be met from one purse."""
    chance = np.random.default_rng(seed)
    order = chance.integers(0, 8, parts)
    cost = np.round(np.exp(chance.normal(12.0, 1.0, parts))).astype(np.int64)
    gains = cost[:, None] * chance.uniform(0.2, 3.0, parts)[:, None] * 0.8 ** np.arange(6)
    if not is_concave:
        gains = chance.permuted(gains, axis=1)
    curves = curves_of(order.tolist(), [0] * parts, cost.tolist(), gains.tolist())
    total = np.bincount(order, cost * 6, 8)
    minimum = (total * chance.uniform(0.2, 0.5, 8)).astype(np.int64)
    return curves, terms_of(minimum.tolist(), [int(total.sum() * 0.2)])


def holds(curves: PackCurves, terms: PurseTerms, made: Allocation) -> None:
    outcome = outcome_of(curves, terms, made.packs)
    assert outcome.is_feasible
    assert made.worth_e4 == outcome.worth_e4 <= made.bound_e4
    assert (made.placed == (np.bincount(curves.order, made.packs, terms.fee_e4.size) > 0)).all()


@settings(max_examples=150)
@given(st.integers(0, 10**6), st.booleans())
def test_the_bound_is_never_below_the_true_optimum_and_the_plan_never_above(seed: int, has_solver: bool) -> None:
    curves, terms = made(seed)
    allocation = best_packs(curves, terms) if has_solver else best_packs(curves, terms, lambda _: None)
    best = best_worth(curves, terms)
    assert allocation.worth_e4 - 1e-9 <= best <= allocation.bound_e4
    holds(curves, terms, allocation)


def test_nine_of_ten_small_plans_are_the_best_of_all() -> None:
    found = 0
    for seed in range(100):
        curves, terms = made(seed)
        found += best_packs(curves, terms).worth_e4 >= best_worth(curves, terms) - 1e-9
    assert found >= 90


@pytest.mark.parametrize("is_concave", [True, False])
@pytest.mark.parametrize("seed", range(4))
def test_the_full_integer_model_finds_little_more_and_nothing_above_the_bound(seed: int, is_concave: bool) -> None:
    curves, terms = supplier_world(40, seed, is_concave)
    allocation = best_packs(curves, terms)
    holds(curves, terms, allocation)
    full = full_model(curves, terms)
    assert full <= allocation.bound_e4
    assert allocation.worth_e4 >= full * 0.975  # five parts a supplier: a pack is a few per cent of an order


def full_model(curves: PackCurves, terms: PurseTerms) -> float:
    """Return the optimum of the model with one binary per number of packs of each line."""
    point = np.flatnonzero(curves.packs_of_point > 0)
    line, money = curves.line_of_point[point], curves.money_e4[point] / 1e5
    orders, lines = terms.minimum_e4.size, curves.order.size
    zeros = np.zeros((lines, orders))
    one_number = np.hstack([(np.arange(lines)[:, None] == line).astype(float), zeros])
    value = (np.arange(orders)[:, None] == curves.order[line]) * money
    above = np.hstack([value, -np.diag(terms.minimum_e4 / 1e5)])
    below = np.hstack([value, -np.diag(np.full(orders, terms.purse_e4[0] / 1e5))])
    purse = np.concatenate([money, np.zeros(orders)])[None, :]
    found = milp(
        np.concatenate([-curves.worth_e4[point] / 1e5, np.zeros(orders)]),
        integrality=np.ones(point.size + orders, dtype=np.int64),
        bounds=Bounds(0, 1),
        constraints=[
            LinearConstraint(one_number, 0, 1),
            LinearConstraint(above, 0, np.inf),
            LinearConstraint(below, -np.inf, 0),
            LinearConstraint(purse, -np.inf, terms.purse_e4[0] / 1e5),
        ],
        options={"mip_rel_gap": 1e-4, "time_limit": 5},
    )
    assert found.x is not None
    packs = np.zeros(lines, dtype=np.int64)
    np.add.at(packs, line, (np.round(found.x[: point.size]) * curves.packs_of_point[point]).astype(np.int64))
    outcome = outcome_of(curves, terms, packs)
    assert outcome.is_feasible
    return outcome.worth_e4


def test_purses_of_several_stores_share_the_minimums_of_an_order() -> None:
    curves, terms = supplier_world(300, 4)
    stores = PackCurves(
        curves.order, np.arange(300) % 3, curves.pack_cost_e4, curves.packs_most, curves.worth_e4, curves.allowed
    )
    shared = PurseTerms(terms.minimum_e4 // 4, terms.fee_e4, np.full(3, terms.purse_e4[0] // 3))
    allocation = best_packs(stores, shared)
    holds(stores, shared, allocation)
    assert allocation.gap <= 0.03


def test_a_large_plan_is_proven_within_ten_basis_points() -> None:
    curves, terms = supplier_world(3000, 1)
    allocation = best_packs(curves, terms)
    holds(curves, terms, allocation)
    assert allocation.gap <= 10e-4


Liar = list[bool] | None


@pytest.mark.parametrize(
    "lie",
    [
        pytest.param([False] * 8, id="it calls an empty plan optimal"),
        pytest.param([True] * 8, id="it places orders whose minimums no purse can pay"),
        pytest.param([True], id="it answers about other orders"),
        pytest.param(None, id="it gives no answer"),
    ],
)
def test_a_solver_that_lies_or_fails_costs_nothing(lie: Liar) -> None:
    asked: list[OrderChoice] = []

    def liar(choice: OrderChoice) -> NDArray[np.bool_] | None:
        asked.append(choice)
        return None if lie is None else np.array(lie, dtype=np.bool_)

    curves, terms = supplier_world(60, 2)
    honest, lied_to = best_packs(curves, terms), best_packs(curves, terms, liar)
    assert asked
    holds(curves, terms, lied_to)
    assert lied_to.worth_e4 == pytest.approx(honest.worth_e4, rel=1e-2)
    assert lied_to.bound_e4 == pytest.approx(honest.bound_e4, rel=1e-6)
    assert lied_to.solver_failed == (lie is None or len(lie) == 1)


def test_the_solver_chooses_the_full_order_over_two_halves() -> None:
    curves = curves_of([0, 1, 2], [0, 0, 0], [100] * 3, [[50.0, 40.0], [51.0, 20.0], [40.0, 30.0]])
    seen: list[NDArray[np.bool_] | None] = []

    def watched(choice: OrderChoice) -> NDArray[np.bool_] | None:
        seen.append(suggested_orders(choice))
        return seen[-1]

    assert best_packs(curves, terms_of([200] * 3, [300]), watched).packs.tolist() == [2, 0, 0]
    assert seen
    assert seen[0] is not None
    assert seen[0].tolist() == [True, False, False]


def test_a_first_pack_that_is_worth_nothing_alone_does_not_hide_the_second() -> None:
    curves = curves_of([0, 0], [0, 0], [100, 100], [[0.0, 90.0], [30.0, 20.0]])
    allocation = best_packs(curves, terms_of([0], [200]))
    assert allocation.packs.tolist() == [2, 0]
    assert allocation.gap < 1e-9


def test_packs_too_dear_for_the_purse_do_not_loosen_the_bound() -> None:
    curves = curves_of([0, 0], [0, 0], [100, 500], [[10.0], [400.0]])
    allocation = best_packs(curves, terms_of([0], [300]))
    assert allocation.packs.tolist() == [1, 0]
    assert allocation.gap < 1e-9


def test_packs_without_a_price_are_taken_where_they_are_worth_most() -> None:
    allocation = best_packs(curves_of([0], [0], [0], [[2.0, 1.0, -1.0, 1.0]]), terms_of([0], [0]))
    assert allocation.packs.tolist() == [4]


def test_a_plan_of_nothing_has_nothing_better() -> None:
    empty = np.zeros(0, dtype=np.int64)
    curves = PackCurves(empty, empty, empty, empty, np.zeros(0), np.zeros(0, dtype=np.bool_))
    assert best_packs(curves, terms_of([10], [100])).gap == 0


def test_the_same_plan_comes_out_in_any_order_of_the_lines() -> None:
    curves, terms = supplier_world(50, 3)
    worth = curves.worth_e4.reshape(50, 7)
    turned = PackCurves(
        curves.order[::-1].copy(),
        curves.purse[::-1].copy(),
        curves.pack_cost_e4[::-1].copy(),
        curves.packs_most[::-1].copy(),
        worth[::-1].ravel(),
        curves.allowed,
    )
    assert best_packs(turned, terms).packs[::-1].tolist() == best_packs(curves, terms).packs.tolist()


@pytest.mark.parametrize(
    ("cost", "worth", "told"),
    [
        ([-1], [0.0, 1.0], "costs nothing or more"),
        ([1], [0.5, 1.0], "worth nothing"),
        ([1], [0.0, np.nan], "finite"),
        ([1], [0.0], "one entry for each"),
    ],
)
def test_curves_that_make_no_sense_are_refused(cost: list[int], worth: list[float], told: str) -> None:
    one = np.ones(1, dtype=np.int64)
    with pytest.raises(ValueError, match=told):
        PackCurves(one * 0, one * 0, np.array(cost), one, np.array(worth), np.ones(len(worth), dtype=np.bool_))
