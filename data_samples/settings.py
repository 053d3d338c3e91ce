"""How large the made world is, and its seed."""

from dataclasses import dataclass
from datetime import date

from data_samples.dealership import AS_OF
from data_samples.models import MODELS
from data_samples.workdays import CLIMATES, month_number, month_start


@dataclass(frozen=True)
class WorldSettings:
    """Size and seed of a made world.

    Attributes
    ----------
    parts : int
        Part numbers, at least 150.
    vehicles : int
        Vehicles sold by the group over the years before `as_of`.
    years : int
        Years of service history that are written.
    stores : int
    seed : int
    as_of : date
        Last day of the history; the last day of a month.
    climate : str
        One of `workdays.CLIMATES`.
    mix : tuple of float
        Factor on the popularity of each model, in their order; empty for none.
    """

    parts: int = 1500
    vehicles: int = 8000
    years: int = 4
    stores: int = 2
    seed: int = 20260630
    as_of: date = AS_OF
    climate: str = "temperate"
    mix: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        """Refuse sizes that make no world."""
        if self.parts < 150:
            raise ValueError("parts must be 150 or more: fewer do not serve fourteen models")
        if min(self.vehicles, self.years, self.stores) < 1:
            raise ValueError("vehicles, years and stores must be 1 or more")
        if self.years > 12:
            raise ValueError("years must be 12 or less: feast days before 2004 are not in the table")
        if self.climate not in CLIMATES:
            raise ValueError(f"climate must be one of {', '.join(CLIMATES)}")
        if self.mix and (len(self.mix) != len(MODELS) or min(self.mix) < 0 or max(self.mix) <= 0):
            raise ValueError("mix must have a factor of 0 or more for each model, and one above 0")
        if month_number(self.as_of) == month_number(date.fromordinal(self.as_of.toordinal() + 1)):
            raise ValueError("as_of must be the last day of a month")

    @property
    def end_month(self) -> int:
        """First month after the history, as a month number."""
        return month_number(self.as_of) + 1

    @property
    def history_month(self) -> int:
        """First month of the service history."""
        return self.end_month - 12 * self.years

    @property
    def shelf_month(self) -> int:
        """First month of the simulated shelf: two years of warm-up."""
        return self.history_month - 24

    @property
    def sales_month(self) -> int:
        """First month of vehicle sales: twelve years, and eight before the history at least."""
        return self.end_month - 12 * max(12, self.years + 8)

    @property
    def end_day(self) -> int:
        """Day number of the first day after the history."""
        return month_start(self.end_month)
