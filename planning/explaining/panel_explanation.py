"""How the forecast of a part of a bare table comes about: the filter's factors, then what the pooled heads make of it.

The law of a table rests on more than the filter: quantiles of two regressions over all its parts are averaged with the
filter's, and the average is stretched until earlier demand lay within (`forecasting.heads`). Each is told as the ratio
of the mean with it and without, so that the factors multiply and the units add up to the forecast as they do on the
books (`explanation`):

    forecast = filter's factors × (mean of the averaged law / filter's mean) × (mean of the stretched law / averaged)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod

import numpy as np

from demand.distribution import DemandLaw
from demand.history import Int64Array1D
from forecasting.heads import calibrate
from forecasting.heads.pooled import PooledHeads, Standing, Taught
from forecasting.heads.rows import Target
from planning.explaining.explanation import (
    BILLION,
    Explanation,
    Fact,
    factors_of,
    facts_of,
    law_rows,
    steps_of,
)

_AT = 0.95


@dataclass(frozen=True)
class Voices:
    """The laws of all parts over one stretch, and what they rest on.

    Parameters
    ----------
    law
        As told, a row for each kind of item.
    averaged
        Before it was stretched.
    kind
        Row of each of the history's items, ``(n_items,)``.
    standing
        Who made them.
    taught
        What the table taught.
    """

    law: DemandLaw
    averaged: DemandLaw
    kind: Int64Array1D
    standing: Standing
    taught: Taught

    @classmethod
    def of(cls, heads: PooledHeads, target: Target) -> Voices:
        """Return the laws of a stretch, stretched and not."""
        taught = heads.taught(target)
        laws, kind, standing = heads.laws_of_kinds(target, taught)
        averaged = laws
        if taught.learnt is not None:
            plain = replace(taught.learnt, heights=np.array(calibrate.POINTS))
            averaged, _, _ = heads.laws_of_kinds(target, replace(taught, learnt=plain))
        return cls(laws[0], averaged[0], kind, standing, taught)

    def of_item(self, law: DemandLaw, item: int) -> DemandLaw:
        """Return one item's row of a law."""
        return law.take(self.kind[item : item + 1])

    @property
    def held(self) -> float | None:
        """Share of earlier demands below what the averaged law called its 95 % point; None where nothing was learnt."""
        learnt = self.taught.learnt
        return None if learnt is None else float(learnt.heights[calibrate.POINTS.index(_AT)])


def explain_panel(heads: PooledHeads, items: Sequence[int], lead_time: int) -> list[Explanation]:
    """Return how the forecasts of some parts of a bare table for the next period come about.

    Parameters
    ----------
    heads
        The table with its filter and heads.
    items
        Rows of its history.
    lead_time
        Periods summed in the last rows of the law.
    """
    if not items:
        return []
    one, summed = (Voices.of(heads, Target(length)) for length in (1, lead_time))
    return [_explained(heads, one, summed, item, lead_time) for item in items]


def _explained(heads: PooledHeads, voices: Voices, summed: Voices, item: int, lead_time: int) -> Explanation:
    one = heads.forecast.take(np.array([item]))
    unit = int(one.unit_milli[0])
    law = voices.of_item(voices.law, item)
    # Whose kind it is a bare table does not tell: its season is the table's (see `months_of_year`, `weeks_of_year`).
    factors = [("table_season" if name == "season" else name, value, begins) for name, value, begins in factors_of(one)]
    if voices.standing is Standing.HEADS:
        averaged = float(voices.of_item(voices.averaged, item).mean()[0]) * unit / 1000
        by_filter = prod(value for _, value, _ in factors)
        # Where the filter expects nothing at all there is no ratio to it: the forecast begins with the heads.
        some = round(by_filter * BILLION) > 0
        factors = [*factors, ("heads", averaged / by_filter, False)] if some else [("heads", averaged, True)]
        if voices.held is not None:
            factors.append(("calibration", float(law.mean()[0]) * unit / 1000 / averaged, False))
    steps, product = steps_of(factors, carried=False)
    rows = law_rows((law, summed.of_item(summed.law, item)), lead_time, unit)
    facts = facts_of(heads.history, one, item, "-") | _facts(heads, voices, item)
    return Explanation(one.store[0], one.part_no[0], one.axis.labels()[0], steps, product, rows, facts)


def _facts(heads: PooledHeads, voices: Voices, item: int) -> dict[str, Fact]:
    names = ("count_weight", "calls_weight", "filter_weight")
    weights = heads.heard(item, voices.taught).tolist()
    facts: dict[str, Fact] = {name: f"{weight:.0%}" for name, weight in zip(names, weights, strict=True)}
    facts["made_by"] = str(voices.standing)
    if voices.held is not None:
        facts["held"] = f"{voices.held:.1%}"
    return facts
