"""Reservations: what lies on the shelf for somebody, until it is handed over, given back, or its time is over.

In two steps, so that nothing is promised twice. *Hold* takes a quantity from bins into a place of its own,
``reserved/RES-000012``, for a repair order or an appointment, until a day. It is still on hand and worth the same, but
an issue doesn't take it and the plan doesn't count on it. Then one of three:

*post*
    it is handed over: an issue out of the reserved place, with its line of demand (`issues`);
*release*
    it goes back to the bins it came from, to the first of them first, at most what each gave;
*expire*
    the same for all whose last day has passed. Nothing expires by itself: the day is an argument, and until it is
    done the part stays held.

What is held follows from the movements; the log adds for whom and until when.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

import sqlalchemy as sa

from inventory.books.balances import ON_HAND_KINDS, balances, balances_on, pools
from inventory.books.ledger import next_number
from inventory.books.movements import Movement, Place, PlaceKind
from inventory.books.periods import counted_from
from inventory.books.standing import standing
from inventory.books.valuation import values_out
from inventory.counter.shelf import Source, amount_at, bins, moves_out, spread, total
from inventory.counter.slip import Signature, Slip, part_faults, short_of, write_slip, written_before
from inventory.demand_log import Request
from inventory.findings import Finding, unmet
from inventory.schema import document, movement
from inventory.schema_counter import reservation

KIND = "reservation"
RELEASE_KIND = "reservation-release"
EXPIRY_KIND = "reservation-expiry"
HOLDERS = ("repair_order", "appointment")


@dataclass(frozen=True)
class HoldRequest:
    """What is to be held, in thousandths, for whom, and until which day it stays so.

    Parameters
    ----------
    holder_kind
        One of `HOLDERS`.
    bin_name
        Take from this bin only; None: from the fullest first.
    partial
        Hold what there is where there is less.
    """

    store: str
    part_no: str
    quantity_milli: int
    holder_kind: str
    holder_no: str
    until_on: date
    bin_name: str | None = None
    partial: bool = False


@dataclass(frozen=True)
class Reservation:
    """A reservation as it was made, and what it still holds now."""

    reservation_no: str
    document_sequence: int
    store: str
    part_no: str
    quantity_milli: int
    holder_kind: str
    holder_no: str
    until_on: date
    held_on: date
    held_milli: int

    @property
    def place(self) -> Place:
        """Where it lies."""
        return Place(PlaceKind.RESERVED, self.reservation_no)


def hold(connection: sa.Connection, asked: HoldRequest, signed: Signature) -> Slip:
    """Hold a part for somebody; the slip's number is the reservation's. Nothing is held where there is too little.

    Raises
    ------
    LedgerConflictError
        If the key stands for another request.
    """
    request = {"hold": {**asdict(asked), "until_on": asked.until_on.isoformat()}, "on": signed.on.isoformat()}
    earlier = written_before(connection, request, signed)
    if earlier is not None:
        return earlier
    findings = _faults(connection, asked, signed.on)
    if findings:
        return Slip(findings=tuple(findings))
    held = balances(connection, [asked.store], [asked.part_no])
    sources = bins(held, asked.store, asked.part_no, asked.bin_name)
    there = total(sources)
    quantity = min(asked.quantity_milli, there) if asked.partial else asked.quantity_milli
    if not 0 < quantity <= there:
        where = "free on the shelf" if asked.bin_name is None else f"in {asked.bin_name}"
        short = short_of(connection, KIND, asked.store, asked.part_no, asked.quantity_milli, (there, where))
        return Slip(findings=(short,))
    number = next_number(connection, "RES")
    place = Place(PlaceKind.RESERVED, number)
    movements = moves_out(held, asked.store, asked.part_no, spread(sources, quantity), place)
    slip = write_slip(connection, KIND, number, movements, {"request": request}, signed)
    assert slip.posting is not None
    row = {
        "reservation_no": number,
        "document_sequence": slip.posting.sequence,
        "store": asked.store,
        "part_no": asked.part_no,
        "quantity_milli": quantity,
        "holder_kind": asked.holder_kind,
        "holder_no": asked.holder_no,
        "until_on": asked.until_on.isoformat(),
    }
    connection.execute(sa.insert(reservation), row)
    return slip


def release(connection: sa.Connection, reservation_no: str, signed: Signature) -> Slip:
    """Give what a reservation still holds back to the bins it came from.

    Raises
    ------
    LedgerConflictError
        If the key stands for another request.
    """
    request = {"release": reservation_no, "on": signed.on.isoformat()}
    earlier = written_before(connection, request, signed)
    if earlier is not None:
        return earlier
    found = find(connection, reservation_no)
    faults = standing_faults(found, reservation_no, counted_from(connection, signed.on))
    if found is None or faults:
        return Slip(findings=tuple(faults))
    body = {"request": request, "reservation_no": reservation_no}
    number = next_number(connection, "RELEASE")
    return write_slip(connection, RELEASE_KIND, number, _back(connection, found), body, signed)


def expire(connection: sa.Connection, signed: Signature, store: str | None = None) -> Slip:
    """Give back, in one document, what all reservations hold whose last day has passed on the signature's day.

    Returns
    -------
    Slip
        Without a posting where there was nothing to give back.

    Raises
    ------
    LedgerConflictError
        If the key stands for another request.
    """
    request = {"expire": store or "", "on": signed.on.isoformat()}
    earlier = written_before(connection, request, signed)
    if earlier is not None:
        return earlier
    over = [
        each
        for each in _reservations(connection, reservation.c.until_on < signed.on.isoformat())
        if each.held_milli and store in (None, each.store)
    ]
    movements = [moved for each in over for moved in _back(connection, each)]
    if not movements:
        return Slip()
    body = {"request": request, "reservations": [each.reservation_no for each in over]}
    return write_slip(connection, EXPIRY_KIND, next_number(connection, "EXPIRE"), movements, body, signed)


def find(connection: sa.Connection, reservation_no: str) -> Reservation | None:
    """Return a reservation and what it still holds now, or None where there is none of this number."""
    found = _reservations(connection, reservation.c.reservation_no == reservation_no)
    return found[0] if found else None


def standing_faults(found: Reservation | None, reservation_no: str, on: date) -> list[Finding]:
    """Return why nothing can be done with a reservation on a day: it is not there, later, or holds nothing."""
    remedy = "see them with: sparewise reserve list --all"
    if found is None:
        return [Finding(KIND, "", 0, "reservation", reservation_no, "a reservation in the books", remedy)]
    if not found.held_milli:
        reason = "a reservation that still holds something"
        return [Finding(KIND, "", 0, "reservation", reservation_no, reason, remedy, is_conflict=True)]
    since = f"a day from {found.held_on} on, when it was held"
    return unmet(KIND, [(on >= found.held_on, "as-of", str(on), since, "")])


def held_for(connection: sa.Connection, as_of: date, known_at: int | None = None) -> dict[Request, int]:
    """Return what is held on a business day for repair and customer orders, in thousandths.

    Parameters
    ----------
    known_at
        The last document that counts, by its sequence; all where not given.
    """
    holder = {
        row.reservation_no: row.holder_no
        for row in connection.execute(sa.select(reservation).where(reservation.c.holder_kind == "repair_order"))
    }
    found: dict[Request, int] = {}
    for where, amount in balances_on(connection, as_of, known_at=known_at).items() if holder else ():
        if where.place_kind == PlaceKind.RESERVED and where.place_name in holder:
            at = Request(where.store, holder[where.place_name], where.part_no)
            found[at] = found.get(at, 0) + amount.quantity_milli
    return found


def reservation_rows(
    connection: sa.Connection, as_of: date, store: str | None = None, known_at: int | None = None
) -> list[dict[str, object]]:
    """Return the reservations made until a business day and where they stood on it, the first to end first.

    Parameters
    ----------
    store
        Only this one; all where not given.
    known_at
        The last document that counts, by its sequence; all where not given.

    Returns
    -------
    list of dict
        ``reservation_no, store, part_no, holder_kind, holder_no, held_on, until_on, quantity_milli,
        handed_over_milli, given_back_milli, held_milli, state``: ``held``; ``expired``, where the last day has passed
        and it is still held; ``done``.
    """
    handed = _out(connection, as_of, known_at, [PlaceKind.CUSTOMER.value])
    given_back = _out(connection, as_of, known_at, sorted(ON_HAND_KINDS))
    left = balances_on(connection, as_of, store, known_at=known_at)
    rows: list[dict[str, object]] = []
    for each in _reservations(connection, sa.and_(*standing(as_of, known_at))):
        if store not in (None, each.store):
            continue
        held = amount_at(left, each.store, each.part_no, each.place).quantity_milli
        state = "done" if not held else "expired" if each.until_on < as_of else "held"
        row = {name: value for name, value in asdict(each).items() if name != "document_sequence"}
        row |= {"handed_over_milli": handed.get(each.reservation_no, 0), "held_milli": held, "state": state}
        rows.append({**row, "given_back_milli": given_back.get(each.reservation_no, 0)})
    return sorted(rows, key=lambda row: (str(row["until_on"]), str(row["reservation_no"])))


def _faults(connection: sa.Connection, asked: HoldRequest, on: date) -> list[Finding]:
    findings = part_faults(connection, KIND, asked.store, asked.part_no, asked.quantity_milli)
    checks = [
        (asked.holder_kind in HOLDERS, "for", asked.holder_kind, f"one of {', '.join(HOLDERS)}", ""),
        (bool(asked.holder_no.strip()), "for", asked.holder_no, "a reservation says for whom", ""),
        (asked.until_on >= on, "until", str(asked.until_on), f"a day from {on} on", ""),
    ]
    return findings + unmet(KIND, checks)


def _reservations(connection: sa.Connection, condition: sa.ColumnElement[bool]) -> list[Reservation]:
    question = (
        sa.select(reservation, document.c.effective_on)
        .join(document, document.c.sequence == reservation.c.document_sequence)
        .where(condition)
    )
    rows = connection.execute(question.order_by(reservation.c.document_sequence)).all()
    now = balances(connection, {row.store for row in rows}, {row.part_no for row in rows})
    return [
        Reservation(
            row.reservation_no,
            row.document_sequence,
            row.store,
            row.part_no,
            row.quantity_milli,
            row.holder_kind,
            row.holder_no,
            date.fromisoformat(row.until_on),
            date.fromisoformat(row.effective_on),
            amount_at(now, row.store, row.part_no, Place(PlaceKind.RESERVED, row.reservation_no)).quantity_milli,
        )
        for row in rows
    ]


def _back(connection: sa.Connection, found: Reservation) -> list[Movement]:
    """Return the movements that give what is held back to its bins."""
    held = balances(connection, [found.store], [found.part_no])
    came = sa.select(movement.c.source_name, movement.c.quantity_milli).where(
        movement.c.document_sequence == found.document_sequence
    )
    gave = [
        Source(Place(PlaceKind.BIN, row.source_name), row.quantity_milli)
        for row in connection.execute(came.order_by(movement.c.line_no))
    ]
    parts = spread(gave, found.held_milli)
    values = values_out(((found.store, found.part_no, each.quantity_milli) for each in parts), pools(held))
    return [
        Movement(found.store, found.part_no, found.place, place, quantity, value)
        for (place, quantity), value in zip(parts, values, strict=True)
    ]


def _out(connection: sa.Connection, as_of: date, known_at: int | None, target_kinds: Sequence[str]) -> dict[str, int]:
    """Return how much has left each reservation for places of these kinds until a day."""
    question = (
        sa.select(movement.c.source_name, sa.func.sum(movement.c.quantity_milli))
        .join(document, document.c.sequence == movement.c.document_sequence)
        .where(
            *standing(as_of, known_at),
            movement.c.source_kind == PlaceKind.RESERVED.value,
            movement.c.target_kind.in_(target_kinds),
        )
        .group_by(movement.c.source_name)
    )
    return {row[0]: int(row[1]) for row in connection.execute(question)}
