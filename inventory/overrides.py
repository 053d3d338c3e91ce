"""What people set over a forecast: for a part or a family, at a store, for some months, by whom, why, and until when.

Three days rule an override. It counts for forecasts made from the day it was set up to and on the day it expires, or
until the day before it is withdrawn; which months it changes is another matter. Nothing of it is ever changed: who
would have another figure sets another, and of two for the same month the later one holds.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

import sqlalchemy as sa

from inventory.books.refusals import LedgerConflictError
from inventory.counter.slip import Signature
from inventory.findings import Finding, unmet
from inventory.schema import demand_line, demand_panel, movement, part, vehicle, vehicle_count
from inventory.schema_forecast import forecast_override, forecast_withdrawal

COLUMNS = (
    *("override_id", "store", "part_no", "family", "first_month", "last_month", "amount_milli", "factor_ppm", "reason"),
    *("set_on", "expires_on", "user_name", "recorded_at"),
)


@dataclass(frozen=True)
class OverrideWish:
    """What somebody wishes the forecast to be.

    Parameters
    ----------
    store
        Of the items.
    part_no, family
        One of the two; a family is a category of the catalogue, alone or as `forecast run` prints it.
    first_month, last_month
        ``YYYY-MM``, both included.
    amount_milli, factor_ppm
        One of the two: so much a month, in thousandths of the stock unit (of a family together), or so many times what
        is forecast.
    reason
        Why.
    expires_on
        The last day on which a forecast takes it; the end of the last month where not given.
    """

    store: str
    part_no: str | None
    family: str | None
    first_month: str
    last_month: str
    amount_milli: int | None
    factor_ppm: int | None
    reason: str
    expires_on: date


@dataclass(frozen=True)
class OverrideSlip:
    """The answer: the number of the override, or the findings for which nothing was written."""

    override_id: int | None
    is_new: bool
    findings: tuple[Finding, ...] = ()


def set_override(connection: sa.Connection, wish: OverrideWish, signed: Signature) -> OverrideSlip:
    """Set a forecast; the same wish under the same key is found as it was set.

    Raises
    ------
    LedgerConflictError
        If the key stands for another wish.
    """
    row = {
        **asdict(wish),
        "expires_on": wish.expires_on.isoformat(),
        "set_on": signed.on.isoformat(),
        "user_name": signed.user_name,
    }
    earlier = _under_key(connection, forecast_override, signed.key, row)
    if earlier is not None:
        return OverrideSlip(earlier, is_new=False)
    findings = _faults(connection, wish, signed.on)
    if findings:
        return OverrideSlip(None, False, tuple(findings))
    written = connection.execute(
        sa.insert(forecast_override).returning(forecast_override.c.override_id),
        {**row, "recorded_at": signed.recorded_at, "idempotency_key": signed.key},
    )
    return OverrideSlip(int(written.scalar_one()), is_new=True)


def withdraw_override(connection: sa.Connection, override_id: int, reason: str, signed: Signature) -> OverrideSlip:
    """Withdraw an override: forecasts made from this day on take no notice of it.

    Raises
    ------
    LedgerConflictError
        If the key stands for another withdrawal.
    """
    row = {
        "override_id": override_id,
        "reason": reason,
        "withdrawn_on": signed.on.isoformat(),
        "user_name": signed.user_name,
    }
    if _under_key(connection, forecast_withdrawal, signed.key, row) is not None:
        return OverrideSlip(override_id, is_new=False)
    known = {each["override_id"]: each for each in override_rows(connection)}
    one = known.get(override_id)
    last = None if one is None else min(str(one["expires_on"]), str(one["withdrawn_on"] or one["expires_on"]))
    findings = unmet(
        "override",
        [
            (one is not None, "number", str(override_id), "an override that was set", "see: forecast override list"),
            (one is None or not one["withdrawn_on"], "number", str(override_id), "not withdrawn before", ""),
            (
                one is None or str(one["set_on"]) <= signed.on.isoformat() <= str(last),
                "as-of",
                signed.on.isoformat(),
                f"a day on which it counts, {one['set_on'] if one else ''} to {last}",
                "it ends by itself",
            ),
        ],
    )
    if findings:
        return OverrideSlip(None, False, tuple(findings))
    connection.execute(
        sa.insert(forecast_withdrawal), {**row, "recorded_at": signed.recorded_at, "idempotency_key": signed.key}
    )
    return OverrideSlip(override_id, is_new=True)


def override_rows(connection: sa.Connection, as_of: date | None = None) -> list[dict[str, object]]:
    """Return all overrides set by a day, oldest first.

    Parameters
    ----------
    as_of
        A withdrawal counts up to and on this day too; everything where not given.

    Returns
    -------
    list of dict
        `COLUMNS`, and ``withdrawn_on`` (None where it was not withdrawn), ``withdrawn_by``, ``withdrawn_why``.
    """
    gone = forecast_withdrawal.c
    joins = gone.override_id == forecast_override.c.override_id
    question = sa.select(
        *(forecast_override.c[name] for name in COLUMNS),
        gone.withdrawn_on,
        gone.user_name.label("withdrawn_by"),
        gone.reason.label("withdrawn_why"),
    ).order_by(forecast_override.c.override_id)
    if as_of is not None:
        joins = joins & (gone.withdrawn_on <= as_of.isoformat())
        question = question.where(forecast_override.c.set_on <= as_of.isoformat())
    found = connection.execute(question.select_from(forecast_override.outerjoin(forecast_withdrawal, joins)))
    return [dict(row) for row in found.mappings()]


def _under_key(connection: sa.Connection, table: sa.Table, key: str | None, row: dict[str, object]) -> int | None:
    """Return the number of the row written under a key; None where the key is new."""
    if key is None:
        return None
    there = connection.execute(sa.select(table).where(table.c.idempotency_key == key)).mappings().one_or_none()
    if there is None:
        return None
    if any(there[name] != value for name, value in row.items()):
        raise LedgerConflictError([f"{table.name} {there[table.columns.keys()[0]]}"])
    return int(there[table.columns.keys()[0]])


def _faults(connection: sa.Connection, wish: OverrideWish, on: date) -> list[Finding]:
    category = (wish.family or "").split("/")[0]
    checks = [
        (
            any(_is_there(connection, table.c.store == wish.store) for table in _OF_A_STORE),
            *("store", wish.store, "a store that the books know", "see: sparewise stock show"),
        ),
        (
            wish.part_no is None or _is_there(connection, part.c.part_no == wish.part_no),
            *("part", wish.part_no or "", "a part of the catalogue", "import it first"),
        ),
        (
            wish.family is None or _is_there(connection, part.c.category == category),
            *("family", wish.family or "", "a family as `forecast run` prints it, or a category of the catalogue", ""),
        ),
        (
            wish.first_month <= wish.last_month,
            *("to", wish.last_month, f"a month not before {wish.first_month}", ""),
        ),
        (on <= wish.expires_on, *("expires", wish.expires_on.isoformat(), f"a day not before {on}", "")),
        (bool(wish.reason.strip()), "reason", wish.reason, "a reason, in words", ""),
    ]
    return unmet("override", checks)


_OF_A_STORE = (vehicle, vehicle_count, demand_line, demand_panel, movement)


def _is_there(connection: sa.Connection, condition: sa.ColumnElement[bool]) -> bool:
    return connection.execute(sa.select(sa.literal(1)).where(condition).limit(1)).first() is not None
