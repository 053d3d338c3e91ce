"""`Slip`: what the short documents of the parts counter share: asked once, checked, numbered, posted.

A slip is the answer to a request: the document made and its movements, or the findings for which nothing was posted.
What was asked is kept in the document's body, so that the same request under the same key is answered as before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from inventory.books.ledger import Posting, post, repeat_of, take_turn
from inventory.books.movements import Document, Movement
from inventory.findings import Finding, unmet
from inventory.questions import Question
from inventory.schema import movement, part
from inventory.supersession_chain import stock_elsewhere

_KNOWN = Question(sa.select(part.c.part_no).where(part.c.part_no == sa.bindparam("part_no")))
_MOVES = Question(
    sa.select(movement.c.movement_id, movement.c.quantity_milli)
    .where(movement.c.document_sequence == sa.bindparam("sequence"))
    .order_by(movement.c.line_no)
)


@dataclass(frozen=True)
class Signature:
    """Who answers for a document, for which business day, under which key, and when it was recorded (ISO text, UTC)."""

    on: date
    user_name: str
    key: str | None
    recorded_at: str


@dataclass(frozen=True)
class Slip:
    """The answer to a request at the counter.

    Parameters
    ----------
    posting
        None where nothing was posted; `findings` tell why, or nothing was to be done.
    movement_ids
        In the order of the document's lines.
    quantity_milli
        What they move together.
    """

    posting: Posting | None = None
    movement_ids: tuple[int, ...] = ()
    quantity_milli: int = 0
    findings: tuple[Finding, ...] = ()


def written_before(connection: sa.Connection, request: Mapping[str, object], signed: Signature) -> Slip | None:
    """Return the slip written for the same request under the same key; else take the writers' turn and return None.

    Raises
    ------
    LedgerConflictError
        If the key stands for another request.
    """
    earlier = repeat_of(connection, signed.key, request)
    take_turn(connection)
    return None if earlier is None else _slip(connection, earlier)


def write_slip(
    connection: sa.Connection,
    kind: str,
    number: str,
    movements: Sequence[Movement],
    body: Mapping[str, object],
    signed: Signature,
) -> Slip:
    """Post a document under a number and return its slip; the body holds at least the request."""
    key = signed.key or f"{kind}:{number}"
    document = Document(kind, number, signed.on, signed.user_name, key, tuple(movements), body)
    return _slip(connection, post(connection, document, signed.recorded_at))


def _slip(connection: sa.Connection, posting: Posting) -> Slip:
    moves = _MOVES.rows(connection, sequence=posting.sequence)
    return Slip(posting, tuple(each[0] for each in moves), sum(each[1] for each in moves))


def movement_ids(connection: sa.Connection, posting: Posting) -> tuple[int, ...]:
    """Return the ids of a document's movements, in the order of its lines."""
    return tuple(each[0] for each in _MOVES.rows(connection, sequence=posting.sequence))


def part_faults(
    connection: sa.Connection, source: str, store: str, part_no: str, quantity_milli: int, reason: str | None = None
) -> list[Finding]:
    """Return what is wrong with what nearly every slip says: a store, a known part, a quantity, a reason.

    Parameters
    ----------
    reason
        None where the slip needs none.
    """
    known = _KNOWN.value(connection, part_no=part_no)
    checks = [
        (bool(store.strip()), "store", store, f"a {source} names its store", ""),
        (
            known is not None,
            "part",
            part_no,
            f"the part of a {source} is in the parts table",
            "import it with the parts",
        ),
        (quantity_milli > 0, "quantity", shown(quantity_milli), f"a {source} is of more than zero", ""),
        (reason is None or bool(reason.strip()), "reason", reason or "", f"a {source} gives its reason", ""),
    ]
    return unmet(source, checks)


def short_of(
    connection: sa.Connection, source: str, store: str, part_no: str, asked_milli: int, there: tuple[int, str]
) -> Finding:
    """Return the refusal of a quantity that is not there, with the other numbers of the part that the store holds.

    Parameters
    ----------
    there
        How much there is, in thousandths, and where.
    """
    reason = f"not more than the {shown(there[0])} of {part_no} that {store} has {there[1]}"
    elsewhere = stock_elsewhere(connection, store, part_no)
    others = (f"{number} has {shown(held)} on the shelf" for number, held in elsewhere)
    return Finding(source, "", 0, "quantity", shown(asked_milli), reason, "; ".join(others), is_conflict=True)


def shown(quantity_milli: int) -> str:
    """Return a quantity in the stock unit as people write it.

    >>> shown(2500)
    '2.5'
    """
    return f"{quantity_milli / 1000:g}"
