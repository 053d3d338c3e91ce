"""Supersessions: which number follows which, from when, and how.

Kinds: ``replaces`` - from the day on only the new number is asked for; ``use_up_first`` - the old number is asked
for until the shelf has none; ``either_way`` - either may be given.
"""

from dataclasses import dataclass

import numpy as np

from data_samples.columns import Ints
from data_samples.items import Item
from data_samples.workdays import NEVER, month_start

CHAIN_ITEM = "pads_front"
USE_UP_ITEM = "oil_filter"
EITHER_ITEM = "air_filter"


@dataclass(frozen=True)
class Links:
    """Supersessions as columns over parts.

    Attributes
    ----------
    successor, predecessor : array of int
        Row of the part that follows, or that was followed; -1 for none.
    effective_day : array of int
        Day number from which the successor is valid.
    kind : tuple of str
        Empty for parts without successor.
    """

    successor: Ints
    predecessor: Ints
    effective_day: Ints
    kind: tuple[str, ...]

    def live(self, part: Ints, day: Ints) -> Ints:
        """Follow supersessions to the number that is valid on a day.

        Parameters
        ----------
        part, day : array of int

        Returns
        -------
        array of int
            Parts; two steps are the longest chain.
        """
        for _ in range(2):
            part = np.where(day >= self.effective_day[part], self.successor[part], part)
        return part


def _pick(items: list[Item], key: str, taken: set[int]) -> int:
    """Take the number of an item that serves models sold lately: the third from last."""
    rows = [row for row, item in enumerate(items) if item.key == key and row not in taken]
    return rows[-min(3, len(rows))]


def draw_links(items: list[Item], followers: int, first_month: int, end_month: int, rng: np.random.Generator) -> Links:
    """Draw the supersessions of a catalogue.

    Parameters
    ----------
    items : list of Item
        Item of each part before successors are added.
    followers : int
        Numbers to add: two for the chain of three, the others single ones.
    first_month, end_month : int
        Months between which they take effect.
    rng : Generator

    Returns
    -------
    Links
        Over the parts and, after them, the followers.
    """
    count = len(items)
    chain = _pick(items, CHAIN_ITEM, set())
    taken = {chain}
    singles: list[tuple[int, str]] = []
    for key, kind in ((USE_UP_ITEM, "use_up_first"), (EITHER_ITEM, "either_way")):
        singles.append((_pick(items, key, taken), kind))
        taken.add(singles[-1][0])
    others = [r for r, item in enumerate(items) if item.process in ("wear", "failure") and r not in taken]
    drawn = rng.choice(len(others), size=followers - 2 - len(singles), replace=False)
    singles += [(others[int(place)], "replaces") for place in sorted(drawn)]
    span = end_month - first_month
    old = [chain, count, *(row for row, _ in singles)]
    when = [first_month + span // 4, first_month + (5 * span) // 8]
    when += [int(m) for m in rng.integers(first_month + 3, end_month - 2, size=len(singles))]
    kinds = ["replaces", "replaces", *(kind for _, kind in singles)]
    successor = np.full(count + followers, -1, dtype=np.int64)
    predecessor = np.full(count + followers, -1, dtype=np.int64)
    effective = np.full(count + followers, NEVER, dtype=np.int64)
    kind_of = [""] * (count + followers)
    for place, (row, month, kind) in enumerate(zip(old, when, kinds, strict=True)):
        successor[row] = count + place
        predecessor[count + place] = row
        effective[row] = month_start(month) + int(rng.integers(0, 20))
        kind_of[row] = kind
    return Links(successor, predecessor, effective, tuple(kind_of))
