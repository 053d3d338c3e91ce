"""`LeadTime`: days from placing an order to the shelf, as told by the supplier and as learnt from his deliveries.

Model in words. What the supplier tells (mean m₀, standard deviation s₀) is believed as much as `TOLD_ORDERS` orders
would be, and every order delivered moves it. Lead times are taken as normal with unknown mean and variance, under the
prior that is conjugate to it (normal and inverse chi-squared; Gelman et al. 2013, Bayesian Data Analysis, §3.3):

    mean      m = (κ m₀ + n x̄) / (κ + n)
    variance  σ² = (κ s₀² + n v + κ n / (κ + n) · (x̄ − m₀)²) / (κ + n),     told of the next order: σ² (1 + 1/(κ + n))

n orders delivered, x̄ and v mean and variance of their days, κ = `TOLD_ORDERS`. An order counts once, however many lines
it has: its lines share a lorry. Lines that came later count with their share of the order, so that v holds what comes
late after the rest. Only mean and standard deviation go on from here: the law of demand takes the lead time as gamma
distributed with these two (`forecasting.lead_time`), and so never as negative.

What is still open is left out, so a supplier who has just become slower is believed too fast until the goods are here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

TOLD_ORDERS = 5


@dataclass(frozen=True)
class LeadTime:
    """Days from placing an order to the shelf.

    Parameters
    ----------
    told_mean, told_sd
        As imported.
    orders
        Orders delivered that were learnt from.
    seen_mean, seen_sd
        Of these orders; 0 without any.
    mean, sd
        What is planned with.
    """

    told_mean: float
    told_sd: float
    orders: int
    seen_mean: float
    seen_sd: float
    mean: float
    sd: float


def learnt(told_mean: float, told_sd: float, days: pd.Series, share: pd.Series) -> LeadTime:
    """Return what is known of a channel's lead time.

    Parameters
    ----------
    told_mean, told_sd
        m₀ and s₀.
    days, share
        Days of each delivery, and which share of its order came with it; the shares of an order add up to one.
    """
    count = round(float(share.sum()))
    if not count:
        return LeadTime(told_mean, told_sd, 0, 0.0, 0.0, told_mean, told_sd)
    seen = float((days * share).sum()) / count
    variance = float((share * (days - seen) ** 2).sum()) / count
    trust = TOLD_ORDERS + count
    mean = (TOLD_ORDERS * told_mean + count * seen) / trust
    apart = TOLD_ORDERS * count / trust * (seen - told_mean) ** 2
    spread = (TOLD_ORDERS * told_sd**2 + count * variance + apart) / trust * (1 + 1 / trust)
    return LeadTime(told_mean, told_sd, count, seen, float(np.sqrt(variance)), mean, float(np.sqrt(spread)))


def lead_times(channels: pd.DataFrame, receipts: pd.DataFrame, *, only_told: bool) -> tuple[LeadTime, ...]:
    """Return the lead time of each channel, in the order of its rows.

    Parameters
    ----------
    channels, receipts
        Frames of the snapshot.
    only_told
        True where what was delivered shall not count.
    """
    rows = receipts.iloc[:0] if only_told else receipts
    rows = rows.sort_values(["order_no", "received_on"], kind="stable")
    key = ["order_no", "supplier", "order_type"]
    rows = rows.assign(
        days=(rows["received_on"] - rows["ordered_on"]).dt.days.astype("float64"),
        share=rows["lines"] / rows.groupby(key)["lines"].transform("sum"),
    )
    of = {(str(supplier), str(kind)): group for (supplier, kind), group in rows.groupby(["supplier", "order_type"])}
    none = rows.iloc[:0]
    told = zip(
        channels["supplier"],
        channels["order_type"],
        channels["lead_time_days_mean"],
        channels["lead_time_days_sd"].fillna(0.0),
        strict=True,
    )
    found = []
    for supplier, kind, mean, sd in told:
        seen = of.get((str(supplier), str(kind)), none)
        found.append(learnt(float(mean), float(sd), seen["days"], seen["share"]))
    return tuple(found)
