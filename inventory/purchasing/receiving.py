"""Goods received against a purchase order: what is accepted goes to its bin, the rest waits for the supplier.

Of each line the delivery note says how much was delivered, the inspection how much was accepted. Both come in at the
order's unit cost. What came and was not accepted lies in the quarantine of its order; what is on the papers and not in
the box stands in claim-short. Neither is on hand, its value is the supplier's to answer for, and it stays on order
(see `orders.open_lines`) until its claim is decided. Each difference opens a claim (see `inspection`, `claims`) in the
same transaction; goods that came after their day are late by themselves where a claim rule says that the supplier
answers for it. More than was open is taken only where the cause says so, a part that was not ordered only as wrong,
whole into quarantine, at the cost of the parts table.

For parts bought with a core the supplier's deposit is charged in the same document (see `core_deposits`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from inventory.books.balances import Balances, balances
from inventory.books.ledger import Posting, post_all, repeat_of, take_turn
from inventory.books.movements import Document, Movement, Place, PlaceKind
from inventory.books.standing import stands
from inventory.books.valuation import amount_e4
from inventory.bulk import collector_resting, insert_rows, raw_rows
from inventory.claims.claims import Claim, Priced, of_receipt, opened, write
from inventory.claims.core_deposits import charges
from inventory.claims.deadlines import lateness_counts
from inventory.findings import Finding
from inventory.purchasing.inspection import CAUSES, ReceivedLine, differences
from inventory.purchasing.orders import question_of_lines
from inventory.schema import part, purchase_order_line, receipt_line

__all__ = ["CAUSES", "KIND", "Receipt", "ReceivedLine", "receive"]
KIND = "receipt"


@dataclass(frozen=True)
class Receipt:
    """The answer to a delivery: its posting and the claims it opened, or what is wrong with it."""

    posting: Posting | None
    findings: tuple[Finding, ...] = ()
    claims: tuple[Claim, ...] = ()


@collector_resting()
def receive(
    connection: sa.Connection,
    order_no: str,
    lines: Sequence[ReceivedLine] | None,
    received_on: date,
    user_name: str,
    key: str | None,
    recorded_at: str,
    source: str = "receipt",
) -> Receipt:
    """Take a delivery into the books, or nothing of it and tell why.

    Parameters
    ----------
    lines
        What was delivered; None: all that is still open came, and is accepted.
    received_on
        The day it came in.
    user_name, key, recorded_at
        Who answers for it, the idempotency key (or None), and when it was recorded (ISO text, UTC).
    source
        Name of the file, for the findings.

    Raises
    ------
    LedgerConflictError
        If the key stands for another request.
    """
    said = None if lines is None else [line._asdict() for line in lines]
    request = {"receive": order_no, "received_on": received_on.isoformat(), "lines": said}
    earlier = repeat_of(connection, key, request)
    if earlier is not None:
        return Receipt(earlier, claims=of_receipt(connection, earlier.sequence))
    take_turn(connection)
    ordered = _ordered(connection, order_no)
    if not ordered:
        reason = "goods are received against a purchase order in the books"
        remedy = "see the numbers with: sparewise order list"
        return Receipt(None, (Finding(source, "", 0, "order_no", order_no, reason, remedy),))
    open_milli = _open_milli(connection, order_no)
    if lines is None:
        lines = [
            ReceivedLine(part_no, open_, open_, store=store) for (store, part_no), open_ in open_milli.items() if open_
        ]
        if not lines:
            reason = "something of the order is still open"
            return Receipt(None, (Finding(source, "", 0, "order_no", order_no, reason, "", is_conflict=True),))
    ordered = {**_sent_wrongly(connection, lines, ordered), **ordered}
    stores = _stores(ordered)
    lines = [line if line.store else _placed(line, stores) for line in lines]
    findings = [finding for line in lines for finding in _faults(source, line, stores)]
    findings += _too_much(source, lines, open_milli)
    if findings:
        return Receipt(None, tuple(findings))
    lines = _with_lateness(connection, lines, order_no, received_on)
    if not all(line.bin_name for line in lines):
        held = balances(connection, {line.store for line in lines}, {line.part_no for line in lines})
        lines = _with_bins(lines, held)
    number = f"{order_no}-R{_receipts(connection, order_no) + 1}"
    movements = _movements(lines, order_no, ordered)
    movements += charges(connection, movements)
    body = {"order_no": order_no, "request": request}
    document = Document(KIND, number, received_on, user_name, key or f"{KIND}:{number}", tuple(movements), body)
    claims = opened(connection, document, differences(lines, open_milli), ordered, recorded_at)
    posting, *claimed = post_all(connection, [document, *(each.document() for each in claims)], recorded_at)
    _write_lines(connection, posting, order_no, lines)
    write(connection, posting, claims, claimed)
    return Receipt(posting, claims=tuple(claims))


def _with_lateness(
    connection: sa.Connection, lines: Sequence[ReceivedLine], order_no: str, received_on: date
) -> list[ReceivedLine]:
    """Return the lines, those that came too late and have no other cause as late, where the supplier answers for it."""
    line = purchase_order_line.c
    question = sa.select(line.store, line.part_no, line.supplier).where(
        line.order_no == order_no, line.expected_on < received_on.isoformat()
    )
    late = {(row.store, row.part_no): row.supplier for row in connection.execute(question)}
    if not any(lateness_counts(connection, supplier) for supplier in set(late.values())):
        return list(lines)
    return [
        each._replace(cause="late")
        if (each.store, each.part_no) in late and not each.cause and not each.refused_milli
        else each
        for each in lines
    ]


def _write_lines(connection: sa.Connection, posting: Posting, order_no: str, lines: Sequence[ReceivedLine]) -> None:
    rows = [
        (posting.sequence, line_no, order_no, line.store, line.part_no, line.quantity_delivered_milli,
         line.quantity_accepted_milli, line.cause or None, line.bin_name)
        for line_no, line in enumerate(lines, start=1)
    ]  # fmt: skip
    insert_rows(connection, receipt_line, [column.name for column in receipt_line.columns], rows)


def _ordered(connection: sa.Connection, order_no: str) -> Priced:
    line = purchase_order_line.c
    question = sa.select(line.store, line.part_no, line.supplier, line.unit_cost_e4).where(
        line.order_no == order_no, stands(line.document_sequence, date.max)
    )
    return {row[:2]: row[2:] for row in raw_rows(connection, question)}


def _open_milli(connection: sa.Connection, order_no: str) -> dict[tuple[str, str], int]:
    """Return what is open now: a receipt recorded before counts, also if it is of a later day than this one."""
    question = question_of_lines(date.max, None, order_no)
    narrow = question.with_only_columns(
        *(question.selected_columns[name] for name in ("store", "part_no", "open_milli"))
    )
    return {(store, part_no): int(open_) for store, part_no, open_ in raw_rows(connection, narrow)}


def _receipts(connection: sa.Connection, order_no: str) -> int:
    """Return how many deliveries of an order are in the books."""
    question = sa.select(sa.func.count(sa.distinct(receipt_line.c.document_sequence)))
    return int(connection.execute(question.where(receipt_line.c.order_no == order_no)).scalar_one())


def _stores(priced: Priced) -> dict[str, set[str]]:
    """Return the stores for which each part was sent, rightly or wrongly."""
    whole = {store for store, _ in priced}
    if len(whole) == 1:
        return dict.fromkeys((part_no for _, part_no in priced), whole)
    stores: dict[str, set[str]] = {}
    for store, part_no in priced:
        stores.setdefault(part_no, set()).add(store)
    return stores


def _placed(line: ReceivedLine, stores: Mapping[str, set[str]]) -> ReceivedLine:
    """Return a line without a store with the one that the order leaves as its only choice, where it does."""
    choices = stores.get(line.part_no, ())
    if len(choices) != 1:
        return line
    (store,) = choices
    return ReceivedLine(*line[:5], store, line.row)


def _sent_wrongly(connection: sa.Connection, lines: Sequence[ReceivedLine], ordered: Priced) -> Priced:
    """Return supplier and cost of parts that came without being ordered, where the row says so and takes none in."""
    on_order = {part_no for _, part_no in ordered}
    supplier = next(iter(ordered.values()))[0]
    stores = {store for store, _ in ordered}
    wrong = {
        (line.store or next(iter(stores)), line.part_no)
        for line in lines
        if line.cause == "wrong"
        and line.part_no not in on_order
        and not line.quantity_accepted_milli
        and (line.store in stores or (not line.store and len(stores) == 1))
    }
    question = sa.select(part.c.part_no, part.c.unit_cost_e4).where(part.c.part_no.in_({each[1] for each in wrong}))
    costs = {row.part_no: row.unit_cost_e4 for row in connection.execute(question)}
    return {at: (supplier, costs[at[1]]) for at in wrong if at[1] in costs}


def _faults(source: str, line: ReceivedLine, stores: Mapping[str, set[str]]) -> list[Finding]:
    """Return what is wrong with one row by itself."""
    choices = stores.get(line.part_no, ())
    if line.store in choices and not line.cause and line.quantity_delivered_milli >= line.quantity_accepted_milli >= 0:
        return []
    checks = [
        (line.part_no in stores, "part_no", line.part_no, "a part received is on the order", "a wrong part is "
         "refused whole, with the cause wrong and its store, or received against the order it belongs to"),
        (line.store in stores.get(line.part_no, {line.store}), "store", line.store,
         "the order has the part for this store", "name the store: the order has the part for several"),
        (line.quantity_delivered_milli >= 0, "quantity_delivered", _shown(line.quantity_delivered_milli),
         "the quantity delivered is zero or more", ""),
        (0 <= line.quantity_accepted_milli <= max(line.quantity_delivered_milli, 0), "quantity_accepted",
         _shown(line.quantity_accepted_milli), "the quantity accepted is between zero and what was delivered", ""),
        (not line.cause or line.cause in CAUSES, "cause", line.cause, f"a cause is one of {', '.join(CAUSES)}", ""),
    ]  # fmt: skip
    return [
        Finding(source, "", line.row, column, value, reason, remedy)
        for holds, column, value, reason, remedy in checks
        if not holds
    ]


def _too_much(source: str, lines: Sequence[ReceivedLine], open_milli: Mapping[tuple[str, str], int]) -> list[Finding]:
    """Return the rows by which more was delivered than was open, where no cause says so."""
    delivered: dict[tuple[str, str], int] = {}
    findings = []
    for line in lines:
        at = (line.store, line.part_no)
        delivered[at] = delivered.get(at, 0) + line.quantity_delivered_milli
        if at in open_milli and delivered[at] > open_milli[at] and line.cause != "over":
            reason = f"not more is delivered than the {_shown(open_milli[at])} still open of {line.part_no}"
            remedy = "correct the quantity, or give the cause: over"
            value = _shown(delivered[at])
            findings.append(Finding(source, "", line.row, "quantity_delivered", value, reason, remedy))
    return findings


def _with_bins(lines: Sequence[ReceivedLine], held: Balances) -> list[ReceivedLine]:
    """Return the lines with the bin that holds most of the part, where none is named."""
    most: dict[tuple[str, str], tuple[int, str]] = {}
    for where, amount in sorted(held.items(), reverse=True):
        if where.place_kind == PlaceKind.BIN and amount.quantity_milli > 0:
            at = (where.store, where.part_no)
            if at not in most or amount.quantity_milli >= most[at][0]:
                most[at] = (amount.quantity_milli, where.place_name)
    return [
        line if line.bin_name else line._replace(bin_name=most.get((line.store, line.part_no), (0, ""))[1])
        for line in lines
    ]


def _movements(lines: Sequence[ReceivedLine], order_no: str, ordered: Priced) -> list[Movement]:
    """Return what brings the goods accepted into their bins, and those that are there and were refused apart."""
    apart, moved = Place(PlaceKind.QUARANTINE, order_no), []
    suppliers: dict[str, Place] = {}  # few of them, and few bins, for many lines
    bins: dict[str, Place] = {}
    for line in lines:
        part_no, delivered_milli, accepted_milli, _, bin_name, store, _ = line
        supplier, unit_cost_e4 = ordered[store, part_no]
        source = suppliers.get(supplier) or suppliers.setdefault(supplier, Place(PlaceKind.SUPPLIER, supplier))
        if accepted_milli:
            accepted_e4 = amount_e4(accepted_milli, unit_cost_e4)
            shelf = bins.get(bin_name) or bins.setdefault(bin_name, Place(PlaceKind.BIN, bin_name))
            moved.append(Movement(store, part_no, source, shelf, accepted_milli, accepted_e4))
        if (
            delivered_milli != accepted_milli and line.refused_to == PlaceKind.QUARANTINE
        ):  # what is short, its claim moves
            refused_e4 = line.refused_e4(unit_cost_e4)
            moved.append(Movement(store, part_no, source, apart, line.refused_milli, refused_e4))
    return moved


def _shown(quantity_milli: int) -> str:
    return f"{quantity_milli / 1000:g}"
