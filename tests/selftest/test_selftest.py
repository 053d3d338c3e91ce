"""The checks of the self-test hold on both databases, and each finds the fault it looks for."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

import cli
from inventory.counter.adjustment import AdjustRequest
from inventory.database import open_database, read, write
from inventory.proof.fingerprint import ledger_hash
from inventory.scratch import PREFIX, scratch_database
from selftest.crashes import crash, missing_or_half
from selftest.operations import OPERATIONS
from selftest.outcome import Outcome, examined
from selftest.plain_books import PlainBooks
from selftest.power_cuts import cut_power
from selftest.races import race
from selftest.reimports import WAYS, reimport
from selftest.run import Size
from selftest.sequences import run_book, run_sequences
from selftest.turns import Answer, Turn
from tests.inventory.made_books import OPENING, moved, posted, shelf

SMALL = Size(processes=3, attempts=60, kills=3, cuts=5, operations=60, most_rows=100)


def held(outcome: Outcome) -> None:
    assert outcome.faults == ()
    assert outcome.skipped == ""
    assert outcome.tried > 0


def test_racing_processes_hand_out_exactly_what_there_is(initialised_url: str) -> None:
    outcome = race(initialised_url, SMALL.processes, SMALL.attempts, 1)
    held(outcome)
    assert outcome.facts["longest_wait"] > 0
    assert outcome.facts | {"longest_wait": 0} == {
        "processes": 3, "stock": 12, "served": 12, "refused": 0, "longest_wait": 0,
    }  # fmt: skip


def test_what_a_killed_process_acknowledged_is_in_the_books(initialised_url: str) -> None:
    outcome = crash(initialised_url, SMALL.kills, 1)
    held(outcome)
    assert outcome.facts["acknowledged"] >= SMALL.kills


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_what_was_acknowledged_before_a_power_cut_is_in_the_books(initialised_url: str) -> None:
    held(cut_power(initialised_url, SMALL.cuts, 1))


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_power_cut_is_felt_where_commits_are_not_synced(initialised_url: str) -> None:
    outcome = cut_power(initialised_url, SMALL.cuts, 1, "synchronous = OFF")
    assert any("acknowledged and lost" in fault for fault in outcome.faults)


@pytest.mark.postgres
@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_power_cuts_on_a_server_are_not_claimed(initialised_url: str) -> None:
    assert cut_power(initialised_url, SMALL.cuts, 1).skipped == "power_cuts_server"


def test_random_documents_come_to_what_the_plain_model_says(initialised_url: str) -> None:
    outcome = run_sequences(initialised_url, SMALL.operations, 1)
    held(outcome)
    assert outcome.tried == SMALL.operations
    assert outcome.facts["declined"] > 0


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_every_kind_of_document_comes_in_a_long_sequence(initialised_url: str) -> None:
    book = run_book(initialised_url, 5, 400)
    assert book.fault == ""
    assert set(book.done) == {each.name for each in OPERATIONS}
    assert min(book.counts[name] for name in ("declined", "repeated", "undone")) > 0


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_model_that_thinks_otherwise_is_noticed_and_the_shortest_beginning_told(
    initialised_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def generous(books: PlainBooks, asked: AdjustRequest, turn: Turn, number: str) -> Answer:
        if asked.difference_milli > 0:  # what is found is worth a little more than the books say
            more = replace(asked, unit_cost_e4=50_000)
            return adjustment.model(books, more, turn, number)
        return adjustment.model(books, asked, turn, number)

    adjustment = next(each for each in OPERATIONS if each.name == "adjustment")
    others = tuple(each for each in OPERATIONS if each.name != "adjustment")
    monkeypatch.setattr("selftest.sequences.OPERATIONS", (*others, replace(adjustment, model=generous)))
    monkeypatch.setattr("selftest.sequences._WEIGHTS", [1.0] * len(OPERATIONS))
    (told,) = run_sequences(initialised_url, 200, 9).faults
    assert "by the model" in told
    length = int(told.rpartition("--operations ")[2].rstrip(")"))
    assert f"--seed 9 --operations {length}" in told
    assert run_book(initialised_url, 9, length, is_careful=True).fault
    assert not run_book(initialised_url, 9, length - 1, is_careful=True).fault


def test_files_imported_in_any_portions_give_one_ledger_hash(
    initialised_url: str, database_kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if database_kind == "postgresql":  # the hardest way against the plainest suffices for a second database
        monkeypatch.setattr("selftest.reimports.WAYS", {name: WAYS[name] for name in ("once", "overlapping")})
    outcome = reimport(initialised_url, SMALL.most_rows, 1)
    held(outcome)
    assert outcome.facts["hashes"] == 1


def test_the_ledger_hash_tells_content_and_not_how_it_was_recorded(engine: sa.Engine) -> None:
    posted(engine, "D1", moved(OPENING, shelf("A"), 1, 10), moved(OPENING, shelf("B"), 2, 20))
    with scratch_database(str(engine.url.render_as_string(hide_password=False))) as url:
        other = open_database(url)
        posted(other, "D7", moved(OPENING, shelf("B"), 2, 20))
        posted(other, "D8", moved(OPENING, shelf("A"), 1, 10))
        with read(engine) as connection, read(other) as others:
            assert ledger_hash(connection) == ledger_hash(others)
        posted(other, "D9", moved(OPENING, shelf("A"), 1, 10))
        with read(engine) as connection, read(other) as others:
            assert ledger_hash(connection) != ledger_hash(others)
        other.dispose()


@pytest.mark.parametrize("statement", ["DELETE FROM movement WHERE line_no = 2", "UPDATE movement SET value_e4 = 5"])
def test_a_document_that_is_not_whole_is_named(engine: sa.Engine, statement: str) -> None:
    posted(engine, "D1", moved(OPENING, shelf("A"), 1, 10))
    posted(engine, "D2", moved(OPENING, shelf("A"), 1, 10), moved(OPENING, shelf("B"), 1, 10))
    with write(engine) as connection:
        assert examined(connection) == []
        if engine.dialect.name == "sqlite":
            for action in ("update", "delete"):
                connection.exec_driver_sql(f"DROP TRIGGER movement_no_{action}")
        else:
            connection.exec_driver_sql("ALTER TABLE movement DISABLE TRIGGER USER")
        connection.exec_driver_sql(statement)
        assert any("D2" in fault for fault in examined(connection))
        assert "acknowledged and lost: D3" in missing_or_half(connection, ["D1", "D3"])


def test_the_trial_leaves_nothing_behind_and_the_books_as_they_were(
    engine: sa.Engine, initialised_url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("selftest.run.QUICK", SMALL)
    posted(engine, "D1", moved(OPENING, shelf("A"), 1, 10))
    with read(engine) as connection:
        before = ledger_hash(connection)
    assert cli.run(["selftest", "--db", initialised_url, "--only", "sequences", "--only", "crashes", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["check"], row["state"]) for row in rows] == [("crashes", "held"), ("sequences", "held")]
    with read(engine) as connection:
        assert ledger_hash(connection) == before
        if engine.dialect.name == "postgresql":
            question = sa.text("SELECT count(*) FROM pg_database WHERE datname LIKE 'sparewise_trial%'")
            assert connection.execute(question).scalar_one() == 0
    if engine.dialect.name == "sqlite":
        assert not list(Path(str(engine.url.database)).parent.glob(f"{PREFIX}*"))


def test_a_check_that_fails_is_told_and_the_exit_code_says_so(
    initialised_url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("selftest.run.race", lambda *_: Outcome("races", 1, 1, {}, ("oversold",)))
    assert cli.run(["selftest", "--db", initialised_url, "--only", "races"]) == 1
    told = capsys.readouterr()
    assert "FAILED" in told.out
    assert "races: oversold" in told.err


@pytest.mark.postgres
@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_who_may_not_make_a_database_gets_a_schema(engine: sa.Engine, initialised_url: str) -> None:
    clerk = f"clerk_{random.Random(engine.url.database).getrandbits(40)}"
    with write(engine) as connection:
        connection.exec_driver_sql(f"CREATE ROLE {clerk} LOGIN")
        connection.exec_driver_sql(f"GRANT CREATE ON DATABASE {engine.url.database} TO {clerk}")
    url = engine.url.set(username=clerk).render_as_string(hide_password=False)
    with scratch_database(url) as made:
        assert "search_path" in made
        held(run_sequences(made, 30, 1))
    with write(engine) as connection:
        schemas = sa.text(f"SELECT count(*) FROM pg_namespace WHERE nspname LIKE '{PREFIX}%'")
        assert connection.execute(schemas).scalar_one() == 0
        connection.exec_driver_sql(f"DROP OWNED BY {clerk}")
        connection.exec_driver_sql(f"DROP ROLE {clerk}")


def test_where_nothing_can_be_made_the_trial_says_so(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert cli.run(["selftest", "--db", str(tmp_path / "none" / "books.db")]) == 2
    assert "nothing can be tried beside" in capsys.readouterr().err
    assert cli.run(["selftest", "--db", "postgresql://nobody@127.0.0.1:1/none?connect_timeout=2"]) == 2
    assert "nothing can be tried on the server" in capsys.readouterr().err
