"""What a plan says as a whole: what was left out, at which price of money, what comes and goes, and how good it is."""

from __future__ import annotations

from collections import Counter
from math import ceil, isfinite

from inventory.findings import Finding
from planning.levels.stocking import StockingState
from planning.levels.supply import MILLION, Channels
from planning.levels.targets import Targets
from planning.lines import Workings
from planning.orders.transfers import Transfer
from planning.proposal import Reason

MILLI = 1000
_ROUNDING = 1e-9
"""Share that the sums of a bound may be off by; less than it is no statement."""


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


def shelf_notes(targets: Targets) -> list[Reason]:
    """Return how many items are on the shelf, come and go, and what a rule of so many requests costs beside worth."""
    stocked, comes, goes = (
        targets.stocking.count(state)
        for state in (StockingState.STOCKED, StockingState.PHASED_IN, StockingState.PHASED_OUT)
    )
    notes = [Reason("shelf", {"items": stocked + comes, "of": len(targets.stocking.state), "in": comes, "out": goes})]
    notes.extend(
        Reason(
            "stocking-rule",
            {
                "stores": ", ".join(goal.stores),
                "items": goal.rule.parts,
                "value_e4": goal.rule.stock_value_e4,
                "fill_ppm": round(goal.rule.fill_rate * MILLION),
                "worth_items": goal.rule.worth_parts,
                "worth_value_e4": goal.rule.worth_stock_value_e4,
                "worth_fill_ppm": round(goal.rule.worth_fill_rate * MILLION),
                "same_fill_value_e4": goal.rule.same_fill_value_e4,
            },
        )
        for goal in targets.goals
        if goal.rule is not None
    )
    return notes


def lead_time_notes(channels: Channels) -> list[Reason]:
    """Return, for each channel that has taught, its lead time as told, seen and planned with, and what is late.

    What is late of orders taken over is told for all suppliers at once: it moves nothing.
    """
    found = [
        Reason(
            "lead-time",
            {
                "supplier": supplier,
                "order_type": order_type,
                "orders": each.orders,
                **{
                    f"{name}_milli": round(getattr(each, name) * MILLI)
                    for name in ("told_mean", "told_sd", "seen_mean", "seen_sd", "mean", "sd")
                },
            },
        )
        for supplier, order_type, each in zip(channels.supplier, channels.order_type, channels.lead_time, strict=True)
        if each.orders
    ]
    taken_over: dict[str, int] = {}
    for supplier, kind, each in zip(channels.supplier, channels.order_type, channels.lead_time, strict=True):
        facts: dict[str, int | str] = {"supplier": supplier, "order_type": kind, "orders": each.late}
        if each.late:
            found.append(Reason("lead-time-late", facts | {"mean_milli": round(each.mean * MILLI)}))
        if each.taken_over:
            taken_over[supplier] = taken_over.get(supplier, 0) + each.taken_over
    if taken_over:
        listed = ", ".join(f"{supplier} {orders}" for supplier, orders in taken_over.items())
        found.append(Reason("lead-time-taken-over", {"suppliers": listed}))
    return found
