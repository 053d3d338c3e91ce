"""What each movement of one part is worth, told from the movements in the order of the books: moving average.

Order of the books: effective date, document sequence, line number. Everything on the shelf of a store (`ON_HAND`) is
one pool of quantity Q and value V; every other place inside is a pool of its own; the places outside have none.

- What comes from outside brings the value on its document.
- What a document takes out of a pool takes its share of the pool as the document found it, rounded so that the last
  unit takes exactly what is left (`valuation.share_e4`); what the same document put in before counts as found.
- What a reversal takes or brings is what the movement it mirrors is worth, at most what there is; the last unit takes
  what is left there too.
- What moves within a pool changes no value.

A pure function over one part of one store: the values of all movements follow from the movements. It is written as
one tight loop over plain tuples, because behind a back-dated entry there may be thousands of movements, and because
the check of the books goes through every movement there is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from inventory.books.balances import ON_HAND_KINDS, OUTSIDE_KINDS
from inventory.books.valuation import share_e4

PlaceKey = tuple[str, str]
"""Kind and name of a place."""


class Step(NamedTuple):
    """A movement as its table has it; a plain tuple of the same fields does as well.

    Parameters
    ----------
    movement_id, store, part_no
        None where they were not read: no walk looks at them.
    value_e4
        What its document said.
    """

    movement_id: int | None
    document_sequence: int
    line_no: int
    store: str | None
    part_no: str | None
    source_kind: str
    source_name: str
    target_kind: str
    target_name: str
    quantity_milli: int
    value_e4: int
    effective_on: str


class Shortage(NamedTuple):
    """The first document after which a place would hold less than nothing."""

    effective_on: str
    document_sequence: int
    place: PlaceKey
    lacking_milli: int


class Walk(NamedTuple):
    """What each step is worth, in their order; and the first shortage, None where there never was one."""

    values_e4: list[int]
    shortage: Shortage | None


def walk(
    steps: Sequence[Step], held: Mapping[PlaceKey, tuple[int, int]], mirrors: Mapping[int, int], known_before: int = 0
) -> Walk:
    """Return what each movement is worth, and where a place would hold less than nothing.

    Parameters
    ----------
    steps
        The movements of one part of one store, in the order of the books.
    held
        Quantity and value that the places inside hold; the value of the shelf may lie at any of its places.
    mirrors
        Reversals: by document the one it takes back, line by line, which is among the steps too.
    known_before
        `held` is what there is after the steps of documents before this one: they are taken back first. With 0 it is
        what there was before the first step.
    """
    simple = _take_once(steps, held, mirrors, known_before) or _walk_shelf(steps, held, mirrors, known_before)
    if simple is not None:
        return Walk(simple, None)
    places = _Places(held)
    sources, targets = places.enter(steps, known_before)
    at, pool_at, quantity, value = places.at, places.pool_at, places.quantity, places.value
    found_q, found_v = [0] * len(quantity), [0] * len(quantity)  # by pool, as the present document found it
    reached, found_by = [0] * len(quantity), [-1] * len(quantity)
    values: list[int] = []
    value_of: dict[tuple[int, int], int] = {}
    mirrored = set(mirrors.values())
    below: set[int] = set()
    for step, source, target in zip(steps, sources, targets, strict=True):
        sequence, units, worth = step[1], step[9], step[10]
        out, into = pool_at[source], pool_at[target]
        if out != into:
            if sequence in mirrors:
                worth = value_of[mirrors[sequence], step[2]]
                if source >= 0:
                    worth = value[out] if units >= quantity[out] else min(worth, value[out])
                    found_by[out] = -1
            elif source >= 0:
                if found_by[out] != sequence:
                    found_by[out], found_q[out], found_v[out], reached[out] = sequence, quantity[out], value[out], 0
                whole = found_q[out]
                before = reached[out]
                after = reached[out] = before + units
                if after >= whole:
                    worth = value[out]
                else:
                    double = 2 * found_v[out]
                    worth = (double * after + whole) // (2 * whole)
                    if before:
                        worth -= (double * before + whole) // (2 * whole)
            quantity[out] -= units
            value[out] -= worth
            quantity[into] += units
            value[into] += worth
            found_by[into] = -1
        at[source] -= units
        at[target] += units
        if at[source] < 0 <= source:
            below.add(sequence)
        values.append(worth)
        if sequence in mirrored:
            value_of[sequence, step[2]] = worth
    return Walk(values, _first_shortage(steps, sources, targets, below, places) if below else None)


def _take_once(
    steps: Sequence[Step], held: Mapping[PlaceKey, tuple[int, int]], mirrors: Mapping[int, int], known_before: int
) -> list[int] | None:
    """Return what the only step is worth, where it takes from a shelf of one place what is there; else None."""
    if len(steps) != 1 or len(held) != 1:
        return None
    ((_, sequence, _, _, _, source_kind, source_name, target_kind, _, units, _, _),) = steps
    there, worth = held.get((source_kind, source_name), (0, 0))
    if (
        not units <= there
        or sequence < known_before
        or sequence in mirrors
        or source_kind not in ON_HAND_KINDS
        or target_kind not in OUTSIDE_KINDS
    ):
        return None
    return [share_e4(units, there, worth)]


def _walk_shelf(
    steps: Sequence[Step], held: Mapping[PlaceKey, tuple[int, int]], mirrors: Mapping[int, int], known_before: int
) -> list[int] | None:
    """Return what each step is worth where all of them only come from outside, or leave the shelf for the outside.

    This is what nearly all movements do, and one pool is walked in a fraction of the time. None where a step does
    something else, or a place would hold less than nothing even for a moment: then the long way tells.
    """
    on_hand, outside = ON_HAND_KINDS, OUTSIDE_KINDS
    if mirrors and not mirrors.keys().isdisjoint([step[1] for step in steps]):
        return None
    at: dict[PlaceKey, int] = {}
    quantity = value = 0
    for place, (there, worth) in held.items():
        if place[0] in on_hand:
            at[place] = there
            quantity += there
            value += worth
    for _, sequence, _, _, _, source_kind, source_name, target_kind, target_name, units, said, _ in steps:
        if sequence >= known_before:
            continue
        if source_kind in on_hand:
            place = (source_kind, source_name)
            at[place] = at.get(place, 0) + units
            quantity += units
            value += said
        elif target_kind in on_hand:
            place = (target_kind, target_name)
            at[place] = at.get(place, 0) - units
            quantity -= units
            value -= said
    if any(there < 0 for there in at.values()):
        return None  # such books are damaged
    whole = double = reached = 0  # as the present document found it: quantity, twice the value, taken of it since
    found_by = -1
    values: list[int] = []
    for _, sequence, _, _, _, source_kind, source_name, target_kind, target_name, units, said, _ in steps:
        if source_kind in outside:  # brings its value, wherever it goes
            if target_kind in on_hand:
                place = (target_kind, target_name)
                at[place] = at.get(place, 0) + units
                quantity += units
                value += said
                found_by = -1
            values.append(said)
            continue
        if source_kind not in on_hand or target_kind not in outside:
            return None
        place = (source_kind, source_name)
        left = at[place] = at.get(place, 0) - units
        if left < 0:
            return None
        if found_by != sequence:
            found_by, whole, double, reached = sequence, quantity, 2 * value, units
            worth = (double * units + whole) // (2 * whole)
        else:
            before, reached = reached, reached + units
            worth = (double * reached + whole) // (2 * whole) - (double * before + whole) // (2 * whole)
        quantity -= units
        value -= worth
        values.append(worth)
    return values


class _Places:
    """The places of one part, numbered, and their pools; the last number stands for all places outside.

    So −1 is the index of the world outside, whose sums nobody asks for.
    """

    def __init__(self, held: Mapping[PlaceKey, tuple[int, int]]) -> None:
        self.number_of: dict[PlaceKey, int] = {}
        self._pool_of: dict[PlaceKey, int] = {}  # one for the whole shelf, one for every other place inside
        self.at = [0]  # quantity by place
        self.pool_at = [-1]
        self.quantity = [0]  # by pool
        self.value = [0]
        for key, (quantity_milli, value_e4) in held.items():
            number = self._number(key)
            self.at[number] += quantity_milli
            self.quantity[self.pool_at[number]] += quantity_milli
            self.value[self.pool_at[number]] += value_e4

    def _number(self, key: PlaceKey) -> int:
        """Return the number of a place; −1 where it lies outside."""
        if key in self.number_of:
            return self.number_of[key]
        if key[0] in OUTSIDE_KINDS:
            return -1
        number = self.number_of[key] = len(self.at) - 1
        self.at.insert(number, 0)
        pool = self._pool_of.setdefault(("shelf", "") if key[0] in ON_HAND_KINDS else key, len(self.quantity) - 1)
        if pool == len(self.quantity) - 1:
            self.quantity.insert(pool, 0)
            self.value.insert(pool, 0)
        self.pool_at.insert(number, pool)
        return number

    def enter(self, steps: Sequence[Step], known_before: int) -> tuple[list[int], list[int]]:
        """Return the numbers of the places each step goes from and to, and take back the steps known before."""
        number_of, number = self.number_of, self._number
        at, pool_at, quantity, value = self.at, self.pool_at, self.quantity, self.value
        sources, targets = [], []
        for _, sequence, _, _, _, source_kind, source_name, target_kind, target_name, units, worth, _ in steps:
            source = target = -1
            if source_kind not in OUTSIDE_KINDS:
                source = number_of.get((source_kind, source_name), -1)
                if source < 0:
                    source = number((source_kind, source_name))
            if target_kind not in OUTSIDE_KINDS:
                target = number_of.get((target_kind, target_name), -1)
                if target < 0:
                    target = number((target_kind, target_name))
            sources.append(source)
            targets.append(target)
            if sequence < known_before:
                at[source] += units
                at[target] -= units
                out, into = pool_at[source], pool_at[target]
                quantity[out] += units
                quantity[into] -= units
                value[out] += worth
                value[into] -= worth
        return sources, targets


def _first_shortage(
    steps: Sequence[Step], sources: Sequence[int], targets: Sequence[int], below: set[int], places: _Places
) -> Shortage | None:
    """Return the first place that holds less than nothing after a document; within one it may, for a moment."""
    at = list(places.at)  # as after the last step
    for step, source, target in zip(steps, sources, targets, strict=True):
        at[source] += step[9]
        at[target] -= step[9]
    touched: set[int] = set()
    last = len(steps) - 1
    for number, (step, source, target) in enumerate(zip(steps, sources, targets, strict=True)):
        at[source] -= step[9]
        at[target] += step[9]
        touched |= {source, target}
        if number == last or steps[number + 1][1] != step[1]:
            short = [place for place in sorted(touched - {-1}) if at[place] < 0] if step[1] in below else []
            if short:
                name_of = {number: key for key, number in places.number_of.items()}
                return Shortage(step[11], step[1], name_of[short[0]], -at[short[0]])
            touched = set()
    return None
