"""Claims on suppliers: one per difference of a delivery, opened with it, decided step by step.

A claim is a document of its own, posted in the transaction of its receipt: `PO-1-R1-C2` is the second difference of
the first delivery of order `PO-1`. What is on the papers and did not come is moved by the claim itself, from the
supplier to claim-short; what came and was refused the receipt has put into quarantine. There it waits, worth what the
order says, on the supplier's side: on no shelf, in no stock value. A claim for goods that were kept (late, over) has
nothing waiting.

The deadline counts from the moment of recording, held within the day of receipt, and is fixed when the claim is opened.
How it goes on from there: `claim_steps`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date

import sqlalchemy as sa

from inventory.books.ledger import Posting
from inventory.books.movements import Document, Movement, Place, PlaceKind
from inventory.books.standing import standing, stands
from inventory.bulk import insert_rows
from inventory.claims.deadlines import hours_of, set_hours
from inventory.moments import plus_hours, within_day
from inventory.purchasing.inspection import Difference
from inventory.schema import document
from inventory.schema_claims import claim, claim_event

KIND = "claim"
OPEN = "open"
Priced = Mapping[tuple[str, str], tuple[str, int]]
"""Supplier and unit cost, by store and part."""


class UnknownClaimError(Exception):
    """No claim has this number."""

    def __init__(self, claim_no: str) -> None:
        super().__init__(f"there is no claim {claim_no}; see the numbers with: sparewise claim list")


@dataclass(frozen=True)
class Claim:
    """One difference of one delivery; quantities in thousandths, value in ten-thousandths of the currency.

    Parameters
    ----------
    on_order_milli
        How much of it its order still expects, until the claim is decided.
    place_kind, place_name
        Where the goods, or what is missing of them, wait; both empty where nothing waits.
    opened_at, due_at
        ISO text, UTC: when it was opened, and until when it is to be submitted.
    """

    claim_no: str
    supplier: str
    order_no: str
    store: str
    part_no: str
    cause: str
    quantity_milli: int
    value_e4: int
    on_order_milli: int
    place_kind: str
    place_name: str
    opened_at: str
    due_at: str
    effective_on: date
    user_name: str

    def document(self) -> Document:
        """Return the document that opens the claim."""
        moved = Movement(
            self.store,
            self.part_no,
            Place(PlaceKind.SUPPLIER, self.supplier),
            Place(PlaceKind.CLAIM_SHORT, self.place_name),
            self.quantity_milli,
            self.value_e4,
        )
        body = {name: value for name, value in vars(self).items() if name not in _HEAD}
        movements = (moved,) if self.place_kind == PlaceKind.CLAIM_SHORT else ()
        key = f"{KIND}:{self.claim_no}"
        return Document(KIND, self.claim_no, self.effective_on, self.user_name, key, movements, {"step": OPEN, **body})

    def waiting(self) -> Place | None:
        """Return the place where something waits for the supplier's answer, if anything does."""
        return Place(PlaceKind(self.place_kind), self.place_name) if self.place_kind else None


_HEAD = ("effective_on", "user_name")
_FIELDS = [field.name for field in fields(Claim) if field.name not in _HEAD]


def opened(
    connection: sa.Connection,
    receipt: Document,
    found: Sequence[Difference],
    priced: Priced,
    recorded_at: str,
) -> list[Claim]:
    """Return the claims to be opened for the differences of a receipt; posts nothing."""
    claims: list[Claim] = []
    ruled = set_hours(connection) if found else {}
    opened_at = within_day(recorded_at, receipt.effective_on)
    for number, each in enumerate(found, start=1):
        supplier, unit_cost_e4 = priced[each.line.store, each.line.part_no]
        order_no = str(receipt.body["order_no"])
        claims.append(
            Claim(
                claim_no=f"{receipt.number}-C{number}",
                supplier=supplier,
                order_no=order_no,
                store=each.line.store,
                part_no=each.line.part_no,
                cause=each.cause,
                quantity_milli=each.quantity_milli,
                value_e4=each.value_e4(unit_cost_e4),
                on_order_milli=each.on_order_milli,
                place_kind=each.waits_in.value if each.waits_in else "",
                place_name=order_no if each.waits_in else "",
                opened_at=opened_at,
                due_at=plus_hours(opened_at, hours_of(ruled, supplier, each.cause)),
                effective_on=receipt.effective_on,
                user_name=receipt.user_name,
            )
        )
    return claims


def write(connection: sa.Connection, receipt: Posting, claims: Sequence[Claim], postings: Sequence[Posting]) -> None:
    """Write the claims of a receipt just posted, each with the posting of its own document."""
    rows = [
        (*(getattr(each, name) for name in _FIELDS), posting.sequence, receipt.sequence)
        for each, posting in zip(claims, postings, strict=True)
    ]
    insert_rows(connection, claim, (*_FIELDS, "document_sequence", "receipt_sequence"), rows)


def find(connection: sa.Connection, claim_no: str) -> Claim:
    """Return a claim.

    Raises
    ------
    UnknownClaimError
        If there is none of this number, or it was taken back with its receipt.
    """
    found = _found(connection, claim.c.claim_no == claim_no, stands(claim.c.document_sequence, date.max))
    if not found:
        raise UnknownClaimError(claim_no)
    return found[0]


def of_receipt(connection: sa.Connection, receipt_sequence: int) -> tuple[Claim, ...]:
    """Return the claims that a receipt opened."""
    return _found(connection, claim.c.receipt_sequence == receipt_sequence)


def states(
    connection: sa.Connection, as_of: date, claim_no: str | None = None, known_at: int | None = None
) -> dict[str, tuple[str, str]]:
    """Return the last step of each claim until a business day, and that step's day; claims without one are open.

    Parameters
    ----------
    as_of
        The last effective date that counts.
    claim_no
        Only this one; all where not given.
    known_at
        The last document that counts, by its sequence; all where not given.
    """
    question = (
        sa.select(claim_event.c.claim_no, claim_event.c.step, document.c.effective_on)
        .join(document, document.c.sequence == claim_event.c.document_sequence)
        .where(*standing(as_of, known_at))
        .order_by(claim_event.c.document_sequence)
    )
    if claim_no is not None:
        question = question.where(claim_event.c.claim_no == claim_no)
    return {row.claim_no: (row.step, row.effective_on) for row in connection.execute(question)}


def _found(connection: sa.Connection, *conditions: sa.ColumnElement[bool]) -> tuple[Claim, ...]:
    question = (
        sa.select(*(claim.c[name] for name in _FIELDS), document.c.effective_on, document.c.user_name)
        .join(document, document.c.sequence == claim.c.document_sequence)
        .where(*conditions)
        .order_by(claim.c.document_sequence)
    )
    return tuple(
        Claim(**{**row, "effective_on": date.fromisoformat(row["effective_on"])})
        for row in connection.execute(question).mappings()
    )
