"""Lots: published examples, and no other lot costs less."""

import numpy as np
import pytest

from optimisation.policies.economic_quantity import economic_quantity, economic_quantity_with_backorders
from optimisation.policies.price_breaks import PriceBreaks, all_units_quantity, incremental_quantity


def test_published_lots_come_out() -> None:
    # Snyder & Shen (2019), examples 3.1, 3.8, 3.6 and 3.7.
    plain = economic_quantity(8, 0.225, 1300)
    assert (plain.quantity[0], plain.cost[0]) == (pytest.approx(304.047, abs=1e-3), pytest.approx(68.4105, abs=1e-4))
    waiting = economic_quantity_with_backorders(8, 0.225, 5, 1300)
    assert waiting.quantity[0] == pytest.approx(310.8126, abs=1e-4)
    assert waiting.waiting_share[0] == pytest.approx(0.04306, abs=1e-5)
    assert waiting.cost[0] == pytest.approx(66.9214, abs=1e-4)
    prices = PriceBreaks(np.array([[0.0, 400.0, 800.0]]), np.array([[0.75, 0.72, 0.68]]))
    whole = all_units_quantity(8, 0.3, 1300, prices)
    assert (whole.quantity[0], whole.region[0]) == (800, 2)
    assert whole.cost[0] == pytest.approx(978.6)
    beyond = incremental_quantity(8, 0.3, 1300, prices)
    assert (beyond.quantity[0], beyond.region[0]) == (pytest.approx(304.047, abs=1e-3), 0)
    assert beyond.cost[0] == pytest.approx(1043.4105, abs=1e-4)


def random_prices(instances: int, seed: int) -> PriceBreaks:
    random = np.random.default_rng(seed)
    breaks = np.concatenate(
        [np.zeros((instances, 1)), np.cumsum(random.uniform(2, 90, (instances, 3)), axis=1)], axis=1
    )
    prices = np.cumprod(
        np.concatenate([random.uniform(5, 60, (instances, 1)), random.uniform(0.8, 1, (instances, 3))], 1), 1
    )
    breaks[::3, 3:] = np.inf  # some lists are shorter
    return PriceBreaks(breaks, prices)


def lot_cost(lot: float, breaks: np.ndarray, prices: np.ndarray, *, whole_order: bool) -> float:
    """What a lot costs to buy, read off the price list."""
    region = int(np.searchsorted(breaks, lot, side="right")) - 1
    if whole_order:
        return float(prices[region] * lot)
    paid = sum(prices[k] * (breaks[k + 1] - breaks[k]) for k in range(region))
    return float(paid + prices[region] * (lot - breaks[region]))


@pytest.mark.parametrize("whole_order", [True, False])
def test_no_other_lot_costs_less_under_a_price_list(*, whole_order: bool) -> None:
    prices = random_prices(60, 3)
    random = np.random.default_rng(4)
    fixed, rate_, share = random.uniform(1, 200, 60), random.uniform(5, 900, 60), random.uniform(0.05, 0.5, 60)
    solve = all_units_quantity if whole_order else incremental_quantity
    found = solve(fixed, share, rate_, prices)

    def cost(item: int, lot: float) -> float:
        bought = lot_cost(lot, prices.breaks[item], prices.prices[item], whole_order=whole_order)
        return float((fixed[item] + bought) * rate_[item] / lot + share[item] * bought / 2)

    for item in range(60):
        lot = float(found.quantity[item])
        assert cost(item, lot) == pytest.approx(found.cost[item], rel=1e-12)
        assert np.searchsorted(prices.breaks[item], lot, side="right") - 1 == found.region[item]
        others = np.concatenate([np.geomspace(1, 3000, 500), prices.breaks[item][np.isfinite(prices.breaks[item])][1:]])
        assert min(cost(item, float(other)) for other in others) >= found.cost[item] * (1 - 1e-12)


def test_no_other_lot_and_backlog_cost_less() -> None:
    found = economic_quantity_with_backorders(30, 2, 7, 90)
    lots, waiting = np.meshgrid(np.linspace(10, 150, 300), np.linspace(0, 0.9, 200))
    cost = 30 * 90 / lots + 2 * lots * (1 - waiting) ** 2 / 2 + 7 * lots * waiting**2 / 2
    assert cost.min() == pytest.approx(found.cost[0], rel=1e-4)
    assert cost.min() >= found.cost[0]
    assert economic_quantity(30, 2, 90).cost[0] > found.cost[0]


def test_senseless_terms_are_refused_with_a_sentence() -> None:
    with pytest.raises(ValueError, match="holding cost"):
        economic_quantity(1, 0, 1)
    with pytest.raises(ValueError, match="fixed cost"):
        economic_quantity(-1, 1, 1)
    with pytest.raises(ValueError, match="demand"):
        economic_quantity(1, 1, -1)
    with pytest.raises(ValueError, match="stockout"):
        economic_quantity_with_backorders(1, 1, 0, 1)
    for breaks, prices, sentence in (
        ([1.0, 5.0], [2.0, 1.0], "quantity 0"),
        ([0.0, 0.0], [2.0, 1.0], "breaks rise"),
        ([0.0, 5.0], [2.0, 3.0], "prices fall"),
        ([0.0, 5.0], [2.0, 0.0], "above zero"),
        ([0.0], [2.0, 1.0], "its price"),
    ):
        with pytest.raises(ValueError, match=sentence):
            PriceBreaks(np.array([breaks]), np.array([prices]))
    with pytest.raises(ValueError, match="holding rate"):
        all_units_quantity(1, 0, 1, PriceBreaks(np.array([[0.0]]), np.array([[1.0]])))
