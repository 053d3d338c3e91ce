"""The replay of levels on the shelf, held against its plain twin and against what stock can do at most."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from forecasting.backtest.replay import Curve, replay, whole_levels

COUNTS = some.lists(some.integers(0, 6), min_size=8, max_size=8)


@given(
    rows=some.lists(COUNTS, min_size=1, max_size=3),
    length=some.integers(1, 4),
    draw=some.randoms(use_true_random=False),
)
def test_many_items_and_chances_at_once_do_what_each_does_alone(
    rows: list[list[int]], length: int, draw: np.random.RandomState
) -> None:
    demand = np.array(rows, dtype=np.float64)
    origins = (1, 3, 4)
    levels = np.array([[[draw.randint(0, 9) for _ in range(2)] for _ in rows] for _ in origins], dtype=np.float64)
    found = replay(levels, origins, demand, np.ones(len(rows)), length)
    asked = demand[:, 1 : min(8, 4 + length)].sum()
    for chance in range(2):
        alone = [
            replay_one(levels[:, i, chance].tolist(), list(origins), demand[i].tolist(), length)
            for i in range(len(rows))
        ]
        assert found.stock[chance] == pytest.approx(sum(stock for stock, _ in alone))
        filled = sum(units for _, units in alone)
        assert found.fill_rate[chance] == pytest.approx(filled / asked if asked else 1.0)


def replay_one(levels: list[float], origins: list[int], demand: list[float], length: int) -> tuple[float, float]:
    """Return mean stock and units filled of one item at one chance: the readable twin of `replay`, at a cost of 1."""
    shelf, orders = levels[0], dict[int, float]()
    held = filled = 0.0
    last = min(len(demand), origins[-1] + length)
    for period in range(origins[0], last):
        level = [each for each, origin in zip(levels, origins, strict=True) if origin <= period][-1]
        coming = sum(quantity for due, quantity in orders.items() if due >= period)
        orders[period + length - 1] = max(level - shelf - coming, 0.0)
        shelf += orders.get(period, 0.0)
        given = min(shelf, demand[period])
        held += (shelf + shelf - given) / 2
        shelf -= given
        filled += given
    return held / (last - origins[0]), filled


def test_a_level_of_nothing_fills_nothing_and_a_level_of_everything_all() -> None:
    demand = np.array([[0.0, 3.0, 1.0, 2.0]])
    levels = np.array([[[0.0, 100.0]]])
    found = replay(levels, (1,), demand, np.array([2.0]), 2)
    assert found.fill_rate.tolist() == [0.0, 1.0]
    assert found.stock.tolist() == [0.0, pytest.approx(2.0 * (98.5 + 96.5) / 2)]


def test_stock_at_a_service_lies_on_the_curve_and_nowhere_beyond_it() -> None:
    curve = Curve(np.array([1.0, 2.0, 4.0]), np.array([0.5, 0.8, 0.9]))
    assert curve.stock_at(0.8) == pytest.approx(2.0)
    assert curve.stock_at(0.85) == pytest.approx(3.0)
    assert curve.stock_at(0.5) == 1.0
    assert curve.stock_at(0.95) is None
    assert curve.stock_at(0.4) is None


def test_a_level_is_held_in_whole_demand_units() -> None:
    assert whole_levels(np.array([[3.2, 4.0, 0.0]]), np.array([4000])).tolist() == [[4.0, 4.0, 0.0]]
