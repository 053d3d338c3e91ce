"""The season of every item: what its kind is asked for in each month, laid on its exposure.

A kind's calls are counted over all stores and parts, and its exposure with them; only cells that were seen count. Items
that no vehicle explains are kin by name as others are.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from demand.history import DemandHistory, Float64Array1D
from demand.periods import PeriodAxis
from forecasting.exposure import middles
from forecasting.forecast import Exposure
from forecasting.season import MONTHS, months_of_year, seasons


def in_season(
    exposure: Exposure, history: DemandHistory, busy: Float64Array1D, family: tuple[str, ...], kind: tuple[str, ...]
) -> Exposure:
    """Return the exposure with its seasons in.

    Parameters
    ----------
    exposure
        Without seasons.
    history
        What was asked for, row by row the same items.
    busy
        How busy each period of the past and the horizon is.
    family, kind
        Names of each item's family and kind; seasons are pooled over the first two words of a family's name.
    """
    axis, horizon = history.axis, exposure.vehicles.shape[1]
    wide = ["/".join(name.split("/")[:2]) for name in family]
    names = np.array([f"{of}\n{name}" for of, name in zip(wide, kind, strict=True)], dtype=object).astype(str)
    if not names.size or not axis.count:
        return exposure
    found, code = np.unique(names, return_inverse=True)
    family_of_kind = np.unique([str(name).partition("\n")[0] for name in found], return_inverse=True)[1]
    month = np.floor(middles(PeriodAxis(axis.kind, axis.first, axis.count + horizon))).astype(np.int64)
    months = np.arange(month[0], month[axis.count - 1] + 1)
    within = (month[: axis.count, None] == months[None, :]).astype(np.float64)
    sums = np.zeros((2, found.size, axis.count))
    np.add.at(sums[0], code, history.lines)
    np.add.at(sums[1], code, exposure.past * history.availability)
    around = _around(month, busy)
    pace = (around[: axis.count] @ within) / np.maximum(within.sum(axis=0), 1)
    year = seasons(sums[0] @ within, sums[1] @ within, pace, months % MONTHS, family_of_kind)
    factor = year.factor[code]
    response = around[None, :] ** (year.response[code, None] - 1)
    return replace(
        exposure,
        past=exposure.past * (factor @ months_of_year(axis).T) * response[:, : axis.count],
        season=factor @ months_of_year(axis.after(horizon)).T * response[:, axis.count :],
    )


def _around(month: NDArray[np.int64], busy: Float64Array1D) -> Float64Array1D:
    """Return how busy the month of each period is beside the usual one, at least a tenth."""
    code = month - month[0]
    mean = np.bincount(code, weights=busy) / np.maximum(np.bincount(code), 1)
    around: Float64Array1D = np.maximum(mean[code] / busy.mean(), 0.1)
    return around
