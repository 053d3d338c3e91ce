"""A PostgreSQL server killed whole, without warning, keeps every document it let the program acknowledge."""

from __future__ import annotations

import random
from typing import Any

import pytest

from inventory.database import initialise, open_database, read
from selftest.crashes import BINS, LONGEST_LIFE_SECONDS, PARTS, missing_or_half, one_life
from selftest.goods import stock_books
from tests.conftest import own_server


@pytest.mark.postgres
@pytest.mark.parametrize("kills", [2, pytest.param(20, marks=pytest.mark.soak)])
def test_a_server_killed_while_posting_loses_nothing_acknowledged(kills: int) -> None:
    rng = random.Random(kills)
    with own_server() as server:
        url = open_database(server.get_uri()).url.render_as_string(hide_password=False)
        engine = open_database(url)
        initialise(engine)
        engine.dispose()
        stock_books(url, PARTS, 1_000_000, BINS)
        acknowledged: list[str] = []
        for life in range(kills):
            moment = rng.uniform(0, LONGEST_LIFE_SECONDS)
            acknowledged += one_life(url, str(life), moment, lambda: kill_whole(server))
            server.ensure_postgres_running()
        with engine.connect() as connection:
            assert connection.exec_driver_sql("SHOW fsync").scalar_one() == "on"
        with read(engine) as connection:
            assert missing_or_half(connection, acknowledged) == []
        engine.dispose()
    assert len(acknowledged) >= kills


def kill_whole(server: Any) -> None:
    """Kill the server's first process and all it has started."""
    first = server.get_postmaster_info().process
    processes = [first, *first.children(recursive=True)]
    for each in processes:
        each.kill()
    for each in processes:
        each.wait(timeout=30)
