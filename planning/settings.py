"""`Settings`: every choice a dealership makes, with its default and its check.

A settings file is a TOML document (see the manual); here it is a mapping. Each key is checked by itself and all faults
are collected and told at once. ``[store.S01]`` overrides keys of ``[planning]`` for one store. Money is given in the
currency and kept in ten-thousandths; shares are given and kept as shares.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from demand.periods import PeriodKind
from forecasting.settings import ForecastSettings
from planning.scorecard.stated import Scorecard, stated_scorecard
from planning.surplus.settings import SurplusSettings, surplus_settings

OBJECTIVES = ("fill_rate", "cost", "budget")
UNMET = ("urgent", "backorder", "lost")
STOCKING_RULES = ("worth", "three_in_twelve")
LEAD_TIMES = ("learnt", "told")


@dataclass(frozen=True)
class PlanningSettings:
    """What a plan is to achieve and what things cost.

    Parameters
    ----------
    period
        The bucket in which demand is counted and the costs per period below are given.
    review_days
        Days between two stock orders of a supplier who takes them on any day.
    objective
        ``fill_rate``: the goal below at least stock value; ``cost``: least holding and unmet-demand cost; ``budget``:
        the highest goal that the budget pays for.
    fill_rate
        Share of order lines to be filled complete from the shelf, over all parts.
    price_of_money
        What a unit of money in stock must earn in a year; where given it decides the levels in place of the goal.
    holding_cost_rate_per_year
        Cost of holding stock for a year, as a share of its value.
    holding_cost_per_unit_period_e4, shortage_cost_per_unit_e4
        Where given, they rule: cost of one stock unit held for a period, and of one unit not there when asked for.
    unmet
        What happens to a line the shelf cannot fill: ordered urgently, waits for the stock order, or lost.
    waiting_cost_per_line_e4
        What a car that waits for a part costs, beside the surcharge of the urgent order.
    vital_fill_rate, vital_lines_per_year
        Least fill rate of each vital part that is asked for at least so many times a year.
    often_fill_rate, often_lines_per_year
        The same for every part asked for so often that going without it would be noticed every month.
    stocking_rule
        What comes onto the shelf: ``worth``, a part whose first units are worth their price and risk; or
        ``three_in_twelve``, a part asked for often enough of late, however little that is worth.
    phase_band
        Under ``worth``: share by which the first units of a part not on the shelf have to be worth more than they cost,
        and those of a part on it may be worth less, before it comes or goes.
    sellable_days
        In how many days a unit bought today can be sold; what is not asked for by then is lost.
    phase_in_requests, phase_in_months, phase_out_requests, phase_out_months
        Under ``three_in_twelve``: a part comes onto the shelf with so many requests or more in so many months, and
        leaves it with so many or fewer.
    lead_times
        ``learnt``: as told by the supplier, moved by what he delivered; ``told``: as told.
    top_up_days
        How far ahead of its need a part may be bought to reach a supplier's least order value.
    dead_band
        By what share of itself, one unit at least, a level must move to leave that of the last plan.
    dead_band_worth_e4
        Or what the move must save in a year: by default about what it costs to order, receive and put away one line.
    review_multiple
        A line whose packs or minimums lift the position to more than so many times its target is shown for review.
    """

    period: str = PeriodKind.MONTH.value
    review_days: int = 7
    objective: str = "fill_rate"
    fill_rate: float = 0.95
    price_of_money: float | None = None
    holding_cost_rate_per_year: float = 0.25
    holding_cost_per_unit_period_e4: int | None = None
    shortage_cost_per_unit_e4: int | None = None
    unmet: str = "urgent"
    waiting_cost_per_line_e4: int = 100_0000
    vital_fill_rate: float = 0.9
    vital_lines_per_year: float = 1.0
    often_fill_rate: float = 0.5
    often_lines_per_year: float = 12.0
    stocking_rule: str = "worth"
    phase_band: float = 0.2
    sellable_days: int = 1825
    phase_in_requests: int = 3
    phase_in_months: int = 12
    phase_out_requests: int = 0
    phase_out_months: int = 9
    lead_times: str = "learnt"
    top_up_days: int = 60
    dead_band: float = 0.1
    dead_band_worth_e4: int = 5_0000
    review_multiple: float = 3.0


@dataclass(frozen=True)
class Settings:
    """All settings of a dealership.

    Parameters
    ----------
    planning
        What holds for every store that has no settings of its own.
    forecast
        Settings of the forecast.
    kpi
        The variant chosen per figure.
    stores
        Planning settings of the stores that have some of their own.
    scorecard
        The card of the group, and the references that stores hold against it.
    outside
        What the books can't know, by store, month (``YYYY-MM``) and name (`OUTSIDE_NAMES`), in ten-thousandths of the
        currency: labour sold on repair orders that customers pay, gross profit of service and of the body shop, fixed
        expense.
    surplus
        What may be done with stock that nobody needs.
    """

    planning: PlanningSettings = field(default_factory=PlanningSettings)
    forecast: ForecastSettings = field(default_factory=ForecastSettings)
    kpi: Mapping[str, str] = field(default_factory=dict)
    stores: Mapping[str, PlanningSettings] = field(default_factory=dict)
    scorecard: Scorecard = field(default_factory=Scorecard)
    outside: Mapping[str, Mapping[str, Mapping[str, int]]] = field(default_factory=dict)
    surplus: SurplusSettings = field(default_factory=SurplusSettings)

    def of_store(self, store: str) -> PlanningSettings:
        """Return the planning settings that hold for a store."""
        return self.stores.get(store, self.planning)

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, object]) -> Settings:
        """Return the settings a mapping states, the rest as by default.

        Parameters
        ----------
        mapping
            Sections ``planning``, ``forecast``, ``kpi``, ``outside``, ``store``, ``scorecard``, ``surplus`` as
            read from TOML.

        Raises
        ------
        SettingsError
            With every unknown key and every value that is not as it should be.
        """
        faults: list[Fault] = []
        sections = {name: _section(mapping, name, faults) for name in _SECTIONS}
        faults.extend(
            (str(name), "", f"a section is one of {', '.join(_SECTIONS)}") for name in mapping if name not in _SECTIONS
        )
        planning = _planning(sections["planning"], PlanningSettings(), "planning", faults)
        own = {store: _section(sections["store"], store, faults, "store.") for store in sorted(sections["store"])}
        stores = {
            store: _planning(_without(section, "scorecard"), planning, f"store.{store}", faults)
            for store, section in own.items()
        }
        forecast = _forecast(sections["forecast"], faults)
        kpi = _names(sections["kpi"], "kpi", "the name of a variant, as text", faults)
        cards = {store: section["scorecard"] for store, section in own.items() if "scorecard" in section}
        scorecard = stated_scorecard(sections["scorecard"], cards, faults)
        outside = _outside(sections["outside"], faults)
        surplus = surplus_settings(sections["surplus"], faults)
        if faults:
            raise SettingsError(tuple(faults))
        return cls(planning, forecast, kpi, stores, scorecard, outside, surplus)


Fault = tuple[str, str, str]
"""Key, value as text, and what is expected as a positive sentence."""


class SettingsError(ValueError):
    """Settings that cannot be taken; `faults` holds every one."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("; ".join(f"{key}: {reason}; found {value!r}" for key, value, reason in faults))
        self.faults = faults


