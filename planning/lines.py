"""From what is ordered to proposals: one per supplier and order type, each line with the sum that made it.

Also the working of one item that orders nothing, so that *why not* has the same kind of answer as *why*.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from demand.history import Float64Array1D, Int64Array1D
from planning.ordering import Orders, Part, channel_cost_e4
from planning.position import Items
from planning.proposal import Proposal, ProposalLine, Reason
from planning.supply import MILLION, Channels, Supply
from planning.targets import Targets


@dataclass(frozen=True)
class Workings:
    """All that a plan was made from, item by item; the proposals are read out of it."""

    as_of: date
    items: Items
    channels: Channels
    supply: Supply
    targets: Targets
    orders: Orders
    set_facts: Mapping[int, Mapping[str, str]]
    """By row of the forecast: who has set it, why and until when."""

    def reached_milli(self) -> Int64Array1D:
        """Return the position of each item once what is ordered counts."""
        return self.items.position_milli + self.orders.regular.quantity_milli + self.orders.urgent.quantity_milli

    def fill_rate(self) -> Float64Array1D:
        """Return the share of each item's order lines expected to be filled complete, ``(n_items,)``."""
        return self.targets.curves.fill_at(self.reached_milli() // self.items.unit_milli)

    def fill_rate_ppm(self) -> int:
        """Return the share of order lines, over all items that somebody supplies, expected to be filled complete."""
        lines_per_day = self.targets.curves.lines / self.supply.review_days
        asked = float(lines_per_day.sum())
        return round(MILLION * float((self.fill_rate() * lines_per_day).sum()) / asked) if asked else MILLION


def proposals_of(workings: Workings) -> tuple[Proposal, ...]:
    """Return one proposal per supplier and order type that orders something, sorted."""
    columns = _Columns(workings)
    lines: dict[int, list[ProposalLine]] = {}
    for side in ("urgent", "regular"):
        channel = getattr(workings.supply, side)
        for item in np.flatnonzero(getattr(workings.orders, side).quantity_milli > 0):
            lines.setdefault(int(channel[item]), []).append(columns.line(int(item), side))
    channels = workings.channels
    return tuple(
        Proposal(
            channels.supplier[c],
            channels.order_type[c],
            channels.days[c].order_on,
            channels.days[c].expected_on,
            tuple(sorted(lines[c], key=lambda line: (line.store, line.part_no))),
        )
        for c in sorted(lines)
    )


def working_lines(workings: Workings, part_no: str, store: str | None) -> tuple[tuple[str, ProposalLine], ...]:
    """Return order type and line of a part at one store or all, those included that order nothing.

    The regular order always has its line, with a reason of kind ``nothing`` where nothing is ordered; the urgent one
    only where it was wanted.
    """
    columns = _Columns(workings)
    found: list[tuple[str, ProposalLine]] = []
    for item, (name, number) in enumerate(zip(workings.items.store, workings.items.part_no, strict=True)):
        if number != part_no or (store is not None and name != store):
            continue
        for side in ("regular", "urgent"):
            channel = int(getattr(workings.supply, side)[item])
            if side == "regular" or getattr(workings.orders, side).wanted.quantity_milli[item] > 0:
                order_type = workings.channels.order_type[channel] if channel >= 0 else ""
                found.append((order_type, columns.line(item, side)))
    return tuple(found)


class _Columns:
    """The columns that lines are read from, worked out once."""

    def __init__(self, workings: Workings) -> None:
        self.workings = workings
        items, targets = workings.items, workings.targets
        self.level_milli = targets.level * items.unit_milli
        self.expected_milli = np.round(targets.protection_demand * items.unit_milli).astype(np.int64)
        self.fill_ppm = np.round(workings.fill_rate() * MILLION).astype(np.int64)

    def line(self, item: int, side: str) -> ProposalLine:
        workings, items = self.workings, self.workings.items
        part: Part = getattr(workings.orders, side)
        channel = int(getattr(workings.supply, side)[item])
        multiplier = int(workings.channels.multiplier_ppm[channel]) if channel >= 0 else MILLION
        cost = channel_cost_e4(items.unit_cost_e4[item : item + 1], np.array([multiplier], dtype=np.int64))
        level = int(self.level_milli[item])
        return ProposalLine(
            store=items.store[item],
            part_no=items.part_no[item],
            quantity_milli=int(part.quantity_milli[item]),
            unit_cost_e4=int(cost[0]),
            on_hand_milli=int(items.on_hand_milli[item]),
            on_order_milli=int(items.on_order_milli[item]),
            reserved_milli=int(items.reserved_milli[item]),
            backorder_milli=int(items.backorder_milli[item]),
            safety_stock_milli=level - int(self.expected_milli[item]) if level else 0,
            reorder_point_milli=max(level - int(items.unit_milli[item]), 0),
            order_up_to_level_milli=level,
            expected_demand_milli=int(self.expected_milli[item]),
            expected_fill_rate_ppm=int(self.fill_ppm[item]),
            reason=self._reason(item, side, part, channel),
        )

    def _reason(self, item: int, side: str, part: Part, channel: int) -> Reason:
        workings, items = self.workings, self.workings.items
        quantity, wanted = int(part.quantity_milli[item]), int(part.wanted.quantity_milli[item])
        topped_up = max(quantity - wanted, 0)
        facts: dict[str, int | str] = {
            "target_milli": int(part.target_milli[item]),
            "position_milli": int(part.position_milli[item]),
            "need_milli": int(part.wanted.need_milli[item]),
            "rounding_milli": int(part.wanted.rounding_milli[item]),
            "minimum_fill_milli": int(part.wanted.minimum_fill_milli[item]) + topped_up,
            "budget_cut_milli": max(wanted - quantity, 0),
            "topped_up_milli": topped_up,
            "pack_milli": int(items.pack_milli[item]),
            "least_milli": int(items.least_milli[item]),
            "urgent_milli": int(workings.orders.urgent.quantity_milli[item]) if side == "regular" else 0,
        }
        if side == "regular" and workings.targets.level[item] == workings.targets.floor[item] > 0:
            facts["floor"] = "vital" if items.is_vital[item] else "often"
        if side == "regular":
            facts |= workings.targets.stocking.facts(item)
        facts |= workings.set_facts.get(int(items.forecast_row[item]), {})
        if channel >= 0:
            days = workings.channels.days[channel]
            review = int(workings.supply.review_days[item])
            facts["expected_on"] = days.expected_on.isoformat()
            regular = workings.channels.days[int(workings.supply.regular[item])]
            following = regular.expected_on + timedelta(days=review if side == "regular" else 0)
            facts["covered_until"] = following.isoformat()
            facts["covered_days"] = (following - workings.as_of).days
        return Reason(self._kind(item, side, part, channel), facts)

    def _kind(self, item: int, side: str, part: Part, channel: int) -> str:
        if channel < 0:
            return "supply-ended" if self.workings.supply.has_ended[item] else "no-channel"
        if not part.quantity_milli[item]:
            return "nothing"
        if side == "urgent":
            return "backorder" if part.position_milli[item] < 0 else "bridge"
        return "replenish" if part.wanted.need_milli[item] > 0 else "top-up"
