"""Crashes: a process that posts without pause is killed at a random moment, again and again.

It posts two kinds of documents in turn: an issue with its line in the demand log, and a document of many movements.
Each that was committed it acknowledges on a pipe, as the program acknowledges on the screen. It is killed as an
operating system kills (SIGKILL, no handler, nothing flushed). Afterwards every acknowledged document is in the books,
none is there half, and the balances are the sums of the movements.

It says nothing about a power cut, because the system writes on what a killed process had handed over (see
`power_cuts`).
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from inventory.books.balances import balances
from inventory.books.ledger import post
from inventory.books.movements import Document, Movement, Place, PlaceKind
from inventory.counter.issues import KIND as ISSUE
from inventory.counter.issues import IssueRequest, issue
from inventory.database import open_initialised, read, write
from inventory.proof.fingerprint import Recorded, recorded, rows_of
from selftest.goods import LAST_DAY, RECORDED_AT, STORE, USER, part_numbers, stock_books
from selftest.outcome import Outcome, agreed, examined, opened
from selftest.processes import process_context

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    import sqlalchemy as sa

PARTS = part_numbers(20)
BINS = ("A", "B")
MOVE = "trial-move"
LONGEST_LIFE_SECONDS = 0.12
_FIRST_ANSWER_SECONDS = 120


def crash(url: str, kills: int, seed: int, tell: Callable[[int, int], None] = lambda *_: None) -> Outcome:
    """Kill a posting process at random moments, and hold the books against what it acknowledged.

    Parameters
    ----------
    url
        Initialised books without rows, which the trial fills.
    kills
        How often.
    seed
        Of the moments.
    tell
        Is told how many are done, and of how many.
    """
    stock_books(url, PARTS, 1_000_000, BINS)
    rng = random.Random(seed)
    acknowledged: list[str] = []
    for life in range(kills):
        heard = one_life(url, f"{seed}-{life}", rng.uniform(0, LONGEST_LIFE_SECONDS))
        if not heard:
            return Outcome("crashes", life, 0, {}, (f"no document in {_FIRST_ANSWER_SECONDS} s after crash {life}",))
        acknowledged += heard
        tell(life + 1, kills)
    with opened(url) as engine, read(engine) as connection:
        faults = missing_or_half(connection, acknowledged)
        facts = {"acknowledged": len(acknowledged)}
        return Outcome("crashes", kills, rows_of(connection, "document"), facts, tuple(faults))


def one_life(url: str, name: str, seconds: float, end: Callable[[], None] | None = None) -> list[str]:
    """Let a process post for a while from its first acknowledgement on, and kill it; return what it acknowledged.

    Parameters
    ----------
    end
        What ends its life before it is killed itself, such as killing the server it posts to.
    """
    context = process_context()
    hears, speaks = context.Pipe(duplex=False)
    poster = context.Process(target=_post_without_pause, args=(url, name, speaks), daemon=True)
    poster.start()
    speaks.close()
    if hears.poll(_FIRST_ANSWER_SECONDS):
        time.sleep(seconds)
    if end is not None:
        end()
    poster.kill()
    poster.join()
    return list(_heard(hears))


def missing_or_half(connection: sa.Connection, acknowledged: list[str]) -> list[str]:
    """Return what was acknowledged and is not in the books, and what is there and not whole."""
    there = {each.number: each for each in recorded(connection)}
    faults = [f"acknowledged and lost: {number}" for number in acknowledged if number not in there]
    faults += [f"half there: {each.number}" for each in there.values() if each.movements != _whole(each)]
    issued = sum(each.kind == ISSUE for each in there.values())
    agreed(faults, "lines of the demand log", rows_of(connection, "demand_line"), issued)
    return faults + examined(connection)


def _whole(each: Recorded) -> int:
    return {MOVE: len(PARTS), ISSUE: 1}.get(each.kind, each.movements)


def _heard(pipe: Connection) -> Iterator[str]:
    """Yield what came through whole before the end."""
    while True:
        try:
            yield pipe.recv()
        except (EOFError, OSError):
            return


def _post_without_pause(url: str, life: str, speaks: Connection) -> None:
    engine = open_initialised(url)
    turn = 0
    while True:
        speaks.send(post_one(engine, life, turn))
        turn += 1


def post_one(engine: sa.Engine, life: str, turn: int) -> str:
    """Post one document, an issue or a move of every part by turns, and return its number."""
    with write(engine) as connection:
        if turn % 2:
            asked = IssueRequest(STORE, PARTS[turn % len(PARTS)], 1000, f"RO-{life}-{turn}", outcome="lost")
            answer = issue(connection, asked, LAST_DAY, USER, None, RECORDED_AT)
            assert answer.posting is not None
            return answer.posting.number
        held = balances(connection, [STORE], PARTS)
        source, target = BINS if turn % 4 else BINS[::-1]
        values = {where.part_no: amount for where, amount in held.items() if where.place_name == source}
        movements = tuple(
            Movement(
                STORE,
                part_no,
                Place(PlaceKind.BIN, source),
                Place(PlaceKind.BIN, target),
                1000,
                values[part_no].value_e4 * 1000 // values[part_no].quantity_milli,
            )
            for part_no in PARTS
        )
        number = f"MOVE-{life}-{turn}"
        return post(connection, Document(MOVE, number, LAST_DAY, USER, number, movements, {}), RECORDED_AT).number
