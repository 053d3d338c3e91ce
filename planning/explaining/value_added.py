"""What each step of the forecast adds, measured at earlier origins by what came.

The steps, each laid over the one before, all by what was known then:

1. *naive*: as much as in the periods just gone, so many as the lead time has; a Poisson count about it;
2. *statistical*: each item's own history and that of its like; nothing of vehicles, every period alike;
3. *vehicles*: the vehicles on the road, their visits, seasons and busy days;
4. *events*: what is told beforehand, as far as the books say when it was known: recalls, campaigns, bulk orders;
5. *override*: what people had set by then.

Every step is judged on the same items by the loss of its law at service quantiles over the lead time
(`forecasting.backtest.scores`); what a step adds is the loss of the step before less its own. People change few items:
these are judged by themselves as well, step by step, where there are any.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

import numpy as np
import pandas as pd

from demand.distribution import DemandLaw, poisson
from demand.history import DemandHistory, Float64Array1D
from demand.periods import PeriodKind
from forecasting.backtest.backtest import Told, sums_of
from forecasting.backtest.scores import Sums
from forecasting.forecast import Forecast, ForecastSettings
from forecasting.lead_time import law_over_periods
from inventory.snapshot import Snapshot
from planning.explaining.backtest import Asked, Tell, all_that_came, rows_in
from planning.preparing.earlier import as_known_on
from planning.preparing.overrides import overridden
from planning.preparing.panel import exposure_without_vehicles, lumpiness
from planning.preparing.prepare import Prepared, forecast_by_history, prepare
from planning.preparing.told import with_told
from planning.settings import Settings


class Step(StrEnum):
    """The steps in their order."""

    NAIVE = "naive"
    STATISTICAL = "statistical"
    VEHICLES = "vehicles"
    EVENTS = "events"
    OVERRIDE = "override"


@dataclass(frozen=True)
class ValueAdded:
    """The outcome.

    Parameters
    ----------
    length
        Periods of the lead time.
    origins
        Label of the last period known at each.
    every, touched
        Sums of each step over all items, and over those that people had changed.
    """

    length: int
    origins: tuple[str, ...]
    every: dict[Step, Sums]
    touched: dict[Step, Sums]


def value_added(snapshot: Snapshot, settings: Settings, asked: Asked, tell: Tell) -> ValueAdded:
    """Measure the steps at earlier origins.

    Parameters
    ----------
    snapshot
        The books today.
    settings
        As a forecast takes them.
    asked
        Which origins.
    tell
        Is told of each one before it is forecast.
    """
    tell("laying out what came")
    kind = PeriodKind(settings.planning.period)
    history = all_that_came(prepare(snapshot, kind, settings.forecast))
    cost = pd.Series(history.part_no).map(snapshot.parts.set_index("part_no")["unit_cost_e4"]).fillna(0.0)
    value: Float64Array1D = cost.to_numpy(np.float64) / 10_000
    reach = replace(settings.forecast, horizon=max(settings.forecast.horizon, asked.length))
    origins, labels, first_days = asked.of(history), history.axis.labels(), history.axis.first_days()
    every, touched = ({step: Sums.nothing() for step in Step} for _ in range(2))
    for origin in origins:
        tell(f"forecasting as of {labels[origin - 1]}")
        books = as_known_on(snapshot, first_days[origin] - timedelta(days=1))
        changed = None
        for step, found, law in _steps(books, kind, reach, asked.length):
            rows = rows_in(history, found)
            told = Told(origin, rows, law, found.unit_milli).take(rows >= 0)
            every[step] += sums_of(history, told, asked.length, value)
            changed = _changed(found, rows) if changed is None else changed
            if changed.any():
                touched[step] += sums_of(history, told.take(changed), asked.length, value)
    return ValueAdded(asked.length, tuple(labels[origin - 1] for origin in origins), every, touched)


def _changed(
    found: Forecast, rows: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return which of the items that are known today people had changed."""
    if found.adjusted is None:
        return np.zeros(int((rows >= 0).sum()), dtype=np.bool_)
    return np.asarray(found.adjusted.number >= 0)[rows >= 0]


def _steps(
    books: Snapshot, kind: PeriodKind, settings: ForecastSettings, length: int
) -> Iterator[tuple[Step, Forecast, DemandLaw]]:
    """Yield each step's forecast and law over the lead time: the last step first, which knows who was changed."""
    ready = prepare(books, kind, settings)
    vehicles = forecast_by_history(ready, settings)
    events = with_told(vehicles, ready.told, ready.kind)
    last = overridden(events, books)
    plain = _without_vehicles(ready, settings)
    for step, found in zip(
        (Step.OVERRIDE, Step.EVENTS, Step.VEHICLES, Step.STATISTICAL), (last, events, vehicles, plain), strict=True
    ):
        yield step, found, law_over_periods(found, length)
    yield Step.NAIVE, plain, _naive(all_that_came(ready), length)


def _without_vehicles(ready: Prepared, settings: ForecastSettings) -> Forecast:
    """Return what histories alone say: items that come alike many at a time are a family, every period counts alike."""
    history = ready.history
    alike = np.ones(history.axis.count), np.ones(settings.horizon)
    family = tuple(f"lines/{name}" for name in lumpiness(history))
    plain = replace(
        ready,
        exposure=exposure_without_vehicles(*alike, history.item_count),
        family=family,
        kind=family,
        group=family,
    )
    return forecast_by_history(plain, settings)


def _naive(history: DemandHistory, length: int) -> DemandLaw:
    return poisson(history.quantity[:, max(0, history.axis.count - length) :].sum(axis=1))
