"""Purchase orders: what is on its way, from an approved proposal or from an imported list.

A purchase order is a document without movements: goods move when they are received (see `receiving`). Its lines say
how much was ordered; what is still open of a line is what was ordered, less what was accepted of it so far, less what a
claim settled otherwise (credited, or kept or lost after a refusal). So short and refused goods stay on order until the
supplier makes them good or their claim is decided.

Sending is possible for an approved proposal only, and once. Where the order is reversed, its proposal is approved again
(see `plans`), and may be sent under a new number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from inventory.books.ledger import Posting, post, post_all, repeat_of, standing, take_turn
from inventory.books.movements import Document
from inventory.books.periods import known_by
from inventory.books.standing import stands
from inventory.books.valuation import amount_e4
from inventory.bulk import raw_rows
from inventory.findings import Finding
from inventory.schema import document, proposal, purchase_order_line, receipt_line
from inventory.schema_books import reversal
from inventory.schema_claims import claim, claim_event

if TYPE_CHECKING:
    import pandas as pd

KIND = "purchase-order"
LINE_FIELDS = ("store", "part_no", "quantity_milli", "unit_cost_e4", "ordered_on", "expected_on")


class NotApprovedError(Exception):
    """Only an approved proposal becomes a purchase order; the message says what state it is in."""


@dataclass(frozen=True)
class OpenOrdersImport:
    """What a list of open orders did: orders new to the books, orders known already; or its faults."""

    new: int = 0
    known: int = 0
    findings: tuple[Finding, ...] = ()


def post_open_orders(
    connection: sa.Connection, rows: pd.DataFrame, user_name: str, recorded_at: str, source: str = "open_orders"
) -> OpenOrdersImport:
    """Put imported purchase orders into the books, or none of them and tell why.

    Parameters
    ----------
    rows
        ``order_no, supplier, order_type, store, part_no, quantity_milli, unit_cost_e4, ordered_on, expected_on``,
        the dates as date or ISO text; where there is a column ``row``, findings name it.
    user_name, recorded_at
        Who answers for it, and when it was recorded (ISO text, UTC).
    source
        Name of the file, for the findings.
    """
    take_turn(connection)
    orders: dict[str, list[dict[str, object]]] = {}
    row_of: dict[str, int] = {}
    findings = []
    seen: set[tuple[str, str, str]] = set()
    for at, record in enumerate(rows.to_dict("records"), start=2):
        order_no, row = str(record["order_no"]), int(record.get("row", at))
        line = orders.setdefault(order_no, [])
        row_of.setdefault(order_no, row)
        key = (order_no, str(record["store"]), str(record["part_no"]))
        if key in seen:
            reason = "an order names a part once per store"
            findings.append(_finding(source, row, "part_no", key[2], reason, "add the quantities up in one row"))
        seen.add(key)
        line.append({name: _plain(record[name]) for name in ("supplier", "order_type", *LINE_FIELDS)})
    for order_no, lines in orders.items():
        for name in ("supplier", "order_type"):
            if len({line[name] for line in lines}) > 1:
                reason = f"an order has one {name.replace('_', ' ')}"
                found = ", ".join(sorted({str(line[name]) for line in lines}))
                findings.append(_finding(source, row_of[order_no], name, found, reason, "split the order"))
    if findings:
        return OpenOrdersImport(findings=tuple(findings))
    documents = [_document(order_no, lines, user_name) for order_no, lines in sorted(orders.items())]
    known = standing(connection, documents)
    reversed_before = set(connection.execute(sa.select(reversal.c.reverses_sequence)).scalars())
    for each, posting in zip(documents, known, strict=True):
        if posting == "conflict":
            reason = "an order in the books stays as it was imported"
            remedy = "give a changed order a number of its own, or leave it out"
            findings.append(_finding(source, row_of[each.number], "order_no", each.number, reason, remedy, True))
        elif isinstance(posting, Posting) and posting.sequence in reversed_before:
            reason, remedy = "an order that was reversed stays so", "give it a number of its own, or leave it out"
            findings.append(_finding(source, row_of[each.number], "order_no", each.number, reason, remedy, True))
    if findings:
        return OpenOrdersImport(findings=tuple(findings))
    new = [each for each, posting in zip(documents, known, strict=True) if posting is None]
    _write_lines(connection, new, post_all(connection, new, recorded_at))
    return OpenOrdersImport(new=len(new), known=len(documents) - len(new))


def send(
    connection: sa.Connection, proposal_no: str, sent_on: date, user_name: str, key: str | None, recorded_at: str
) -> Posting:
    """Make a purchase order of an approved proposal, with the edits it was approved with.

    Parameters
    ----------
    proposal_no
        The proposal; the order's number is ``PO-`` and this, and where one of that number was reversed ``.2`` behind.
    sent_on
        The day of the order; where it is later than planned, the goods are expected as much later.
    user_name, key, recorded_at
        Who answers for it, the idempotency key (or None), and when it was recorded (ISO text, UTC).

    Raises
    ------
    NotApprovedError
        If the proposal is unknown or not approved, or nothing is left on it.
    LedgerConflictError
        If the key stands for another request.
    """
    from inventory import plans

    request = {"send": proposal_no, "sent_on": sent_on.isoformat()}
    earlier = repeat_of(connection, key, request)
    if earlier is not None:
        return earlier
    take_turn(connection)
    head = connection.execute(sa.select(proposal).where(proposal.c.proposal_no == proposal_no)).one_or_none()
    if head is None:
        raise NotApprovedError(f"there is no proposal {proposal_no}")
    state = plans.state(connection, proposal_no)
    if state != "approved":
        raise NotApprovedError(f"only an approved proposal is sent; {proposal_no} is {state}")
    late = max(sent_on - date.fromisoformat(head.order_on), timedelta(0))
    expected_on = (date.fromisoformat(head.expected_on) + late).isoformat()
    lines: list[Mapping[str, object]] = [
        {
            **{name: line[name] for name in ("store", "part_no", "quantity_milli", "unit_cost_e4")},
            "supplier": head.supplier,
            "order_type": head.order_type,
            "ordered_on": sent_on.isoformat(),
            "expected_on": expected_on,
        }
        for line in plans.proposal_lines(connection, proposal_no)
        if line["quantity_milli"]
    ]
    if not lines:
        raise NotApprovedError(f"{proposal_no} has no line left to order")
    order = _document(_number_for(connection, proposal_no), lines, user_name, key, request)
    posting = post(connection, order, recorded_at)
    _write_lines(connection, [order], [posting])
    plans.append_event(connection, proposal_no, "sent", user_name, recorded_at, {"order_no": posting.number})
    return posting


def _number_for(connection: sa.Connection, proposal_no: str) -> str:
    """Return the number of the order of a proposal; those it had before were reversed."""
    first = f"PO-{proposal_no}"
    there = sa.select(document.c.number).where(document.c.number.startswith(first, autoescape=True))
    taken = set(connection.execute(there).scalars())
    count, number = 1, first
    while number in taken:
        count += 1
        number = f"{first}.{count}"
    return number


def order_lines(
    connection: sa.Connection,
    as_of: date,
    order_no: str | None = None,
    store: str | None = None,
    known_at: int | None = None,
) -> list[dict[str, object]]:
    """Return the order lines of a business day and what was received of them until then, sorted by their key.

    Returns
    -------
    list of dict
        ``order_no, store, part_no, supplier, order_type, quantity_milli, accepted_milli, settled_milli, open_milli,
        unit_cost_e4, ordered_on, expected_on``; settled is what claims took off the order, and what is open is never
        less than nothing. What was ordered or received by a document that is reversed does not count; with `known_at`,
        nor does what was recorded after that document.
    """
    question = question_of_lines(as_of, known_by(connection, as_of, known_at), order_no, store)
    names = [column.name for column in question.selected_columns]
    return [dict(zip(names, row, strict=True)) for row in raw_rows(connection, question)]


def question_of_lines(
    as_of: date, known: int | None, order_no: str | None = None, store: str | None = None
) -> sa.Select[Any]:
    """Return the question for what `order_lines` returns; `known` is the last document that counts, or None."""
    key = ("order_no", "store", "part_no")
    received = (
        sa.select(
            *(receipt_line.c[name] for name in key),
            sa.cast(sa.func.sum(receipt_line.c.quantity_accepted_milli), sa.BigInteger).label("accepted_milli"),
        )
        .join(document, document.c.sequence == receipt_line.c.document_sequence)
        .where(
            document.c.effective_on <= as_of.isoformat(),
            stands(receipt_line.c.document_sequence, as_of, known),
            *([] if known is None else [receipt_line.c.document_sequence <= known]),
        )
        .group_by(*(receipt_line.c[name] for name in key))
        .subquery()
    )
    claimed = (
        sa.select(
            *(claim.c[name] for name in key),
            sa.cast(sa.func.sum(claim_event.c.off_order_milli), sa.BigInteger).label("settled_milli"),
        )
        .join(claim_event, claim_event.c.claim_no == claim.c.claim_no)
        .join(document, document.c.sequence == claim_event.c.document_sequence)
        .where(
            document.c.effective_on <= as_of.isoformat(),
            stands(claim_event.c.document_sequence, as_of, known),
            *([] if known is None else [claim_event.c.document_sequence <= known]),
        )
        .group_by(*(claim.c[name] for name in key))
        .subquery()
    )
    line = purchase_order_line.c
    accepted = sa.func.coalesce(received.c.accepted_milli, 0)
    settled = sa.func.coalesce(claimed.c.settled_milli, 0)
    left = line.quantity_milli - accepted - settled
    question = (
        sa.select(
            *(line[name] for name in (*key, "supplier", "order_type", "quantity_milli")),
            accepted.label("accepted_milli"),
            settled.label("settled_milli"),
            sa.case((left > 0, left), else_=0).label("open_milli"),
            *(line[name] for name in ("unit_cost_e4", "ordered_on", "expected_on")),
        )
        .outerjoin(received, sa.and_(*(received.c[name] == line[name] for name in key)))
        .outerjoin(claimed, sa.and_(*(claimed.c[name] == line[name] for name in key)))
        .where(line.ordered_on <= as_of.isoformat(), stands(line.document_sequence, as_of, known))
        .order_by(*(line[name] for name in key))
    )
    if known is not None:
        question = question.where(line.document_sequence <= known)
    if order_no is not None:
        question = question.where(line.order_no == order_no)
    if store is not None:
        question = question.where(line.store == store)
    return question


def open_lines(
    connection: sa.Connection, as_of: date, store: str | None = None, known_at: int | None = None
) -> list[dict[str, object]]:
    """Return the order lines of which something is still to come on a business day, as `order_lines` has them."""
    return [line for line in order_lines(connection, as_of, store=store, known_at=known_at) if line["open_milli"]]


def order_heads(
    connection: sa.Connection, as_of: date, store: str | None = None, known_at: int | None = None
) -> list[dict[str, object]]:
    """Return one row per purchase order of a business day, the earliest expected first.

    Parameters
    ----------
    store
        Only lines of this one; all where not given.
    known_at
        The last document that counts, by its sequence; all where not given.

    Returns
    -------
    list of dict
        ``order_no, supplier, order_type, ordered_on, expected_on`` (the latest of its lines), ``lines, lines_open,
        value_e4, value_open_e4``.
    """
    heads: dict[str, dict[str, object]] = {}
    for line in order_lines(connection, as_of, store=store, known_at=known_at):
        unit_cost, ordered, still_open = (
            int(str(line[name])) for name in ("unit_cost_e4", "quantity_milli", "open_milli")
        )
        order_no = str(line["order_no"])
        head = heads.get(order_no)
        if head is None:
            head = {name: line[name] for name in ("order_no", "supplier", "order_type", "ordered_on", "expected_on")}
            head |= {"lines": 0, "lines_open": 0, "value_e4": 0, "value_open_e4": 0}
            heads[order_no] = head
        head["expected_on"] = max(str(head["expected_on"]), str(line["expected_on"]))
        added = (("lines", 1), ("lines_open", int(still_open > 0)), ("value_e4", amount_e4(ordered, unit_cost)),
                 ("value_open_e4", amount_e4(still_open, unit_cost)))  # fmt: skip
        for name, more in added:
            head[name] = int(str(head[name])) + more
    return sorted(heads.values(), key=lambda head: (str(head["expected_on"]), str(head["order_no"])))


def _document(
    order_no: str,
    lines: Sequence[Mapping[str, object]],
    user_name: str,
    key: str | None = None,
    request: Mapping[str, object] | None = None,
) -> Document:
    said = sorted(lines, key=lambda line: (str(line["store"]), str(line["part_no"])))
    body: dict[str, object] = {
        "supplier": said[0]["supplier"],
        "order_type": said[0]["order_type"],
        "lines": [[line[name] for name in LINE_FIELDS] for line in said],
    }
    if request is not None:
        body["request"] = dict(request)
    effective_on = date.fromisoformat(min(str(line["ordered_on"]) for line in said))
    return Document(KIND, order_no, effective_on, user_name, key or f"{KIND}:{order_no}", (), body)


def _write_lines(connection: sa.Connection, orders: Sequence[Document], postings: Sequence[Posting]) -> None:
    rows = [
        {
            "order_no": each.number,
            "document_sequence": posting.sequence,
            "supplier": each.body["supplier"],
            "order_type": each.body["order_type"],
            **dict(zip(LINE_FIELDS, line, strict=True)),
        }
        for each, posting in zip(orders, postings, strict=True)
        for line in cast("list[list[object]]", each.body["lines"])
    ]
    if rows:
        connection.execute(sa.insert(purchase_order_line), rows)


def _plain(value: object) -> object:
    """Return a cell as JSON and the database take it: whole numbers and text."""
    if hasattr(value, "item"):
        return int(value.item())
    return value if isinstance(value, int) else str(value)[:10] if hasattr(value, "year") else str(value)


def _finding(
    source: str, row: int, column: str, value: str, reason: str, suggestion: str, is_conflict: bool = False
) -> Finding:
    return Finding(source, "", row, column, value, reason, suggestion, is_conflict)
