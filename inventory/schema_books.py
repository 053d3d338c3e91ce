"""The tables of the books' own care: values that changed later, closed months, reversals, what a store declared, seals.

All are logs, except `master_seal`: like `balance` it can be made again from what it stands for.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, Table, UniqueConstraint

from inventory.schema import CodePointText, metadata

_SERIAL = BigInteger().with_variant(Integer, "sqlite")


def _document() -> Column[int]:
    return Column(
        "document_sequence", BigInteger, ForeignKey("document.sequence"), primary_key=True, autoincrement=False
    )


revaluation = Table(
    "revaluation",  # by how much a document changed what earlier movements brought to a place on a day
    metadata,
    _document(),
    Column("store", CodePointText, primary_key=True),
    Column("part_no", CodePointText, primary_key=True),
    Column("effective_on", CodePointText, primary_key=True),
    Column("place_kind", CodePointText, primary_key=True),
    Column(
        "place_name", CodePointText, primary_key=True
    ),  # empty for the shelf as a whole, and for all outside of a kind
    Column("change_e4", BigInteger, nullable=False),
    Index("ix_revaluation_item", "store", "part_no", "effective_on"),
)

period_close = Table(
    "period_close",
    metadata,
    _document(),
    Column("month", CodePointText, nullable=False),  # YYYY-MM
    Column("closed_until", CodePointText, nullable=False),  # its last day
    UniqueConstraint("month"),
)

reversal = Table(
    "reversal",
    metadata,
    _document(),
    Column("reverses_sequence", BigInteger, ForeignKey("document.sequence"), nullable=False),
    Column("reason", CodePointText, nullable=False),
    UniqueConstraint("reverses_sequence"),  # once only
)

store_setting = Table(
    "store_setting",  # what a store declared of its books; the latest document known rules
    metadata,
    _document(),
    Column("store", CodePointText, nullable=False),  # empty text: every store that says nothing itself
    Column("name", CodePointText, nullable=False),
    Column("value", CodePointText, nullable=False),
)

seal = Table(
    "seal",  # a digest of each row of a log, written in the transaction that wrote the rows; chained
    metadata,
    Column("seal_no", _SERIAL, primary_key=True, autoincrement=True),
    Column("table_name", CodePointText, nullable=False),
    Column("up_to", BigInteger, nullable=False),  # the log's own count as far as it is sealed; 0 where it has none
    Column("scope", CodePointText, nullable=False),  # what the rows belong to, where the log has no count; else empty
    Column("column_count", BigInteger, nullable=False),
    Column("row_digests", LargeBinary, nullable=False),
    Column("chain", CodePointText, nullable=False),
    Index("ix_seal_table", "table_name", "up_to"),
)

master_seal = Table(
    "master_seal",  # the same for the tables that may change; written anew whenever one did
    metadata,
    Column("table_name", CodePointText, primary_key=True),
    Column("column_count", BigInteger, nullable=False),
    Column("row_digests", LargeBinary, nullable=False),
    Column("chain", CodePointText, nullable=False),
)
