"""Whole-number laws of demand as tables: a row per number of units, a column per item.

An exact policy asks the same three things of a law again and again: P(D = k), P(D ≤ k), E[(D − y)⁺]. With items as
columns each is one pass over rows, and twenty thousand items cost little more than one. Two kinds of laws are known:

- `CountLaw`: Poisson, or negative binomial by mean μ and size r (variance μ + μ²/r). Both obey one recursion,
  P(k + 1) = P(k) (a + q k)/(k + 1) with q = μ/(r + μ), a = q r (Panjer 1981, class (a, b, 0)); r = ∞ is Poisson.
- `GivenLaw`: any probabilities, as a `DemandLaw`; the law over several periods is their convolution.

`over` sums independent periods. Tables end where less than `TABLE_TAIL` is left. Items of like size should share a
table, for its height is that of its widest law: `chunks` groups them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from demand.distribution import DemandLaw
from demand.history import Float64Array1D, Float64Array2D, Int64Array1D

TABLE_TAIL = 1e-15
"""Probability of a single number beyond which a table ends."""

_ROUNDING = 1e-13
"""Shares closer than this are taken as equal, so that sums in another order lead to the same level."""

_RATIO_ROUNDING = 1e-12
"""A variance that is nearer to its mean than this, as a share, is taken as equal to it: Poisson."""

_LOG_SMALLEST = -650.0
"""Below this P(0) would leave the range of floating point, and the recursion has nothing to start from."""

_CELLS_PER_CHUNK = 60_000
"""Cells of one table: half a megabyte, so that a few tables stay in the processor's cache."""

_POINTS_MAX = 2_000_000
"""The highest table that is made: beyond it, whole numbers tell nothing that a normal law does not."""


_ROWS_ONE_BY_ONE = 5_000
"""Higher tables are worked on column by column: few items are so wide, and a step per row would take longer."""

_SUMMED_MAX = 200_000
"""Points of the widest convolution: a few seconds' work."""


@dataclass(frozen=True)
class LawTable:
    """Laws side by side.

    Parameters
    ----------
    probability
        P(D = k), ``(n_points, n_items)``; the first row is k = 0.
    mean
        E[D], ``(n_items,)``.
    """

    probability: Float64Array2D
    mean: Float64Array1D

    def at_most(self) -> Float64Array2D:
        """Return P(D ≤ k), ``(n_points, n_items)``."""
        return np.cumsum(self.probability, axis=0)

    def shortages(self) -> Float64Array2D:
        """Return E[(D − y)⁺] for y = 0, 1, …, n_points, ``(n_points + 1, n_items)``; the last row is zero.

        Summed from the far end, so that small shortages keep their digits.
        """
        points, items = self.probability.shape
        short = np.zeros((points + 1, items))
        if points > _ROWS_ONE_BY_ONE:
            beyond = np.cumsum(self.probability[:0:-1], axis=0)  # P(D > level), from the far end
            short[: points - 1] = np.cumsum(beyond, axis=0)[::-1]
            short[0] = self.mean
            return short
        above = np.zeros(items)  # P(D > level)
        for level in range(points - 2, -1, -1):
            above += self.probability[level + 1]
            np.add(short[level + 1], above, out=short[level])
        short[0] = self.mean
        return short

    def quantile(self, share: Float64Array1D) -> Int64Array1D:
        """Return the least k with P(D ≤ k) ≥ share of each item, ``(n_items,)``."""
        least: Int64Array1D = np.count_nonzero(self.at_most() < share - _ROUNDING, axis=0)
        return least


class WholeLaw(Protocol):
    """What a policy asks of a law: part of its items, the sum of several periods, and a table."""

    @property
    def mean(self) -> Float64Array1D:
        """E[D], ``(n_items,)``."""
        ...

    @property
    def item_count(self) -> int:
        """Number of items."""
        ...

    def take(self, items: NDArray[np.int64]) -> WholeLaw:
        """Return the laws of some items."""
        ...

    def over(self, periods: Float64Array1D) -> WholeLaw:
        """Return the laws of the demand over so many periods of each item."""
        ...

    def widths(self) -> Float64Array1D:
        """Return about how many rows each item's table takes, ``(n_items,)``."""
        ...

    def table(self) -> LawTable:
        """Return all items as one table."""
        ...


