"""The fourteen models of a brand that does not exist, with their engines, sizes and years of sale."""

from dataclasses import dataclass
from typing import Final

from data_samples.workdays import NEVER


@dataclass(frozen=True)
class Model:
    """One model of the made brand Haldren.

    Attributes
    ----------
    code, name, name_chinese : str
        The code is text: one of them has a zero in front.
    platform, engine, oil, tyre, battery : str
        Parts are shared between models that agree here.
    oil_litres : float
        Engine oil at a service; 0 for the electric one.
    launch, end : tuple of int
        (year, month) of the first and of the last sale.
    facelift_year : int
        Vehicles registered from this year carry some other parts.
    popularity : float
        Weight among the models on sale.
    distance_km_per_year : float
        Mean distance of a new one.
    service_km : int
        Distance between services; every twelve months if that is sooner.
    price_factor : float
        Cost of its parts beside a compact saloon.
    manual : bool
        Has a clutch to wear.
    """

    code: str
    name: str
    name_chinese: str
    platform: str
    engine: str
    oil: str
    tyre: str
    battery: str
    oil_litres: float
    launch: tuple[int, int]
    end: tuple[int, int]
    facelift_year: int
    popularity: float
    distance_km_per_year: float
    service_km: int
    price_factor: float
    manual: bool = False

    @property
    def electric(self) -> bool:
        """Whether it runs on electricity alone: no oil, no plugs."""
        return self.engine == "EV"


OPEN: Final = (2099, 12)
NO_FACELIFT: Final = NEVER

# fmt: off
MODELS: Final = (
    Model("0310", "Alda", "艾达", "PA", "E16", "5W40", "185/60R15", "45AH", 4.0, (2003, 1), (2018, 6),
          2015, 1.1, 12500, 7500, 0.80, manual=True),
    Model("HA1", "Alda II", "新艾达", "PA", "E15", "5W30", "185/60R15", "45AH", 4.0, (2018, 5), OPEN,
          2022, 0.9, 12000, 10000, 0.85, manual=True),
    Model("HB1", "Belora", "贝洛", "PB", "E16", "5W40", "205/55R16", "60AH", 4.5, (2004, 3), (2017, 9),
          NO_FACELIFT, 1.5, 13500, 7500, 1.00),
    Model("HB2", "Belora II", "新贝洛", "PB", "E14T", "5W30", "205/55R16", "60AH", 4.0, (2017, 8), OPEN,
          2021, 1.6, 13500, 10000, 1.00),
    Model("HB3", "Belora Estate", "贝洛旅行", "PB", "E14T", "5W30", "215/50R17", "60AH", 4.0, (2018, 3), (2022, 12),
          NO_FACELIFT, 0.3, 14500, 10000, 1.05),
    Model("HC1", "Corvant", "康凡", "PC", "E20T", "5W40", "215/55R17", "70AH", 5.0, (2008, 6), (2019, 3),
          2016, 0.7, 14000, 10000, 1.30),
    Model("HC2", "Corvant II", "新康凡", "PC", "E20T", "0W20", "235/45R18", "70AH", 5.0, (2019, 2), OPEN,
          2023, 0.8, 14500, 10000, 1.40),
    Model("HS1", "Sorrel", "索瑞", "PS", "E14T", "5W30", "215/60R17", "60AH", 4.0, (2015, 4), (2021, 8),
          2018, 1.5, 13500, 10000, 1.10),
    Model("HS2", "Sorrel II", "新索瑞", "PS", "E15T", "0W20", "225/55R18", "60AH", 4.5, (2021, 7), OPEN,
          2024, 1.7, 13500, 10000, 1.15),
    Model("HX1", "Xendal", "先达", "PL", "E20T", "5W40", "235/60R18", "70AH", 5.0, (2013, 5), (2020, 6),
          2017, 0.7, 14500, 10000, 1.50),
    Model("HX2", "Xendal II", "新先达", "PL", "E20T", "0W20", "255/50R19", "70AH", 5.0, (2020, 5), OPEN,
          2023, 0.7, 14500, 10000, 1.60),
    Model("HM7", "Mivan", "米凡", "PL", "E20T", "5W30", "235/60R18", "70AH", 5.0, (2016, 9), OPEN,
          2020, 0.4, 15000, 10000, 1.45),
    Model("HE6", "Eluna", "易鲁纳", "PE", "EV", "", "235/50R19", "LFP45", 0.0, (2021, 3), OPEN,
          2024, 0.9, 15000, 20000, 1.35),
    Model("HN8", "Nuvela", "诺薇", "PS", "E15T", "0W20", "235/50R19", "60AH", 4.5, (2025, 11), OPEN,
          NO_FACELIFT, 2.6, 13500, 10000, 1.25),
)
# fmt: on
"""HN8 was launched eight months before the history ends."""
