"""`Place`, `Movement`, `Document`: the words of the ledger.

Places, not signs: a movement takes a quantity and its value *from* a place *to* a place, so over all places each part
sums to zero at any time. A document is the atomic unit: it is in the books whole or not at all, under a number of its
own, with an idempotency key (who asks twice gets the first answer) and a hash of its content (who asks the same key
for something else gets a conflict).

Quantities are thousandths of the stock unit, values ten-thousandths of the currency, both whole.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple


class PlaceKind(StrEnum):
    """Where a part can be. The first six lie outside the store and may run below zero; the rest never can."""

    OPENING = "opening"
    SUPPLIER = "supplier"
    CUSTOMER = "customer"
    SCRAP = "scrap"
    COUNT_DIFFERENCE = "count-difference"
    OTHER_STORE = "other-store"
    TRANSIT = "transit"
    DOCK = "dock"
    BIN = "bin"
    RESERVED = "reserved"
    WORKSHOP = "workshop"
    CLAIM_SHORT = "claim-short"
    QUARANTINE = "quarantine"
    RETURN_TO_MAKER = "return-to-maker"
    CORE = "core"
    WARRANTY_HOLD = "warranty-hold"


OUTSIDE = frozenset(
    {
        PlaceKind.OPENING,
        PlaceKind.SUPPLIER,
        PlaceKind.CUSTOMER,
        PlaceKind.SCRAP,
        PlaceKind.COUNT_DIFFERENCE,
        PlaceKind.OTHER_STORE,
    }
)
"""Places that stand for the world beyond the store's own stock."""

ON_HAND = frozenset({PlaceKind.BIN, PlaceKind.RESERVED})
"""Places whose contents lie on the shelf; what is reserved lies there too, for somebody."""


PlainMovement = tuple[str, str, str, str, str, str, int, int, str]
"""Store, part, kind and name of the source and of the target, quantity, value, and the day of receipt where told."""


class Place(NamedTuple):
    """A kind of place and the name of the one meant: ``bin/A-01-02``, ``supplier/GPC``, ``customer/RO-1``."""

    kind: PlaceKind
    name: str = ""


class Movement(NamedTuple):
    """A quantity of one part, with its value, from one place to another, within one store's books.

    A document may hold movements of several stores. What goes from one to another leaves the first store's books to
    ``other-store/SECOND`` and comes into the second's from ``other-store/FIRST``: each store sums to zero by itself,
    and the two sides cancel out over both.

    Parameters
    ----------
    received_on
        The day the goods came into the store, where that is not the document's effective date: stock that was
        already old when the books were opened.
    """

    store: str
    part_no: str
    source: Place
    target: Place
    quantity_milli: int
    value_e4: int
    received_on: date | None = None


@dataclass(frozen=True)
class Document:
    """One atomic unit of the books.

    Parameters
    ----------
    kind
        What it is: opening, stock-import, purchase-order, receipt, issue, …
    number
        Its own number, unique over all documents.
    effective_on
        The business date it counts for.
    user_name
        Who answers for it.
    idempotency_key
        Unique; the same key with the same content is answered with the document already there.
    movements
        In the order of their line numbers, which count from 1; each moves more than nothing, to another place.
    body
        What this kind of document adds, JSON-ready.
    reverses
        Sequence of the document this one takes back; its lines mirror that one's, number by number.

    Raises
    ------
    ValueError
        If a movement moves nothing, less than no value, or stays where it is.
    """

    kind: str
    number: str
    effective_on: date
    user_name: str
    idempotency_key: str
    movements: tuple[Movement, ...]
    body: Mapping[str, object]
    reverses: int | None = None

    def __post_init__(self) -> None:
        for _, part_no, source, target, quantity_milli, value_e4, _ in self.movements:
            if quantity_milli <= 0:
                raise ValueError(f"a movement moves more than nothing; {part_no} has {quantity_milli}")
            if value_e4 < 0:
                raise ValueError(f"the value moved is zero or more; {part_no} has {value_e4}")
            if source == target:
                raise ValueError(f"a movement goes from one place to another; {part_no} stays in {source}")

    @cached_property
    def plain(self) -> list[PlainMovement]:
        """The movements as the books and the content hash have them; made once, there may be tens of thousands."""
        said_on = self.effective_on
        return [
            (
                store,
                part_no,
                source._value_,
                source_name,
                target._value_,
                target_name,
                quantity_milli,
                value_e4,
                "" if received_on is None else _told_day(source, target, received_on, said_on),
            )
            for store, part_no, (source, source_name), (
                target,
                target_name,
            ), quantity_milli, value_e4, received_on in self.movements
        ]

    @cached_property
    def body_text(self) -> str:
        """The body as the books keep it: JSON, its keys sorted; made once, it may say tens of thousands of lines."""
        return json.dumps(
            dict(self.body), sort_keys=True, ensure_ascii=False, separators=(",", ":"), check_circular=False
        )

    def content_hash(self) -> str:
        """Return the SHA-256, in hexadecimal, of what the document says; who recorded it, and when, is not in it."""
        return hash_of(self.kind, self.number, self.effective_on.isoformat(), self.plain, self.body_text)


def hash_of(kind: str, number: str, effective_on: str, movements: Sequence[Sequence[object]], body_text: str) -> str:
    """Return the SHA-256, in hexadecimal, of what a document says as JSON, its keys sorted.

    Parameters
    ----------
    movements
        Each as a list.
    body_text
        The body, as JSON already.
    """
    rest = {"effective_on": effective_on, "kind": kind, "movements": movements, "number": number}
    text = json.dumps(rest, ensure_ascii=False, separators=(",", ":"), check_circular=False)
    return hashlib.sha256(f'{{"body":{body_text},{text[1:]}'.encode()).hexdigest()


def _told_day(source: PlaceKind, target: PlaceKind, received_on: date, said_on: date) -> str:
    """Return the day of receipt where it is kept and is not the document's own: where goods come onto the shelf."""
    kept = target in ON_HAND and source not in ON_HAND
    return received_on.isoformat() if received_on != said_on and kept else ""
