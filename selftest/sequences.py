"""Random sequences: documents of every kind in random order, against a plain model that keeps dictionaries.

Every answer of the books is held against the model's; every so often, and at the end, every place's quantity and every
pool's value as well, and that all places of a part sum to nothing, that what is empty is worth nothing, and that the
balances are the sums of the movements. A sequence runs in books of its own, `BOOK_LENGTH` operations long, several of
them posted in one transaction: what is tried here is arithmetic, not the disk.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING

from inventory.books.balances import balances, pools
from inventory.database import write
from inventory.proof.fingerprint import rows_of
from inventory.scratch import scratch_database
from selftest.goods import FIRST_DAY, STORE, stock_books
from selftest.operations import OPERATIONS, PARTS, Turn
from selftest.outcome import Outcome, examined, opened
from selftest.plain_books import OUTSIDE, PlainBooks, pool_of

if TYPE_CHECKING:
    import sqlalchemy as sa

BOOK_LENGTH = 5000
_PER_TRANSACTION = 250


def run_sequences(url: str, operations: int, seed: int) -> Outcome:
    """Do random operations to books and model alike, in as many books as it takes.

    Parameters
    ----------
    url
        Where the books are made, beside the user's.
    operations
        How many in all.
    seed
        Of what is drawn.
    """
    faults: list[str] = []
    done: Counter[str] = Counter()
    posted = 0
    for book in count():
        length = min(BOOK_LENGTH, operations - done.total())
        if length <= 0 or faults:
            break
        with scratch_database(url) as made:
            stock_books(made, PARTS, 0)
            with opened(made) as engine:
                found, kinds, documents = _one_book(engine, length, random.Random(f"{seed}-{book}"))
        faults += [f"book {book} of seed {seed}: {each}" for each in found]
        done.update(kinds)
        posted += documents
    return Outcome("sequences", done.total(), posted, dict(sorted(done.items())), tuple(faults))


def _one_book(engine: sa.Engine, length: int, rng: random.Random) -> tuple[list[str], Counter[str], int]:
    """Return what differed, how often each kind was done, and how many documents came of it; stops at a fault."""
    model = PlainBooks()
    done: Counter[str] = Counter()
    faults: list[str] = []
    weights = [each.weight for each in OPERATIONS]
    while done.total() < length and not faults:
        with write(engine) as connection:
            for _ in range(min(_PER_TRANSACTION, length - done.total())):
                number = done.total()
                turn = Turn(number, FIRST_DAY + timedelta(days=number // 10))
                (kind,) = rng.choices(OPERATIONS, weights)
                asked = kind.draw(rng, model, turn)
                done[kind.name] += 1
                if asked is None:
                    continue
                found, expected = kind.post(connection, asked, turn), kind.model(model, asked, turn)
                if found != expected:
                    faults.append(f"operation {number}, {kind.name} {asked}: {found} where {expected} must be")
                    break
            faults += differing(connection, model)
    with write(engine) as connection:
        faults += examined(connection)
        return faults, done, rows_of(connection, "document")


def differing(connection: sa.Connection, model: PlainBooks) -> list[str]:
    """Return where books and model differ, and where the books break their own rules."""
    held = balances(connection, [STORE], PARTS)
    quantity = {(w.part_no, (w.place_kind, w.place_name)): a.quantity_milli for w, a in held.items()}
    faults = [
        f"{spot} holds {quantity.get(spot, 0)}, the model {model.quantity[spot]}"
        for spot in sorted(quantity.keys() | model.quantity.keys())
        if quantity.get(spot, 0) != model.quantity[spot]
    ]
    value: defaultdict[tuple[str, tuple[str, str]], int] = defaultdict(int)
    sums: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for where, amount in held.items():
        spot = (where.place_kind, where.place_name)
        value[where.part_no, pool_of(spot)] += amount.value_e4
        sums[where.part_no][0] += amount.quantity_milli
        sums[where.part_no][1] += amount.value_e4
    faults += [
        f"{pool} is worth {value[pool]}, by the model {model.value[pool]}"
        for pool in sorted(value.keys() | model.value.keys())
        if value[pool] != model.value[pool]
    ]
    faults += [f"all places of {part} sum to {both}" for part, both in sums.items() if both != [0, 0]]
    inside = [*pools(held).items(), *((w, a) for w, a in held.items() if w.place_kind not in OUTSIDE)]
    faults += [
        f"{where} holds nothing and is worth {a.value_e4}" for where, a in inside if not a.quantity_milli and a.value_e4
    ]
    return faults
