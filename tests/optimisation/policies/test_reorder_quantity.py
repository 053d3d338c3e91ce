"""(r, Q): a published example, enumeration, simulation; with whole-number and with normal demand."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from optimisation.policies.laws import CountLaw
from optimisation.policies.reorder_quantity import (
    best_reorder_quantity,
    least_reorder_for_fill,
    reorder_quantity_cost,
    reorder_service,
)
from optimisation.policies.reorder_quantity_normal import (
    NormalTerms,
    best_normal_reorder,
    eoq_with_backorders_reorder,
    eoq_with_safety_stock_reorder,
    expected_inventory_reorder,
    normal_reorder_cost,
    normal_reorder_for_fill,
)
from tests.optimisation.policies import twins


def test_the_textbook_example_comes_out() -> None:
    # Snyder & Shen (2019), example 5.8.
    found = best_reorder_quantity(CountLaw.poisson([3.0]), 1.5, 20, 150, 100)
    assert (found.reorder_point[0], found.quantity[0]) == (3, 5)
    assert found.cost[0] == pytest.approx(107.92, abs=0.005)


@twins.share_and_all(60, 500)
def test_no_other_reorder_point_and_lot_cost_less(instances: int) -> None:
    random = np.random.default_rng(21)
    rate, lead = random.uniform(0.05, 6, instances), random.uniform(0, 4, instances)
    holding, stockout = random.uniform(0.2, 5, instances), random.uniform(1, 80, instances)
    fixed = random.uniform(0, 40, instances)
    found = best_reorder_quantity(CountLaw.poisson(rate * lead + 1e-9), rate, holding, stockout, fixed)
    for i in range(instances):
        law = twins.poisson_law(rate[i] * lead[i] + 1e-9, 120)
        levels = np.arange(-60, 200)
        costs = np.array([twins.level_cost(law, holding[i], stockout[i], int(y)) for y in levels])
        sums = np.concatenate([[0.0], np.cumsum(costs)])
        best = min(
            float(((fixed[i] * rate[i] + sums[lot:] - sums[:-lot]) / lot).min()) for lot in range(1, levels.size // 2)
        )
        assert found.cost[i] == pytest.approx(best, rel=1e-9)
        r, lot = int(found.reorder_point[i]), int(found.quantity[i])
        stood = costs[r + 1 + 60 : r + lot + 1 + 60].sum()
        assert found.cost[i] == pytest.approx((fixed[i] * rate[i] + stood) / lot, rel=1e-9)


@settings(max_examples=25)
@given(
    mean=st.floats(0.001, 40),
    ratio=st.floats(1, 4),
    stockout=st.floats(0.5, 90),
    fixed=st.floats(0, 300),
    rate=st.floats(0.05, 30),
)
def test_the_cost_of_a_policy_is_least_at_the_best(
    mean: float, ratio: float, stockout: float, fixed: float, rate: float
) -> None:
    law = CountLaw.from_moments([mean], [mean * ratio])
    found = best_reorder_quantity(law, rate, 1, stockout, fixed)
    for a in (-1, 0, 1):
        for b in (-1, 0, 1):
            lot = np.maximum(found.quantity + b, 1)
            cost = reorder_quantity_cost(law, rate, 1, stockout, fixed, found.reorder_point + a, lot)
            assert cost[0] >= found.cost[0] * (1 - 1e-10)
            if a == b == 0:
                assert cost == pytest.approx(found.cost, rel=1e-10)


@pytest.mark.parametrize(("rate", "lead", "r", "lot"), [(0.8, 3.0, 2, 3), (0.2, 2.0, 0, 1), (2.0, 1.5, -2, 6)])
def test_service_is_what_a_simulated_shelf_shows(rate: float, lead: float, r: int, lot: int) -> None:
    random = np.random.default_rng(5)
    found = reorder_service(rate, lead, np.array([r]), np.array([lot]))
    filled, waited = [], []
    for _ in range(60):
        calls = np.cumsum(random.exponential(1 / rate, 3000))
        # From a full position r + Q every Q-th call places an order of Q; unit n is served by the order that brings
        # stock number n, at once or when it comes.
        orders_at = calls[lot - 1 :: lot] + lead
        number = np.arange(calls.size)
        brought = number - (r + lot)
        which = np.maximum(brought, 0) // lot
        known = which < orders_at.size
        ready = np.where(brought < 0, 0.0, orders_at[np.minimum(which, orders_at.size - 1)])[known]
        wait = np.maximum(ready - calls[known], 0)[300:]
        filled.append((wait == 0).mean())
        waited.append(wait.mean())
    if r >= 0:
        assert twins.agrees(np.array(filled), float(found.fill_rate[0]))
    assert twins.agrees(np.array(waited), float(found.wait[0])) or r < 0
    assert found.on_hand[0] - found.backorders[0] == pytest.approx(r + (lot + 1) / 2 - rate * lead)


def test_the_least_reorder_point_reaches_the_fill_rate_and_one_less_does_not() -> None:
    random = np.random.default_rng(2)
    rate, lead, lot = random.uniform(0.05, 9, 200), random.uniform(0, 5, 200), random.integers(1, 30, 200)
    share = random.uniform(0.3, 0.999, 200)
    reorder, reached = least_reorder_for_fill(rate, lead, lot, share)
    assert (reached >= share).all()
    assert reorder_service(rate, lead, reorder, lot).fill_rate == pytest.approx(reached, abs=1e-12)
    assert (reorder_service(rate, lead, reorder - 1, lot).fill_rate < share).all()


def normal_terms(instances: int, seed: int) -> NormalTerms:
    random = np.random.default_rng(seed)
    return NormalTerms.of(
        random.uniform(5, 2000, instances),
        random.uniform(1, 60, instances),
        random.uniform(0.01, 3, instances),
        random.uniform(0.1, 4, instances),
        random.uniform(1, 60, instances),
        random.uniform(2, 90, instances),
    )


@twins.share_and_all(20, 100)
def test_no_lot_of_normal_demand_costs_less_on_a_fine_grid(instances: int) -> None:
    terms = normal_terms(instances, 9)
    found = best_normal_reorder(terms)
    for i in range(instances):
        mean, sd, h, p = (float(c[i]) for c in (terms.mean, terms.sd, terms.holding, terms.stockout))
        span = float(found.quantity[i])
        y = np.linspace(found.reorder_point[i] - span, found.reorder_point[i] + 2 * span, 1201)
        z = (y - mean) / sd
        cost = h * (y - mean) + (h + p) * sd * (np.exp(-z * z / 2) / math.sqrt(2 * math.pi) - z * stats.norm.sf(z))
        # The trapezoid rule overstates the area under a convex curve, so the grid never finds too little.
        area = np.concatenate([[0.0], np.cumsum((cost[1:] + cost[:-1]) / 2 * np.diff(y))])
        lots = y[None, :] - y[:, None]
        inside = lots > 0
        total = float(terms.fixed[i] * terms.rate[i]) + area[None, :] - area[:, None]
        least = float((total[inside] / lots[inside]).min())
        assert least >= found.cost[i] * (1 - 1e-9)
        assert least == pytest.approx(found.cost[i], rel=1e-4)


def test_short_cuts_satisfy_their_equations_and_cost_no_less_than_the_optimum() -> None:
    terms = normal_terms(300, 4)
    best = best_normal_reorder(terms).cost
    backorders = eoq_with_backorders_reorder(terms)
    low, high = backorders.reorder_point, backorders.reorder_point + backorders.quantity
    assert terms.level_cost(low) == pytest.approx(terms.level_cost(high), rel=1e-6)
    safety = eoq_with_safety_stock_reorder(terms)
    assert terms.slope(safety.reorder_point) == pytest.approx(0, abs=1e-9)
    for rough in (backorders, safety):
        assert (rough.cost >= best * (1 - 1e-9)).all()
        assert normal_reorder_cost(terms, rough.reorder_point, rough.quantity) == pytest.approx(rough.cost)


def test_the_expected_inventory_approximation_of_the_textbook() -> None:
    # Snyder & Shen (2019), problem 5.1: λ = 800 a year, σ = 40, L = 4 days, h = 3.1, p = 45, K = 50.
    found = expected_inventory_reorder(NormalTerms.of(800, 40, 4 / 365, 3.1, 45, 50))
    assert found.reorder_point[0] == pytest.approx(17.9726, abs=1e-4)
    assert found.quantity[0] == pytest.approx(162.1231, abs=1e-4)
    assert found.cost[0] == pytest.approx(531.1189, abs=1e-4)
    with pytest.raises(ValueError, match="no such r"):
        expected_inventory_reorder(NormalTerms.of(10, 3, 1, 50, 0.1, 8))


def test_the_normal_reorder_point_fills_what_was_asked_and_forgetting_a_term_holds_more() -> None:
    random = np.random.default_rng(8)
    mean, sd = random.uniform(5, 200, 100), random.uniform(2, 90, 100)
    lot, share = random.uniform(1, 150, 100), random.uniform(0.5, 0.999, 100)
    found = normal_reorder_for_fill(mean, sd, lot, share)
    draws = stats.norm.ppf((np.arange(200_000) + 0.5) / 200_000)[None]
    demand = mean[:, None] + sd[:, None] * draws
    r = found.reorder_point[:, None]
    short = np.maximum(demand - r, 0).mean(axis=1) - np.maximum(demand - r - lot[:, None], 0).mean(axis=1)
    assert 1 - short / lot == pytest.approx(share, abs=2e-3)
    assert (found.one_term >= found.reorder_point - 1e-9).all()
