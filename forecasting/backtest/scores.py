"""How near laws come to what happened: loss at service quantiles, coverage, and bias by how much is asked.

*Loss* of a share q at the level z, demand y: 2 max(q (y − z), (1 − q)(z − y)), summed over items and origins and
divided by the demand; the mean over `SERVICE`. It is what a level costs that is set to be enough with chance q
(Koenker & Bassett 1978, Econometrica 46(1)). A method is judged where stock is decided: an error of the mean, or of the
median, is least for a forecast of nothing wherever most periods ask for nothing, and is not told.

*Coverage* of a share q: how many demands lie within the law's lower q, one that lies on the boundary counted for the
part of it below (randomised probability transform, Brockwell 2007, in expectation). It is q for a true law, whole
numbers or not.

*Bias*: Σ expected / Σ came − 1, by the units a month that were asked for before the origin, known then. Chance alone
moves it by about 1 / √Σ came.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from demand.history import Float64Array1D, Float64Array2D, Int64Array1D
from forecasting.backtest.said import Said

SERVICE = (0.9, 0.95, 0.975, 0.99)
COVERED = (0.8, 0.9, 0.95, 0.99)
RATES = (1e-9, 0.1, 0.3, 1.0, 3.0, 10.0)
"""Bounds of the rate buckets, in units a month; below the first nothing was ever asked."""


@dataclass(frozen=True)
class Sums:
    """What adds up over items and origins.

    Parameters
    ----------
    rows
        Items judged, over all origins.
    demand, value
        What came, in stock units and at cost.
    loss, loss_value
        2 Σ pinball at each of `SERVICE`, in stock units and at cost, ``(n_service,)``.
    covered
        Σ share within each of `COVERED`, ``(n_covered,)``.
    buckets
        Rows, demand and expectation of each rate bucket, ``(n_buckets, 3)``.
    """

    rows: int
    demand: float
    value: float
    loss: Float64Array1D
    loss_value: Float64Array1D
    covered: Float64Array1D
    buckets: Float64Array2D

    @classmethod
    def nothing(cls) -> Sums:
        """Return the sums over no row."""
        service = np.zeros(len(SERVICE))
        return cls(0, 0.0, 0.0, service, service, np.zeros(len(COVERED)), np.zeros((len(RATES) + 1, 3)))

    @classmethod
    def of(cls, said: Said, came: Float64Array1D, monthly: Float64Array1D, cost: Float64Array1D) -> Sums:
        """Return the sums over the rows of one origin.

        Parameters
        ----------
        said
            Its first levels are those of `SERVICE`.
        came
            Demand over the stretch, in stock units, ``(n_rows,)``.
        monthly
            Units asked for a month before the origin, ``(n_rows,)``.
        cost
            Of a stock unit, ``(n_rows,)``.
        """
        error = came[:, None] - said.levels[:, : len(SERVICE)]
        share = np.array(SERVICE)
        loss = 2 * np.maximum(share * error, (share - 1) * error)
        bucket = bucket_of(monthly)
        columns = (np.ones(came.size), came, said.mean)
        buckets = [np.bincount(bucket, weights=column, minlength=len(RATES) + 1) for column in columns]
        return cls(
            came.size,
            float(came.sum()),
            float(came @ cost),
            loss.sum(axis=0),
            cost @ loss,
            within(said).sum(axis=0),
            np.stack(buckets, axis=1),
        )

    def __add__(self, other: Sums) -> Sums:
        """Return the sums over the rows of both."""
        return Sums(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(Sums)))

    @property
    def service_loss(self) -> float:
        """Mean over `SERVICE` of the loss relative to the demand; nothing was lost where nothing came."""
        return float(self.loss.mean()) / self.demand if self.demand else 0.0

    @property
    def service_loss_by_value(self) -> float:
        """The same with every unit weighed by its cost."""
        return float(self.loss_value.mean()) / self.value if self.value else 0.0

    @property
    def coverage(self) -> Float64Array1D:
        """Share of the demands within each of `COVERED`."""
        return self.covered / max(self.rows, 1)

    @property
    def bias(self) -> float:
        """Σ expected / Σ came − 1; 0 where nothing came."""
        return float(self.buckets[:, 2].sum()) / self.demand - 1 if self.demand else 0.0


def bucket_of(monthly: Float64Array1D) -> Int64Array1D:
    """Return the rate bucket of items of which so much is asked a month, 0 … n."""
    return np.digitize(monthly, RATES).astype(np.int64)


def within(said: Said) -> Float64Array2D:
    """Return the share of each demand that lies within each of `COVERED`, ``(n_rows, n_covered)``."""
    width = said.up_to - said.below
    on_point = width > 0
    part = (np.array(COVERED) - said.below[:, None]) / np.where(on_point, width, 1.0)[:, None]
    inside = said.up_to[:, None] <= np.array(COVERED)
    return np.where(on_point[:, None], np.clip(part, 0.0, 1.0), inside)
