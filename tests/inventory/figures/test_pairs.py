"""Columns of stores and parts against the dictionary of pairs that they stand for."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from inventory.figures.columns import Pair
from inventory.figures.pairs import Pairs

_PAIRS = st.lists(st.tuples(st.sampled_from(["", "S01", "S02"]), st.sampled_from(["P1", "P2", "机油", ""])))


@given(_PAIRS.map(lambda pairs: list(dict.fromkeys(pairs))), _PAIRS)
def test_each_pair_is_found_in_its_row_or_in_none(known: list[Pair], wanted: list[Pair]) -> None:
    row_of = {pair: row for row, pair in enumerate(known)}
    assert Pairs.of(known).find(Pairs.of(wanted)).tolist() == [row_of.get(pair, -1) for pair in wanted]


@given(_PAIRS.map(lambda pairs: list(dict.fromkeys(pairs))), _PAIRS, _PAIRS)
def test_new_pairs_come_after_the_known_ones_each_once(known: list[Pair], some: list[Pair], more: list[Pair]) -> None:
    whole = Pairs.of(known).with_new(Pairs.of(some), Pairs.of(more))
    assert list(whole) == list(dict.fromkeys([*known, *some, *more]))


def test_rows_are_taken_in_the_order_asked_for() -> None:
    pairs = Pairs.of([("S01", "P1"), ("S01", "P2"), ("S02", "P1")])
    assert list(pairs.take(np.array([2, 0, 0]))) == [("S02", "P1"), ("S01", "P1"), ("S01", "P1")]
    assert list(pairs[1:]) == [("S01", "P2"), ("S02", "P1")]
