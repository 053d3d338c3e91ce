"""Averaged quantiles: a whole-number law at the level of its heads, no wider than they are, exact where they agree."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from forecasting.heads import blend, calibrate
from forecasting.heads.heads import Numbers
from forecasting.heads.laws import (
    _TABLES,
    average,
    calls_table,
    law_of,
    negative_binomial_table,
    periods_table,
    quantiles,
    quantiles_of,
    size_table,
)

SHARES = (0.1, 0.5, 0.9, 0.99)


def numbers_of(mean: list[float], share: float = 0.3, own: list[list[int]] | None = None) -> Numbers:
    count = len(mean)
    ones = np.ones(count)
    past = np.array(own or [[0]] * count, dtype=np.float64)
    means = np.array(mean)
    return Numbers(
        means, ones, share * ones, 3 * ones, 0.7 * ones, 2 * ones, past, 10 * ones, 1.3 * means, 2 * ones, length=3
    )


@settings(deadline=None)
@given(st.lists(st.floats(0.01, 40), min_size=1, max_size=4), st.floats(0, 1))
def test_equal_laws_average_to_themselves(mean: list[float], weight: float) -> None:
    law = negative_binomial_table(np.array(mean), np.ones(len(mean)), 256)
    weights = np.tile([weight, 1 - weight], (len(mean), 1))
    assert average([law, law], weights) == pytest.approx(law, abs=1e-7)


@settings(deadline=None)
@given(st.lists(st.floats(0.0, 30), min_size=1, max_size=5), st.sampled_from([0.2, 0.5, 1.0]))
def test_a_quantile_of_the_average_is_next_to_the_average_of_the_quantiles(mean: list[float], weight: float) -> None:
    said = numbers_of(mean)
    weights = np.tile([weight, (1 - weight) / 2, (1 - weight) / 2], (len(mean), 1))
    law = law_of(said, weights)
    averaged = np.einsum("iv,vis->is", weights, quantiles(said, SHARES))
    for j, share in enumerate(SHARES):
        assert np.abs(law.quantile(share) - averaged[:, j]).max() < 1


@settings(deadline=None)
@given(st.lists(st.floats(0.0, 30), min_size=1, max_size=5), st.sampled_from([0.2, 0.5, 1.0]))
def test_the_average_expects_what_its_heads_expect_on_average(mean: list[float], weight: float) -> None:
    said = numbers_of(mean)
    weights = np.tile([weight, (1 - weight) / 2, (1 - weight) / 2], (len(mean), 1))
    expected = (weights * np.stack([said.count_mean, said.calls_mean(), said.filter_mean], axis=1)).sum(axis=1)
    assert law_of(said, weights).mean() == pytest.approx(expected, rel=1e-6, abs=1e-8)


def test_heads_that_differ_by_a_unit_at_most_are_mixed() -> None:
    seldom, often = (np.array([[1 - share, share, 0.0]]) for share in (0.1, 0.3))
    assert average([seldom, often], np.array([[0.5, 0.5]])) == pytest.approx(np.array([[0.8, 0.2, 0.0]]))


def test_calls_without_own_sizes_have_the_mean_of_their_parts() -> None:
    law = calls_table(numbers_of([1.0]), 128)[0]
    assert law.sum() == pytest.approx(1)
    assert law @ np.arange(128) == pytest.approx(3 * 0.3 * 1.7, rel=1e-6)


def test_what_always_comes_in_fours_stays_in_fours() -> None:
    fours = calls_table(numbers_of([1.0], own=[[4] * 60]), 128)[0]
    assert fours[4] > 3 * (fours[3] + fours[5])


def test_the_wider_head_does_not_widen_the_average_beyond_itself() -> None:
    narrow = negative_binomial_table(np.array([5.0]), np.array([50.0]), 256)
    wide = negative_binomial_table(np.array([5.0]), np.array([0.5]), 256)
    law = average([narrow, wide], np.array([[0.5, 0.5]]))
    k = np.arange(256)
    deviation = [np.sqrt((each[0] @ k**2) - (each[0] @ k) ** 2) for each in (narrow, law, wide)]
    assert deviation[0] < deviation[1] < deviation[2]


@pytest.mark.parametrize("mean", [0.0, 0.3, 40.0, 9_000.0])
@pytest.mark.parametrize("size", [0.01, 1.0, 400.0])
def test_a_table_made_step_by_step_is_the_negative_binomial_of_the_books(mean: float, size: float) -> None:
    table = negative_binomial_table(np.array([mean]), np.array([size]), 4_096)[0, :-1]
    assert table == pytest.approx(stats.nbinom.pmf(np.arange(4_095), size, size / (size + mean)), rel=1e-6, abs=1e-11)


@pytest.mark.parametrize("length", [1, 3, 12])
@pytest.mark.parametrize("share", [1e-5, 0.3, 0.99])
def test_periods_with_demand_are_the_beta_binomial_of_the_books(length: int, share: float) -> None:
    table = periods_table(np.array([share]), np.array([2.5]), length)[0]
    expected = stats.betabinom.pmf(np.arange(length + 1), length, 2.5 * share, 2.5 * (1 - share))
    assert table == pytest.approx(expected, rel=1e-9)


def test_calls_of_one_period_need_no_transform_and_say_the_same() -> None:
    one = replace(numbers_of([1.0], own=[[4] * 3 + [1]]), length=1)
    direct = calls_table(one, 64)[0]
    sizes, share = size_table(one, 64)[0], 0.3
    assert direct[0] == pytest.approx(1 - share)
    assert direct[1:] == pytest.approx(share * sizes[1:])


@settings(deadline=None, max_examples=12)
@given(st.integers(0, 2**32 - 1), st.sampled_from([1, 3, 12]))
def test_laws_worked_out_item_by_item_are_those_of_the_tables(seed: int, length: int) -> None:
    draw = np.random.default_rng(seed)
    items = 6
    mean, size, share = draw.gamma(0.6, 4, (2, items)), draw.gamma(1, 3, (3, items)) + 0.05, draw.uniform(0, 1, items)
    own = draw.poisson(draw.gamma(0.4, 2, (items, 1)), (items, 20)).astype(np.float64)
    piece, trust = draw.gamma(1, 1, items), draw.choice([2.0, 1e6], items)
    said = Numbers(mean[0], size[0], share, size[1], piece, size[2], own, trust, mean[1], size[0], length)
    weights = np.array(blend.WAYS)[draw.integers(0, len(blend.WAYS), items)]
    heights = np.array([0.52, 0.8, 0.89, 0.95, 0.97, 0.985, 0.996])
    found = law_of(said, weights, heights)
    for i in range(items):
        one = said.take(np.array([i]))
        tables = np.stack([table(one, 8_192)[0] for table in _TABLES])
        heard = weights[i] > 0
        plain = calibrate.stretched(average([t[None] for t in tables[heard]], weights[[i]][:, heard]), heights)[0]
        below = np.concatenate([np.cumsum(plain), np.ones(found.sizes[i])])[: found.sizes[i]]
        assert np.cumsum(found.row(i)) == pytest.approx(below, abs=2e-8)
        assert found.row(i).min() >= 0


def test_quantiles_told_item_by_item_are_those_of_the_tables() -> None:
    draw = np.random.default_rng(8)
    own = draw.poisson(draw.gamma(0.4, 2, (6, 1)), (6, 20)).astype(np.float64)
    mean, size, share = draw.gamma(0.6, 4, 6), draw.gamma(1, 3, (3, 6)) + 0.05, draw.uniform(0, 1, 6)
    said = Numbers(mean, size[0], share, size[1], mean / 3, size[2], own, np.full(6, 8.0), mean / 2, size[0], 3)
    found = quantiles(said, SHARES)
    for voice, table in enumerate(_TABLES):
        assert (found[voice] == quantiles_of(table(said, 2_048), SHARES)).all()


def test_a_mean_beyond_any_table_keeps_its_place_when_short_and_long_laws_are_mixed() -> None:
    said = numbers_of([0.2, 900.0, 0.4])
    law = law_of(said, np.tile([1.0, 0.0, 0.0], (3, 1)))
    assert law.mean() == pytest.approx([0.2, 900.0, 0.4], rel=1e-5)


def test_laws_of_many_items_are_those_of_each_alone() -> None:
    said = numbers_of([0.1, 30.0, 2.0, 0.1, 400.0])
    weights = np.array([[0.5, 0.5, 0], [1, 0, 0], [1 / 3, 1 / 3, 1 / 3], [0, 0, 1], [0.5, 0.5, 0]])
    together = law_of(said, weights)
    for i in range(5):
        alone = law_of(said.take(np.array([i])), weights[[i]])
        assert together.row(i).tolist() == alone.row(0).tolist()
