"""What wears: a Weibull life in kilometres or months for every item of every vehicle, renewed when it is replaced.

The chance in a month is the Weibull law given survival so far: 1 - exp((k0/eta)^b - (k1/eta)^b). Some owners have
it done elsewhere; the item is new either way.
"""

import numpy as np

from data_samples.columns import Floats, Ints
from data_samples.items import Item
from data_samples.month import Month
from data_samples.requests import REPAIR, Requests, join_requests
from data_samples.workdays import season_factor

DAYS_PER_MONTH = 30.4375
TYRE_QUANTITIES = (1, 2, 4)
TYRE_SHARES = (0.30, 0.45, 0.25)


def _life_factors(month: Month, part: Ints) -> Floats:
    """Give the hidden factor of each number on its life: a third of the spread of rates, turned round."""
    return np.asarray(np.where(part >= 0, month.catalogue.factor[part] ** (-1.0 / 3.0), 1.0), dtype=np.float64)


def _quantity(item: Item, count: int, usual: Ints, rng: np.random.Generator) -> Ints:
    if item.category == "tyre":
        return 1000 * rng.choice(TYRE_QUANTITIES, size=count, p=TYRE_SHARES).astype(np.int64)
    if item.quantity == 2.0 and item.key in ("link", "damper_front", "damper_rear"):
        return 1000 * rng.choice((1, 2), size=count, p=(0.45, 0.55)).astype(np.int64)
    return usual


def wear_out(month: Month, service_day: Ints, rng: np.random.Generator) -> Requests:
    """Let items wear out this month.

    Parameters
    ----------
    month : Month
        Its state changes: last replacement of wearing items.
    service_day : array of int
        Per vehicle of the fleet; -1 without a service.
    rng : Generator

    Returns
    -------
    Requests
    """
    state, vehicles, catalogue = month.state, month.loyal, month.catalogue
    own = month.visit_days(vehicles, service_day, rng)
    pieces = []
    for place, row in enumerate(catalogue.rows_of("wear")):
        item = catalogue.items[row]
        part = month.part_of(np.full(len(vehicles), row), vehicles)
        life = item.life * month.fleet.wear_factor[vehicles] * _life_factors(month, part)
        if item.in_months:
            end = (month.after_day - state.wear_day[vehicles, place]) / DAYS_PER_MONTH
            begin = np.maximum(end - 1.0, 0.0)
        else:
            end = state.odometer_km[vehicles] - state.wear_km[vehicles, place]
            begin = np.maximum(end - state.month_km[vehicles], 0.0)
        end = np.maximum(end, 0.0)
        hazard = ((end / life) ** item.shape - (begin / life) ** item.shape) * season_factor(item.season, month.number)
        gone = (rng.random(len(vehicles)) < 1.0 - np.exp(-hazard)) & (part >= 0)
        here = gone & (rng.random(len(vehicles)) < item.capture)
        state.wear_km[vehicles[gone], place] = state.odometer_km[vehicles[gone]]
        state.wear_day[vehicles[gone], place] = month.after_day
        chosen = vehicles[here]
        usual = catalogue.quantity_milli[row, month.fleet.model[chosen]]
        quantity = _quantity(item, len(chosen), usual, rng)
        claimable = np.full(len(chosen), int(item.warranty), dtype=np.int64)
        payer = month.payer_of_repair(chosen, claimable, rng)
        pieces.append(month.asked(chosen, own[here], part[here], quantity, REPAIR, payer))
    return join_requests(pieces)
