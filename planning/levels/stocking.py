"""What to stock at all: each item comes onto the shelf, stays, leaves it or stays away, and the facts that say why.

By worth (`optimisation.assortment`): at the plan's one price of money, the lines that the first units fill in a year
against what holding them costs and what of them may be lost because nobody asks for it while it can be sold; what the
maker takes back is no loss. Floors for vital parts and for parts asked for often come before worth.

By the dealers' rule *three in twelve*, where the settings choose it: so many requests in so many months bring a part
onto the shelf, so few in so many months take it off. The goal then holds for the parts that the rule lets in; what all
lines get, and what worth would have held, is worked out beside it, so that the rule shows what it costs.

Whose days are numbered (`optimisation.endings`) is bought for them: never more than will be asked for within the shelf
life, or until another number serves in its place; all that is worth having where the supplier takes no later order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from demand.distribution import DemandLaw
from demand.history import Float64Array1D, Int64Array1D
from optimisation.assortment import ShelfRisk, first_step, holding_rate, tied_up, unasked_units
from optimisation.costs import DAYS_PER_YEAR, CostTerms
from optimisation.endings import WorthUntilEnd, level_until_end, worth_until_end
from optimisation.service import FillCurves
from planning.levels.shelf import Shelf
from planning.levels.supply import MILLION, Supply
from planning.orders.position import Items
from planning.settings import PlanningSettings, Settings

NO_MOST = 10**9
"""Demand units that stand for no upper limit."""
_UNITS_AHEAD = 400
_LEVELS_AHEAD = 4


class StockingState(StrEnum):
    """Where an item stands between shelf and no shelf."""

    STOCKED = "stocked"
    PHASED_IN = "phased-in"
    PHASED_OUT = "phased-out"
    NOT_STOCKED = "not-stocked"


_STATES = (
    StockingState.NOT_STOCKED,
    StockingState.PHASED_OUT,
    StockingState.PHASED_IN,
    StockingState.STOCKED,
)
"""By twice whether it is to be held, plus whether it is there."""


@dataclass(frozen=True)
class Prospects:
    """What becomes of a unit bought today, ``(n_items,)`` each but the risk.

    Parameters
    ----------
    sellable_years
        T: until its shelf life or its use ends, at most as long as the settings say.
    recovered
        r: share of its cost that comes back where it is left over.
    unasked
        Chance that nothing at all is asked for within T.
    end
        ``shelf-life``, ``use`` or ``supply`` where the days are numbered and that bears on the order, else empty.
    last_buy
        Level of the last-time buy; 0 where this is not the last order.
    last_worth
        What the units of a last-time buy are worth, demand units; nothing of the others.
    risk
        What of each level may be lost, who is on the shelf, and the most that may be held; the band is that of the
        settings for all stores, and each store's own where levels are chosen.
    """

    sellable_years: Float64Array1D
    recovered: Float64Array1D
    unasked: Float64Array1D
    end: tuple[str, ...]
    last_buy: Int64Array1D
    last_worth: WorthUntilEnd
    risk: ShelfRisk


@dataclass(frozen=True)
class Stocking:
    """The decision of each item and its facts, ``(n_items,)`` each; money in ten-thousandths a year.

    Parameters
    ----------
    state
        `StockingState` of each.
    first_milli
        The first step's level, thousandths of the stock unit.
    lines_per_year
        Order lines a year that it fills complete.
    worth_e4, holding_e4, loss_e4
        What these lines are worth at the price that decided, what holding the first units costs, and what of them may
        be lost.
    unasked
        Chance that nothing is asked for while it can be sold.
    requests, request_months
        Requests within so many months, as the rule counts them for a part on the shelf, or off it.
    is_ruled
        True where the rule decided and not worth.
    end, last_buy_milli, most_milli
        As of `Prospects`, in thousandths of the stock unit.
    """

    state: tuple[StockingState, ...]
    first_milli: Int64Array1D
    lines_per_year: Float64Array1D
    worth_e4: Float64Array1D
    holding_e4: Float64Array1D
    loss_e4: Float64Array1D
    unasked: Float64Array1D
    requests: Int64Array1D
    request_months: Int64Array1D
    is_ruled: NDArray[np.bool_]
    end: tuple[str, ...]
    last_buy_milli: Int64Array1D
    most_milli: Int64Array1D

    def facts(self, item: int) -> dict[str, int | str]:
        """Return the facts of one item's decision that the reason of a line carries.

        Always ``stocking``, its state. Where it comes, goes or stays away the first step: ``first_milli,
        first_lines_milli`` (thousandths of a line a year), ``first_worth_e4, first_holding_e4, first_loss_e4`` a year,
        ``unasked_ppm``; where the rule decided ``requests, request_months`` instead. ``end`` (``shelf-life``, ``use``,
        ``supply``) with ``most_milli`` or ``last_buy_milli`` where its days are numbered.
        """
        facts: dict[str, int | str] = {"stocking": str(self.state[item])}
        if self.is_ruled[item]:
            facts |= {"requests": int(self.requests[item]), "request_months": int(self.request_months[item])}
        elif self.state[item] is not StockingState.STOCKED:
            facts["first_milli"] = int(self.first_milli[item])
            facts["first_lines_milli"] = round(1000 * float(self.lines_per_year[item]))
            for name in ("worth", "holding", "loss"):
                facts[f"first_{name}_e4"] = round(float(getattr(self, f"{name}_e4")[item]))
            facts["unasked_ppm"] = round(MILLION * float(self.unasked[item]))
        if self.end[item]:
            name = "last_buy" if self.end[item] == "supply" else "most"
            facts |= {"end": self.end[item], f"{name}_milli": int(getattr(self, f"{name}_milli")[item])}
        return facts

    def count(self, state: StockingState) -> int:
        """Return how many items are in a state."""
        return sum(each is state for each in self.state)


def sellable_days(items: Items, shelf: Shelf, settings: Settings) -> Float64Array1D:
    """Return T in days: the settings' own, the shelf life or the days until the use ends, whichever is least."""
    own = np.array([settings.of_store(store).sellable_days for store in items.store], dtype=np.float64)
    return np.maximum(np.minimum(own, np.minimum(shelf.shelf_life_days, shelf.use_days)), 1.0)


