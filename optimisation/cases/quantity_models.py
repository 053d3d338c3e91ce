"""Models of an order's size: the economic order quantity, price breaks, whole packs and minimums."""

from __future__ import annotations

import numpy as np

from optimisation.cases.inputs import (
    COUNT,
    NOT_NEGATIVE,
    NOT_NEGATIVES,
    PIECES,
    POSITIVE,
    POSITIVES,
    WHOLE,
    Field,
    Inputs,
)
from optimisation.cases.models import Model, Results
from optimisation.orders import order_quantities
from optimisation.policies.economic_quantity import economic_quantity, economic_quantity_with_backorders
from optimisation.policies.price_breaks import DiscountQuantity, PriceBreaks, all_units_quantity, incremental_quantity


def _economic(given: Inputs) -> Results:
    found = economic_quantity(given.number("fixed_cost"), given.number("holding_cost"), given.number("demand_rate"))
    return {"order_quantity": found.quantity, "cost": found.cost}


def _with_backorders(given: Inputs) -> Results:
    costs = given.number("fixed_cost"), given.number("holding_cost"), given.number("stockout_cost")
    found = economic_quantity_with_backorders(*costs, given.number("demand_rate"))
    return {"order_quantity": found.quantity, "stockout_fraction": found.waiting_share, "cost": found.cost}


def _prices(given: Inputs) -> PriceBreaks:
    prices = given.padded("unit_costs", 0.0)
    known = np.isfinite(given.padded("breakpoints", np.inf))
    # A region that nobody reaches has the last price there is, which changes nothing.
    return PriceBreaks(given.padded("breakpoints", np.inf), np.where(known, prices, prices.max()))


def _told(found: DiscountQuantity) -> Results:
    return {"order_quantity": found.quantity, "price_region": found.region, "cost": found.cost}


def _all_units(given: Inputs) -> Results:
    terms = given.number("fixed_cost"), given.number("holding_cost_rate"), given.number("demand_rate")
    return _told(all_units_quantity(*terms, _prices(given)))


def _incremental(given: Inputs) -> Results:
    terms = given.number("fixed_cost"), given.number("holding_cost_rate"), given.number("demand_rate")
    return _told(incremental_quantity(*terms, _prices(given)))


def _rounding(given: Inputs) -> Results:
    position = given.whole("on_hand") + given.whole("on_order") - given.whole("backorders") - given.whole("reserved")
    level = np.where(position <= given.whole("s"), given.whole("S"), position)
    # Whole units as they are: the sum is the same in thousandths.
    found = order_quantities(level, position, given.whole("pack_multiple"), given.whole("minimum_order_quantity"))
    return {"inventory_position": position, "order_quantity": found.quantity_milli}


_FIXED, _RATE = Field("fixed_cost", NOT_NEGATIVE), Field("demand_rate", NOT_NEGATIVE)
_DISCOUNT = (
    Field("fixed_cost", POSITIVE),
    Field("holding_cost_rate", POSITIVE),
    Field("demand_rate", POSITIVE),
    Field("breakpoints", NOT_NEGATIVES),
    Field("unit_costs", POSITIVES),
)
_LOT = ("order_quantity", "price_region", "cost")

QUANTITY_MODELS = (
    Model("eoq", (_FIXED, Field("holding_cost", POSITIVE), _RATE), ("order_quantity", "cost"), _economic),
    Model(
        "eoq_backorders",
        (_FIXED, Field("holding_cost", POSITIVE), Field("stockout_cost", POSITIVE), _RATE),
        ("order_quantity", "stockout_fraction", "cost"),
        _with_backorders,
    ),
    Model("eoq_all_units_discount", _DISCOUNT, _LOT, _all_units, alike=("breakpoints", "unit_costs")),
    Model("eoq_incremental_discount", _DISCOUNT, _LOT, _incremental, alike=("breakpoints", "unit_costs")),
    Model(
        "order_quantity_rounding",
        (
            Field("on_hand", COUNT),
            Field("on_order", COUNT, 0.0),
            Field("backorders", COUNT, 0.0),
            Field("reserved", COUNT, 0.0),
            Field("s", WHOLE),
            Field("S", WHOLE),
            Field("pack_multiple", PIECES, 1.0),
            Field("minimum_order_quantity", COUNT, 0.0),
        ),
        ("inventory_position", "order_quantity"),
        _rounding,
    ),
)
