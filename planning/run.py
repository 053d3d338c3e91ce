"""One batch run on one page: from a snapshot of the books to the purchase orders to be, with a reason on every line.

Pure: the same snapshot and settings give the same plan, byte for byte, for any order of the rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from math import ceil, isfinite

from demand import __version__
from forecasting.forecast import Forecast
from inventory.findings import Finding
from inventory.snapshot import Snapshot
from planning.explaining.service_figures import figures_of
from planning.levels.shelf import shelf_of
from planning.levels.spending import within_budget
from planning.levels.steady import steadied
from planning.levels.supply import MILLION, channels_of, delayed, supply_of
from planning.levels.targets import ground_of
from planning.levels.worth import is_a_goal, worth_of
from planning.lines import Workings, levels_of, proposals_of
from planning.notes import lead_time_notes, shelf_notes
from planning.orders.ordering import orders_of, purses_of
from planning.orders.position import items_of, late_milli
from planning.orders.transfers import Transfer, transfers_of
from planning.preparing.overrides import set_facts
from planning.preparing.prepare import forecast_of
from planning.proposal import Plan, Reason, RunManifest
from planning.settings import Settings
from planning.unusable import usable

_ROUNDING = 1e-9
"""Share that the sums of a bound may be off by; less than it is no statement."""


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
    channels = channels_of(snapshot.channels, snapshot.receipts, settings, snapshot.as_of)
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


def left_out(faults: tuple[Finding, ...]) -> tuple[Reason, ...]:
    """Return the rows of the books that nothing could be planned with, as notes."""
    return tuple(
        Reason("left-out", {"source": each.source, "column": each.column, "value": each.value, "why": each.reason})
        for each in faults
    )


def notes_of(workings: Workings) -> tuple[Reason, ...]:
    """Return what the run could not do as asked, and at which price of money it did the rest."""
    notes: list[Reason] = []
    missing = Counter(
        supplier
        for supplier, channel, row, has_ended in zip(
            workings.items.supplier,
            workings.supply.regular,
            workings.items.forecast_row,
            workings.supply.has_ended,
            strict=True,
        )
        if channel < 0 and row >= 0 and not has_ended
    )
    notes.extend(
        Reason("no-channel", {"supplier": supplier, "parts": count}) for supplier, count in sorted(missing.items())
    )
    for goal in workings.targets.goals:
        facts: dict[str, int | str] = {
            "stores": ", ".join(goal.stores),
            "asked_ppm": round(goal.asked_fill_rate * MILLION),
            "reached_ppm": round(goal.fill_rate * MILLION),
            "price_per_line_e4": goal.price_per_line_e4,
        }
        if not goal.is_met:
            notes.append(Reason("target-not-reached", facts))
        elif goal.price_per_line_e4:
            notes.append(Reason("price-of-money", facts))
    notes.extend(shelf_notes(workings.targets))
    notes.extend(lead_time_notes(workings.channels))
    notes.extend(_steadiness(workings))
    notes.extend(_sent(workings.transfers))
    notes.extend(_waiting(workings))
    notes.append(_proof(workings))
    if workings.orders.solver_failed:
        notes.append(Reason("solver-failed", {}))
    return tuple(notes)


def _proof(workings: Workings) -> Reason:
    """Return how much more another choice of packs could be worth at most, in parts per million, rounded up."""
    better = workings.orders.better_at_most
    if not isfinite(better):
        return Reason("no-bound", {})
    return Reason("better-at-most", {"better_ppm": ceil(max(better - _ROUNDING, 0.0) * MILLION)})


def _steadiness(workings: Workings) -> list[Reason]:
    """Return what was kept as it was, left out of a pack, or counted though it is not ordered yet."""
    items, last, found = workings.items, workings.last, list[Reason]()
    if last.is_held.any():
        levels = workings.targets.level
        change = (
            workings.worth.lines_per_year(last.free_level, levels),
            workings.worth.tied_up_e4(last.free_level, levels),
        )
        lines, money = (float(each[last.is_held].sum()) for each in change)
        facts: dict[str, int | str] = {"levels": int(last.is_held.sum())}
        facts |= {"lines_milli": round(1000 * lines), "money_e4": round(money)}
        found.append(Reason("held", facts))
    left_out, wanted = workings.orders.left_out_milli, workings.orders.regular.wanted
    down = left_out > 0
    if down.any():
        missing = -(wanted.rounding_milli * workings.unit_cost_e4("regular") // 1000)[down].sum()
        found.append(Reason("rounded-down", {"lines": int(down.sum()), "money_e4": int(missing)}))
    approved = items.approved_milli > 0
    if approved.any():
        value = (items.approved_milli * items.unit_cost_e4 + 500) // 1000
        found.append(Reason("approved", {"lines": int(approved.sum()), "money_e4": int(value.sum())}))
    return found


def _sent(transfers: tuple[Transfer, ...]) -> list[Reason]:
    """Return what comes from other stores instead of being bought, if anything does."""
    if not transfers:
        return []
    sums = {name: sum(getattr(each, name) for each in transfers) for name in ("value_e4", "gain_e4")}
    return [Reason("transfers", {"lines": len(transfers), **sums})]


def _waiting(workings: Workings) -> list[Reason]:
    """Return the orders that wait for their next order day, and what purses have cut from the rest."""
    wanted, cut = Counter[int](), Counter[int]()
    for side in ("regular", "urgent"):
        channel = getattr(workings.supply, side)
        part = getattr(workings.orders, side)
        short = part.wanted.quantity_milli > part.quantity_milli
        wanted.update(channel[part.wanted.quantity_milli > 0].tolist())
        cut.update(channel[short].tolist())
    channels = workings.channels
    return [
        Reason(
            "budget-cut" if workings.orders.placed[c] else "order-waits",
            {"supplier": channels.supplier[c], "order_type": channels.order_type[c], "lines": count, "of": wanted[c]},
        )
        for c, count in sorted(cut.items())
    ]
