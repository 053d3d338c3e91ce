"""Sales without a workshop visit: accessories over the counter, and what goes with a new vehicle."""

import numpy as np

from data_samples.catalogue import Catalogue
from data_samples.columns import Ints
from data_samples.models import MODELS
from data_samples.month import Month
from data_samples.requests import ACCESSORY, CUSTOMER, INTERNAL, Requests, join_requests, make_requests
from data_samples.workdays import draw_days

COUNTER_SIZES = (1, 2, 3)
COUNTER_SHARES = (0.80, 0.15, 0.05)


def _over_counter(month: Month, catalogue: Catalogue, stores: int, rng: np.random.Generator) -> Requests:
    rows = catalogue.rows_of("counter")
    customers = np.zeros((stores, len(MODELS)))
    np.add.at(customers, (month.fleet.store[month.loyal], month.fleet.model[month.loyal]), 1.0)
    pieces = []
    for row in rows:
        for part in np.unique(catalogue.lookup[row][catalogue.lookup[row] >= 0]):
            base = customers[:, catalogue.fits[part]].sum(axis=1) / 1000.0
            mean = catalogue.items[row].rate * catalogue.factor[part] * base * month.busyness
            store = np.repeat(np.arange(stores, dtype=np.int64), rng.poisson(mean))
            count = len(store)
            nobody = np.full(count, -1, dtype=np.int64)
            quantity: Ints = 1000 * rng.choice(COUNTER_SIZES, size=count, p=COUNTER_SHARES).astype(np.int64)
            day = draw_days(month.number, count, rng)
            pieces.append(
                make_requests(nobody, store, day, np.full(count, part), quantity, ACCESSORY, CUSTOMER, nobody)
            )
    return join_requests(pieces)


def sell_over_counter(month: Month, rng: np.random.Generator) -> Requests:
    """Sell accessories over the counter and with new vehicles.

    Parameters
    ----------
    month : Month
    rng : Generator

    Returns
    -------
    Requests
        Counter lines have no vehicle; lines with a new vehicle are paid by the sales department or the buyer.
    """
    catalogue, fleet = month.catalogue, month.fleet
    pieces = [_over_counter(month, catalogue, len(month.busyness), rng)]
    new = np.flatnonzero((fleet.registered_month == month.number) & ~fleet.guest)
    for row in catalogue.rows_of("delivery"):
        chosen = new[rng.random(len(new)) < catalogue.items[row].rate]
        day = np.maximum(draw_days(month.number, len(chosen), rng), fleet.registered_day[chosen])
        payer = np.where(rng.random(len(chosen)) < 0.4, INTERNAL, CUSTOMER).astype(np.int64)
        quantity = catalogue.quantity_milli[row, fleet.model[chosen]]
        part = month.part_of(np.full(len(chosen), row), chosen)
        pieces.append(month.asked(chosen, day, part, quantity, ACCESSORY, payer))
    return join_requests(pieces)
