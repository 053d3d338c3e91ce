"""What `sparewise plan export` writes: the rows of each workbook put together, and the files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from planning.settings import Settings


def export_orders(
    connection: Connection,
    heads: Sequence[Mapping[str, object]],
    folder: Path,
    columns: str | None,
    settings: Settings,
    language: str,
) -> list[dict[str, object]]:
    """Write the files of the proposals given and return a row per file: ``supplier, file``."""
    from inventory.plans import proposal_lines
    from reporting.workbook import CSV_COLUMNS, SupplierOrders, write_csv, write_workbook

    template = [name.strip() for name in columns.split(",")] if columns else []
    unknown = [name for name in template if name.partition("=")[0] not in CSV_COLUMNS]
    if unknown:
        raise click.UsageError(f"a column is one of {', '.join(CSV_COLUMNS)}; found {unknown[0]}")
    folder.mkdir(parents=True, exist_ok=True)
    files: list[dict[str, object]] = []
    for supplier in sorted({str(head["supplier"]) for head in heads}):
        theirs = [head for head in heads if head["supplier"] == supplier]
        orders = []
        for head in theirs:
            lines: list[dict[str, object]] = [
                {**line, "supplier": supplier, "order_type": head["order_type"]}
                for line in proposal_lines(connection, str(head["proposal_no"]))
            ]
            orders.append((head, _looked_at(head, lines, settings, language)))
            if template:
                path = folder / f"{_file_name(str(head['proposal_no']))}.csv"
                write_csv(path, [line for line in lines if line["quantity_milli"]], template)
                files.append({"supplier": supplier, "file": str(path)})
        path = folder / f"{_file_name(supplier)}.xlsx"
        write_workbook(path, SupplierOrders(supplier, tuple(orders), _totals(connection, orders, language)), language)
        files.append({"supplier": supplier, "file": str(path)})
    return files


def _looked_at(
    head: Mapping[str, object], lines: list[dict[str, object]], settings: Settings, language: str
) -> list[dict[str, object]]:
    """Return the lines with, as `look_at`, the rules of review that each meets, in words."""
    from planning.review import review_rules
    from planning.stored import proposal_of_rows
    from reporting.words import word

    proposal = proposal_of_rows(head, [{**line, "quantity_milli": line["proposed_milli"]} for line in lines])
    for row, line in zip(lines, proposal.lines, strict=True):
        rules = review_rules(line, proposal, settings.of_store(line.store).review_multiple)
        row["look_at"] = "; ".join(word(rule, language) for rule in rules)
    return lines


def _totals(
    connection: Connection,
    orders: Sequence[tuple[Mapping[str, object], Sequence[Mapping[str, object]]]],
    language: str,
) -> tuple[tuple[str, int | str], ...]:
    """Return the rows of the totals sheet: value per order and per store, budgets, and where it all came from."""
    from inventory.plan_runs import run_manifest
    from inventory.plans import budget_e4
    from reporting.plan_tables import value_e4
    from reporting.words import word

    rows: list[tuple[str, int | str]] = []
    per_store: dict[str, int] = {}
    for head, lines in orders:
        rows.append((f"{head['proposal_no']} ({head['state']})", sum(value_e4(line) for line in lines)))
        for line in lines:
            store = str(line["store"])
            per_store[store] = per_store.get(store, 0) + value_e4(line)
    rows.extend((f"{word('store', language)} {store}", value) for store, value in sorted(per_store.items()))
    rows.append((word("total", language), sum(per_store.values())))
    months = sorted({str(head["order_on"])[:7] for head, _ in orders})
    for store in sorted(per_store):
        for month in months:
            amount = budget_e4(connection, store, month)
            if amount is not None:
                rows.append((f"{word('budget', language)} {store} {month}", amount))
    for run_id in sorted({str(head["run_id"]) for head, _ in orders}):
        manifest = run_manifest(connection, run_id)
        rows.append((word("run_id", language), run_id))
        rows.extend(
            (word(name, language), str(manifest[name]))
            for name in ("as_of", "known_at", "snapshot_hash", "program_version")
        )
        if manifest["settings"].get("budget_e4") is not None:
            rows.append((word("run_budget", language), int(manifest["settings"]["budget_e4"])))
    return tuple(rows)


def _file_name(text: str) -> str:
    """Return a name that any file system takes: letters, digits, dots, dashes."""
    return "".join(letter if letter.isalnum() or letter in ".-_" else "_" for letter in text)
