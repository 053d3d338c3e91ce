"""`StoreGoal`: the levels that stores with the same settings choose together, and what these reach.

By worth, one price of money serves all their items (`optimisation.levels`), found from the goal or told; by the rule of
so many requests in so many months (`planning.levels.stocking`) the goal holds for the items that the rule lets in, and
what worth would have held and filled stands beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from demand.history import Float64Array1D, Int64Array1D
from optimisation.assortment import ShelfRisk, holding_rate
from optimisation.costs import DAYS_PER_YEAR, CostTerms
from optimisation.levels import Levels, levels_for_fill_rate, levels_for_price
from optimisation.service import FillCurves
from planning.levels.supply import Supply
from planning.orders.position import Items
from planning.settings import PlanningSettings, Settings


@dataclass(frozen=True)
class RuleCost:
    """What the rule of so many requests in so many months holds, beside what worth would hold: for the notes.

    Parameters
    ----------
    parts, stock_value_e4, fill_rate
        Items stocked by the rule, expected value of their stock, share of all lines filled.
    worth_parts, worth_stock_value_e4, worth_fill_rate
        The same by worth, at the same goal.
    same_fill_value_e4
        Stock value by which worth fills the share of lines that the rule fills.
    """

    parts: int
    stock_value_e4: int
    fill_rate: float
    worth_parts: int
    worth_stock_value_e4: int
    worth_fill_rate: float
    same_fill_value_e4: int


@dataclass(frozen=True)
class StoreGoal:
    """What stores with the same settings reach: for the notes of the plan."""

    stores: tuple[str, ...]
    fill_rate: float
    asked_fill_rate: float
    is_met: bool
    price_per_line_e4: int
    rule: RuleCost | None = None


def groups(items: Items, settings: Settings) -> list[tuple[PlanningSettings, tuple[str, ...], NDArray[np.bool_]]]:
    """Return the settings, the names of the stores that share them, and which items are theirs."""
    store = np.array(items.store, dtype=object)
    stores = sorted(set(items.store))
    found = []
    for own in dict.fromkeys(settings.of_store(name) for name in stores):
        alike = tuple(name for name in stores if settings.of_store(name) == own)
        found.append((own, alike, np.asarray(np.isin(store, alike), dtype=np.bool_)))
    return found


def levels_of(
    items: Items,
    supply: Supply,
    curves: FillCurves,
    costs: CostTerms,
    floor: Int64Array1D,
    supplied: NDArray[np.bool_],
    allowed: NDArray[np.bool_],
    risk: ShelfRisk,
    settings: Settings,
) -> tuple[Int64Array1D, Float64Array1D, tuple[StoreGoal, ...]]:
    """Return levels, what a line filled is worth at the price that decided, and what each group of stores reaches."""
    level, line_worth = np.zeros(items.count, dtype=np.int64), np.zeros(items.count)
    goals: list[StoreGoal] = []
    for own, alike, of_stores in groups(items, settings):
        mine = of_stores & supplied
        group = _Group(
            curves.take(mine),
            costs.take(mine),
            supply.review_days[mine],
            floor[mine],
            replace(risk.take(mine, curves.boundaries), band=own.phase_band),
        )
        is_ruled = own.stocking_rule == "three_in_twelve"
        chosen = group.by_rule(allowed[mine], own) if is_ruled else group.by_worth(own)
        level[mine] = chosen.level
        per_year = chosen.lines_per_day_per_e4 * DAYS_PER_YEAR
        price = 1 / per_year if per_year > 0 else 0.0
        priced = _is_priced(own)
        line_worth[mine] = costs.unmet_line_e4[mine] if priced else price * holding_rate(group.costs)
        asked = 0.0 if priced else own.fill_rate
        rule = group.rule_cost(chosen, own) if is_ruled else None
        goals.append(StoreGoal(alike, chosen.fill_rate, asked, chosen.goal_met, round(price), rule))
    return level, line_worth, tuple(goals)


def _is_priced(own: PlanningSettings) -> bool:
    return own.objective == "cost" or own.price_of_money is not None


@dataclass(frozen=True)
class _Group:
    """The items of stores that share one price of money."""

    curves: FillCurves
    costs: CostTerms
    review_days: Float64Array1D
    floor: Int64Array1D
    risk: ShelfRisk

    def by_worth(self, own: PlanningSettings, fill_rate: float | None = None) -> Levels:
        """Return the levels by which the goal is met, or the share given, or by which each pays at the price told."""
        terms = (self.curves, self.costs, self.review_days, self.floor)
        if _is_priced(own) and fill_rate is None:
            return levels_for_price(*terms, self.risk)
        return levels_for_fill_rate(*terms, own.fill_rate if fill_rate is None else fill_rate, self.risk)

    def by_rule(self, allowed: NDArray[np.bool_], own: PlanningSettings) -> Levels:
        """Return the levels by which the items let in meet the goal, one unit each at least; the others have none."""
        let_in = np.flatnonzero(allowed)
        some = _Group(
            self.curves.take(allowed),
            self.costs.take(allowed),
            self.review_days[allowed],
            np.minimum(np.maximum(self.floor[allowed], 1), self.risk.most[allowed]),
            _without_worth(self.risk.take(allowed, self.curves.boundaries)),
        )
        chosen = some.by_worth(own)
        level = np.zeros(self.floor.size, dtype=np.int64)
        level[let_in] = chosen.level
        return replace(chosen, level=level, fill_rate=self.fill_rate(level))

    def fill_rate(self, level: Int64Array1D) -> float:
        """Return the share of all lines that levels fill."""
        asked = float((self.curves.lines / self.review_days).sum())
        return float((self.curves.complete_lines_at(level) / self.review_days).sum()) / asked if asked else 1.0

    def rule_cost(self, chosen: Levels, own: PlanningSettings) -> RuleCost:
        """Return what the rule holds beside what worth would hold."""
        worth = self.by_worth(own)
        share = float(np.clip(chosen.fill_rate, 1e-6, 1 - 1e-6))
        same = self.by_worth(own, share)

        def value(levels: Levels) -> int:
            return round(float((self.curves.stock_at(levels.level) * self.costs.unit_cost_e4).sum()))

        return RuleCost(
            int((chosen.level > 0).sum()),
            value(chosen),
            chosen.fill_rate,
            int((worth.level > 0).sum()),
            value(worth),
            worth.fill_rate,
            value(same),
        )


def _without_worth(risk: ShelfRisk) -> ShelfRisk:
    """Return what the rule heeds of a risk: the most that may be held, and nothing else."""
    return replace(risk, loss_per_year_e4=np.zeros_like(risk.loss_per_year_e4), band=0.0)
