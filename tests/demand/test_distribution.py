import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from demand.distribution import DemandLaw, negative_binomial, poisson

MEANS = st.floats(0, 400)
SIZES = st.one_of(st.floats(0.02, 200), st.just(float("inf")))


@pytest.mark.parametrize(
    ("mean", "size", "reason"),
    [
        (0.0, 1.0, "nothing is ever asked"),
        (0.01, 0.3, "once in eight years, in clumps"),
        (3.0, 2.0, "a usual part"),
        (500.0, 40.0, "a fast mover"),
        (500.0, np.inf, "the Poisson limit"),
        (1e-9, np.inf, "all but nothing"),
    ],
)
def test_negative_binomial_laws_agree_with_scipy(mean: float, size: float, reason: str) -> None:
    law = negative_binomial([mean], [size])
    other = stats.poisson(mean) if np.isinf(size) else stats.nbinom(size, size / (size + mean))
    points = np.arange(law.sizes[0])
    assert np.allclose(law.row(0)[:-1], other.pmf(points)[:-1], atol=1e-12), reason
    for share in (0.5, 0.9, 0.99, 0.9999):
        assert law.quantile(share)[0] == max(int(other.ppf(share)), 0), reason
    for level in (0, 1, 5, 510):
        assert law.at_most(level)[0] == pytest.approx(other.cdf(level), abs=2e-9)
        shortage = float(np.sum(np.maximum(np.arange(5000) - level, 0) * other.pmf(np.arange(5000))))
        assert law.expected_shortage(level)[0] == pytest.approx(shortage, abs=1e-5)


@given(st.lists(st.tuples(MEANS, SIZES), min_size=1, max_size=12), st.floats(0.01, 0.999), st.integers(0, 500))
@settings(max_examples=60)
def test_laws_answer_alike_in_any_order_and_company(rows: list[tuple[float, float]], share: float, level: int) -> None:
    means, sizes = np.array(rows).T
    law = negative_binomial(means, sizes)
    backwards = negative_binomial(means[::-1], sizes[::-1])
    assert np.array_equal(law.quantile(share), backwards.quantile(share)[::-1])
    for item in range(len(rows)):
        alone = negative_binomial(means[item : item + 1], sizes[item : item + 1])
        assert alone.quantile(share)[0] == law.quantile(share)[item]
        assert law.take(np.array([item])).row(0).tolist() == alone.row(0).tolist()
    assert np.allclose(law.mean(), means, atol=1e-5, rtol=1e-6)
    assert (law.expected_shortage(level) >= np.maximum(law.mean() - level, 0) - 1e-9).all()
    assert np.allclose(law.expected_surplus(level) - law.expected_shortage(level), level - law.mean(), atol=1e-9)
    higher = law.quantile(min(share + 0.0005, 0.9999))
    assert (higher >= law.quantile(share)).all()
    assert (law.at_most(law.quantile(share)) >= share - 1e-9).all()
    assert (law.at_most(law.quantile(share) - 1) < share + 1e-9).all()


def test_variance_of_a_small_law_is_the_textbook_one() -> None:
    law = DemandLaw.from_rows([[0.25, 0.5, 0.25], [1.0], [0, 0, 1]])
    assert law.mean().tolist() == [1, 0, 2]
    assert law.variance().tolist() == [0.5, 0, 0]
    assert poisson([4.0]).variance()[0] == pytest.approx(4, rel=1e-6)


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([[0.5, 0.4]], "sums to less than one"),
        ([[1.2, -0.2]], "a negative probability"),
        ([[float("nan"), 1.0]], "a hole in the law"),
        ([[], [1.0]], "no point at all"),
    ],
)
def test_a_law_with_a_fault_is_refused(rows: list[list[float]], reason: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        DemandLaw.from_rows(rows)


def test_impossible_parameters_are_refused() -> None:
    for mean, size in ((-1.0, 1.0), (float("nan"), 1.0), (1.0, 0.0), (float("inf"), 1.0)):
        with pytest.raises(ValueError, match="zero or more"):
            negative_binomial([mean], [size])


def test_no_items_is_an_answer_too() -> None:
    empty = negative_binomial(np.zeros(0), np.zeros(0))
    assert empty.item_count == 0
    assert empty.mean().shape == empty.quantile(0.5).shape == (0,)


@given(st.lists(st.floats(0.0, 40.0), min_size=1, max_size=5), st.lists(st.floats(0.01, 0.999), min_size=1, max_size=4))
def test_many_quantiles_at_once_are_each_one_alone(means: list[float], shares: list[float]) -> None:
    law = poisson(means)
    assert law.quantiles(shares).tolist() == np.stack([law.quantile(share) for share in shares], axis=1).tolist()


@given(st.lists(st.tuples(MEANS, SIZES), max_size=6), st.lists(st.floats(0.0, 0.999), min_size=1, max_size=5))
@settings(max_examples=30)
def test_laws_walked_one_by_one_answer_as_their_plain_sums(
    rows: list[tuple[float, float]], shares: list[float]
) -> None:
    law = negative_binomial([mean for mean, _ in rows], [size for _, size in rows])
    level = np.arange(-1, law.item_count - 1) * 7
    quantiles, chances = law.quantiles(shares), law.at_most(level)
    for item in range(law.item_count):
        below = np.cumsum(law.row(item))
        expected = [min(int((below < share - 1e-10).sum()), below.size - 1) for share in shares]
        assert quantiles[item].tolist() == expected
        assert chances[item] == pytest.approx(law.row(item)[: max(level[item] + 1, 0)].sum(), abs=1e-12)