def days_that_tell(
    days: Float64Array1D, rate_per_day: Float64Array1D, curves: FillCurves, is_last_buy: NDArray[np.bool_]
) -> Float64Array1D:
    """Return the days over which demand is worked out: T, or less where far more than any level is asked for sooner.

    A part asked for a hundred times a month loses nothing in five years; the law of so many calls would tell that
    slowly. Over fewer days slightly more seems to be left over than will be, never less.
    """
    enough = np.maximum(_UNITS_AHEAD, _LEVELS_AHEAD * curves.level_max)
    shorter = np.minimum(days, enough / np.maximum(rate_per_day, 1e-12))
    return np.where(is_last_buy, days, np.maximum(shorter, np.minimum(days, 1.0)))


def is_last_order(supply: Supply, shelf: Shelf) -> NDArray[np.bool_]:
    """Say for which items the coming regular order is the last that the supplier takes."""
    last: NDArray[np.bool_] = (
        np.isfinite(shelf.supply_days)
        & ~supply.has_ended
        & (shelf.supply_days < supply.order_days + supply.review_days)
    )
    return last & (supply.regular >= 0)


def prospects_of(
    items: Items,
    supply: Supply,
    shelf: Shelf,
    curves: FillCurves,
    costs: CostTerms,
    ahead: DemandLaw,
    on_the_way: Sequence[DemandLaw],
    floor: Int64Array1D,
    line_units: Float64Array1D,
    settings: Settings,
) -> Prospects:
    """Return what becomes of the units of each item.

    Parameters
    ----------
    ahead
        Law of the demand over `days_that_tell`.
    on_the_way
        Laws at the middles of equal slices of these days; empty where no item is ordered for the last time.
    floor
        Least level of each item; it goes before the most of a shelf life, not before an end of use.
    line_units
        Mean size of an order line.
    """
    own = [settings.of_store(store) for store in items.store]
    days = sellable_days(items, shelf, settings)
    years = days / DAYS_PER_YEAR
    expires = shelf.shelf_life_days <= days
    goes = shelf.use_days <= days
    share = np.array([settings.surplus.terms(supplier).recovered_share for supplier in items.supplier], np.float64)
    recovered = np.where(shelf.is_returnable & ~expires, share, 0.0)
    cost = costs.unit_cost_e4.astype(np.float64)
    item = np.repeat(np.arange(items.count), np.diff(curves.boundaries))
    loss = unasked_units(ahead, curves.boundaries) * (cost * (1 - recovered) / years)[item]
    until_end = level_until_end(ahead, cost, recovered, costs.unmet_line_e4 / line_units)
    most = np.where(expires, np.maximum(until_end, floor), np.full(items.count, NO_MOST))
    most = np.where(goes, np.where(supply.lead_days_mean < shelf.use_days, until_end, 0), most)
    last = is_last_order(supply, shelf)
    last_buy, last_worth = np.zeros(items.count, dtype=np.int64), WorthUntilEnd.none(items.count)
    if on_the_way:
        held = holding_rate(costs) * cost * years
        figures = cost, recovered, _lacking_for_good(items, line_units, own), held, on_the_way
        last_buy = np.where(last, level_until_end(ahead, *figures), 0)
        last_worth = worth_until_end(ahead, *figures)
    end = np.where(last, "supply", np.where(goes, "use", np.where(expires, "shelf-life", "")))
    return Prospects(
        years,
        recovered,
        ahead.at_most(0),
        tuple(str(each) for each in end),
        np.minimum(last_buy, most),
        last_worth,
        ShelfRisk(loss, shelf.is_on_shelf, most.astype(np.int64), settings.planning.phase_band),
    )


