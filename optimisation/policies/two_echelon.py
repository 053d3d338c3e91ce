"""A depot and its stores, each ordering one for one: backorders and fill of every store, exactly and by METRIC.

Demand at store i is Poisson λᵢ; each unit sold is ordered from the depot, which orders one from the maker, L₀ later.
The depot serves in the order of the calls; a unit it has is at the store after Tᵢ. The depot is short of
B₀ = (D₀ − S₀)⁺ units, D₀ Poisson λ₀ L₀; each of them was asked for by store i with probability λᵢ/λ₀, whatever the
others were (Simon 1971; Graves 1985, Management Science 31(10)). So what is under way to store i is

    Xᵢ = Binomial(B₀, λᵢ/λ₀) + Poisson(λᵢ Tᵢ),   independent,

    backorders E[(Xᵢ − Sᵢ)⁺],    fill rate P(Xᵢ < Sᵢ).

METRIC (Sherbrooke 1968, Operations Research 16(1)) takes Xᵢ as Poisson with the same mean λᵢ (Tᵢ + E[B₀]/λ₀): quicker
by a little, and too hopeful, for Xᵢ varies more than that. Units: whole demand units; rates and times in one unit of
time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from demand.history import Float64Array1D, Float64Array2D, Int64Array1D
from optimisation.policies.columns import require
from optimisation.policies.laws import CountLaw
from optimisation.policies.loss import poisson_loss

_UNITS_MAX = 5_000
"""Units on order: what the exact law takes the square of."""


@dataclass(frozen=True)
class TwoEchelons:
    """Depots and their stores.

    Parameters
    ----------
    rate, transport_time
        λᵢ and Tᵢ of each store, zero or more, ``(n_stores,)``.
    stock
        Sᵢ, zero or more.
    depot
        Which depot serves the store, ``(n_stores,)``.
    depot_lead_time, depot_stock
        L₀ and S₀, zero or more, ``(n_depots,)``.

    Raises
    ------
    ValueError
        If an input is below zero, or a depot has no demand.
    """

    rate: Float64Array1D
    transport_time: Float64Array1D
    stock: Int64Array1D
    depot: Int64Array1D
    depot_lead_time: Float64Array1D
    depot_stock: Int64Array1D

    def __post_init__(self) -> None:
        require((self.rate >= 0) & (self.transport_time >= 0), "demand rates and transport times are zero or more")
        require((self.stock >= 0).all() and (self.depot_stock >= 0).all(), "stocks are zero or more")
        require(self.depot_lead_time >= 0, "the lead time of a depot is zero or more")
        require(self.depot_rate > 0, "a depot has some demand")
        short = self.depot_rate * self.depot_lead_time
        require(short <= _UNITS_MAX, f"demand over a depot's lead time is at most {_UNITS_MAX:,} units")
        own = self.rate * self.transport_time
        require(own <= _UNITS_MAX, f"demand over a transport time is at most {_UNITS_MAX:,} units")

    @property
    def depot_rate(self) -> Float64Array1D:
        """λ₀ of each depot: the sum of its stores', ``(n_depots,)``."""
        rates = np.zeros(self.depot_lead_time.size)
        np.add.at(rates, self.depot, self.rate)
        return rates


@dataclass(frozen=True)
class TwoEchelonService:
    """What the stocks achieve.

    Parameters
    ----------
    depot_backorders
        E[B₀], ``(n_depots,)``.
    backorders, fill_rate
        E[(Xᵢ − Sᵢ)⁺] and P(Xᵢ < Sᵢ), exactly, ``(n_stores,)``.
    metric_backorders
        E[(Xᵢ − Sᵢ)⁺] by METRIC.
    pipeline_mean, pipeline_variance
        Of Xᵢ, exactly.
    """

    depot_backorders: Float64Array1D
    backorders: Float64Array1D
    fill_rate: Float64Array1D
    metric_backorders: Float64Array1D
    pipeline_mean: Float64Array1D
    pipeline_variance: Float64Array1D


def two_echelon_service(system: TwoEchelons) -> TwoEchelonService:
    """Return backorders and fill rates of all stores, exactly and by METRIC."""
    depots = CountLaw.poisson(system.depot_rate * system.depot_lead_time)
    short = _depot_shortage(depots, system.depot_stock)
    units = np.arange(short.shape[0])[:, None]
    mean = (units * short).sum(axis=0)
    variance = (units**2 * short).sum(axis=0) - mean**2
    share = system.rate / system.depot_rate[system.depot]
    own = CountLaw.poisson(system.rate * system.transport_time)
    pipeline = _sum_of_independent(_thinned(short[:, system.depot], share), own.table().probability)
    store, points = np.arange(share.size), pipeline.shape[0]
    below = np.cumsum(pipeline, axis=0)
    first = np.minimum(system.stock, points) - 1
    fill = np.where(system.stock > 0, below[np.maximum(first, 0), store], 0.0)
    excess = np.maximum(np.arange(points)[:, None] - system.stock, 0)
    depot_mean, depot_variance = mean[system.depot], variance[system.depot]
    pipeline_mean = own.mean + share * depot_mean
    return TwoEchelonService(
        depot_backorders=mean,
        backorders=(excess * pipeline).sum(axis=0),
        fill_rate=np.minimum(fill, 1.0),
        metric_backorders=poisson_loss(system.stock, pipeline_mean),
        pipeline_mean=pipeline_mean,
        pipeline_variance=own.mean + share**2 * depot_variance + share * (1 - share) * depot_mean,
    )


def _depot_shortage(depots: CountLaw, stock: Int64Array1D) -> Float64Array2D:
    """Return P(B₀ = b), rows b, columns depots: the law of demand moved down by the stock."""
    law = depots.table().probability
    units = np.arange(law.shape[0])[:, None] + stock
    moved = np.where(units < law.shape[0], law[np.minimum(units, law.shape[0] - 1), np.arange(stock.size)], 0.0)
    moved[0] = 1 - moved[1:].sum(axis=0)
    return moved


def _thinned(law: Float64Array2D, share: Float64Array1D) -> Float64Array2D:
    """Return the law of Binomial(B, share), columns side by side: its generating function is that of B at 1 − p + p z.

    Multiplied out from the highest power downward (Horner), so that only positive terms are added.
    """
    thinned = np.zeros_like(law)
    for count in range(law.shape[0] - 1, -1, -1):
        moved = thinned[:-1] * share
        thinned *= 1 - share
        thinned[1:] += moved
        thinned[0] += law[count]
    return thinned


def _sum_of_independent(one: Float64Array2D, other: Float64Array2D) -> Float64Array2D:
    total = np.zeros((one.shape[0] + other.shape[0] - 1, one.shape[1]))
    for units in range(other.shape[0]):
        total[units : units + one.shape[0]] += one * other[units]
    return total
