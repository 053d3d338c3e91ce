"""The queue of writers to one SQLite file: who comes back at once stands behind those who wait already.

SQLite has no queue. Who finds the file locked sleeps and asks again, the longer the rarer, and who gives the lock back
and wants it again at once gets it, so that of many writers some are never served. Here a writer first takes the *head*
of the queue, and only who has it asks for the turn; it gives the head up once it has the turn. Whoever had the turn
finds the head taken, and waits like all others; all of them ask for the head equally often, at moments drawn by chance.
With n writers waiting and t for each turn, a wait is n·t on the average and longer than x with a chance of
exp(−x/(n·t)).

The head is a lock of the operating system on a file beside the database (``…-queue``, empty), so it is given up by a
process that is killed. Where no such lock is to be had (a folder that may not be written to, a file system without
locks) there is no queue, and a writer asks for its turn by itself.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TURN_SECONDS = 0.001
"""Between two times that the head of the queue asks for the turn."""

_HEAD_SECONDS = (0.001, 0.02)
"""The least and the most between two times that any other asks for the head."""


@contextmanager
def head_of_queue(database: Path, until: float) -> Iterator[None]:
    """Wait for the head of a database's queue and hold it; go on without it where it does not come.

    Parameters
    ----------
    database
        The SQLite file.
    until
        How long to wait, on the clock of `time.monotonic`.
    """
    try:
        file = os.open(f"{database}-queue", os.O_RDWR | os.O_CREAT, 0o666)
    except OSError:
        yield
        return
    try:
        while _is_taken(file) and time.monotonic() < until:
            time.sleep(random.uniform(*_HEAD_SECONDS))  # noqa: S311 - by chance, and nobody's secret
        yield
    finally:
        os.close(file)  # gives the lock up


def _is_taken(file: int) -> bool:
    """Return whether somebody else has the head; else take it, where the system knows locks."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]  # of Windows only
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return True
    except OSError:
        return False  # this file system knows no such locks
    return False
