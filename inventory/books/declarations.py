"""What a store declares of its books: how its stock is valued, and whether its costs contain tax.

Both are facts that a reader of a stock value has to know, so they stand in the books as documents and are printed with
the value. Every value by either method follows from the movements, so a store can change its method at any time, and a
report can be asked for the other one. The last declaration known rules; what a store does not declare, the declaration
for all stores does, and where there is none, the first choice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from inventory.books.ledger import Posting, next_number, post, repeat_of, take_turn
from inventory.books.movements import Document
from inventory.schema_books import store_setting

KIND = "declaration"
CHOICES: Mapping[str, tuple[str, ...]] = {
    "valuation": ("average", "fifo"),
    "tax-basis": ("excluded", "included"),
}
"""What may be declared; the first choice holds where nothing is."""


@dataclass(frozen=True)
class Declarations:
    """The declarations known, by store (empty text: all stores) and name."""

    known: Mapping[tuple[str, str], str]

    def of(self, store: str, name: str) -> str:
        """Return what holds for a store."""
        return self.known.get((store, name)) or self.known.get(("", name)) or CHOICES[name][0]


def declarations(connection: sa.Connection, known_at: int | None = None) -> Declarations:
    """Return what stores have declared; with `known_at`, by that document."""
    question = sa.select(store_setting).order_by(store_setting.c.document_sequence)
    if known_at is not None:
        question = question.where(store_setting.c.document_sequence <= known_at)
    return Declarations({(row.store, row.name): row.value for row in connection.execute(question)})


def declare(
    connection: sa.Connection,
    store: str,
    name: str,
    value: str,
    declared_on: date,
    user_name: str,
    key: str | None,
    recorded_at: str,
) -> Posting:
    """Write a declaration into the books.

    Parameters
    ----------
    store
        Empty: every store that declares nothing itself.
    name, value
        One of `CHOICES`.
    declared_on
        The business day of the document.
    user_name, key, recorded_at
        Who answers for it, the idempotency key (or None), and when it was recorded (ISO text, UTC).

    Raises
    ------
    LedgerConflictError
        If the key stands for another request.
    """
    if value not in CHOICES[name]:
        raise ValueError(f"{name} is one of {CHOICES[name]}; found {value!r}")
    request = {"declare": name, "store": store, "value": value}
    earlier = repeat_of(connection, key, request)
    if earlier is not None:
        return earlier
    take_turn(connection)
    number = next_number(connection, "DECLARE")
    posting = post(
        connection, Document(KIND, number, declared_on, user_name, key or number, (), {"request": request}), recorded_at
    )
    row = {"document_sequence": posting.sequence, "store": store, "name": name, "value": value}
    connection.execute(sa.insert(store_setting), row)
    return posting
