"""Several processes, one shelf: a line is counted by one of them, and a count is posted once."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable

import sqlalchemy as sa

from inventory.counting.heads import CountConflictError
from inventory.database import open_database
from tests.inventory.counting.made_counting import approved, entered, opened
from tests.inventory.made_books import STORE, stocked, with_parts

WORKERS = 3


def opening(url: str) -> bool:
    return _with(url, lambda engine: not opened(engine).findings)


def approving(url: str) -> bool:
    try:
        return _with(url, lambda engine: approved(engine, "COUNT-000002").posting is not None)
    except CountConflictError:
        return False


def _with(url: str, act: Callable[[sa.Engine], bool]) -> bool:
    engine = open_database(url)
    try:
        return act(engine)
    finally:
        engine.dispose()


def test_of_processes_that_open_the_same_count_or_approve_it_one_succeeds(
    engine: sa.Engine, initialised_url: str
) -> None:
    with_parts(engine, {"P1": 10})
    stocked(engine, [(STORE, "P1", "A", 20, 10, "")])
    with multiprocessing.get_context("spawn").Pool(WORKERS) as pool:
        assert sum(pool.map(opening, [initialised_url] * WORKERS, chunksize=1)) == 1
        entered(engine, "COUNT-000002", ("P1", "A", 20, "ann", ""))
        assert sum(pool.map(approving, [initialised_url] * WORKERS, chunksize=1)) == 1
