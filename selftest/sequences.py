"""Random sequences: documents of every kind in random order, against a plain model that keeps dictionaries.

A sequence is a *book*: some thousand operations in a database of their own, many in one transaction, with commits at
random places, and now and then all of a transaction undone. Every answer of the books is held against the model's,
refusals too. Before every commit each place's quantity and each pool's value by moving average and by first in, first
out are held against it, that all places of a part sum to nothing, and that what is empty is worth nothing; at the end
also what the books say of past days, as known at past documents, and of closed months, what customers wait for, and
the whole proof of `sparewise ledger verify`.

Now and then a request is repeated under its key and must be answered as before, or another is made under a key that is
known and must be refused. Some documents bear an earlier day.

Everything follows from the seed of a book. Where one fails it is run again with every check after every operation, to
find the shortest beginning that fails.
"""

from __future__ import annotations

import pickle
import random
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from inventory.books.closing import PeriodError
from inventory.books.ledger import LedgerConflictError, StockShortError
from inventory.claims.maker_returns import ReturnStateError
from inventory.claims.steps import UnlawfulStepError
from inventory.claims.warranty_custody import CustodyError
from inventory.counting.heads import CountConflictError
from inventory.database import write
from inventory.proof.fingerprint import rows_of
from inventory.scratch import scratch_database
from selftest.comparing import differing, differing_at_the_end
from selftest.goods import FIRST_DAY, ready_books
from selftest.operations import OPERATIONS
from selftest.outcome import Outcome, examined, opened
from selftest.plain_books import PlainBooks
from selftest.processes import process_context
from selftest.turns import Operation, Told, Turn, refused

if TYPE_CHECKING:
    import sqlalchemy as sa

BOOK_LENGTH = 2000
_PER_DAY = 10
_LONGEST_TRANSACTION = 120
_UNDONE, _LATE, _REPEATED, _MISUSED = 0.08, 0.1, 0.03, 0.02
_FULLEST_BACK = 40
"""How many days back a document may be dated."""

_REFUSALS = (
    StockShortError,
    PeriodError,
    UnlawfulStepError,
    ReturnStateError,
    CustodyError,
    CountConflictError,
)


@dataclass
class Book:
    """What came of one sequence.

    Parameters
    ----------
    done
        Operations asked, by kind.
    counts
        How many were refused, repeated, undone.
    fault
        What was wrong first, and the number of operations until then; empty where nothing was.
    """

    seed: int
    done: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    documents: int = 0
    fault: str = ""


class _DifferenceError(Exception):
    """Books and model differ; the message says where."""


