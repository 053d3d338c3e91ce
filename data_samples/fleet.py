"""Vehicles as they were sold: model, store, day of registration, and what never changes about their owner.

Besides the vehicles sold by the group there are guests, sold elsewhere: they come to the workshop but are in no file of
vehicles, so their lines carry no vehicle number (trap of every installed base counted from own sales).
"""

from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np

from data_samples.catalogue import generation_of
from data_samples.columns import Bools, Floats, Ints
from data_samples.figures import DISTANCE_SPREAD, LATENESS_SPREAD_OWNER
from data_samples.models import MODELS
from data_samples.numbering import make_vin
from data_samples.settings import WorldSettings
from data_samples.workdays import draw_days

GUEST_SHARE: Final = 0.04
SALES_SEASON: Final = (1.15, 0.60, 1.00, 0.95, 0.95, 1.00, 0.90, 0.95, 1.10, 1.05, 1.10, 1.30)
LAUNCH_MONTHS: Final = 3


@dataclass(frozen=True)
class Fleet:
    """Vehicles as parallel columns.

    Attributes
    ----------
    model, store : array of int
        Places in the lists of models and stores.
    registered_day, registered_month : array of int
    generation : array of int
        1 from the facelift year of the model.
    guest : array of bool
        Sold elsewhere.
    distance_km_per_month : array of float
        When new.
    lateness : array of float
        Owner's habit: factor on the time to the next service.
    wear_factor : array of float
        Owner's style: factor on the life of what wears.
    vin : tuple of str
    """

    model: Ints
    store: Ints
    registered_day: Ints
    registered_month: Ints
    generation: Ints
    guest: Bools
    distance_km_per_month: Floats
    lateness: Floats
    wear_factor: Floats
    vin: tuple[str, ...]

    def __len__(self) -> int:
        """Give the number of vehicles."""
        return len(self.model)

    def extended(self, other: "Fleet") -> "Fleet":
        """Give this fleet with the vehicles of another after its own."""
        arrays = [f.name for f in fields(self) if f.name != "vin"]
        columns: dict[str, Any] = {n: np.concatenate([getattr(self, n), getattr(other, n)]) for n in arrays}
        return Fleet(**columns, vin=self.vin + other.vin)


def store_shares(stores: int) -> Floats:
    """Give the share of each store in sales: the first is the largest."""
    weights = np.array([1.0 / (1 + place) ** 0.75 for place in range(stores)])
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def sales_weights(months: range, mix: tuple[float, ...] = ()) -> Floats:
    """Give how much each model sells in each month, before scaling to a number of vehicles.

    Parameters
    ----------
    months : range
        Month numbers.
    mix : tuple of float
        Factor on each model's popularity; empty for none.

    Returns
    -------
    array of float, (month, model)
    """
    weights = np.zeros((len(months), len(MODELS)))
    for row, month in enumerate(months):
        for place, model in enumerate(MODELS):
            since = month - ((model.launch[0] - 1970) * 12 + model.launch[1] - 1)
            left = (model.end[0] - 1970) * 12 + model.end[1] - 1 - month
            if since >= 0 and left >= 0:
                ramp = min(1.0, (since + 2) / LAUNCH_MONTHS) * min(1.0, (left + 2) / 6)
                weights[row, place] = model.popularity * ramp * SALES_SEASON[month % 12]
    return weights * np.array(mix) if mix else weights


def monthly_sales(settings: WorldSettings) -> Floats:
    """Give vehicles per unit of sales weight, so that the years of sale add up to the vehicles wanted.

    Parameters
    ----------
    settings : WorldSettings

    Returns
    -------
    array of float, (month, model)
        Expected sales of the group from `settings.sales_month` to two years after the history.
    """
    months = range(settings.sales_month, settings.end_month + 24)
    weights = sales_weights(months, settings.mix)
    past = weights[: settings.end_month - settings.sales_month].sum()
    return np.asarray(weights * (settings.vehicles / past), dtype=np.float64)


def make_fleet(
    settings: WorldSettings, model: Ints, month: Ints, guest: Bools, first_serial: int, rng: np.random.Generator
) -> Fleet:
    """Draw everything about vehicles but their model and month.

    Parameters
    ----------
    settings : WorldSettings
    model, month : array of int
    guest : array of bool
    first_serial : int
        Serial number of the first one.
    rng : Generator

    Returns
    -------
    Fleet
    """
    count = len(model)
    store = rng.choice(settings.stores, size=count, p=store_shares(settings.stores)).astype(np.int64)
    day = np.zeros(count, dtype=np.int64)
    for number in np.unique(month).tolist():
        mine = month == number
        day[mine] = draw_days(number, int(mine.sum()), rng)
    order = np.lexsort((np.arange(count), day, guest))
    model, month, guest, store, day = model[order], month[order], guest[order], store[order], day[order]
    year = 1970 + month // 12
    mean_km = np.array([m.distance_km_per_year for m in MODELS]) / 12.0
    spread = np.exp(rng.normal(-(DISTANCE_SPREAD**2) / 2, DISTANCE_SPREAD, count))
    vins = tuple(
        make_vin(int(model[v]), int(year[v]), int(store[v]), (first_serial + v) % 1_000_000) for v in range(count)
    )
    return Fleet(
        model=model,
        store=store,
        registered_day=day,
        registered_month=month,
        generation=generation_of(model, year),
        guest=guest,
        distance_km_per_month=mean_km[model] * spread,
        lateness=np.exp(rng.normal(0.0, LATENESS_SPREAD_OWNER, count)),
        wear_factor=np.exp(rng.normal(0.0, 0.18, count)),
        vin=vins,
    )


def draw_fleet(settings: WorldSettings, rng: np.random.Generator) -> Fleet:
    """Draw all vehicles registered before the history ends.

    Parameters
    ----------
    settings : WorldSettings
    rng : Generator

    Returns
    -------
    Fleet
        The vehicles sold by the group, by day of registration, then the guests.
    """
    guests = round(settings.vehicles * GUEST_SHARE)
    expected = monthly_sales(settings)[: settings.end_month - settings.sales_month]
    cells = rng.choice(expected.size, size=settings.vehicles + guests, p=(expected / expected.sum()).ravel())
    model = (cells % len(MODELS)).astype(np.int64)
    month = (cells // len(MODELS) + settings.sales_month).astype(np.int64)
    guest = np.arange(settings.vehicles + guests) >= settings.vehicles
    return make_fleet(settings, model, month, guest, 1, rng)


def draw_future_fleet(settings: WorldSettings, months: int, rng: np.random.Generator) -> Fleet:
    """Draw the vehicles registered in the months after the history: Poisson about the expected sales.

    Parameters
    ----------
    settings : WorldSettings
    months : int
        At most 24.
    rng : Generator

    Returns
    -------
    Fleet
    """
    first = settings.end_month - settings.sales_month
    counts = rng.poisson(monthly_sales(settings)[first : first + months])
    rows, models = np.nonzero(counts)
    model = np.repeat(models, counts[rows, models]).astype(np.int64)
    month = np.repeat(rows + settings.end_month, counts[rows, models]).astype(np.int64)
    return make_fleet(settings, model, month, np.zeros(len(model), dtype=np.bool_), 900_001, rng)
