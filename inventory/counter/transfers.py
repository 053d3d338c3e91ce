"""Transfers between stores: in transit until received, and worth on arrival what they were worth when they left.

*Send* takes parts out of the sender's bins at moving average into ``transit/TRANSFER-000012``, a place in the sender's
own books: they are no longer on hand, and still the sender's. *Receive* moves what arrived, with its share of that
value, in one document and two movements: out of the sender's transit to ``other-store/RECEIVER``, and from
``other-store/SENDER`` into a bin of the receiver. So each store's places sum to zero by themselves, and the two outside
places cancel out over both stores. What came short stays in transit, in sight, until it arrives or the transfer is
*closed* with a reason: the rest goes to *count-difference* in the sender's books, a loss with a name.

Nobody receives more than was sent. A transfer is of one part.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

import sqlalchemy as sa

from inventory.books.balances import Amount, balances, balances_on
from inventory.books.ledger import next_number
from inventory.books.movements import Movement, Place, PlaceKind
from inventory.books.periods import counted_from
from inventory.books.standing import standing
from inventory.counter.shelf import Source, amount_at, bins, fullest_bin, moves_out, spread, total
from inventory.counter.slip import Signature, Slip, part_faults, short_of, shown, write_slip, written_before
from inventory.findings import Finding, unmet
from inventory.schema import document, movement
from inventory.schema_counter import transfer

SEND_KIND = "transfer"
RECEIPT_KIND = "transfer-receipt"
CLOSING_KIND = "transfer-closing"


@dataclass(frozen=True)
class SendRequest:
    """What is sent, in thousandths, from where to where; from the bin named, else from the fullest first."""

    from_store: str
    to_store: str
    part_no: str
    quantity_milli: int
    bin_name: str | None = None


@dataclass(frozen=True)
class _Transfer:
    """A transfer as it was sent, and what is still under way now."""

    transfer_no: str
    from_store: str
    to_store: str
    part_no: str
    sent_on: date
    under_way: Amount

    @property
    def place(self) -> Place:
        return Place(PlaceKind.TRANSIT, self.transfer_no)


def send(connection: sa.Connection, asked: SendRequest, signed: Signature) -> Slip:
    """Send parts to another store; the slip's number is the transfer's. Nothing leaves where there is too little.

    Raises
    ------
    LedgerConflictError
        If the key stands for another request.
    """
    request = {"send": asdict(asked), "on": signed.on.isoformat()}
    earlier = written_before(connection, request, signed)
    if earlier is not None:
        return earlier
    findings = part_faults(connection, SEND_KIND, asked.from_store, asked.part_no, asked.quantity_milli)
    other = asked.to_store.strip() not in ("", asked.from_store)
    findings += unmet(SEND_KIND, [(other, "to", asked.to_store, "a transfer goes to another store", "")])
    if findings:
        return Slip(findings=tuple(findings))
    held = balances(connection, [asked.from_store], [asked.part_no])
    sources = bins(held, asked.from_store, asked.part_no, asked.bin_name)
    if asked.quantity_milli > total(sources):
        where = "free on the shelf" if asked.bin_name is None else f"in {asked.bin_name}"
        there = (total(sources), where)
        short = short_of(connection, SEND_KIND, asked.from_store, asked.part_no, asked.quantity_milli, there)
        return Slip(findings=(short,))
    number = next_number(connection, "TRANSFER")
    taken = spread(sources, asked.quantity_milli)
    movements = moves_out(held, asked.from_store, asked.part_no, taken, Place(PlaceKind.TRANSIT, number))
    slip = write_slip(connection, SEND_KIND, number, movements, {"request": request}, signed)
    assert slip.posting is not None
    row = {
        "transfer_no": number,
        "document_sequence": slip.posting.sequence,
        "from_store": asked.from_store,
        "to_store": asked.to_store,
        "part_no": asked.part_no,
        "quantity_milli": asked.quantity_milli,
    }
    connection.execute(sa.insert(transfer), row)
    return slip


def receive(
    connection: sa.Connection, transfer_no: str, quantity_milli: int | None, bin_name: str | None, signed: Signature
) -> Slip:
    """Take what arrived of a transfer into the receiving store's books; the rest stays in transit.

    Parameters
    ----------
    quantity_milli
        None: all that is under way.
    bin_name
        None: the bin of the receiving store that holds most of the part.

    Raises
    ------
    LedgerConflictError
        If the key stands for another request.
    """
    asked = {"transfer_no": transfer_no, "quantity_milli": quantity_milli, "bin_name": bin_name}
    request = {"receive_transfer": asked, "on": signed.on.isoformat()}
    earlier = written_before(connection, request, signed)
    if earlier is not None:
        return earlier
    found = _find(connection, transfer_no)
    arrived = quantity_milli if quantity_milli is not None else found.under_way.quantity_milli if found else 0
    faults = _faults(RECEIPT_KIND, found, transfer_no, counted_from(connection, signed.on), arrived)
    if found is None or faults:
        return Slip(findings=tuple(faults))
    held = balances(connection, [found.from_store, found.to_store], [found.part_no])
    outside = Place(PlaceKind.OTHER_STORE, found.to_store)
    (out,) = moves_out(held, found.from_store, found.part_no, [Source(found.place, arrived)], outside)
    target = fullest_bin(held, found.to_store, found.part_no) if bin_name is None else Place(PlaceKind.BIN, bin_name)
    came_from = Place(PlaceKind.OTHER_STORE, found.from_store)
    into = Movement(found.to_store, found.part_no, came_from, target, arrived, out.value_e4)
    body = {"request": request, "transfer_no": transfer_no}
    return write_slip(connection, RECEIPT_KIND, next_number(connection, "ARRIVAL"), (out, into), body, signed)


def close(connection: sa.Connection, transfer_no: str, reason: str, signed: Signature) -> Slip:
    """Book what is still under way of a transfer as lost.

    Raises
    ------
    LedgerConflictError
        If the key stands for another request.
    """
    request = {"close_transfer": transfer_no, "reason": reason, "on": signed.on.isoformat()}
    earlier = written_before(connection, request, signed)
    if earlier is not None:
        return earlier
    found = _find(connection, transfer_no)
    faults = _faults(CLOSING_KIND, found, transfer_no, counted_from(connection, signed.on), 1)
    faults += unmet(CLOSING_KIND, [(bool(reason.strip()), "reason", reason, "closing a transfer gives its reason", "")])
    if found is None or faults:
        return Slip(findings=tuple(faults))
    held = balances(connection, [found.from_store], [found.part_no])
    lost = [Source(found.place, found.under_way.quantity_milli)]
    movements = moves_out(held, found.from_store, found.part_no, lost, Place(PlaceKind.COUNT_DIFFERENCE))
    body = {"request": request, "transfer_no": transfer_no, "reason": reason}
    return write_slip(connection, CLOSING_KIND, next_number(connection, "LOSS"), movements, body, signed)


def transfer_rows(
    connection: sa.Connection, as_of: date, store: str | None = None, known_at: int | None = None
) -> list[dict[str, object]]:
    """Return the transfers sent until a business day and where they stood on it, in the order in which they were sent.

    Parameters
    ----------
    store
        Only those from or to this one; all where not given.
    known_at
        The last document that counts, by its sequence; all where not given.

    Returns
    -------
    list of dict
        ``transfer_no, from_store, to_store, part_no, sent_on, quantity_milli, received_milli, lost_milli,
        in_transit_milli, value_e4`` (of what is in transit).
    """
    question = (
        sa.select(transfer, document.c.effective_on)
        .join(document, document.c.sequence == transfer.c.document_sequence)
        .where(*standing(as_of, known_at))
        .order_by(document.c.effective_on, transfer.c.document_sequence)
    )
    if store is not None:
        question = question.where(sa.or_(transfer.c.from_store == store, transfer.c.to_store == store))
    sent = connection.execute(question).all()
    under_way = balances_on(connection, as_of, known_at=known_at) if sent else {}
    gone = _gone(connection, as_of, known_at)
    rows = []
    for row in sent:
        place = Place(PlaceKind.TRANSIT, row.transfer_no)
        left = amount_at(under_way, row.from_store, row.part_no, place)
        rows.append(
            {
                **{name: getattr(row, name) for name in ("transfer_no", "from_store", "to_store", "part_no")},
                "sent_on": date.fromisoformat(row.effective_on),
                "quantity_milli": row.quantity_milli,
                "received_milli": gone.get((row.transfer_no, PlaceKind.OTHER_STORE), 0),
                "lost_milli": gone.get((row.transfer_no, PlaceKind.COUNT_DIFFERENCE), 0),
                "in_transit_milli": left.quantity_milli,
                "value_e4": left.value_e4,
            }
        )
    return rows


def _gone(connection: sa.Connection, as_of: date, known_at: int | None) -> dict[tuple[str, str], int]:
    """Return how much has left transit until a day, by transfer and the kind of place it went to."""
    out = movement.c
    question = (
        sa.select(out.source_name, out.target_kind, sa.func.sum(out.quantity_milli))
        .join(document, document.c.sequence == out.document_sequence)
        .where(out.source_kind == PlaceKind.TRANSIT.value, *standing(as_of, known_at))
        .group_by(out.source_name, out.target_kind)
    )
    return {(name, kind): int(quantity) for name, kind, quantity in connection.execute(question)}


def _find(connection: sa.Connection, transfer_no: str) -> _Transfer | None:
    question = sa.select(transfer, document.c.effective_on).join(
        document, document.c.sequence == transfer.c.document_sequence
    )
    row = connection.execute(question.where(transfer.c.transfer_no == transfer_no)).one_or_none()
    if row is None:
        return None
    held = balances(connection, [row.from_store], [row.part_no])
    under_way = amount_at(held, row.from_store, row.part_no, Place(PlaceKind.TRANSIT, transfer_no))
    sent_on = date.fromisoformat(row.effective_on)
    return _Transfer(transfer_no, row.from_store, row.to_store, row.part_no, sent_on, under_way)


def _faults(source: str, found: _Transfer | None, transfer_no: str, on: date, arrived_milli: int) -> list[Finding]:
    """Return why nothing can be done with a transfer, or not with so much of it."""
    remedy = "see them with: sparewise transfer list --all"
    if found is None:
        return [Finding(source, "", 0, "transfer", transfer_no, "a transfer in the books", remedy)]
    left = found.under_way.quantity_milli
    if not left:
        reason = "a transfer of which something is under way"
        return [Finding(source, "", 0, "transfer", transfer_no, reason, remedy, is_conflict=True)]
    if arrived_milli > left:
        reason = f"not more than the {shown(left)} under way"
        remedy = "what came over is found stock: sparewise stock adjust"
        return [Finding(source, "", 0, "quantity", shown(arrived_milli), reason, remedy, is_conflict=True)]
    checks = [
        (arrived_milli > 0, "quantity", shown(arrived_milli), "more than zero arrives", ""),
        (on >= found.sent_on, "as-of", str(on), f"a day from {found.sent_on} on, when it was sent", ""),
    ]
    return unmet(source, checks)
