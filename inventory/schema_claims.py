"""The tables of claims, returns to the maker, core deposits and warranty custody; on the same `metadata` as `schema`.

Rules are masters and may change; what they led to (a deadline, a keep-until day) is written into the log when it is
made, so a changed rule never changes what was recorded. An empty text in a rule's key stands for *any*.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Table

from inventory.schema import CodePointText, metadata


def _text(name: str, *, key: bool = False, empty: bool = False) -> Column[str]:
    return Column(name, CodePointText, primary_key=key, nullable=empty and not key)


def _whole(name: str, *, key: bool = False, empty: bool = False) -> Column[int]:
    return Column(name, BigInteger, primary_key=key, nullable=empty and not key, autoincrement=False)


def _document(name: str = "document_sequence", *, key: bool = False) -> Column[int]:
    references = ForeignKey("document.sequence")
    return Column(name, BigInteger, references, primary_key=key, nullable=False, autoincrement=False)


# --- rules -------------------------------------------------------------------------------------------------------

claim_rule = Table("claim_rule", metadata, _text("supplier", key=True), _text("cause", key=True), _whole("hours"))

custody_rule = Table("custody_rule", metadata, _text("supplier", key=True), _whole("days"))

core_deposit = Table("core_deposit", metadata, _text("part_no", key=True), _whole("deposit_e4"))

parts_warranty = Table(
    "parts_warranty",
    metadata,
    _text("supplier", key=True),
    _text("category", key=True),
    _text("from_on", key=True),  # the first day of fitting for which it holds; empty: always
    _whole("months"),
    _whole("km"),
)

# --- logs --------------------------------------------------------------------------------------------------------

claim = Table(
    "claim",
    metadata,
    _text("claim_no", key=True),
    _document(),
    _document("receipt_sequence"),
    _text("supplier"),
    _text("order_no"),
    _text("store"),
    _text("part_no"),
    _text("cause"),
    _whole("quantity_milli"),
    _whole("value_e4"),
    _whole("on_order_milli"),  # how much of it is still expected on its purchase order
    _text("place_kind"),  # where the goods, or what is missing of them, wait; empty: nothing waits
    _text("place_name"),
    _text("opened_at"),
    _text("due_at"),
    CheckConstraint("quantity_milli > 0", name="quantity_positive"),
    Index("ix_claim_order", "order_no", "store", "part_no"),
)

claim_event = Table(
    "claim_event",  # the life of a claim; its state is the last of these
    metadata,
    _document(key=True),
    Column("claim_no", CodePointText, ForeignKey("claim.claim_no"), primary_key=True),
    _text("step"),
    _whole("amount_e4", empty=True),  # credited by the supplier
    _whole("off_order_milli"),  # no longer expected on the purchase order from this step on
    _text("note"),
    Index("ix_claim_event_claim", "claim_no", "document_sequence"),
)

claim_evidence = Table(
    "claim_evidence",
    metadata,
    _document(key=True),
    Column("claim_no", CodePointText, ForeignKey("claim.claim_no"), nullable=False),
    _text("path"),  # as the user named it
    _text("kept_as"),  # its name in the evidence folder
    _text("sha256"),
    _whole("size_bytes"),
    _text("note"),
    Index("ix_claim_evidence_claim", "claim_no"),
)

maker_return = Table(
    "maker_return",
    metadata,
    _text("return_no", key=True),
    _document(),
    _text("store"),
    _text("part_no"),
    _text("supplier"),
    _whole("quantity_milli"),
    _whole("value_e4"),
    _text("reason"),
)

maker_return_event = Table(
    "maker_return_event",  # at most one of a return stands; others were reversed
    metadata,
    _document(key=True),
    Column("return_no", CodePointText, ForeignKey("maker_return.return_no"), nullable=False),
    _text("step"),  # credited or refused
    _whole("credit_e4"),
    _whole("fee_e4"),
    _whole("value_e4"),  # what it was worth in the books when it left
    _text("note"),
)

warranty_tag = Table(
    "warranty_tag",  # a replaced part kept for the maker to see
    metadata,
    _text("tag_no", key=True),
    _document(),
    _text("store"),
    _text("order_no"),
    _text("part_no"),
    _text("vin", empty=True),
    _text("supplier"),
    _whole("quantity_milli"),
    _text("kept_on"),
    _text("keep_until"),
)
