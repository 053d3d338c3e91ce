"""Where the books and the plain model differ, and where the books break their own rules."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from inventory.books.balances import Amount, Where, balances, balances_on
from inventory.books.closing import report_of
from inventory.books.layers import fifo_values
from inventory.demand_log import waiting
from inventory.proof.fingerprint import sequences_of
from selftest.counter_turns import waiting_requests
from selftest.goods import FIRST_DAY, PARTS, STORES
from selftest.plain_books import OUTSIDE, Item, PlainBooks, Spot, pool_of

if TYPE_CHECKING:
    import sqlalchemy as sa

_PAST_REPORTS = 5


def differing(connection: sa.Connection, model: PlainBooks) -> list[str]:
    """Return what differs inside the stores now: quantities by place, values by pool."""
    held = balances(connection, STORES, PARTS)
    return [*_quantities(held, model, is_outside=False), *_values(held, model, is_outside=False)]


def differing_at_the_end(connection: sa.Connection, model: PlainBooks, rng: random.Random) -> list[str]:
    """Return what differs anywhere, on any day: places outside, values by FIFO, past and closed days, who waits."""
    held = balances_on(connection, date.max)
    faults = [*_quantities(held, model, is_outside=True), *_values(held, model, is_outside=True), *_sums(held)]
    fifo = {item: value for item, value in fifo_values(connection, date.max).items() if value}
    plain = {item: value for item in model.moves if (value := model.fifo(item))}
    faults += [f"by FIFO {item} is worth {fifo.get(item, 0)}, by the model {plain.get(item, 0)}" for item in
               sorted(fifo.keys() | plain.keys()) if fifo.get(item) != plain.get(item)]  # fmt: skip
    waits = waiting_requests(model, date.max)
    found = waiting(connection, date.max)
    faults += [f"{at} waits for {found.get(at, 0)}, by the model {waits.get(at, 0)}" for at in
               sorted(found.keys() | waits.keys()) if found.get(at) != waits.get(at)]  # fmt: skip
    return [*faults, *_past(connection, model, rng)]


def _quantities(held: Mapping[Where, Amount], model: PlainBooks, *, is_outside: bool) -> Iterator[str]:
    found = {((w.store, w.part_no), (w.place_kind, w.place_name)): a.quantity_milli for w, a in held.items()}
    plain = {
        (item, spot): milli
        for item, walk in model.walks.items()
        for spot, milli in walk.quantity.items()
        if is_outside or spot[0] not in OUTSIDE
    }
    for key in found.keys() | plain.keys():
        if found.get(key, 0) != plain.get(key, 0):
            yield f"{key} holds {found.get(key, 0)}, by the model {plain.get(key, 0)}"


def _values(held: Mapping[Where, Amount], model: PlainBooks, *, is_outside: bool) -> Iterator[str]:
    """Yield pools that are worth something else; places outside of one kind are one, as their values are told."""
    found: defaultdict[tuple[Item, Spot], int] = defaultdict(int)
    for where, amount in held.items():
        found[(where.store, where.part_no), _told_of((where.place_kind, where.place_name))] += amount.value_e4
    plain: defaultdict[tuple[Item, Spot], int] = defaultdict(int)
    for item, walk in model.walks.items():
        for spot, value in walk.value.items():
            if is_outside or spot[0] not in OUTSIDE:
                plain[item, _told_of(spot)] += value
    for key in found.keys() | plain.keys():
        if found[key] != plain[key]:
            yield f"{key} is worth {found[key]}, by the model {plain[key]}"


def _told_of(spot: Spot) -> Spot:
    return (spot[0], "") if spot[0] in OUTSIDE else pool_of(spot)


def _sums(held: Mapping[Where, Amount]) -> Iterator[str]:
    """Yield parts whose places do not sum to nothing, and what is empty and worth something."""
    sums: defaultdict[Item, list[int]] = defaultdict(lambda: [0, 0])
    for where, amount in held.items():
        sums[where.store, where.part_no][0] += amount.quantity_milli
        sums[where.store, where.part_no][1] += amount.value_e4
        if where.place_kind not in OUTSIDE and (amount.quantity_milli == 0) and amount.value_e4:
            yield f"{where} holds nothing and is worth {amount.value_e4}"
    yield from (f"all places of {item} sum to {both}" for item, both in sums.items() if both != [0, 0])


def _past(connection: sa.Connection, model: PlainBooks, rng: random.Random) -> Iterator[str]:
    """Yield reports of closed months, and of some days as known at some documents, that say something else."""
    for month, (last, _, said) in model.logs["month"].items():
        found = _report(connection, last, None)
        if found != said:
            yield f"of closed {month} the books say {found}, by the model {said}"
    sequences = sequences_of(connection)
    if not sequences:
        return
    for _ in range(_PAST_REPORTS):
        known = rng.randint(1, len(sequences))
        day = FIRST_DAY + timedelta(days=rng.randint(0, 1 + max(model.logs["turn"], default=0) // 10))
        found, plain = _report(connection, day, sequences[known - 1]), model.report(day, known)
        if found != plain:
            yield f"of {day} as known at document {sequences[known - 1]} the books say {found}, by the model {plain}"


def _report(connection: sa.Connection, as_of: date, known_at: int | None) -> dict[object, tuple[object, ...]]:
    return {row[0]: tuple(row[1:]) for row in report_of(connection, as_of, known_at)}
