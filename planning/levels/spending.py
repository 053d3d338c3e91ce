"""The budget as the goal: no share of lines is asked for, the money that is there is to fill as many as it can.

Every goal has its levels (one price of money, `planning.levels.targets`), and these have their orders; what the orders
cost never falls as the goal rises. The highest goal whose regular orders the money pays for is found by halving, to a
hundredth of a per cent. What a purse has to cut after that, because packs and minimums are coarse, is the purses'.
Where a store has no budget, its fill-rate goal stands.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from optimisation.orders import order_quantities, within_most
from planning.levels.supply import MILLION, Channels, Supply
from planning.levels.targets import Ground, Targets, targets_on
from planning.orders.ordering import Purses, channel_cost_e4, month_of
from planning.orders.position import Items
from planning.settings import PlanningSettings, Settings

_STEPS = 10_000
"""Goals are tried in steps of one part in so many."""


def within_budget(ground: Ground, channels: Channels, purses: Purses, settings: Settings) -> Targets:
    """Return the targets: at stores whose objective is the budget, those that the budgets pay for."""
    items, supply = ground.items, ground.supply
    mine = np.array([settings.of_store(store).objective == "budget" for store in items.store], dtype=np.bool_)
    limit = _limit_e4(items, supply, channels, purses, mine)
    if limit is None:
        return targets_on(ground, settings)
    low, high = 0, _STEPS  # the goal `low` is paid for, `high` is not, or is no goal at all
    while high - low > 1:
        middle = (low + high) // 2
        tried = targets_on(ground, _aiming(settings, middle / _STEPS))
        low, high = (middle, high) if _cost_e4(items, supply, channels, tried, mine) <= limit else (low, middle)
    return targets_on(ground, _aiming(settings, max(low, 1) / _STEPS))


def _limit_e4(items: Items, supply: Supply, channels: Channels, purses: Purses, mine: NDArray[np.bool_]) -> int | None:
    """Return the money of all purses that pay for some items; None where one of them has no limit."""
    months = [month_of(day.order_on) for day in channels.days]
    rows = np.flatnonzero(mine & (supply.regular >= 0))
    used = {purses.of(items.store[row], months[int(supply.regular[row])]) for row in rows}
    return None if not used or 0 in used else int(sum(int(purses.amount_e4[purse]) for purse in used))


def _cost_e4(items: Items, supply: Supply, channels: Channels, targets: Targets, mine: NDArray[np.bool_]) -> int:
    start, pack, least = items.position_milli, items.pack_milli, items.least_milli
    unlimited = order_quantities(targets.level * items.unit_milli, start, pack, least)
    wanted = within_most(unlimited, start, pack, least, targets.most * items.unit_milli).quantity_milli
    cost = channel_cost_e4(items.unit_cost_e4, np.append(channels.multiplier_ppm, MILLION)[supply.regular])
    return int(((wanted * cost + 500) // 1000)[mine & (supply.regular >= 0)].sum())


def _aiming(settings: Settings, fill_rate: float) -> Settings:
    def aimed(own: PlanningSettings) -> PlanningSettings:
        return replace(own, fill_rate=fill_rate) if own.objective == "budget" else own

    stores = {name: aimed(own) for name, own in settings.stores.items()}
    return replace(settings, planning=aimed(settings.planning), stores=stores)
