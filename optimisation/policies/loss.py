"""Loss functions: the units that a level x leaves unfilled, E[(D − x)⁺], of laws known by their parameters.

Closed forms, element by element over columns; the units left over follow from E[(x − D)⁺] = E[(D − x)⁺] + x − E[D].
Sources: Zipkin 2000, Foundations of Inventory Management, appendix C; Snyder & Shen 2019, appendix C; the gamma and
lognormal forms from the same identity ∫_x^∞ t f(t) dt = E[D] P(D' > x), where D' is the law weighted by its size.
For whole-number laws the loss between two whole x is the straight line between them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from demand.history import Float64Array1D
from optimisation.policies.columns import columns, require

LOG_MEAN_MAX = 100.0
"""The largest mean of a lognormal law, as a logarithm; far beyond any demand, and well within floating point."""

_ROOT_OF_TWO_PI = np.sqrt(2 * np.pi)


def normal_loss(level: ArrayLike, mean: ArrayLike, sd: ArrayLike) -> Float64Array1D:
    """Return E[(D − x)⁺] = σ (φ(z) − z (1 − Φ(z))), z = (x − μ)/σ, of normal laws, ``(n_items,)``.

    Raises
    ------
    ValueError
        If a standard deviation is not above zero.

    >>> round(float(normal_loss(0.8, 0, 1)[0]), 6)
    0.120207
    """
    x, mu, sigma = columns(level, mean, sd)
    require(sigma > 0, "a standard deviation is above zero")
    z = (x - mu) / sigma
    loss: Float64Array1D = sigma * (np.exp(-z * z / 2) / _ROOT_OF_TWO_PI - z * special.ndtr(-z))
    return loss


def normal_second_loss(level: ArrayLike, mean: ArrayLike, sd: ArrayLike) -> Float64Array1D:
    """Return ½ E[((D − x)⁺)²] = ½ σ² ((1 + z²)(1 − Φ(z)) − z φ(z)) of normal laws, ``(n_items,)``.

    Raises
    ------
    ValueError
        If a standard deviation is not above zero.
    """
    x, mu, sigma = columns(level, mean, sd)
    require(sigma > 0, "a standard deviation is above zero")
    z = (x - mu) / sigma
    density = np.exp(-z * z / 2) / _ROOT_OF_TWO_PI
    loss: Float64Array1D = sigma**2 / 2 * ((1 + z * z) * special.ndtr(-z) - z * density)
    return loss


def lognormal_loss(level: ArrayLike, mu_log: ArrayLike, sigma_log: ArrayLike) -> Float64Array1D:
    """Return E[(D − x)⁺] where ln D is normal with mean `mu_log` and standard deviation `sigma_log`, ``(n_items,)``.

    Raises
    ------
    ValueError
        If a standard deviation is not above zero, or a mean beyond `LOG_MEAN_MAX`.
    """
    x, mu, sigma = columns(level, mu_log, sigma_log)
    require(sigma > 0, "a standard deviation is above zero")
    require(mu + sigma**2 / 2 <= LOG_MEAN_MAX, f"the logarithm of mean demand is at most {LOG_MEAN_MAX:g}")
    mean = np.exp(mu + sigma**2 / 2)
    inside = x > 0
    z = (mu - np.log(np.where(inside, x, 1.0))) / sigma
    return np.where(inside, mean * special.ndtr(z + sigma) - x * special.ndtr(z), mean - x)


def gamma_loss(level: ArrayLike, shape: ArrayLike, scale: ArrayLike) -> Float64Array1D:
    """Return E[(D − x)⁺] of gamma laws with mean shape · scale, ``(n_items,)``.

    Raises
    ------
    ValueError
        If a shape or a scale is not above zero.
    """
    x, k, theta = columns(level, shape, scale)
    require((k > 0) & (theta > 0), "shape and scale are above zero")
    inside = np.maximum(x, 0) / theta
    loss: Float64Array1D = k * theta * special.gammaincc(k + 1, inside) - np.maximum(x, 0) * special.gammaincc(
        k, inside
    )
    loss -= np.minimum(x, 0)
    return loss


def poisson_loss(level: ArrayLike, mean: ArrayLike) -> Float64Array1D:
    """Return E[(D − x)⁺] of Poisson laws, for any x, ``(n_items,)``.

    μ P(D ≥ ⌊x⌋) − x P(D > ⌊x⌋), because Σ_{k>n} k P(k) = μ P(D ≥ n).

    Raises
    ------
    ValueError
        If a mean is below zero.
    """
    x, mu = columns(level, mean)
    require(mu >= 0, "a mean is zero or more")
    below = np.floor(np.maximum(x, 0))
    at_least = np.where(below > 0, special.gammainc(np.maximum(below, 1), mu), 1.0)
    loss = mu * at_least - np.maximum(x, 0) * special.gammainc(below + 1, mu)
    never_negative: Float64Array1D = np.maximum(loss, 0) - np.minimum(x, 0)
    return never_negative


def negative_binomial_loss(level: ArrayLike, mean: ArrayLike, size: ArrayLike) -> Float64Array1D:
    """Return E[(D − x)⁺] of negative binomial laws with mean μ and size r, for any x, ``(n_items,)``.

    μ P(D' ≥ ⌊x⌋) − x P(D > ⌊x⌋), D' of size r + 1 and the same q = μ/(μ + r). An infinite size is Poisson.

    Raises
    ------
    ValueError
        If a mean is below zero, or a size not above zero.
    """
    x, mu, r = columns(level, mean, size)
    require((mu >= 0) & (r > 0), "a mean is zero or more, a size above zero")
    finite = np.isfinite(r)
    shape = np.where(finite, r, 1.0)
    q = mu / (mu + shape)
    below = np.floor(np.maximum(x, 0))
    at_least = np.where(below > 0, special.betainc(np.maximum(below, 1), shape + 1, q), 1.0)
    loss = mu * at_least - np.maximum(x, 0) * special.betainc(below + 1, shape, q)
    return np.where(finite, np.maximum(loss, 0) - np.minimum(x, 0), poisson_loss(x, mu))
