"""What people set over forecasts, as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from reporting.tables import Column, Table
from reporting.words import word

_COLUMNS = (
    Column("override_id", "count"),
    Column("store"),
    Column("part_no"),
    Column("family"),
    Column("first_month"),
    Column("last_month"),
    Column("monthly_amount_milli", "quantity_milli"),
    Column("factor", "factor"),
    Column("set_reason"),
    Column("set_by"),
    Column("set_on", "date"),
    Column("expires_on", "date"),
    Column("override_state"),
)


def overrides_table(
    rows: Sequence[Mapping[str, object]], as_of: date, output: str, language: str, *, everything: bool
) -> Table:
    """Return what is set, oldest first; what counts on the day, or everything.

    Parameters
    ----------
    rows
        As `inventory.overrides.override_rows` tells them for the day.
    """
    shown = [{**row, "factor": _factor(row), **_named(row), "override_state": _state(row, as_of)} for row in rows]
    kept = [row for row in shown if everything or row["override_state"] == "counts"]
    if output == "table":
        kept = [{**row, "override_state": word(f"override_{row['override_state']}", language)} for row in kept]
    return Table(word("overrides", language), _COLUMNS, kept)


def _named(row: Mapping[str, object]) -> dict[str, object]:
    return {"monthly_amount_milli": row["amount_milli"], "set_reason": row["reason"], "set_by": row["user_name"]}


def _factor(row: Mapping[str, object]) -> float | None:
    return None if row["factor_ppm"] is None else int(str(row["factor_ppm"])) / 1_000_000


def _state(row: Mapping[str, object], as_of: date) -> str:
    if row["withdrawn_on"] is not None:
        return "withdrawn"
    return "counts" if as_of.isoformat() <= str(row["expires_on"]) else "expired"
