"""A database is brought to the program's shape once, is refused where it has another, and keeps its logs."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from inventory import schema, schemas
from inventory.database import (
    UnusableDatabaseError,
    _config,
    _revisions,
    initialise,
    open_database,
    open_initialised,
    read,
    require_initialised,
    write,
)

DOCUMENT = {
    "number": "D1",
    "kind": "opening",
    "effective_on": "2026-01-01",
    "recorded_at": "2026-01-01T00:00:00Z",
    "user_name": "ann",
    "idempotency_key": "k1",
    "content_hash": "h",
    "body": "{}",
}


def shape(engine: sa.Engine) -> dict[str, object]:
    """Columns, keys, references, indexes and checks of every table, as the database tells them."""
    inspector = sa.inspect(engine)
    found: dict[str, object] = {}
    for table in sorted(set(inspector.get_table_names()) - {"alembic_version"}):
        found[table] = {
            "columns": [(c["name"], str(c["type"]), c["nullable"]) for c in inspector.get_columns(table)],
            "key": inspector.get_pk_constraint(table),
            "references": sorted(str(sorted(r.items())) for r in inspector.get_foreign_keys(table)),
            "unique": sorted((str(u["name"]), u["column_names"]) for u in inspector.get_unique_constraints(table)),
            "checks": sorted((str(c["name"]), c["sqltext"]) for c in inspector.get_check_constraints(table)),
            "indexes": sorted((str(i["name"]), i["column_names"]) for i in inspector.get_indexes(table)),
        }
    return found


def _not_by_statement(thing: object, _name: object, kind: str, is_there: bool, _other: object) -> bool:
    """Leave out references that PostgreSQL checks once per statement; others it has to have, and no more."""
    table = getattr(thing, "table", None)
    by_statement = table is not None and table.name in schemas.REFERRED_BY_STATEMENT
    return kind != "foreign_key_constraint" or is_there or not by_statement


def test_the_steps_lead_to_the_shape_the_program_expects(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        options = {"compare_type": True, "include_object": _not_by_statement}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, schemas.metadata) == []


def test_keys_references_and_checks_are_the_same_as_the_program_expects(engine: sa.Engine, database_url: str) -> None:
    expected = open_database(database_url)
    schemas.metadata.create_all(expected)
    assert shape(engine) == shape(expected)
    expected.dispose()


def test_balances_inside_come_through_the_steps_and_none_of_them_may_be_below_zero(database_url: str) -> None:
    """One database is brought to its first shape, filled, and brought to the present one."""
    engine = open_database(database_url)
    kept, outside = ("S01", "P1", "bin", "A", 3000, 30_000), ("S01", "P1", "supplier", "GPC", -3000, -30_000)
    with write(engine) as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(sa.insert(schema.balance).values([kept, outside]))
    assert initialise(engine)
    with read(engine) as connection:
        assert connection.execute(sa.select(schema.balance)).all() == [kept]
    with pytest.raises(sa.exc.IntegrityError), write(engine) as connection:
        connection.execute(sa.insert(schema.balance).values(("S01", "P1", "transit", "T1", -1000, 0)))
    engine.dispose()


def test_text_is_in_the_order_of_its_code_points_whatever_the_servers_language(engine: sa.Engine) -> None:
    with read(engine) as connection:
        if engine.dialect.name == "postgresql":
            columns = sa.text(
                "SELECT DISTINCT collation_name FROM information_schema.columns"
                " WHERE table_schema = current_schema() AND data_type = 'text'"
            )
            assert connection.execute(columns).scalars().all() == ["C"]
    with write(engine) as connection:
        names = ["part", "Part", "P-1", "P1", "机油滤芯", "é"]
        connection.execute(sa.insert(schema.supplier).values([(name, "") for name in names]))
        told = connection.execute(sa.select(schema.supplier.c.supplier).order_by(schema.supplier.c.supplier))
        assert told.scalars().all() == sorted(names)


def test_initialising_twice_changes_nothing(database_url: str) -> None:
    engine = open_database(database_url)
    with pytest.raises(UnusableDatabaseError):
        require_initialised(engine)
    assert initialise(engine)
    require_initialised(engine)
    assert not initialise(engine)
    engine.dispose()


def test_a_database_that_is_not_initialised_is_refused_with_the_next_step(database_url: str) -> None:
    with pytest.raises(UnusableDatabaseError, match="sparewise init"):
        open_initialised(database_url)


def test_asking_for_a_database_that_is_not_there_makes_no_file(tmp_path: Path) -> None:
    with pytest.raises(UnusableDatabaseError, match="no database"):
        open_initialised(f"sqlite:///{tmp_path / 'none.db'}")
    assert list(tmp_path.iterdir()) == []


def test_a_database_of_a_newer_program_is_refused_and_left_alone(engine: sa.Engine, initialised_url: str) -> None:
    with write(engine) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(UnusableDatabaseError, match="newer version"):
        open_initialised(initialised_url)
    with pytest.raises(UnusableDatabaseError, match="newer version"):
        initialise(engine)


def test_each_step_is_known_by_the_name_of_its_file() -> None:
    steps = ScriptDirectory.from_config(_config())
    assert _revisions() == sorted(str(step.revision) for step in steps.walk_revisions())
    assert _revisions()[-1] == steps.get_current_head()


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Dear Sir, this is a letter and by no means a database. " * 40)
    with pytest.raises(UnusableDatabaseError, match="no database"):
        open_initialised(f"sqlite:///{path}")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("parts.db", "is written like"),
        ("mysql://somewhere/parts", "begins like"),
        ("sqlite://", "live in a file"),
        ("sqlite:///:memory:", "live in a file"),
    ],
)
def test_an_address_of_another_kind_is_refused(url: str, reason: str) -> None:
    with pytest.raises(UnusableDatabaseError, match=reason):
        open_database(url)


def test_a_server_that_does_not_answer_is_told_and_not_thrown() -> None:
    with pytest.raises(UnusableDatabaseError, match="can't be re"):
        open_initialised("postgresql://nobody@127.0.0.1:1/none?connect_timeout=2")


@pytest.mark.parametrize("table", schemas.APPEND_ONLY)
def test_every_log_is_guarded_by_the_database(engine: sa.Engine, table: str) -> None:
    if engine.dialect.name == "sqlite":
        triggers = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :name"
        expected = 2
    else:
        triggers = (
            "SELECT count(*) FROM information_schema.triggers"
            " WHERE event_object_table = :name AND event_manipulation IN ('UPDATE', 'DELETE')"
        )
        expected = 2
    with read(engine) as connection:
        assert connection.execute(sa.text(triggers), {"name": table}).scalar_one() == expected


CHANGES = {
    "both": ("UPDATE document SET user_name = 'eve'", "DELETE FROM document"),
    "sqlite": (
        "INSERT OR REPLACE INTO document SELECT sequence, number, kind, effective_on, recorded_at, 'eve',"
        " idempotency_key, content_hash, body, stated_on FROM document",
    ),
    "postgresql": ("TRUNCATE document CASCADE",),
}


def test_what_was_recorded_is_never_changed(engine: sa.Engine) -> None:
    with write(engine) as connection:
        connection.execute(sa.insert(schema.document).values(DOCUMENT))
    for change in CHANGES["both"] + CHANGES[engine.dialect.name]:
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), write(engine) as connection:
            connection.execute(sa.text(change))
    with read(engine) as connection:
        assert connection.execute(sa.select(schema.document.c.user_name)).scalars().all() == ["ann"]


@pytest.mark.parametrize("name", schemas.REFERRED_BY_STATEMENT)
def test_a_row_of_a_log_refers_to_what_is_there(engine: sa.Engine, name: str) -> None:
    table = schemas.metadata.tables[name]
    stranger = {column.name: "x" if isinstance(column.type, sa.Text) else 999 for column in table.columns}
    with pytest.raises(sa.exc.IntegrityError), write(engine) as connection:
        connection.execute(sa.insert(table).values(stranger))
    with read(engine) as connection:
        assert connection.execute(sa.select(table)).all() == []


def test_a_fault_in_the_middle_leaves_nothing_behind(engine: sa.Engine) -> None:
    twice = [{"supplier": "GPC", "name": "GPC"}, {"supplier": "GPC", "name": "again"}]
    with pytest.raises(sa.exc.IntegrityError), write(engine) as connection:
        connection.execute(sa.insert(schema.supplier), twice)
    with read(engine) as connection:
        assert connection.execute(sa.select(schema.supplier)).all() == []


def test_a_reader_sees_one_state_from_first_to_last(engine: sa.Engine) -> None:
    count = sa.select(sa.func.count()).select_from(schema.supplier)
    with read(engine) as reader:
        assert reader.execute(count).scalar_one() == 0
        with write(engine) as writer:
            writer.execute(sa.insert(schema.supplier).values(supplier="GPC", name="GPC"))
        assert reader.execute(count).scalar_one() == 0
    with read(engine) as reader:
        assert reader.execute(count).scalar_one() == 1


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_writer_waits_for_its_turn_and_is_told_when_it_does_not_come(
    engine: sa.Engine, initialised_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = open_database(initialised_url)
    with ThreadPoolExecutor(1) as beside:
        with write(engine) as writer:
            waiting = beside.submit(_named, other, "GPC")
            writer.execute(sa.insert(schema.supplier).values(supplier="first", name=""))
            time.sleep(0.2)
            assert not waiting.done()
        waiting.result(timeout=60)
    monkeypatch.setattr("inventory.database._PATIENCE_MS", 200)
    with write(engine), pytest.raises(UnusableDatabaseError, match="kept it locked for too long"):
        _named(other, "late")
    with read(other) as reader:
        assert reader.execute(sa.select(schema.supplier.c.supplier)).scalars().all() == ["GPC", "first"]
    other.dispose()


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_who_waited_long_is_served_as_soon_as_who_comes_just_now(engine: sa.Engine, initialised_url: str) -> None:
    """Writers that come back at once do not push aside one that waits already: it gets its turn among theirs."""
    others = [open_database(initialised_url) for _ in range(3)]
    until = time.monotonic() + 2
    turns = [0, 0, 0]

    def write_again_and_again(at: int) -> None:
        while time.monotonic() < until:
            with write(others[at]):
                turns[at] += 1
                time.sleep(0.005)

    with ThreadPoolExecutor(3) as beside:
        list(beside.map(write_again_and_again, range(3)))
    assert min(turns) * 4 > max(turns), turns
    for each in others:
        each.dispose()


def _named(engine: sa.Engine, supplier: str) -> None:
    with write(engine) as connection:
        connection.execute(sa.insert(schema.supplier).values(supplier=supplier, name=""))
