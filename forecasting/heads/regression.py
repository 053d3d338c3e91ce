"""Two regressions over many items, by maximum likelihood: negative binomial counts, and beta-binomial successes.

    negative binomial     y ~ NB(mean μ, size r)                log μ = X b + offset,   −log r = Z g
    beta-binomial         k of L ~ BB(mean p, precision θ)      logit p = X b,           log θ = Z g

Both are solved by Newton's method with expected or guarded observed curvature, halving the step until the likelihood
rises (Hilbe 2011, Negative Binomial Regression, sec. 8; Crowder 1978, Applied Statistics 27(1)). Each coefficient of a
standardised column has a normal prior of variance 1/`RIDGE`, which thousands of rows outvote and thirty do not.

Columns are rows here, ``(n_columns, n_rows)``, and every sum runs along one of them, in a loop of NumPy: that gives
the same bits for any number of threads, which a matrix product does not promise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy import special

from demand.history import Float64Array1D, Float64Array2D
from forecasting.heads.regression_compiled import first_terms

RIDGE = 2.0
_STEPS, _ENOUGH, _ENOUGH_TO_BEGIN = 30, 1e-6, 1e-4
"""Rise of the log likelihood per row at which a climb ends; the whole panel's is then a hundredth."""
_SKETCH, _MANY = 8, 8_000
"""Every so-manieth row makes the sketch that a fit begins from, where there are many rows."""
_STEPPED = 12
"""Terms of a rising product multiplied one by one; sizes are below e⁶, so twelve of them stay far from overflow."""
_FARTHEST = 6.0
"""Standard deviations from the panel's mean beyond which a column counts no further."""


@dataclass(frozen=True)
class Scale:
    """How the columns were brought to mean 0 and deviation 1; the first column, of ones, is left as it is.

    Parameters
    ----------
    mean, deviation
        ``(n_columns,)``.
    """

    mean: Float64Array1D
    deviation: Float64Array1D

    @classmethod
    def of(cls, columns: Float64Array2D) -> Scale:
        """Return the scale of the columns given."""
        mean, deviation = columns.mean(axis=1), columns.std(axis=1)
        mean[0] = 0.0
        return cls(mean, np.where(deviation > 1e-9, deviation, 1.0))

    def apply(self, columns: Float64Array2D) -> Float64Array2D:
        """Return standardised columns, held within what the fit can speak of."""
        scaled = (columns - self.mean[:, None]) / self.deviation[:, None]
        return np.clip(scaled, -_FARTHEST, _FARTHEST)


@dataclass(frozen=True)
class Regression:
    """A fitted pair of linear predictors.

    Parameters
    ----------
    location, spread
        b and g, for standardised columns.
    location_scale, spread_scale
        How X and Z were standardised.
    """

    location: Float64Array1D
    spread: Float64Array1D
    location_scale: Scale
    spread_scale: Scale

    def predict(self, columns: Float64Array2D, spread_columns: Float64Array2D) -> tuple[Float64Array1D, Float64Array1D]:
        """Return X b and Z g of new rows."""
        return (
            linear(self.location, self.location_scale.apply(columns)),
            linear(self.spread, self.spread_scale.apply(spread_columns)),
        )


Slopes = tuple[Float64Array1D, Float64Array1D, Float64Array1D, Float64Array1D, Float64Array1D]
"""Log likelihood; its slope and curvature (positive) along X b; the same along Z g; each per row."""


def linear(coefficients: Float64Array1D, columns: Float64Array2D) -> Float64Array1D:
    """Return Σ coefficient × column, one column after another: the same bits for a row wherever it stands."""
    total = np.zeros(columns.shape[1])
    for coefficient, column in zip(coefficients, columns, strict=True):
        total += coefficient * column
    return total


