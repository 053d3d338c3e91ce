"""`Explanation`: how one part's forecast comes about, in factors that multiply to it and units that add up to it.

The factors are those of the forecast. What one vehicle's call takes is told right after the need, so that from there on
everything counts in stock units; each further factor then changes the units expected so far, and what it changes them
by is its part:

    forecast = base × f₁ × f₂ × …  =  base + d₁ + d₂ + …,      dₖ = units after fₖ − units before

Units are whole billionths: they add up to the last digit, and each factor is the ratio of two of them. The forecast is
the product of the factors as they are printed, from left to right.

What is told beforehand (bookings, recalls, …) adds its own units after the factors; so that all multiplies as well, it
is told as the ratio of the units with it and without. Where the factors come to nothing it stands alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from demand.distribution import DemandLaw
from demand.history import DemandHistory, Observation
from forecasting.forecast import Forecast
from forecasting.heads.pooled import Standing
from forecasting.lead_time import law_of_period, law_over_periods
from planning.preparing.prepare import Prepared

BILLION = 1_000_000_000
SHARES = (0.5, 0.8, 0.9, 0.95, 0.99)
Fact = int | str
_BASE = ("vehicles", "share_coming", "need_per_month", "pieces_per_call", "stock_units")


@dataclass(frozen=True)
class Step:
    """One factor.

    Parameters
    ----------
    name
        As `Forecast.factors` names it, or ``stock_units``.
    value
        What multiplies.
    units_e9
        Billionths of the stock unit expected with this factor and those before it; of the first few, of vehicles and
        of calls.
    adds_e9
        What it adds to the units, below zero where it takes away; None before units are spoken of.
    source
        Where it comes from: the key of a sentence.
    """

    name: str
    value: float
    units_e9: int
    adds_e9: int | None
    source: str


@dataclass(frozen=True)
class LawRow:
    """Mean (share None) or quantile of a stretch: ``period`` 1, 2, … or ``lead_time`` of so many, in thousandths."""

    target: str
    step: int
    share: float | None
    value_milli: int


@dataclass(frozen=True)
class Explanation:
    """One part at one store.

    Parameters
    ----------
    store, part_no, period
        What is explained, and the label of the period it is of.
    steps
        The factors in the order in which they multiply.
    forecast
        Their product, in stock units.
    law
        What is expected of the period and over the lead time.
    facts
        Calls, periods seen, lines and names that the sentences use.
    """

    store: str
    part_no: str
    period: str
    steps: tuple[Step, ...]
    forecast: float
    law: tuple[LawRow, ...]
    facts: Mapping[str, Fact]

    @property
    def forecast_e9(self) -> int:
        """The forecast in billionths: the sum of what the steps add."""
        return self.steps[-1].units_e9


def explain(
    ready: Prepared, forecast: Forecast, item: int, lead_time: int, people: Mapping[str, str] | None = None
) -> Explanation:
    """Return how the forecast of one item for the next period comes about.

    Parameters
    ----------
    ready
        What the forecast was made from.
    forecast
        Row by row the same items.
    item
        Its row.
    lead_time
        Periods summed in the last rows of the law.
    people
        Who changed it, why and until when (`planning.preparing.overrides.set_facts`); nothing where nobody did.
    """
    one = forecast.take(np.array([item]))
    steps, product = steps_of(factors_of(one), bool(one.exposure.has_vehicles[0]))
    facts = facts_of(ready.history, one, item, ready.kind[item]) | {"named": _names(one)} | dict(people or {})
    laws = law_of_period(one, 1), law_over_periods(one, lead_time)
    rows = law_rows(laws, lead_time, int(one.unit_milli[0]))
    return Explanation(one.store[0], one.part_no[0], one.axis.labels()[0], steps, product, rows, facts)


def steps_of(factors: Sequence[tuple[str, float, bool | None]], carried: bool) -> tuple[tuple[Step, ...], float]:
    """Return the steps of factors in the order in which they multiply, and their product.

    Parameters
    ----------
    factors
        As `factors_of` returns them.
    carried
        Whether vehicles are known to carry the part.
    """
    steps: list[Step] = []
    product, before = 1.0, 0
    for name, value, begins in factors:
        product *= value
        # What is nothing stays nothing, however small a thing the rounding took away.
        units = round(product * BILLION) if before or not steps else 0
        adds = None if begins is None else units if begins else units - before
        steps.append(Step(name, value, units, adds, _source(name, carried)))
        before = units
    return tuple(steps), product


def factors_of(one: Forecast) -> list[tuple[str, float, bool | None]]:
    """Return each factor with its value, and whether units begin with it; None before units are spoken of."""
    factors = {name: float(values[0, 0]) for name, values in one.factors().items()}
    if one.adjusted is None or int(one.adjusted.number[0]) < 0:
        factors.pop("override", None)  # people have set other parts
    factors["stock_units"] = unit = float(one.unit_milli[0]) / 1000
    if one.adjusted is not None and one.adjusted.calls[0, 0] > 0:
        by_hand = {"override_calls": float(one.adjusted.calls[0, 0]), "pieces_per_call": factors["pieces_per_call"]}
        factors = by_hand | {"stock_units": unit}
    base = [name for name in ("override_calls", *_BASE) if name in factors]
    found: list[tuple[str, float, bool | None]] = [(name, factors[name], None) for name in base[:-1]]
    found.append((base[-1], factors[base[-1]], True))
    found += [(name, value, False) for name, value in factors.items() if name not in base]
    told = _told(one)
    product = prod(value for _, value, _ in found)
    if told and round(product * BILLION) == 0:
        (name, units), *rest = told.items()
        found, product, told = [(name, units, True)], units, dict(rest)
    for name, units in told.items():
        found.append((name, (product + units) / product, False))
        product *= found[-1][1]
    return found


def _told(one: Forecast) -> dict[str, float]:
    """Return the stock units of the next period that each stream tells beforehand, by the name of its step."""
    found = {}
    for kind in sorted(set(one.streams.kind)):
        mine = one.streams.take(np.array([each == kind for each in one.streams.kind], dtype=np.bool_))
        units = float(mine.units_by_period(1, one.period_ends)[0, 0]) * float(one.unit_milli[0]) / 1000
        if units > 0:
            found[f"told_{kind}"] = units
    return found


def _source(name: str, carried: bool) -> str:
    """Return where a factor comes from; what no vehicle explains is moved by the customers of the store alone."""
    return f"from_{name}" if carried or name not in _BASE[:3] else f"from_{name}_uncarried"


def law_rows(laws: tuple[DemandLaw, DemandLaw], lead_time: int, unit: int) -> tuple[LawRow, ...]:
    """Return what the laws of the next period and of the lead time say, each of one row, in units of `unit` milli."""
    rows = []
    for target, step, law in (("period", 1, laws[0]), ("lead_time", lead_time, laws[1])):
        rows.append(LawRow(target, step, None, round(float(law.mean()[0]) * unit)))
        rows += [LawRow(target, step, share, int(law.quantile(share)[0]) * unit) for share in SHARES]
    return tuple(rows)


def facts_of(history: DemandHistory, one: Forecast, item: int, kind: str) -> dict[str, Fact]:
    """Return what the sentences use of one item's history and forecast."""
    is_heard = one.its_like is not None and bool((one.its_like != 1).any())
    return {
        "calls": int(history.lines[item].sum()),
        "periods": int((history.observation[item] == Observation.SEEN).sum()),
        "family": one.family[0],
        "kind": kind,
        "basis": one.basis[0],
        "made_by": "its-like" if is_heard else str(Standing.FILTER),
    }


def _names(one: Forecast) -> str:
    """Return by which names its streams are known, the first few."""
    names = list(dict.fromkeys(one.streams.name))
    return ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
