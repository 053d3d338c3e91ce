"""How long the proof of the books takes: a million movements, posted in bulk by the program itself, then verified."""

from __future__ import annotations

import os
from collections.abc import Callable

from benchmarks.posting import DOCUMENTS, LINES, documents, post_bulk, timed
from inventory.database import open_database
from inventory.proof.verification import verify_books
from inventory.scratch import scratch_database

MOVEMENTS, PARTS = 1_000_000, 20_000


def measure_verify(url: str, rounds: int, say: Callable[[str], None]) -> list[float]:
    """Return the seconds of each verification of the same books, with as many processes as there are processors."""
    with scratch_database(url) as made:
        engine = open_database(made)
        batches = MOVEMENTS // (DOCUMENTS * LINES)

        def post() -> None:
            for round_ in range(batches):
                post_bulk(engine, documents(round_, PARTS))

        say(f"{batches * DOCUMENTS * LINES:,} movements posted in {timed(post):.0f} s")

        def prove() -> None:
            assert verify_books(engine, os.cpu_count() or 1) == []

        seconds = [timed(prove) for _ in range(rounds)]
        engine.dispose()
    return seconds