def fit_negative_binomial(
    columns: Float64Array2D,
    spread_columns: Float64Array2D,
    count: Float64Array1D,
    weight: Float64Array1D,
    offset: Float64Array1D,
) -> Regression:
    """Fit counts.

    Parameters
    ----------
    columns, spread_columns
        X and Z, ``(n_columns, n_rows)``, the first of each all ones.
    count, weight, offset
        y, the row's weight, and what is added to X b, ``(n_rows,)``.
    """
    mean = float((weight * count).sum() / max((weight * np.exp(offset)).sum(), 1e-9))
    return _fit(
        columns,
        spread_columns,
        weight,
        (np.log(max(mean, 1e-6)), 0.0),
        lambda rows, eta, rho: _negative_binomial(
            count[rows], np.clip(eta + offset[rows], -15, 14), np.clip(rho, -6, 6)
        ),
    )


def fit_beta_binomial(
    columns: Float64Array2D,
    spread_columns: Float64Array2D,
    successes: Float64Array1D,
    trials: int,
    weight: Float64Array1D,
    offset: Float64Array1D,
) -> Regression:
    """Fit how many of a fixed number of periods have demand; arguments as for `fit_negative_binomial`."""
    share = float((weight * successes).sum() / max(weight.sum() * trials, 1e-9))
    start = special.logit(min(max(share, 1e-4), 1 - 1e-4))
    return _fit(
        columns,
        spread_columns,
        weight,
        (float(start), 1.5),
        lambda rows, eta, rho: _beta_binomial(
            successes[rows], trials, np.clip(eta + offset[rows], -12, 12), np.clip(rho, -4, 6)
        ),
    )


def _fit(
    columns: Float64Array2D,
    spread_columns: Float64Array2D,
    weight: Float64Array1D,
    start: tuple[float, float],
    slopes: Callable[[slice, Float64Array1D, Float64Array1D], Slopes],
) -> Regression:
    """Fit on every `_SKETCH`th row first: the climb from there to the whole is short."""
    scales = Scale.of(columns), Scale.of(spread_columns)
    x, z = scales[0].apply(columns), scales[1].apply(spread_columns)
    b, g = np.zeros(x.shape[0]), np.zeros(z.shape[0])
    b[0], g[0] = start
    sketch = [(slice(0, None, _SKETCH), _ENOUGH_TO_BEGIN)] * (weight.size >= _MANY)
    for rows, enough in [*sketch, (slice(None), _ENOUGH)]:
        few = np.ascontiguousarray(x[:, rows]), np.ascontiguousarray(z[:, rows])
        b, g = _climb(*few, weight[rows], (b, g), partial(slopes, rows), enough)
    return Regression(b, g, *scales)


def _climb(
    x: Float64Array2D,
    z: Float64Array2D,
    weight: Float64Array1D,
    start: tuple[Float64Array1D, Float64Array1D],
    slopes: Callable[[Float64Array1D, Float64Array1D], Slopes],
    enough: float,
) -> tuple[Float64Array1D, Float64Array1D]:
    """Return b and g where the penalised likelihood is highest, by Newton's steps from where one starts."""
    b, g = start
    pull_b, pull_g = np.full(b.size, RIDGE), np.full(g.size, RIDGE)
    pull_b[0] = pull_g[0] = 1e-3

    def value(b: Float64Array1D, g: Float64Array1D) -> tuple[float, Slopes]:
        found = slopes(linear(b, x), linear(g, z))
        return float((weight * found[0]).sum() - ((pull_b * b**2).sum() + (pull_g * g**2).sum()) / 2), found

    reached, found = value(b, g)
    for _ in range(_STEPS):
        step_b = _solve(x, weight * found[1], weight * found[2], pull_b, b)
        step_g = _solve(z, weight * found[3], weight * found[4], pull_g, g)
        share = 1.0
        while True:
            tried, there = value(b + share * step_b, g + share * step_g)
            if tried >= reached or share < 1e-4:
                break
            share /= 2
        if tried < reached:
            break
        b, g, gain, reached, found = b + share * step_b, g + share * step_g, tried - reached, tried, there
        if gain < enough * weight.sum():
            break
    return b, g


