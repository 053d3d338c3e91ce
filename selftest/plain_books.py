"""`PlainBooks`: what the ledger must come to, in dictionaries so plain that they can be believed.

Quantities by place; values by pool. All that lies on the shelf of a store (bins, and what is reserved) is one pool of a
part, every other place is a pool of its own. What leaves a pool takes its share of the pool's value, rounded half up.
"""

from __future__ import annotations

from collections import defaultdict

SHELF = ("bin", "reserved")
OUTSIDE = ("opening", "supplier", "customer", "scrap", "count-difference")

Spot = tuple[str, str]
"""Kind and name of a place."""


class PlainBooks:
    """What every place holds of every part, and what every pool is worth."""

    def __init__(self) -> None:
        self.quantity: defaultdict[tuple[str, Spot], int] = defaultdict(int)
        self.value: defaultdict[tuple[str, Spot], int] = defaultdict(int)
        self.orders: dict[str, dict[str, tuple[int, int]]] = {}  # what is open of each order: quantity, unit cost

    def move(self, part: str, taken: list[tuple[Spot, int]], target: Spot, value: int | None = None) -> bool:
        """Move quantities of one part from places to a place; False, and nothing moves, where a place lacks some."""
        lacking = [
            spot for spot, milli in taken if spot[0] not in OUTSIDE and self.quantity.get((part, spot), 0) < milli
        ]
        total = sum(milli for _, milli in taken)
        if lacking or not total:
            return not lacking
        source = pool_of(taken[0][0])
        if value is None:
            value = self.share(part, source, total)
        for spot, milli in taken:
            self.quantity[part, spot] -= milli
        self.quantity[part, target] += total
        self.value[part, source] -= value
        self.value[part, pool_of(target)] += value
        return True

    def share(self, part: str, pool: Spot, milli: int) -> int:
        """Return the value that leaves with a quantity: by the school's rule, double, add one whole, halve."""
        held = self.held(part, pool)
        return (2 * milli * self.value[part, pool] + held) // (2 * held)

    def held(self, part: str, pool: Spot) -> int:
        """Return the quantity of a pool."""
        return sum(milli for (p, spot), milli in self.quantity.items() if p == part and pool_of(spot) == pool)

    def bins(self, part: str) -> list[tuple[Spot, int]]:
        """Return the bins that hold something of a part, the fullest first."""
        found = [(spot, q) for (p, spot), q in self.quantity.items() if p == part and spot[0] == "bin" and q > 0]
        return sorted(found, key=lambda each: (-each[1], each[0][1]))

    def is_known(self, part: str) -> bool:
        """Return whether the part was ever moved."""
        return any(p == part for p, _ in self.quantity)


def pool_of(spot: Spot) -> Spot:
    """Return the pool a place belongs to."""
    return ("shelf", "") if spot[0] in SHELF else spot
