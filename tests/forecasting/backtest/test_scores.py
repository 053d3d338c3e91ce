"""What loss, coverage and bias say of laws that are known to be right, or wrong."""

import numpy as np
import pytest

from demand.distribution import DemandLaw, negative_binomial, poisson
from forecasting.backtest.said import Said
from forecasting.backtest.scores import COVERED, SERVICE, Sums, within

ONE = np.array([1000])


def sums_of(said: Said, came: list[float], monthly: float = 1.0) -> Sums:
    return Sums.of(said, np.array(came), np.full(len(came), monthly), np.full(len(came), 2.0))


def test_the_loss_of_a_level_is_what_it_lacks_dear_and_what_it_holds_cheap() -> None:
    law = DemandLaw.from_rows([[0.0, 0.0, 1.0]])
    short = sums_of(Said.of_law(law, ONE, np.array([5000]), SERVICE), [5.0])
    assert short.loss.tolist() == pytest.approx([2 * share * 3 for share in SERVICE])
    left = sums_of(Said.of_law(law, ONE, np.array([1000]), SERVICE), [1.0])
    assert left.loss.tolist() == pytest.approx([2 * (1 - share) * 1 for share in SERVICE])
    assert (short + left).service_loss == pytest.approx((short.loss + left.loss).mean() / 6)
    assert (short + left).service_loss_by_value == pytest.approx((short + left).service_loss)
    assert (short + left).loss_value.tolist() == pytest.approx((2 * (short + left).loss).tolist())


@pytest.mark.parametrize("rate", [0.1, 1.0, 30.0])
def test_a_true_law_covers_as_often_as_it_says_whole_numbers_or_not(rate: float) -> None:
    came = np.random.default_rng(1).negative_binomial(2.0, 2 / (2 + rate), 40_000)
    law = negative_binomial(np.full(came.size, rate), np.full(came.size, 2.0))
    said = Said.of_law(law, np.full(came.size, 1000), came * 1000, SERVICE)
    assert within(said).mean(axis=0).tolist() == pytest.approx(list(COVERED), abs=0.006)
    normal = np.maximum(np.random.default_rng(2).normal(1.0, 2.0, 40_000), 0)
    flat = Said.of_normal(np.ones(normal.size), np.full(normal.size, 2.0), normal, SERVICE)
    assert within(flat).mean(axis=0).tolist() == pytest.approx(list(COVERED), abs=0.006)


def test_what_came_in_no_whole_unit_lies_between_two_of_them() -> None:
    law = DemandLaw.from_rows([[0.25, 0.25, 0.5]])
    said = Said.of_law(law, np.array([4000]), np.array([6000]), (0.9,))
    assert (said.below[0], said.up_to[0]) == pytest.approx((0.5, 0.5))
    assert said.levels.tolist() == [[8.0]]
    assert said.mean.tolist() == pytest.approx([5.0])


def test_a_count_no_wider_than_chance_is_poisson() -> None:
    said = Said.of_negative_binomial(np.array([3.0]), np.array([1.0]), ONE, np.array([2000]), SERVICE)
    law = poisson([3.0])
    assert said.levels[0].tolist() == [law.quantile(share)[0] for share in SERVICE]
    assert said.up_to.tolist() == pytest.approx(law.at_most(2).tolist())


def test_a_bias_is_told_where_so_much_is_asked_for() -> None:
    said = Said.of_law(poisson([3.0, 3.0]), np.array([1000, 1000]), np.array([2000, 2000]), SERVICE)
    sums = Sums.of(said, np.array([2.0, 2.0]), np.array([0.0, 2.0]), np.ones(2))
    assert sums.bias == pytest.approx(0.5)
    assert sums.buckets[:, 0].tolist() == [1, 0, 0, 0, 1, 0, 0]
    assert Sums.nothing().bias == 0
