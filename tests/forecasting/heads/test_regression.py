"""The regressions find what made the data, and a handful of rows does not carry them away."""

import numpy as np
import pytest
from scipy import special

from forecasting.heads.regression import fit_beta_binomial, fit_negative_binomial, rising_sums


def columns(rows: int, seed: int) -> tuple[np.random.Generator, np.ndarray]:
    draw = np.random.default_rng(seed)
    return draw, np.stack([np.ones(rows), draw.normal(size=rows)])


def test_a_negative_binomial_regression_finds_mean_and_dispersion() -> None:
    draw, x = columns(20_000, 1)
    mean, size = np.exp(0.5 + 0.8 * x[1]), np.exp(-(0.3 - 0.5 * x[1]))
    count = np.asarray(draw.poisson(draw.gamma(size, mean / size)), dtype=np.float64)
    ones, none = np.ones(count.size), np.zeros(count.size)
    eta, rho = fit_negative_binomial(x, x, count, ones, none).predict(*[np.array([[1.0, 1.0], [0.0, 1.0]])] * 2)
    assert eta == pytest.approx([0.5, 1.3], abs=0.05)
    assert rho == pytest.approx([0.3, -0.2], abs=0.12)


def test_hidden_time_is_an_offset_and_not_a_lower_rate() -> None:
    draw, x = columns(20_000, 2)
    available = draw.uniform(0.3, 1, x.shape[1])
    count = np.asarray(draw.poisson(2 * available), dtype=np.float64)
    found = fit_negative_binomial(x, x[:1], count, np.ones(count.size), np.log(available))
    assert np.exp(found.predict(np.array([[1.0], [0.0]]), np.ones((1, 1)))[0][0]) == pytest.approx(2, rel=0.02)


def test_a_beta_binomial_regression_finds_share_and_precision() -> None:
    draw, x = columns(30_000, 3)
    share = 1 / (1 + np.exp(1 - 0.7 * x[1]))
    successes = np.asarray(draw.binomial(3, draw.beta(4 * share, 4 * (1 - share))), dtype=np.float64)
    found = fit_beta_binomial(x, x[:1], successes, 3, np.ones(successes.size), np.zeros(successes.size))
    eta, rho = found.predict(np.array([[1.0, 1.0], [0.0, 1.0]]), np.ones((1, 2)))
    assert eta == pytest.approx([-1, -0.3], abs=0.05)
    assert np.exp(rho[0]) == pytest.approx(4, rel=0.1)


def test_nothing_but_zeros_is_a_low_rate_and_no_failure() -> None:
    x = np.stack([np.ones(50), np.linspace(-1, 1, 50)])
    eta, rho = fit_negative_binomial(x, x, np.zeros(50), np.ones(50), np.zeros(50)).predict(x, x)
    assert np.isfinite(eta).all()
    assert np.isfinite(rho).all()
    assert np.exp(eta).max() < 0.1


def test_rising_sums_are_the_differences_of_the_gamma_functions() -> None:
    start = np.repeat([1e-6, 0.02, 1.0, 30.0, 400.0], 8)
    count = np.tile([0.0, 1.0, 2.0, 11.0, 12.0, 13.0, 90.0, 100_000.0], 5)
    log, inverse, square = rising_sums(start, count)
    assert log == pytest.approx(special.gammaln(start + count) - special.gammaln(start), rel=1e-8, abs=1e-8)
    assert inverse == pytest.approx(special.digamma(start + count) - special.digamma(start), rel=1e-8, abs=1e-8)
    expected = special.polygamma(1, start) - special.polygamma(1, start + count)
    assert square == pytest.approx(expected, rel=1e-7, abs=1e-9)
