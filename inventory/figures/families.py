"""The families of measures: who reads them, what they can be split by, and how fine the lines behind them are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from inventory.figures import (
    ageing,
    claims,
    closed_sales,
    counts,
    orders,
    planned,
    promises,
    purchases,
    requests,
    sales,
    stock,
    turnover,
)
from inventory.figures.grouping import CLASS, PART_DIMENSIONS, Grain, Measures
from inventory.figures.outside import outside
from inventory.figures.sight import Sight

CHANNEL, CAUSE = "channel", "cause"
_WITH_CHANNEL = (*PART_DIMENSIONS, CHANNEL)
DIMENSIONS = ("store", "supplier", CLASS, "family", CHANNEL, CAUSE)
"""What figures can be split by."""


@dataclass(frozen=True)
class Family:
    """Measures that one reader gives.

    Parameters
    ----------
    read
        From a sight and a grain to measures.
    dimensions
        What they can be split by, beside the store.
    lines
        The finest grain: what a line behind them is.
    """

    read: Callable[[Sight, Grain], Measures]
    dimensions: tuple[str, ...]
    lines: Grain


FAMILIES: dict[str, Family] = {
    "requests": Family(requests.requests, _WITH_CHANNEL, requests.LINES),
    "shortages": Family(requests.shortages, _WITH_CHANNEL, requests.LINES),
    "orders": Family(orders.orders, _WITH_CHANNEL, orders.LINES),
    "asked_parts": Family(requests.asked_parts, _WITH_CHANNEL, ("store", "part_no")),
    "sales": Family(closed_sales.sales, _WITH_CHANNEL, sales.LINES),
    "year_sales": Family(closed_sales.year_sales, _WITH_CHANNEL, ("store", "part_no")),
    "stock": Family(stock.stock, PART_DIMENSIONS, stock.LINES),
    "layers": Family(stock.layers, PART_DIMENSIONS, stock.LINES),
    "held": Family(stock.held, PART_DIMENSIONS, stock.LINES),
    "shelf_days": Family(stock.shelf_days, PART_DIMENSIONS, stock.LINES),
    "issues": Family(turnover.issues, PART_DIMENSIONS, turnover.LINES),
    "average": Family(turnover.average, PART_DIMENSIONS, turnover.LINES),
    "selling": Family(turnover.selling, PART_DIMENSIONS, turnover.LINES),
    "receipts": Family(turnover.stock_receipts, _WITH_CHANNEL, turnover.LINES),
    "dead": Family(ageing.dead, PART_DIMENSIONS, ageing.LINES),
    "unsold": Family(ageing.unsold, PART_DIMENSIONS, ageing.LINES),
    "ages": Family(ageing.ages, PART_DIMENSIONS, ageing.LINES),
    "purchases": Family(purchases.purchases, _WITH_CHANNEL, purchases.LINES),
    "planned": Family(planned.planned, _WITH_CHANNEL, ("store", "part_no")),
    "promises": Family(promises.promises, _WITH_CHANNEL, purchases.LINES),
    "counts": Family(counts.counts, PART_DIMENSIONS, counts.LINES),
    "bins": Family(counts.bins, PART_DIMENSIONS, ("store", "bin_name")),
    "claims": Family(claims.claims, (*PART_DIMENSIONS, CAUSE), claims.LINES),
    "deliveries": Family(claims.deliveries, PART_DIMENSIONS, ("order_no", "store", "part_no")),
    "outside": Family(outside, (), ()),
}
"""By the first word of a measure's name."""


def family_of(measure: str) -> str:
    """Return the family of a measure.

    >>> family_of("requests.lines")
    'requests'
    """
    return measure.split(".", 1)[0]