def _lacking_for_good(items: Items, line_units: Float64Array1D, own: list[PlanningSettings]) -> Float64Array1D:
    """Return what a unit lacking costs once nobody supplies it: the car that waits, and the margin."""
    unit = items.unit_milli / 1000
    margin = np.maximum(items.list_price_e4 - items.unit_cost_e4, 0) * unit
    waiting = np.array([each.waiting_cost_per_line_e4 for each in own]) / line_units
    told = [each.shortage_cost_per_unit_e4 for each in own]
    set_out = np.array([np.nan if amount is None else amount for amount in told], dtype=np.float64) * unit
    return np.where(np.isnan(set_out), waiting + margin, set_out)


def let_in(items: Items, shelf: Shelf, floor: Int64Array1D, settings: Settings) -> NDArray[np.bool_]:
    """Say which items the rule of so many requests in so many months lets onto the shelf; floors go before it."""
    own = [settings.of_store(store) for store in items.store]
    enters = shelf.requests_in >= np.array([each.phase_in_requests for each in own])
    stays = shelf.requests_out > np.array([each.phase_out_requests for each in own])
    allowed: NDArray[np.bool_] = np.where(shelf.is_on_shelf, stays | enters, enters) | (floor > 0)
    return allowed


def stocking_of(
    level: Int64Array1D,
    items: Items,
    shelf: Shelf,
    curves: FillCurves,
    costs: CostTerms,
    review_days: Float64Array1D,
    prospects: Prospects,
    line_worth_e4: Float64Array1D,
    settings: Settings,
) -> Stocking:
    """Return where each item stands and the facts of its first step.

    Parameters
    ----------
    level
        Chosen levels, ``(n_items,)``.
    line_worth_e4
        What a line filled is worth at the price that decided, ``(n_items,)``.
    """
    own = [settings.of_store(store) for store in items.store]
    first = first_step(tied_up(curves, costs, prospects.risk), curves.complete_lines, curves.boundaries)
    lines = curves.complete_lines[first] / review_days * DAYS_PER_YEAR
    there = shelf.is_on_shelf
    months = [
        each.phase_out_months if here else each.phase_in_months for each, here in zip(own, there.tolist(), strict=True)
    ]
    return Stocking(
        tuple(_STATES[2 * held + here] for held, here in zip((level > 0).tolist(), there.tolist(), strict=True)),
        (first - curves.boundaries[:-1]) * items.unit_milli,
        lines,
        lines * line_worth_e4,
        curves.stock_units[first] * costs.holding_per_year_e4,
        prospects.risk.loss_per_year_e4[first],
        prospects.unasked,
        np.where(there, shelf.requests_out, shelf.requests_in),
        np.array(months, dtype=np.int64),
        np.array([each.stocking_rule == "three_in_twelve" for each in own], dtype=np.bool_),
        prospects.end,
        prospects.last_buy * items.unit_milli,
        prospects.risk.most * items.unit_milli,
    )
