"""`Plan`, `Proposal`, `ProposalLine`, `Reason`, `RunManifest`: what to order, why, and from what it was derived.

A plan holds one proposal per supplier and order type: one purchase order to be. Each line answers *why this quantity*
by a reason whose whole numbers add up exactly:

    target - position = need;   need + rounding + minimum fill - budget cut = quantity

Quantities are thousandths of the part's stock unit, money ten-thousandths of the currency, shares parts per million.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planning.orders.transfers import Transfer


@dataclass(frozen=True)
class Reason:
    """Why a line orders what it orders: a kind, and the facts its sentence uses.

    Parameters
    ----------
    kind
        ``replenish`` (stock order up to the level), ``backorder`` (a customer waits), ``bridge`` (urgent, because the
        stock order would come too late).
    facts
        Whole numbers and texts named in the sentence; the quantities of the sum above are always among them as
        ``target_milli, position_milli, need_milli, rounding_milli, minimum_fill_milli, budget_cut_milli``; ``floor``
        (``vital`` or ``often``) is there where a floor, and not its worth for the goal, set the target; ``override,
        set_by, set_why, set_until`` where a person set the forecast; ``approved_milli, transit_milli`` what of the
        quantity on order has no purchase order; ``has_last, last_level_milli, at_last_price_milli, free_level_milli,
        is_held`` what the last plan had set (`planning.levels.steady`); ``alternative`` and its
        ``_quantity_milli, _money_e4, _lines_milli, _fill_ppm`` the next best choice (`planning.orders.alternatives`).
    """

    kind: str
    facts: Mapping[str, int | str]


@dataclass(frozen=True)
class ProposalLine:
    """One part for one store on one purchase order to be."""

    store: str
    part_no: str
    quantity_milli: int
    unit_cost_e4: int
    on_hand_milli: int
    on_order_milli: int
    reserved_milli: int
    backorder_milli: int
    safety_stock_milli: int
    reorder_point_milli: int
    order_up_to_level_milli: int
    expected_demand_milli: int
    expected_fill_rate_ppm: int
    reason: Reason

    @property
    def value_e4(self) -> int:
        """What the line costs, rounded half up to the last unit of money."""
        return (self.quantity_milli * self.unit_cost_e4 + 500) // 1000


@dataclass(frozen=True)
class Level:
    """What is set for a part at a store: the regular order's line, of quantity 0 where nothing is ordered.

    Parameters
    ----------
    supplier, order_type
        By whom and how it is ordered regularly; the order type is empty where there is no way to order.
    urgent_milli
        What is ordered urgently beside it.
    line
        Safety stock, reorder point, order-up-to level, position, quantity and reason.
    """

    supplier: str
    order_type: str
    urgent_milli: int
    line: ProposalLine


@dataclass(frozen=True)
class Proposal:
    """One purchase order to be: a supplier, an order type, a day, and lines sorted by store and part number."""

    supplier: str
    order_type: str
    order_on: date
    expected_on: date
    lines: tuple[ProposalLine, ...]

    @property
    def value_e4(self) -> int:
        """What the order costs."""
        return sum(line.value_e4 for line in self.lines)

    def content_hash(self) -> str:
        """Return the SHA-256 of the proposal in hexadecimal: equal inputs make equal hashes."""
        text = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class RunManifest:
    """From what a plan was derived: enough to run it again and compare byte for byte."""

    as_of: date
    known_at: int
    snapshot_hash: str
    settings: Mapping[str, object]
    program_version: str

    @property
    def run_id(self) -> str:
        """A name for the run: its date and the head of the hash of all that went into it."""
        text = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False, default=str)
        return f"{self.as_of:%Y%m%d}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


@dataclass(frozen=True)
class Plan:
    """The result of one batch run.

    Parameters
    ----------
    manifest
        What it was derived from.
    proposals
        Sorted by supplier and order type; those without lines are left out.
    expected_fill_rate_ppm
        Share of order lines, over all items, expected to be filled complete from the shelf.
    stores
        The stores planned, sorted.
    notes
        What the run could not do as asked, as reasons of kind ``no-channel``, ``target-not-reached``, …
    levels
        What is set for every part and store, sorted by store and part number.
    figures
        What the plan comes to (`planning.explaining.service_figures`).
    price_per_line_e4
        By store with a fill-rate goal: the price of money at which its levels were set.
    transfers
        What stores send each other instead of buying, by store and part.
    """

    manifest: RunManifest
    proposals: tuple[Proposal, ...]
    expected_fill_rate_ppm: int
    stores: tuple[str, ...]
    notes: tuple[Reason, ...]
    levels: tuple[Level, ...]
    figures: Mapping[str, int]
    price_per_line_e4: Mapping[str, int]
    transfers: tuple[Transfer, ...] = ()