@dataclass(frozen=True)
class CountLaw:
    """Poisson and negative binomial laws as columns.

    Parameters
    ----------
    mean
        μ, ``(n_items,)``, zero or more.
    size
        r, ``(n_items,)``, above zero; infinite for the Poisson law.

    Raises
    ------
    ValueError
        If a mean is negative, a size is not above zero, or a law runs over more than two million numbers.
    """

    mean: Float64Array1D
    size: Float64Array1D

    def __post_init__(self) -> None:
        if not (self.mean >= 0).all() or not (self.size > 0).all():
            raise ValueError("means are zero or more, sizes above zero")
        if not (self.widths() <= _POINTS_MAX).all():
            raise ValueError(f"a whole-number law of demand runs over at most {_POINTS_MAX:,} numbers")

    @classmethod
    def poisson(cls, mean: ArrayLike) -> CountLaw:
        """Return Poisson laws with the given means."""
        means = np.atleast_1d(np.asarray(mean, dtype=np.float64))
        return cls(means, np.full(means.shape, np.inf))

    @classmethod
    def from_moments(cls, mean: ArrayLike, variance: ArrayLike) -> CountLaw:
        """Return the laws of given mean and variance: Poisson where they are equal, else negative binomial.

        Raises
        ------
        ValueError
            If a variance is below its mean: such a law is neither.

        >>> CountLaw.from_moments([2.0], [5.0]).size.tolist()
        [1.3333333333333333]
        """
        means = np.atleast_1d(np.asarray(mean, dtype=np.float64))
        asked = means > 0
        excess = np.where(asked, np.asarray(variance, dtype=np.float64) / np.where(asked, means, 1.0) - 1, 0.0)
        if (excess < -_RATIO_ROUNDING).any():
            raise ValueError("the variance of a negative binomial law is at least its mean")
        over = excess > _RATIO_ROUNDING
        return cls(means, np.where(over, means / np.where(over, excess, 1.0), np.inf))

    @property
    def item_count(self) -> int:
        """Number of items."""
        return self.mean.size

    @property
    def variance(self) -> Float64Array1D:
        """Var[D] = μ + μ²/r, ``(n_items,)``."""
        return self.mean + self.mean**2 / self.size

    def take(self, items: NDArray[np.int64]) -> CountLaw:
        """Return the laws of some items."""
        return CountLaw(self.mean[items], self.size[items])

    def over(self, periods: Float64Array1D) -> CountLaw:
        """Return the laws over so many periods (zero or more, in parts too): mean and size grow alike."""
        none = periods == 0  # a size of zero would be no law; no demand at all is Poisson with mean 0
        return CountLaw(self.mean * periods, np.where(none, np.inf, self.size * np.where(none, 1.0, periods)))

    def widths(self) -> Float64Array1D:
        """Return about how many rows each item's table takes, ``(n_items,)``."""
        widths: Float64Array1D = 1 + self.mean + 8 * np.sqrt(self.variance) + 20 * self.mean / self.size
        return widths

    def starts(self) -> tuple[Float64Array1D, Float64Array1D, Float64Array1D]:
        """Return P(0), a and q of the recursion P(k + 1) = P(k) (a + q k)/(k + 1), ``(n_items,)`` each.

        P(0) is zero where it is smaller than floating point can hold.
        """
        log_first, a, q = self._recursion()
        return np.where(log_first > _LOG_SMALLEST, np.exp(log_first), 0.0), a, q

    def table(self) -> LawTable:
        """Return all items as one table; its height is that of the widest law."""
        log_first, a, q = self._recursion()
        rows = [np.exp(log_first)]
        level, last_mean = 0, float(self.mean.max(initial=0.0))
        if log_first.min(initial=0.0) < _LOG_SMALLEST or self.widths().max(initial=0.0) > _ROWS_ONE_BY_ONE:
            return LawTable(self._table_by_logarithms(), self.mean)
        while True:
            following = rows[-1] * ((a + q * level) / (level + 1))
            level += 1
            if level > last_mean and float(following.max(initial=0.0)) < TABLE_TAIL:
                return LawTable(np.stack(rows), self.mean)
            rows.append(following)

    def _recursion(self) -> tuple[Float64Array1D, Float64Array1D, Float64Array1D]:
        finite = np.isfinite(self.size)
        r = np.where(finite, self.size, 1.0)
        q = np.where(finite, self.mean / (r + self.mean), 0.0)
        return np.where(finite, -r * np.log1p(self.mean / r), -self.mean), np.where(finite, q * r, self.mean), q

    def _table_by_logarithms(self) -> Float64Array2D:
        """P(D = k) from its logarithm: slower, and never out of range (Johnson, Kemp & Kotz 2005, eq. 5.1)."""
        k = np.arange(int(self.widths().max()) + 1, dtype=np.float64)[:, None]
        finite = np.isfinite(self.size)
        r = np.where(finite, self.size, 1.0)
        # Γ(r + k)/(Γ(r) k!) by the beta function, which keeps its digits where r is many times k.
        some = np.maximum(k, 1)
        log_ways = np.where(k > 0, -np.log(some) - special.betaln(some, r), 0.0)
        log_size = log_ways - r * np.log1p(self.mean / r) + special.xlogy(k, self.mean / (r + self.mean))
        log_poisson = special.xlogy(k, self.mean) - self.mean - special.gammaln(k + 1)
        probability = np.exp(np.where(finite, log_size, log_poisson))
        # Logarithms of this size have lost a few digits, the same ones for all numbers of a column.
        exact: Float64Array2D = probability / probability.sum(axis=0)
        return exact


