"""Claims for people: the list with the hours left, and the history of one claim.

Hours are counted to the deadline from a moment that is given; they run while a claim is open and mean nothing after.
"""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from inventory.books.standing import standing
from inventory.claims.claims import OPEN, find, states
from inventory.claims.evidence import evidence_rows
from inventory.moments import hours_between
from inventory.schema import document
from inventory.schema_claims import claim, claim_event, claim_evidence


def claim_rows(
    connection: sa.Connection,
    as_of: date,
    moment: str,
    store: str | None = None,
    state: str | None = None,
    due: bool = False,
    known_at: int | None = None,
) -> list[dict[str, object]]:
    """Return the claims of a business day with their state, by number; what is due, the most urgent first.

    Parameters
    ----------
    as_of
        The last effective date that counts.
    moment
        From which the hours left are counted (ISO text, UTC).
    store, state
        Only these; all where not given.
    due
        Only those still to be submitted.
    known_at
        The last document that counts, by its sequence; all where not given.

    Returns
    -------
    list of dict
        The columns of the claim, and ``opened_on, state, since, hours_left`` (whole hours, rounded down: less than
        nothing after the deadline; None unless open), ``evidence`` (number of files).
    """
    reached = states(connection, as_of, known_at=known_at)
    files: dict[str, int] = {
        row.claim_no: row.files
        for row in connection.execute(
            sa.select(claim_evidence.c.claim_no, sa.func.count().label("files"))
            .join(document, document.c.sequence == claim_evidence.c.document_sequence)
            .where(*standing(as_of, known_at))
            .group_by(claim_evidence.c.claim_no)
        )
    }
    question = (
        sa.select(claim, document.c.effective_on.label("opened_on"))
        .join(document, document.c.sequence == claim.c.document_sequence)
        .where(*standing(as_of, known_at))
        .order_by(claim.c.document_sequence)
    )
    if store is not None:
        question = question.where(claim.c.store == store)
    rows = []
    for found in connection.execute(question).mappings():
        now, since = reached.get(found["claim_no"], (OPEN, found["opened_on"]))
        left = hours_between(moment, found["due_at"]) if now == OPEN else None
        rows.append(
            {**found, "state": now, "since": since, "hours_left": left, "evidence": files.get(found["claim_no"], 0)}
        )
    rows = [row for row in rows if state in (None, row["state"]) and (not due or row["state"] == OPEN)]
    return sorted(rows, key=lambda row: (row["due_at"], row["claim_no"])) if due else rows


def claim_history(
    connection: sa.Connection, claim_no: str, as_of: date, known_at: int | None = None
) -> list[dict[str, object]]:
    """Return all that happened to a claim until a business day, in the order of recording.

    Returns
    -------
    list of dict
        ``claim_no, effective_on, recorded_at, document, step, user_name, amount_e4, note``, and of evidence
        ``file, kept_as, sha256, size_bytes``.

    Raises
    ------
    UnknownClaimError
        If there is no such claim.
    """
    claimed = find(connection, claim_no)
    heads = {
        row.sequence: row
        for row in connection.execute(
            sa.select(document).where(
                *standing(as_of, known_at),
                sa.or_(
                    document.c.number == claim_no,
                    *(
                        document.c.sequence.in_(
                            sa.select(table.c.document_sequence).where(table.c.claim_no == claim_no)
                        )
                        for table in (claim_event, claim_evidence)
                    ),
                ),
            )
        )
    }
    events = connection.execute(sa.select(claim_event).where(claim_event.c.claim_no == claim_no)).mappings()
    said: dict[int, dict[str, object]] = {
        row["document_sequence"]: {name: row[name] for name in ("step", "amount_e4", "note")} for row in events
    }
    for row in evidence_rows(connection, claim_no):
        kept = {name: row[name] for name in ("kept_as", "sha256", "size_bytes", "note")}
        said[int(str(row["document_sequence"]))] = {"step": "evidence", "file": row["path"], **kept}
    empty = {"amount_e4": None, "note": "", "file": "", "kept_as": "", "sha256": "", "size_bytes": None}
    opening = {"step": OPEN, "note": claimed.cause}
    return [
        {
            "claim_no": claim_no,
            "effective_on": head.effective_on,
            "recorded_at": head.recorded_at,
            "document": head.number,
            "user_name": head.user_name,
            **empty,
            **said.get(sequence, opening),
        }
        for sequence, head in sorted(heads.items())
    ]
