"""How fast all managers' figures of a month are, over a year of a million movements, on SQLite and on PostgreSQL.

Run as ``python -m benchmarks.figures [URL …]``; without an address an SQLite file in the temporary folder and a
PostgreSQL server of its own from the package that the tests use. ``--movements N`` makes fewer. Eleven of the twelve
months are closed, as months are; every figure is computed in its first variant, in one read transaction, and the best
of `ROUNDS` is told, with the processor's time beside the clock's (on PostgreSQL the server's work is not in it).

At its head stands the time of a loop of ten million additions: what this machine is worth at this moment.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

import sqlalchemy as sa

from benchmarks.databases import print_of_each
from benchmarks.figures_books import LAST_DAY, fill_books
from demand.periods import PeriodKind, ordinal_of
from inventory.database import open_database, read
from inventory.figures.catalogue import FIGURES
from inventory.figures.computing import figures
from inventory.figures.scope import SPANS, Span, scope_of
from inventory.schema import demand_line, movement
from inventory.scratch import scratch_database

ROUNDS, MOVEMENTS = 5, 1_000_000


def measure(url: str, movements: int) -> Iterator[str]:
    """Yield one line per period: how long all figures of it take."""
    with scratch_database(url) as made:
        engine = open_database(made)
        fill_books(engine, movements, lambda said: print(said, file=sys.stderr, flush=True))
        _keep_house(engine)
        with read(engine) as connection:
            rows = [connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
                    for table in (movement, demand_line)]  # fmt: skip
        yield f"{rows[0]:,} movements, {rows[1]:,} lines of demand"
        for span in SPANS:
            clock, processor = best(engine, span)
            yield f"{len(FIGURES)} figures of a {span}: {clock:.2f} s, of them {processor:.2f} s processor (asked: 2)"
        engine.dispose()


def _keep_house(engine: sa.Engine) -> None:
    """Let PostgreSQL do at once what it does by itself some minutes after so many rows: count them, and tidy up."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM (ANALYZE)")


def best(engine: sa.Engine, span: Span) -> tuple[float, float]:
    """Return the seconds of the quickest round, by the clock and by the processor."""
    chosen = [(definition, definition.variant()) for definition in FIGURES.values()]
    month = ordinal_of(LAST_DAY, PeriodKind.MONTH)
    rounds = []
    for _ in range(ROUNDS):
        began, worked = time.perf_counter(), time.process_time()
        with read(engine) as connection:
            figures(connection, scope_of(connection, month, LAST_DAY, span=span), chosen)
        rounds.append((time.perf_counter() - began, time.process_time() - worked))
    return min(rounds)


def main(arguments: list[str]) -> None:
    """Measure each database and print one line per figure."""
    movements = int(arguments[arguments.index("--movements") + 1]) if "--movements" in arguments else MOVEMENTS
    print_of_each([each for each in arguments if "://" in each], lambda url: measure(url, movements))


if __name__ == "__main__":
    main(sys.argv[1:])
