"""Return to the maker: parts leave the shelf, wait to be taken back, and are credited less a fee, or come back.

========  ===========================  =====================================================================
step      movement                     meaning
========  ===========================  =====================================================================
opened    bin → return-to-maker        set aside under the number of the return, at the moving average
credited  return-to-maker → supplier   taken back: so much credited, so much kept as a fee
refused   return-to-maker → bin        not taken back: on the shelf again, at the value it left with
========  ===========================  =====================================================================

What the return cost or brought is credit − fee − value. Which parts may go back, and how many, is not decided here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

import sqlalchemy as sa

from inventory.books.balances import Balances, Where, balances, pools
from inventory.books.ledger import Posting, StockShortError, next_number, post, repeat_of, take_turn
from inventory.books.movements import Document, Movement, Place, PlaceKind
from inventory.books.periods import counted_from
from inventory.books.standing import standing
from inventory.books.valuation import values_out
from inventory.findings import Finding
from inventory.schema import document, part
from inventory.schema_claims import maker_return, maker_return_event

KIND = "return-to-maker"


class ReturnStateError(Exception):
    """There is no such return, or it has been decided; the message says which."""


@dataclass(frozen=True)
class ReturnRequest:
    """What is to go back; quantity in thousandths.

    Parameters
    ----------
    bin_name
        Take from this bin only; None: from the fullest first.
    supplier
        Who takes it back; empty: the supplier of the part.
    """

    store: str
    part_no: str
    quantity_milli: int
    bin_name: str | None = None
    supplier: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Return:
    """The answer: the posting, whose number is the return's, or what is wrong with the request."""

    posting: Posting | None
    findings: tuple[Finding, ...] = ()


def open_return(
    connection: sa.Connection,
    asked: ReturnRequest,
    on: date,
    user_name: str,
    key: str | None,
    recorded_at: str,
) -> Return:
    """Set parts aside to be sent back.

    Parameters
    ----------
    asked
        What is to go back.
    on
        The business day.
    user_name, key, recorded_at
        Who answers for it, the idempotency key (or None), and when it was recorded (ISO text, UTC).

    Raises
    ------
    StockShortError
        If the bins hold less.
    LedgerConflictError
        If the key stands for another request.
    """
    request = {"return": asdict(asked), "on": on.isoformat()}
    earlier = repeat_of(connection, key, request)
    if earlier is not None:
        return Return(earlier)
    take_turn(connection)
    known = connection.execute(sa.select(part).where(part.c.part_no == asked.part_no)).one_or_none()
    findings = _faults(asked, known)
    if findings or known is None:
        return Return(None, findings)
    held = balances(connection, [asked.store], [asked.part_no])
    number = next_number(connection, "RTM")
    movements = tuple(_movements(asked, number, held))
    supplier = asked.supplier or known.supplier
    body = {"supplier": supplier, "reason": asked.reason, "request": request}
    posting = post(connection, Document(KIND, number, on, user_name, key or number, movements, body), recorded_at)
    row = {
        "return_no": number,
        "document_sequence": posting.sequence,
        "store": asked.store,
        "part_no": asked.part_no,
        "supplier": supplier,
        "quantity_milli": asked.quantity_milli,
        "value_e4": sum(each.value_e4 for each in movements),
        "reason": asked.reason,
    }
    connection.execute(sa.insert(maker_return), row)
    return Return(posting)


def credit_return(
    connection: sa.Connection,
    return_no: str,
    credit_e4: int,
    fee_e4: int,
    on: date,
    user_name: str,
    key: str | None,
    recorded_at: str,
    note: str = "",
) -> Posting:
    """Record that the maker took a return back, and what he credits and keeps.

    Parameters
    ----------
    credit_e4, fee_e4
        Before the fee, and the fee; zero or more.
    on, user_name, key, recorded_at
        As for `open_return`.

    Raises
    ------
    ReturnStateError
        If there is no such return, or it is decided, or the date lies before it.
    """
    request = {"credit": return_no, "credit_e4": credit_e4, "fee_e4": fee_e4, "on": on.isoformat(), "note": note}
    decision = {"step": "credited", "credit_e4": credit_e4, "fee_e4": fee_e4, "note": note}
    return _decide(connection, return_no, decision, None, request, on, user_name, key, recorded_at)


def refuse_return(
    connection: sa.Connection,
    return_no: str,
    bin_name: str,
    on: date,
    user_name: str,
    key: str | None,
    recorded_at: str,
    note: str = "",
) -> Posting:
    """Record that the maker did not take a return back: it goes into a bin again; otherwise as `credit_return`."""
    request = {"refuse": return_no, "bin": bin_name, "on": on.isoformat(), "note": note}
    decision = {"step": "refused", "credit_e4": 0, "fee_e4": 0, "note": note}
    target = Place(PlaceKind.BIN, bin_name)
    return _decide(connection, return_no, decision, target, request, on, user_name, key, recorded_at)


