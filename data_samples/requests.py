"""What was asked for: one row per line of a repair order or of a counter sale, as parallel columns."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Final

import numpy as np

from data_samples.columns import Bools, Ints

JOBS: Final = ("maintenance", "repair", "collision", "recall", "campaign", "accessory")
PAYERS: Final = ("customer", "warranty", "insurance", "internal", "goodwill")
MAINTENANCE, REPAIR, COLLISION, RECALL, CAMPAIGN, ACCESSORY = range(6)
CUSTOMER, WARRANTY, INSURANCE, INTERNAL, GOODWILL = range(5)


@dataclass(frozen=True)
class Requests:
    """Columns of requested lines, all of one length.

    Attributes
    ----------
    vehicle : array of int
        Row of the fleet; -1 over the counter.
    store : array of int
    day : array of int
        Day number.
    part : array of int
        Row of the catalogue: the first number of its chain, before supersession.
    quantity_milli : array of int
        Thousandths of the stock unit.
    job, payer : array of int
        Places in `JOBS` and `PAYERS`.
    odometer_km : array of int
        Reading at the visit; -1 when there is none.
    """

    vehicle: Ints
    store: Ints
    day: Ints
    part: Ints
    quantity_milli: Ints
    job: Ints
    payer: Ints
    odometer_km: Ints

    def __len__(self) -> int:
        """Give the number of lines."""
        return len(self.day)

    def take(self, which: Ints | Bools) -> "Requests":
        """Give the rows chosen, in that order."""
        return Requests(*(getattr(self, f.name)[which] for f in fields(self)))


def make_requests(
    vehicle: Ints,
    store: Ints,
    day: Ints,
    part: Ints,
    quantity_milli: Ints,
    job: int | Ints,
    payer: int | Ints,
    odometer_km: Ints,
) -> Requests:
    """Put columns together, spread single values, and leave out rows without a part.

    Parameters
    ----------
    vehicle, store, day, part, quantity_milli, odometer_km : array of int
    job, payer : int or array of int

    Returns
    -------
    Requests
    """
    spread = np.zeros(len(day), dtype=np.int64)
    columns = (vehicle, store, day, part, quantity_milli, spread + job, spread + payer, odometer_km)
    return Requests(*(np.asarray(c, dtype=np.int64) for c in columns)).take(part >= 0)


def join_requests(pieces: Iterable[Requests]) -> Requests:
    """Put the rows of several pieces one after another.

    Parameters
    ----------
    pieces : iterable of Requests

    Returns
    -------
    Requests
    """
    rows = list(pieces)
    empty = np.zeros(0, dtype=np.int64)
    return Requests(*(np.concatenate([empty, *(getattr(r, f.name) for r in rows)]) for f in fields(Requests)))
