"""The tables of the parts counter: what is held for whom, ordered specially, brought back, or under way to a store.

And what a person judged of a line of demand. All five are logs. None keeps a state: how much of a reservation is still
held, of a transfer still under way, of an issue still out, follows from the movements; the logs add what movements
can't say: for whom, until when, against what.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, Table

from inventory.schema import CodePointText, metadata

_SERIAL = BigInteger().with_variant(Integer, "sqlite")


def _text(name: str, *, key: bool = False) -> Column[str]:
    return Column(name, CodePointText, primary_key=key, nullable=False)


def _whole(name: str, *, key: bool = False) -> Column[int]:
    return Column(name, BigInteger, primary_key=key, nullable=False, autoincrement=False)


def _document(*, key: bool = False) -> Column[int]:
    reference = ForeignKey("document.sequence")
    return Column("document_sequence", BigInteger, reference, primary_key=key, nullable=False, autoincrement=False)


reservation = Table(
    "reservation",
    metadata,
    _text("reservation_no", key=True),
    _document(),
    _text("store"),
    _text("part_no"),
    _whole("quantity_milli"),
    _text("holder_kind"),  # repair_order or appointment
    _text("holder_no"),
    _text("until_on"),
    CheckConstraint("quantity_milli > 0", name="quantity_positive"),
)

special_order = Table(
    "special_order",  # of the rows of one order and part, quantities add up; of the other columns the last row counts
    metadata,
    Column("entry_id", _SERIAL, primary_key=True, autoincrement=True),
    _document(),
    _text("store"),
    _text("order_no"),
    _text("part_no"),
    _whole("quantity_milli"),  # newly waited for
    _whole("cancelled_milli"),  # no longer waited for
    _text("owner"),
    _text("install_by"),
    _text("return_by"),
    CheckConstraint("quantity_milli >= 0", name="quantity_not_negative"),
    CheckConstraint("cancelled_milli >= 0", name="cancelled_not_negative"),
    Index("ix_special_order_request", "store", "order_no", "part_no"),
)

return_line = Table(
    "return_line",  # which movement of an issue came back, and how much of it
    metadata,
    _document(key=True),
    _whole("line_no", key=True),
    Column("issue_movement_id", BigInteger, ForeignKey("movement.movement_id"), nullable=False),
    _whole("quantity_milli"),
    _whole("value_e4"),
    CheckConstraint("quantity_milli > 0", name="quantity_positive"),
    Index("ix_return_line_issue", "issue_movement_id"),
)

line_judgement = Table(
    "line_judgement",  # whether a line of demand is a bulk order or a usual one; of several rows the last counts
    metadata,
    _document(key=True),
    _text("store"),
    _text("order_no"),
    _text("part_no"),
    _whole("line_no"),
    _text("verdict"),  # bulk or usual
    _text("reason"),
    Index("ix_line_judgement_line", "store", "order_no", "part_no"),
)

transfer = Table(
    "transfer",
    metadata,
    _text("transfer_no", key=True),
    _document(),
    _text("from_store"),
    _text("to_store"),
    _text("part_no"),
    _whole("quantity_milli"),
    CheckConstraint("quantity_milli > 0", name="quantity_positive"),
)
