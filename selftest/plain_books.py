"""`PlainBooks`: what the ledger must come to, in dictionaries so plain that they can be believed.

Written by the rules of the books as they are told to users, not by the program that keeps them. Every movement is kept
in a list. What it is worth follows from walking that list in the order of the books: business day, then document, then
line. All that lies on the shelf of a store (bins, and what is reserved) is one pool of a part, every other place inside
is a pool of its own. What comes from outside is worth what its document said; what a document takes out of a pool takes
its share of what it found there, rounded half up, and the last unit takes the rest; a reversal takes what the movement
it mirrors is worth, at most what there is.

What is back-dated is walked again from the first movement on: slow, and too plain to be wrong.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from selftest.turns import Turn

SHELF = ("bin", "reserved")
OUTSIDE = ("opening", "supplier", "customer", "scrap", "count-difference", "other-store")

Spot = tuple[str, str]
"""Kind and name of a place."""

Item = tuple[str, str]
"""Store and part number."""


class Line(NamedTuple):
    """What a document moves; its value where it comes from outside, else None."""

    item: Item
    source: Spot
    target: Spot
    milli: int
    said: int | None = None


class Move(NamedTuple):
    """A line in the books; sorted they stand in the order of the books."""

    day: date
    document: int
    line: int
    turn: int
    source: Spot
    target: Spot
    milli: int
    said: int
    received: date
    mirrors: tuple[int, int] | None


class Posted(NamedTuple):
    """A document in the books, with its lines and where they stand in the lists."""

    sequence: int
    kind: str
    day: date
    lines: tuple[tuple[Item, Move], ...]


def share(milli: int, of_milli: int, value: int) -> int:
    """Return the value of a part of a pool: by the school's rule, double, add one whole, halve."""
    return (2 * milli * value + of_milli) // (2 * of_milli)


def worth_at(milli: int, cost: int) -> int:
    """Return quantity times unit cost, rounded half up."""
    return (milli * cost + 500) // 1000


def pool_of(spot: Spot) -> Spot:
    """Return the pool a place belongs to."""
    return ("shelf", "") if spot[0] in SHELF else spot


class Walk:
    """One part of one store, walked document by document in the order of the books."""

    def __init__(self, moves: Iterable[Move] = ()) -> None:
        self.quantity: defaultdict[Spot, int] = defaultdict(int)
        self.held: defaultdict[Spot, int] = defaultdict(int)  # by pool
        self.value: defaultdict[Spot, int] = defaultdict(int)  # by pool
        self.worth: dict[tuple[int, int], int] = {}
        self.last = date.min
        self.was_short = False
        for _, lines in groupby(sorted(moves), key=attrgetter("document")):
            self.take(list(lines))

    def copy(self) -> Walk:
        """Return a walk that goes on from here by itself."""
        other = Walk()
        other.quantity, other.held, other.value = self.quantity.copy(), self.held.copy(), self.value.copy()
        other.worth, other.last, other.was_short = self.worth, self.last, self.was_short
        return other

    def take(self, lines: Sequence[Move]) -> None:
        """Take the lines of one document."""
        found: dict[Spot, tuple[int, int, int]] = {}
        for move in lines:
            out, into = pool_of(move.source), pool_of(move.target)
            worth = move.said if out == into else self._worth(move, out, found)
            self.worth[move.document, move.line] = worth
            self.held[out] -= move.milli
            self.held[into] += move.milli
            if out != into:
                self.value[out] -= worth
                self.value[into] += worth
                found.pop(into, None)  # what the same document put in counts as found
            self.quantity[move.source] -= move.milli
            self.quantity[move.target] += move.milli
        touched = {spot for move in lines for spot in (move.source, move.target) if spot[0] not in OUTSIDE}
        self.was_short = self.was_short or any(self.quantity[spot] < 0 for spot in touched)
        self.last = max(self.last, lines[0].day)

    def _worth(self, move: Move, out: Spot, found: dict[Spot, tuple[int, int, int]]) -> int:
        if move.mirrors is not None:
            worth = self.worth[move.mirrors]
            if out[0] in OUTSIDE:
                return worth
            found.pop(out, None)
            return self.value[out] if move.milli >= self.held[out] else min(worth, self.value[out])
        if out[0] in OUTSIDE:
            return move.said
        milli, value, before = found.get(out, (self.held[out], self.value[out], 0))
        after = before + move.milli
        found[out] = milli, value, after
        return self.value[out] if after >= milli else share(after, milli, value) - share(before, milli, value)


