"""The parts catalogue: which part numbers exist, what they cost, which vehicles carry them, which number follows which.

A number belongs to one item and to the models that share it; a facelift splits it in two. Unit costs are lognormal
about the item's usual cost. Each number has a hidden factor on its rate (lognormal, coefficient of variation 0.7)
that nothing shipped reveals.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from data_samples.actions import ACTIONS
from data_samples.body_items import BODY
from data_samples.columns import Bools, Floats, Ints
from data_samples.items import Item
from data_samples.models import MODELS, NO_FACELIFT, Model
from data_samples.numbering import EXPONENT_NUMBERS, make_part_number
from data_samples.repair_items import ACCESSORIES, FAILING
from data_samples.service_items import SCHEDULED, WEAR
from data_samples.supersessions import Links, draw_links
from data_samples.workdays import month_start

RATE_SPREAD: Final = 0.63
"""Standard deviation of the logarithm of the hidden factor: a coefficient of variation of 0.7."""

COST_SPREAD: Final = 0.15
"""Standard deviation of the logarithm of one number's cost about the usual cost of its item (assumed)."""

PRICE_LEVEL: Final = 1.3
"""Cost of parts made for a model or an engine beside the usual costs of the items (assumed)."""

MARGINS: Final = {
    "maintenance": 1.75,
    "fluid": 1.70,
    "wear": 1.60,
    "repair": 1.50,
    "collision": 1.40,
    "tyre": 1.30,
    "battery": 1.45,
    "accessory": 1.80,
}
_TAIL_NAMES: Final = (
    ("Wiring harness section", "线束段"),
    ("Trim panel", "内饰板"),
    ("Bracket", "支架"),
    ("Weather strip", "密封条"),
    ("Bolt set", "螺栓组"),
    ("Hose clamp", "卡箍"),
    ("Cover cap", "盖板"),
    ("Relay", "继电器"),
    ("Heat shield", "隔热板"),
    ("Seat cover section", "座椅面料"),
    ("Carpet section", "地毯"),
    ("Pipe", "管路"),
)


@dataclass(frozen=True)
class Catalogue:
    """Parts as parallel columns; a row number stands for a part everywhere in the made world.

    Attributes
    ----------
    items : tuple of Item
    number, name : tuple of str
    item : array of int
        Row in `items`.
    unit_cost, list_price : array of float
        CNY per stock unit.
    on_sale_day : array of int
        Day number; 0 for always.
    fits : array of bool, (part, model)
    generation : array of int
        0 before a facelift, 1 after it, -1 for both.
    quantity_milli : array of int, (item, model)
        Thousandths on one vehicle.
    lookup : array of int, (item, model, generation)
        First part number of the chain; -1 when the model has none.
    factor : array of float
        Hidden factor on the rate of the number.
    links : Links
        Supersessions.
    """

    items: tuple[Item, ...]
    number: tuple[str, ...]
    name: tuple[str, ...]
    item: Ints
    unit_cost: Floats
    list_price: Floats
    on_sale_day: Ints
    fits: Bools
    generation: Ints
    quantity_milli: Ints
    lookup: Ints
    factor: Floats
    links: Links

    def __len__(self) -> int:
        """Give how many part numbers there are."""
        return len(self.number)

    def rows_of(self, process: str) -> list[int]:
        """Give the items that ask by a process, as rows of `items`."""
        return [row for row, item in enumerate(self.items) if item.process == process]

    def item_of(self, part: int) -> Item:
        """Give the item a part belongs to."""
        return self.items[int(self.item[part])]


def _share(item: Item, model: Model) -> str:
    return {
        "brand": "all",
        "engine": model.engine,
        "oil": model.oil,
        "platform": model.platform,
        "tyre": model.tyre,
        "battery": model.battery,
        "model": model.code,
    }[item.shared_by]


def carries(item: Item, model: Model) -> bool:
    """Say whether a model has an item.

    Parameters
    ----------
    item : Item
    model : Model

    Returns
    -------
    bool
    """
    kind = {"all": True, "fuel": not model.electric, "electric": model.electric, "manual": model.manual}[item.fits]
    return kind and item.only_model in ("", model.code)


def _tail_items(count: int, rng: np.random.Generator) -> list[Item]:
    rates = np.exp(rng.normal(np.log(0.0006), 1.0, size=count))
    costs = np.exp(rng.normal(np.log(90.0), 1.1, size=count))
    tail = []
    for place in range(count):
        english, chinese = _TAIL_NAMES[place % len(_TAIL_NAMES)]
        model = MODELS[place % len(MODELS)]
        name, name_chinese = f"{english} {place + 1}", f"{chinese}{place + 1}"
        cost, rate = round(float(costs[place]), 2), float(rates[place])
        key, only = f"tail_{place}", model.code
        tail.append(
            Item(
                key,
                name,
                name_chinese,
                "repair",
                "failure",
                "model",
                cost,
                rate=rate,
                only_model=only,
                criticality="desirable",
                warranty=True,
            )
        )
    return tail


def _groups(items: list[Item]) -> list[tuple[int, list[int], int]]:
    """List (item, models, generation) of every number, the most wanted items first."""
    groups: list[tuple[int, list[int], int]] = []
    for row, item in enumerate(items):
        shared: dict[str, list[int]] = {}
        for place, model in enumerate(MODELS):
            if carries(item, model):
                shared.setdefault(_share(item, model), []).append(place)
        for places in shared.values():
            split = item.facelift and MODELS[places[0]].facelift_year != NO_FACELIFT
            groups.extend((row, places, generation) for generation in ((0, 1) if split else (-1,)))
    return groups


