"""Tables of laws: sums, moments, convolutions; narrow and wide laws alike."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demand.distribution import DemandLaw
from optimisation.policies.laws import CountLaw, GivenLaw, chunks
from optimisation.policies.level_costs import Shortage, ShortageWindow
from tests.optimisation.policies import twins


@settings(max_examples=40)
@given(mean=st.floats(0.001, 900), ratio=st.floats(1, 30))
def test_a_table_holds_a_law_with_its_mean_and_variance(mean: float, ratio: float) -> None:
    law = CountLaw.from_moments([mean], [mean * ratio])
    table = law.table().probability[:, 0]
    units = np.arange(table.size)
    assert table.sum() == pytest.approx(1, abs=1e-9)
    assert (units * table).sum() == pytest.approx(mean, abs=1e-6)
    assert ((units - mean) ** 2 * table).sum() == pytest.approx(float(law.variance[0]), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(("mean", "variance"), [(0.4, 0.4), (3.0, 3.0), (5.0, 18.0), (640.0, 900.0), (800.0, 800.0)])
def test_tables_by_recursion_and_by_logarithms_are_the_plain_law(mean: float, variance: float) -> None:
    table = CountLaw.from_moments([mean], [variance]).table().probability[:, 0]
    plain = twins.negative_binomial_law(mean, variance, table.size)
    assert table == pytest.approx(plain, rel=1e-8, abs=1e-14)


def test_a_law_nearly_poisson_is_nearly_poisson_however_wide() -> None:
    near = CountLaw(np.array([6000.0]), np.array([1e18])).table().probability[:, 0]
    poisson = CountLaw.poisson([6000.0]).table().probability[:, 0]
    size = min(near.size, poisson.size)
    assert near[:size] == pytest.approx(poisson[:size], abs=1e-9)


@given(rows=st.lists(st.lists(st.integers(0, 5), min_size=1, max_size=6).filter(any), min_size=1, max_size=4))
def test_periods_add_up_by_convolution(rows: list[list[int]]) -> None:
    laws = [np.array(row) / sum(row) for row in rows]
    law = GivenLaw(DemandLaw.from_rows(laws))
    periods = np.arange(len(laws)) + 2
    for item, plain in enumerate(laws):
        summed = law.over(periods.astype(float)).law.row(item)
        assert summed == pytest.approx(twins.summed(plain, int(periods[item])), abs=1e-12)


@settings(max_examples=40)
@given(mean=st.floats(0.001, 20), level=st.integers(-6, 60), width=st.integers(1, 40))
def test_shortages_and_their_windows_are_their_sums(mean: float, level: int, width: int) -> None:
    table = CountLaw.from_moments([mean, 1.0], [mean * 2, 1.0]).table()
    plain = twins.negative_binomial_law(mean, mean * 2, 500)
    at = np.array([level, 0])
    assert Shortage.of(table).at(at)[0] == pytest.approx(twins.shortage(plain, level), abs=1e-9)
    window = ShortageWindow.of(table).mean(at, np.array([width, 1]))[0]
    expected = np.mean([twins.shortage(plain, y) for y in range(level + 1, level + width + 1)])
    assert window == pytest.approx(expected, abs=1e-8)


@given(st.lists(st.floats(1, 1e5), min_size=1, max_size=300), st.integers(1, 10**6))
def test_chunks_hold_every_item_once_and_keep_to_their_room(widths: list[float], cells: int) -> None:
    groups = list(chunks(np.array(widths), cells))
    assert sorted(np.concatenate(groups).tolist()) == list(range(len(widths)))
    for group in groups:
        assert group.size == 1 or group.size * max(widths[i] for i in group) <= 2 * max(cells, max(widths))


def test_what_is_no_law_is_refused_with_a_sentence() -> None:
    with pytest.raises(ValueError, match="zero or more"):
        CountLaw.poisson([-1.0])
    with pytest.raises(ValueError, match="numbers"):
        CountLaw.poisson([1e9])
    law = GivenLaw(DemandLaw.from_rows([[0.5, 0.5]]))
    with pytest.raises(ValueError, match="whole periods"):
        law.over(np.array([1.5]))
    with pytest.raises(ValueError, match="units"):
        law.over(np.array([1e9]))
