"""What an item is: one place on a vehicle (or one thing on the counter) that asks for a part, and why it does.

The process says how demand arises: ``scheduled`` by distance or months, ``wear`` by a Weibull life with renewal,
``failure`` at a rate, ``collision`` by zone, ``counter`` without a vehicle, ``delivery`` with a new one, ``action``
only through a recall or a service campaign.
"""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Item:
    """One place on a vehicle, or one thing sold over the counter.

    Attributes
    ----------
    key, name, name_chinese : str
    category : str
        maintenance, wear, repair, collision, accessory, fluid, tyre or battery.
    process : str
        How its demand arises (see the module).
    shared_by : str
        Models with the same brand, engine, oil, platform, tyre, battery or model share one part number.
    unit_cost : float
        Usual purchase cost of one unit, CNY.
    quantity : float
        Units on one vehicle.
    unit : str
    pack, moq : float
        Units in a package, and least quantity of one order line.
    interval_km, interval_months : int
        0 where it does not apply; -1: at every service of the model.
    life, shape : float
        Weibull scale (km, or months when `in_months`) and shape of a wearing item.
    rate : float
        Failures per vehicle and year, sales per thousand customers and month, or share in a collision of its zone.
    capture : float
        Share of needs that become a request here (owner agrees, and does not buy elsewhere).
    season, zone, fits, supplier, criticality : str
    facelift : bool
        Another number from the facelift year on.
    """

    key: str
    name: str
    name_chinese: str
    category: str
    process: str
    shared_by: str
    unit_cost: float
    quantity: float = 1.0
    unit: str = "each"
    pack: float = 1.0
    moq: float = 1.0
    interval_km: int = 0
    interval_months: int = 0
    life: float = 0.0
    shape: float = 1.0
    in_months: bool = False
    rate: float = 0.0
    capture: float = 1.0
    season: str = "none"
    zone: str = ""
    fits: str = "all"
    supplier: str = "HNDC"
    criticality: str = "essential"
    facelift: bool = False
    shelf_life_days: int = 0
    only_model: str = ""
    warranty: bool = False


def with_sides(items: tuple[Item, ...], sides: tuple[tuple[str, str, str], ...]) -> tuple[Item, ...]:
    """Make one item per side of each item given.

    Parameters
    ----------
    items : tuple of Item
    sides : tuple of (key, name, Chinese name)

    Returns
    -------
    tuple of Item
        One per item and side; names carry the side.
    """
    return tuple(
        replace(
            item,
            key=f"{item.key}_{key}",
            name=f"{item.name} {name}",
            name_chinese=f"{item.name_chinese}{chinese}",
            zone=item.zone.replace("side", name) if item.zone.startswith("side") else item.zone,
        )
        for item in items
        for key, name, chinese in sides
    )


LEFT_RIGHT = (("l", "left", "左"), ("r", "right", "右"))
FRONT_REAR = (("f", "front", "前"), ("b", "rear", "后"))
