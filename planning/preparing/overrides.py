"""What people set is laid over a forecast: month by month, the later over the earlier, a part's over its family's.

Of the overrides that count on the day of the forecast each item takes, for each month, the last one set for its part,
else the last one set for its family. It multiplies what the history's law expects of the month by

    g = factor,    or    g = max(amount − told, 0) / expected

so the law keeps its shape and all that was told beforehand stays told: an amount is of everything together, and a
factor of what is not told. Of a family, amount, told and expected are sums over its items at the store. What nothing
else expects can't be multiplied: there an amount is so many calls of its own. Weeks take of each month the share of
their days that lies in it.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demand.history import Float64Array1D, Float64Array2D, Int64Array2D
from demand.periods import PeriodKind, first_day_of, ordinal_of, parse_label
from forecasting.forecast import Adjustment, Forecast
from inventory.snapshot import Snapshot
from inventory.supersession import lineage

_NOTHING = 1e-9
"""Units a month below which nothing is expected that could be multiplied."""


def in_force(overrides: pd.DataFrame, day: date) -> pd.DataFrame:
    """Return the overrides that count for a forecast made on a day: set, not yet expired, not withdrawn."""
    at = pd.Timestamp(day)
    counts = (overrides["set_on"] <= at) & (overrides["expires_on"] >= at)
    return overrides[counts & ~(overrides["withdrawn_on"] <= at)].sort_values("override_id", ignore_index=True)


def overridden(forecast: Forecast, snapshot: Snapshot) -> Forecast:
    """Return the forecast with what people set laid over it; as it is where they set nothing.

    Parameters
    ----------
    forecast
        Of every item of the snapshot.
    snapshot
        The books of the same day.
    """
    rows = in_force(snapshot.overrides, snapshot.as_of)
    if rows.empty or not forecast.item_count:
        return forecast
    months = _Months.of(forecast)
    chosen = _chosen(forecast, snapshot, rows, months)
    if not (chosen >= 0).any():
        return forecast
    factor = np.ones((forecast.item_count, months.first_days.size))
    units = np.zeros(factor.shape)
    for place in np.unique(chosen[chosen >= 0]).tolist():
        for month in np.flatnonzero((chosen == place).any(axis=0)).tolist():
            _set(rows.iloc[place], np.flatnonzero(chosen[:, month] == place), month, months, factor, units)
    return replace(forecast, adjusted=_adjustment(forecast, months, rows, chosen, factor, units))


def set_facts(forecast: Forecast, snapshot: Snapshot) -> dict[int, dict[str, str]]:
    """Return by row of the forecast who changed it, why and until when, for the first month that is changed."""
    if forecast.adjusted is None:
        return {}
    facts = {
        int(row["override_id"]): {
            "override": str(row["override_id"]),
            "set_by": str(row["user_name"]),
            "set_why": str(row["reason"]),
            "set_until": f"{row['expires_on']:%Y-%m-%d}",
        }
        for row in snapshot.overrides.to_dict("records")
    }
    numbers = forecast.adjusted.number
    return {item: facts[int(numbers[item])] for item in np.flatnonzero(numbers >= 0).tolist()}


def _adjustment(
    forecast: Forecast,
    months: _Months,
    rows: pd.DataFrame,
    chosen: Int64Array2D,
    factor: Float64Array2D,
    units: Float64Array2D,
) -> Adjustment:
    pieces = forecast.line_size.mean() * forecast.unit_milli / 1000
    place = chosen[np.arange(forecast.item_count), (chosen >= 0).argmax(axis=1)]
    numbers = rows["override_id"].to_numpy(np.int64)
    return Adjustment(
        1 + (factor - 1) @ months.share.T,
        (units @ months.of_month.T) / np.where(pieces > 0, pieces, 1.0)[:, None],
        np.where(place >= 0, numbers[np.maximum(place, 0)], -1),
    )


def _set(
    row: pd.Series, items: NDArray[np.int64], month: int, months: _Months, factor: Float64Array2D, units: Float64Array2D
) -> None:
    """Write what one override says of one month for its items: what multiplies, and units where nothing is expected."""
    if not pd.isna(row["factor_ppm"]):
        factor[items, month] = int(row["factor_ppm"]) / 1_000_000
        return
    wanted = int(row["amount_milli"]) / 1000 * months.covered[month]
    groups = [items] if row["family"] else [np.array([item]) for item in items]
    for group in groups:
        expected, told = months.expected[group, month].sum(), months.told[group, month].sum()
        left = max(wanted - float(told), 0.0)
        if expected > _NOTHING:
            factor[group, month] = left / float(expected)
        elif not row["family"]:
            units[group, month] = left / months.covered[month]


def _chosen(forecast: Forecast, snapshot: Snapshot, rows: pd.DataFrame, months: _Months) -> Int64Array2D:
    """Return the place of the override that each item takes in each month, ``(n_items, n_months)``; -1 is none."""
    of = lineage(snapshot.supersessions, snapshot.as_of)
    store = np.array(forecast.store, dtype=object)
    part_no, family = np.array(forecast.part_no, dtype=object), pd.Series(forecast.family, dtype="str")
    chosen = np.full((forecast.item_count, months.first_days.size), -1, dtype=np.int64)
    is_family = rows["family"] != ""
    for place in [*np.flatnonzero(is_family), *np.flatnonzero(~is_family)]:
        row = rows.iloc[place]
        if row["family"]:
            name = str(row["family"])
            mine = ((family == name) | family.str.startswith(f"{name}/")).to_numpy(dtype=np.bool_)
        else:
            mine = np.isin(part_no, [successor.part_no for successor in of.live(str(row["part_no"]))])
        first, last = (parse_label(str(row[name]))[0] for name in ("first_month", "last_month"))
        within = (months.ordinal >= first) & (months.ordinal <= last)
        chosen[np.ix_(mine & (store == row["store"]), within)] = place
    return chosen


@dataclass(frozen=True)
class _Months:
    """The months that coming periods touch.

    Parameters
    ----------
    ordinal, first_days
        Of each month.
    share
        Share of each period's days in each month, ``(horizon, n_months)``.
    of_month
        Share of each month's days in each period, same shape.
    covered
        Share of each month's days in all of them, ``(n_months,)``.
    expected, told
        Units of the law of the history and of the streams in each month, ``(n_items, n_months)``, in stock units.
    """

    ordinal: NDArray[np.int64]
    first_days: NDArray[np.int64]
    share: Float64Array2D
    of_month: Float64Array2D
    covered: Float64Array1D
    expected: Float64Array2D
    told: Float64Array2D

    @classmethod
    def of(cls, forecast: Forecast) -> _Months:
        periods = np.array([day.toordinal() for day in forecast.axis.first_days()])
        last_day = date.fromordinal(int(periods[-1]) - 1)
        first = ordinal_of(forecast.axis.first_days()[0], PeriodKind.MONTH)
        ordinal = np.arange(first, ordinal_of(last_day, PeriodKind.MONTH) + 1)
        begins = np.array([first_day_of(int(each), PeriodKind.MONTH).toordinal() for each in ordinal])
        length = np.array(list(_lengths(ordinal)), dtype=np.float64)
        overlap = np.minimum(periods[1:, None], begins + length) - np.maximum(periods[:-1, None], begins)
        days = np.maximum(overlap, 0.0)
        share = days / np.diff(periods)[:, None]
        unit = forecast.unit_milli[:, None] / 1000
        return cls(
            ordinal,
            begins,
            share,
            days / length,
            days.sum(axis=0) / length,
            (forecast.mean * unit) @ share,
            (forecast.told * unit) @ share,
        )


def _lengths(ordinals: NDArray[np.int64]) -> Iterator[int]:
    for each in ordinals.tolist():
        day = first_day_of(each, PeriodKind.MONTH)
        yield monthrange(day.year, day.month)[1]
