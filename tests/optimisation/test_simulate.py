"""Simulated shelves: item by item as a plain twin does it, and the service that the exact policies predict."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demand.history import Int64Array1D, Int64Array2D
from optimisation.policies.laws import CountLaw
from optimisation.policies.min_max import best_min_max, min_max_service
from optimisation.policies.review_levels import least_level_of_counts
from optimisation.policies.review_packs import packs_service
from optimisation.simulate import OrderingRules, SimulatedShelf, Unmet, simulate
from tests.optimisation.policies import twins


def plain_shelf(
    demand: list[int], rule: tuple[int, int, int, int, int], on_hand: int, unmet: Unmet, warm_up: int
) -> tuple[int, ...]:
    """One item, one period after another, with a list of deliveries."""
    reorder, upto, pack, lead, review = rule
    shelf, waiting = on_hand, 0
    deliveries: dict[int, int] = {}
    told = dict.fromkeys(
        ("asked", "filled", "asked_periods", "whole_periods", "stock", "waiting", "orders", "ordered"), 0
    )
    for period, asked in enumerate(demand):
        arrived = deliveries.pop(period, 0)
        ordered = 0
        if period % review == 0:
            position = shelf + arrived - waiting + sum(deliveries.values())
            if position <= reorder:
                while position + ordered < upto:
                    ordered += pack
                if lead == 0:
                    arrived += ordered
                elif ordered:
                    deliveries[period + lead] = ordered
        shelf += arrived
        handed_over = min(shelf, waiting)
        shelf, waiting = shelf - handed_over, waiting - handed_over
        filled = min(asked, shelf)
        shelf -= filled
        if unmet is Unmet.BACKORDER:
            waiting += asked - filled
        if period >= warm_up:
            told["asked"] += asked
            told["filled"] += filled
            told["asked_periods"] += asked > 0
            told["whole_periods"] += asked > 0 and filled == asked
            told["stock"] += shelf
            told["waiting"] += waiting
            told["orders"] += ordered > 0
            told["ordered"] += ordered
    return tuple(told.values())


def rows_of(shelf: SimulatedShelf) -> list[tuple[int, ...]]:
    columns = [getattr(shelf, name).tolist() for name in SimulatedShelf.__dataclass_fields__]
    return list(zip(*columns, strict=True))


@settings(max_examples=60)
@given(seed=st.integers(0, 10**6), unmet=st.sampled_from(Unmet), warm_up=st.integers(0, 5))
def test_every_item_lives_as_it_would_alone(seed: int, unmet: Unmet, warm_up: int) -> None:
    random = np.random.default_rng(seed)
    items, periods = int(random.integers(1, 12)), int(random.integers(6, 40))
    demand = random.poisson(random.uniform(0.05, 4, items)[:, None], (items, periods))
    reorder = random.integers(-2, 9, items)
    rules = OrderingRules(
        reorder,
        reorder + random.integers(1, 9, items),
        random.integers(1, 7, items),
        random.integers(0, 6, items),
        random.integers(1, 5, items),
    )
    on_hand = random.integers(0, 12, items)
    found = rows_of(simulate(demand, rules, on_hand, unmet, warm_up))
    each = zip(
        *(c.tolist() for c in (rules.reorder_point, rules.order_up_to, rules.pack, rules.lead_time, rules.review)),
        strict=True,
    )
    for item, rule in enumerate(each):
        assert found[item] == plain_shelf(demand[item].tolist(), rule, int(on_hand[item]), unmet, warm_up)


def shelves(demand: Int64Array2D, rules: OrderingRules, on_hand: Int64Array1D) -> SimulatedShelf:
    return simulate(demand, rules, on_hand, Unmet.BACKORDER, warm_up=60)


def alike(number: int, count: int) -> Int64Array1D:
    return np.full(count, number, dtype=np.int64)


@pytest.mark.parametrize(
    ("mean", "variance", "lead", "review"), [(0.2, 0.3, 2, 1), (1.5, 4.0, 3, 2), (6.0, 6.0, 0, 4), (0.05, 0.08, 6, 4)]
)
def test_levels_policies_and_packs_serve_as_was_predicted(mean: float, variance: float, lead: int, review: int) -> None:
    random, runs = np.random.default_rng(3), 500
    law = CountLaw.from_moments([mean], [variance])
    rate = random.gamma(law.size, mean / law.size, (runs, 660)) if np.isfinite(law.size[0]) else mean
    demand = random.poisson(rate, (runs, 660))
    times = alike(lead, runs), alike(review, runs)
    found = least_level_of_counts(law, lead, review, 0.93)
    level = alike(int(found.level[0]), runs)
    shelf = shelves(demand, OrderingRules.up_to(level, *times), level)
    assert twins.agrees(shelf.filled / shelf.asked.mean(), float(found.unit_fill[0]))

    s, pack = int(found.level[0]) - 2, 4
    before, until = law.over(np.array([float(lead)])), law.over(np.array([float(lead + review)]))
    packs = packs_service(before, until, np.array([s]), np.array([pack]))
    start = random.integers(s + 1, s + pack + 1, runs)
    shelf = shelves(demand, OrderingRules.packs(alike(s, runs), alike(pack, runs), *times), np.maximum(start, 0))
    assert twins.agrees(shelf.filled / shelf.asked.mean(), float(packs.unit_fill[0]))

    best = best_min_max(law, lead, 1, 15, 12)
    service = min_max_service(law, lead, best.reorder_point, best.order_up_to)
    s, upto = int(best.reorder_point[0]), int(best.order_up_to[0])
    rules = OrderingRules(alike(s, runs), alike(upto, runs), alike(1, runs), times[0], alike(1, runs))
    shelf = shelves(demand, rules, alike(max(upto, 0), runs))
    assert twins.agrees(shelf.filled / shelf.asked.mean(), float(service.unit_fill[0]))
    assert twins.agrees(shelf.orders / 600, float(service.orders_per_period[0]))
    cost = shelf.stock_periods + 15 * shelf.waiting_periods + 12 * shelf.orders
    assert twins.agrees(cost / 600, float(best.cost[0]))


def test_a_part_counted_by_the_million_lives_as_one_counted_by_the_piece() -> None:
    # Sums that leave 32 bits take another road.
    random, many = np.random.default_rng(4), 50_000_000
    demand = random.poisson(1.2, (40, 60))
    columns = random.integers(0, 6, 40), random.integers(1, 5, 40), random.integers(0, 5, 40), random.integers(1, 4, 40)
    reorder, pack, lead, review = columns
    few = simulate(demand, OrderingRules(reorder, reorder + 3, pack, lead, review), reorder, Unmet.BACKORDER)
    rules = OrderingRules(reorder * many, (reorder + 3) * many, pack * many, lead, review)
    much = simulate(demand * many, rules, reorder * many, Unmet.BACKORDER)
    for name in ("asked", "filled", "stock_periods", "waiting_periods", "ordered"):
        assert (getattr(much, name) == getattr(few, name) * many).all(), name
    assert (much.orders == few.orders).all()
    assert (much.whole_periods == few.whole_periods).all()


def test_nothing_is_made_and_nothing_vanishes() -> None:
    random = np.random.default_rng(5)
    demand = random.poisson(1.5, (300, 80))
    rules = OrderingRules.packs(
        random.integers(0, 9, 300), random.integers(1, 9, 300), random.integers(0, 4, 300), random.integers(1, 4, 300)
    )
    on_hand = random.integers(0, 20, 300)
    last = demand.copy()
    last[:, 70:] = 0
    shelf = simulate(last, rules, on_hand, Unmet.BACKORDER)
    tail = simulate(last, rules, on_hand, Unmet.BACKORDER, warm_up=79)
    assert (on_hand + shelf.ordered - shelf.asked == tail.stock_periods - tail.waiting_periods).all()


def test_a_shelf_that_loses_sales_fills_no_less_than_one_that_owes_them() -> None:
    random = np.random.default_rng(6)
    demand = random.poisson(1.0, (400, 300))
    rules = OrderingRules.up_to(alike(3, 400), alike(2, 400), alike(2, 400))
    owed = simulate(demand, rules, alike(3, 400), Unmet.BACKORDER)
    lost = simulate(demand, rules, alike(3, 400), Unmet.LOST)
    urgent = simulate(demand, rules, alike(3, 400), Unmet.URGENT)
    assert lost.filled.sum() > owed.filled.sum()
    assert (lost.filled == urgent.filled).all()
    assert not lost.waiting_periods.any()


def test_senseless_terms_are_refused_with_a_sentence() -> None:
    one = alike(1, 1)
    rules = OrderingRules.up_to(alike(3, 1), one, one)
    demand = np.ones((1, 4), dtype=np.int64)
    for given_, stock, warm_up, sentence in (
        (-demand, one, 0, "zero or more"),
        (demand, -one, 0, "zero or more"),
        (demand, alike(1, 2), 0, "each item"),
        (demand, one, 4, "warm up"),
    ):
        with pytest.raises(ValueError, match=sentence):
            simulate(given_, rules, stock, Unmet.LOST, warm_up)
    with pytest.raises(ValueError, match="above the reorder point"):
        OrderingRules(one, one, one, one, one)
    with pytest.raises(ValueError, match="packs and reviews"):
        OrderingRules.packs(one, one - 1, one, one)
    with pytest.raises(ValueError, match="one length"):
        OrderingRules.up_to(one, alike(1, 2), one)
