"""The life of a claim: which step may follow which, and what each of them moves.

==========  ======================  =====================================================================
step        after                   what waits
==========  ======================  =====================================================================
submitted   open                    stays
lapsed      open                    stays; only after the deadline
accepted    submitted               stays
refused     submitted               stays
credited    accepted                goes back to the supplier, or is scrapped here at no value to us
replaced    accepted                the same; its order line stays open until the new goods are received
closed      credited, replaced      nothing waits any more
closed      refused, lapsed         is ours: into a bin at what was paid, or scrapped as a loss
==========  ======================  =====================================================================

Each step is a document with its own date and user, and is never dated before the one it follows. What the supplier
credits, and what we keep or lose, is no longer expected: it comes off the purchase order with that step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

import sqlalchemy as sa

from inventory.books.balances import NOTHING, Where, balances
from inventory.books.ledger import Posting, next_number, post, repeat_of, take_turn
from inventory.books.movements import Document, Movement, Place, PlaceKind
from inventory.books.periods import counted_from
from inventory.books.standing import stands
from inventory.books.valuation import share_e4
from inventory.claims.claims import KIND, OPEN, Claim, find, states
from inventory.schema_claims import claim, claim_event

LAWFUL: Mapping[str, tuple[str, ...]] = {
    OPEN: ("submitted", "lapsed"),
    "submitted": ("accepted", "refused"),
    "accepted": ("credited", "replaced"),
    "credited": ("closed",),
    "replaced": ("closed",),
    "refused": ("closed",),
    "lapsed": ("closed",),
    "closed": (),
}
"""The steps that may follow each state."""

_OURS = ("refused", "lapsed")
"""States in which what waits will not be made good by the supplier."""


class UnlawfulStepError(Exception):
    """A claim can't take this step now; the message says why, and which it can."""


@dataclass(frozen=True)
class Settlement:
    """What a step settles beyond the step itself.

    Parameters
    ----------
    goods
        Where what waits goes: ``supplier`` or ``scrap`` where the supplier makes it good; ``bin`` or ``scrap`` where it
        is ours. Empty: the first of these for goods, ``scrap`` for what never came and is ours.
    bin_name
        The bin, for ``bin``.
    amount_e4
        What the supplier credits; None: what waits is worth.
    note
        Free text: the supplier's number, the reason of a refusal.
    """

    goods: str = ""
    bin_name: str = ""
    amount_e4: int | None = None
    note: str = ""


def take_step(
    connection: sa.Connection,
    claim_no: str,
    step: str,
    on: date,
    user_name: str,
    key: str | None,
    recorded_at: str,
    settled: Settlement | None = None,
) -> Posting:
    """Take one step in the life of a claim.

    Parameters
    ----------
    claim_no, step
        Which claim, and what happened to it: one of `LAWFUL`.
    on
        The business day.
    user_name, key, recorded_at
        Who answers for it, the idempotency key (or None), and when it was recorded (ISO text, UTC).
    settled
        What it settles; the defaults of `Settlement` where not given.

    Raises
    ------
    UnknownClaimError
        If there is no such claim.
    UnlawfulStepError
        If the step may not follow the claim's state.
    LedgerConflictError
        If the key stands for another request.
    """
    settled = settled or Settlement()
    request = {"claim": claim_no, "step": step, "on": on.isoformat(), **asdict(settled)}
    earlier = repeat_of(connection, key, request)
    if earlier is not None:
        return earlier
    take_turn(connection)
    claimed = find(connection, claim_no)
    state, since = states(connection, date.max, claim_no).get(claim_no, (OPEN, claimed.effective_on.isoformat()))
    _hold_to_the_law(claimed, state, since, step, counted_from(connection, on))
    if step == "lapsed" and claimed.due_at >= recorded_at:
        raise UnlawfulStepError(f"{claim_no} may be submitted until {claimed.due_at}")
    movements = _movements(claimed, _worth(connection, claimed), state, step, settled)
    body = {"claim_no": claim_no, "step": step, "request": request}
    number = next_number(connection, "CLAIM")
    posting = post(connection, Document(KIND, number, on, user_name, key or number, movements, body), recorded_at)
    _write(connection, posting, claimed, state, step, settled)
    return posting


def overdue(connection: sa.Connection, moment: str, on: date) -> list[str]:
    """Return the claims still open after their deadline, at a moment (ISO text, UTC), as of a business day."""
    decided = states(connection, date.max)
    question = (
        sa.select(claim.c.claim_no)
        .where(claim.c.due_at < moment, stands(claim.c.document_sequence, date.max))
        .order_by(claim.c.due_at, claim.c.claim_no)
    )
    late = [claim_no for claim_no in connection.execute(question).scalars() if claim_no not in decided]
    return [claim_no for claim_no in late if find(connection, claim_no).effective_on <= counted_from(connection, on)]


