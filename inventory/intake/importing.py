"""Files → the books, all or nothing: read, check, look references up, load; one transaction over everything.

Where there is a single finding nothing is written, and every finding of every file is in the report. A dry run does
all of it and writes nothing either.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from inventory.books.ledger import take_turn
from inventory.database import write
from inventory.findings import Finding
from inventory.intake.checking import CheckedTable, check
from inventory.intake.files import SUFFIXES, UnreadableFileError, read_table
from inventory.intake.loading import Recording, TableCounts, load
from inventory.intake.references import check_references, check_rings
from inventory.intake.tables import TABLES


@dataclass(frozen=True)
class ImportReport:
    """What an import did.

    Parameters
    ----------
    findings
        Every fault; where there is one, nothing was written.
    notes
        What was left out, or read in another way, and is no fault.
    counts
        One for each file that was loaded, in the order of loading; empty where nothing was.
    """

    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    counts: tuple[TableCounts, ...]


def _silent(_step: str) -> None:
    """Say nothing."""


def import_paths(
    engine: sa.Engine,
    kind: str | None,
    paths: Sequence[Path],
    as_of: date,
    user_name: str,
    recorded_at: str,
    *,
    dry_run: bool = False,
    tell: Callable[[str], None] = _silent,
) -> ImportReport:
    """Import files of one kind, or every table found in folders.

    Parameters
    ----------
    kind
        The table the files hold; None where `paths` are folders or files named by their table (``parts.csv``).
    paths
        Files or folders.
    as_of
        The business day the files are of; nothing in them may have happened later.
    user_name, recorded_at
        Who answers for it, and when it was recorded (ISO text, UTC).
    dry_run
        Do everything and write nothing.
    tell
        Is told each step as it begins.
    """
    files, findings, notes = _files(kind, paths)
    tables: list[CheckedTable] = []
    for each, path in files:
        tell(f"reading {path.name}")
        try:
            raw = read_table(path, each)
        except UnreadableFileError as fault:
            findings += fault.findings
            continue
        table, faults, remarks = check(raw, TABLES[each], as_of)
        tables.append(table)
        findings += faults
        notes += remarks
    counts: list[TableCounts] = []
    recording = Recording(as_of, user_name, recorded_at)
    with write(engine) as connection:
        take_turn(connection)
        tell("checking what the tables say of each other")
        faults, remarks = check_references(connection, tables)
        findings += faults
        findings += check_rings(connection, tables)
        notes += remarks
        for table in tables if not findings else []:
            tell(f"loading {table.rule.kind}")
            count, conflicts = load(connection, table, recording)
            counts.append(count)
            findings += conflicts
        if findings or dry_run:
            connection.get_transaction().rollback()  # type: ignore[union-attr]  # `write` has begun one
    return ImportReport(tuple(findings), tuple(notes), () if findings else tuple(counts))


def _files(kind: str | None, paths: Sequence[Path]) -> tuple[list[tuple[str, Path]], list[Finding], list[str]]:
    """Return the files with their kinds in the order of loading, and what is wrong with the choice of files."""
    found: list[tuple[str, Path]] = []
    findings: list[Finding] = []
    notes: list[str] = []
    for path in paths:
        if kind is not None:
            found.append((kind, path))
        elif path.is_dir():
            inside, left = _files_in(path)
            found += inside
            if left:
                notes.append(f"{path}: not taken: {', '.join(left)}")
            if not inside:
                findings.append(Finding(str(path), "", 0, "", "", f"a folder holds tables: {', '.join(TABLES)}", ""))
        else:
            reason = f"a file is named by its table ({', '.join(TABLES)}), or its table is given"
            findings.append(Finding(str(path), "", 0, "", path.name, reason, "sparewise import KIND FILE"))
    order = list(TABLES)
    found.sort(key=lambda each: order.index(each[0]))
    return found, findings, notes


def _files_in(folder: Path) -> tuple[list[tuple[str, Path]], list[str]]:
    found, left = [], []
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in SUFFIXES and path.stem in TABLES:
            found.append((path.stem, path))
        elif path.suffix.lower() in SUFFIXES:
            left.append(path.name)
    return found, left
