"""The rules of the books, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import multiprocessing
from datetime import date

import pytest
import sqlalchemy as sa

from inventory.books.balances import Amount, balances, balances_on, differences, pools
from inventory.books.ledger import LedgerConflictError, Posting, StockShortError, next_number, repeat_of
from inventory.books.movements import Document, Movement, Place, PlaceKind
from inventory.database import open_database, read, write
from inventory.schema import balance, document, movement, stock_layer
from inventory.schemas import APPEND_ONLY
from tests.inventory.made_books import CUSTOMER, OPENING, STORE, moved, posted, shelf


def held(engine: sa.Engine, part_no: str = "P1") -> dict[tuple[str, str], Amount]:
    with read(engine) as connection:
        found = balances(connection, [STORE], [part_no])
    return {(where.place_kind, where.place_name): amount for where, amount in found.items()}


def rows_of(engine: sa.Engine, table: sa.Table) -> int:
    with read(engine) as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def test_a_document_moves_quantity_and_value_between_places_that_sum_to_zero(engine: sa.Engine) -> None:
    posted(engine, "D1", moved(OPENING, shelf("A"), 10, 100))
    posted(engine, "D2", moved(shelf("A"), CUSTOMER, 4, 40))
    with read(engine) as connection:
        summed = balances_on(connection, date.max, STORE, "P1")
    found = {(where.place_kind, where.place_name): amount for where, amount in summed.items()}
    assert found["bin", "A"] == Amount(6000, 60_0000) == held(engine)["bin", "A"]
    assert found["customer", "RO-1"] == Amount(4000, 40_0000)
    assert found["opening", ""] == Amount(-10_000, -100_0000)
    assert [sum(column) for column in zip(*found.values(), strict=True)] == [0, 0]


@pytest.mark.parametrize(("target", "quantity_milli", "value_e4"), [("B", 0, 1), ("B", 1, -1), ("A", 1, 1)])
def test_no_document_moves_nothing_or_less_than_no_value_or_to_where_it_is(
    target: str, quantity_milli: int, value_e4: int
) -> None:
    wrong = Movement(STORE, "P1", shelf("A"), shelf(target), quantity_milli, value_e4)
    with pytest.raises(ValueError, match=r"a movement|the value moved"):
        Document("move", "D1", date(2026, 1, 5), "anybody", "D1", (wrong,), {})


def test_asking_twice_gets_the_first_answer_and_moves_nothing(engine: sa.Engine) -> None:
    first = posted(engine, "D1", moved(OPENING, shelf("A"), 10, 100))
    second = posted(engine, "D1", moved(OPENING, shelf("A"), 10, 100))
    assert (first.is_new, second) == (True, Posting(first.sequence, "D1", False))
    assert held(engine)["bin", "A"] == Amount(10_000, 100_0000)


@pytest.mark.parametrize(
    ("number", "key", "quantity"),
    [("D1", "D1", 11.0), ("D1", "another key", 10.0), ("D2", "D1", 10.0)],
    ids=["same key, other content", "same number, other key", "same key, other number"],
)
def test_other_content_under_a_known_key_or_number_is_a_conflict(
    engine: sa.Engine, number: str, key: str, quantity: float
) -> None:
    posted(engine, "D1", moved(OPENING, shelf("A"), 10, 100))
    with pytest.raises(LedgerConflictError, match=number):
        posted(engine, number, moved(OPENING, shelf("A"), quantity, 100), key=key)
    assert held(engine)["bin", "A"] == Amount(10_000, 100_0000)


def test_what_is_not_there_cannot_leave_and_the_whole_document_stays_out(engine: sa.Engine) -> None:
    posted(engine, "D1", moved(OPENING, shelf("A"), 10, 100))
    with pytest.raises(StockShortError, match="'A' of S01 lacks 1 of P1"):
        posted(engine, "D2", moved(OPENING, shelf("B"), 1, 1), moved(shelf("A"), CUSTOMER, 11, 100))
    assert ("bin", "B") not in held(engine)
    assert rows_of(engine, document) == 1
    assert rows_of(engine, movement) == 1


def test_the_table_itself_refuses_a_balance_below_zero(engine: sa.Engine) -> None:
    posted(engine, "D1", moved(OPENING, shelf("A"), 10, 100))
    with pytest.raises(sa.exc.IntegrityError, match="never_below_zero"), write(engine) as connection:
        connection.execute(sa.update(balance).where(balance.c.place_kind == "bin").values(quantity_milli=-1))


@pytest.mark.parametrize(
    ("quantity", "value", "reason"),
    [(10.0, 99.0, "empty, and still worth 1"), (5.0, 101.0, "worth less than nothing"), (10.0, 101.0, "both")],
)
def test_a_document_that_values_wrongly_is_a_fault_of_the_program(
    engine: sa.Engine, quantity: float, value: float, reason: str
) -> None:
    posted(engine, "D1", moved(OPENING, shelf("A"), 10, 100))
    with pytest.raises(ValueError, match="worth nothing"):
        posted(engine, "D2", moved(shelf("A"), CUSTOMER, quantity, value))


def test_quarantine_has_a_value_of_its_own_that_leaves_with_its_last_unit(engine: sa.Engine) -> None:
    quarantine = Place(PlaceKind.QUARANTINE, "PO-1")
    posted(engine, "D1", moved(Place(PlaceKind.SUPPLIER, "GPC"), quarantine, 2, 7))
    with pytest.raises(ValueError, match="worth nothing"):
        posted(engine, "D2", moved(quarantine, Place(PlaceKind.SCRAP), 2, 6))
    posted(engine, "D3", moved(quarantine, Place(PlaceKind.SCRAP), 2, 7))
    assert held(engine)["quarantine", "PO-1"] == Amount(0, 0)


def test_every_unit_on_the_shelf_is_worth_the_same_wherever_it_lies(engine: sa.Engine) -> None:
    posted(engine, "D1", moved(OPENING, shelf("A"), 1, 10))
    posted(engine, "D2", moved(OPENING, shelf("B"), 2, 20.0001))
    found = held(engine)  # 3 units worth 30.0001: 10.0000 for the first third, the odd ten-thousandth in the rest
    assert (found["bin", "A"], found["bin", "B"]) == (Amount(1000, 10_0000), Amount(2000, 20_0001))
    with read(engine) as connection:
        assert pools(balances(connection, [STORE], ["P1"])) == {(STORE, "P1"): Amount(3000, 30_0001)}


def test_a_layer_is_kept_for_what_comes_onto_the_shelf_and_none_for_what_moves_along_it(engine: sa.Engine) -> None:
    posted(engine, "D1", moved(OPENING, shelf("A"), 5, 50))
    posted(engine, "D2", moved(shelf("A"), shelf("B"), 2, 20))
    posted(engine, "D3", moved(shelf("A"), CUSTOMER, 1, 10))
    assert rows_of(engine, stock_layer) == 1


@pytest.mark.parametrize("table", [name for name in APPEND_ONLY if name in ("document", "movement", "stock_layer")])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET {} = 1"])
def test_what_was_recorded_is_neither_changed_nor_deleted(engine: sa.Engine, table: str, statement: str) -> None:
    posted(engine, "D1", moved(OPENING, shelf("A"), 5, 50))
    column = {"document": "sequence", "movement": "line_no", "stock_layer": "line_no"}[table]
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), write(engine) as connection:
        connection.exec_driver_sql(statement.format(table, column))


def test_a_repeated_request_is_known_by_what_was_asked(engine: sa.Engine) -> None:
    with write(engine) as connection:
        assert repeat_of(connection, "K", {"a": 1}) is None
        assert repeat_of(connection, None, {"a": 1}) is None
    posted(engine, "D1", moved(OPENING, shelf("A"), 5, 50))
    with pytest.raises(LedgerConflictError), write(engine) as connection:
        repeat_of(connection, "D1", {"a": 1})


def test_numbers_count_on(engine: sa.Engine) -> None:
    with write(engine) as connection:
        assert next_number(connection, "ISSUE") == "ISSUE-000001"
    posted(engine, "D1", moved(OPENING, shelf("A"), 5, 50))
    with write(engine) as connection:
        assert next_number(connection, "ISSUE") == "ISSUE-000002"


def test_a_document_of_many_thousand_lines_is_posted_whole(engine: sa.Engine, database_kind: str) -> None:
    count = 20_000 if database_kind == "sqlite" else 4_000  # enough to ask for balances in several questions, or once
    posted(engine, "D1", *(moved(OPENING, shelf("A"), 3, 10, part_no=f"P{i:05d}") for i in range(count)))
    assert rows_of(engine, movement) == count
    with read(engine) as connection:
        assert differences(connection) == []


def test_a_balance_that_was_tampered_with_is_found(engine: sa.Engine) -> None:
    posted(engine, "D1", moved(OPENING, shelf("A"), 5, 50), moved(OPENING, shelf("A"), 5, 50, part_no="P2"))
    with write(engine) as connection:
        connection.execute(
            sa.update(balance).where(balance.c.part_no == "P2", balance.c.place_kind == "bin").values(value_e4=1)
        )
    with read(engine) as connection:
        (found,) = differences(connection)
    assert (found.where.part_no, found.cached, found.moved) == ("P2", Amount(5000, 1), Amount(5000, 50_0000))


def take_one(url: str, name: str, barrier: object, attempts: int, answers: object) -> None:
    """Try again and again to hand out one unit; run in a process of its own."""
    engine = open_database(url)
    barrier.wait()  # type: ignore[attr-defined]
    taken = 0
    for i in range(attempts):
        try:
            posted(engine, f"{name}-{i}", moved(shelf("A"), CUSTOMER, 1, 10))
            taken += 1
        except StockShortError:
            continue
    engine.dispose()
    answers.put(taken)  # type: ignore[attr-defined]


def test_two_processes_never_hand_out_more_than_there_is(engine: sa.Engine, initialised_url: str) -> None:
    posted(engine, "D1", moved(OPENING, shelf("A"), 25, 250))
    context = multiprocessing.get_context("spawn")
    barrier, answers = context.Barrier(2), context.Queue()
    workers = [
        context.Process(target=take_one, args=(initialised_url, name, barrier, 20, answers)) for name in ("X", "Y")
    ]
    for worker in workers:
        worker.start()
    taken = [answers.get(timeout=60) for _ in workers]
    for worker in workers:
        worker.join()
    assert sum(taken) == 25  # of 40 attempts
    assert held(engine)["bin", "A"] == Amount(0, 0)
    with read(engine) as connection:
        assert differences(connection) == []
