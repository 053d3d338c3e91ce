"""The next best alternative to every order line: the choice nearest in worth that was not made, and its effect.

There are three kinds of them: one pack more, one pack fewer (nothing, where a least order forbids less), or the same
quantity by the other channel. A pack is weighed as the plan weighs it (`planning.levels.worth`), over one order
interval of R days; the other channel by what the two orders differ in, the shortage between their deliveries and the
surcharge:

    one pack more or fewer      h/c · R/365 · N(reached → reached ± pack)
    urgent in place of regular  A(q) · b / E[X] − surcharge,        and the other way round

A units short between the deliveries (`optimisation.channels`), b what an unmet line costs, E[X] the size of a line.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demand.history import Float64Array1D, Int64Array1D
from optimisation.channels import shortage_avoided
from optimisation.costs import DAYS_PER_YEAR
from planning.levels.supply import MILLION, Channels, Supply
from planning.levels.targets import Targets
from planning.levels.worth import Worth
from planning.orders.ordering import Orders, channel_cost_e4
from planning.orders.position import Items

KINDS = ("", "one-more", "one-less", "urgent", "regular")


@dataclass(frozen=True)
class Alternatives:
    """The next best choice for one side of the orders, ``(n_items,)`` each.

    Parameters
    ----------
    kind
        Index into `KINDS`; 0 where there is no other choice.
    quantity_milli
        What would be ordered in place of what is; by the other channel where that is the choice.
    money_e4
        What the orders would cost more; less where below zero.
    lines_milli
        Order lines filled more, thousandths: in a year, by the other channel once.
    fill_ppm
        The part's line fill that would be reached; as it is where the channel changes.
    """

    kind: Int64Array1D
    quantity_milli: Int64Array1D
    money_e4: Int64Array1D
    lines_milli: Int64Array1D
    fill_ppm: Int64Array1D


@dataclass(frozen=True)
class _Choice:
    """One kind of alternative for all items: where there is one, what it is worth, and its effects."""

    there_is: NDArray[np.bool_]
    net_e4: Float64Array1D
    quantity_milli: Int64Array1D
    money_e4: Int64Array1D
    lines: Float64Array1D
    level: Int64Array1D


def alternatives_of(
    items: Items, channels: Channels, supply: Supply, targets: Targets, orders: Orders, worth: Worth, side: str
) -> Alternatives:
    """Return the next best choice of each item for the regular or the urgent order."""
    part = getattr(orders, side)
    channel = getattr(supply, side)
    cost = channel_cost_e4(items.unit_cost_e4, np.append(channels.multiplier_ppm, MILLION)[channel])
    reached = items.position_milli + orders.regular.quantity_milli + orders.urgent.quantity_milli
    pack, quantity = items.pack_milli, part.quantity_milli
    least = np.maximum(-(-items.least_milli // pack), 1) * pack
    more = np.where(quantity > 0, pack, least)
    less = np.where(quantity - pack >= least, pack, quantity)
    possible = channel >= 0
    choices = [
        _pack_choice(items, worth, reached, quantity, more, cost, possible),
        _pack_choice(items, worth, reached, quantity, -less, cost, possible & (quantity > 0)),
        _channel_choice(items, channels, supply, targets, quantity, part.position_milli, reached, side),
    ]
    net = np.array([np.where(each.there_is, each.net_e4, -np.inf) for each in choices])
    best = net.argmax(axis=0)

    def chosen(name: str) -> NDArray[np.float64]:
        values: NDArray[np.float64] = np.choose(best, [getattr(each, name) for each in choices]).astype(np.float64)
        return values

    there_is = np.isfinite(net.max(axis=0))
    kinds = np.array([1, 2, 3 if side == "regular" else 4], dtype=np.int64)
    fill = targets.curves.fill_at(chosen("level").astype(np.int64))
    return Alternatives(
        np.where(there_is, kinds[best], 0),
        chosen("quantity_milli").astype(np.int64),
        chosen("money_e4").astype(np.int64),
        np.round(1000 * chosen("lines")).astype(np.int64),
        np.round(MILLION * fill).astype(np.int64),
    )


def _pack_choice(
    items: Items,
    worth: Worth,
    reached_milli: Int64Array1D,
    quantity_milli: Int64Array1D,
    change_milli: Int64Array1D,
    cost_e4: Int64Array1D,
    possible: NDArray[np.bool_],
) -> _Choice:
    now = np.maximum(reached_milli // items.unit_milli, 0)
    then = np.maximum((reached_milli + change_milli) // items.unit_milli, 0)
    interval = worth.carrying_rate_per_year * worth.review_days / DAYS_PER_YEAR
    return _Choice(
        possible,
        interval * worth.net_e4(now, then),
        quantity_milli + change_milli,
        _value_e4(change_milli, cost_e4),
        worth.lines_per_year(now, then),
        then,
    )


def _channel_choice(
    items: Items,
    channels: Channels,
    supply: Supply,
    targets: Targets,
    quantity_milli: Int64Array1D,
    position_milli: Int64Array1D,
    reached_milli: Int64Array1D,
    side: str,
) -> _Choice:
    """Return the worth of the other channel; the urgent order comes sooner at its surcharge, the regular one later."""
    multiplier = np.append(channels.multiplier_ppm, MILLION)
    urgent, regular = (channel_cost_e4(items.unit_cost_e4, multiplier[c]) for c in (supply.urgent, supply.regular))
    surcharge = _value_e4(quantity_milli, urgent - regular)
    unit = items.unit_milli
    before, after = position_milli // unit, (position_milli + quantity_milli) // unit
    every = np.arange(items.count)
    avoided = shortage_avoided(targets.until_urgent, targets.until_regular, before, after, every)
    waiting = np.maximum(np.minimum(after, 0) - np.minimum(before, 0), 0)
    lines = (avoided + waiting) / targets.line_units
    sign = 1 if side == "regular" else -1
    return _Choice(
        (supply.urgent >= 0) & (supply.regular >= 0) & (quantity_milli > 0),
        sign * (lines * targets.costs.unmet_line_e4 - surcharge),
        quantity_milli,
        sign * surcharge,
        sign * lines,
        np.maximum(reached_milli // unit, 0),
    )


def _value_e4(quantity_milli: Int64Array1D, cost_e4: Int64Array1D) -> Int64Array1D:
    """Return what a quantity costs, rounded half up away from zero."""
    value: Int64Array1D = np.sign(quantity_milli) * ((np.abs(quantity_milli) * cost_e4 + 500) // 1000)
    return value
