"""The other measures of service of an order-up-to level S: how often a cycle stays whole, how long the shelf is empty.

With D_L the demand until this order arrives and D_P the demand until the next one does (see `optimisation.service`):

    cycle service   P(D_P ≤ S)                               no shortage before the next delivery (α)
    ready rate      ½ (P(D_L < S) + P(D_P < S))              share of the time with stock on the shelf
    backorders      ½ (E[(D_L − S)⁺] + E[(D_P − S)⁺])        units waited for, mean over time

The two means over time are those of the moment after one delivery and of that before the next. Backorders over demand
per day are the days that a unit asked for is waited for, by Little's law (1961). Definitions: Silver, Pyke & Thomas
2017, §6.7. A level below zero counts as zero, and what it lacks is waited for besides.
"""

from __future__ import annotations

import numpy as np

from demand.distribution import DemandLaw
from demand.history import Float64Array1D, Int64Array1D


def cycle_service(protection: DemandLaw, level: Int64Array1D) -> Float64Array1D:
    """Return the share of order cycles without a shortage, ``(n_items,)``."""
    return protection.at_most(level)


def ready_rate(lead: DemandLaw, protection: DemandLaw, level: Int64Array1D) -> Float64Array1D:
    """Return the share of the time with stock on the shelf, ``(n_items,)``."""
    return (lead.at_most(level - 1) + protection.at_most(level - 1)) / 2


def mean_backorders(lead: DemandLaw, protection: DemandLaw, level: Int64Array1D) -> Float64Array1D:
    """Return the demand units waited for, mean over time, ``(n_items,)``."""
    inside = np.maximum(level, 0)
    short = (lead.expected_shortage(inside) + protection.expected_shortage(inside)) / 2
    waiting: Float64Array1D = short + (inside - level)
    return waiting
