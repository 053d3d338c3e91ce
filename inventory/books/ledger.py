"""The ledger: documents go into the books whole or not at all, once, and never take what is not there.

A document is posted in one write transaction. First the writer takes its turn: on SQLite the transaction began with
the write lock, on PostgreSQL one advisory lock per database is taken here; so sequence numbers rise in the order of
commits, *known at sequence n* means one state for ever, and two writers can't wait for each other. Then the balances
the document touches are read, the movements added, and the result held against the rules of the books:

- a place inside the store never holds less than nothing (`StockShortError`: the user asked for too much);
- what is empty is worth nothing, and nothing is worth less than nothing (`ValueError`: the program valued it wrongly).

Only then are the balances written, where a CHECK guards the first rule once more. Source and target of a movement
carry the same quantity and value, so the sum over all places is zero without a check.

Who asks twice under one key gets the first answer; other content under a known key or number is a conflict.
A back-dated document counts from its effective date on: it is refused where a place would have held less than nothing
on any later day (`StockShortError` names the day), and what follows is valued anew (see `recosting`). A document that
bears a day in a closed month keeps that day as `stated_on` and counts from the first open day on (see `closing`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from inventory.books.movements import Document
from inventory.books.periods import first_open_day
from inventory.books.refusals import LedgerConflictError as LedgerConflictError
from inventory.books.refusals import StockShortError as StockShortError
from inventory.books.settling import Booked, settle
from inventory.bulk import collector_resting, insert_rows, new_numbers
from inventory.database import take_turn as take_turn
from inventory.questions import Question
from inventory.schema import document
from inventory.schema_books import reversal

_KEYS_PER_QUESTION = 5000
_WHOLE = tuple(column.name for column in document.columns)
_NAMES = (document.c.idempotency_key, document.c.sequence, document.c.number, document.c.content_hash)
_NAMESAKES = Question(
    sa.select(*_NAMES).where(
        sa.or_(document.c.idempotency_key == sa.bindparam("key"), document.c.number == sa.bindparam("number"))
    )
)
_SAID = Question(
    sa.select(document.c.sequence, document.c.number, document.c.body).where(
        document.c.idempotency_key == sa.bindparam("key")
    )
)
_LAST = Question(sa.select(sa.func.max(document.c.sequence)))


@dataclass(frozen=True)
class Posting:
    """The answer to a document: its place in the books, and whether it was new."""

    sequence: int
    number: str
    is_new: bool


def post(connection: sa.Connection, posted: Document, recorded_at: str) -> Posting:
    """Put one document into the books; see `post_all`."""
    return post_all(connection, [posted], recorded_at)[0]


@collector_resting()
def post_all(connection: sa.Connection, documents: Sequence[Document], recorded_at: str) -> list[Posting]:
    """Put documents into the books, all or none, in their order; the rules are held against the books after the last.

    Parameters
    ----------
    connection
        Inside a write transaction (`inventory.database.write`), which the caller commits.
    documents
        With distinct numbers and idempotency keys.
    recorded_at
        The moment of recording, ISO text in UTC.

    Returns
    -------
    list of Posting
        One per document; those already in the books answer with what they were then.

    Raises
    ------
    LedgerConflictError
        If a key or number is in the books with other content.
    StockShortError
        If a place inside a store would hold less than nothing.
    ValueError
        If a place would be worth less than nothing, or something while empty.
    """
    take_turn(connection)
    known = standing(connection, documents)
    conflicts = [each.number for each, posting in zip(documents, known, strict=True) if posting == "conflict"]
    if conflicts:
        raise LedgerConflictError(conflicts)
    new = [each for each, posting in zip(documents, known, strict=True) if posting is None]
    if not new:
        return [posting for posting in known if isinstance(posting, Posting)]
    open_from = first_open_day(connection)
    booked = [max(each.effective_on, open_from) for each in new]
    sequences = new_numbers(connection, document.c.sequence, len(new))
    rows = [
        (
            sequence,
            each.number,
            str(each.kind),
            day.isoformat(),
            recorded_at,
            each.user_name,
            each.idempotency_key,
            each.content_hash(),
            each.body_text,
            each.effective_on.isoformat() if each.effective_on < day else None,
        )
        for sequence, each, day in zip(sequences, new, booked, strict=True)
    ]
    insert_rows(connection, document, _WHOLE, rows)
    _write_reversals(connection, new, sequences)
    settle(connection, [Booked(*each) for each in zip(new, sequences, booked, strict=True)])
    fresh = iter(Posting(sequence, each.number, True) for sequence, each in zip(sequences, new, strict=True))
    return [posting if isinstance(posting, Posting) else next(fresh) for posting in known]


def standing(connection: sa.Connection, documents: Sequence[Document]) -> list[Posting | str | None]:
    """Return for each document how the books know it: its posting, ``"conflict"``, or None where it is new."""
    by_key: dict[str, tuple[int, str, str]] = {}
    numbers: set[str] = set()
    for key, sequence, number, content_hash in _namesakes(connection, documents):
        by_key[key] = (sequence, number, content_hash)
        numbers.add(number)
    answers: list[Posting | str | None] = []
    for each in documents:
        if each.idempotency_key in by_key:
            sequence, number, content_hash = by_key[each.idempotency_key]
            same = content_hash == each.content_hash()
            answers.append(Posting(sequence, number, False) if same else "conflict")
        else:
            answers.append("conflict" if each.number in numbers else None)
    return answers


def _namesakes(connection: sa.Connection, documents: Sequence[Document]) -> Iterator[Any]:
    """Yield key, sequence, number and content hash of what is in the books under these keys and numbers."""
    if len(documents) == 1:
        yield from _NAMESAKES.rows(connection, key=documents[0].idempotency_key, number=documents[0].number)
        return
    for start in range(0, len(documents), _KEYS_PER_QUESTION):
        some = documents[start : start + _KEYS_PER_QUESTION]
        keys = document.c.idempotency_key.in_([each.idempotency_key for each in some])
        named = document.c.number.in_([each.number for each in some])
        yield from connection.execute(sa.select(*_NAMES).where(sa.or_(keys, named)))


def repeat_of(connection: sa.Connection, key: str | None, request: Mapping[str, object]) -> Posting | None:
    """Return the posting made earlier for the same request under the same key; None where the key is new.

    What a document says may depend on the books at its time (a number counted on, a value averaged), so a repeated
    request is known by what was asked, which its document keeps in its body under ``request``.

    Raises
    ------
    LedgerConflictError
        If the key stands for another request.
    """
    if key is None:
        return None
    take_turn(connection)
    for sequence, number, body in _SAID.rows(connection, key=key):
        if json.loads(body).get("request") != json.loads(json.dumps(dict(request))):
            raise LedgerConflictError([number])
        return Posting(sequence, number, False)
    return None


def next_number(connection: sa.Connection, prefix: str) -> str:
    """Return a document number not yet used: the prefix and a count that only rises."""
    take_turn(connection)
    last = _LAST.value(connection) or 0
    return f"{prefix}-{last + 1:06d}"


def _write_reversals(connection: sa.Connection, documents: Sequence[Document], sequences: Sequence[int]) -> None:
    rows = [
        {"document_sequence": sequence, "reverses_sequence": each.reverses, "reason": str(each.body["reason"])}
        for sequence, each in zip(sequences, documents, strict=True)
        if each.reverses is not None
    ]
    if rows:
        connection.execute(sa.insert(reversal), rows)
