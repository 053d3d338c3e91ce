"""What lies where, and what it is worth: read from the cache, or summed from the movements as of a day.

Everything a store holds of a part on the shelf (`ON_HAND`: bins, and what is reserved) is one *pool* with one moving
average, so each unit of it is worth the same wherever it lies. With q quantities by place, Q = Σq and V the value of
the pool, the first k places together are worth ⌊V·(q₁+…+q_k)/Q⌋: whole numbers that sum to V exactly and are zero
where the quantity is. Every other place is worth what its own movements brought and took.

What a place is worth is what movements brought and took as their documents said, and what later documents changed of
that (`revaluation`, see `recosting`); what was known at a document counts the changes recorded until then.

`balance` is the only cache of amounts: one row for every place inside a store where anything ever lay. The places
outside are no place to look for anything; what came from them and went to them is summed from the movements when it is
asked for (`balances_on`, `moved_to`). `differences` holds the cache against the movements. This file changes nothing.

Plain dictionaries and Python's own whole numbers: a sale is posted in milliseconds, a document of 20,000 lines in a
second, and no product of quantity and value overflows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from functools import cache
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa

from inventory.books.movements import ON_HAND, OUTSIDE, PlaceKind
from inventory.bulk import among, raw_rows
from inventory.questions import Question
from inventory.schema import balance, movement
from inventory.schema_books import revaluation

ON_HAND_KINDS = frozenset(kind.value for kind in ON_HAND)
OUTSIDE_KINDS = frozenset(kind.value for kind in OUTSIDE)
INSIDE_KINDS = frozenset(kind.value for kind in PlaceKind) - OUTSIDE_KINDS


class Where(NamedTuple):
    """The key of a balance: a store, a part, and the kind and name of a place."""

    store: str
    part_no: str
    place_kind: str
    place_name: str


class Amount(NamedTuple):
    """A quantity and what it is worth; both add up."""

    quantity_milli: int
    value_e4: int

    def plus(self, other: Amount) -> Amount:
        """Return the sum of two amounts."""
        return Amount(self.quantity_milli + other.quantity_milli, self.value_e4 + other.value_e4)


NOTHING = Amount(0, 0)
Balances = dict[Where, Amount]
PlainBalances = dict[tuple[str, str, str, str], tuple[int, int]]
"""The same as the database gives them: to make rows anew only to name their cells takes longer than to add them up."""

Pools = dict[tuple[str, str], Amount]
_Key = TypeVar("_Key", bound=tuple[str, str, str, str])
_KIND: sa.BindParameter[str] = sa.bindparam("kind")
_NAME: sa.BindParameter[str] = sa.bindparam("name")
_ARRIVES = sa.and_(movement.c.target_kind == _KIND, movement.c.target_name == _NAME)
_LEAVES = sa.and_(movement.c.source_kind == _KIND, movement.c.source_name == _NAME)
_CHANGE = sa.case((_ARRIVES, movement.c.quantity_milli), (_LEAVES, -movement.c.quantity_milli), else_=0)
_MOVED_TO = Question(
    sa.select(sa.cast(sa.func.coalesce(sa.func.sum(_CHANGE), 0), sa.BigInteger)).where(
        movement.c.store == sa.bindparam("store"), movement.c.part_no == sa.bindparam("part_no")
    )
)


class Difference(NamedTuple):
    """A key for which the cache and the movements do not say the same."""

    where: Where
    cached: Amount
    moved: Amount


def balances(
    connection: sa.Connection,
    stores: Collection[str],
    part_nos: Collection[str],
    kinds: Collection[str] | None = None,
) -> Balances:
    """Return what is inside now of every pair of one of these stores and one of these parts.

    Parameters
    ----------
    kinds
        Only places of these kinds; all inside where not given.
    """
    found = plain_balances(connection, stores, part_nos, kinds)
    return {Where(*where): Amount(*amount) for where, amount in found.items()}


def plain_balances(
    connection: sa.Connection,
    stores: Collection[str],
    part_nos: Collection[str],
    kinds: Collection[str] | None = None,
) -> PlainBalances:
    """Return what `balances` does, as plain tuples."""
    stores, part_nos = set(stores), set(part_nos)
    if not stores or not part_nos:
        return {}
    wanted = None if kinds is None else frozenset(kinds)
    if len(stores) == len(part_nos) == 1:
        (store,), (part_no,) = stores, part_nos
        rows: Iterable[Any] = _of_one(wanted).rows(connection, store=store, part_no=part_no)
    else:
        one_of = among(connection, balance.c.store, stores), among(connection, balance.c.part_no, part_nos)
        rows = raw_rows(connection, _of_kinds(wanted).where(*one_of))
    return {row[:4]: row[4:] for row in rows}


@cache
def _of_one(kinds: frozenset[str] | None) -> Question:
    """The balances of one part of one store."""
    one = balance.c.store == sa.bindparam("store"), balance.c.part_no == sa.bindparam("part_no")
    return Question(_of_kinds(kinds).where(*one))


def _of_kinds(kinds: frozenset[str] | None) -> sa.Select[*tuple[Any, ...]]:
    question: sa.Select[*tuple[Any, ...]] = sa.select(balance)
    if kinds is None:
        return question
    return question.where(balance.c.place_kind.in_([sa.literal_column(f"'{kind}'") for kind in sorted(kinds)]))


def moved_to(connection: sa.Connection, store: str, part_no: str, kind: str, name: str) -> int:
    """Return how much of a part a place outside has got so far, less what came back from it, in thousandths."""
    return int(_MOVED_TO.value(connection, store=store, part_no=part_no, kind=kind, name=name))


def balances_on(
    connection: sa.Connection,
    as_of: date,
    store: str | None = None,
    part_no: str | None = None,
    known_at: int | None = None,
) -> Balances:
    """Return the balances on a business day, summed from the movements effective until then.

    Parameters
    ----------
    as_of
        The last effective date that counts.
    store, part_no
        Only this one; all where not given.
    known_at
        The last document that counts, by its sequence: what the books said then; all where not given.

    Returns
    -------
    dict
        By key; places where nothing is left are not listed.
    """
    found = _summed(connection, as_of, store, part_no, known_at)
    return {where: amount for where, amount in found.items() if amount != NOTHING}


def pools(held: Balances) -> Pools:
    """Return what lies on the shelf, all places together, per store and part."""
    found: Pools = {}
    for where, amount in held.items():
        if where.place_kind in ON_HAND_KINDS:
            pool = where[:2]
            found[pool] = found[pool].plus(amount) if pool in found else amount
    return found


def on_hand(connection: sa.Connection, as_of: date, store: str | None = None, known_at: int | None = None) -> Pools:
    """Return what lies on the shelf on a business day, per store and part; what is empty is not listed."""
    held = pools(balances_on(connection, as_of, store, known_at=known_at))
    return {pair: amount for pair, amount in sorted(held.items()) if amount.quantity_milli}


def differences(connection: sa.Connection) -> list[Difference]:
    """Return, sorted by key, where the cached balances and the movements do not say the same; [] in sound books."""
    cached = {Where(*row[:4]): Amount(*row[4:]) for row in connection.execute(sa.select(balance))}
    moved = {where: amount for where, amount in _summed(connection).items() if where.place_kind in INSIDE_KINDS}
    both = (
        Difference(where, cached.get(where, NOTHING), moved.get(where, NOTHING))
        for where in sorted(cached.keys() | moved.keys())
    )
    return [each for each in both if each.cached != each.moved]


def share_value(held: dict[_Key, Any]) -> None:
    """Give every unit on the shelf of a store its share of the pool's value, in place.

    What the single places on the shelf are worth before does not matter, only their sum per pool does, and it stays.
    A part's places on the shelf have to be there all. Plain balances are welcome as well.
    """
    on_hand_kinds = ON_HAND_KINDS
    there = [where for where in held if where[2] in on_hand_kinds]
    if len(there) == len({where[:2] for where in there}):
        return  # each part lies in one place, as most do
    shelf: defaultdict[tuple[str, str], list[_Key]] = defaultdict(list)
    for where in there:
        shelf[where[:2]].append(where)
    for places in shelf.values():
        if len(places) > 1:
            _share_one_pool(held, sorted(places))


def _share_one_pool(held: dict[_Key, Any], places: Iterable[_Key]) -> None:
    quantities = {where: held[where][0] for where in places}
    whole, value = sum(quantities.values()), sum(held[where][1] for where in quantities)
    reached = given = 0
    for where, quantity in quantities.items():
        reached += quantity
        upto = value * reached // whole if whole else 0
        held[where] = Amount(quantity, upto - given)
        given = upto


def _summed(
    connection: sa.Connection,
    as_of: date | None = None,
    store: str | None = None,
    part_no: str | None = None,
    known_at: int | None = None,
) -> Balances:
    """Return what the movements and their revaluations sum up to per key."""
    change = revaluation.c
    sides = [
        _side(movement.c.source_kind, movement.c.source_name, -1),
        _side(movement.c.target_kind, movement.c.target_name, 1),
        sa.select(
            change.store,
            change.part_no,
            change.place_kind,
            change.place_name,
            sa.literal(0).label("quantity_milli"),
            change.change_e4.label("value_e4"),
        ),
    ]
    both = sa.union_all(
        *(
            side.where(*_conditions(table, as_of, store, part_no, known_at))
            for side, table in zip(sides, (movement, movement, revaluation), strict=True)
        )
    ).subquery()
    keys = [both.c[name] for name in Where._fields]
    sums = [sa.cast(sa.func.sum(both.c[name]), sa.BigInteger) for name in Amount._fields]
    rows = connection.execute(sa.select(*keys, *sums).group_by(*keys))
    found = {Where(*row[:4]): Amount(*row[4:]) for row in rows}
    share_value(found)
    return found


def _side(kind: sa.Column[str], name: sa.Column[str], sign: int) -> sa.Select[str, str, str, str, int, int]:
    """Return what one end of the movements gains (+1) or loses (−1), by key."""
    return sa.select(
        movement.c.store,
        movement.c.part_no,
        kind.label("place_kind"),
        name.label("place_name"),
        (sign * movement.c.quantity_milli).label("quantity_milli"),
        (sign * movement.c.value_e4).label("value_e4"),
    )


def _conditions(
    table: sa.Table,
    as_of: date | None,
    store: str | None,
    part_no: str | None,
    known_at: int | None,
) -> list[sa.ColumnElement[bool]]:
    """Return the conditions on day, store, part and document; none for what is not given."""
    column, found = table.c, []
    if as_of is not None:
        found.append(column.effective_on <= as_of.isoformat())
    if store is not None:
        found.append(column.store == store)
    if part_no is not None:
        found.append(column.part_no == part_no)
    if known_at is not None:
        found.append(column.document_sequence <= known_at)
    return found
