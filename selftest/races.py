"""Races: many processes ask for the same scarce parts at once; what is handed out is what there was, exactly.

Each process issues one unit of a part drawn at random, by the same code as `sparewise issue`, again and again. There is
far less stock than is asked for, so every unit is fought over; whoever goes without is written into the demand log. At
the end as many were served as there was stock, every request is in the log, nothing is left, and no process was told of
a lock, a deadlock or any other fault.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from inventory.books.balances import on_hand
from inventory.counter.issues import IssueRequest, issue
from inventory.database import open_initialised, read, write
from inventory.proof.fingerprint import rows_of
from selftest.goods import LAST_DAY, RECORDED_AT, STORE, USER, part_numbers, stock_books
from selftest.outcome import Outcome, agreed, examined, opened
from selftest.processes import process_context

if TYPE_CHECKING:
    from multiprocessing.synchronize import Barrier

_SCARCITY = 5
"""How many times more is asked for than there is."""

_TOLD_AFTER = 100
_START_SECONDS, _RACE_SECONDS = 600, 7200


def race(
    url: str, processes: int, attempts: int, seed: int, tell: Callable[[int, int], None] = lambda *_: None
) -> Outcome:
    """Let processes fight over scarce stock in empty books, and count.

    Parameters
    ----------
    url
        Initialised books without rows, which the race fills.
    processes, attempts
        How many at once, and how many requests all of them make together.
    seed
        Of the parts drawn.
    tell
        Is told how many are done, and of how many.
    """
    parts = part_numbers(min(50, max(1, attempts // 80)))
    each_part = attempts // len(parts) // _SCARCITY
    stock_books(url, parts, each_part)
    share = [attempts // processes + (at < attempts % processes) for at in range(processes)]
    context = process_context()
    together, answers = context.Barrier(processes), context.Queue()
    racers = [
        context.Process(target=_ask, args=(url, f"{seed}-{at}", parts, share[at], together, answers), daemon=True)
        for at in range(processes)
    ]
    for racer in racers:
        racer.start()
    served: Counter[str] = Counter()
    told: list[str] = []
    asked, longest = 0, 0.0
    while asked < attempts:
        done, won, faults, waited = answers.get(timeout=_RACE_SECONDS)
        asked += done
        served.update(won)
        told += faults
        longest = max(longest, waited)
        tell(asked, attempts)
    for racer in racers:
        racer.join()
    faults = told[:5]
    with opened(url) as engine, read(engine) as connection:
        agreed(faults, "units handed out", served.total(), each_part * len(parts))
        agreed(faults, "parts of which another number was handed out", sum(n != each_part for n in served.values()), 0)
        agreed(faults, "parts left on the shelf", len(on_hand(connection, LAST_DAY)), 0)
        agreed(faults, "requests in the demand log", rows_of(connection, "demand_line"), attempts)
        faults += examined(connection)
        posted = rows_of(connection, "document")
    facts = {"processes": processes, "stock": each_part * len(parts), "served": served.total(), "refused": len(told),
             "longest_wait": round(longest * 1000)}  # fmt: skip
    return Outcome("races", attempts, posted, facts, tuple(faults))


def _ask(url: str, name: str, parts: list[str], attempts: int, together: Barrier, answers: Any) -> None:
    """Ask for one unit again and again, in a process of its own; answer what was got, and what was told in words."""
    rng = random.Random(name)
    won: Counter[str] = Counter()
    told: list[str] = []
    waited = 0.0
    engine = open_initialised(url)
    together.wait(_START_SECONDS)
    for number in range(attempts):
        asked = IssueRequest(STORE, rng.choice(parts), 1000, f"RO-{name}-{number}", outcome="lost")
        began = time.perf_counter()
        try:
            with write(engine) as connection:
                answer = issue(connection, asked, LAST_DAY, USER, None, RECORDED_AT)
        except Exception as fault:  # noqa: BLE001 - whatever a user would be told here is what this check looks for
            told.append(f"{type(fault).__name__}: {fault}")
        else:
            won[asked.part_no] += answer.supplied_milli // 1000
        waited = max(waited, time.perf_counter() - began)
        if (number + 1) % _TOLD_AFTER == 0:
            answers.put((_TOLD_AFTER, won, told, waited))
            won, told = Counter(), []
    engine.dispose()
    answers.put((attempts % _TOLD_AFTER, won, told, waited))
