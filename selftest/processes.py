"""Processes of their own for the trials, begun in milliseconds.

Where the system has a *fork server* (Linux and others), one process loads the program once and every trial's process is
its copy, so that a thousand of them may be killed in minutes. Elsewhere each loads the program anew. Neither inherits
an open database.
"""

from __future__ import annotations

import multiprocessing
from multiprocessing.context import ForkServerContext, SpawnContext

_LOADED_AHEAD = [
    "alembic.command",
    "alembic.script",
    "psycopg",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite.pysqlite",
    "selftest.crashes",
    "selftest.races",
]


def process_context() -> SpawnContext | ForkServerContext:
    """Return the context from which a trial's processes are begun."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_LOADED_AHEAD)
    return context
