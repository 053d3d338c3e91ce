"""What a person judged of a line of demand: a bulk order that stays out of the history, or a usual line that is in it.

The line itself is never changed; the judgement is a document of its own with its reason, and of several the last one
counts. A judgement that is taken back leaves the line to the one before it, or to the rule (`forecasting.bulk`).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

import sqlalchemy as sa

from inventory.books.ledger import next_number
from inventory.books.periods import counted_from
from inventory.books.standing import stands
from inventory.counter.slip import Signature, Slip, write_slip, written_before
from inventory.demand_log import asked
from inventory.findings import Finding, unmet
from inventory.schema import demand_line
from inventory.schema_counter import line_judgement

KIND = "line-judgement"
BULK, USUAL = "bulk", "usual"
_KEY = ("store", "order_no", "part_no", "line_no")


@dataclass(frozen=True)
class Judgement:
    """What is judged of one line of demand.

    Parameters
    ----------
    store, order_no, part_no, line_no
        The line, under the number it was asked for by.
    verdict
        `BULK` or `USUAL`.
    reason
        In a person's words.
    """

    store: str
    order_no: str
    part_no: str
    line_no: int
    verdict: str
    reason: str


def judge(connection: sa.Connection, wanted: Judgement, signed: Signature) -> Slip:
    """Write down what a line of demand is, or nothing and tell why.

    Raises
    ------
    LedgerConflictError
        If the key stands for another request.
    """
    request = {"judge": asdict(wanted), "on": signed.on.isoformat()}
    earlier = written_before(connection, request, signed)
    if earlier is not None:
        return earlier
    line = demand_line.c
    question = sa.select(line.line_id).where(
        line.store == wanted.store,
        line.order_no == wanted.order_no,
        line.part_no == wanted.part_no,
        line.line_no == wanted.line_no,
        *asked(counted_from(connection, signed.on)),
    )
    if connection.execute(question).one_or_none() is None:
        value = f"{wanted.store} {wanted.order_no} {wanted.part_no} line {wanted.line_no}"
        remedy = "see them with: sparewise forecast bulk list"
        return Slip(findings=(Finding(KIND, "", 0, "line", value, "a line of demand in the books", remedy, True),))
    findings = unmet(
        KIND,
        [
            (wanted.verdict in (BULK, USUAL), "as", wanted.verdict, f"{BULK} or {USUAL}", ""),
            (bool(wanted.reason.strip()), "reason", wanted.reason, "a judgement has a reason", ""),
        ],
    )
    if findings:
        return Slip(findings=tuple(findings))
    slip = write_slip(connection, KIND, next_number(connection, "JUDGE"), (), {"request": request}, signed)
    assert slip.posting is not None
    row = {"document_sequence": slip.posting.sequence, **asdict(wanted)}
    connection.execute(sa.insert(line_judgement), row)
    return slip


def judgements(
    connection: sa.Connection, as_of: date, store: str | None = None, known_at: int | None = None
) -> list[dict[str, object]]:
    """Return the judgements that stand on a business day, the last of each line, in the lines' order.

    Parameters
    ----------
    known_at
        The last document that counts, by its sequence; all where not given.

    Returns
    -------
    list of dict
        ``store, order_no, part_no, line_no, verdict, reason``.
    """
    column = line_judgement.c
    question = (
        sa.select(*(column[name] for name in (*_KEY, "verdict", "reason")))
        .where(stands(column.document_sequence, as_of, known_at))
        .order_by(column.document_sequence)
    )
    if store is not None:
        question = question.where(column.store == store)
    if known_at is not None:
        question = question.where(column.document_sequence <= known_at)
    last = {tuple(row[:4]): row._asdict() for row in connection.execute(question)}
    return [last[key] for key in sorted(last)]
