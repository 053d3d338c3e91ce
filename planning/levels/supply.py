"""How each item is bought: the channel of its regular order, the urgent one beside it, their days and their prices.

A part is ordered regularly by its supplier's stock order; where the supplier takes none, by the urgent one. Where he
takes both, the urgent order stands beside the regular one. Channel indices point into `Channels`; -1 is none. Lead
times are those told by the supplier, moved by what he delivered (`planning.levels.lead_times`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from demand.history import Float64Array1D, Int64Array1D
from inventory.snapshot import Snapshot
from optimisation.calendar import OrderDays, order_days, parse_weekdays
from planning.levels.lead_times import LeadTime, lead_times
from planning.orders.position import Items
from planning.settings import Settings

MILLION = 1_000_000


@dataclass(frozen=True)
class Channels:
    """The ways to order, sorted by supplier and order type.

    Parameters
    ----------
    supplier, order_type
        Names, ``n_channels`` each.
    days
        The next order day and its lead time, by the review interval of the settings' first section.
    is_any_day
        True for a stock order taken on any day: a store's own review interval holds for it, ``(n_channels,)``.
    multiplier_ppm, minimum_e4, fee_e4
        Price against the catalogue, least order value, cost of placing an order, ``(n_channels,)``.
    lead_time
        What was told of it, what was seen, and what is planned with, ``n_channels``.
    """

    supplier: tuple[str, ...]
    order_type: tuple[str, ...]
    days: tuple[OrderDays, ...]
    is_any_day: NDArray[np.bool_]
    multiplier_ppm: Int64Array1D
    minimum_e4: Int64Array1D
    fee_e4: Int64Array1D
    lead_time: tuple[LeadTime, ...]


@dataclass(frozen=True)
class Supply:
    """How each item is bought, ``(n_items,)`` each; days count from the day of the plan.

    Parameters
    ----------
    regular, urgent
        Channel of the regular order and of the urgent one beside it; -1 where there is none.
    review_days
        Days one regular order serves.
    lead_days_mean, lead_days_sd
        Until the regular order is on the shelf; 0 where there is no channel.
    urgent_days_mean, urgent_days_sd
        Until the urgent order is on the shelf; 0 where there is none.
    order_days
        Until the next day on which the regular order is taken; 0 where there is no channel.
    has_ended
        True where the supplier takes no order for the part any more: it has no channel.
    """

    regular: Int64Array1D
    urgent: Int64Array1D
    review_days: Float64Array1D
    lead_days_mean: Float64Array1D
    lead_days_sd: Float64Array1D
    urgent_days_mean: Float64Array1D
    urgent_days_sd: Float64Array1D
    order_days: Float64Array1D
    has_ended: NDArray[np.bool_]


def channels_of(snapshot: Snapshot, settings: Settings) -> Channels:
    """Return the channels of the snapshot with their next order day, their lead times learnt from the receipts."""
    rows, as_of = snapshot.channels.sort_values(["supplier", "order_type"], kind="stable"), snapshot.as_of
    only_told = settings.planning.lead_times == "told"
    lead = lead_times(rows, snapshot.receipts, snapshot.open_orders, as_of, only_told=only_told)
    days = tuple(
        order_days(
            as_of,
            parse_weekdays(str(weekdays)),
            settings.planning.review_days if order_type == "stock" else 1,
            each.mean,
            each.sd,
        )
        for order_type, weekdays, each in zip(rows["order_type"], rows["order_weekdays"].fillna(""), lead, strict=True)
    )
    return Channels(
        tuple(rows["supplier"].astype(str)),
        tuple(rows["order_type"].astype(str)),
        days,
        ((rows["order_weekdays"].fillna("") == "") & (rows["order_type"] == "stock")).to_numpy(dtype=np.bool_),
        rows["cost_multiplier_ppm"].fillna(MILLION).to_numpy(dtype=np.int64),
        rows["min_order_value_e4"].fillna(0).to_numpy(dtype=np.int64),
        rows["order_fee_e4"].fillna(0).to_numpy(dtype=np.int64),
        lead,
    )


def delayed(channels: Channels, longer_days: Mapping[str, int]) -> Channels:
    """Return the channels as they would be if suppliers took longer, or shorter where the days are below zero."""
    days = tuple(
        replace(
            each,
            expected_on=max(each.expected_on + timedelta(days=longer_days.get(supplier, 0)), each.order_on),
            lead_days_mean=max(each.lead_days_mean + longer_days.get(supplier, 0), 0.0),
        )
        for supplier, each in zip(channels.supplier, channels.days, strict=True)
    )
    return replace(channels, days=days)


def supply_of(items: Items, channels: Channels, supply_days: Float64Array1D, settings: Settings, as_of: date) -> Supply:
    """Return how each item is bought.

    Parameters
    ----------
    supply_days
        Days until the last on which each item can be ordered, infinite where there is none, ``(n_items,)``.
    """
    index = {pair: i for i, pair in enumerate(zip(channels.supplier, channels.order_type, strict=True))}
    stock = np.array([index.get((supplier, "stock"), -1) for supplier in items.supplier], dtype=np.int64)
    urgent = np.array([index.get((supplier, "urgent"), -1) for supplier in items.supplier], dtype=np.int64)
    gaps = np.array([(day.order_on - as_of).days for day in channels.days] + [0], dtype=np.float64)
    # What ends before its next stock order can still be had urgently, up to the last day.
    stock = np.where(supply_days < gaps[stock], -1, stock)
    urgent = np.where(supply_days < gaps[urgent], -1, urgent)
    regular = np.where(stock >= 0, stock, urgent)
    has_ended = np.isfinite(supply_days) & (regular < 0)
    days = [*channels.days, None]  # the last answers index -1

    def column(name: str, of: Int64Array1D) -> Float64Array1D:
        values = np.array([float(getattr(day, name)) if day else 0.0 for day in days])
        chosen: Float64Array1D = values[of]
        return chosen

    review = np.maximum(column("review_days", regular), 1.0)
    own = np.array([settings.of_store(store).review_days for store in items.store], dtype=np.float64)
    review = np.where(np.append(channels.is_any_day, False)[regular], own, review)
    return Supply(
        regular,
        np.where(stock >= 0, urgent, -1),
        review,
        column("lead_days_mean", regular),
        column("lead_days_sd", regular),
        column("lead_days_mean", np.where(stock >= 0, urgent, -1)),
        column("lead_days_sd", np.where(stock >= 0, urgent, -1)),
        gaps[regular],
        has_ended,
    )
