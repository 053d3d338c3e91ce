"""The five suppliers of the made group and the two ways to order from each: stock order and urgent order.

Lead times, order days, surcharges and least order values are assumed, in the range dealers describe: stock orders once
or twice a week, urgent orders any day at a surcharge of 5 to 15 %.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Channel:
    """One way to order from one supplier.

    Attributes
    ----------
    supplier : str
    order_type : str
        ``stock`` or ``urgent``.
    lead_time_days_mean, lead_time_days_sd : float
        Days from order to receipt.
    order_weekdays : tuple of int
        Monday is 0; empty means any day.
    cost_multiplier : float
        On unit cost.
    min_order_value, order_fee : float
        CNY.
    """

    supplier: str
    order_type: str
    lead_time_days_mean: float
    lead_time_days_sd: float
    order_weekdays: tuple[int, ...]
    cost_multiplier: float
    min_order_value: float
    order_fee: float


SUPPLIERS: Final = {
    "HNDC": "Haldren Parts National Depot 瀚登备件全国中心库",
    "HRDC": "Haldren Parts Regional Depot 瀚登备件区域库",
    "TIANLUN": "Tianlun Tyres (fictional) 天轮轮胎",
    "JINCHI": "Jinchi Battery (fictional) 金驰蓄电池",
    "HUIDA": "Huida Auto Trading (fictional) 惠达汽车用品",
}
SUPPLIER_CODES: Final = tuple(SUPPLIERS)
WEEKDAY_NAMES: Final = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")

CHANNELS: Final = (
    Channel("HNDC", "stock", 6.0, 2.2, (1,), 1.0, 3000.0, 40.0),
    Channel("HNDC", "urgent", 2.5, 0.9, (), 1.10, 0.0, 60.0),
    Channel("HRDC", "stock", 3.0, 1.0, (0, 3), 1.0, 2000.0, 30.0),
    Channel("HRDC", "urgent", 1.2, 0.5, (), 1.08, 0.0, 40.0),
    Channel("TIANLUN", "stock", 5.0, 1.5, (2,), 1.0, 4000.0, 0.0),
    Channel("TIANLUN", "urgent", 2.0, 0.7, (), 1.06, 0.0, 50.0),
    Channel("JINCHI", "stock", 4.0, 1.2, (2,), 1.0, 1500.0, 0.0),
    Channel("JINCHI", "urgent", 1.5, 0.5, (), 1.05, 0.0, 30.0),
    Channel("HUIDA", "stock", 2.0, 0.8, (0, 2, 4), 1.0, 300.0, 0.0),
    Channel("HUIDA", "urgent", 1.0, 0.4, (), 1.15, 0.0, 20.0),
)


def channel(supplier: str, order_type: str) -> Channel:
    """Find the channel of a supplier and order type.

    Examples
    --------
    >>> channel("HNDC", "urgent").cost_multiplier
    1.1
    """
    return next(c for c in CHANNELS if c.supplier == supplier and c.order_type == order_type)
