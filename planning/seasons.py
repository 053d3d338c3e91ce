"""The season of every item: what its kind is asked for in each month, laid on its exposure.

A kind's calls are counted over all stores and parts, and its exposure with them; only cells that were seen count. Items
that no vehicle explains are kin by name as others are.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from demand.history import DemandHistory
from forecasting.exposure import middles
from forecasting.forecast import Exposure
from forecasting.season import MONTHS, months_of_year, seasons


def in_season(exposure: Exposure, history: DemandHistory, family: tuple[str, ...], kind: tuple[str, ...]) -> Exposure:
    """Return the exposure with its seasons in.

    Parameters
    ----------
    exposure
        Without seasons.
    history
        What was asked for, row by row the same items.
    family, kind
        Names of each item's family and kind.
    """
    axis = history.axis
    names = np.array([f"{of}\n{name}" for of, name in zip(family, kind, strict=True)], dtype=object).astype(str)
    if not names.size or not axis.count:
        return exposure
    found, code = np.unique(names, return_inverse=True)
    family_of_kind = np.unique([str(name).partition("\n")[0] for name in found], return_inverse=True)[1]
    month = np.floor(middles(axis)).astype(np.int64)
    months = np.arange(month[0], month[-1] + 1)
    within = (month[:, None] == months[None, :]).astype(np.float64)
    sums = np.zeros((2, found.size, axis.count))
    np.add.at(sums[0], code, history.lines)
    np.add.at(sums[1], code, exposure.past * history.availability)
    factor = seasons(sums[0] @ within, sums[1] @ within, months % MONTHS, family_of_kind)[code]
    return replace(
        exposure,
        past=exposure.past * (factor @ months_of_year(axis).T),
        season=factor @ months_of_year(axis.after(exposure.vehicles.shape[1])).T,
    )
