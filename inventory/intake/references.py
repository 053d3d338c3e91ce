"""What one table says must be known from another: parts, suppliers, models, stores; and no ring of supersessions.

A value counts as known if it is in the books or comes in the same import, in whatever file. An unknown part is a
fault always. An unknown supplier is one wherever suppliers are known at all: who works without a list of suppliers may.
An unknown model or store is worth a note: a car from elsewhere is served too, but a misspelt one would be missed.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pandas as pd
import sqlalchemy as sa

from inventory import schema
from inventory.findings import Finding
from inventory.intake.checking import CheckedTable
from inventory.intake.suggestions import NearCodes
from inventory.intake.tables import TABLES

KNOWN_FROM = {
    "part": (("parts", "part_no"),),
    "supplier": (("suppliers", "supplier"), ("order_channels", "supplier")),
    "listed supplier": (("suppliers", "supplier"),),
    "model": (
        ("vehicles", "model"),
        ("vehicle_counts", "model"),
        ("vehicle_sales_plan", "model"),
        ("fitments", "model"),
    ),
    "store": (
        ("vehicles", "store"),
        ("vehicle_counts", "store"),
        ("service_history", "store"),
        ("demand", "store"),
        ("stock", "store"),
        ("open_orders", "store"),
    ),
}
"""For each kind of thing, the tables and columns that make it known."""

_IN_THE_LEDGER = {"stock": "balance", "open_orders": "purchase_order_line"}


def check_references(connection: sa.Connection, tables: Sequence[CheckedTable]) -> tuple[list[Finding], list[str]]:
    """Return the findings about values that must be known and are not, and notes on those that should be."""
    findings: list[Finding] = []
    notes: list[str] = []
    known: dict[str, set[str]] = {}
    for table in tables:
        for reference in table.rule.references:
            if reference.to not in known:
                known[reference.to] = _known(connection, reference.to, tables)
            there = known[reference.to]
            if not there and reference.to != "part":
                continue
            values = table.frame[reference.column]
            missing = (values.notna() & (values != "") & ~values.isin(list(there))).to_numpy(dtype=bool)
            if not missing.any():
                continue
            if reference.to in ("model", "store"):
                notes.append(_note(table, reference.to, values[missing]))
                continue
            near = NearCodes(there)
            noun = "part" if reference.to == "part" else "supplier"
            remedy = f"import it with the {noun}s, or correct it"
            mends = [near.suggestion(value) or remedy for value in values[missing]]
            reason = f"{reference.column} is a {noun} that is known, or comes in the same import"
            findings += table.faults(missing, reference.column, reason, mends)
    return findings, notes


def check_rings(connection: sa.Connection, tables: Sequence[CheckedTable]) -> list[Finding]:
    """Return a finding for each ring of numbers that replace each other, new rows and known ones together."""
    from inventory.supersession import find_cycles

    given = [table for table in tables if table.rule.kind == "supersessions"]
    if not given:
        return []
    table = schema.supersession
    rows = connection.execute(sa.select(table.c.part_no, table.c.replaced_by)).all()
    pairs = {(row.part_no, row.replaced_by) for row in rows}
    for each in given:
        complete = each.frame.dropna(subset=["part_no", "replaced_by"])
        pairs |= set(zip(complete["part_no"], complete["replaced_by"], strict=True))
    findings: list[Finding] = []
    for ring in find_cycles(*zip(*sorted(pairs), strict=True)) if pairs else []:
        steps = pd.MultiIndex.from_tuples(list(pairwise(ring)))
        for each in given:
            on_ring = pd.MultiIndex.from_frame(each.frame[["part_no", "replaced_by"]]).isin(steps)
            reason = f"replacements lead to a live number; these lead in a ring: {' → '.join(ring)}"
            findings += each.faults(on_ring, "replaced_by", reason, "take one step of the ring out")
    return findings


def _known(connection: sa.Connection, thing: str, tables: Sequence[CheckedTable]) -> set[str]:
    found: set[str] = set()
    for kind, column in KNOWN_FROM[thing]:
        table = schema.metadata.tables[_IN_THE_LEDGER.get(kind) or TABLES[kind].table]
        found |= set(connection.execute(sa.select(table.c[column]).distinct()).scalars())
        for each in tables:
            if each.rule.kind == kind:
                found |= set(each.frame[column].dropna().unique())
    return found - {""}


def _note(table: CheckedTable, thing: str, values: pd.Series) -> str:
    names = sorted(values.unique())
    shown = ", ".join(names[:10]) + (" …" if len(names) > 10 else "")
    return f"{table.raw.source}: {len(values)} rows name a {thing} that is in no other table: {shown}"
