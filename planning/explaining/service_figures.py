"""What a plan comes to in a few figures: the service it promises, however one counts it, and the money it takes.

The goal counts order lines filled complete; beside it stand the units filled, the order cycles without a shortage, the
time with something on the shelf and the days that a unit asked for is waited for (`optimisation.service_measures`),
each at the position that is reached once what is ordered counts.

Over many items: lines and units are weighed by how many are asked for a day, cycles and time by the lines. Who waits:
where unmet demand is ordered urgently, a unit that the shelf lacks waits the urgent order's lead time; where it waits
for the stock order, as long as Little's law says; what is lost waits no longer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from demand.history import Float64Array1D
from optimisation.service import unit_fill
from optimisation.service_measures import cycle_service, mean_backorders, ready_rate
from planning.levels.supply import MILLION
from planning.lines import Workings
from planning.settings import Settings

FIGURES = (
    "line_fill_ppm",
    "unit_fill_ppm",
    "cycle_service_ppm",
    "ready_rate_ppm",
    "waiting_days_milli",
    "order_lines",
    "order_value_e4",
    "stock_value_e4",
)
"""Names of a plan's figures, in the order in which they are shown."""


@dataclass(frozen=True)
class Service:
    """Service of each item at the position that is reached, ``(n_items,)`` each."""

    line_fill: Float64Array1D
    unit_fill: Float64Array1D
    cycle_service: Float64Array1D
    ready_rate: Float64Array1D
    waiting_days: Float64Array1D


def service_of(workings: Workings, settings: Settings) -> Service:
    """Return how each item serves; an item that nobody asks for serves all."""
    items, targets, supply = workings.items, workings.targets, workings.supply
    reached = workings.reached_milli() // items.unit_milli
    level = np.maximum(reached, 0)
    units = unit_fill(targets.until_regular, targets.until_next, level)
    asked = targets.demand_per_day > 0
    waited = mean_backorders(targets.until_regular, targets.until_next, reached)
    by_law = np.divide(waited, targets.demand_per_day, out=np.zeros(items.count), where=asked)
    unmet = np.array([settings.of_store(store).unmet for store in items.store], dtype=object)
    urgent = (unmet == "urgent") & (supply.urgent >= 0)
    days = np.select([urgent, unmet == "lost"], [(1 - units) * supply.urgent_days_mean, np.zeros(items.count)], by_law)
    return Service(
        workings.fill_rate(),
        units,
        cycle_service(targets.until_next, level),
        ready_rate(targets.until_regular, targets.until_next, level),
        np.where(asked, days, 0.0),
    )


def figures_of(workings: Workings, settings: Settings) -> dict[str, int]:
    """Return the figures of a plan as whole numbers, by `FIGURES`."""
    service = service_of(workings, settings)
    items, targets = workings.items, workings.targets
    lines = targets.curves.lines / workings.supply.review_days
    units = targets.demand_per_day
    reached = np.maximum(workings.reached_milli() // items.unit_milli, 0)
    ordered = workings.order_values_e4()
    return {
        "line_fill_ppm": workings.fill_rate_ppm(),
        "unit_fill_ppm": _share(service.unit_fill, units),
        "cycle_service_ppm": _share(service.cycle_service, lines),
        "ready_rate_ppm": _share(service.ready_rate, lines),
        "waiting_days_milli": round(1000 * _mean(service.waiting_days, units)),
        "order_lines": sum(count for count, _ in ordered.values()),
        "order_value_e4": sum(value for _, value in ordered.values()),
        "stock_value_e4": round(float((targets.curves.stock_at(reached) * targets.costs.unit_cost_e4).sum())),
    }


def _share(values: Float64Array1D, weights: Float64Array1D) -> int:
    return round(MILLION * _mean(values, weights)) if weights.sum() > 0 else MILLION


def _mean(values: Float64Array1D, weights: Float64Array1D) -> float:
    total = float(weights.sum())
    return float((values * weights).sum()) / total if total > 0 else 0.0
