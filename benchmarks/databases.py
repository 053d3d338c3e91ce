"""Where a measurement of the books takes place: the databases named, else one of each kind made for it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa

from benchmarks.posting import timed
from tests.conftest import own_server


def print_of_each(urls: Sequence[str], lines_of: Callable[[str], Iterator[str]]) -> None:
    """Print what this machine is worth at this moment, then the lines of each database, with its kind before them.

    Parameters
    ----------
    urls
        The databases; where none is named, an SQLite file in the temporary folder and a PostgreSQL server of its own
        from the package that the tests use. Where that is missing, this is said.
    lines_of
        Measures one database and yields a line per figure.
    """
    print(f"ten million additions {timed(lambda: sum(range(10_000_000))):.2f} s")
    with ExitStack() as stack:
        places = list(urls)
        if not places:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            places = [f"sqlite:///{Path(folder) / 'books.db'}"]
            try:
                places.append(stack.enter_context(own_server()).get_uri())
            except pytest.skip.Exception as why:
                print(f"postgresql: not measured; {why}")
        for url in places:
            kind = sa.make_url(url).get_backend_name()
            for line in lines_of(url):
                print(f"{kind}: {line}", flush=True)