def lapse(
    connection: sa.Connection, moment: str, on: date, user_name: str, key: str | None, recorded_at: str
) -> list[str]:
    """Let every open claim lapse whose deadline is past at a moment, all in one document, and return their numbers.

    Raises
    ------
    LedgerConflictError
        If the key stands for another request.
    """
    request = {"lapse": moment, "on": on.isoformat()}
    earlier = repeat_of(connection, key, request)
    if earlier is not None:
        question = sa.select(claim_event.c.claim_no).where(claim_event.c.document_sequence == earlier.sequence)
        return list(connection.execute(question.order_by(claim_event.c.claim_no)).scalars())
    take_turn(connection)
    late = overdue(connection, moment, on)
    if late:
        body = {"claims": late, "step": "lapsed", "request": request}
        number = next_number(connection, "CLAIM")
        posting = post(connection, Document(KIND, number, on, user_name, key or number, (), body), recorded_at)
        for claim_no in late:
            _write(connection, posting, find(connection, claim_no), OPEN, "lapsed", Settlement())
    return late


def _hold_to_the_law(claimed: Claim, state: str, since: str, step: str, on: date) -> None:
    if step not in LAWFUL[state]:
        may = " or ".join(LAWFUL[state]) or "nothing more"
        raise UnlawfulStepError(f"{claimed.claim_no} is {state}; it can be {may}, not {step}")
    if on.isoformat() < since:
        raise UnlawfulStepError(f"{claimed.claim_no} is {state} since {since}; a step is not dated before the last one")


def _worth(connection: sa.Connection, claimed: Claim) -> int:
    """Return what the waiting goods take along of what their place is worth: claims of several costs may share it."""
    waits = claimed.waiting()
    if waits is None:
        return 0
    where = Where(claimed.store, claimed.part_no, waits.kind.value, waits.name)
    there = balances(connection, [claimed.store], [claimed.part_no], [waits.kind.value]).get(where, NOTHING)
    return share_e4(claimed.quantity_milli, *there) if there.quantity_milli else 0


def _movements(claimed: Claim, worth_e4: int, state: str, step: str, settled: Settlement) -> tuple[Movement, ...]:
    """Return what a step moves out of the place where something waits.

    What is scrapped at the supplier's cost goes back to him with its value, and from there to the scrap without any.
    """
    waits = claimed.waiting()
    ours = step == "closed" and state in _OURS
    if waits is None or not (ours or step in ("credited", "replaced")):
        if settled.goods or settled.bin_name:
            raise UnlawfulStepError(f"nothing of {claimed.claim_no} waits to be moved by this step")
        return ()
    supplier, scrap = Place(PlaceKind.SUPPLIER, claimed.supplier), Place(PlaceKind.SCRAP, claimed.claim_no)
    came = waits.kind == PlaceKind.QUARANTINE
    goods = settled.goods or ("supplier" if not ours else "bin" if came else "scrap")
    _check_goods(claimed, goods, ours, came)
    at, quantity, value = (claimed.store, claimed.part_no), claimed.quantity_milli, worth_e4
    if not ours:
        back = Movement(*at, waits, supplier, quantity, value)
        return (back,) if goods == "supplier" else (back, Movement(*at, supplier, scrap, quantity, 0))
    return (
        Movement(*at, waits, scrap if goods == "scrap" else Place(PlaceKind.BIN, settled.bin_name), quantity, value),
    )


def _check_goods(claimed: Claim, goods: str, ours: bool, came: bool) -> None:
    choices = ("bin", "scrap") if ours and came else ("scrap",) if ours else ("supplier", "scrap")
    if not came and not ours:
        choices = ("supplier",)
    if goods not in choices:
        raise UnlawfulStepError(
            f"what waits of {claimed.claim_no} can now go to {' or '.join(choices)}, not to {goods}"
        )


def _write(
    connection: sa.Connection, posting: Posting, claimed: Claim, state: str, step: str, settled: Settlement
) -> None:
    decided = step == "credited" or (step == "closed" and state in _OURS)
    credited_e4 = claimed.value_e4 if settled.amount_e4 is None else settled.amount_e4
    row = {
        "document_sequence": posting.sequence,
        "claim_no": claimed.claim_no,
        "step": step,
        "amount_e4": credited_e4 if step == "credited" else None,
        "off_order_milli": claimed.on_order_milli if decided else 0,
        "note": settled.note,
    }
    connection.execute(sa.insert(claim_event), row)
