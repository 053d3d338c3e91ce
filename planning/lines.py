"""From what is ordered to proposals: one per supplier and order type, each line with the sum that made it.

Also the level of every item, whether it orders or not, so that *why not* has the same kind of answer as *why*: the
regular order's line with a reason of kind ``nothing`` where nothing is ordered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from demand.history import Float64Array1D, Int64Array1D
from planning.levels.steady import LastPlan
from planning.levels.supply import MILLION, Channels, Supply
from planning.levels.targets import Targets
from planning.levels.worth import Worth
from planning.orders.alternatives import KINDS, alternatives_of
from planning.orders.ordering import Orders, channel_cost_e4
from planning.orders.position import Items
from planning.orders.transfers import Transfer, sent_facts
from planning.proposal import Level, Proposal, ProposalLine, Reason

SIDES = ("regular", "urgent")


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
    worth: Worth
    last: LastPlan
    transfers: tuple[Transfer, ...] = ()

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

    def unit_cost_e4(self, side: str) -> Int64Array1D:
        """Return what a stock unit of each item costs by its regular or its urgent order."""
        multiplier = np.append(self.channels.multiplier_ppm, MILLION)  # the last one answers -1
        return channel_cost_e4(self.items.unit_cost_e4, multiplier[getattr(self.supply, side)])

    def order_values_e4(self) -> dict[int, tuple[int, int]]:
        """Return lines and value of the order by each channel, those that order nothing left out."""
        found: dict[int, tuple[int, int]] = {}
        for side in SIDES:
            channel, quantity = getattr(self.supply, side), getattr(self.orders, side).quantity_milli
            value = (quantity * self.unit_cost_e4(side) + 500) // 1000
            for c in np.unique(channel[quantity > 0]):
                mine = (channel == c) & (quantity > 0)
                count, before = found.get(int(c), (0, 0))
                found[int(c)] = count + int(mine.sum()), before + int(value[mine].sum())
        return found


def proposals_of(workings: Workings) -> tuple[Proposal, ...]:
    """Return one proposal per supplier and order type that orders something, sorted."""
    lines: dict[int, list[ProposalLine]] = {}
    for side in reversed(SIDES):
        columns, channel = _Columns(workings, side), getattr(workings.supply, side)
        for item in np.flatnonzero(getattr(workings.orders, side).quantity_milli > 0):
            lines.setdefault(int(channel[item]), []).append(columns.line(int(item)))
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


def levels_of(workings: Workings) -> tuple[Level, ...]:
    """Return what is set for every item, by store and part number, also where nothing is ordered."""
    columns = _Columns(workings, "regular")
    urgent = workings.orders.urgent.quantity_milli.tolist()
    channels, of = workings.channels, workings.supply.regular.tolist()
    return tuple(
        Level(
            workings.items.supplier[item],
            channels.order_type[of[item]] if of[item] >= 0 else "",
            urgent[item],
            columns.line(item),
        )
        for item in range(workings.items.count)
    )


def working_lines(workings: Workings, part_no: str, store: str | None) -> tuple[tuple[str, ProposalLine], ...]:
    """Return order type and line of a part at one store or all, those included that order nothing.

    The regular order always has its line, with a reason of kind ``nothing`` where nothing is ordered; the urgent one
    only where it was wanted.
    """
    columns = {side: _Columns(workings, side) for side in SIDES}
    found: list[tuple[str, ProposalLine]] = []
    for item, (name, number) in enumerate(zip(workings.items.store, workings.items.part_no, strict=True)):
        if number != part_no or (store is not None and name != store):
            continue
        for side in SIDES:
            channel = int(getattr(workings.supply, side)[item])
            if side == "regular" or getattr(workings.orders, side).wanted.quantity_milli[item] > 0:
                order_type = workings.channels.order_type[channel] if channel >= 0 else ""
                found.append((order_type, columns[side].line(item)))
    return tuple(found)


class _Columns:
    """The columns that the lines of one side are read from, worked out once for all items."""

    def __init__(self, workings: Workings, side: str) -> None:
        items, targets = workings.items, workings.targets
        self.workings, self.side = workings, side
        self.part = getattr(workings.orders, side)
        self.channel = getattr(workings.supply, side).tolist()
        level = targets.level * items.unit_milli
        expected = np.round(targets.protection_demand * items.unit_milli).astype(np.int64)
        figures = {
            "quantity_milli": self.part.quantity_milli,
            "unit_cost_e4": workings.unit_cost_e4(side),
            "on_hand_milli": items.on_hand_milli,
            "on_order_milli": items.on_order_milli,
            "reserved_milli": items.reserved_milli,
            "backorder_milli": items.backorder_milli,
            "safety_stock_milli": np.where(level > 0, level - expected, 0),
            "reorder_point_milli": np.maximum(level - items.unit_milli, 0),
            "order_up_to_level_milli": level,
            "expected_demand_milli": expected,
            "expected_fill_rate_ppm": np.round(workings.fill_rate() * MILLION).astype(np.int64),
        }
        self.figures = {name: column.tolist() for name, column in figures.items()}
        self.kind = self._kinds().tolist()
        self.facts = {name: column.tolist() for name, column in self._facts().items()}
        self.some_facts = {name: column.tolist() for name, column in self._some_facts().items()}
        self.sent = sent_facts(workings.transfers)
        self.alternative = alternatives_of(
            items, workings.channels, workings.supply, targets, workings.orders, workings.worth, side
        )

    def line(self, item: int) -> ProposalLine:
        """Return the line of one item."""
        items = self.workings.items
        return ProposalLine(
            store=items.store[item],
            part_no=items.part_no[item],
            reason=Reason(self.kind[item], self._facts_of(item)),
            **{name: column[item] for name, column in self.figures.items()},
        )

    def _kinds(self) -> NDArray[np.object_]:
        part, no_channel = self.part, np.array(self.channel) < 0
        urgent = np.full(no_channel.shape, self.side == "urgent")
        cases = {
            "supply-ended": no_channel & self.workings.supply.has_ended,
            "no-channel": no_channel,
            "nothing": part.quantity_milli == 0,
            "backorder": urgent & (part.position_milli < 0),
            "bridge": urgent,
            "replenish": part.wanted.need_milli > 0,
        }
        names = np.array([*cases, "top-up"], dtype=object)
        kinds: NDArray[np.object_] = names[
            np.select(list(cases.values()), list(range(len(cases))), default=len(cases)).astype(np.int64)
        ]
        return kinds

    def _facts(self) -> dict[str, Int64Array1D]:
        """Return the facts that every reason has."""
        items, orders, part = self.workings.items, self.workings.orders, self.part
        wanted = part.wanted.quantity_milli
        topped_up = np.maximum(part.quantity_milli - wanted, 0)
        is_regular = self.side == "regular"
        return {
            "target_milli": part.target_milli,
            "position_milli": part.position_milli,
            "need_milli": part.wanted.need_milli,
            "rounding_milli": part.wanted.rounding_milli,
            "minimum_fill_milli": part.wanted.minimum_fill_milli + topped_up,
            "budget_cut_milli": np.maximum(wanted - part.quantity_milli, 0),
            "topped_up_milli": topped_up,
            "pack_milli": items.pack_milli,
            "least_milli": items.least_milli,
            "urgent_milli": orders.urgent.quantity_milli if is_regular else np.zeros(items.count, dtype=np.int64),
        }

    def _some_facts(self) -> dict[str, Int64Array1D]:
        """Return the facts that a reason has only where they are not zero."""
        items, last = self.workings.items, self.workings.last
        unit = items.unit_milli
        found = {"approved_milli": items.approved_milli, "transit_milli": items.transit_milli}
        if self.side == "urgent":
            return found
        known = last.level >= 0
        return found | {
            "has_last": known.astype(np.int64),
            "last_level_milli": np.where(known, last.level * unit, 0),
            "at_last_price_milli": np.where(known, last.at_last_price * unit, 0),
            "free_level_milli": np.where(known, last.free_level * unit, 0),
            "is_held": last.is_held.astype(np.int64),
            "left_out_milli": self.workings.orders.left_out_milli,
        }

    def _facts_of(self, item: int) -> dict[str, int | str]:
        workings, items, targets = self.workings, self.workings.items, self.workings.targets
        facts: dict[str, int | str] = {name: column[item] for name, column in self.facts.items()}
        facts |= {name: column[item] for name, column in self.some_facts.items() if column[item]}
        if self.side == "regular" and targets.level[item] == targets.floor[item] > 0:
            facts["floor"] = "vital" if items.is_vital[item] else "often"
        facts |= self.sent.get((items.store[item], items.part_no[item]), {})
        if self.side == "regular":
            facts |= targets.stocking.facts(item)
        facts |= workings.set_facts.get(int(items.forecast_row[item]), {})
        if self.channel[item] >= 0:
            facts |= self._days(item)
        other = self.alternative
        if other.kind[item]:
            facts["alternative"] = KINDS[other.kind[item]]
            for name in ("quantity_milli", "money_e4", "lines_milli", "fill_ppm"):
                facts[f"alternative_{name}"] = int(getattr(other, name)[item])
        return facts

    def _days(self, item: int) -> dict[str, int | str]:
        """Return when the order is here, and until when what is held must last."""
        workings = self.workings
        channels, supply = workings.channels, workings.supply
        regular = channels.days[int(supply.regular[item])]
        following = regular.expected_on
        if self.side == "regular":
            following += timedelta(days=int(supply.review_days[item]))
        return {
            "expected_on": channels.days[self.channel[item]].expected_on.isoformat(),
            "covered_until": following.isoformat(),
            "covered_days": (following - workings.as_of).days,
        }
