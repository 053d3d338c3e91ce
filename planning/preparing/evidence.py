"""What a store's own vehicles tell: when each was seen, how far it has gone, whether it left, what it was given.

Tables become codes and columns here; the models that read them are the wing's (`leaving`, `population`).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demand.history import Float64Array2D, Int64Array1D
from forecasting import leaving, population
from inventory.snapshot import Snapshot
from planning.preparing.histories import coded, month_ordinals

_LAST_YEAR = 12.0


def visits_of(
    snapshot: Snapshot, stores: tuple[str, ...], models: tuple[str, ...], following: tuple[str, ...], now: float
) -> pd.DataFrame:
    """Return one row per vehicle, sorted by ``vin``: codes, moments in months, and its last odometer reading.

    Parameters
    ----------
    snapshot
        For vehicles and demand lines.
    stores, models
        Names behind the codes.
    following
        Stores whose services are followed vehicle by vehicle.
    now
        The origin, in months.

    Returns
    -------
    DataFrame
        ``vin, is_single, store, model, registered, left, tells`` (whether its store tells of leaving), ``visited`` and
        ``visited_before`` (last visit, and last one a year ago or earlier), ``read, odometer_km``; NaN where none.
    """
    table = snapshot.vehicles.assign(
        registered=month_ordinals(snapshot.vehicles["registered_on"]), left=month_ordinals(snapshot.vehicles["left_on"])
    ).sort_values("vin")
    lines = snapshot.demand_lines[snapshot.demand_lines["vin"] != ""]
    lines = lines.assign(visited=month_ordinals(lines["opened_on"]))
    read = lines[lines["odometer_km"].notna() & (lines["odometer_km"].fillna(0) > 0)]
    last_read = read.sort_values(["vin", "opened_on", "order_no"]).drop_duplicates("vin", keep="last").set_index("vin")
    earlier = lines[lines["visited"] <= now - _LAST_YEAR]
    last, before = (
        each.groupby("vin")["visited"].max().reindex(table["vin"]).to_numpy(np.float64) for each in (lines, earlier)
    )
    return pd.DataFrame(
        {
            "vin": table["vin"].to_numpy(),
            "is_single": table["store"].isin(following).to_numpy(),
            "store": coded(table["store"], stores),
            "model": coded(table["model"], models),
            "registered": table["registered"].to_numpy(),
            "left": table["left"].to_numpy(),
            "tells": table["store"].isin(stores_that_tell(snapshot)).to_numpy(),
            "visited": last,
            "visited_before": before,
            "read": last_read["visited"].reindex(table["vin"]).to_numpy(np.float64),
            "odometer_km": last_read["odometer_km"]
            .astype("Float64")
            .reindex(table["vin"])
            .to_numpy(np.float64, na_value=np.nan),
        }
    )


def stores_that_tell(snapshot: Snapshot) -> set[str]:
    """Return the stores that write down when vehicles leave."""
    table = snapshot.vehicles
    return set(table.loc[table["left_on"].notna(), "store"])


def hazards_of(visits: pd.DataFrame, snapshot: Snapshot, models: tuple[str, ...], now: float) -> Float64Array2D:
    """Return each model's chances of leaving summed up to each month of age, from the stores that tell of it.

    Parameters
    ----------
    visits
        As `visits_of` returns them.
    snapshot
        For the powertrains.
    models
        Names behind the codes.
    now
        The origin, in months.
    """
    gone = visits["left"].notna() & (visits["left"] <= now)
    first = visits["left"].where(gone).groupby(visits["store"]).transform("min")
    begins = np.maximum(first, visits["registered"])
    ends = visits["left"].where(gone, now)
    # A vehicle that left before leaving was written down is not in the table; the first one told began the watching.
    watched = (ends > begins).to_numpy(np.bool_)
    table = snapshot.vehicles[["model", "powertrain"]].fillna("").astype(str)
    known = table.value_counts(sort=False).reset_index().sort_values(["model", "count", "powertrain"])
    usual = known.drop_duplicates("model", keep="last").set_index("model")["powertrain"]
    names = [str(usual.get(name, "")) for name in models]
    powertrain = np.unique(names, return_inverse=True)[1]
    return leaving.hazards(
        visits["model"].to_numpy(np.int64)[watched],
        (begins - visits["registered"]).to_numpy(np.float64)[watched],
        (ends - visits["registered"]).to_numpy(np.float64)[watched],
        gone.to_numpy(np.bool_)[watched],
        powertrain.reshape(-1).astype(np.int64),
        population.AGES,
    )


def loyalty_of(
    visits: pd.DataFrame, hazard: Float64Array2D, stores: int, now: float, level: float
) -> NDArray[np.float64]:
    """Return the share that comes by store and age, from vehicles a year or older where visits are recorded at all.

    Parameters
    ----------
    visits
        As `visits_of` returns them.
    hazard
        As `hazards_of` returns it.
    stores
        Number of stores.
    now
        The origin, in months.
    level
        How loyal customers are taken to be beside the published curve.
    """
    here = (visits["registered"] <= now - _LAST_YEAR) & (visits["left"].isna() | (visits["left"] > now))
    if not visits["visited"].notna().any():
        here &= False
    old = visits[here]
    model = old["model"].to_numpy(np.int64)
    age = (now - old["registered"] - _LAST_YEAR / 2).to_numpy(np.float64)
    seen_at = (old["visited_before"] - old["registered"]).fillna(0.0).to_numpy(np.float64)
    lasting, at_last = (leaving.surviving(hazard, model, each) for each in (age, seen_at))
    chance = np.where(old["tells"], 1.0, lasting / np.maximum(at_last, 1e-12))
    was_seen = (old["visited"] > now - _LAST_YEAR).to_numpy(np.bool_)
    return population.loyalty(old["store"].to_numpy(np.int64), age, was_seen, np.minimum(chance, 1.0), stores, level)


def usage_of(visits: pd.DataFrame, models: int) -> NDArray[np.float64]:
    """Return kilometres a month of a new vehicle, by model; readings in the first two months tell nothing."""
    read = visits[visits["odometer_km"].notna() & (visits["read"] - visits["registered"] > 2)]
    age = (read["read"] - read["registered"]).to_numpy(np.float64)
    return population.usage(read["model"].to_numpy(np.int64), age, read["odometer_km"].to_numpy(np.float64), models)


def dated_calls(
    snapshot: Snapshot, lines: pd.DataFrame, parts: tuple[str, ...], groups: Int64Array1D
) -> NDArray[np.float64]:
    """Return calls by part and age group, of lines whose vehicle and part are known, ``(n_parts, n_groups)``.

    Parameters
    ----------
    snapshot
        For the vehicles.
    lines
        Demand lines in live numbers.
    parts
        Names behind the codes.
    groups
        Group of each age in months, ``(AGES,)``.
    """
    registered = month_ordinals(snapshot.vehicles["registered_on"])
    vehicle = pd.Index(snapshot.vehicles["vin"]).get_indexer(pd.Index(lines["vin"]))
    part = coded(lines["part_no"], parts)
    dated = (vehicle >= 0) & (part >= 0)
    age = np.floor(month_ordinals(lines["opened_on"])[dated] - registered[vehicle[dated]] + 0.5)
    group = groups[np.clip(age, 0, population.AGES - 1).astype(np.int64)]
    asked: NDArray[np.float64] = np.zeros((len(parts), int(groups.max()) + 1))
    np.add.at(asked, (part[dated], group), 1.0)
    return asked
