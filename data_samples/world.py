"""A made world: catalogue, fleet and hidden shop habits, run month by month from the first sale.

One month is: ageing, then visits by the service book, then what was worn, failed or hit, then counter and deliveries,
then recalls. `run_months` is the same for the past and for every possible future.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from data_samples.actions import ACTIONS
from data_samples.ageing import State, age_one_month, new_state
from data_samples.bookings import book_services
from data_samples.catalogue import Catalogue, make_catalogue
from data_samples.collisions import collide
from data_samples.columns import Floats
from data_samples.counter import sell_over_counter
from data_samples.failures import fail
from data_samples.fleet import Fleet, draw_fleet
from data_samples.month import Month
from data_samples.recalls import work_off_actions
from data_samples.requests import Requests, join_requests
from data_samples.services import serve
from data_samples.settings import WorldSettings
from data_samples.wearing import wear_out

SHOP_SPREAD: Final = 0.06
"""Standard deviation of the logarithm of a store's busyness from month to month, common to all its parts (assumed)."""

STREAMS: Final = ("catalogue", "fleet", "months", "shelf", "writing", "bookings")


@dataclass(frozen=True)
class World:
    """A made world at the end of its history.

    Attributes
    ----------
    settings : WorldSettings
    catalogue : Catalogue
    fleet : Fleet
    state : State
        At the end of the history.
    requests : Requests
        Everything asked for since `settings.shelf_month`, by day; parts are the first numbers of their chains.
    """

    settings: WorldSettings
    catalogue: Catalogue
    fleet: Fleet
    state: State
    requests: Requests


def stream(settings: WorldSettings, name: str) -> np.random.Generator:
    """Give the random stream of one part of the making, independent of the others.

    Parameters
    ----------
    settings : WorldSettings
    name : str
        One of `STREAMS`.

    Returns
    -------
    Generator
        PCG64.
    """
    seeds = np.random.SeedSequence(settings.seed).spawn(len(STREAMS))
    return np.random.Generator(np.random.PCG64(seeds[STREAMS.index(name)]))


def run_months(
    catalogue: Catalogue, fleet: Fleet, state: State, months: Iterable[int], stores: int, rng: np.random.Generator
) -> list[Requests]:
    """Run the world over some months.

    Parameters
    ----------
    catalogue : Catalogue
    fleet : Fleet
    state : State
        Changed in place.
    months : iterable of int
        Month numbers, in order.
    stores : int
    rng : Generator

    Returns
    -------
    list of Requests
        One per month.
    """
    asked = []
    for number in months:
        busyness: Floats = np.exp(rng.normal(-(SHOP_SPREAD**2) / 2, SHOP_SPREAD, stores))
        age_one_month(fleet, state, number, rng)
        month = Month(number, catalogue, fleet, state, state.loyal(fleet, number), busyness)
        service, day = serve(month, rng)
        pieces = [
            service,
            wear_out(month, day, rng),
            fail(month, day, rng),
            collide(month, rng),
            sell_over_counter(month, rng),
            work_off_actions(month, day, rng),
        ]
        asked.append(join_requests(pieces))
    return asked


def make_world(settings: WorldSettings) -> World:
    """Make a world and run its past.

    Parameters
    ----------
    settings : WorldSettings

    Returns
    -------
    World

    Examples
    --------
    >>> world = make_world(WorldSettings(parts=150, vehicles=200, years=1))
    >>> len(world.catalogue)
    150
    """
    catalogue = make_catalogue(
        settings.parts, settings.end_month, settings.history_month, stream(settings, "catalogue"), settings.climate
    )
    fleet = draw_fleet(settings, stream(settings, "fleet"))
    state = new_state(fleet, catalogue, len(ACTIONS))
    months = range(settings.sales_month, settings.end_month)
    asked = run_months(catalogue, fleet, state, months, settings.stores, stream(settings, "months"))
    book_services(catalogue, fleet, state, settings.end_month, stream(settings, "bookings"))
    requests = join_requests(asked[settings.shelf_month - settings.sales_month :])
    return World(settings, catalogue, fleet, state, requests.take(np.argsort(requests.day, kind="stable")))
