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

What is still open says that its days are more than its age. It is counted with the days that are expected of it, and
their variance, under the law that comes out of it all (expectation and maximisation; Dempster, Laird & Rubin 1977):

    E[T | T > a] = m + σ h,    Var[T | T > a] = σ² (1 + z h − h²),    z = (a − m) / σ,  h = φ(z) / (1 − Φ(z))

a its age in days. An order placed yesterday is expected to take what all take and moves nothing; one that should have
been here moves the mean as far as it is late. Of an order that came in part the rest is open, with its share. Trust in
what is told of the next order (1 + 1/(κ + n)) grows with deliveries only.

Only orders that the books have followed from their placing are learnt from. A list of open orders taken over from
elsewhere holds what is late and none of what came in time: each was sure to be longer under way than its age on that
day, whatever the law, so P(T > a | T > a) = 1 and it says nothing of it (left truncation; a *prevalent* cohort where an
*incident* one is wanted: Wang 1991, J. American Statistical Association 86(413)). Nor is it known which share of its
order such a rest is. What is late of it is told by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
from scipy import special

from demand.history import Float64Array1D
from inventory.snapshot import RECEIPT_DAYS

TOLD_ORDERS = 5
ENTERED_WITHIN_DAYS = 1
"""An order written down the day after its placing was followed from it."""
_LEAST_SD_DAYS = 0.5
"""Days are whole: what is open is never taken to be late against a law narrower than this."""
_MOST_ROUNDS, _CLOSE_DAYS = 500, 1e-9


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
    late
        Orders open for longer than was told, of those followed from their placing.
    taken_over
        The same of those that were under way when they entered the books; not learnt from.
    """

    told_mean: float
    told_sd: float
    orders: int
    seen_mean: float
    seen_sd: float
    mean: float
    sd: float
    late: int = 0
    taken_over: int = 0


def learnt(
    told_mean: float,
    told_sd: float,
    days: Float64Array1D,
    share: Float64Array1D,
    age: Float64Array1D,
    share_open: Float64Array1D,
) -> LeadTime:
    """Return what is known of a channel's lead time.

    Parameters
    ----------
    told_mean, told_sd
        m₀ and s₀.
    days, share
        Days of each delivery, and which share of its order came with it.
    age, share_open
        Days since an order was placed that is open, and which share of it is. The shares of an order add up to one.
    """
    count = float(share.sum())
    late = int((age > told_mean).sum())
    if not count and not late:
        return LeadTime(told_mean, told_sd, 0, 0.0, 0.0, told_mean, told_sd)
    seen = float((days * share).sum()) / count if count else 0.0
    seen_sd = float(np.sqrt((share * (days - seen) ** 2).sum() / count)) if count else 0.0
    weight = np.concatenate([[TOLD_ORDERS], share, share_open])
    is_open = np.arange(weight.size) > share.size
    expected = np.concatenate([[told_mean], days, age])
    around = np.concatenate([[told_sd**2], np.zeros(days.size), np.zeros(age.size)])
    mean, variance = _pooled(weight[~is_open], expected[~is_open], around[~is_open])
    for _ in range(_MOST_ROUNDS if age.size else 0):
        before = mean
        expected[is_open], around[is_open] = _beyond(age, mean, max(np.sqrt(variance), _LEAST_SD_DAYS))
        mean, variance = _pooled(weight, expected, around)
        if abs(mean - before) < _CLOSE_DAYS:
            break
    spread = variance * (1 + 1 / (TOLD_ORDERS + count))
    return LeadTime(told_mean, told_sd, round(count), seen, seen_sd, mean, float(np.sqrt(spread)), late)


def _pooled(weight: Float64Array1D, days: Float64Array1D, around: Float64Array1D) -> tuple[float, float]:
    """Return m and σ² of orders whose days are expected so, with a variance of their own."""
    mean = float(weight @ days / weight.sum())
    return mean, float(weight @ (around + (days - mean) ** 2) / weight.sum())


def _beyond(age: Float64Array1D, mean: float, sd: float) -> tuple[Float64Array1D, Float64Array1D]:
    """Return mean and variance of the days of orders that have taken more than their age already."""
    z = (age - mean) / sd
    hazard = np.exp(-(z**2) / 2 - special.log_ndtr(-z)) / np.sqrt(2 * np.pi)
    return mean + sd * hazard, sd**2 * np.maximum(1 + z * hazard - hazard**2, 0)


def lead_times(
    channels: pd.DataFrame, receipts: pd.DataFrame, open_orders: pd.DataFrame, as_of: date, *, only_told: bool
) -> tuple[LeadTime, ...]:
    """Return the lead time of each channel, in the order of its rows.

    Parameters
    ----------
    channels, receipts, open_orders
        Frames of the snapshot.
    as_of
        The day of the plan.
    only_told
        True where what was delivered, or was not, shall not count.
    """
    rows = _deliveries(receipts, open_orders, as_of)
    rows = rows.iloc[:0] if only_told else rows
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
        is_open, is_followed = (seen[name].to_numpy(np.bool_) for name in ("is_open", "is_followed"))
        days, share = (seen[name].to_numpy(np.float64) for name in ("days", "share"))
        came, waits = is_followed & ~is_open, is_followed & is_open
        each = learnt(float(mean), float(sd), days[came], share[came], days[waits], share[waits])
        found.append(replace(each, taken_over=int((days[is_open & ~is_followed] > mean).sum())))
    return tuple(found)


def _deliveries(receipts: pd.DataFrame, open_orders: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Return a row per order and day of receipt, and one for what is open of it: days, share, whether followed.

    What was ordered before the receipts begin that the snapshot holds is nobody's lead time any more.
    """
    key = ["order_no", "supplier", "order_type"]
    day = pd.Timestamp(as_of)
    waiting = open_orders[open_orders["ordered_on"] > day - pd.Timedelta(days=RECEIPT_DAYS)]
    left = waiting.groupby(key, as_index=False).agg(
        ordered_on=("ordered_on", "min"), lines=("part_no", "size"), entered_on=("entered_on", "min")
    )
    rows = receipts.assign(is_open=False)
    if len(left):
        still = left.assign(received_on=day, is_open=True)[list(rows.columns)]
        rows = pd.concat([rows, still], ignore_index=True) if len(rows) else still
    rows = rows.sort_values(["order_no", "received_on", "is_open"], kind="stable")
    return rows.assign(
        days=(rows["received_on"] - rows["ordered_on"]).dt.days.astype("float64"),
        share=rows["lines"] / rows.groupby(key)["lines"].transform("sum"),
        is_followed=(rows["entered_on"] - rows["ordered_on"]).dt.days <= ENTERED_WITHIN_DAYS,
    )
