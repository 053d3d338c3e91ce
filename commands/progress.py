"""Long steps tell on a terminal what they are at; elsewhere they are silent."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress(first_step: str) -> Iterator[Callable[[str], None]]:
    """Show a step on standard error while it runs; the value yielded names the next one."""
    if not sys.stderr.isatty():
        yield lambda _step: None
        return
    from rich.console import Console

    with Console(stderr=True).status(first_step) as status:
        yield status.update
