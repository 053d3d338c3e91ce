"""Exchanges: never worse, never outside the terms, and the best taker of a stretch is found."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from optimisation.purse import exchange
from optimisation.purse.curves import outcome_of
from optimisation.purse.exchange import exchanged
from tests.optimisation.purse.instances import curves_of, made, terms_of


@settings(max_examples=80)
@given(st.integers(0, 10**6))
def test_an_exchange_never_loses_and_never_leaves_the_terms(seed: int) -> None:
    curves, terms = made(seed)
    packs = np.zeros(curves.order.size, dtype=np.int64)
    rows = np.random.default_rng(seed).integers(0, curves.packs_most + 1)
    begin = next((p for p in (rows, packs) if outcome_of(curves, terms, p).is_feasible), packs)
    before = outcome_of(curves, terms, begin).worth_e4
    after, outcome = exchanged(curves, terms, begin, np.ones(terms.fee_e4.size, dtype=np.bool_), np.inf, 20)
    assert outcome.is_feasible
    assert outcome.worth_e4 >= before
    assert outcome_of(curves, terms, after).worth_e4 == outcome.worth_e4


def test_one_dear_pack_makes_room_for_a_better_one() -> None:
    curves = curves_of([0, 0], [0, 0], [60, 100], [[40.0], [55.0]])
    packs, outcome = exchanged(curves, terms_of([0], [120]), np.array([1, 0]), np.array([True]), np.inf, 5)
    assert packs.tolist() == [0, 1]
    assert outcome.worth_e4 == 55.0


def test_an_order_at_its_minimum_exchanges_within_itself() -> None:
    curves = curves_of([0, 0], [0, 0], [100, 110], [[40.0], [55.0]])
    packs, _ = exchanged(curves, terms_of([100], [150]), np.array([1, 0]), np.array([True]), np.inf, 5)
    assert packs.tolist() == [0, 1]


def test_the_highest_gain_of_a_stretch_is_found_as_by_looking_at_each() -> None:
    chance = np.random.default_rng(7)
    for size in (1, 2, 7, 64):
        money, gain = np.sort(chance.integers(0, 50, size)), chance.uniform(0, 1, size)
        least, most = chance.integers(0, 50, 40), chance.integers(0, 60, 40)
        found = exchange._highest_within(money, gain, least, most)
        for at, low, high in zip(found, least, most, strict=True):
            inside = np.flatnonzero((money >= low) & (money <= high))
            assert (at == -1) if not inside.size else gain[at] == gain[inside].max()
