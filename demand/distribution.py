"""`DemandLaw`: the probability law of a whole-number demand, for many items at once.

Each row is a law on 0, 1, 2, … demand units. The laws are stored ragged: one flat array of probabilities and the
boundaries of each row, so that a fast mover with thousands of possible totals and a slow one with three share one
value and one set of vectorised questions. What an inventory policy asks of a law is answered here and nowhere else:
mean, variance, quantile, chance of at most, expected shortage. Symbols: D the demand, S a stock level, both in the
item's demand unit.

The tail beyond `TAIL_PROBABILITY` is cut and its mass is laid on the last point, so each row sums to one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from demand.compiled import to_read
from demand.distribution_compiled import chance_at_most, least_at
from demand.history import Float64Array1D, Float64Array2D, Int64Array1D, Int64Array2D

TAIL_PROBABILITY = 1e-9
"""Mass beyond the last point of a row; small against any service target a dealer states."""

_ROUNDING = 1e-10
"""Shares closer than this are taken as equal, so that a law whose row moved in the table keeps its quantile."""


@dataclass(frozen=True)
class DemandLaw:
    """Integer probability laws as columns.

    Parameters
    ----------
    probability
        P(D = k) of all rows one after another, flat.
    boundaries
        Row i is ``probability[boundaries[i]:boundaries[i + 1]]``, its first entry is k = 0; ``(n_items + 1,)``.

    Raises
    ------
    ValueError
        If a row is empty, holds a negative or missing probability, or does not sum to one within 1e-6.
    """

    probability: Float64Array1D
    boundaries: Int64Array1D

    def __post_init__(self) -> None:
        if self.boundaries[0] != 0 or self.boundaries[-1] != self.probability.size or (self.sizes < 1).any():
            raise ValueError("boundaries run from 0 to the number of probabilities, with a point or more per law")
        if not np.isfinite(self.probability).all() or (self.probability < 0).any():
            raise ValueError("probabilities are finite and zero or more")
        if self.item_count and np.abs(self._row_sums(self.probability) - 1).max() > 1e-6:
            raise ValueError("the probabilities of each law sum to one")
        self.probability.setflags(write=False)
        self.boundaries.setflags(write=False)

    @classmethod
    def from_rows(cls, rows: Sequence[ArrayLike]) -> DemandLaw:
        """Return the laws given as one sequence of probabilities per item.

        >>> DemandLaw.from_rows([[0.5, 0.5], [1.0]]).mean().tolist()
        [0.5, 0.0]
        """
        arrays = [np.asarray(row, dtype=np.float64) for row in rows]
        boundaries = np.concatenate([[0], np.cumsum([a.size for a in arrays])]).astype(np.int64)
        return cls(np.concatenate(arrays) if arrays else np.zeros(0), boundaries)

    @property
    def item_count(self) -> int:
        """Number of laws."""
        return self.boundaries.size - 1

    @property
    def sizes(self) -> Int64Array1D:
        """Number of points of each law, ``(n_items,)``."""
        return np.diff(self.boundaries)

    def row(self, item: int) -> Float64Array1D:
        """Return P(D = 0), P(D = 1), … of one item."""
        return self.probability[self.boundaries[item] : self.boundaries[item + 1]]

    def take(self, items: NDArray[np.int64] | NDArray[np.bool_]) -> DemandLaw:
        """Return the laws of some items, in the order asked."""
        chosen = np.arange(self.item_count)[items]
        sizes = self.sizes[chosen]
        boundaries = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        flat = np.arange(boundaries[-1]) - np.repeat(boundaries[:-1] - self.boundaries[chosen], sizes)
        return DemandLaw(self.probability[flat], boundaries)

    def mean(self) -> Float64Array1D:
        """Return E[D] of each item, in demand units, ``(n_items,)``."""
        return self._row_sums(self.probability * self._points())

    def variance(self) -> Float64Array1D:
        """Return Var[D] of each item, ``(n_items,)``."""
        deviation = self._points() - np.repeat(self.mean(), self.sizes)
        return self._row_sums(self.probability * deviation**2)

    def quantile(self, share: ArrayLike) -> Int64Array1D:
        """Return the least k with P(D ≤ k) ≥ share, per item.

        Parameters
        ----------
        share
            A number or one per item, in [0, 1).

        >>> DemandLaw.from_rows([[0.5, 0.5], [1.0]]).quantile(0.9).tolist()
        [1, 0]
        """
        shares = np.broadcast_to(np.asarray(share, dtype=np.float64), (self.item_count,))
        return self._least_at(shares[:, None])[:, 0]

    def quantiles(self, shares: Sequence[float]) -> Int64Array2D:
        """Return the least k with P(D ≤ k) ≥ share for several shares at once, ``(n_items, n_shares)``.

        >>> DemandLaw.from_rows([[0.5, 0.5], [1.0]]).quantiles([0.4, 0.9]).tolist()
        [[0, 1], [0, 0]]
        """
        rising = np.argsort(np.asarray(shares), kind="stable")
        each = np.broadcast_to(np.asarray(shares, dtype=np.float64)[rising], (self.item_count, rising.size))
        return self._least_at(each)[:, np.argsort(rising, kind="stable")]

    def _least_at(self, shares: Float64Array2D) -> Int64Array2D:
        found = np.empty(shares.shape, dtype=np.int64)
        least_at(to_read(self.probability), to_read(self.boundaries), to_read(shares), _ROUNDING, found)
        return found

    def at_most(self, level: ArrayLike) -> Float64Array1D:
        """Return P(D ≤ level) of each item; 0 for a negative level."""
        found = np.empty(self.item_count)
        chance_at_most(to_read(self.probability), to_read(self.boundaries), to_read(self._levels(level)), found)
        return found

    def expected_shortage(self, level: ArrayLike) -> Float64Array1D:
        """Return E[(D − level)⁺] of each item: the units that a stock of `level` leaves unfilled."""
        excess = np.maximum(self._points() - np.repeat(self._levels(level), self.sizes), 0)
        return self._row_sums(self.probability * excess)

    def expected_surplus(self, level: ArrayLike) -> Float64Array1D:
        """Return E[(level − D)⁺] of each item: the units left over."""
        return self.expected_shortage(level) + self._levels(level) - self.mean()

    def _levels(self, level: ArrayLike) -> Int64Array1D:
        return np.broadcast_to(np.asarray(level, dtype=np.int64), (self.item_count,))

    def _points(self) -> Int64Array1D:
        return np.arange(self.probability.size) - np.repeat(self.boundaries[:-1], self.sizes)

    def _row_sums(self, values: Float64Array1D) -> Float64Array1D:
        if not self.item_count:
            return np.zeros(0)
        sums: Float64Array1D = np.add.reduceat(values, self.boundaries[:-1])
        return sums


def poisson(mean: ArrayLike) -> DemandLaw:
    """Return Poisson laws with the given means, ``(n_items,)``, zero or more."""
    means = np.atleast_1d(np.asarray(mean, dtype=np.float64))
    return negative_binomial(means, np.full(means.shape, np.inf))


def negative_binomial(mean: ArrayLike, size: ArrayLike) -> DemandLaw:
    """Return negative binomial laws: Poisson counts whose rate is gamma distributed.

    Parameters
    ----------
    mean
        μ, ``(n_items,)``, zero or more.
    size
        r, ``(n_items,)``, above zero; the variance is μ + μ²/r, and infinity gives the Poisson law.

    Notes
    -----
    P(D = k) = Γ(r+k)/(Γ(r) k!) (r/(r+μ))^r (μ/(r+μ))^k (Johnson, Kemp & Kotz 2005, Univariate Discrete
    Distributions, eq. 5.1).

    Raises
    ------
    ValueError
        If a mean is negative or not finite, or a size is not above zero.
    """
    means = np.atleast_1d(np.asarray(mean, dtype=np.float64))
    shapes = np.broadcast_to(np.asarray(size, dtype=np.float64), means.shape)
    if not np.isfinite(means).all() or (means < 0).any() or not (shapes > 0).all():
        raise ValueError("means are finite and zero or more, sizes above zero")
    sizes = _last_points(means, shapes) + 1
    boundaries = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    k = np.arange(boundaries[-1]) - np.repeat(boundaries[:-1], sizes)
    log_factorial = special.gammaln(np.arange(sizes.max(initial=0)) + 1.0)[k]
    log_law = np.empty(k.size)
    for chosen, log_of in ((np.isfinite(shapes), _log_negative_binomial), (np.isinf(shapes), _log_poisson)):
        cells = np.flatnonzero(np.repeat(chosen, sizes))
        log_law[cells] = log_of(k[cells], log_factorial[cells], means[chosen], shapes[chosen], sizes[chosen])
    return normalised(np.exp(log_law), boundaries)


def _log_negative_binomial(
    k: Int64Array1D, log_factorial: Float64Array1D, mean: Float64Array1D, size: Float64Array1D, points: Int64Array1D
) -> Float64Array1D:
    """Return log P(D = k) of laws of so many points each, flat; what is a law's own is worked out once for its row."""
    each = np.repeat(np.arange(mean.size), points)
    gammas = special.gammaln(size[each] + k) - special.gammaln(size)[each] - log_factorial
    beyond, share = size * np.log1p(mean / size), mean / (size + mean)
    return np.asarray(gammas - beyond[each] + special.xlogy(k, share[each]))