_SECTIONS = ("planning", "forecast", "kpi", "outside", "store", "scorecard", "surplus")

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
OUTSIDE_NAMES = ("labour", "service_gross", "body_gross", "fixed_expense")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value


def _number(low: float, high: float, *, open_ends: bool = False) -> Callable[[Any], float]:
    def take(value: Any) -> float:
        if not _is_number(value) or not low <= value <= high or (open_ends and value in (low, high)):
            raise ValueError
        return float(value)

    return take


def _whole(low: int, high: int) -> Callable[[Any], int]:
    def take(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise ValueError
        return value

    return take


def _choice(*names: str) -> Callable[[Any], str]:
    def take(value: Any) -> str:
        if value not in names:
            raise ValueError
        return str(value)

    return take


def _money(value: Any) -> int:
    if not _is_number(value) or not 0 <= value <= 1e12:
        raise ValueError
    amount: int = round(value * 10_000)
    return amount


_PLANNING: dict[str, tuple[str, Callable[[Any], object], str]] = {
    "period": ("period", _choice("month", "week"), "month or week"),
    "review_days": ("review_days", _whole(1, 366), "a whole number of days from 1 to 366"),
    "objective": ("objective", _choice(*OBJECTIVES), "fill_rate, cost or budget"),
    "fill_rate": ("fill_rate", _number(0, 1, open_ends=True), "a share above 0 and below 1, such as 0.95"),
    "price_of_money": ("price_of_money", _number(0, 100), "a rate per year from 0 to 100, such as 0.25"),
    "holding_cost_rate_per_year": (
        "holding_cost_rate_per_year",
        _number(0, 10),
        "a share of the stock's value per year from 0 to 10, such as 0.25",
    ),
    "holding_cost_per_unit_period": ("holding_cost_per_unit_period_e4", _money, "an amount of money, zero or more"),
    "shortage_cost_per_unit": ("shortage_cost_per_unit_e4", _money, "an amount of money, zero or more"),
    "unmet": ("unmet", _choice(*UNMET), "urgent, backorder or lost"),
    "waiting_cost_per_line": ("waiting_cost_per_line_e4", _money, "an amount of money, zero or more"),
    "vital_fill_rate": ("vital_fill_rate", _number(0, 0.9999), "a share from 0 to 0.9999"),
    "vital_lines_per_year": ("vital_lines_per_year", _number(0, 1e9), "a number of lines a year, zero or more"),
    "often_fill_rate": ("often_fill_rate", _number(0, 0.9999), "a share from 0 to 0.9999"),
    "often_lines_per_year": ("often_lines_per_year", _number(0, 1e9), "a number of lines a year, zero or more"),
    "stocking_rule": ("stocking_rule", _choice(*STOCKING_RULES), "worth or three_in_twelve"),
    "phase_band": ("phase_band", _number(0, 0.9), "a share from 0 to 0.9, such as 0.2"),
    "sellable_days": ("sellable_days", _whole(1, 36_600), "a whole number of days from 1 to 36600"),
    "phase_in_requests": ("phase_in_requests", _whole(0, 10**9), "a whole number of requests, zero or more"),
    "phase_in_months": ("phase_in_months", _whole(1, 120), "a whole number of months from 1 to 120"),
    "phase_out_requests": ("phase_out_requests", _whole(0, 10**9), "a whole number of requests, zero or more"),
    "phase_out_months": ("phase_out_months", _whole(1, 120), "a whole number of months from 1 to 120"),
    "lead_times": ("lead_times", _choice(*LEAD_TIMES), "learnt or told"),
    "top_up_days": ("top_up_days", _whole(0, 3660), "a whole number of days from 0 to 3660"),
    "dead_band": ("dead_band", _number(0, 1), "a share of the level from 0 to 1, such as 0.1"),
    "dead_band_worth": ("dead_band_worth_e4", _money, "an amount of money, zero or more"),
    "review_multiple": ("review_multiple", _number(1, 1e9), "a number from 1 up"),
}
"""Key in the file → field, how it is taken, what is expected."""


def _section(mapping: Mapping[str, object], name: str, faults: list[Fault], prefix: str = "") -> Mapping[str, object]:
    section = mapping.get(name, {})
    if isinstance(section, Mapping):
        return section
    faults.append((f"{prefix}{name}", str(section), "a section is a table of keys and values"))
    return {}


def _planning(
    section: Mapping[str, object], base: PlanningSettings, name: str, faults: list[Fault]
) -> PlanningSettings:
    taken: dict[str, Any] = {}
    for key, value in section.items():
        if key not in _PLANNING:
            faults.append((f"{name}.{key}", str(value), f"a key of [{name}] is one of {', '.join(_PLANNING)}"))
            continue
        target, take, expected = _PLANNING[key]
        try:
            taken[target] = take(value)
        except ValueError:
            faults.append((f"{name}.{key}", str(value), f"{key} is {expected}"))
    return replace(base, **taken)


def _forecast(section: Mapping[str, object], faults: list[Fault]) -> ForecastSettings:
    known = {f.name: type(getattr(ForecastSettings(), f.name)) for f in fields(ForecastSettings)}
    taken: dict[str, Any] = {}
    for key, value in section.items():
        if key not in known:
            faults.append((f"forecast.{key}", str(value), f"a key of [forecast] is one of {', '.join(known)}"))
        elif known[key] is float and _is_number(value):
            taken[key] = float(value)  # type: ignore[arg-type]  # `_is_number` has seen to it
        elif isinstance(value, known[key]) and isinstance(value, bool) == (known[key] is bool):
            taken[key] = value
        else:
            faults.append((f"forecast.{key}", str(value), f"{key} is a value of type {known[key].__name__}"))
    try:
        return ForecastSettings(**taken)
    except ValueError as fault:
        faults.append(("forecast", ", ".join(f"{key} = {value}" for key, value in taken.items()), str(fault)))
        return ForecastSettings()


def _without(section: Mapping[str, object], name: str) -> Mapping[str, object]:
    return {key: value for key, value in section.items() if key != name}


def _names(section: Mapping[str, object], name: str, expected: str, faults: list[Fault]) -> dict[str, str]:
    taken: dict[str, str] = {}
    for key, value in section.items():
        if isinstance(value, str):
            taken[key] = value
        else:
            faults.append((f"{name}.{key}", str(value), f"{key} is {expected}"))
    return taken


def _outside(section: Mapping[str, object], faults: list[Fault]) -> dict[str, dict[str, dict[str, int]]]:
    """Return what is told of each store and month, in ten-thousandths of the currency."""
    taken: dict[str, dict[str, dict[str, int]]] = {}
    for store in section:
        months = _section(section, store, faults, "outside.")
        for month in months:
            amounts = _section(months, month, faults, f"outside.{store}.")
            for name, value in amounts.items():
                key = f"outside.{store}.{month}.{name}"
                if not _MONTH.fullmatch(month):
                    faults.append((key, month, "a month is written YYYY-MM, such as 2026-06"))
                elif name not in OUTSIDE_NAMES:
                    faults.append((key, str(value), f"what is told is one of {', '.join(OUTSIDE_NAMES)}"))
                else:
                    try:
                        taken.setdefault(store, {}).setdefault(month, {})[name] = _money(value)
                    except ValueError:
                        faults.append((key, str(value), f"{name} is an amount of money, zero or more"))
    return taken
