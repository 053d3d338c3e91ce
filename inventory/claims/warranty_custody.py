"""Custody of warranty parts: what came off a vehicle is kept, tagged, until the maker no longer wants to see it.

A tag names repair order, part, vehicle and date. The old part comes from the customer's vehicle into ``warranty-hold``
under its tag, at no value: it was paid for long ago. It is kept for so many days as the rule of its supplier says, and
leaves for the scrap or for the maker not before. Both faults are shown: released too early is refused, kept too long is
listed as due. Tags lie by the last digit of their repair order, ten bins in all.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from inventory.books.ledger import Posting, next_number, post, repeat_of, take_turn
from inventory.books.movements import Document, Movement, Place, PlaceKind
from inventory.books.standing import standing
from inventory.findings import Finding
from inventory.masters import put
from inventory.schema import document, movement, part
from inventory.schema_claims import custody_rule, warranty_tag

KIND = "warranty-custody"
ANY = ""
DEFAULT_DAYS = 60
_TARGETS = {"scrap": PlaceKind.SCRAP, "maker": PlaceKind.SUPPLIER}


class CustodyError(Exception):
    """The part can't be released: no such tag, gone already, or still to be kept; the message says which."""


@dataclass(frozen=True)
class KeepRequest:
    """A replaced part to be kept; quantity in thousandths."""

    store: str
    order_no: str
    part_no: str
    quantity_milli: int
    vin: str | None = None


@dataclass(frozen=True)
class Tag:
    """The answer: the posting, whose number is the tag's, until when it is kept; or what is wrong with the request."""

    posting: Posting | None
    keep_until: str = ""
    findings: tuple[Finding, ...] = ()


def days_of(connection: sa.Connection, supplier: str) -> int:
    """Return for how many days the parts of a supplier are kept: its rule, else the one for any, else the default."""
    rules = {row.supplier: int(row.days) for row in connection.execute(sa.select(custody_rule))}
    return rules.get(supplier, rules.get(ANY, DEFAULT_DAYS))


def set_days(connection: sa.Connection, supplier: str, days: int) -> tuple[Finding, ...]:
    """Set the days of a supplier (empty: any), for what is kept from now on; or tell what is wrong with it."""
    if days < 0:
        return (Finding("warranty rule", "", 0, "days", str(days), "parts are kept for zero days or more", ""),)
    put(connection, custody_rule, {"supplier": supplier, "days": days})
    return ()


def keep(
    connection: sa.Connection, asked: KeepRequest, on: date, user_name: str, key: str | None, recorded_at: str
) -> Tag:
    """Take a replaced part into custody.

    Parameters
    ----------
    asked
        The part, and the repair order and vehicle it came off.
    on
        The business day.
    user_name, key, recorded_at
        Who answers for it, the idempotency key (or None), and when it was recorded (ISO text, UTC).

    Raises
    ------
    LedgerConflictError
        If the key stands for another request.
    """
    request = {"keep": asdict(asked), "on": on.isoformat()}
    earlier = repeat_of(connection, key, request)
    if earlier is not None:
        until = sa.select(warranty_tag.c.keep_until).where(warranty_tag.c.document_sequence == earlier.sequence)
        return Tag(earlier, connection.execute(until).scalar_one())
    take_turn(connection)
    question = sa.select(part.c.supplier).where(part.c.part_no == asked.part_no)
    supplier = connection.execute(question).scalar_one_or_none()
    findings = _faults(asked, supplier)
    if findings or supplier is None:
        return Tag(None, findings=findings)
    number = next_number(connection, "TAG")
    keep_until = (on + timedelta(days=days_of(connection, supplier))).isoformat()
    vehicle = Place(PlaceKind.CUSTOMER, f"replaced on {asked.order_no}")
    hold = Place(PlaceKind.WARRANTY_HOLD, number)
    moved = Movement(asked.store, asked.part_no, vehicle, hold, asked.quantity_milli, 0)
    body = {"keep_until": keep_until, "request": request}
    posting = post(connection, Document(KIND, number, on, user_name, key or number, (moved,), body), recorded_at)
    row = {
        "tag_no": number,
        "document_sequence": posting.sequence,
        **asdict(asked),
        "supplier": supplier,
        "kept_on": on.isoformat(),
        "keep_until": keep_until,
    }
    connection.execute(sa.insert(warranty_tag), row)
    return Tag(posting, keep_until)


