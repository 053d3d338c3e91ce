"""What the processes of a month look at: the month, the catalogue, the vehicles that come, how busy each store is."""

from dataclasses import dataclass

import numpy as np

from data_samples.ageing import State
from data_samples.catalogue import Catalogue
from data_samples.columns import Floats, Ints
from data_samples.figures import DAYS_PER_YEAR, WARRANTY_DISTANCE_KM, WARRANTY_YEARS
from data_samples.fleet import Fleet
from data_samples.requests import CUSTOMER, GOODWILL, WARRANTY, Requests, make_requests
from data_samples.workdays import draw_days, month_start


@dataclass(frozen=True)
class Month:
    """One month of the world.

    Attributes
    ----------
    number : int
        Month number.
    catalogue : Catalogue
    fleet : Fleet
    state : State
    loyal : array of int
        Rows of the vehicles on the road that come to the shop.
    busyness : array of float
        Factor of each store in this month.
    """

    number: int
    catalogue: Catalogue
    fleet: Fleet
    state: State
    loyal: Ints
    busyness: Floats

    @property
    def first_day(self) -> int:
        """First day of the month."""
        return month_start(self.number)

    @property
    def after_day(self) -> int:
        """First day of the next month."""
        return month_start(self.number + 1)

    def age_years(self, vehicles: Ints) -> Floats:
        """Give the age of vehicles at the end of the month, in years."""
        return np.asarray((self.after_day - self.fleet.registered_day[vehicles]) / DAYS_PER_YEAR, dtype=np.float64)

    def part_of(self, item: Ints, vehicles: Ints) -> Ints:
        """Give the part number that an item has on vehicles; -1 when they do not carry it."""
        fleet = self.fleet
        found = self.catalogue.lookup[item, fleet.model[vehicles], fleet.generation[vehicles]]
        return np.asarray(found, dtype=np.int64)

    def visit_days(self, vehicles: Ints, service_day: Ints, rng: np.random.Generator) -> Ints:
        """Give the day of a visit: that of the service when there is one this month, else a day of its own.

        Parameters
        ----------
        vehicles : array of int
        service_day : array of int
            Per vehicle of the fleet; -1 without a service this month.
        rng : Generator

        Returns
        -------
        array of int
            Never before the registration.
        """
        own = draw_days(self.number, len(vehicles), rng)
        served = service_day[vehicles]
        return np.where(served >= 0, served, np.maximum(own, self.fleet.registered_day[vehicles]))

    def payer_of_repair(self, vehicles: Ints, claimable: Ints, rng: np.random.Generator) -> Ints:
        """Say who pays: the maker in the warranty, sometimes out of goodwill in the year after, else the customer.

        Parameters
        ----------
        vehicles : array of int
        claimable : array of int
            1 for items that a warranty covers.
        rng : Generator

        Returns
        -------
        array of int
            Places in the list of payers.
        """
        age = self.age_years(vehicles)
        covered = (age <= WARRANTY_YEARS) & (self.state.odometer_km[vehicles] <= WARRANTY_DISTANCE_KM)
        kind = (rng.random(len(vehicles)) < 0.12) & (age <= WARRANTY_YEARS + 1.0) & ~covered
        payer = np.where(covered, WARRANTY, np.where(kind, GOODWILL, CUSTOMER))
        return np.where(claimable == 1, payer, CUSTOMER).astype(np.int64)

    def asked(
        self, vehicles: Ints, day: Ints, part: Ints, quantity_milli: Ints, job: int | Ints, payer: int | Ints
    ) -> Requests:
        """Put lines of vehicles together, with the odometer as it stood on the day."""
        rest = (self.after_day - day) / (self.after_day - self.first_day)
        reading = np.maximum(self.state.odometer_km[vehicles] - rest * self.state.month_km[vehicles], 3.0)
        return make_requests(
            vehicles, self.fleet.store[vehicles], day, part, quantity_milli, job, payer, reading.astype(np.int64)
        )
