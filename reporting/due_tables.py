"""The due list as a table: a row per vehicle to be called or awaited, with what it needs and what is not there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from planning.preparing.due_list import Expected
from reporting.tables import Column, Table
from reporting.words import word

_COLUMNS = (
    *(Column(name) for name in ("store", "vin")),
    Column("model", said="vehicle_model"),
    Column("last_visit", "date"),
    Column("odometer_then_km", "count"),
    Column("odometer_now_km", "count"),
    Column("item_due"),
    Column("service_due_on", "date"),
    Column("items_due"),
    *(Column(name, "date") for name in ("likely_from", "likely_until")),
    Column("chance_ppm", "share_ppm"),
    Column("booked_on", "date"),
    Column("parts_needed"),
    Column("parts_short"),
)


_NOT_IN_BRIEF = ("odometer_then_km", "likely_from", "likely_until")
_FOR_PROGRAMS = ("items_due",)
"""A dozen items a vehicle: on a sheet they would hide whom to call."""


def due_table(
    expected: Sequence[Expected],
    begins: date,
    ends: date,
    language: str,
    *,
    is_brief: bool = False,
    is_for_programs: bool = False,
) -> Table:
    """Return the due list; a part is told as number × quantity, and among those short as number × what is missing.

    Parameters
    ----------
    is_brief
        As much of it as fits a screen.
    is_for_programs
        With what is too much for a sheet: when every item of a vehicle is due.
    """
    rows = [
        {
            "store": each.store,
            "vin": each.vin,
            "model": each.model,
            "last_visit": each.last_visit,
            "odometer_then_km": each.odometer_then_km,
            "odometer_now_km": each.odometer_now_km,
            "item_due": each.item_due,
            "service_due_on": each.due_on,
            "items_due": ", ".join(f"{item.name} {item.due_on}" for item in each.items),
            "likely_from": each.likely_from,
            "likely_until": each.likely_until,
            "chance_ppm": round(each.chance * 1e6),
            "booked_on": each.booked_on,
            "parts_needed": ", ".join(_told(part.part_no, part.quantity_milli) for part in each.parts),
            "parts_short": ", ".join(
                _told(part.part_no, part.quantity_milli - part.on_shelf_milli) for part in each.parts if part.is_short
            ),
        }
        for each in expected
    ]
    note = word("due_note", language).format(
        vehicles=f"{len(expected):,}",
        booked=f"{sum(each.booked_on is not None for each in expected):,}",
        expected=f"{sum(each.chance for each in expected):,.1f}",
        begins=begins,
        ends=ends,
    )
    left_out = (_NOT_IN_BRIEF if is_brief else ()) + (() if is_for_programs else _FOR_PROGRAMS)
    columns = tuple(column for column in _COLUMNS if column.key not in left_out)
    return Table(f"{word('due_title', language)} {begins} – {ends}", columns, rows, (note,))


def _told(part_no: str, quantity_milli: int) -> str:
    return part_no if quantity_milli == 1000 else f"{part_no} × {quantity_milli / 1000:g}"
