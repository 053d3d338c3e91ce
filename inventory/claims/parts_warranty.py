"""Parts warranty: which parts fitted to a vehicle are still the maker's to answer for, by months and by kilometres.

A part fitted on day d at o kilometres, with a warranty of m months and k kilometres, is covered while

    day ≤ d + m months     and     odometer ≤ o + k,

both ends included; a month later than a day that the month lacks is its last day. What was fitted is what the shelf
handed over for the vehicle's repair orders, less what came back, and what imported service history says was supplied.
Where the odometer then or now is not known, the months decide alone and the row says nothing of kilometres.

The rule that held on the day of fitting counts; the most particular first: of supplier and category, of the supplier,
of the category, of any, else 12 months and 20,000 km. A rule of zero months means no warranty.
"""

from __future__ import annotations

import calendar
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from inventory.books.balances import ON_HAND_KINDS
from inventory.books.movements import PlaceKind
from inventory.books.standing import standing
from inventory.demand_log import asked
from inventory.findings import Finding
from inventory.masters import put
from inventory.schema import demand_line, document, movement, part
from inventory.schema_claims import parts_warranty

ANY = ""
_FITTED_TO = (PlaceKind.CUSTOMER.value, PlaceKind.WORKSHOP.value)


class Terms(NamedTuple):
    """How long a warranty lasts."""

    months: int
    km: int


DEFAULT = Terms(12, 20_000)


@dataclass(frozen=True)
class Fitted:
    """Parts fitted to a vehicle on one repair order on one day; quantity in thousandths."""

    store: str
    order_no: str
    part_no: str
    fitted_on: date
    odometer_km: int | None
    quantity_milli: int


def set_terms(
    connection: sa.Connection, supplier: str, category: str, from_on: date | None, terms: Terms
) -> tuple[Finding, ...]:
    """Set the warranty on parts of a supplier and category (empty: any) fitted from a day on (None: on any day)."""
    findings = tuple(
        Finding("warranty terms", "", 0, name, str(value), "a warranty lasts for zero or more", "")
        for name, value in terms._asdict().items()
        if value < 0
    )
    if not findings:
        day = from_on.isoformat() if from_on else ""
        key = {"supplier": supplier, "category": category, "from_on": day}
        put(connection, parts_warranty, {**key, **terms._asdict()})
    return findings


def terms_rows(connection: sa.Connection) -> list[dict[str, object]]:
    """Return every rule, the default last: ``supplier, category, from_on, months, km``."""
    columns = parts_warranty.c
    question = sa.select(parts_warranty).order_by(columns.supplier.desc(), columns.category.desc(), columns.from_on)
    rows = [dict(row) for row in connection.execute(question).mappings()]
    return [*rows, {"supplier": ANY, "category": ANY, "from_on": "", **DEFAULT._asdict()}]


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later, or the last day of a month that lacks it.

    >>> add_months(date(2026, 1, 31), 1), add_months(date(2024, 2, 29), 12)
    (datetime.date(2026, 2, 28), datetime.date(2025, 2, 28))
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def fitted_to(connection: sa.Connection, vin: str, as_of: date, known_at: int | None = None) -> list[Fitted]:
    """Return what was fitted to a vehicle until a business day, by day, order and part."""
    line = demand_line.c
    question = sa.select(demand_line).where(*_asked_for(vin, as_of, known_at)).order_by(line.line_id)
    lines = list(connection.execute(question))
    readings = {(row.store, row.order_no): row.odometer_km for row in lines if row.odometer_km is not None}
    found: defaultdict[tuple[str, str, str, str], int] = defaultdict(int)
    for row in lines:
        if row.document_sequence is None:
            found[row.opened_on, row.store, row.order_no, row.part_no] += row.quantity_supplied_milli
    for store, order_no in sorted({(row.store, row.order_no) for row in lines}):
        for (part_no, day), quantity in _handed_over(connection, store, order_no, as_of, known_at).items():
            found[day, store, order_no, part_no] += quantity
    return [
        Fitted(store, order_no, part_no, date.fromisoformat(day), readings.get((store, order_no)), quantity)
        for (day, store, order_no, part_no), quantity in sorted(found.items())
        if quantity > 0
    ]


