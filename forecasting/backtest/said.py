"""`Said`: what one method said of some items at one origin, beside what came, in the terms in which it is judged.

Whole-number laws and normal ones stand side by side: of each only its mean, some of its quantiles, and the share of it
that lies below and up to what was asked are kept. A normal law is cut at nothing: what it lays below lies on 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from demand.distribution import DemandLaw, negative_binomial
from demand.history import Float64Array1D, Float64Array2D, Int64Array1D

_ROWS_AT_ONCE = 4_096
"""Laws held at once; it bounds memory, not the result."""
_LEAST_SPREAD = 1e-9


@dataclass(frozen=True)
class Said:
    """What was said of some items, row by row.

    Parameters
    ----------
    mean
        Of the demand over the stretch, in stock units, ``(n_rows,)``.
    levels
        Its quantiles at the shares asked for, in stock units, ``(n_rows, n_shares)``.
    below, up_to
        P(D < y) and P(D ≤ y) of the demand y that came, ``(n_rows,)``.
    """

    mean: Float64Array1D
    levels: Float64Array2D
    below: Float64Array1D
    up_to: Float64Array1D

    @classmethod
    def of_law(
        cls, law: DemandLaw, unit_milli: Int64Array1D, came_milli: Int64Array1D, shares: tuple[float, ...]
    ) -> Said:
        """Return what whole-number laws say.

        Parameters
        ----------
        law
            In units of `unit_milli` thousandths of the stock unit.
        unit_milli, came_milli
            Of each row; what came need not be whole units of what was thought to be one.
        shares
            At which quantiles are told.
        """
        unit = unit_milli / 1000
        levels = law.quantiles(shares) * unit[:, None]
        below, up_to = -(-came_milli // unit_milli) - 1, came_milli // unit_milli
        return cls(law.mean() * unit, levels, law.at_most(below), law.at_most(up_to))

    @classmethod
    def of_normal(
        cls, mean: Float64Array1D, spread: Float64Array1D, came: Float64Array1D, shares: tuple[float, ...]
    ) -> Said:
        """Return what normal laws say; all in stock units."""
        width = np.maximum(spread, _LEAST_SPREAD)
        levels = np.maximum(mean[:, None] + width[:, None] * special.ndtri(np.array(shares)), 0.0)
        up_to = np.asarray(special.ndtr((came - mean) / width), dtype=np.float64)
        return cls(mean, levels, np.where(came > 0, up_to, 0.0), up_to)

    @classmethod
    def of_negative_binomial(
        cls,
        mean: Float64Array1D,
        variance: Float64Array1D,
        unit_milli: Int64Array1D,
        came_milli: Int64Array1D,
        shares: tuple[float, ...],
    ) -> Said:
        """Return what negative binomial laws say; Poisson ones where the variance does not exceed the mean.

        Parameters
        ----------
        mean, variance
            In demand units of `unit_milli`, ``(n_rows,)``.
        """
        excess = variance - mean
        wide = (excess > 1e-9 * mean) & (mean > 0)
        size = np.where(wide, mean**2 / np.where(wide, excess, 1.0), np.inf)
        size = np.maximum(size, 1e-3)  # a law flatter than that lies on nothing and one far point
        blocks = [slice(start, start + _ROWS_AT_ONCE) for start in range(0, mean.size, _ROWS_AT_ONCE)]
        said = [cls.of_law(negative_binomial(mean[b], size[b]), unit_milli[b], came_milli[b], shares) for b in blocks]
        return joined(said, len(shares))

    def take(self, rows: Int64Array1D) -> Said:
        """Return some rows, in the order asked."""
        return Said(self.mean[rows], self.levels[rows], self.below[rows], self.up_to[rows])


def joined(parts: list[Said], shares: int) -> Said:
    """Return the rows of all parts, one part after another."""
    none = Said(np.zeros(0), np.zeros((0, shares)), np.zeros(0), np.zeros(0))
    return Said(
        *(np.concatenate([getattr(part, name) for part in [none, *parts]]) for name in Said.__dataclass_fields__)
    )
