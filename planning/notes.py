"""What a plan says of the shelf as a whole and of its suppliers: parts that come and go, lead times as seen."""

from __future__ import annotations

from planning.levels.stocking import StockingState
from planning.levels.supply import MILLION, Channels
from planning.levels.targets import Targets
from planning.proposal import Reason

MILLI = 1000


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
    """Return, for each channel of which orders were received, its lead time as told, seen and planned with."""
    return [
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