class PlainBooks:
    """Every movement, what follows from them, and what the documents say beside them."""

    def __init__(self) -> None:
        self.moves: defaultdict[Item, list[Move]] = defaultdict(list)
        self.walks: dict[Item, Walk] = {}
        self.documents: dict[str, Posted] = {}
        self.reversed_by: dict[int, Posted] = {}
        self.open_from = date.min
        self.logs: defaultdict[str, dict[Any, Any]] = defaultdict(dict)  # what kinds of documents keep of their own

    def post(
        self, kind: str, number: str, turn: Turn, lines: Sequence[Line] = (), reverses: Posted | None = None
    ) -> bool:
        """Put a document into the books; False, and nothing changes, where a place lacks something now or then."""
        sequence, day = len(self.documents) + 1, self.counted_from(turn)
        walks: dict[Item, Walk] = {}
        moves: list[tuple[Item, Move]] = []
        for at, line in enumerate(lines, start=1):
            mirrors = None if reverses is None else (reverses.sequence, at)
            spots = (line.source, line.target)
            move = Move(day, sequence, at, turn.number, *spots, line.milli, line.said or 0, turn.day, mirrors)
            moves.append((line.item, move))
        for item in dict.fromkeys(line.item for line in lines):
            own = [move for at, move in moves if at == item]
            before = self.walks.get(item, Walk())
            walk = before.copy()
            walk.was_short = False
            walk.take(own)
            if walk.was_short:
                return False
            moves = [(at, self._said(walk, move, line) if at == item else move) for (at, move), line in
                     zip(moves, lines, strict=True)]  # fmt: skip
            if day < before.last:
                walk = Walk([*self.moves[item], *(move for at, move in moves if at == item)])
            if walk.was_short:
                return False
            walks[item] = walk
        for item, move in moves:
            self.moves[item].append(move)
        self.walks.update(walks)
        self.documents[number] = Posted(sequence, kind, day, tuple(moves))
        if reverses is not None:
            self.reversed_by[reverses.sequence] = self.documents[number]
        return True

    @staticmethod
    def _said(walk: Walk, move: Move, line: Line) -> Move:
        """Return the move with what its document says of its value: its share as the document found the books."""
        return move if line.said is not None else move._replace(said=walk.worth[move.document, move.line])

    def counted_from(self, turn: Turn) -> date:
        """Return the day from which a document of a turn counts: its own, or the first open one."""
        return max(turn.day, self.open_from)

    def stands(self, number: str) -> bool:
        """Return whether a document is in the books and not reversed."""
        return number in self.documents and self.documents[number].sequence not in self.reversed_by

    def at(self, item: Item, spot: Spot) -> int:
        """Return the quantity of a place."""
        walk = self.walks.get(item)
        return walk.quantity.get(spot, 0) if walk else 0

    def pool(self, item: Item, spot: Spot = ("bin", "")) -> tuple[int, int]:
        """Return quantity and value of the pool of a place."""
        walk, pool = self.walks.get(item, Walk()), pool_of(spot)
        return walk.held.get(pool, 0), walk.value.get(pool, 0)

    def bins(self, item: Item, name: str | None = None) -> list[tuple[Spot, int]]:
        """Return the bins that hold something of a part, the fullest first; only the one named, where one is."""
        walk = self.walks.get(item, Walk())
        found = [(spot, q) for spot, q in walk.quantity.items() if spot[0] == "bin" and q > 0]
        return sorted((each for each in found if name in (None, each[0][1])), key=lambda each: (-each[1], each[0][1]))

    def held_at(self, item: Item, spot: Spot, turn: int) -> int:
        """Return what the books held in a place after all that was recorded until a turn."""
        moves = [move for move in self.moves.get(item, ()) if move.turn <= turn]
        return sum(m.milli for m in moves if m.target == spot) - sum(m.milli for m in moves if m.source == spot)

    def report(self, as_of: date, known: int) -> dict[str, tuple[int, int, int]]:
        """Return by store what lay on the shelf on a day, as known at a document: quantity, average value, FIFO."""
        totals: dict[str, tuple[int, int, int]] = {}
        for item, moves in self.moves.items():
            walk = Walk(move for move in moves if move.day <= as_of and move.document <= known)
            own = (walk.held[pool_of(("bin", ""))], walk.value[pool_of(("bin", ""))], self.fifo(item, as_of, known))
            if own[0]:
                totals[item[0]] = tuple(map(sum, zip(totals.get(item[0], (0, 0, 0)), own, strict=True)))  # type: ignore[assignment]  # three again
        return totals

    def fifo(self, item: Item, as_of: date = date.max, known: int = 10**9) -> int:
        """Return what lies on the shelf is worth by first in, first out: what is left lies in the newest layers."""
        gone = {s for s, by in self.reversed_by.items() if by.day <= as_of and by.sequence <= known}
        moves = [move for move in self.moves.get(item, ()) if move.day <= as_of and move.document <= known]
        left = sum(m.milli for m in moves if m.target[0] in SHELF) - sum(m.milli for m in moves if m.source[0] in SHELF)
        total = 0
        for move in sorted(moves, key=attrgetter("received", "document", "line"), reverse=True):
            is_layer = move.target[0] in SHELF and move.source[0] not in SHELF and move.mirrors is None
            if is_layer and move.document not in gone and left > 0:
                kept = min(left, move.milli)
                total += share(kept, move.milli, move.said)
                left -= kept
        return total


def spread(sources: Iterable[tuple[Spot, int]], milli: int) -> list[tuple[Spot, int]]:
    """Return how much of a quantity each place gives, the first as much as it can."""
    given = []
    for spot, there in sources:
        if milli > 0 < there:
            given.append((spot, min(there, milli)))
            milli -= given[-1][1]
    return given
