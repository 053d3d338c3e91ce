"""One batch run on one page: from a snapshot of the books to the purchase orders to be, with a reason on every line.

Pure: the same snapshot and settings give the same plan, byte for byte, for any order of the rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from demand import __version__
from forecasting.forecast import Forecast
from inventory.snapshot import Snapshot
from planning.explaining.service_figures import figures_of
from planning.levels.shelf import shelf_of
from planning.levels.spending import within_budget
from planning.levels.steady import steadied
from planning.levels.supply import channels_of, delayed, supply_of
from planning.levels.targets import ground_of
from planning.levels.worth import is_a_goal, worth_of
from planning.lines import Workings, levels_of, proposals_of
from planning.notes import left_out, notes_of
from planning.orders.ordering import orders_of, purses_of
from planning.orders.position import items_of, late_milli
from planning.orders.transfers import transfers_of
from planning.preparing.overrides import set_facts
from planning.preparing.prepare import forecast_of
from planning.proposal import Plan, RunManifest
from planning.settings import Settings
from planning.unusable import usable


def plan(snapshot: Snapshot, settings: Settings, budget_e4: int | None = None) -> Plan:
    """Return what to order.

    Parameters
    ----------
    snapshot
        The books at one moment.
    settings
        The dealership's choices.
    budget_e4
        Most that may be ordered in all, in place of the budgets of the snapshot; None where there is no such amount.
    """
    sound, faults = usable(snapshot)
    workings = work_out(sound, settings, forecast_of(sound, settings), budget_e4)
    return Plan(
        manifest_of(snapshot, settings, budget_e4),
        proposals_of(workings),
        workings.fill_rate_ppm(),
        tuple(sorted(set(workings.items.store))),
        (*left_out(faults), *notes_of(workings)),
        levels_of(workings),
        figures_of(workings, settings),
        {store: goal.price_per_line_e4 for goal in workings.targets.goals if is_a_goal(goal) for store in goal.stores},
        workings.transfers,
    )


def work_out(
    snapshot: Snapshot,
    settings: Settings,
    forecast: Forecast,
    budget_e4: int | None = None,
    longer_days: Mapping[str, int] | None = None,
) -> Workings:
    """Return the working of every item: where it stands, what it should reach, what it orders.

    Parameters
    ----------
    longer_days
        By supplier: days that he takes longer than is known of him; nothing where this is not asked.
    """
    items = items_of(snapshot, forecast)
    channels = channels_of(snapshot, settings)
    channels = delayed(channels, longer_days or {})
    shelf = shelf_of(snapshot, items, settings)
    supply = supply_of(items, channels, shelf.supply_days, settings, snapshot.as_of)
    purses = purses_of(snapshot.budgets, budget_e4)
    ground = ground_of(items, supply, channels, shelf, forecast, settings)
    targets = within_budget(ground, channels, purses, settings)
    worth, set_by_hand = worth_of(items, supply, targets), set_facts(forecast, snapshot)
    targets, last = steadied(items, targets, worth, snapshot.last_levels, frozenset(set_by_hand), settings)
    items, transfers = transfers_of(items, supply, channels, targets, forecast, snapshot, settings)
    regular_on = [channels.days[channel].expected_on if channel >= 0 else None for channel in supply.regular.tolist()]
    late = late_milli(snapshot, items, regular_on)
    orders = orders_of(items, supply, channels, targets, worth, purses, settings, late)
    return Workings(snapshot.as_of, items, channels, supply, targets, orders, set_by_hand, worth, last, transfers)


def manifest_of(snapshot: Snapshot, settings: Settings, budget_e4: int | None) -> RunManifest:
    """Return from what the plan is derived."""
    stated = {**asdict(settings), "budget_e4": budget_e4}
    return RunManifest(snapshot.as_of, snapshot.known_at, snapshot.content_hash(), stated, __version__)
