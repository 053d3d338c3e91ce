"""Prices of money: the compiled search beside its plain twin, and the proof from the lines' own points."""

import numpy as np
import pytest

from demand.history import Float64Array1D, Int64Array1D
from optimisation.purse.cells import Cells
from optimisation.purse.curves import PackCurves, PurseTerms
from optimisation.purse.prices import CLOSED, FREE, OPEN, best_prices, bound_from_points
from optimisation.purse.whole_packs import _take
from tests.optimisation.purse.instances import made


def plain_bound(curves: PackCurves, terms: PurseTerms, state: Int64Array1D, price: Float64Array1D) -> float:
    """L(λ) line by line: each order's pull is tried at every step that could be the last one to its minimum."""
    bound = float(sum(p * money for p, money in zip(price, terms.purse_e4, strict=True) if p > 0))
    for order in np.flatnonzero(state != CLOSED):
        lines = np.flatnonzero(curves.order == order)
        points = [
            [
                (curves.worth_e4[at], float(curves.money_e4[at]), float(price[curves.purse[line]]))
                for at in range(curves.boundaries[line], curves.boundaries[line + 1])
                if curves.allowed[at]
            ]
            for line in lines
        ]
        most = sum(max(money for _, money, _ in line) for line in points) if points else 0.0
        if most < terms.minimum_e4[order]:
            net = -np.inf
        else:
            pulls = {0.0} | {
                own - (a - b) / (x - y)
                for line in points for a, x, own in line for b, y, _ in line if x > y
            }  # fmt: skip
            net = min(
                sum(max(worth - (own - pull) * money for worth, money, own in line) for line in points)
                - pull * terms.minimum_e4[order]
                for pull in pulls
                if pull >= 0
            )
        net -= terms.fee_e4[order]
        bound += net if state[order] == OPEN else max(net, 0.0)
    return bound


@pytest.mark.parametrize("seed", range(40))
def test_the_compiled_bound_is_that_of_its_plain_twin_and_of_the_points(seed: int) -> None:
    curves, terms = made(seed)
    state = np.random.default_rng(seed).choice([CLOSED, OPEN, FREE], terms.minimum_e4.size, p=[0.2, 0.2, 0.6])
    prices = best_prices(Cells.of(curves, state.size), terms, state)
    assert prices.bound_e4 == pytest.approx(plain_bound(curves, terms, state, prices.price), rel=1e-9, abs=1e-9)
    if np.isfinite(prices.bound_e4):
        told = bound_from_points(curves, terms, state, prices.price, prices.pull)
        assert told == pytest.approx(prices.bound_e4, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("seed", range(20))
def test_with_one_purse_no_other_price_proves_more(seed: int) -> None:
    curves, terms = made(seed)
    one = PurseTerms(terms.minimum_e4, terms.fee_e4, terms.purse_e4[:1])
    curves = PackCurves(
        curves.order, curves.purse * 0, curves.pack_cost_e4, curves.packs_most, curves.worth_e4, curves.allowed
    )
    state = np.full(one.minimum_e4.size, FREE)
    best = best_prices(Cells.of(curves, state.size), one, state).bound_e4
    others = [plain_bound(curves, one, state, np.array([price])) for price in np.linspace(0, 8, 60)]
    assert best <= min(others) + 1e-6


def test_the_compiled_filling_takes_what_its_plain_twin_takes() -> None:
    chance = np.random.default_rng(4)
    for _ in range(30):
        lines, steps = 6, 25
        line_of = np.sort(chance.integers(0, lines, steps))
        packs_of = np.arange(steps) + 1
        money_of, queue = chance.integers(1, 9, steps), np.arange(steps)
        order_of, purse_of = chance.integers(0, 2, lines), chance.integers(0, 2, lines)
        enough = chance.integers(5, 40, 2)
        packs, left, value = np.zeros(lines, dtype=np.int64), chance.integers(5, 30, 2), np.zeros(2, dtype=np.int64)
        twin_packs, twin_left, twin_value, out = [0] * lines, left.tolist(), [0, 0], set[int]()
        for step in queue.tolist():
            line = int(line_of[step])
            if line in out or twin_value[order_of[line]] >= enough[order_of[line]]:
                continue
            if money_of[step] > twin_left[purse_of[line]]:
                out.add(line)
            else:
                twin_packs[line] = int(packs_of[step])
                twin_left[purse_of[line]] -= int(money_of[step])
                twin_value[order_of[line]] += int(money_of[step])
        _take(queue, enough, line_of, packs_of, money_of, order_of, purse_of, packs, left, value)
        assert (packs.tolist(), left.tolist(), value.tolist()) == (twin_packs, twin_left, twin_value)
