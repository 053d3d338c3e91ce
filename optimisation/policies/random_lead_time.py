"""Demand over a lead time that is itself uncertain: its moments, two exact laws, and what receipts have taught.

With μ, σ² mean and variance of the demand of a period, and L a random number of periods, independent of demand,

    E[D] = μ E[L],    Var[D] = σ² E[L] + μ² Var[L]    (random sum; Silver, Pyke & Thomas 2017, §6.10).

Poisson demand over a gamma distributed lead time is negative binomial with these moments (Greenwood & Yule 1920): not
Poisson, and not normal. Over lead times as they were observed, each as likely as it was frequent, the law is the
mixture of the laws over each of them: exact, whatever shape the receipts have.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from demand.distribution import DemandLaw
from demand.history import Float64Array1D
from optimisation.policies.columns import columns, require
from optimisation.policies.laws import CountLaw, GivenLaw


@dataclass(frozen=True)
class LeadTimeDemand:
    """Mean and variance of the demand of a lead time, ``(n_items,)`` each."""

    mean: Float64Array1D
    variance: Float64Array1D

    def normal_safety_stock(self, cycle_service: ArrayLike) -> Float64Array1D:
        """Return z σ for a cycle service level, were demand normal: what textbooks teach, here to compare with."""
        stock: Float64Array1D = special.ndtri(np.asarray(cycle_service, dtype=np.float64)) * np.sqrt(self.variance)
        return stock


def lead_time_demand(
    mean: ArrayLike, variance: ArrayLike, lead_time_mean: ArrayLike, lead_time_variance: ArrayLike
) -> LeadTimeDemand:
    """Return the moments of the demand of a random lead time.

    Parameters
    ----------
    mean, variance
        Of the demand of a period, zero or more.
    lead_time_mean, lead_time_variance
        Of the lead time in periods, zero or more.

    Raises
    ------
    ValueError
        If an input is below zero.
    """
    mu, var, lead, lead_var = columns(mean, variance, lead_time_mean, lead_time_variance)
    require((mu >= 0) & (var >= 0), "mean and variance of demand are zero or more")
    require((lead >= 0) & (lead_var >= 0), "mean and variance of a lead time are zero or more")
    return LeadTimeDemand(mu * lead, var * lead + mu**2 * lead_var)


def poisson_over_gamma(rate: ArrayLike, lead_time_mean: ArrayLike, lead_time_variance: ArrayLike) -> CountLaw:
    """Return the law of Poisson demand over a gamma distributed lead time; Poisson where the lead time is certain.

    Parameters
    ----------
    rate
        Demand per unit of time, above zero.
    lead_time_mean, lead_time_variance
        Of the lead time: above zero, and zero or more.

    Raises
    ------
    ValueError
        If an input is outside its range.

    >>> poisson_over_gamma(0.2, 10, 30).size.round(4).tolist()
    [3.3333]
    """
    demand, lead, lead_var = columns(rate, lead_time_mean, lead_time_variance)
    require(demand > 0, "demand per unit of time is above zero")
    require((lead > 0) & (lead_var >= 0), "the mean of a lead time is above zero, its variance zero or more")
    certain = lead_var == 0
    return CountLaw(demand * lead, np.where(certain, np.inf, lead**2 / np.where(certain, 1.0, lead_var)))


def demand_over_observed(period: CountLaw, lead_times: DemandLaw) -> GivenLaw:
    """Return the law of the demand over lead times known by how often each length was observed.

    Parameters
    ----------
    period
        Law of the demand of one period, ``n_items``.
    lead_times
        Probability of a lead time of 0, 1, 2, … periods, ``n_items`` rows.

    Raises
    ------
    ValueError
        If the numbers of items differ.
    """
    require(period.item_count == lead_times.item_count, "each item has its lead times")
    longest = period.over(lead_times.sizes.astype(np.float64) - 1)
    height = longest.table().probability.shape[0]
    mixed = np.zeros((height, period.item_count))
    lengths = GivenLaw(lead_times).table().probability
    for length in np.flatnonzero(lengths.any(axis=1)).tolist():
        law = period.over(np.full(period.item_count, float(length))).table().probability[:height]
        mixed[: law.shape[0]] += lengths[length] * law
    return GivenLaw(DemandLaw.from_rows(list(mixed.T / mixed.sum(axis=0)[:, None])))
