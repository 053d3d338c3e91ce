"""Purses and least order values: nothing is overspent, the least valuable goes first, small orders grow or wait."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimisation.budget import Bids, OrderTerms, place_orders
from optimisation.purse.curves import UNLIMITED_E4

Line = tuple[int, int, int, list[float]]  # order, purse, cost of a pack, worth of each pack


def bids_of(lines: list[Line], least: int = 1, next_days: float = np.inf, pack_days: float = 10.0) -> Bids:
    count = len(lines)
    return Bids(
        np.array([line[0] for line in lines], dtype=np.int64),
        np.array([line[1] for line in lines], dtype=np.int64),
        np.array([line[2] for line in lines], dtype=np.int64),
        np.array([len(line[3]) for line in lines], dtype=np.int64),
        np.full(count, least, dtype=np.int64),
        np.concatenate([np.concatenate([[0.0], np.cumsum(line[3])]) for line in lines]),
        np.full(count, next_days),
        np.full(count, pack_days),
    )


def terms_of(minimum: list[int], purse: list[int], fee: list[int] | None = None) -> OrderTerms:
    fees = np.array(fee or [0] * len(minimum), dtype=np.int64)
    return OrderTerms(
        np.array(minimum, dtype=np.int64), fees, np.array(purse, dtype=np.int64), 0.25, top_up_days_max=60.0
    )


def test_a_purse_that_pays_for_everything_cuts_nothing() -> None:
    bids = bids_of([(0, 0, 100, [5.0, 1.0]), (0, 0, 50, [0.0])])
    assert place_orders(bids, terms_of([0], [UNLIMITED_E4])).packs.tolist() == [2, 1]


def test_the_packs_worth_least_for_their_money_are_cut_first() -> None:
    bids = bids_of([(0, 0, 100, [50.0, 5.0]), (0, 0, 50, [20.0, 4.0])])
    assert place_orders(bids, terms_of([0], [160])).packs.tolist() == [1, 1]


def test_each_store_spends_its_own_purse() -> None:
    bids = bids_of([(0, 0, 100, [50.0]), (0, 1, 100, [10.0])])
    assert place_orders(bids, terms_of([0], [99, 100])).packs.tolist() == [0, 1]


def test_packs_that_are_worth_something_only_together_are_judged_together() -> None:
    bids = bids_of([(0, 0, 100, [0.0, 90.0]), (0, 0, 100, [30.0, 20.0])])
    assert place_orders(bids, terms_of([0], [200])).packs.tolist() == [2, 0]


def test_the_least_quantity_of_a_part_is_bought_whole_or_not_at_all() -> None:
    bids = bids_of([(0, 0, 100, [9.0, 9.0, 9.0])], least=3)
    assert place_orders(bids, terms_of([0], [250])).packs.tolist() == [0]


def test_an_order_under_its_minimum_is_topped_up_with_what_is_needed_soonest() -> None:
    bids = bids_of([(0, 0, 100, [500.0]), (0, 0, 100, [])], next_days=3.0)
    bids = dataclasses.replace(bids, next_days=np.array([30.0, 3.0]))
    placement = place_orders(bids, terms_of([250], [UNLIMITED_E4]))
    assert placement.packs.tolist() == [1, 2]
    assert placement.placed.tolist() == [True]


def test_an_order_that_is_not_worth_its_minimum_waits_for_its_next_day() -> None:
    bids = bids_of([(0, 0, 100, [0.001])], next_days=50.0)
    placement = place_orders(bids, terms_of([100_000], [UNLIMITED_E4]))
    assert placement.packs.tolist() == [0]
    assert placement.placed.tolist() == [False]


def test_an_order_that_is_not_worth_its_fee_waits_for_its_next_day() -> None:
    bids = bids_of([(0, 0, 100, [30.0]), (1, 0, 100, [30.0])])
    assert place_orders(bids, terms_of([0, 0], [UNLIMITED_E4], fee=[40, 20])).packs.tolist() == [0, 1]


def test_one_full_order_beats_two_halves_that_reach_no_minimum() -> None:
    # Split by worth per money, neither supplier would get his 200; the solver's suggestion gives one of them all.
    bids = bids_of([(0, 0, 100, [50.0, 40.0]), (1, 0, 100, [51.0, 1.0])])
    placement = place_orders(bids, terms_of([200, 200], [200]))
    assert placement.packs.tolist() == [2, 0]
    assert not placement.solver_failed


def test_a_plan_within_every_purse_is_made_where_the_solver_gives_nothing() -> None:
    bids = bids_of([(0, 0, 100, [50.0, 40.0]), (1, 0, 100, [51.0, 20.0]), (2, 0, 100, [40.0, 30.0])])
    placement = place_orders(bids, terms_of([200, 200, 200], [300]), suggest=lambda _: None)
    assert placement.solver_failed
    assert placement.packs.tolist() == [2, 0, 0]


def test_a_wanted_pack_is_not_left_out_because_rounding_makes_it_worth_less_than_nothing() -> None:
    bids = bids_of([(0, 0, 100, [5.0, -1e-13])])
    assert place_orders(bids, terms_of([0], [UNLIMITED_E4])).packs.tolist() == [2]


def test_topping_up_costs_its_carrying_and_takes_no_more_packs_than_needed() -> None:
    bids = bids_of([(0, 0, 100, [500.0])], next_days=30.0)
    placement = place_orders(bids, terms_of([250], [UNLIMITED_E4]))
    assert placement.packs.tolist() == [3]
    assert placement.worth_e4 == pytest.approx(500.0 - 100 * 0.25 / 365 * (30.0 + 40.0) - 2)


@pytest.mark.parametrize("carrying_rate", [0.25, 0.0])
@pytest.mark.parametrize("next_days", [0.0, 30.0])
def test_an_order_above_its_minimum_takes_nothing_ahead_of_its_need(carrying_rate: float, next_days: float) -> None:
    bids = bids_of([(0, 0, 100, [50.0, 0.0]), (0, 0, 70, [])], next_days=next_days)
    terms = dataclasses.replace(terms_of([150], [UNLIMITED_E4]), carrying_rate_per_year=carrying_rate)
    assert place_orders(bids, terms).packs.tolist() == [2, 0]


def test_a_placement_says_how_much_better_another_could_be() -> None:
    bids = bids_of([(0, 0, 100, [50.0]), (0, 0, 70, [20.0])])
    assert place_orders(bids, terms_of([0], [170])).better_at_most == pytest.approx(0.0, abs=1e-9)
    short = place_orders(bids, terms_of([0], [135]))  # 50 now; money that could be divided would bring 10 more
    assert short.packs.tolist() == [1, 0]
    assert short.better_at_most == pytest.approx(10 / 50)


line = st.tuples(
    st.integers(0, 2), st.integers(0, 1), st.integers(1, 400), st.lists(st.floats(0, 100), min_size=1, max_size=5)
)


@settings(max_examples=60)
@given(
    lines=st.lists(line, min_size=1, max_size=12),
    minimum=st.lists(st.integers(0, 900), min_size=3, max_size=3),
    purse=st.lists(st.integers(0, 2500), min_size=2, max_size=2),
)
def test_no_purse_is_ever_overspent_and_no_order_is_under_its_minimum(
    lines: list[Line], minimum: list[int], purse: list[int]
) -> None:
    bids, terms = bids_of(lines, next_days=2.0), terms_of(minimum, purse)
    placement = place_orders(bids, terms)
    spent = np.zeros(2, dtype=np.int64)
    np.add.at(spent, bids.purse, placement.packs * bids.pack_cost_e4)
    assert (spent <= terms.purse_e4).all()
    value = np.zeros(3, dtype=np.int64)
    np.add.at(value, bids.order, placement.packs * bids.pack_cost_e4)
    assert ((value == 0) | (value >= terms.minimum_e4)).all()
    assert (placement.placed == (value > 0)).all()


def test_a_negative_purse_is_refused() -> None:
    with pytest.raises(ValueError, match="zero or more"):
        place_orders(bids_of([(0, 0, 1, [1.0])]), terms_of([0], [-1]))
