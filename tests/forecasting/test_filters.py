"""The gamma-Poisson filter: what calls, silence, stock-outs and missing months each teach."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from forecasting import filters
from forecasting.filters import Behaviour, fit, log_negative_binomial, run, run_one


def state(
    calls: list[int], exposure: float = 1.0, availability: list[float] | None = None, fades: list[bool] | None = None
) -> filters.FilterState:
    y = np.array([calls])
    v = np.ones(y.shape) if availability is None else np.array([availability])
    gone = np.zeros(y.shape, dtype=bool) if fades is None else np.array([fades])
    return run(y, np.full(y.shape, exposure), v, gone, Behaviour.constant(1, 2.0, 0.95, 0.1))


@settings(max_examples=60)
@given(st.integers(0, 2**32 - 1), st.integers(0, 40), st.integers(1, 12))
def test_the_sweep_over_periods_equals_the_plain_loop_over_rows(seed: int, periods: int, items: int) -> None:
    chance = np.random.default_rng(seed)
    shape = (items, periods)
    y, e = chance.poisson(2.0, shape), chance.gamma(1.0, 2.0, shape)
    v, gone = chance.choice([0.0, 0.4, 1.0], shape), chance.random(shape) < 0.2
    behaviour = Behaviour(chance.gamma(2, 1, items) + 0.1, chance.uniform(0.8, 1, items), chance.gamma(1, 0.5, items))
    found = run(y, e, v, gone, behaviour)
    for i in range(items):
        a, b = run_one(
            y[i].tolist(), e[i].tolist(), v[i].tolist(), gone[i].tolist(),
            behaviour.strength[i], behaviour.discount[i], behaviour.dispersion[i],
        )  # fmt: skip
        assert found.shape[i] == pytest.approx(a, rel=1e-13)
        assert found.rate[i] == pytest.approx(b, rel=1e-13)


def test_a_part_that_behaves_like_its_family_keeps_its_family_s_rate() -> None:
    assert state([3] * 50, exposure=3.0).multiplier[0] == pytest.approx(1.0)


def test_silence_with_vehicles_on_the_road_lets_the_rate_decay() -> None:
    assert state([0] * 12).multiplier[0] < 0.3


def test_a_part_never_watched_is_its_family() -> None:
    assert state([]).multiplier[0] == 1.0


def test_a_month_out_of_stock_freezes_what_is_known() -> None:
    before = state([5, 4, 6])
    after = state([5, 4, 6, 0, 0, 0], availability=[1, 1, 1, 0, 0, 0])
    assert after.shape[0] == before.shape[0]
    assert after.rate[0] == before.rate[0]


def test_a_missing_month_fades_towards_the_family_without_teaching() -> None:
    before = state([5, 4, 6])
    after = state([5, 4, 6, 0], availability=[1, 1, 1, 0], fades=[False, False, False, True])
    assert 1 < after.multiplier[0] < before.multiplier[0]
    assert after.rate[0] < before.rate[0]


def test_half_a_month_on_the_shelf_counts_half_as_exposure() -> None:
    assert state([2], availability=[0.5]).multiplier[0] > state([2]).multiplier[0]


def test_the_likelihood_is_the_negative_binomial_s() -> None:
    k, mean, size = np.array([0, 1, 7, 40]), np.array([0.3, 2.0, 5.0, 12.0]), np.array([0.5, 3.0, 1.2, 8.0])
    expected = stats.nbinom.logpmf(k, size, size / (size + mean))
    assert log_negative_binomial(k, mean, size) == pytest.approx(expected, abs=1e-12)


def test_families_that_cling_and_families_that_do_not_are_told_apart() -> None:
    chance = np.random.default_rng(3)
    rate = chance.gamma(2.0, 0.5, (200, 1))
    steady = chance.poisson(3 * rate, (200, 36))
    bursts = chance.poisson(3 * rate * chance.gamma(0.5, 2.0, (200, 36)))
    calls = np.concatenate([steady, bursts])
    ones = np.ones(calls.shape)
    found = fit(calls, 3 * ones, ones, np.zeros(calls.shape, dtype=bool), np.repeat([0, 1], 200), 2)
    assert found.dispersion[0] <= 0.1
    assert found.dispersion[-1] >= 1.0


def test_a_family_without_a_call_keeps_the_middle_of_the_grid() -> None:
    zeros = np.zeros((3, 24), dtype=np.int64)
    found = fit(zeros, np.ones((3, 24)), np.ones((3, 24)), zeros.astype(bool), np.zeros(3, dtype=np.int64), 1)
    assert found.strength[0] == filters.PRIOR_STRENGTHS[len(filters.PRIOR_STRENGTHS) // 2]


def test_a_family_is_given_the_numbers_of_the_plain_walk_along_the_grid() -> None:
    chance = np.random.default_rng(12)
    family = np.repeat(np.arange(4), 25)
    pace = np.array([0.2, 1.0, 4.0, 0.05])[family, None]
    calls = chance.poisson(chance.gamma(0.8, pace / 0.8, (100, 1)) * chance.gamma(2.0, 0.5, (100, 30)))
    seen, fades = np.ones(calls.shape), np.zeros(calls.shape, dtype=bool)
    found = fit(calls, np.broadcast_to(pace, calls.shape), seen, fades, family, 4)
    axes = (filters.PRIOR_STRENGTHS, filters.DISCOUNTS, filters.DISPERSIONS)
    for code in range(4):
        mine = family == code
        cells = calls[mine], np.broadcast_to(pace, calls.shape)[mine], seen[mine], fades[mine]
        best = [len(axis) // 2 for axis in axes]
        for turn in (2, 1, 0, 2, 1, 0):
            likelihood = []
            for place in range(len(axes[turn])):
                point = [axes[i][place if i == turn else best[i]] for i in range(3)]
                likelihood.append(run(*cells, Behaviour.constant(25, *point)).log_likelihood.sum())
            best[turn] = int(np.argmax(likelihood))
        assert [axes[i][best[i]] for i in range(3)] == [
            found.strength[code],
            found.discount[code],
            found.dispersion[code],
        ]


def test_habits_found_once_serve_families_by_their_names() -> None:
    habits = filters.Habits(("oil", "pad"), Behaviour(np.array([0.3, 4.0]), np.array([0.9, 1.0]), np.array([0.1, 3.0])))
    found = habits.of(("pad", "lamp", "oil"))
    middle = filters.PRIOR_STRENGTHS[len(filters.PRIOR_STRENGTHS) // 2]
    assert found.strength.tolist() == [4.0, middle, 0.3]
    assert found.dispersion.tolist() == [3.0, filters.DISPERSIONS[len(filters.DISPERSIONS) // 2], 0.1]
