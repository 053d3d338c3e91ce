"""The true law of future demand: the same world continued many times from the end of its history.

Every replication starts from the same state and draws new sales of vehicles, ageing, visits, failures and
collisions. The spread over replications is the law that a forecaster who knew the world could at best give. Demand
is what is asked for, filled or not, under the number valid on its day; a number that is used up first is counted
under its successor.
"""

from dataclasses import dataclass

import numpy as np

from data_samples.actions import ACTIONS
from data_samples.ageing import new_state
from data_samples.columns import Floats, Ints
from data_samples.fleet import draw_future_fleet
from data_samples.workdays import month_text
from data_samples.world import World, run_months


@dataclass(frozen=True)
class FutureDemand:
    """Demand of many possible futures.

    Attributes
    ----------
    part_no : tuple of str
    store : tuple of str
    month : tuple of str
        ``YYYY-MM``.
    quantity_milli : array of int, (replication, month, store, part)
        Thousandths of the stock unit asked for.
    lines : array of int, (replication, month, store, part)
        Request lines.
    """

    part_no: tuple[str, ...]
    store: tuple[str, ...]
    month: tuple[str, ...]
    quantity_milli: Ints
    lines: Ints

    def mean(self) -> Floats:
        """Give the true expected quantity, in stock units: (month, store, part)."""
        return np.asarray(self.quantity_milli.mean(axis=0) / 1000.0, dtype=np.float64)


def store_codes(stores: int) -> tuple[str, ...]:
    """Give the codes of the stores.

    Examples
    --------
    >>> store_codes(2)
    ('S01', 'S02')
    """
    return tuple(f"S{place + 1:02d}" for place in range(stores))


def future_demand(world: World, months: int, replications: int, seed: int) -> FutureDemand:
    """Continue a world under many seeds and count what is asked for.

    Parameters
    ----------
    world : World
        Not changed.
    months : int
        Months after the history, 1 to 24.
    replications : int
        How many futures; the standard error of a mean falls with the square root of it.
    seed : int
        Futures of one seed are the same each time; replication k does not depend on how many there are.

    Returns
    -------
    FutureDemand
    """
    if not 1 <= months <= 24:
        raise ValueError("months must be between 1 and 24")
    settings, catalogue = world.settings, world.catalogue
    shape = (months, settings.stores, len(catalogue))
    quantity = np.zeros((replications, *shape), dtype=np.int64)
    lines = np.zeros((replications, *shape), dtype=np.int64)
    numbers = range(settings.end_month, settings.end_month + months)
    for place, child in enumerate(np.random.SeedSequence(seed).spawn(replications)):
        rng = np.random.Generator(np.random.PCG64(child))
        new = draw_future_fleet(settings, months, rng)
        fleet = world.fleet.extended(new)
        state = world.state.extended(new_state(new, catalogue, len(ACTIONS)))
        for ahead, asked in enumerate(run_months(catalogue, fleet, state, numbers, settings.stores, rng)):
            part = catalogue.links.live(asked.part, asked.day)
            np.add.at(quantity[place, ahead], (asked.store, part), asked.quantity_milli)
            np.add.at(lines[place, ahead], (asked.store, part), 1)
    return FutureDemand(
        part_no=catalogue.number,
        store=store_codes(settings.stores),
        month=tuple(month_text(number) for number in numbers),
        quantity_milli=quantity,
        lines=lines,
    )
