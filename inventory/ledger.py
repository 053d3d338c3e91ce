"""The ledger: documents go into the books whole or not at all, once, and never take what is not there.

A document is posted in one write transaction. First the writer takes its turn: on SQLite the transaction began with
the write lock, on PostgreSQL with one advisory lock per database; so sequence numbers rise in the order of
commits, *known at sequence n* means one state for ever, and two writers can't wait for each other. Then the balances
the document touches are read, the movements added, and the result held against the rules of the books:

- a place inside the store never holds less than nothing (`StockShortError`: the user asked for too much);
- what is empty is worth nothing, and nothing is worth less than nothing (`ValueError`: the program valued it wrongly).

Only then are the balances written, where a CHECK guards the first rule once more. Source and target of a movement
carry the same quantity and value, so the sum over all places is zero without a check.

Who asks twice under one key gets the first answer; other content under a known key or number is a conflict.
Back-dated documents count from their effective date on; later documents keep the values they were posted with.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from inventory.balances import NOTHING, ON_HAND_KINDS, Amount, Balances, Where, balances, pools, share_value
from inventory.bulk import insert_rows
from inventory.database import take_turn as take_turn  # a writer has it from the start; asking again is harmless
from inventory.movements import OUTSIDE, Document
from inventory.schema import balance, document, movement, stock_layer

_KEYS_PER_QUESTION = 5000
_LINE = tuple(column.name for column in movement.columns if column.name != "movement_id")
_LAYER = tuple(column.name for column in stock_layer.columns)
_OUTSIDE_KINDS = frozenset(kind.value for kind in OUTSIDE)


@dataclass(frozen=True)
class Posting:
    """The answer to a document: its place in the books, and whether it was new."""

    sequence: int
    number: str
    is_new: bool


class LedgerConflictError(Exception):
    """Documents known under the same number or key, but with other content; `numbers` names them."""

    def __init__(self, numbers: Sequence[str]) -> None:
        super().__init__(f"already in the books with other content: {', '.join(numbers)}")
        self.numbers = tuple(numbers)


class StockShortError(Exception):
    """More was asked of places than they hold; `short` says how much each of them lacks, in thousandths."""

    def __init__(self, short: Mapping[Where, int]) -> None:
        where, lacking = next(iter(short.items()))
        super().__init__(
            f"{where.place_kind} {where.place_name!r} of {where.store} lacks {lacking / 1000:g} of {where.part_no}"
            + (f" (and {len(short) - 1} more)" if len(short) > 1 else "")
        )
        self.short = dict(short)


def post(connection: sa.Connection, posted: Document, recorded_at: str) -> Posting:
    """Put one document into the books; see `post_all`."""
    return post_all(connection, [posted], recorded_at)[0]


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
    rows = [
        {
            "number": each.number,
            "kind": each.kind,
            "effective_on": each.effective_on.isoformat(),
            "recorded_at": recorded_at,
            "user_name": each.user_name,
            "idempotency_key": each.idempotency_key,
            "content_hash": each.content_hash(),
            "body": json.dumps(dict(each.body), sort_keys=True, ensure_ascii=False, separators=(",", ":")),
        }
        for each in new
    ]
    inserted = sa.insert(document).returning(document.c.sequence, sort_by_parameter_order=True)
    sequences = list(connection.execute(inserted, rows).scalars())
    _write_movements(connection, new, sequences)
    _write_balances(connection, new)
    fresh = iter(Posting(sequence, each.number, True) for sequence, each in zip(sequences, new, strict=True))
    return [posting if isinstance(posting, Posting) else next(fresh) for posting in known]


def standing(connection: sa.Connection, documents: Sequence[Document]) -> list[Posting | str | None]:
    """Return for each document how the books know it: its posting, ``"conflict"``, or None where it is new."""
    by_key: dict[str, tuple[int, str, str]] = {}
    numbers: set[str] = set()
    for start in range(0, len(documents), _KEYS_PER_QUESTION):
        some = documents[start : start + _KEYS_PER_QUESTION]
        question = sa.select(
            document.c.idempotency_key, document.c.sequence, document.c.number, document.c.content_hash
        ).where(
            sa.or_(
                document.c.idempotency_key.in_([each.idempotency_key for each in some]),
                document.c.number.in_([each.number for each in some]),
            )
        )
        for key, sequence, number, content_hash in connection.execute(question):
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
    question = sa.select(document.c.sequence, document.c.number, document.c.body)
    row = connection.execute(question.where(document.c.idempotency_key == key)).one_or_none()
    if row is None:
        return None
    if json.loads(row.body).get("request") != json.loads(json.dumps(dict(request))):
        raise LedgerConflictError([row.number])
    return Posting(row.sequence, row.number, False)


def next_number(connection: sa.Connection, prefix: str) -> str:
    """Return a document number not yet used: the prefix and a count that only rises."""
    take_turn(connection)
    last = connection.execute(sa.select(sa.func.max(document.c.sequence))).scalar_one_or_none() or 0
    return f"{prefix}-{last + 1:06d}"


def _write_movements(connection: sa.Connection, documents: Sequence[Document], sequences: Sequence[int]) -> None:
    """Append the movements, and a layer for each that comes onto the shelf from elsewhere."""
    lines: list[tuple[object, ...]] = []
    layers: list[tuple[object, ...]] = []
    for sequence, each in zip(sequences, documents, strict=True):
        for line_no, moved in enumerate(each.movements, start=1):
            source, target = moved.source, moved.target
            head = (sequence, line_no, moved.store, moved.part_no)
            ends = (source.kind.value, source.name, target.kind.value, target.name)
            lines.append((*head, *ends, moved.quantity_milli, moved.value_e4))
            if target.kind in ON_HAND_KINDS and source.kind not in ON_HAND_KINDS:
                received_on = (moved.received_on or each.effective_on).isoformat()
                layers.append((*head, received_on, moved.quantity_milli, moved.value_e4))
    insert_rows(connection, movement, _LINE, lines)
    insert_rows(connection, stock_layer, _LAYER, layers)


def _write_balances(connection: sa.Connection, documents: Sequence[Document]) -> None:
    """Add the movements to the balances they touch, hold the result against the rules, and write what changed."""
    moves = [moved for each in documents for moved in each.movements]
    before = balances(connection, {moved.store for moved in moves}, {moved.part_no for moved in moves})
    after = dict(before)
    for moved in moves:
        for place, sign in ((moved.source, -1), (moved.target, 1)):
            where = Where(moved.store, moved.part_no, place.kind.value, place.name)
            held = after.get(where, NOTHING)
            after[where] = Amount(
                held.quantity_milli + sign * moved.quantity_milli, held.value_e4 + sign * moved.value_e4
            )
    _refuse_less_than_nothing(after)
    share_value(after)
    changed = [(*where, *amount) for where, amount in after.items() if before.get(where) != amount]
    insert_rows(connection, balance, (*Where._fields, *Amount._fields), changed, setting=Amount._fields)


def _refuse_less_than_nothing(after: Balances) -> None:
    """Raise where the rules of the books do not hold; the values on the shelf count per pool."""
    inside = {where: amount for where, amount in after.items() if where.place_kind not in _OUTSIDE_KINDS}
    short = {where: -amount.quantity_milli for where, amount in inside.items() if amount.quantity_milli < 0}
    if short:
        raise StockShortError(short)
    elsewhere = {where: amount for where, amount in inside.items() if where.place_kind not in ON_HAND_KINDS}
    for where, amount in [*pools(inside).items(), *elsewhere.items()]:
        if amount.value_e4 < 0 or (amount.quantity_milli == 0 and amount.value_e4 != 0):
            raise ValueError(f"what is empty is worth nothing, and nothing less than that: {where} has {amount}")
