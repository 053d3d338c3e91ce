"""Evidence of a claim: which file, how large, with which SHA-256; the file itself lies in the evidence folder.

The folder keeps a copy under the hash of its content (`intake.evidence`), so it can be neither renamed away nor
changed unseen: `evidence_rows` tells what the books say, and the copy is held against it.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

import sqlalchemy as sa

from inventory.books.ledger import Posting, next_number, post, repeat_of, take_turn
from inventory.books.movements import Document
from inventory.books.standing import standing
from inventory.claims.claims import KIND, OPEN, find, states
from inventory.claims.steps import UnlawfulStepError
from inventory.intake.evidence import Evidence
from inventory.schema import document
from inventory.schema_claims import claim_evidence


def add_evidence(
    connection: sa.Connection,
    claim_no: str,
    evidence: Evidence,
    on: date,
    user_name: str,
    key: str | None,
    recorded_at: str,
    note: str = "",
) -> Posting:
    """Record a file as evidence of a claim.

    Parameters
    ----------
    evidence
        The file as it was read and kept.
    on
        The business day.
    user_name, key, recorded_at
        Who answers for it, the idempotency key (or None), and when it was recorded (ISO text, UTC).

    Raises
    ------
    UnknownClaimError
        If there is no such claim.
    UnlawfulStepError
        If the claim is closed, or has the same content already.
    LedgerConflictError
        If the key stands for another request.
    """
    request = {"claim": claim_no, "evidence": asdict(evidence), "on": on.isoformat(), "note": note}
    earlier = repeat_of(connection, key, request)
    if earlier is not None:
        return earlier
    take_turn(connection)
    claimed = find(connection, claim_no)
    state, since = states(connection, date.max, claim_no).get(claim_no, (OPEN, claimed.effective_on.isoformat()))
    if state == "closed":
        raise UnlawfulStepError(f"{claim_no} is closed since {since}; evidence is added before")
    if any(row["sha256"] == evidence.sha256 for row in evidence_rows(connection, claim_no)):
        raise UnlawfulStepError(f"{claim_no} has this file already, known by its content")
    number = next_number(connection, "CLAIM")
    body = {"claim_no": claim_no, "step": "evidence", "request": request}
    posting = post(connection, Document(KIND, number, on, user_name, key or number, (), body), recorded_at)
    row = {"document_sequence": posting.sequence, "claim_no": claim_no, "note": note, **asdict(evidence)}
    connection.execute(sa.insert(claim_evidence), row)
    return posting


def evidence_rows(connection: sa.Connection, claim_no: str) -> list[dict[str, object]]:
    """Return the evidence of a claim, in the order in which it was added.

    Returns
    -------
    list of dict
        ``document_sequence, claim_no, path, kept_as, sha256, size_bytes, note, effective_on, user_name, recorded_at``.
    """
    question = (
        sa.select(claim_evidence, *(document.c[name] for name in ("effective_on", "user_name", "recorded_at")))
        .join(document, document.c.sequence == claim_evidence.c.document_sequence)
        .where(claim_evidence.c.claim_no == claim_no, *standing(date.max))
        .order_by(claim_evidence.c.document_sequence)
    )
    return [dict(row) for row in connection.execute(question).mappings()]
