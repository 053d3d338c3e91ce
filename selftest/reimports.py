"""Re-imports: the same files at once, twice, shuffled, split and overlapping lead to the same ledger hash.

The files are those of the made dealership: stock, open orders and service history, after the tables these lean on. Rows
that belong together by nature stay together when a file is split: the lines of one purchase order, and the lines of one
part on one repair order, because a file that brings half an order says something else than the whole.
"""

from __future__ import annotations

import csv
import random
import tempfile
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from data_samples.dealership import sample_folder
from inventory.database import read
from inventory.proof.fingerprint import ledger_hash, rows_of
from inventory.scratch import scratch_database
from selftest.goods import import_folder, write_table
from selftest.outcome import Outcome, examined, opened

LEANT_ON = {"suppliers": "supplier", "order_channels": "supplier", "parts": "part_no", "vehicles": "vin"}
"""The tables that must be known first, and their keys; of the large ones, the rows that are named suffice."""

TOGETHER = {
    "stock": ("store", "part_no", "bin"),
    "open_orders": ("order_no",),
    "service_history": ("store", "order_no"),
}
"""The tables imported again and again, and the columns whose rows stay together."""

_PIECES = 3
Row = dict[str, str]
Portions = list[list[Row]]
"""The rows of one table, as the files in which they come, one after the other."""


def reimport(url: str, most_rows: int | None, seed: int, tell: Callable[[int, int], None] = lambda *_: None) -> Outcome:
    """Import the made dealership in every way, each into books of its own, and compare what the books say.

    Parameters
    ----------
    url
        Where the books are made, beside the user's.
    most_rows
        How many rows of each table at most; None: all.
    seed
        Of the order of rows, and of where files are split.
    tell
        Is told how many are done, and of how many.
    """
    rng = random.Random(seed)
    tables = {kind: _rows(kind)[:most_rows] for kind in TOGETHER}
    hashes: dict[str, str] = {}
    faults: list[str] = []
    posted = 0
    for way, portions in WAYS.items():
        with scratch_database(url) as made, tempfile.TemporaryDirectory() as name:
            _import(made, Path(name), {kind: portions(kind, rows, rng) for kind, rows in tables.items()})
            with opened(made) as engine, read(engine) as connection:
                hashes[way] = ledger_hash(connection)
                faults += [f"{way}: {each}" for each in examined(connection)]
                posted += rows_of(connection, "document")
        tell(len(hashes), len(WAYS))
    faults += [
        f"imported {way}, the books say something else" for way, found in hashes.items() if found != hashes["once"]
    ]
    facts = {"ways": len(hashes), "rows": sum(map(len, tables.values())), "hashes": len(set(hashes.values()))}
    return Outcome("reimports", len(hashes), posted, facts, tuple(faults))


@cache
def _rows(kind: str) -> list[Row]:
    with (sample_folder() / f"{kind}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _import(url: str, folder: Path, tables: dict[str, Portions]) -> None:
    masters = folder / "masters"
    masters.mkdir()
    named = {value for portions in tables.values() for rows in portions for row in rows for value in row.values()}
    for kind, key in LEANT_ON.items():
        rows = [row for row in _rows(kind) if row[key] in named or kind not in ("parts", "vehicles")]
        write_table(masters / f"{kind}.csv", list(rows[0]), (list(row.values()) for row in rows))
    import_folder(url, masters)
    for kind, portions in tables.items():
        for rows in portions:
            write_table(folder / f"{kind}.csv", list(rows[0]), (list(row.values()) for row in rows))
            import_folder(url, folder / f"{kind}.csv", kind=kind)


# --- the ways -----------------------------------------------------------------------------------------------------


def _once(_kind: str, rows: Sequence[Row], _rng: random.Random) -> Portions:
    return [list(rows)]


def _twice(_kind: str, rows: Sequence[Row], _rng: random.Random) -> Portions:
    return [list(rows), list(rows)]


def _shuffled(_kind: str, rows: Sequence[Row], rng: random.Random) -> Portions:
    return [rng.sample(rows, len(rows))]


def _split(kind: str, rows: Sequence[Row], rng: random.Random) -> Portions:
    """Return the rows in several files, drawn at random, those that belong together in one."""
    piece_of: dict[tuple[str, ...], int] = {}
    pieces: Portions = [[] for _ in range(_PIECES)]
    for row in rows:
        key = tuple(row[name] for name in TOGETHER[kind])
        pieces[piece_of.setdefault(key, rng.randrange(_PIECES))].append(row)
    return [piece for piece in pieces if piece]


def _overlapping(kind: str, rows: Sequence[Row], rng: random.Random) -> Portions:
    """Return files of which each brings rows of the one before again."""
    pieces = _split(kind, rows, rng)
    return [[*pieces[at - 1], *piece] if at else piece for at, piece in enumerate(pieces)]


WAYS: dict[str, Callable[[str, Sequence[Row], random.Random], Portions]] = {
    "once": _once,
    "twice": _twice,
    "shuffled": _shuffled,
    "split": _split,
    "overlapping": _overlapping,
}