def warranty_rows(
    connection: sa.Connection, vin: str, as_of: date, odometer_km: int | None = None, known_at: int | None = None
) -> list[dict[str, object]]:
    """Return the parts fitted to a vehicle with their warranty on a business day, the latest to end first.

    Parameters
    ----------
    odometer_km
        Reading of the vehicle on that day; None: the highest written down until then, which may be less than it has.
    known_at
        The last document that counts, by its sequence; all where not given.

    Returns
    -------
    list of dict
        ``vin, store, order_no, part_no, name, quantity_milli, fitted_on, odometer_km, months, km, until_on, until_km,
        days_left, km_left, covered`` (yes or no).
    """
    reading = odometer_km if odometer_km is not None else _highest_reading(connection, vin, as_of, known_at)
    rules = list(connection.execute(sa.select(parts_warranty).order_by(parts_warranty.c.from_on)))
    fitted = fitted_to(connection, vin, as_of, known_at)
    question = sa.select(part).where(part.c.part_no.in_({each.part_no for each in fitted}))
    known = {row.part_no: (row.supplier, row.category, row.name) for row in connection.execute(question)}
    rows: list[dict[str, object]] = []
    for each in fitted:
        supplier, category, name = known.get(each.part_no, (ANY, ANY, ""))
        terms = _terms(rules, supplier, category, each.fitted_on)
        until_on = add_months(each.fitted_on, terms.months)
        until_km = None if each.odometer_km is None else each.odometer_km + terms.km
        km_left = None if until_km is None or reading is None else until_km - reading
        covered = terms.months > 0 and as_of <= until_on and (km_left is None or km_left >= 0)
        head = {"vin": vin, "store": each.store, "order_no": each.order_no, "part_no": each.part_no, "name": name}
        rows.append(
            {
                **head,
                "quantity_milli": each.quantity_milli,
                "fitted_on": each.fitted_on.isoformat(),
                "odometer_km": each.odometer_km,
                **terms._asdict(),
                "until_on": until_on.isoformat(),
                "until_km": until_km,
                "days_left": (until_on - as_of).days,
                "km_left": km_left,
                "covered": "yes" if covered else "no",
            }
        )
    return sorted(rows, key=lambda row: (str(row["until_on"]), str(row["order_no"]), str(row["part_no"])), reverse=True)


def _terms(rules: list[sa.Row[tuple[object, ...]]], supplier: str, category: str, fitted_on: date) -> Terms:
    """Return the rule that held on the day of fitting; `rules` come by the day from which they hold."""
    held = {
        (row.supplier, row.category): Terms(row.months, row.km) for row in rules if row.from_on <= fitted_on.isoformat()
    }
    for key in ((supplier, category), (supplier, ANY), (ANY, category), (ANY, ANY)):
        if key in held:
            return held[key]
    return DEFAULT


def _asked_for(vin: str, as_of: date, known_at: int | None) -> list[sa.ColumnElement[bool]]:
    """Return the conditions on the demand lines of a vehicle."""
    return [demand_line.c.vin == vin, *asked(as_of, known_at)]


def _highest_reading(connection: sa.Connection, vin: str, as_of: date, known_at: int | None) -> int | None:
    question = sa.select(sa.func.max(demand_line.c.odometer_km)).where(*_asked_for(vin, as_of, known_at))
    reading = connection.execute(question).scalar_one()
    return None if reading is None else int(reading)


def _handed_over(
    connection: sa.Connection, store: str, order_no: str, as_of: date, known_at: int | None
) -> dict[tuple[str, str], int]:
    """Return what the shelf gave for a repair order, by part and day; what came back is taken off the latest first."""
    moves = (
        sa.select(movement, document.c.effective_on)
        .join(document, document.c.sequence == movement.c.document_sequence)
        .where(
            movement.c.store == store,
            *standing(as_of, known_at),
            sa.or_(
                sa.and_(movement.c.target_kind.in_(_FITTED_TO), movement.c.target_name == order_no),
                sa.and_(movement.c.source_kind.in_(_FITTED_TO), movement.c.source_name == order_no),
            ),
        )
        .order_by(document.c.effective_on, document.c.sequence, movement.c.line_no)
    )
    given: dict[tuple[str, str], int] = {}
    for row in connection.execute(moves):
        if row.source_kind in ON_HAND_KINDS:
            at = (row.part_no, row.effective_on)
            given[at] = given.get(at, 0) + row.quantity_milli
        elif row.target_kind in ON_HAND_KINDS:
            back = row.quantity_milli
            for at in sorted((each for each in given if each[0] == row.part_no), reverse=True):
                taken = min(back, given[at])
                given[at] -= taken
                back -= taken
    return given
