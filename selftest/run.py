"""All checks one after the other, each in books of its own beside the user's, and what they came to.

Two sizes: *quick* for any day, *full* for the figures the project promises. Times are measured and reported, never
judged: how quick a machine is says nothing about whether its books add up.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from inventory.scratch import scratch_database
from selftest.crashes import crash
from selftest.outcome import Outcome
from selftest.power_cuts import cut_power
from selftest.races import race
from selftest.reimports import reimport
from selftest.sequences import run_sequences


@dataclass(frozen=True)
class Size:
    """How much of each check is done."""

    processes: int
    attempts: int
    kills: int
    cuts: int
    operations: int
    most_rows: int | None
    workers: int = 1
    """Processes over which random sequences are spread."""


QUICK = Size(processes=8, attempts=400, kills=20, cuts=20, operations=1000, most_rows=2000)
FULL = Size(processes=64, attempts=100_000, kills=1000, cuts=200, operations=1_000_000, most_rows=None, workers=2)

CHECKS = ("races", "crashes", "power_cuts", "sequences", "reimports")


@dataclass(frozen=True)
class Timed:
    """An outcome and how long it took."""

    outcome: Outcome
    seconds: float


def _silent(_check: str, _done: int, _of: int) -> None:
    """Tell nobody how far a check is."""


def run(
    url: str, size: Size, seed: int, only: Sequence[str] = CHECKS, tell: Callable[[str, int, int], None] = _silent
) -> Iterator[Timed]:
    """Yield the outcome of each check as it is done.

    Parameters
    ----------
    url
        The user's database: beside it, never in it, the checks make their own.
    size
        How much is done.
    seed
        The same seed draws the same trials; which process is quicker is the machine's.
    only
        Some of `CHECKS`.
    tell
        Is told which check is how far, and of how much.
    """

    def told(check: str) -> Callable[[int, int], None]:
        return lambda done, of: tell(check, done, of)

    own = partial(_in_own_books, url)
    checks: dict[str, Callable[[], Outcome]] = {
        "races": lambda: own(lambda made: race(made, size.processes, size.attempts, seed, told("races"))),
        "crashes": lambda: own(lambda made: crash(made, size.kills, seed, told("crashes"))),
        "power_cuts": lambda: own(lambda made: cut_power(made, size.cuts, seed, tell=told("power_cuts"))),
        "sequences": lambda: run_sequences(url, size.operations, seed, size.workers, told("sequences")),
        "reimports": lambda: reimport(url, size.most_rows, seed, told("reimports")),
    }
    for name in CHECKS:
        if name in only:
            began = time.perf_counter()
            outcome = checks[name]()
            yield Timed(outcome, time.perf_counter() - began)


def _in_own_books(url: str, check: Callable[[str], Outcome]) -> Outcome:
    with scratch_database(url) as made:
        return check(made)
