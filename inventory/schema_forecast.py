"""The tables of what people set over a forecast, append-only; on the same `metadata` as `schema`.

An override is never changed: it ends by itself after its last day, or by a withdrawal, which is a row of its own.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Integer, Table, UniqueConstraint

from inventory.schema import CodePointText, metadata

_SERIAL = BigInteger().with_variant(Integer, "sqlite")


def _text(name: str, *, empty: bool = False) -> Column[str]:
    return Column(name, CodePointText, nullable=empty)


forecast_override = Table(
    "forecast_override",
    metadata,
    Column("override_id", _SERIAL, primary_key=True, autoincrement=True),
    _text("store"),
    _text("part_no", empty=True),  # either a part
    _text("family", empty=True),  # or a family
    _text("first_month"),
    _text("last_month"),
    Column("amount_milli", BigInteger, nullable=True),  # either so much a month
    Column("factor_ppm", BigInteger, nullable=True),  # or so many times what is forecast
    _text("reason"),
    _text("set_on"),  # the business day from which it counts
    _text("expires_on"),  # the last day on which it counts
    _text("user_name"),
    _text("recorded_at"),
    _text("idempotency_key", empty=True),
    CheckConstraint("(part_no IS NULL) <> (family IS NULL)", name="part_or_family"),
    CheckConstraint("(amount_milli IS NULL) <> (factor_ppm IS NULL)", name="amount_or_factor"),
    CheckConstraint("amount_milli >= 0 AND factor_ppm IS NULL OR factor_ppm >= 0", name="not_negative"),
    UniqueConstraint("idempotency_key"),
)

forecast_withdrawal = Table(
    "forecast_withdrawal",
    metadata,
    Column("withdrawal_id", _SERIAL, primary_key=True, autoincrement=True),
    Column("override_id", _SERIAL, ForeignKey("forecast_override.override_id"), nullable=False),
    _text("reason"),
    _text("withdrawn_on"),  # the business day from which it no longer counts
    _text("user_name"),
    _text("recorded_at"),
    _text("idempotency_key", empty=True),
    UniqueConstraint("override_id"),
    UniqueConstraint("idempotency_key"),
)
