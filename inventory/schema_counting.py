"""The tables of stocktakes, all of them append-only; the metadata is that of `schema`.

A count is opened, entered, decided on and ended by documents of the ledger; each row names the document that brought
it. What the books hold of a line is in none of these tables before the count is posted: a sheet can't tell it.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Table, UniqueConstraint

from inventory.schema import CodePointText, metadata


def _text(name: str, *, key: bool = False, empty: bool = False) -> Column[str]:
    return Column(name, CodePointText, primary_key=key, nullable=empty and not key)


def _whole(name: str, *, key: bool = False, empty: bool = False) -> Column[int]:
    return Column(name, BigInteger, primary_key=key, nullable=empty and not key, autoincrement=False)


def _of_count(*, key: bool = False) -> Column[str]:
    return Column("count_no", CodePointText, ForeignKey("stock_count.count_no"), primary_key=key, nullable=False)


def _of_document(*, key: bool = False) -> Column[int]:
    return Column(
        "document_sequence",
        BigInteger,
        ForeignKey("document.sequence"),
        primary_key=key,
        nullable=False,
        autoincrement=False,
    )


stock_count = Table(
    "stock_count",
    metadata,
    _text("count_no", key=True),
    _of_document(),  # the watermark
    _text("store"),
    _text("opened_on"),
    _whole("recount_quantity_milli", empty=True),
    _whole("recount_value_e4", empty=True),
    _whole("recount_share_ppm", empty=True),
    UniqueConstraint("document_sequence"),
)

count_sheet_line = Table(
    "count_sheet_line",  # what is to be counted, and what was found beside it
    metadata,
    _of_count(key=True),
    _whole("line_no", key=True),
    _of_document(),
    _text("part_no"),
    _text("bin_name"),
    _text("count_class"),  # fast, A, B or C on the day
    _text("reason"),  # why it is counted: programme, listed, found, …
    _whole("unit_cost_e4"),  # on the day
    UniqueConstraint("count_no", "part_no", "bin_name"),
    Index("ix_count_sheet_line_part", "part_no", "bin_name"),
)

count_entry = Table(
    "count_entry",  # what a counter says to have found, and when
    metadata,
    _of_document(key=True),
    _whole("line_no", key=True),
    _of_count(),
    _text("part_no"),
    _text("bin_name"),
    _text("counter"),
    _text("counted_at"),
    _whole("known_sequence"),  # the last document recorded by then
    _whole("counted_milli"),
    CheckConstraint("counted_milli >= 0", name="counted_not_negative"),
    Index("ix_count_entry_count", "count_no"),
)

count_decision = Table(
    "count_decision",  # what a reviewer says of a line: its cause, or that it be counted again
    metadata,
    _of_document(key=True),
    _whole("line_no", key=True),
    _of_count(),
    _text("part_no"),
    _text("bin_name"),
    _text("kind"),  # cause, recount
    _text("cause", empty=True),
    _text("note"),
    Index("ix_count_decision_count", "count_no"),
)

count_line = Table(
    "count_line",  # the result of a posted count: every line, also those that agreed or were not counted
    metadata,
    _of_document(key=True),
    _whole("line_no", key=True),
    _of_count(),
    _text("store"),
    _text("part_no"),
    _text("bin_name"),
    _text("count_class"),
    _text("counted_on", empty=True),  # empty, with the five below: not counted
    _text("counted_at", empty=True),
    _whole("known_sequence", empty=True),
    _whole("counted_milli", empty=True),
    _whole("expected_milli", empty=True),
    _text("counter", empty=True),
    _whole("unit_cost_e4"),
    _text("cause", empty=True),
    _whole("times_counted"),
    Index("ix_count_line_place", "store", "part_no", "bin_name", "counted_on"),
)

count_end = Table(
    "count_end",  # a count ends once
    metadata,
    _of_count(key=True),
    _of_document(),
    _text("outcome"),  # posted, cancelled
)
