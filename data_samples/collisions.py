"""Collisions: several body parts of one zone at once, paid by the insurer; old vehicles are repaired less often."""

from typing import Final

import numpy as np

from data_samples.body_items import COLLISIONS_PER_VEHICLE_YEAR, ZONE_SHARES
from data_samples.month import Month
from data_samples.requests import COLLISION, CUSTOMER, INSURANCE, Requests
from data_samples.workdays import draw_days

WORTH_REPAIR_YEARS: Final = 8.0
INSURED_SHARE: Final = 0.85


def collide(month: Month, rng: np.random.Generator) -> Requests:
    """Let vehicles collide this month.

    Parameters
    ----------
    month : Month
    rng : Generator

    Returns
    -------
    Requests
    """
    catalogue, vehicles = month.catalogue, month.loyal
    age = month.age_years(vehicles)
    worth = np.exp(-np.maximum(age - WORTH_REPAIR_YEARS, 0.0) / 5.0)
    use = month.state.month_km[vehicles] / 1150.0
    hit = rng.random(len(vehicles)) < COLLISIONS_PER_VEHICLE_YEAR / 12.0 * worth * use
    chosen = vehicles[hit]
    day = np.maximum(draw_days(month.number, len(chosen), rng), month.fleet.registered_day[chosen])
    zones = list(ZONE_SHARES)
    zone = rng.choice(len(zones), size=len(chosen), p=list(ZONE_SHARES.values()))
    payer = np.where(rng.random(len(chosen)) < INSURED_SHARE, INSURANCE, CUSTOMER).astype(np.int64)
    rows = np.array(catalogue.rows_of("collision"), dtype=np.int64)
    items = [catalogue.items[int(row)] for row in rows]
    zone_of = np.array([zones.index(item.zone) for item in items], dtype=np.int64)
    part = month.part_of(np.repeat(rows[None, :], len(chosen), axis=0), np.repeat(chosen[:, None], len(rows), axis=1))
    share = np.array([item.rate for item in items]) * np.where(part >= 0, catalogue.factor[part] ** 0.5, 0.0)
    wanted = (rng.random(part.shape) < share) & (zone_of[None, :] == zone[:, None])
    which, place = np.nonzero(wanted)
    lines = chosen[which]
    quantity = catalogue.quantity_milli[rows[place], month.fleet.model[lines]]
    return month.asked(lines, day[which], part[which, place], quantity, COLLISION, payer[which])