def release(
    connection: sa.Connection, tag_no: str, to: str, on: date, user_name: str, key: str | None, recorded_at: str
) -> Posting:
    """Let a kept part go to the scrap or to the maker, on the day after it was to be kept or later.

    Parameters
    ----------
    to
        ``scrap`` or ``maker``.
    on, user_name, key, recorded_at
        As for `keep`.

    Raises
    ------
    CustodyError
        If there is no such tag, it is gone, or it is still to be kept.
    """
    request = {"release": tag_no, "to": to, "on": on.isoformat()}
    earlier = repeat_of(connection, key, request)
    if earlier is not None:
        return earlier
    take_turn(connection)
    rows = {str(row["tag_no"]): row for row in tag_rows(connection, date.max)}
    row = rows.get(tag_no)
    if row is None:
        raise CustodyError(f"there is no tag {tag_no}; see the numbers with: sparewise warranty list")
    if row["released_on"]:
        raise CustodyError(f"{tag_no} went to {row['released_to']} on {row['released_on']}")
    if on.isoformat() <= str(row["keep_until"]):
        raise CustodyError(f"{tag_no} is kept until {row['keep_until']}, that day included")
    name = str(row["supplier"]) if to == "maker" else tag_no
    hold, target = Place(PlaceKind.WARRANTY_HOLD, tag_no), Place(_TARGETS[to], name)
    moved = Movement(str(row["store"]), str(row["part_no"]), hold, target, int(str(row["quantity_milli"])), 0)
    number = next_number(connection, "TAG")
    body = {"tag_no": tag_no, "to": to, "request": request}
    return post(connection, Document(KIND, number, on, user_name, key or number, (moved,), body), recorded_at)


def tag_rows(
    connection: sa.Connection, as_of: date, store: str | None = None, known_at: int | None = None
) -> list[dict[str, object]]:
    """Return the tags of a business day, known by a document (its sequence; all where not given), by number.

    Returns
    -------
    list of dict
        ``tag_no, store, order_no, part_no, vin, supplier, quantity_milli, kept_on, keep_until, bin`` (last digit of the
        repair order), ``state`` (kept, due, released), ``released_on, released_to``.
    """
    day = as_of.isoformat()
    gone = (
        sa.select(movement.c.source_name, movement.c.target_kind, document.c.effective_on)
        .join(document, document.c.sequence == movement.c.document_sequence)
        .where(movement.c.source_kind == PlaceKind.WARRANTY_HOLD.value, *standing(as_of, known_at))
    )
    went = {row.source_name: row for row in connection.execute(gone)}
    question = (
        sa.select(warranty_tag)
        .join(document, document.c.sequence == warranty_tag.c.document_sequence)
        .where(*standing(as_of, known_at))
        .order_by(warranty_tag.c.document_sequence)
    )
    if store is not None:
        question = question.where(warranty_tag.c.store == store)
    rows = []
    for row in connection.execute(question).mappings():
        left = went.get(row["tag_no"])
        digits = [sign for sign in row["order_no"] if sign.isdigit()]
        rows.append(
            {
                **row,
                "bin": digits[-1] if digits else "",
                "state": "released" if left else "due" if day > row["keep_until"] else "kept",
                "released_on": left.effective_on if left else None,
                "released_to": ("maker" if left.target_kind == PlaceKind.SUPPLIER else "scrap") if left else None,
            }
        )
    return rows


def _faults(asked: KeepRequest, supplier: str | None) -> tuple[Finding, ...]:
    checks = (
        (supplier is not None, "part", asked.part_no, "a part kept is in the parts table", "import it with the parts"),
        (asked.quantity_milli > 0, "quantity", f"{asked.quantity_milli / 1000:g}", "more than zero is kept", ""),
        (bool(asked.order_no.strip()), "order-no", asked.order_no, "a tag names the repair order", ""),
    )
    return tuple(
        Finding(KIND, "", 0, column, value, reason, remedy)
        for holds, column, value, reason, remedy in checks
        if not holds
    )
