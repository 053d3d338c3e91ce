"""`PartPicture`: one part at one store, what was asked for, what was expected and what came, as a chart needs it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from demand.history import Float64Array1D, Float64Array2D, Int64Array1D
from demand.periods import PeriodKind, parse_label
from forecasting.forecast import Forecast
from forecasting.lead_time import law_of_period, law_over_periods
from inventory.snapshot import Snapshot
from planning.preparing.earlier import as_known_on
from planning.preparing.histories import ordinals
from planning.preparing.overrides import overridden
from planning.preparing.prepare import Prepared, forecast_of_prepared, prepare
from planning.settings import Settings

FAN = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
"""Quantiles of each coming period: the middle one, and the ends of the intervals of 50, 80 and 95 %."""
LEAD_TIME_SHARES = (0.5, 0.8, 0.95, 0.99)


@dataclass(frozen=True)
class PartPicture:
    """What a chart of one part at one store shows; quantities in stock units.

    Parameters
    ----------
    part_no, name, store, basis
        Of the part, and on what its forecast rests.
    labels
        The periods known, then those ahead.
    known
        How many of them were known when the forecast was made.
    asked, not_on_shelf
        What was asked for in each period, and what of it the shelf did not give, ``(n_seen,)``: known periods and
        those that have come since.
    availability, observation
        Of each of them, same length.
    fan
        Quantiles `FAN` of each period ahead, ``(n_ahead, 7)``.
    lead_time
        Periods summed for the figures below.
    lead_mean, lead_levels
        Mean and quantiles `LEAD_TIME_SHARES` of the demand over them.
    lead_came
        What came over them; None where they are not over.
    """

    part_no: str
    name: str
    store: str
    basis: str
    labels: tuple[str, ...]
    known: int
    asked: Float64Array1D
    not_on_shelf: Float64Array1D
    availability: Float64Array1D
    observation: NDArray[np.uint8]
    fan: Float64Array2D
    lead_time: int
    lead_mean: float
    lead_levels: tuple[float, ...]
    lead_came: float | None


def part_picture(
    snapshot: Snapshot, settings: Settings, part_no: str, store: str, origin: str | None, lead_time: int, shown: int
) -> PartPicture:
    """Return the picture of a part at a store.

    Parameters
    ----------
    snapshot
        The books today.
    settings
        As a forecast takes them; the horizon is what is drawn ahead.
    part_no, store
        A number that is live on the day of the forecast.
    origin
        Label of the last period known; today's where not given.
    lead_time
        Periods summed, one or more.
    shown
        Known periods shown at most.

    Raises
    ------
    ValueError
        If the part is not forecast at the store, or the origin is no period of the history.
    """
    kind = PeriodKind(settings.planning.period)
    reach = max(settings.forecast.horizon, lead_time)
    forecast_settings = replace(settings.forecast, horizon=reach)
    today = prepare(snapshot, kind, forecast_settings)
    axis = today.history.axis
    known = axis.count if origin is None else parse_label(origin)[0] - axis.first + 1
    if not 0 < known <= axis.count:
        raise ValueError(f"an origin is a period from {axis.labels()[0]} to {axis.labels()[-1]}; found {origin}")
    then, books = today, snapshot
    if known < axis.count:
        books = as_known_on(snapshot, axis.first_days()[known] - timedelta(days=1))
        then = prepare(books, kind, forecast_settings)
    found = overridden(forecast_of_prepared(then, forecast_settings), books)
    row = _row(found, part_no, store)
    return _picture(snapshot, today, found.take(np.array([row])), known, lead_time, shown, settings.forecast.horizon)


def _row(found: Forecast, part_no: str, store: str) -> int:
    for i, (number, at) in enumerate(zip(found.part_no, found.store, strict=True)):
        if (number, at) == (part_no, store):
            return i
    raise ValueError(f"no forecast of part {part_no} at store {store}")


def _picture(
    snapshot: Snapshot, today: Prepared, one: Forecast, known: int, lead_time: int, shown: int, horizon: int
) -> PartPicture:
    part_no, store = one.part_no[0], one.store[0]
    history = today.history
    row = list(zip(history.part_no, history.store, strict=True)).index((part_no, store))
    unit = float(one.unit_milli[0]) / 1000
    first, last = max(0, known - shown), min(history.axis.count, known + horizon)
    seen = slice(first, last)
    asked = history.quantity[row] * (history.unit_milli[row] / 1000)
    fan = [[float(law_of_period(one, step).quantile(s)[0]) * unit for s in FAN] for step in range(1, horizon + 1)]
    total = law_over_periods(one, lead_time)
    names = snapshot.parts.set_index("part_no")["name"]
    is_over = known + lead_time <= history.axis.count
    return PartPicture(
        part_no,
        str(names.get(part_no, "")),
        store,
        one.basis[0],
        (*history.axis.labels()[first:known], *one.axis.labels()[:horizon]),
        known - first,
        asked[seen],
        _not_on_shelf(today, row)[seen],
        history.availability[row, seen],
        history.observation[row, seen],
        np.array(fan),
        lead_time,
        float(total.mean()[0]) * unit,
        tuple(float(total.quantile(share)[0]) * unit for share in LEAD_TIME_SHARES),
        float(asked[known : known + lead_time].sum()) if is_over else None,
    )


def _not_on_shelf(today: Prepared, row: int) -> Float64Array1D:
    """Return what of each period's demand was not there when it was asked for, in stock units, ``(n_periods,)``."""
    history, lines = today.history, today.asked.history
    mine = (lines["store"] == history.store[row]) & (lines["part_no"] == history.part_no[row])
    missed = lines[mine & (lines["outcome"] != "shelf")]
    column: Int64Array1D = ordinals(missed["opened_on"], history.axis.kind) - history.axis.first
    inside = (column >= 0) & (column < history.axis.count)
    units = missed["quantity_requested_milli"].to_numpy(np.float64) / 1000
    return np.bincount(column[inside], weights=units[inside], minlength=history.axis.count).astype(np.float64)
