"""The import tables of a made world that do not depend on its shelves, as rows of text.

Every function gives the rows of one table; `HEADINGS` has the columns, in the order of the import contract.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from data_samples.actions import ACTIONS
from data_samples.bookings import booked_lines
from data_samples.fleet import monthly_sales, store_shares
from data_samples.models import MODELS, NO_FACELIFT
from data_samples.recalls import concerned
from data_samples.supply import CHANNELS, SUPPLIERS, WEEKDAY_NAMES
from data_samples.truth import store_codes
from data_samples.workdays import NEVER, day_date, month_text
from data_samples.world import World

Row = tuple[str, ...]

HEADINGS: Final[dict[str, str]] = {
    "parts": "part_no name category unit unit_cost list_price supplier pack_size moq criticality shelf_life_days "
    "returnable on_sale_from",
    "suppliers": "supplier name",
    "order_channels": "supplier order_type lead_time_days_mean lead_time_days_sd order_weekdays cost_multiplier "
    "min_order_value order_fee",
    "supersessions": "part_no replaced_by effective_on quantity kind",
    "vehicles": "vin model store registered_on left_on powertrain",
    "vehicle_sales_plan": "model store month vehicles",
    "fitments": "part_no model quantity_per_vehicle interval_km interval_months year_from year_to",
    "service_history": "order_no opened_on store vin model odometer_km job_type payer part_no quantity_requested "
    "quantity_supplied outcome unit_price",
    "appointments": "appointment_no due_on store vin model job_type part_no quantity confidence",
    "campaigns": "campaign_no part_no model store starts_on ends_on vehicles uptake",
    "stock": "store part_no bin quantity unit_cost received_on",
    "open_orders": "order_no supplier order_type store part_no quantity unit_cost ordered_on expected_on",
    "budgets": "store period amount",
}
SCRAP_KNOWN_SHARE: Final = 0.85
MOVE_KNOWN_SHARE: Final = 0.08
PLAN_MONTHS: Final = 6


def quantity_text(milli: int) -> str:
    """Write thousandths without needless zeros.

    Examples
    --------
    >>> quantity_text(4500), quantity_text(2000)
    ('4.5', '2')
    """
    return f"{milli // 1000}" if milli % 1000 == 0 else f"{milli / 1000:.3f}".rstrip("0")


def iso(day: int) -> str:
    """Write a day number as an ISO date; empty for a day that never comes."""
    return "" if day >= NEVER else day_date(day).isoformat()


def part_rows(world: World) -> Iterator[Row]:
    """Give the rows of ``parts``."""
    catalogue = world.catalogue
    for part, number in enumerate(catalogue.number):
        item = catalogue.item_of(part)
        back = item.category in ("maintenance", "wear", "repair", "collision") and item.zone != "glass"
        yield (
            number,
            catalogue.name[part],
            item.category,
            item.unit,
            f"{catalogue.unit_cost[part]:.2f}",
            f"{catalogue.list_price[part]:.2f}",
            item.supplier,
            quantity_text(round(1000 * item.pack)),
            quantity_text(round(1000 * max(item.moq, item.pack))),
            item.criticality,
            str(item.shelf_life_days) if item.shelf_life_days else "",
            "yes" if back else "no",
            iso(int(catalogue.on_sale_day[part])) if catalogue.on_sale_day[part] else "",
        )


def supplier_rows() -> Iterator[Row]:
    """Give the rows of ``suppliers``."""
    yield from SUPPLIERS.items()


def channel_rows() -> Iterator[Row]:
    """Give the rows of ``order_channels``."""
    for c in CHANNELS:
        yield (
            c.supplier,
            c.order_type,
            f"{c.lead_time_days_mean:g}",
            f"{c.lead_time_days_sd:g}",
            ",".join(WEEKDAY_NAMES[day] for day in c.order_weekdays),
            f"{c.cost_multiplier:g}",
            f"{c.min_order_value:g}",
            f"{c.order_fee:g}",
        )


def supersession_rows(world: World) -> Iterator[Row]:
    """Give the rows of ``supersessions``."""
    links, number = world.catalogue.links, world.catalogue.number
    for part in np.flatnonzero(links.successor >= 0).tolist():
        yield (
            number[part],
            number[int(links.successor[part])],
            iso(int(links.effective_day[part])),
            "1",
            links.kind[part],
        )


def vehicle_rows(world: World, rng: np.random.Generator) -> Iterator[Row]:
    """Give the rows of ``vehicles``: guests are left out, and few of those who drifted are known to have gone."""
    fleet, state, end = world.fleet, world.state, world.settings.end_day
    stores = store_codes(world.settings.stores)
    drawn = rng.random((len(fleet), 2))
    for v in np.flatnonzero(~fleet.guest).tolist():
        born, scrapped, drifted = int(fleet.registered_day[v]), int(state.scrapped_day[v]), int(state.drifted_day[v])
        moved = drifted + int(60 * drawn[v, 1])
        left = scrapped if drawn[v, 0] < SCRAP_KNOWN_SHARE else NEVER
        if drifted > born and drawn[v, 0] > 1.0 - MOVE_KNOWN_SHARE and moved < scrapped:
            left = moved
        model = MODELS[int(fleet.model[v])]
        yield (
            fleet.vin[v],
            model.code,
            stores[int(fleet.store[v])],
            iso(born),
            iso(left) if left < end else "",
            "electric" if model.electric else "petrol",
        )


def sales_plan_rows(world: World) -> Iterator[Row]:
    """Give the rows of ``vehicle_sales_plan``: expected sales of the next six months, in whole vehicles."""
    settings = world.settings
    expected = monthly_sales(settings)[settings.end_month - settings.sales_month :]
    for place, model in enumerate(MODELS):
        for store, share in zip(store_codes(settings.stores), store_shares(settings.stores), strict=True):
            for ahead in range(PLAN_MONTHS):
                count = round(float(expected[ahead, place] * share))
                if count > 0:
                    yield model.code, store, month_text(settings.end_month + ahead), str(count)


def fitment_rows(world: World) -> Iterator[Row]:
    """Give the rows of ``fitments``; goods of the counter that serve every vehicle have none."""
    catalogue = world.catalogue
    for part, number in enumerate(catalogue.number):
        item = catalogue.item_of(part)
        if item.process in ("counter", "delivery") and item.shared_by == "brand":
            continue
        for place in np.flatnonzero(catalogue.fits[part]).tolist():
            model, generation = MODELS[place], int(catalogue.generation[part])
            every_km = model.service_km if item.interval_km < 0 else item.interval_km
            facelift = str(model.facelift_year) if model.facelift_year != NO_FACELIFT else ""
            yield (
                number,
                model.code,
                quantity_text(int(catalogue.quantity_milli[catalogue.item[part], place])),
                str(every_km) if every_km else "",
                str(item.interval_months) if item.interval_months else "",
                facelift if generation == 1 else "",
                str(model.facelift_year - 1) if generation == 0 and facelift else "",
            )


def appointment_rows(world: World) -> Iterator[Row]:
    """Give the rows of ``appointments``: one number per vehicle and day."""
    fleet, stores = world.fleet, store_codes(world.settings.stores)
    numbers: dict[tuple[int, int], str] = {}
    for line in booked_lines(world.catalogue, fleet, world.state, world.settings.end_month):
        name = numbers.setdefault((line.vehicle, line.day), f"AP{len(numbers) + 1:06d}")
        live = world.catalogue.links.live(np.array([line.part]), np.array([line.day]))
        yield (
            name,
            iso(line.day),
            stores[int(fleet.store[line.vehicle])],
            "" if fleet.guest[line.vehicle] else fleet.vin[line.vehicle],
            MODELS[int(fleet.model[line.vehicle])].code,
            line.job_type,
            world.catalogue.number[int(live[0])],
            quantity_text(line.quantity_milli),
            f"{line.confidence:g}",
        )


def campaign_rows(world: World) -> Iterator[Row]:
    """Give the rows of ``campaigns``: per store, all vehicles concerned, done or not."""
    catalogue, fleet = world.catalogue, world.fleet
    keys, codes = [item.key for item in catalogue.items], [model.code for model in MODELS]
    for action in ACTIONS:
        owed = concerned(fleet, action)
        part = int(catalogue.lookup[keys.index(action.item), codes.index(action.model), 0])
        if part < 0:
            continue  # a small catalogue may leave the item out
        live = int(catalogue.links.live(np.array([part]), np.array([world.settings.end_day]))[0])
        for place, store in enumerate(store_codes(world.settings.stores)):
            count = int((owed & (fleet.store == place)).sum())
            if count > 0:
                yield (
                    action.number,
                    catalogue.number[live],
                    action.model,
                    store,
                    action.starts_on.isoformat(),
                    action.ends_on.isoformat() if action.ends_on else "",
                    str(count),
                    f"{action.uptake:g}",
                )