def _log_poisson(
    k: Int64Array1D, log_factorial: Float64Array1D, mean: Float64Array1D, size: Float64Array1D, points: Int64Array1D
) -> Float64Array1D:
    """Return the same of laws without a size."""
    del size
    mu = np.repeat(mean, points)
    return np.asarray(special.xlogy(k, mu) - mu - log_factorial)


def normalised(probability: Float64Array1D, boundaries: Int64Array1D) -> DemandLaw:
    """Return laws from rows that miss a little of their tail: what is missing is laid on each row's last point."""
    if boundaries.size == 1:
        return DemandLaw(np.zeros(0), boundaries)
    sums = np.add.reduceat(probability, boundaries[:-1])
    flat = probability.copy()
    flat[boundaries[1:] - 1] += np.maximum(1 - sums, 0)
    flat /= np.repeat(np.maximum(sums, 1), np.diff(boundaries))
    return DemandLaw(flat, boundaries)


def _last_points(means: Float64Array1D, shapes: Float64Array1D) -> Int64Array1D:
    """Return a point beyond which at most `TAIL_PROBABILITY` lies: doubled until far enough, then halved back."""

    def beyond(rows: Int64Array1D, level: Float64Array1D) -> Float64Array1D:
        mu, r = means[rows], shapes[rows]
        wide, poisson = np.isfinite(r), np.isinf(r)
        tail = np.empty(rows.size)
        tail[wide] = special.betainc(level[wide] + 1, r[wide], mu[wide] / (mu[wide] + r[wide]))
        tail[poisson] = special.gammainc(level[poisson] + 1, mu[poisson])
        return tail

    upper, lower = np.maximum(np.ceil(means), 1.0), np.full(means.shape, -1.0)
    near = np.arange(means.size)
    while (near := near[beyond(near, upper[near]) > TAIL_PROBABILITY]).size:
        upper[near] *= 2
    apart = np.arange(means.size)
    while (apart := apart[upper[apart] - lower[apart] > 1]).size:  # a row that has arrived is asked no more
        middle = np.floor((lower[apart] + upper[apart]) / 2)
        enough = beyond(apart, middle) <= TAIL_PROBABILITY
        upper[apart], lower[apart] = np.where(enough, middle, upper[apart]), np.where(enough, lower[apart], middle)
    return upper.astype(np.int64)
