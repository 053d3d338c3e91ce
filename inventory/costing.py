"""What each movement of one part is worth, told from the movements in the order of the books: moving average.

Order of the books: effective date, document sequence, line number. Everything on the shelf of a store (`ON_HAND`) is
one pool of quantity Q and value V; every other place inside is a pool of its own; the places outside have none.

- What comes from outside brings the value on its document.
- What a document takes out of a pool takes its share of the pool as the document found it, rounded so that the last
  unit takes exactly what is left (`valuation.share_e4`); what the same document put in before counts as found.
- What a reversal takes or brings is what the movement it mirrors is worth, at most what there is; the last unit takes
  what is left there too.
- What moves within a pool changes no value.

A pure function over one part of one store, written as one tight loop, because behind a back-dated entry there may be
thousands of movements, and because the check of the books goes through every movement there is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from inventory.balances import ON_HAND_KINDS, Amount
from inventory.movements import OUTSIDE

_OUTSIDE_KINDS = frozenset(kind.value for kind in OUTSIDE)

PlaceKey = tuple[str, str]
"""Kind and name of a place."""


class Step(NamedTuple):
    """A movement of one part as the walk takes it; `value_e4` is what holds before it.

    Parameters
    ----------
    movement_id
        None where it is just being posted.
    mirrored
        Document and line of the movement it reverses, and what that holds; None where it reverses none.
    """

    effective_on: str
    document_sequence: int
    line_no: int
    movement_id: int | None
    source_kind: str
    source_name: str
    target_kind: str
    target_name: str
    quantity_milli: int
    value_e4: int
    mirrored: tuple[int, int, int] | None = None


class Shortage(NamedTuple):
    """The first moment at which a place would hold less than nothing."""

    effective_on: str
    document_sequence: int
    place: PlaceKey
    lacking_milli: int


class Walk(NamedTuple):
    """What the walk found.

    Parameters
    ----------
    values_e4
        What each step is worth, in their order.
    shortage
        None where no place ever held less than nothing after a document.
    """

    values_e4: list[int]
    shortage: Shortage | None


def walk(steps: Sequence[Step], held: Mapping[PlaceKey, Amount]) -> Walk:
    """Return what each movement is worth, and where a place would hold less than nothing.

    Parameters
    ----------
    steps
        The movements of one part of one store, in the order of the books.
    held
        What the places inside held before the first of them; the value of the shelf may lie at any of its places.
    """
    places = _Places()
    for key, amount in held.items():
        places.begin(key, amount)
    sources, targets = places.numbers_of(steps)
    values: list[int] = []
    value_of: dict[tuple[int, int], int] = {}
    at, pool_at, quantity, value = places.at, places.pool_at, places.quantity, places.value
    found, reached, found_by = [(0, 0)] * len(quantity), [0] * len(quantity), [-1] * len(quantity)
    below: list[tuple[int, int]] = []  # step and place
    for number, (step, source, target) in enumerate(zip(steps, sources, targets, strict=True)):
        sequence, units, worth, mirrored = step[1], step[8], step[9], step[10]
        out, into = pool_at[source], pool_at[target]  # the last of the pools stands for all places outside
        if out != into:
            if mirrored is not None:
                worth = value_of.get(mirrored[:2], mirrored[2])
                if source >= 0:
                    worth = value[out] if units >= quantity[out] else min(worth, value[out])
                    found_by[out] = -1
            elif source >= 0:
                if found_by[out] != sequence:
                    found_by[out], found[out], reached[out] = sequence, (quantity[out], value[out]), 0
                before, (whole, pool_value) = reached[out], found[out]
                after = reached[out] = before + units
                if after >= whole:
                    worth = value[out]
                else:
                    double = 2 * pool_value
                    worth = (double * after + whole) // (2 * whole) - (double * before + whole) // (2 * whole)
            quantity[out] -= units
            value[out] -= worth
            quantity[into] += units
            value[into] += worth
            found_by[into] = -1
        at[source] -= units
        at[target] += units
        if source >= 0 and at[source] < 0:
            below.append((number, source))
        values.append(worth)
        value_of[sequence, step[2]] = worth
    return Walk(values, _first_shortage(steps, below, held) if below else None)


class _Places:
    """The places of one part, numbered; the last number stands for all places outside.

    The lists are as long as what was numbered, and one: index −1 is the world outside, whose sums nobody asks for.
    """

    def __init__(self) -> None:
        self.number_of: dict[PlaceKey, int] = {}
        self._pool_of: dict[PlaceKey, int] = {}  # one for the whole shelf, one for every other place inside
        self.at = [0]  # quantity by place
        self.pool_at = [-1]
        self.quantity = [0]  # by pool
        self.value = [0]

    def number(self, key: PlaceKey) -> int:
        """Return the number of a place; −1 where it lies outside."""
        if key in self.number_of:
            return self.number_of[key]
        if key[0] in _OUTSIDE_KINDS:
            self.number_of[key] = -1
            return -1
        number = self.number_of[key] = len(self.at) - 1
        self.at.insert(number, 0)
        pool = self._pool_of.setdefault(("shelf", "") if key[0] in ON_HAND_KINDS else key, len(self.quantity) - 1)
        if pool == len(self.quantity) - 1:
            self.quantity.insert(pool, 0)
            self.value.insert(pool, 0)
        self.pool_at.insert(number, pool)
        return number

    def begin(self, key: PlaceKey, amount: Amount) -> None:
        """Let a place inside begin with an amount."""
        number = self.number(key)
        if number >= 0:
            self.at[number] += amount.quantity_milli
            self.quantity[self.pool_at[number]] += amount.quantity_milli
            self.value[self.pool_at[number]] += amount.value_e4

    def numbers_of(self, steps: Sequence[Step]) -> tuple[list[int], list[int]]:
        """Return the numbers of the places each step goes from and to."""
        number_of, number = self.number_of, self.number
        sources, targets = [], []
        for _, _, _, _, source_kind, source_name, target_kind, target_name, *_ in steps:
            source, target = (source_kind, source_name), (target_kind, target_name)
            sources.append(number_of[source] if source in number_of else number(source))
            targets.append(number_of[target] if target in number_of else number(target))
        return sources, targets


def _first_shortage(
    steps: Sequence[Step], below: Sequence[tuple[int, int]], held: Mapping[PlaceKey, Amount]
) -> Shortage | None:
    """Return the first place that holds less than nothing after a document; within one it may, for a moment."""
    at = {key: amount.quantity_milli for key, amount in held.items()}
    last = len(steps) - 1
    doubtful = {steps[number].document_sequence for number, _ in below}
    touched: set[PlaceKey] = set()
    for number, step in enumerate(steps):
        source, target = (step.source_kind, step.source_name), (step.target_kind, step.target_name)
        at[source] = at.get(source, 0) - step.quantity_milli
        at[target] = at.get(target, 0) + step.quantity_milli
        touched |= {source, target}
        if number == last or steps[number + 1].document_sequence != step.document_sequence:
            for place in sorted(touched) if step.document_sequence in doubtful else ():
                if at[place] < 0 and place[0] not in _OUTSIDE_KINDS:
                    return Shortage(step.effective_on, step.document_sequence, place, -at[place])
            touched = set()
    return None