def run_sequences(
    url: str, operations: int, seed: int, workers: int = 1, tell: Callable[[int, int], None] = lambda *_: None
) -> Outcome:
    """Do random operations to books and model alike, in as many books as it takes.

    Parameters
    ----------
    url
        Where the books are made, beside the user's.
    operations
        How many in all.
    seed
        Of the first book; each further one has the next.
    workers
        Processes, each with books of its own.
    tell
        Is told how many are done, and of how many, after each book.
    """
    lengths = [BOOK_LENGTH] * (operations // BOOK_LENGTH) + [operations % BOOK_LENGTH]
    asked = [(url, seed + at, length) for at, length in enumerate(lengths) if length]
    done, counts, documents = Counter[str](), Counter[str](), 0
    faults: list[str] = []
    books = 0
    for book in _books(asked, workers):
        books += 1
        done += book.done
        counts += book.counts
        documents += book.documents
        tell(done.total(), operations)
        if book.fault:
            faults.append(_told(url, book))
            break
    facts = {"kinds": len(done), "books": books, **{name: counts[name] for name in ("declined", "repeated", "undone")}}
    return Outcome("sequences", done.total(), documents, facts, tuple(faults))


def _books(asked: list[tuple[str, int, int]], workers: int) -> Iterator[Book]:
    if workers < 2 or len(asked) < 2:
        yield from (run_book(*each) for each in asked)
        return
    with ProcessPoolExecutor(workers, mp_context=process_context()) as pool:
        running = [pool.submit(run_book, *each) for each in asked]
        try:
            yield from (each.result() for each in as_completed(running))
        finally:
            pool.shutdown(cancel_futures=True)


def _told(url: str, book: Book) -> str:
    """Return the fault of a book in the shortest beginning of it that fails, and how to run that again."""
    again = run_book(url, book.seed, book.done.total(), is_careful=True)
    found = again if again.fault else book
    length = found.done.total()
    return (
        f"{found.fault} (the first {length} operations of seed {book.seed}; run them again with:"
        f" sparewise selftest --only sequences --seed {book.seed} --operations {length})"
    )


def run_book(url: str, seed: int, length: int, *, is_careful: bool = False) -> Book:
    """Run one sequence in a database of its own, until its end or its first fault.

    Parameters
    ----------
    length
        How many operations.
    is_careful
        Check after every operation instead of before every commit.
    """
    book = Book(seed)
    with scratch_database(url) as made:
        ready_books(made)
        with opened(made) as engine:
            try:
                model = _lived(engine, book, length, is_careful=is_careful)
                with write(engine) as connection:
                    _refuse([*differing_at_the_end(connection, model, random.Random(seed)), *examined(connection)])
                    book.documents = rows_of(connection, "document")
            except _DifferenceError as fault:
                book.fault = str(fault)
    return book


def _lived(engine: sa.Engine, book: Book, length: int, *, is_careful: bool) -> PlainBooks:
    """Run the operations of a book and return the model as it is at their end."""
    rng, fates = random.Random(book.seed), random.Random(f"commits of {book.seed}")
    model = PlainBooks()
    while book.done.total() < length:
        together = min(fates.randint(1, _LONGEST_TRANSACTION), length - book.done.total())
        is_undone = fates.random() < _UNDONE
        kept = pickle.dumps(model) if is_undone else b""
        with write(engine) as connection:
            for _ in range(together):
                _one(connection, model, rng, book)
                if is_careful:
                    _refuse(differing(connection, model))
            _refuse(differing(connection, model))
            transaction = connection.get_transaction()
            if is_undone and transaction is not None:
                transaction.rollback()
                model = pickle.loads(kept)  # noqa: S301 - written by the lines above
                book.counts["undone"] += together
    return model


def _refuse(faults: list[str]) -> None:
    if faults:
        raise _DifferenceError("; ".join(faults[:3]) + (f" (and {len(faults) - 3} more)" if len(faults) > 3 else ""))


def _one(connection: sa.Connection, model: PlainBooks, rng: random.Random, book: Book) -> None:
    """Draw one operation, do it to the books and to the model, and hold the answers against each other."""
    number = book.done.total()
    day = FIRST_DAY + timedelta(days=number // _PER_DAY)
    turn = Turn(number, day, f"{day}T{8 + number % _PER_DAY:02d}:00:00+00:00")
    model.logs["turn"][number] = turn
    (kind,) = rng.choices(OPERATIONS, _WEIGHTS)
    if kind.is_late and rng.random() < _LATE:
        turn = turn._replace(day=day - timedelta(days=rng.randint(1, _FULLEST_BACK)))
    asked = kind.draw(rng, model, turn)
    book.done[kind.name] += 1
    if asked is None:
        return
    told = _posted(connection, kind, asked, turn)
    expected = kind.model(model, asked, turn, told.number)
    if told.answer != expected:
        raise _DifferenceError(f"{kind.name} {asked} in {turn}: {told.answer} where {expected} must be")
    if told.answer[0] == "refused":
        book.counts["declined"] += 1
    elif told.number and kind.is_repeatable:
        _asked_again(connection, kind, asked, turn, told, rng, model, book)


def _posted(connection: sa.Connection, kind: Operation, asked: object, turn: Turn) -> Told:
    """Return what the books answer; what is refused is undone, as it is by the program."""
    connection.exec_driver_sql("SAVEPOINT turn")  # as it is: an object for each would cost more than the statement
    try:
        told = kind.post(connection, asked, turn)
    except _REFUSALS as fault:
        told = Told(refused(type(fault).__name__))
    except Exception as fault:
        if isinstance(fault, LedgerConflictError):
            connection.exec_driver_sql("ROLLBACK TO SAVEPOINT turn")
            raise
        raise _DifferenceError(f"{kind.name} {asked} in {turn}: {type(fault).__name__}: {fault}") from fault
    if told.answer[0] == "refused":
        connection.exec_driver_sql("ROLLBACK TO SAVEPOINT turn")
    connection.exec_driver_sql("RELEASE SAVEPOINT turn")
    return told


def _asked_again(
    connection: sa.Connection,
    kind: Operation,
    asked: object,
    turn: Turn,
    told: Told,
    rng: random.Random,
    model: PlainBooks,
    book: Book,
) -> None:
    """Now and then, ask the same again under its key, or something else under it."""
    chance = rng.random()
    if chance < _REPEATED:
        book.counts["repeated"] += 1
        again = _posted(connection, kind, asked, turn)
        if again != told:
            raise _DifferenceError(f"{kind.name} {asked} asked again in {turn}: {again} where {told} must be")
    elif chance < _REPEATED + _MISUSED:
        other = kind.draw(rng, model, turn)
        if other is not None and other != asked:
            try:
                answer = _posted(connection, kind, other, turn)
            except LedgerConflictError:
                return
            raise _DifferenceError(f"{kind.name} {other} under the key of {asked}: {answer} where a conflict must be")


_WEIGHTS = [each.weight for each in OPERATIONS]
