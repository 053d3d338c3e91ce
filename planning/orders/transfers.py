"""Transfers before buying: what a store would buy and another has too much of is sent there, where that saves money.

A store can spare what lies free on its shelf beyond its level; a store that would order takes it instead. Worth it is

    packs that need not be bought − what the units would have been worth to the giver − freight
    − what the taker would have had beyond its level of whole packs, and now has not

for each part and taker (`optimisation.surplus` tells the worth of units beyond a level; the last ones used go first).
Who has stock for the longest gives first, where customers wait is served first. What is sent counts in the position of
both stores, as if it were there already; it is sent by hand, with `transfer send`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

import numpy as np
from numpy.typing import NDArray

from demand.history import Float64Array1D, Int64Array1D
from forecasting.forecast import Forecast
from inventory.snapshot import Snapshot
from optimisation.costs import DAYS_PER_YEAR
from optimisation.surplus import Idle, units_worth_e4
from optimisation.transfers import Handed, handed_over
from planning.levels.supply import MILLION, Channels, Supply
from planning.levels.targets import Targets
from planning.orders.position import Items
from planning.settings import Settings


@dataclass(frozen=True)
class Transfer:
    """A part to be sent from one store to another instead of being bought; money at the catalogue's cost.

    Parameters
    ----------
    value_e4
        What it costs in the catalogue.
    gain_e4
        What it saves in all: purchase avoided, less freight and what it would have been worth to the giver.
    """

    from_store: str
    to_store: str
    part_no: str
    quantity_milli: int
    value_e4: int
    gain_e4: int

    def as_row(self) -> dict[str, int | str]:
        """Return it as a row."""
        return asdict(self)


def demand_per_year(items: Items, forecast: Forecast) -> Float64Array1D:
    """Return the demand units that each item is expected to ask for in a year, what is told beforehand once."""
    days = float(forecast.axis.days().sum())
    expected = forecast.mean.sum(axis=1) * DAYS_PER_YEAR / days + forecast.told.sum(axis=1)
    return np.append(expected, 0.0)[items.forecast_row]


def idle_of(
    targets: Targets,
    settings: Settings,
    units: Int64Array1D,
    scale: Float64Array1D,
    per_year: Float64Array1D,
    alive: Float64Array1D,
) -> Idle:
    """Return stock beyond its level in the terms of what it is worth.

    Parameters
    ----------
    units
        How much there is, ``(n_items,)``.
    scale
        What a unit holds, in demand units of the item.
    per_year
        Demand units expected in a year.
    alive
        Chance that the part is ever asked for again.
    """
    costs = targets.costs
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        rate = np.where(per_year > 0, per_year / scale / alive, 0.0)
    lacking = np.where(targets.level == 0, costs.unmet_line_e4 / targets.line_units, 0.0)
    return Idle(
        units,
        costs.unit_cost_e4 * scale,
        lacking * scale,
        costs.holding_per_year_e4 * scale,
        rate,
        alive,
        np.full(units.size, settings.surplus.give_up_days / DAYS_PER_YEAR),
    )


def spare_milli(items: Items, targets: Targets) -> Int64Array1D:
    """Return what lies free on the shelf of each item beyond its level."""
    free = items.on_hand_milli - items.reserved_milli + np.minimum(items.transfer_milli, 0)
    position = items.position_milli - np.maximum(items.transfer_milli, 0)  # what comes is not there to be given away
    spare: Int64Array1D = np.minimum(free, position - targets.level * items.unit_milli)
    return np.maximum(spare, 0)


def transfers_of(
    items: Items,
    supply: Supply,
    channels: Channels,
    targets: Targets,
    forecast: Forecast,
    snapshot: Snapshot,
    settings: Settings,
) -> tuple[Items, tuple[Transfer, ...]]:
    """Return the items with what is to be sent in their position, and the transfers by store and part.

    Parameters
    ----------
    items, supply, channels, targets, forecast
        Where each item stands, how it is bought and what it should reach.
    snapshot
        For what lies under each number itself: only that can be sent.
    settings
        Whether stores give each other parts, and what freight costs.
    """
    if not settings.surplus.transfers or len(set(items.store)) < 2:
        return items, ()
    codes = {number: code for code, number in enumerate(sorted(set(items.part_no)))}
    part = np.array([codes[number] for number in items.part_no], dtype=np.int64)
    unit = np.zeros(len(codes), dtype=np.int64)
    np.maximum.at(unit, part, items.unit_milli)
    per_year = demand_per_year(items, forecast)
    spared = np.minimum(spare_milli(items, targets), _own_milli(items, snapshot)) // unit[part]
    need = np.where(supply.regular >= 0, np.maximum(targets.level * items.unit_milli - items.position_milli, 0), 0)
    with np.errstate(divide="ignore"):
        lasting = spared / per_year
    gives = np.flatnonzero((spared > 0) & np.isin(part, part[need > 0]))
    takes = np.flatnonzero(need > 0)
    gives = gives[np.lexsort((gives, -lasting[gives], part[gives]))]
    takes = takes[np.lexsort((takes, -items.backorder_milli[takes], part[takes]))]
    handed = handed_over(part[gives], spared[gives], part[takes], -(-need[takes] // unit[part[takes]]))
    pairs = Handed(gives[handed.giver], takes[handed.taker], handed.quantity)
    size = unit[part]
    gain = _gain_e4(items, supply, channels, targets, settings, pairs, size, need, spared, per_year)
    sent = pairs.quantity * size[pairs.giver]
    worth_it = np.append(gain, 0)[pairs.taker] > 0
    moved = np.zeros(items.count, dtype=np.int64)
    np.add.at(moved, pairs.taker[worth_it], sent[worth_it])
    np.subtract.at(moved, pairs.giver[worth_it], sent[worth_it])
    return replace(items, transfer_milli=moved), _listed(items, pairs, sent, gain, worth_it)


def sent_facts(transfers: tuple[Transfer, ...]) -> dict[tuple[str, str], dict[str, int | str]]:
    """Return, by store and part, how much comes from where, or goes where: facts for the reason of a line."""
    found: dict[tuple[str, str], dict[str, int | str]] = {}
    for each in transfers:
        for store, other, way in ((each.to_store, each.from_store, "from"), (each.from_store, each.to_store, "to")):
            facts = found.setdefault((store, each.part_no), {})
            facts[f"transfer_{way}_milli"] = int(facts.get(f"transfer_{way}_milli", 0)) + each.quantity_milli
            named = str(facts.get(f"transfer_{way}", ""))
            facts[f"transfer_{way}"] = f"{named}, {other}" if named else other
    return found


def _own_milli(items: Items, snapshot: Snapshot) -> Int64Array1D:
    """Return what lies free under the number of each item itself."""
    held = snapshot.positions
    keys = zip(held["store"], held["part_no"], strict=True)
    free = dict(zip(keys, held["on_hand_milli"] - held["reserved_milli"], strict=True))
    return np.array([free.get(key, 0) for key in zip(items.store, items.part_no, strict=True)], dtype=np.int64)


def _gain_e4(
    items: Items,
    supply: Supply,
    channels: Channels,
    targets: Targets,
    settings: Settings,
    pairs: Handed,
    size_milli: Int64Array1D,
    need_milli: Int64Array1D,
    spared: Int64Array1D,
    per_year: Float64Array1D,
) -> Int64Array1D:
    """Return what all that an item takes saves, ``(n_items,)``."""
    taken, pack = np.zeros(items.count, dtype=np.int64), items.pack_milli
    np.add.at(taken, pairs.taker, pairs.quantity * size_milli[pairs.taker])
    bought, still_bought = (-(-short // pack) * pack for short in (need_milli, np.maximum(need_milli - taken, 0)))
    multiplier = np.append(channels.multiplier_ppm, MILLION)[supply.regular] / MILLION
    gain = np.round((bought - still_bought) * (items.unit_cost_e4 * multiplier) / 1000).astype(np.int64)
    scale = size_milli / items.unit_milli
    idle = idle_of(targets, settings, spared, scale, per_year, np.ones(items.count))
    left = spared[pairs.giver] - _given_before(pairs)
    np.add.at(gain, pairs.taker, units_worth_e4(idle, pairs.giver, left, left - pairs.quantity))
    np.subtract.at(gain, pairs.taker, settings.surplus.transfer_cost_per_line_e4)
    takers = np.unique(pairs.taker)
    over = (bought - need_milli, taken + still_bought - need_milli)
    before, after = (each[takers] // size_milli[takers] for each in over)
    gain[takers] += units_worth_e4(idle, takers, before, after)
    return gain


def _given_before(pairs: Handed) -> Int64Array1D:
    """Return what each giver has given before in the row of pairs; its pairs follow on one another."""
    whole = np.cumsum(pairs.quantity) - pairs.quantity
    change = np.flatnonzero(np.diff(pairs.giver, prepend=-1) != 0)
    first = np.repeat(change, np.diff(np.append(change, pairs.giver.size)))
    before: Int64Array1D = whole - whole[first]
    return before


def _listed(
    items: Items, pairs: Handed, sent_milli: Int64Array1D, gain_e4: Int64Array1D, worth_it: NDArray[np.bool_]
) -> tuple[Transfer, ...]:
    """Return the transfers; where several stores serve one, what is saved is told of each by its share."""
    whole: dict[int, int] = {}
    for taker, quantity, is_sent in zip(pairs.taker.tolist(), sent_milli.tolist(), worth_it.tolist(), strict=True):
        whole[taker] = whole.get(taker, 0) + quantity * is_sent
    told: dict[int, tuple[int, int]] = {}
    found = []
    for giver, taker, quantity in zip(pairs.giver[worth_it], pairs.taker[worth_it], sent_milli[worth_it], strict=True):
        before, said = told.get(int(taker), (0, 0))
        upto = int(gain_e4[taker]) * (before + int(quantity)) // whole[int(taker)]
        told[int(taker)] = (before + int(quantity), upto)
        found.append(
            Transfer(
                items.store[giver],
                items.store[taker],
                items.part_no[taker],
                int(quantity),
                (int(quantity) * int(items.unit_cost_e4[taker]) + 500) // 1000,
                upto - said,
            )
        )
    return tuple(sorted(found, key=lambda each: (each.from_store, each.to_store, each.part_no)))
