"""Two plans beside each other: how much more or less of each part is ordered, and why, in whole numbers that add up.

What is ordered of an item, regularly and urgently together, is a sum:

    quantity = level − on hand + reserved − on order + backorders − transfers + surplus + packs + minimums − budget cut

Surplus is what the position holds beyond the level. The change of the quantity is the sum of the changes of its parts.
The level changes by causes of its own, one after the other: today's law of demand at the last plan's price of money
(demand, and of it the days that the order must cover, at today's demand a day), today's price, and the dead band
(`planning.levels.steady` tells the levels in between). A part that comes onto the shelf or leaves it does so for one
cause.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from planning.stored import facts_of

Row = Mapping[str, object]

CAUSES = (
    *("demand", "cover_days", "price", "stocking", "dead_band", "on_hand", "reserved", "on_order", "backorder"),
    *("transfer", "surplus", "pack", "minimum", "budget"),
)
_TERMS = ("on_hand", "reserved", "on_order", "backorder", "transfer", "surplus", "pack", "minimum", "budget")


@dataclass(frozen=True)
class Change:
    """One item in two plans, in thousandths.

    Parameters
    ----------
    now
        Its row in the later plan; in the earlier one where the later has none.
    before_milli, after_milli
        What was and what is ordered, regularly and urgently together.
    causes
        By `CAUSES`: what each changes the quantity by; they add up to the change.
    """

    now: Row
    before_milli: int
    after_milli: int
    causes: Mapping[str, int]

    @property
    def change_milli(self) -> int:
        """How much more is ordered; less where below zero."""
        return self.after_milli - self.before_milli

    @property
    def value_e4(self) -> int:
        """What the change costs, at today's cost."""
        return self.worth_e4(self.change_milli)

    def worth_e4(self, quantity_milli: int) -> int:
        """Return what a quantity of the part costs, rounded half up."""
        return (quantity_milli * _whole(self.now, "unit_cost_e4") + 500) // 1000


def changes(before: Sequence[Row], now: Sequence[Row]) -> list[Change]:
    """Return the items whose order has changed, by store and part number.

    Parameters
    ----------
    before, now
        The levels of two runs as they are stored.
    """
    earlier, later = ({(str(row["store"]), str(row["part_no"])): row for row in rows} for rows in (before, now))
    found = [_change(earlier.get(key), later.get(key)) for key in sorted(earlier.keys() | later.keys())]
    return [each for each in found if each.change_milli]


def _change(before: Row | None, now: Row | None) -> Change:
    terms_before, terms_now = _terms(before), _terms(now)
    causes = _of_the_level(before, now) | {name: terms_now[name] - terms_before[name] for name in _TERMS}
    row = now if now is not None else before
    assert row is not None, "an item is in one plan at least"
    return Change(row, _ordered(before), _ordered(now), {name: causes[name] for name in CAUSES})


def _ordered(row: Row | None) -> int:
    return 0 if row is None else _whole(row, "quantity_milli") + _whole(row, "urgent_milli")


def _terms(row: Row | None) -> dict[str, int]:
    """Return what is added to the level to make the quantity."""
    if row is None:
        return dict.fromkeys(_TERMS, 0)
    facts = facts_of(row)
    held = {name: _whole(row, f"{name}_milli") for name in ("on_hand", "reserved", "on_order", "backorder")}
    moved = int(facts.get("transfer_from_milli", 0)) - int(facts.get("transfer_to_milli", 0))
    position = held["on_hand"] - held["reserved"] + held["on_order"] - held["backorder"] + moved
    needed = int(facts["need_milli"]) + _whole(row, "urgent_milli")
    return {
        "on_hand": -held["on_hand"],
        "reserved": held["reserved"],
        "on_order": -held["on_order"],
        "backorder": held["backorder"],
        "transfer": -moved,
        "surplus": needed - (_whole(row, "order_up_to_level_milli") - position),
        "pack": int(facts["rounding_milli"]),
        "minimum": int(facts["minimum_fill_milli"]),
        "budget": -int(facts["budget_cut_milli"]),
    }


def _of_the_level(before: Row | None, now: Row | None) -> dict[str, int]:
    """Return what each cause changes the level by."""
    last = 0 if before is None else _whole(before, "order_up_to_level_milli")
    level = 0 if now is None else _whole(now, "order_up_to_level_milli")
    facts = {} if now is None else facts_of(now)
    at_last, free = (
        int(facts.get(name, 0)) if "has_last" in facts else level
        for name in ("at_last_price_milli", "free_level_milli")
    )
    comes_or_goes = (last > 0) != (level > 0)
    days = 0 if comes_or_goes else _of_the_days(before, now)
    return {
        "demand": 0 if comes_or_goes else at_last - last - days,
        "cover_days": days,
        "price": 0 if comes_or_goes else free - at_last,
        "stocking": level - last if comes_or_goes else 0,
        "dead_band": 0 if comes_or_goes else level - free,
    }


def _of_the_days(before: Row | None, now: Row | None) -> int:
    """Return what the other number of days to cover asks for, at today's demand a day, in whole demand units."""
    if before is None or now is None:
        return 0
    then, today = (int(facts_of(row).get("covered_days", 0)) for row in (before, now))
    level = _whole(now, "order_up_to_level_milli")
    unit = level - _whole(now, "reorder_point_milli")
    if then <= 0 or today <= 0 or unit <= 0:
        return 0
    return round(_whole(now, "expected_demand_milli") * (today - then) / today / unit) * unit


def _whole(row: Row, name: str) -> int:
    return int(str(row[name]))