def _solve(
    columns: Float64Array2D, slope: Float64Array1D, curvature: Float64Array1D, pull: Float64Array1D, now: Float64Array1D
) -> Float64Array1D:
    """Return Newton's step: (X' W X + pull)⁻¹ (X' slope − pull b)."""
    size = columns.shape[0]
    matrix = np.diag(pull)
    for i in range(size):
        row = np.einsum("n,jn->j", columns[i] * curvature, columns[i:])
        matrix[i, i:] += row
        matrix[i + 1 :, i] += row[1:]
    target = np.einsum("jn,n->j", columns, slope) - pull * now
    return np.asarray(np.linalg.solve(matrix, target))


def _negative_binomial(y: Float64Array1D, eta: Float64Array1D, rho: Float64Array1D) -> Slopes:
    mu, r = np.exp(eta), np.exp(-rho)
    log_beyond = np.log1p(mu / r)
    log_rising, rising, squares = rising_sums(r, y)
    log_likelihood = log_rising - r * log_beyond + y * (eta - np.log(r + mu))
    along_r = rising - log_beyond + (mu - y) / (r + mu)
    twice = -squares + mu / (r * (r + mu)) - (mu - y) / (r + mu) ** 2
    slope = -r * along_r
    bend = np.maximum(-(r * along_r + r * r * twice), slope**2 / 4 + 1e-4)
    return log_likelihood, (y - mu) / (1 + mu / r), mu / (1 + mu / r), slope, bend


def _beta_binomial(k: Float64Array1D, trials: int, eta: Float64Array1D, rho: Float64Array1D) -> Slopes:
    p, theta = special.expit(eta), np.exp(rho)
    a, b = p * theta, (1 - p) * theta
    hits, misses, all_of_them = (
        rising_sums(start, count) for start, count in ((a, k), (b, trials - k), (theta, np.full(k.size, float(trials))))
    )
    log_likelihood = hits[0] + misses[0] - all_of_them[0]
    slope = (hits[1] - misses[1]) * theta * p * (1 - p)
    spread_slope = hits[1] * a + misses[1] * b - all_of_them[1] * theta
    # Expected curvature of a binomial whose trials cling together; the spread's by the square of its slope.
    bend = trials * p * (1 - p) * (theta + 1) / (theta + trials)
    return log_likelihood, slope, np.maximum(bend, 1e-6), spread_slope, spread_slope**2 + 1e-3


def rising_sums(start: Float64Array1D, count: Float64Array1D) -> tuple[Float64Array1D, Float64Array1D, Float64Array1D]:
    """Return Σ log(s + j), Σ 1/(s + j) and Σ 1/(s + j)² over j = 0 … n − 1, each ``(n_rows,)``.

    These are the differences of log Γ, ψ and −ψ′ between s + n and s. Most counts are small, so the first `_STEPPED`
    terms are added one by one, and only what is asked for more often than that needs the gamma function.

    Parameters
    ----------
    start, count
        s above zero; n whole, zero or more, ``(n_rows,)``.
    """
    product, inverse, square = np.ones(start.size), np.zeros(start.size), np.zeros(start.size)
    first_terms(start, count, _STEPPED, product, inverse, square)
    rows = np.flatnonzero(count > _STEPPED)
    log_product = np.log(product)
    if rows.size:
        near, far = start[rows] + _STEPPED, start[rows] + count[rows]
        log_product[rows] += special.gammaln(far) - special.gammaln(near)
        inverse[rows] += special.digamma(far) - special.digamma(near)
        square[rows] += _trigamma(near) - _trigamma(far)
    return log_product, inverse, square


def _trigamma(x: Float64Array1D) -> Float64Array1D:
    """Return ψ′(x), x > 0, to nine digits: six steps up, then Stirling's series (Abramowitz & Stegun 1964, 6.4.12)."""
    total = np.zeros(x.shape)
    for step in range(6):
        total += 1 / (x + step) ** 2
    far = 1 / (x + 6)
    square = far * far
    return np.asarray(
        total + far * (1 + far / 2 + square * (1 / 6 - square * (1 / 30 - square * (1 / 42 - square / 30))))
    )
