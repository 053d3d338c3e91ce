"""A small made store for trials, brought into empty books by the program's own import: parts, a supplier, stock."""

from __future__ import annotations

import csv
import random
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TypeVar

from inventory.database import write
from selftest.outcome import opened

FIRST_DAY = date(2026, 1, 5)
RECORDED_AT = "2026-01-05T08:00:00+00:00"
USER = "selftest"
STORE = "S01"
SUPPLIER = "MAKER"
COST_E4 = 3_3333
"""What the parts table says a unit costs; it does not divide evenly."""


def part_numbers(count: int) -> list[str]:
    """Return part numbers with the leading zeros that part numbers have."""
    return [f"00{number:06d}" for number in range(1, count + 1)]


PARTS = part_numbers(10)
BINS = ("A", "B", "C")
STORES = (STORE, "S02")
DEPOSITS_E4 = dict.fromkeys(PARTS[:2], 7_7777)
"""Parts bought with a core, and what is paid for it."""

CUSTODY_DAYS = 10


Choice = TypeVar("Choice")


def some(rng: random.Random, numbers: Sequence[Choice]) -> Choice | None:
    """Return one of them; None where there is none."""
    return rng.choice(numbers) if numbers else None


def a_store(rng: random.Random) -> str:
    """Return a store: the first rather than the second."""
    return rng.choice((*STORES, STORE, STORE))


def ready_books(url: str) -> None:
    """Bring in the parts of random sequences, their deposits, and the rule of custody."""
    from inventory.claims.core_deposits import set_deposit
    from inventory.claims.warranty_custody import set_days

    stock_books(url, PARTS, 0)
    with opened(url) as engine, write(engine) as connection:
        for part_no, deposit_e4 in DEPOSITS_E4.items():
            set_deposit(connection, part_no, deposit_e4)
        set_days(connection, SUPPLIER, CUSTODY_DAYS)


def stock_books(url: str, part_nos: Sequence[str], quantity: int, bins: Sequence[str] = ("A",)) -> None:
    """Import the parts, and stock of each in each bin, at a unit cost that does not divide evenly."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_table(folder / "suppliers.csv", ["supplier", "name"], [[SUPPLIER, "made"]])
        write_table(
            folder / "parts.csv",
            ["part_no", "name", "unit_cost", "supplier"],
            ([part_no, f"part {part_no}", COST_E4 / 10_000, SUPPLIER] for part_no in part_nos),
        )
        if quantity:
            write_table(
                folder / "stock.csv",
                ["store", "part_no", "bin", "quantity", "unit_cost"],
                ([STORE, part_no, bin_name, quantity, COST_E4 / 10_000] for part_no in part_nos for bin_name in bins),
            )
        import_folder(url, folder)


def import_folder(url: str, *paths: Path, kind: str | None = None) -> None:
    """Import tables as the command does.

    Raises
    ------
    ValueError
        With every fault, where the program does not take them.
    """
    from inventory.intake.importing import import_paths  # wakes pandas, which racing processes do without

    with opened(url) as engine:
        report = import_paths(engine, kind, paths, LAST_DAY, USER, RECORDED_AT)
    if report.findings:
        raise ValueError("; ".join(f"{each.source} {each.row}: {each.reason}" for each in report.findings[:5]))


LAST_DAY = date(2026, 6, 30)
"""The day the trial's files are of: the last day of the made dealership."""


def write_table(path: Path, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write one import table as CSV."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(headings)
        writer.writerows(rows)
