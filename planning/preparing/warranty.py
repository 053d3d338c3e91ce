"""The warranty's limit in kilometres, laid on the needs of families that are mostly asked for as claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demand.history import Float64Array1D, Float64Array2D, Int64Array1D
from forecasting.age_profile import GROUP_STARTS, WARRANTY_MONTHS, mostly_claims
from forecasting.exposure import Fitments, calls_by_age
from forecasting.population import Population, months_of_driving
from forecasting.warranty_base import limit_of, share_within, spread_of, still_asked
from inventory.snapshot import Snapshot
from planning.preparing.evidence import dated_calls

CLAIM_PAYERS = ("warranty", "goodwill")
_LEAST_AGE_READ = 6.0
_YOUNG = slice(0, GROUP_STARTS.index(WARRANTY_MONTHS))


def limited(
    needs: NDArray[np.float64],
    by_age: NDArray[np.float64],
    families: tuple[Sequence[str], Int64Array1D],
    claims: NDArray[np.float64],
    asked: NDArray[np.float64],
    vehicles: tuple[Population, Fitments, Float64Array2D, Int64Array1D],
    books: tuple[Snapshot, pd.DataFrame, tuple[str, ...], pd.DataFrame, Float64Array1D],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return needs and calls by age without those of vehicles beyond the kilometres of their warranty.

    Parameters
    ----------
    needs
        Calls per vehicle and month, by need, model and age in months.
    by_age
        Calls expected by part and age group.
    families
        Name of each need's family, and the need that names each part's.
    claims, asked
        Dated calls by part and age group: those the maker paid for, and all.
    vehicles
        Cohorts of the past, fitments, loyalty, and the group of each age: as `calls_by_age` takes them.
    books
        The snapshot, its lines in live numbers, names behind the codes of parts, visits, and distance when new.
    """
    people, fitments, loyalty, groups = vehicles
    snapshot, lines, parts, visits, distance = books
    found, code = np.unique(np.array(families[0]), return_inverse=True)
    of_part = code[families[1]]

    def by_family(amount: NDArray[np.float64]) -> NDArray[np.float64]:
        sums = np.zeros((found.size, amount.shape[1]))
        np.add.at(sums, of_part, amount)
        return sums

    is_claims = mostly_claims(by_family(asked), by_family(claims))
    if not is_claims.any():
        return needs, by_age
    limit = limit_of(lines.loc[lines["payer"] == "warranty", "odometer_km"].dropna().to_numpy(np.float64))
    within = share_within(distance, _spread(visits, distance), limit)
    chosen = is_claims[code]
    outside = np.where(chosen[:, None, None], needs * (1 - within), 0.0)
    rows = chosen[fitments.need]
    few = replace(fitments, **{name: getattr(fitments, name)[rows] for name in vars(fitments)})
    beyond = calls_by_age(people, few, loyalty, outside, len(parts), groups).calls.sum(axis=1)
    read = lines[lines["odometer_km"].notna()]
    is_beyond = (read["odometer_km"] > limit).to_numpy(np.bool_)
    inside, far = (
        by_family(dated_calls(snapshot, table, parts, groups))[:, _YOUNG].sum(axis=1)
        for table in (read[~is_beyond], read[is_beyond])
    )
    e_far, e_all = (by_family(amount)[:, _YOUNG].sum(axis=1) for amount in (beyond, by_age))
    paid, young = (by_family(amount)[:, _YOUNG].sum(axis=1) for amount in (claims, asked))
    goes_on = still_asked((inside, far), (e_all - e_far, e_far), paid / np.maximum(young, 1.0))
    stops = np.where(is_claims, 1 - goes_on, 0.0)
    return needs - outside * stops[code][:, None, None], by_age - beyond * stops[of_part][:, None]


def _spread(visits: pd.DataFrame, distance: Float64Array1D) -> float:
    """Return how far owners of one model are apart in distance, from the last readings of vehicles half a year old."""
    age = visits["read"] - visits["registered"]
    read = visits[visits["odometer_km"].notna() & (age > _LEAST_AGE_READ)]
    usual = distance[read["model"].to_numpy(np.int64)] * months_of_driving(age[read.index].to_numpy(np.float64))
    return spread_of(read["odometer_km"].to_numpy(np.float64), usual)
