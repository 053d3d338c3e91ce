"""What a plan cannot work with, row by row: told as findings and left out, so that everything else is planned.

At import a table with a fault is refused as a whole. A snapshot made otherwise (a bare set, another program's books)
may still hold a lead time below zero or a pack of nothing; one such row must not cost the plan of all other parts.

    order_channels   lead time below zero or no number, spread below zero, a weekday that is none, a price of nothing
    parts            pack of nothing, cost below zero
    budgets          an amount below zero

A part left out here has no way to be ordered: its line says so. A budget left out is no budget, so its store's orders
of the month are left out with it: an amount of zero stands in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from inventory.findings import Finding
from inventory.snapshot import Snapshot
from optimisation.calendar import parse_weekdays

NO_SUPPLIER = ""
Check = tuple[str, Callable[[pd.Series], "NDArray[np.bool_]"], str, str]


def usable(snapshot: Snapshot) -> tuple[Snapshot, tuple[Finding, ...]]:
    """Return the snapshot without what cannot be planned with, and a finding for each row left out."""
    channels, told = _without(snapshot.channels, "order_channels", ("supplier", "order_type"), _CHANNEL_CHECKS)
    parts, of_parts = _without(snapshot.parts, "parts", ("part_no",), _PART_CHECKS)
    budgets, of_budgets = _without(snapshot.budgets, "budgets", ("store", "period"), _BUDGET_CHECKS)
    told = (*told, *of_parts, *of_budgets)
    if not told:
        return snapshot, ()
    faulty = snapshot.parts[~snapshot.parts["part_no"].isin(parts["part_no"])]
    kept = pd.concat([parts, faulty.assign(supplier=NO_SUPPLIER, pack_size_milli=1000, unit_cost_e4=0)])
    empty = snapshot.budgets[~snapshot.budgets.index.isin(budgets.index)].assign(amount_e4=0)
    return (
        replace(
            snapshot,
            channels=channels.reset_index(drop=True),
            parts=kept.sort_values("part_no", kind="stable").reset_index(drop=True),
            budgets=pd.concat([budgets, empty]).sort_values(["store", "period"], kind="stable").reset_index(drop=True),
        ),
        tuple(sorted(told)),
    )


def _without(
    table: pd.DataFrame, source: str, key: tuple[str, ...], checks: Mapping[str, Check]
) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Return the rows that hold, and what the others lack."""
    holds = np.ones(len(table), dtype=np.bool_)
    told: list[Finding] = []
    for column, (heading, check, reason, remedy) in checks.items():
        good = check(table[column])
        for row in np.flatnonzero(~good):
            named = ", ".join(str(table[name].iloc[row]) for name in key)
            told.append(Finding(f"{source}: {named}", "", 0, heading, str(table[column].iloc[row]), reason, remedy))
        holds &= good
    return table[holds], tuple(told)


def _at_least(least: float) -> Callable[[pd.Series], NDArray[np.bool_]]:
    def check(values: pd.Series) -> NDArray[np.bool_]:
        numbers = values.astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
        found: NDArray[np.bool_] = np.isfinite(numbers) & (numbers >= least)
        return found

    return check


def _or_empty(check: Callable[[pd.Series], NDArray[np.bool_]]) -> Callable[[pd.Series], NDArray[np.bool_]]:
    return lambda values: check(values) | values.isna().to_numpy(dtype=np.bool_)


def _weekdays(values: pd.Series) -> NDArray[np.bool_]:
    def readable(text: str) -> bool:
        try:
            parse_weekdays(text)
        except ValueError:
            return False
        return True

    return np.array([readable(str(text)) for text in values.fillna("")], dtype=np.bool_)


_MEND = "mend the row and import the table again"
_CHANNEL_CHECKS: dict[str, Check] = {
    "lead_time_days_mean": ("lead_time_days_mean", _at_least(0), "a lead time is zero days or more", _MEND),
    "lead_time_days_sd": ("lead_time_days_sd", _or_empty(_at_least(0)), "a spread is zero days or more", _MEND),
    "order_weekdays": ("order_weekdays", _weekdays, "weekdays are written MON,THU", _MEND),
    "cost_multiplier_ppm": ("cost_multiplier", _or_empty(_at_least(1)), "a cost multiplier is above zero", _MEND),
}
_PART_CHECKS: dict[str, Check] = {
    "pack_size_milli": ("pack_size", _or_empty(_at_least(1)), "a pack holds more than nothing", _MEND),
    "unit_cost_e4": ("unit_cost", _at_least(0), "a unit cost is zero or more", _MEND),
}
_BUDGET_CHECKS: dict[str, Check] = {
    "amount_e4": ("amount", _at_least(0), "a budget is zero or more", _MEND),
}
