"""`Orders`: what each item orders, by the regular order and urgently, in whole packs and within every purse.

First the urgent order: it clears what customers wait for and, where that pays, bridges the days until the regular order
is here; what is approved and comes no sooner than that does not count for it. Its quantity counts as on order for the
regular one, which fills the position up to the level; where the last pack is not worth its money it is left out
(`planning.orders.rounding`). Then minimums and purses decide which packs remain (`optimisation.budget`). If a purse
cuts an urgent line, the regular order is worked out again without it, so that every line's sum stays true.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demand.history import Float64Array1D, Int64Array1D
from demand.periods import PeriodKind, label_of, ordinal_of
from optimisation.budget import Bids, OrderTerms, Placement, place_orders
from optimisation.channels import bridge_packs, ragged_ranges, shortage_avoided
from optimisation.orders import OrderQuantities, order_quantities, within_most
from optimisation.purse.curves import UNLIMITED_E4
from planning.levels.supply import MILLION, Channels, Supply
from planning.levels.targets import Targets
from planning.levels.worth import Worth
from planning.orders.position import Items
from planning.orders.rounding import rounded_by_cost
from planning.settings import Settings


@dataclass(frozen=True)
class Purses:
    """Money that may be spent: one purse per store and month, or one for all.

    Parameters
    ----------
    amount_e4
        What is left in each purse, ``(n_purses,)``; the first is without limit.
    index
        Purse of a store and the month of an order; the first where there is no budget.
    shared
        Index of the one purse for everything, if there is one.
    """

    amount_e4: Int64Array1D
    index: dict[tuple[str, str], int]
    shared: int | None = None

    def of(self, store: str, month: str) -> int:
        """Return the purse that pays an order line."""
        return self.shared if self.shared is not None else self.index.get((store, month), 0)


@dataclass(frozen=True)
class Part:
    """One side of the orders, regular or urgent, ``(n_items,)`` each, thousandths of the stock unit.

    Parameters
    ----------
    target_milli, position_milli
        What the sum starts from: target − position = need.
    wanted
        Need, rounding and minimum fill before any purse.
    quantity_milli
        What is ordered in the end.
    """

    target_milli: Int64Array1D
    position_milli: Int64Array1D
    wanted: OrderQuantities
    quantity_milli: Int64Array1D


@dataclass(frozen=True)
class Orders:
    """Both sides, which channels' orders are placed, and how much more another choice could be worth at most.

    `left_out_milli` is what of the regular order's last packs is not worth its money, ``(n_items,)``.
    """

    regular: Part
    urgent: Part
    placed: NDArray[np.bool_]
    better_at_most: float
    solver_failed: bool
    left_out_milli: Int64Array1D


def purses_of(budgets: pd.DataFrame, budget_e4: int | None) -> Purses:
    """Return the purses: one for all where an amount is given, else those of the budgets table.

    What a store has already ordered in a month (`ordered_e4`) has left its purse.
    """
    if budget_e4 is not None:
        return Purses(np.array([UNLIMITED_E4, budget_e4], dtype=np.int64), {}, shared=1)
    amount, index = [UNLIMITED_E4], {}
    rows = budgets.sort_values(["store", "period"])
    for store, period, limit, ordered in zip(
        rows["store"], rows["period"], rows["amount_e4"], rows["ordered_e4"], strict=True
    ):
        index[(str(store), str(period))] = len(amount)
        amount.append(max(int(limit) - int(ordered), 0))
    return Purses(np.array(amount, dtype=np.int64), index)


def orders_of(
    items: Items,
    supply: Supply,
    channels: Channels,
    targets: Targets,
    worth: Worth,
    purses: Purses,
    settings: Settings,
    late_milli: Int64Array1D,
) -> Orders:
    """Return what each item orders.

    Parameters
    ----------
    late_milli
        What of the position comes no sooner than a regular order placed now, ``(n_items,)``.
    """
    sooner_milli = items.position_milli - late_milli
    wanted_urgent, urgent_target = _urgent(items, sooner_milli, supply, channels, targets, settings)
    urgent_milli = wanted_urgent.quantity_milli
    level_milli = targets.level * items.unit_milli
    while True:
        position = items.position_milli + urgent_milli
        wanted = order_quantities(level_milli, position, items.pack_milli, items.least_milli)
        wanted = within_most(wanted, position, items.pack_milli, items.least_milli, targets.most * items.unit_milli)
        wanted = _only(wanted, supply.regular >= 0)
        in_full = wanted.quantity_milli
        wanted = rounded_by_cost(items, targets, worth, wanted, position)
        bought, starts = (wanted.quantity_milli, urgent_milli), (position, sooner_milli)
        ahead_days = float(settings.planning.top_up_days)
        lines = _Lines.of(items, supply, channels, targets, purses, *bought, starts, ahead_days)
        placement = place_orders(lines.bids, _terms(channels, purses, settings))
        regular, urgent = lines.quantities(placement, items)
        if (urgent == urgent_milli).all():
            return Orders(
                Part(level_milli, position, wanted, regular),
                Part(urgent_target, sooner_milli, wanted_urgent, urgent),
                placement.placed,
                placement.better_at_most,
                placement.solver_failed,
                in_full - wanted.quantity_milli,
            )
        urgent_milli = urgent


def _terms(channels: Channels, purses: Purses, settings: Settings) -> OrderTerms:
    return OrderTerms(
        channels.minimum_e4,
        channels.fee_e4,
        purses.amount_e4,
        settings.planning.holding_cost_rate_per_year,
        float(settings.planning.top_up_days),
    )


def _urgent(
    items: Items, position: Int64Array1D, supply: Supply, channels: Channels, targets: Targets, settings: Settings
) -> tuple[OrderQuantities, Int64Array1D]:
    """Return what is wanted urgently, and up to which target: zero to clear backorders, more to bridge."""
    is_urgent = np.array([settings.of_store(store).unmet == "urgent" for store in items.store], dtype=np.bool_)
    possible = (supply.urgent >= 0) & is_urgent
    nothing = np.zeros(items.count, dtype=np.int64)
    cleared = _only(order_quantities(nothing, position, items.pack_milli, items.least_milli), possible)
    net = position + cleared.quantity_milli
    missing = np.maximum(targets.level * items.unit_milli - net, 0)
    room = np.maximum(targets.most * items.unit_milli - net, 0)
    multiplier = np.append(channels.multiplier_ppm, MILLION)
    surcharge = np.maximum(multiplier[supply.urgent] - multiplier[supply.regular], 0) / MILLION
    bridging = bridge_packs(
        targets.until_urgent,
        targets.until_regular,
        net,
        items.unit_milli,
        items.pack_milli,
        np.where(possible, np.minimum(-(-missing // items.pack_milli), room // items.pack_milli), 0),
        targets.costs.unmet_line_e4 / targets.line_units,
        items.unit_cost_e4 * surcharge * items.pack_milli / 1000,
    )
    bridging = np.where(cleared.quantity_milli + bridging * items.pack_milli >= items.least_milli, bridging, 0)
    reached = net + bridging * items.pack_milli
    target = np.where(bridging > 0, np.minimum(reached, targets.level * items.unit_milli), 0)
    need = np.where(bridging > 0, target - position, cleared.need_milli)
    fill = cleared.minimum_fill_milli
    rounding = np.where(bridging > 0, reached - target - fill, cleared.rounding_milli)
    fill = np.where(rounding < 0, fill + rounding, fill)  # what the bridge needs of the least order is need, not fill
    return OrderQuantities(need, np.maximum(rounding, 0), fill), target


def _only(quantities: OrderQuantities, rows: NDArray[np.bool_]) -> OrderQuantities:
    return OrderQuantities(
        np.where(rows, quantities.need_milli, 0),
        np.where(rows, quantities.rounding_milli, 0),
        np.where(rows, quantities.minimum_fill_milli, 0),
    )


@dataclass(frozen=True)
class _Lines:
    """Order lines as bids, and which item and side each is of."""

    item: Int64Array1D
    is_urgent: NDArray[np.bool_]
    bids: Bids

    @classmethod
    def of(
        cls,
        items: Items,
        supply: Supply,
        channels: Channels,
        targets: Targets,
        purses: Purses,
        regular_milli: Int64Array1D,
        urgent_milli: Int64Array1D,
        starts: tuple[Int64Array1D, Int64Array1D],
        top_up_days: float,
    ) -> _Lines:
        """Return the lines of both sides; what has little room to its most is not bought ahead to top an order up."""
        has_minimum = np.append(channels.minimum_e4 > 0, False)[supply.regular]
        regular = np.flatnonzero((supply.regular >= 0) & ((regular_milli > 0) | ((targets.level > 0) & has_minimum)))
        urgent = np.flatnonzero(urgent_milli > 0)
        item = np.concatenate([regular, urgent])
        is_urgent = np.arange(item.size) >= regular.size
        channel = np.where(is_urgent, supply.urgent[item], supply.regular[item])
        months = [month_of(day.order_on) for day in channels.days]
        purse = [purses.of(items.store[i], months[c]) for i, c in zip(item, channel, strict=True)]
        pack = items.pack_milli[item]
        packs = np.where(is_urgent, urgent_milli[item], regular_milli[item]) // pack
        start = np.where(is_urgent, starts[1][item], starts[0][item])
        rate = targets.demand_per_day[item] * items.unit_milli[item]
        ahead = np.maximum(start + packs * pack - targets.level[item] * items.unit_milli[item], 0)
        room = targets.most[item] * items.unit_milli[item] - start - packs * pack
        with np.errstate(divide="ignore", invalid="ignore"):
            lasting = (rate > 0) & (targets.level[item] > 0) & ~is_urgent & (room >= pack + rate * top_up_days)
            next_days = np.where(lasting, ahead / rate, np.inf)
            pack_days = np.where(rate > 0, pack / rate, np.inf)
        bids = Bids(
            channel,
            np.array(purse, dtype=np.int64),
            pack_cost_e4(items.unit_cost_e4[item], channels.multiplier_ppm[channel], pack),
            packs,
            np.maximum(-(-items.least_milli[item] // pack), 1),
            _worth(items, targets, item, is_urgent, start, packs),
            next_days,
            pack_days,
        )
        return cls(item, is_urgent, bids)

    def quantities(self, placement: Placement, items: Items) -> tuple[Int64Array1D, Int64Array1D]:
        """Return what each item orders regularly and urgently."""
        milli = placement.packs * items.pack_milli[self.item]
        both = []
        for side in (~self.is_urgent, self.is_urgent):
            quantity = np.zeros(items.count, dtype=np.int64)
            quantity[self.item[side]] = milli[side]
            both.append(quantity)
        return both[0], both[1]


def channel_cost_e4(unit_cost_e4: Int64Array1D, multiplier_ppm: Int64Array1D) -> Int64Array1D:
    """Return the cost of a stock unit in a channel, rounded half up to the last unit of money."""
    return (unit_cost_e4 * multiplier_ppm + MILLION // 2) // MILLION


def pack_cost_e4(unit_cost_e4: Int64Array1D, multiplier_ppm: Int64Array1D, pack_milli: Int64Array1D) -> Int64Array1D:
    """Return what a pack costs in a channel, rounded up: the lines of an order never cost more than its packs."""
    return -(-channel_cost_e4(unit_cost_e4, multiplier_ppm) * pack_milli // 1000)


def _worth(
    items: Items,
    targets: Targets,
    item: Int64Array1D,
    is_urgent: NDArray[np.bool_],
    start_milli: Int64Array1D,
    packs: Int64Array1D,
) -> Float64Array1D:
    """Return W(0), W(1), … of each line: lines filled complete that would not be, and backorders cleared, in money.

    What is bought for the last time serves for years: it is worth what is lost for good without it.
    """
    line, pack = ragged_ranges(packs + 1)
    of = item[line]
    unit = items.unit_milli[of]
    before = start_milli[line] // unit
    after = (start_milli[line] + pack * items.pack_milli[of]) // unit
    cleared = np.minimum(after, 0) - np.minimum(before, 0)
    ends = targets.curves.boundaries[:-1][of], targets.curves.level_max[of]
    filled = (
        targets.curves.complete_lines[ends[0] + np.clip(after, 0, ends[1])]
        - targets.curves.complete_lines[ends[0] + np.clip(before, 0, ends[1])]
    )
    avoided = shortage_avoided(targets.until_urgent, targets.until_regular, before, after, of)
    served = np.where(is_urgent[line], avoided / targets.line_units[of], filled) * targets.costs.unmet_line_e4[of]
    for_good = targets.prospects.last_worth.gained(of, before, after)
    is_last = (targets.prospects.last_buy[of] > 0) & ~is_urgent[line]
    worth: Float64Array1D = cleared / targets.line_units[of] * targets.costs.unmet_line_e4[of]
    return worth + np.where(is_last, np.maximum(for_good, served), served)


def month_of(day: date) -> str:
    """Return the label of the month whose purse pays for an order of that day."""
    return label_of(ordinal_of(day, PeriodKind.MONTH), PeriodKind.MONTH)
