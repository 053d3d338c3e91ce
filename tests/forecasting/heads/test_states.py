"""What is known of an item at an origin: the compiled walk tells what the plain words tell."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasting.heads.states import STATES, Means, Past, states_at
from tests.forecasting.heads.plain_states import states_of
from tests.forecasting.histories import history_of


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32 - 1), st.integers(0, 40), st.sampled_from([1.0, 12 / 52.18]))
def test_the_walk_over_periods_tells_what_the_plain_words_tell(seed: int, periods: int, months: float) -> None:
    chance = np.random.default_rng(seed)
    shape = (4, periods + 3)
    seen = chance.random(shape) < 0.8
    availability = np.where(seen, chance.choice([0.3, 1.0], shape), 0.0)
    demand = np.where(seen, chance.poisson(chance.gamma(0.5, 2.0, (4, 1)), shape), 0)
    past = Past(demand, availability, seen, periods, months)
    means = Means(0.4, 0.2, 0.7)
    found = states_at(past, means)
    for item in range(4):
        row = slice(0, periods)
        expected = states_of(
            demand[item, row].tolist(), availability[item, row].tolist(), seen[item, row].tolist(), months, means
        )
        assert [found[name][item] for name in STATES] == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_means_of_a_panel_are_sums_over_it_however_many_blocks_it_takes() -> None:
    chance = np.random.default_rng(2)
    rows = chance.poisson(chance.gamma(0.5, 1.0, (9_000, 1)) * chance.gamma(0.5, 2.0, (9_000, 6)))
    means = Means.of(Past.of(history_of([[int(k) for k in row] for row in rows])))
    assert means.demand == pytest.approx(rows.mean())
    assert means.occurrence == pytest.approx((rows > 0).mean())
    mean = (rows.sum(axis=1) + 0.5) / 7
    excess = ((rows - mean[:, None]) ** 2).sum() - rows.sum()
    assert means.dispersion == pytest.approx(excess / (6 * mean**2).sum())


def test_what_comes_after_the_periods_known_is_not_looked_at() -> None:
    early, late = history_of([[1, 0, 3]]), history_of([[1, 0, 3, 9, 9]])
    means = Means(0.4, 0.2, 0.7)
    told, again = states_at(Past.of(early), means), states_at(Past.of(late).until(3), means)
    assert {name: column.tolist() for name, column in told.items()} == {n: c.tolist() for n, c in again.items()}