def return_rows(
    connection: sa.Connection, as_of: date, store: str | None = None, known_at: int | None = None
) -> list[dict[str, object]]:
    """Return the returns of a business day, known by a document (its sequence; all where not given), by number.

    Returns
    -------
    list of dict
        ``return_no, store, supplier, part_no, quantity_milli, value_e4, opened_on, state`` (open, credited, refused),
        ``decided_on, credit_e4, fee_e4, result_e4`` (credit − fee − value; None unless credited), ``reason``.
    """
    opened, decided = document.alias(), document.alias()
    event = maker_return_event.c
    question = (
        sa.select(
            maker_return,
            opened.c.effective_on.label("opened_on"),
            event.step,
            event.credit_e4,
            event.fee_e4,
            event.value_e4.label("left_e4"),
            decided.c.effective_on.label("decided_on"),
        )
        .join(opened, opened.c.sequence == maker_return.c.document_sequence)
        .outerjoin(
            maker_return_event.join(
                decided,
                sa.and_(decided.c.sequence == event.document_sequence, *standing(as_of, known_at, decided)),
            ),
            event.return_no == maker_return.c.return_no,
        )
        .where(*standing(as_of, known_at, opened))
        .order_by(maker_return.c.document_sequence)
    )
    if store is not None:
        question = question.where(maker_return.c.store == store)
    rows = []
    for row in connection.execute(question).mappings():
        credited = row["step"] == "credited"
        result = row["credit_e4"] - row["fee_e4"] - row["left_e4"] if credited else None
        value = row["value_e4"] if row["left_e4"] is None else row["left_e4"]
        rows.append({**row, "value_e4": value, "state": row["step"] or "open", "result_e4": result})
    return rows


def _decide(
    connection: sa.Connection,
    return_no: str,
    decision: Mapping[str, object],
    target: Place | None,
    request: Mapping[str, object],
    on: date,
    user_name: str,
    key: str | None,
    recorded_at: str,
) -> Posting:
    earlier = repeat_of(connection, key, request)
    if earlier is not None:
        return earlier
    take_turn(connection)
    rows = {str(row["return_no"]): row for row in return_rows(connection, date.max)}
    row = rows.get(return_no)
    if row is None:
        raise ReturnStateError(f"there is no return {return_no}; see the numbers with: sparewise return list")
    if row["state"] != "open":
        raise ReturnStateError(f"{return_no} is {row['state']} since {row['decided_on']}")
    if counted_from(connection, on).isoformat() < str(row["opened_on"]):
        raise ReturnStateError(f"{return_no} was opened on {row['opened_on']}; it is not decided before")
    store, part_no = str(row["store"]), str(row["part_no"])
    aside = Place(PlaceKind.RETURN_TO_MAKER, return_no)
    where = Where(store, part_no, aside.kind.value, aside.name)
    waiting = balances(connection, [store], [part_no], [aside.kind.value])[where]
    if not waiting.quantity_milli:
        raise ReturnStateError(f"nothing of {return_no} waits for the maker any more; it was scrapped")
    moved = Movement(
        store, part_no, aside, target or Place(PlaceKind.SUPPLIER, str(row["supplier"])), *waiting
    )  # all that is there, at what it is worth by now
    number = next_number(connection, "RTM")
    body = {"return_no": return_no, **decision, "request": request}
    posting = post(connection, Document(KIND, number, on, user_name, key or number, (moved,), body), recorded_at)
    event = {"document_sequence": posting.sequence, "return_no": return_no, **decision, "value_e4": moved.value_e4}
    connection.execute(sa.insert(maker_return_event), event)
    return posting


def _faults(asked: ReturnRequest, known: sa.Row[tuple[object, ...]] | None) -> tuple[Finding, ...]:
    returnable = known is None or known.returnable != "no"
    checks = (
        (known is not None, "part", asked.part_no, "a part returned is in the parts table", "import it with the parts"),
        (returnable, "part", asked.part_no, "the maker takes the part back (returnable is not no)", ""),
        (asked.quantity_milli > 0, "quantity", f"{asked.quantity_milli / 1000:g}", "more than zero is returned", ""),
    )
    return tuple(
        Finding(KIND, "", 0, column, value, reason, remedy)
        for holds, column, value, reason, remedy in checks
        if not holds
    )


def _movements(asked: ReturnRequest, number: str, held: Balances) -> list[Movement]:
    """Return what is taken, the fullest bins first.

    Raises
    ------
    StockShortError
        If the bins hold less.
    """
    bins = sorted(
        (-amount.quantity_milli, where.place_name)
        for where, amount in held.items()
        if where.place_kind == PlaceKind.BIN and amount.quantity_milli and asked.bin_name in (None, where.place_name)
    )
    wanted = asked.quantity_milli
    taken: list[tuple[str, int]] = []
    for minus, name in bins:
        if wanted:
            taken.append((name, min(-minus, wanted)))
            wanted -= taken[-1][1]
    if wanted:
        raise StockShortError({Where(asked.store, asked.part_no, PlaceKind.BIN.value, asked.bin_name or ""): wanted})
    values = values_out(((asked.store, asked.part_no, quantity) for _, quantity in taken), pools(held))
    aside = Place(PlaceKind.RETURN_TO_MAKER, number)
    return [
        Movement(asked.store, asked.part_no, Place(PlaceKind.BIN, name), aside, quantity, value)
        for (name, quantity), value in zip(taken, values, strict=True)
    ]