def _choose(parts: int, rng: np.random.Generator) -> tuple[list[Item], list[tuple[int, list[int], int]]]:
    """Choose items and groups so that the catalogue has the numbers wanted."""
    items = [*SCHEDULED, *WEAR, *ACCESSORIES, *FAILING, *BODY]
    missing = parts - len(_groups(items))
    items += _tail_items(max(missing, 0), rng)
    groups = _groups(items)
    recalled = {action.item for action in ACTIONS}
    spared = [items[g[0]].process in ("collision", "failure") and items[g[0]].key not in recalled for g in groups]
    needed = [g for g, is_spare in zip(groups, spared, strict=True) if not is_spare]
    spare = [g for g, is_spare in zip(groups, spared, strict=True) if is_spare]
    keep = sorted(rng.choice(len(spare), size=max(min(parts - len(needed), len(spare)), 0), replace=False).tolist())
    return items, (needed + [spare[place] for place in keep])[:parts]


def _names(item: Item, models: list[int], generation: int) -> str:
    if item.shared_by == "brand":
        return f"{item.name} {item.name_chinese}"
    first = MODELS[models[0]]
    tag = {"engine": first.engine, "oil": first.oil, "tyre": first.tyre, "battery": first.battery}.get(item.shared_by)
    english, chinese = (tag, tag) if tag else (first.name, first.name_chinese)
    since = f" {first.facelift_year}-" if generation == 1 else ""
    return f"{item.name} {english}{since} {item.name_chinese} {chinese}".replace(
        f" {tag} {item.name_chinese} {tag}", f" {tag} {item.name_chinese}"
    )


def _numbers(categories: list[str], rng: np.random.Generator) -> list[str]:
    taken = set(EXPONENT_NUMBERS)
    numbers: list[str] = []
    waiting = list(EXPONENT_NUMBERS)
    for category in categories:
        if category == "repair" and waiting:
            numbers.append(waiting.pop(0))
            continue
        number = make_part_number(category, rng)
        while number in taken:
            number = make_part_number(category, rng)
        taken.add(number)
        numbers.append(number)
    return numbers


def make_catalogue(
    parts: int, end_month: int, history_month: int, rng: np.random.Generator, climate: str = "temperate"
) -> Catalogue:
    """Make the parts of a world.

    Parameters
    ----------
    parts : int
        Numbers wanted, successors included.
    end_month, history_month : int
        Supersessions fall between these months.
    rng : Generator
    climate : str
        How strong the seasons are.

    Returns
    -------
    Catalogue
    """
    followers = 2 + min(10, parts // 50)
    items, groups = _choose(parts - followers, rng)
    links = draw_links([items[g[0]] for g in groups], followers, history_month, end_month, rng)
    for old in links.predecessor[len(groups) :]:
        groups.append(groups[int(old)])
    rows = np.array([g[0] for g in groups], dtype=np.int64)
    price = np.array([np.mean([MODELS[m].price_factor for m in g[1]]) for g in groups])
    usual = np.array([items[r].unit_cost for r in rows])
    shared = np.array([items[r].shared_by in ("brand", "oil") for r in rows])
    unit_cost = usual * np.where(shared, 1.0, PRICE_LEVEL * price) * np.exp(rng.normal(0.0, COST_SPREAD, len(rows)))
    unit_cost = np.round(np.maximum(unit_cost, 0.5), 2)
    margin = np.array([MARGINS[items[r].category] for r in rows]) * np.exp(rng.normal(0.0, 0.06, len(rows)))
    fits = np.zeros((len(rows), len(MODELS)), dtype=np.bool_)
    lookup = np.full((len(items), len(MODELS), 2), -1, dtype=np.int64)
    on_sale = np.zeros(len(rows), dtype=np.int64)
    for part, (row, models, generation) in enumerate(groups):
        fits[part, models] = True
        if links.predecessor[part] < 0:
            for side in (0, 1) if generation < 0 else (generation,):
                lookup[row, models, side] = part
        launch = min(month_start((MODELS[m].launch[0] - 1970) * 12 + MODELS[m].launch[1] - 1) for m in models)
        on_sale[part] = launch - 30 if launch > month_start(end_month) - 540 else 0
        if links.predecessor[part] >= 0:
            on_sale[part] = links.effective_day[links.predecessor[part]]
    litres = [[1000 * m.oil_litres if i.key == "engine_oil" else 1000 * i.quantity for m in MODELS] for i in items]
    return Catalogue(
        items=tuple(replace(item, season=f"{item.season} {climate}") for item in items),
        number=tuple(_numbers([items[r].category for r in rows], rng)),
        name=tuple(_names(items[g[0]], g[1], g[2]) for g in groups),
        item=rows,
        unit_cost=unit_cost,
        list_price=np.round(unit_cost * margin, 1),
        on_sale_day=on_sale,
        fits=fits,
        generation=np.array([g[2] for g in groups], dtype=np.int64),
        quantity_milli=np.array(litres, dtype=np.int64),
        lookup=lookup,
        factor=np.exp(rng.normal(-(RATE_SPREAD**2) / 2, RATE_SPREAD, len(rows))),
        links=links,
    )


def generation_of(model: Ints, registered_year: Ints) -> Ints:
    """Give 1 for vehicles registered in or after their model's facelift year, else 0.

    Parameters
    ----------
    model, registered_year : array of int

    Returns
    -------
    array of int
    """
    facelift = np.array([m.facelift_year for m in MODELS], dtype=np.int64)
    return (registered_year >= facelift[model]).astype(np.int64)