@dataclass(frozen=True)
class GivenLaw:
    """Any whole-number laws, one row of probabilities per item."""

    law: DemandLaw

    @property
    def mean(self) -> Float64Array1D:
        """E[D], ``(n_items,)``."""
        return self.law.mean()

    @property
    def item_count(self) -> int:
        """Number of items."""
        return self.law.item_count

    def take(self, items: NDArray[np.int64]) -> GivenLaw:
        """Return the laws of some items."""
        return GivenLaw(self.law.take(items))

    def over(self, periods: Float64Array1D) -> GivenLaw:
        """Return the laws over so many whole periods, by convolution.

        Raises
        ------
        ValueError
            If a number of periods is not whole, or below zero.
        """
        whole = np.asarray(periods).astype(np.int64)
        if (whole != periods).any() or (whole < 0).any():
            raise ValueError("a law given by its probabilities is summed over whole periods")
        if ((self.law.sizes - 1) * periods > _SUMMED_MAX).any():
            raise ValueError(f"a law given by its probabilities is summed to at most {_SUMMED_MAX:,} units")
        return GivenLaw(
            DemandLaw.from_rows([_power(self.law.row(item), int(n)) for item, n in enumerate(whole.tolist())])
        )

    def widths(self) -> Float64Array1D:
        """Return how many rows each item's table takes, ``(n_items,)``."""
        return self.law.sizes.astype(np.float64)

    def table(self) -> LawTable:
        """Return all items as one table, shorter laws filled with zeros."""
        sizes = self.law.sizes
        table = np.zeros((int(sizes.max(initial=1)), sizes.size))
        column = np.repeat(np.arange(sizes.size), sizes)
        table[np.arange(column.size) - self.law.boundaries[:-1][column], column] = self.law.probability
        return LawTable(table, self.mean)


def chunks(width: Float64Array1D, cells: int = _CELLS_PER_CHUNK) -> Iterator[Int64Array1D]:
    """Yield the items in groups of like width, each about as many cells as `cells`.

    Parameters
    ----------
    width
        Rows that an item needs, ``(n_items,)``.
    """
    order = np.argsort(width, kind="stable")
    begin = 0
    while begin < order.size:
        # Sorted, so the widest of a group is its last; two steps find a size that fits it.
        count = max(int(cells / max(width[order[begin]], 1)), 1)
        count = max(int(cells / max(width[order[min(begin + count, order.size) - 1]], 1)), 1)
        yield order[begin : begin + count]
        begin += count


def _power(probability: Float64Array1D, periods: int) -> Float64Array1D:
    """Return the law of the sum of independent periods, by repeated squaring."""
    total, power = np.ones(1), probability
    while periods:
        if periods & 1:
            total = np.convolve(total, power)
        periods >>= 1
        power = np.convolve(power, power) if periods else power
    law: Float64Array1D = total / total.sum()
    return law
