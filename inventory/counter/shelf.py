"""What a store's places hold of a part, which of them give first, and what that is worth.

What is taken off the shelf takes its share of the pool's moving average (`valuation`). Every other place, such as the
quarantine of an order or the transit of a transfer, is worth what was brought there, and what is taken from it takes
its share of that; the last unit takes what is left.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from inventory.books.balances import NOTHING, ON_HAND_KINDS, Amount, Balances, Where, pools
from inventory.books.movements import Movement, Place, PlaceKind
from inventory.books.valuation import share_e4, values_out
from inventory.findings import Finding, unmet

_STEP_OF_CORES = {
    "owed": "take the old part in: sparewise core move take; or give the deposit up: sparewise core move forfeit",
    "in-hand": "send it back: sparewise core move return",
}
"""How a core leaves the place where it waits, by its name."""


class Source(NamedTuple):
    """A place and how much is there to be taken, or is taken, in thousandths."""

    place: Place
    quantity_milli: int


def amount_at(held: Balances, store: str, part_no: str, place: Place) -> Amount:
    """Return what a place holds of a part, and what it is worth."""
    return held.get(Where(store, part_no, place.kind.value, place.name), NOTHING)


def bins(held: Balances, store: str, part_no: str, bin_name: str | None = None) -> list[Source]:
    """Return the bins of a store that hold a part, the fullest first; only the one named, where one is."""
    found = [
        Source(Place(PlaceKind.BIN, where.place_name), amount.quantity_milli)
        for where, amount in held.items()
        if (where.store, where.part_no, where.place_kind) == (store, part_no, PlaceKind.BIN)
        and amount.quantity_milli > 0
        and bin_name in (None, where.place_name)
    ]
    return sorted(found, key=lambda each: (-each.quantity_milli, each.place.name))


def fullest_bin(held: Balances, store: str, part_no: str) -> Place:
    """Return the bin that holds most of a part; the bin without a name where none does."""
    found = bins(held, store, part_no)
    return found[0].place if found else Place(PlaceKind.BIN)


def total(sources: Sequence[Source]) -> int:
    """Return how much several places hold together."""
    return sum(each.quantity_milli for each in sources)


def spread(sources: Sequence[Source], quantity_milli: int) -> list[Source]:
    """Return how much of a quantity each place gives, the first as much as it can.

    >>> a, b = Place(PlaceKind.BIN, "A"), Place(PlaceKind.BIN, "B")
    >>> [(place.name, quantity) for place, quantity in spread([Source(a, 3000), Source(b, 2000)], 4000)]
    [('A', 3000), ('B', 1000)]
    """
    given = []
    for place, there in sources:
        if quantity_milli > 0 < there:
            given.append(Source(place, min(there, quantity_milli)))
            quantity_milli -= given[-1].quantity_milli
    return given


def moves_out(held: Balances, store: str, part_no: str, taken: Sequence[Source], target: Place) -> tuple[Movement, ...]:
    """Return the movements that take a part from places to another one, each with the value it takes along.

    Parameters
    ----------
    held
        The balances before; all places of the part on the store's shelf have to be in it.
    taken
        Places, each once, and what leaves them.

    Raises
    ------
    ValueError
        If more is taken than a place or the shelf holds; whoever takes has to ask first.
    """
    on_shelf = [each for each in taken if each.place.kind in ON_HAND_KINDS]
    shares = values_out(((store, part_no, each.quantity_milli) for each in on_shelf), pools(held))
    values = dict(zip((each.place for each in on_shelf), shares, strict=True))
    for place, quantity_milli in taken:
        if place not in values:
            there = amount_at(held, store, part_no, place)
            if quantity_milli > there.quantity_milli:
                raise ValueError(f"more of {part_no} is taken than {place} holds")
            values[place] = share_e4(quantity_milli, *there)
    return tuple(
        Movement(store, part_no, place, target, quantity_milli, values[place]) for place, quantity_milli in taken
    )


def place_named(text: str, kinds: Collection[PlaceKind]) -> Place:
    """Return the place a user names: ``KIND/NAME`` for one of the kinds, else a bin.

    >>> place_named("dock/PO-1", [PlaceKind.DOCK]), place_named("A-01", [PlaceKind.DOCK])
    (Place(kind=<PlaceKind.DOCK: 'dock'>, name='PO-1'), Place(kind=<PlaceKind.BIN: 'bin'>, name='A-01'))
    """
    kind, slash, name = text.partition("/")
    if slash and kind in {each.value for each in kinds}:
        return Place(PlaceKind(kind), name)
    return Place(PlaceKind.BIN, text)


def cores_stay(source: str, place: str) -> list[Finding]:
    """Return the refusal to take cores from their place otherwise than by the steps of their deposit.

    >>> [finding.suggestion for finding in cores_stay("scrap", "core/in-hand")]
    ['send it back: sparewise core move return']
    """
    kind, _, name = place.partition("/")
    way = _STEP_OF_CORES.get(name, "see where it is: sparewise core list")
    reason = "a core leaves its place by a step of its deposit"
    return unmet(source, [(kind != PlaceKind.CORE.value, "from", place, reason, way)])
