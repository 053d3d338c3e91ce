"""What if: the same books planned twice, as they are and with something changed; nothing is stored.

What may be changed is what a person decides or negotiates: the goal, the budget, how long a supplier takes, what a part
costs. The forecast stays as it is: it is made once, and demand does not know of any of these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from forecasting.forecast import Forecast
from inventory.snapshot import Snapshot
from planning.explaining.service_figures import figures_of
from planning.lines import Workings
from planning.run import work_out
from planning.settings import PlanningSettings, Settings


@dataclass(frozen=True)
class Wish:
    """What is changed; nothing where nothing is named.

    Parameters
    ----------
    fill_rate
        The goal, in place of every store's own.
    budget_e4
        Most that may be ordered in all, in place of the budgets.
    longer_days
        By supplier: days that he takes longer, below zero where shorter, whatever the order type.
    cost_e4
        By part number: what a stock unit costs.
    """

    fill_rate: float | None = None
    budget_e4: int | None = None
    longer_days: Mapping[str, int] = field(default_factory=dict)
    cost_e4: Mapping[str, int] = field(default_factory=dict)

    def unknown(self, snapshot: Snapshot) -> list[str]:
        """Return the suppliers and parts named that the books do not know."""
        suppliers, parts = set(snapshot.channels["supplier"]), set(snapshot.parts["part_no"])
        return [name for name in self.longer_days if name not in suppliers] + [
            name for name in self.cost_e4 if name not in parts
        ]


@dataclass(frozen=True)
class Outcome:
    """What a plan comes to: its figures, and lines and value per supplier and order type."""

    figures: Mapping[str, int]
    orders: Mapping[tuple[str, str], tuple[int, int]]


def both_outcomes(snapshot: Snapshot, settings: Settings, forecast: Forecast, wish: Wish) -> tuple[Outcome, Outcome]:
    """Return what the plan comes to as things are, and with the wish.

    Parameters
    ----------
    forecast
        Of this snapshot by these settings.
    """
    today = _outcome(work_out(snapshot, settings, forecast), settings)
    wished = settings if wish.fill_rate is None else _with_goal(settings, wish.fill_rate)
    parts = snapshot.parts
    cost = parts["part_no"].map(wish.cost_e4).fillna(parts["unit_cost_e4"]).astype("int64")
    changed = replace(snapshot, parts=parts.assign(unit_cost_e4=cost))
    then = work_out(changed, wished, forecast, wish.budget_e4, wish.longer_days)
    return today, _outcome(then, wished)


def _with_goal(settings: Settings, fill_rate: float) -> Settings:
    def aimed(own: PlanningSettings) -> PlanningSettings:
        return replace(own, objective="fill_rate", fill_rate=fill_rate, price_of_money=None)

    stores = {name: aimed(own) for name, own in settings.stores.items()}
    return replace(settings, planning=aimed(settings.planning), stores=stores)


def _outcome(workings: Workings, settings: Settings) -> Outcome:
    channels = workings.channels
    return Outcome(
        figures_of(workings, settings),
        {
            (channels.supplier[c], channels.order_type[c]): found
            for c, found in sorted(workings.order_values_e4().items())
        },
    )
