"""Rolling origins over the books or a bare panel: each forecast again as it would have been made then, and judged.

From the books the whole way is gone at each origin, from the vehicles then on the road to the law of demand; from a
panel, filter and pooled heads are fitted at each origin on the periods before it. What came is laid out once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
import pandas as pd

from demand.distribution import DemandLaw
from demand.history import DemandHistory, Float64Array1D, Int64Array1D, Observation
from demand.periods import PeriodKind
from forecasting.backtest.backtest import Backtest, Told, backtest, origins_of, told_of_panel
from forecasting.forecast import Forecast, ForecastSettings
from forecasting.heads.origins import laws_at_origins
from forecasting.lead_time import law_over_periods
from forecasting.line_size import in_units
from inventory.snapshot import Snapshot
from planning.preparing.earlier import as_known_on
from planning.preparing.histories import ordinals
from planning.preparing.panel import forecast_panel, series_history
from planning.preparing.prepare import Prepared, forecast_of, prepare
from planning.settings import Settings

LEAST_MONTHS = 12
"""Months known at the first origin, or a third of a younger history."""

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Asked:
    """Which origins are wanted.

    Parameters
    ----------
    length
        Periods of the stretch that is forecast, one or more.
    origins, step
        How many origins, and how many periods they are apart.
    """

    length: int
    origins: int
    step: int

    def of(self, history: DemandHistory) -> tuple[int, ...]:
        """Return the periods known at each origin, rising.

        Raises
        ------
        ValueError
            If the history leaves room for none.
        """
        months = 1.0 if history.axis.kind is PeriodKind.MONTH else 12 / 52.18
        periods = history.axis.count
        least = max(1, round(min(LEAST_MONTHS / months, periods / 3)))
        found = origins_of(periods, self.length, self.origins, self.step, least)
        if not found:
            wanted = least + self.length
            raise ValueError(f"a backtest over {self.length} periods needs {wanted} periods; there are {periods}")
        return found


def backtest_of_books(snapshot: Snapshot, settings: Settings, asked: Asked, tell: Tell) -> Backtest:
    """Judge the forecast of everything in the books.

    Parameters
    ----------
    snapshot
        The books today.
    settings
        As a forecast takes them; its horizon is made long enough.
    asked
        Which origins.
    tell
        Is told of each step before it is taken.
    """
    tell("laying out what came")
    history = all_that_came(prepare(snapshot, PeriodKind(settings.planning.period), settings.forecast))
    origins = asked.of(history)
    cost = pd.Series(history.part_no).map(snapshot.parts.set_index("part_no")["unit_cost_e4"]).fillna(0.0)
    told = (told_then(snapshot, settings, history, origin, asked.length, tell) for origin in origins)
    return backtest(history, origins, told, asked.length, cost.to_numpy(np.float64) / 10_000)


def all_that_came(ready: Prepared) -> DemandHistory:
    """Return the history with what never enters it as a forecast's ground: recalls, campaigns, bulk orders.

    A forecast tells them by streams of their own; what it is held against, and what is plainly to be seen for anybody
    who counts what was asked for, are totals.
    """
    history = ready.history
    index = pd.MultiIndex.from_arrays([history.store, history.part_no])
    quantity = history.quantity.copy()
    for lines in (ready.asked.actions, ready.asked.bulk):
        item = index.get_indexer(pd.MultiIndex.from_frame(lines[["store", "part_no"]]))
        column = ordinals(lines["opened_on"], history.axis.kind) - history.axis.first
        known = (item >= 0) & (column >= 0) & (column < history.axis.count)
        size = in_units(lines["quantity_requested_milli"].to_numpy(np.int64), history.unit_milli[item])
        np.add.at(quantity, (item[known], column[known]), size[known])
    quantity[history.observation != Observation.SEEN] = 0
    return replace(history, quantity=quantity)


def told_then(
    snapshot: Snapshot, settings: Settings, history: DemandHistory, origin: int, length: int, tell: Tell
) -> Told:
    """Return what the forecast of everything in the books told at one origin."""
    found = forecast_then(snapshot, settings, history, origin, length, tell)
    items = rows_in(history, found)
    law = law_over_periods(found, length)
    return Told(origin, items[items >= 0], law.take(items >= 0), found.unit_milli[items >= 0])


def forecast_then(
    snapshot: Snapshot, settings: Settings, history: DemandHistory, origin: int, length: int, tell: Tell
) -> Forecast:
    """Return the forecast as it would have been made after so many periods of a history laid out since."""
    first_days = history.axis.first_days()
    tell(f"forecasting as of {history.axis.labels()[origin - 1]}")
    forecast = replace(settings.forecast, horizon=max(settings.forecast.horizon, length))
    day = first_days[origin] - timedelta(days=1)
    return forecast_of(as_known_on(snapshot, day), replace(settings, forecast=forecast))


def rows_in(history: DemandHistory, forecast: Forecast) -> Int64Array1D:
    """Return the row of the history of each item forecast; -1 where it has none."""
    index = pd.MultiIndex.from_arrays([history.store, history.part_no])
    return index.get_indexer(pd.MultiIndex.from_arrays([forecast.store, forecast.part_no])).astype(np.int64)


def backtest_of_panel(table: pd.DataFrame, settings: ForecastSettings, asked: Asked, tell: Tell) -> Backtest:
    """Judge filter and pooled heads on a bare demand table; a unit of anything costs one.

    Parameters
    ----------
    table
        Columns ``part_no, store, period, quantity_milli, available_ppm``; rows in any order.
    settings, asked, tell
        As for the books.

    Notes
    -----
    The unit in which a part is asked for (one by one, in fours) is read from the whole table, as a catalogue tells it.
    """
    tell("laying out what came")
    history = series_history(table)
    origins = asked.of(history)
    settings = replace(settings, horizon=asked.length)
    laws = panel_laws(history, origins, settings, asked.length, tell)
    cost: Float64Array1D = np.ones(history.item_count)
    return backtest(history, origins, told_of_panel(history, origins, laws), asked.length, cost)


def panel_laws(
    history: DemandHistory, origins: tuple[int, ...], settings: ForecastSettings, length: int, tell: Tell
) -> Iterator[tuple[DemandLaw, Int64Array1D]]:
    """Yield for each origin the laws of all items of a panel, by what was known then, and their unit."""
    labels = history.axis.labels()
    tell(f"forecasting as of {labels[origins[0] - 1]}")
    laws = laws_at_origins(history, lambda known, habits: forecast_panel(known, settings, habits), origins, length)
    for turn, found in enumerate(laws):
        yield found.law, history.unit_milli
        if turn + 1 < len(origins):
            tell(f"forecasting as of {labels[origins[turn + 1] - 1]}")
