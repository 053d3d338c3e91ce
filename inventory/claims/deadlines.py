"""How long after a receipt a claim may be submitted: hours per supplier and cause.

The most particular rule holds: of the supplier and cause, of the supplier, of the cause, else the default of the
cause. Where a rule for late is set, every row that came after its expected day is claimed without being told (see
`receiving`). Rules are master data; a claim keeps the deadline it was opened with. Defaults and where they come from:
`docs/definitions/claims.md`.
"""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from inventory.findings import Finding
from inventory.masters import put
from inventory.purchasing.inspection import CLAIM_CAUSES
from inventory.schema_claims import claim_rule

ANY = ""
DEFAULT_HOURS: Mapping[str, int] = {
    "short": 48,
    "over": 48,
    "damaged": 48,
    "wrong": 48,
    "quality": 72,
    "late": 72,
    "unstated": 48,
}


def set_hours(connection: sa.Connection) -> dict[tuple[str, str], int]:
    """Return the hours that rules set, by supplier and cause."""
    return {(row.supplier, row.cause): int(row.hours) for row in connection.execute(sa.select(claim_rule))}


def hours_of(ruled: Mapping[tuple[str, str], int], supplier: str, cause: str) -> int:
    """Return the hours within which a claim on a supplier for a cause is submitted, by the most particular rule.

    >>> hours_of({}, "GPC", "short"), hours_of({("GPC", ""): 24, ("", "short"): 36}, "GPC", "short")
    (48, 24)
    """
    for key in ((supplier, cause), (supplier, ANY), (ANY, cause), (ANY, ANY)):
        if key in ruled:
            return ruled[key]
    return DEFAULT_HOURS[cause]


def lateness_counts(connection: sa.Connection, supplier: str) -> bool:
    """Return whether a rule says that this supplier answers for late goods; the default alone does not."""
    question = sa.select(claim_rule.c.hours).where(
        claim_rule.c.cause == "late", claim_rule.c.supplier.in_([supplier, ANY])
    )
    return connection.execute(question).first() is not None


def set_rule(connection: sa.Connection, supplier: str, cause: str, hours: int) -> tuple[Finding, ...]:
    """Set the hours of a supplier and cause (empty: any), or tell what is wrong with it."""
    findings = []
    if cause not in (ANY, *CLAIM_CAUSES):
        reason = f"a cause is one of {', '.join(CLAIM_CAUSES)}"
        findings.append(Finding("claim rule", "", 0, "cause", cause, reason, ""))
    if hours <= 0:
        findings.append(Finding("claim rule", "", 0, "hours", str(hours), "a deadline is one hour or more", ""))
    if not findings:
        put(connection, claim_rule, {"supplier": supplier, "cause": cause, "hours": hours})
    return tuple(findings)


def rules(connection: sa.Connection) -> list[dict[str, object]]:
    """Return every rule, the defaults last: ``supplier, cause, hours``."""
    question = sa.select(claim_rule).order_by(claim_rule.c.supplier.desc(), claim_rule.c.cause)
    own = [dict(row) for row in connection.execute(question).mappings()]
    ruled = {row["cause"] for row in own if row["supplier"] == ANY}
    defaults = [{"supplier": ANY, "cause": cause, "hours": hours} for cause, hours in DEFAULT_HOURS.items()]
    return own + [row for row in defaults if row["cause"] not in ruled and ANY not in ruled]
