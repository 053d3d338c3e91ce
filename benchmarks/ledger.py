"""How fast the ledger is, on SQLite and on PostgreSQL, each figure beside what it is held against.

Run as ``python -m benchmarks.ledger [URL …]``; without an address an SQLite file in the temporary folder, with every
commit synced, and a PostgreSQL server of its own from the package that the tests use, as that package comes. Everything
happens in databases of its own beside those named. ``--quick`` leaves out the million movements.

The middle of `ROUNDS` runs each. At its head stands the time of a loop of ten million additions: what this machine is
worth at this moment.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterator

from benchmarks.databases import print_of_each
from benchmarks.posting import (
    RECEIPT_LINES,
    SUCCESSORS,
    measure_back_dated,
    measure_bulk,
    measure_receipt,
    measure_single,
)
from benchmarks.proof import MOVEMENTS, measure_verify
from benchmarks.stocktake import LINES, measure_stocktake

ROUNDS = 5
VERIFY_ROUNDS = 3


def figures(url: str, *, quick: bool) -> Iterator[str]:
    """Yield one line per figure of a database."""
    rates = measure_bulk(url, ROUNDS)
    copied = f", by COPY {rates.copied:,.0f}/s" if rates.copied else ""
    yield (
        f"bulk posting {rates.posted:,.0f} movements/s, bare executemany {rates.bare:,.0f}/s{copied};"
        f" ratio {rates.posted / rates.bare:.2f} (asked: 0.33)"
    )
    yield f"one line in one document {1000 * measure_single(url):.1f} ms"
    yield f"receipt of {RECEIPT_LINES:,} lines {measure_receipt(url, ROUNDS):.2f} s (asked: 2)"
    for one_in in (20, 1):
        seconds = measure_stocktake(url, one_in)
        steps = ", ".join(f"{step} {took:.2f} s" for step, took in seconds.items())
        yield f"stocktake of {LINES:,} lines, one in {one_in} differs: {steps} (approved, asked: 2)"
    back_dated = 1000 * measure_back_dated(url, ROUNDS)
    yield f"back-dated entry with {SUCCESSORS:,} successors {back_dated:.0f} ms (asked: 50)"
    if not quick:
        said: list[str] = []
        verified = measure_verify(url, VERIFY_ROUNDS, said.append)
        yield from said
        yield f"verify of {MOVEMENTS:,} movements {statistics.median(verified):.1f} s (asked: 20)"


def main(arguments: list[str]) -> None:
    """Measure each database and print one line per figure."""
    urls = [each for each in arguments if each != "--quick"]
    print_of_each(urls, lambda url: figures(url, quick="--quick" in arguments))


if __name__ == "__main__":
    main(sys.argv[1:])
