"""Recalls and service campaigns: a finite set of vehicles, used up as they come in.

Expected work of a month = vehicles not yet done x monthly chance; vehicles that drifted away come less often. A vehicle
that is in for its service is done on that day. The chances are assumed.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

MONTHLY_CHANCE_LOYAL: Final = 0.06
MONTHLY_CHANCE_DRIFTED: Final = 0.03


@dataclass(frozen=True)
class Action:
    """One recall or service campaign.

    Attributes
    ----------
    number : str
    item : str
        Key of the item to be replaced.
    model : str
    registered_from, registered_to : date
        Vehicles first registered in these days are concerned.
    starts_on : date
    ends_on : date or None
        None: open until all are done.
    job_type : str
        ``recall`` or ``campaign``.
    uptake : float
        Share the maker expects to come in all.
    """

    number: str
    item: str
    model: str
    registered_from: date
    registered_to: date
    starts_on: date
    ends_on: date | None
    job_type: str
    uptake: float


ACTIONS: Final = (
    Action(
        "SC2404",
        "wiper_motor",
        "HS1",
        date(2017, 1, 1),
        date(2019, 6, 30),
        date(2024, 4, 15),
        date(2025, 4, 14),
        "campaign",
        0.55,
    ),
    Action(
        "RC2510",
        "airbag_inflator",
        "HB2",
        date(2017, 9, 1),
        date(2020, 12, 31),
        date(2025, 10, 13),
        None,
        "recall",
        0.80,
    ),
    Action("RC2607", "fuel_pump", "HS2", date(2021, 7, 1), date(2023, 5, 31), date(2026, 7, 15), None, "recall", 0.85),
)
"""One ended, one half done when the history ends, one announced for a fortnight later."""
