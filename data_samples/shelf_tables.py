"""The import tables that come from the simulated shelves: what was supplied, what is there, what is on its way."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from data_samples.models import MODELS
from data_samples.requests import ACCESSORY, JOBS, PAYERS, WARRANTY, Requests
from data_samples.shelf import LOST, OUTCOMES, Outcome, Shelf, run_shelf
from data_samples.tables import Row, iso, quantity_text
from data_samples.truth import store_codes
from data_samples.workdays import day_date, month_start, month_text
from data_samples.world import World, stream

LOST_RECORDED_SHARES: Final = (1.0, 0.4)
"""Share of lost sales that are written down: by the first store, and by each of the others."""

BUDGET_SHARE: Final = 0.95
LIST_PRICE_RISE_PER_YEAR: Final = 0.02
ZONES: Final = {
    "maintenance": "A",
    "fluid": "F",
    "wear": "B",
    "repair": "C",
    "collision": "K",
    "tyre": "T",
    "battery": "E",
    "accessory": "G",
}


@dataclass(frozen=True)
class StoreBooks:
    """What one store knows at the end of the history."""

    place: int
    code: str
    requests: Requests
    outcome: Outcome
    shelf: Shelf


def run_stores(world: World) -> list[StoreBooks]:
    """Run the shelf of every store.

    Parameters
    ----------
    world : World

    Returns
    -------
    list of StoreBooks
    """
    settings = world.settings
    books = []
    generators = stream(settings, "shelf").spawn(settings.stores)
    for place, code in enumerate(store_codes(settings.stores)):
        mine = world.requests.take(world.requests.store == place)
        mine = mine.take(np.lexsort((mine.part, mine.job, mine.vehicle, mine.day)))
        shelf, outcome = run_shelf(
            world.catalogue, mine, month_start(settings.shelf_month), settings.end_day, generators[place]
        )
        books.append(StoreBooks(place, code, mine, outcome, shelf))
    return books


def service_rows(world: World, books: StoreBooks, rng: np.random.Generator) -> Iterator[Row]:
    """Give the rows of ``service_history`` of one store; one order per vehicle and day, one per counter sale."""
    asked, outcome, fleet, catalogue = books.requests, books.outcome, world.fleet, world.catalogue
    first, as_of = month_start(world.settings.history_month), world.settings.end_day - 1
    discount = rng.choice((1.0, 0.95, 0.9), size=len(asked), p=(0.7, 0.2, 0.1))
    written = rng.random(len(asked)) < LOST_RECORDED_SHARES[min(books.place, 1)]
    serial, last = 0, (-1, -2)
    for row in range(int(np.searchsorted(asked.day, first)), len(asked)):
        day, vehicle = int(asked.day[row]), int(asked.vehicle[row])
        if (day, vehicle) != last or vehicle < 0:
            serial = serial + 1 if day == last[0] else 1
            last = (day, vehicle)
        if outcome.outcome[row] == LOST and not written[row]:
            continue
        part, payer, job = int(outcome.part[row]), int(asked.payer[row]), int(asked.job[row])
        price = catalogue.list_price[part] / (1.0 + LIST_PRICE_RISE_PER_YEAR) ** ((as_of - day) / 365.25)
        price *= 0.8 if payer == WARRANTY else float(discount[row])
        known = vehicle >= 0 and not fleet.guest[vehicle]
        yield (
            f"{books.code}-{day_date(day):%y%m%d}-{serial:03d}",
            iso(day),
            books.code,
            fleet.vin[vehicle] if known else "",
            MODELS[int(fleet.model[vehicle])].code if vehicle >= 0 else "",
            str(int(asked.odometer_km[row])) if vehicle >= 0 and job != ACCESSORY else "",
            JOBS[job],
            PAYERS[payer],
            catalogue.number[part],
            quantity_text(int(asked.quantity_milli[row])),
            quantity_text(int(outcome.supplied_milli[row])),
            OUTCOMES[int(outcome.outcome[row])],
            f"{price:.2f}",
        )


def stock_rows(world: World, books: StoreBooks) -> Iterator[Row]:
    """Give the rows of ``stock`` of one store; some parts have a reserve bin for what came later."""
    for part in np.flatnonzero(books.shelf.on_hand > 0).tolist():
        layers = list(books.shelf.layers[part])
        zone = ZONES[world.catalogue.item_of(part).category]
        main = f"{zone}{1 + part // 40 % 12:02d}-{1 + part // 8 % 5}-{1 + part % 8}"
        bins = [(main, layers)] if part % 11 or len(layers) < 2 else [(main, layers[:1]), (f"R-{main}", layers[1:])]
        for name, mine in bins:
            quantity = sum(layer[0] for layer in mine)
            cost = sum(layer[0] * layer[2] for layer in mine) / quantity
            yield (
                books.code,
                world.catalogue.number[part],
                name,
                quantity_text(quantity),
                f"{cost:.4f}",
                iso(mine[0][1]),
            )


def open_order_rows(world: World, books: StoreBooks) -> Iterator[Row]:
    """Give the rows of ``open_orders`` of one store: ordered, not yet received; what is late is still open."""
    end = world.settings.end_day
    quantities: dict[tuple[int, str, str, int], int] = {}
    costs: dict[tuple[int, str, str, int], tuple[float, int]] = {}
    for line in books.shelf.placed:
        if line.arrival_day >= end:
            key = (line.ordered_day, line.supplier, line.order_type, line.part)
            quantities[key] = quantities.get(key, 0) + line.quantity_milli
            costs[key] = (line.unit_cost, max(line.expected_day, costs.get(key, (0.0, 0))[1]))
    for key in sorted(quantities):
        day, supplier, order_type, part = key
        name = f"PO-{books.code}-{day_date(day):%y%m%d}-{supplier[:3]}-{order_type[0].upper()}"
        yield (
            name,
            supplier,
            order_type,
            books.code,
            world.catalogue.number[part],
            quantity_text(quantities[key]),
            f"{costs[key][0]:.2f}",
            iso(day),
            iso(costs[key][1]),
        )


def budget_rows(world: World, books: StoreBooks) -> Iterator[Row]:
    """Give the rows of ``budgets`` of one store: a little less than it bought a month over the last year."""
    settings = world.settings
    since = month_start(settings.end_month - 12)
    bought = sum(x.quantity_milli / 1000.0 * x.unit_cost for x in books.shelf.placed if x.ordered_day >= since)
    amount = max(round(BUDGET_SHARE * bought / 12.0, -3), 1000.0)
    for month in range(settings.end_month - 1, settings.end_month + 2):
        yield books.code, month_text(month), f"{amount:.0f}"
