"""Which number is ordered today for a number asked for yesterday: the graph of supersessions.

A row says that from a date on, one unit of `part_no` is answered by `quantity` units of `replaced_by`:

``replaces``
    The new number takes over at once; what is left of the old one is not used any more.
``use_up_first``
    The new number takes over; what is left of the old one is sold first, so it counts as stock of the new one.
``either_way``
    Both serve; the new number is the one ordered, stock of the old one counts as stock of the new one.
``kit``
    The old number is answered by several new ones together, one row each.

Of the rows of a number only those with its latest date count (all of them for a kit, the last in order of number
otherwise), and only if that date has come. Following the rows from number to number, factors multiply along a path
and add where paths meet. They are held as exact fractions and rounded once, cumulatively over the rows of one old
number in one group, so that any run of rows adds up to the exact sum rounded half up: no unit is made or lost on
the way, however long the chain. A graph that leads back to itself has no live number and is refused with its path.

It does not ask whether the numbers exist, nor what they cost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

THOUSAND = 1000
_COUNTS_AS_STOCK = frozenset({"use_up_first", "either_way"})


@dataclass(frozen=True)
class Successor:
    """What one unit of an old number has become.

    Parameters
    ----------
    part_no
        The live number.
    factor
        Units of the live number for one unit of the old one, exact.
    counts_as_stock
        True where what is left of the old number may be used in its place all the way.
    """

    part_no: str
    factor: Fraction
    counts_as_stock: bool


@dataclass(frozen=True)
class Lineage:
    """Old numbers and what they have become at a date.

    Parameters
    ----------
    as_of
        The date up to which supersessions count.
    successors
        Old number to its live numbers, sorted; a number that is not a key is live itself.
    """

    as_of: date
    successors: Mapping[str, tuple[Successor, ...]]

    def live(self, part_no: str) -> tuple[Successor, ...]:
        """Return what a number is answered by today: itself where nothing replaced it.

        >>> Lineage(date(2026, 1, 1), {}).live("7701")[0].part_no
        '7701'
        """
        return self.successors.get(part_no) or (Successor(part_no, Fraction(1), counts_as_stock=True),)

    def is_live(self, part_no: str) -> bool:
        """Return whether a number is still the one to order."""
        return part_no not in self.successors

    def predecessors(self) -> dict[str, list[str]]:
        """Return, per live number, the old numbers it stands for, sorted."""
        found: dict[str, list[str]] = {}
        for old in sorted(self.successors):
            for successor in self.successors[old]:
                found.setdefault(successor.part_no, []).append(old)
        return found


def find_cycles(part_no: Iterable[str], replaced_by: Iterable[str]) -> list[tuple[str, ...]]:
    """Return every knot of numbers that replace each other in a ring, as one closed path each.

    Parameters
    ----------
    part_no, replaced_by
        Old and new number of each row.

    Returns
    -------
    list of tuple
        Paths such as ``("A", "B", "C", "A")``, each from its least number and back to it; sorted; empty where every
        number leads to a live one.

    >>> find_cycles(["A", "B", "C"], ["B", "A", "A"])
    [('A', 'B', 'A')]
    """
    following: dict[str, list[str]] = {}
    for old, new in sorted(set(zip(part_no, replaced_by, strict=True))):
        following.setdefault(old, []).append(new)
    remaining = _numbers_on_rings(following)
    paths = []
    while remaining:
        ring = _shortest_ring(min(remaining), following, remaining)
        if ring:
            paths.append(ring)
            remaining -= set(ring)
        else:
            remaining.discard(min(remaining))
    return paths


Step = tuple[str, str, date | None, int, str]
"""``part_no, replaced_by, effective_on, quantity_milli, kind``; without a day it takes no effect."""


def lineage(supersessions: pd.DataFrame, as_of: date) -> Lineage:
    """Return what every old number has become at a date, as `lineage_of` does from rows.

    Parameters
    ----------
    supersessions
        Columns ``part_no, replaced_by, effective_on, quantity_milli, kind``; rows in any order.
    """
    days = supersessions["effective_on"].to_numpy("datetime64[D]").tolist()
    texts = (supersessions[name].astype(str) for name in ("part_no", "replaced_by"))
    quantities, kinds = supersessions["quantity_milli"].astype(int), supersessions["kind"].astype(str)
    return lineage_of(zip(*texts, days, quantities, kinds, strict=True), as_of)


def lineage_of(supersessions: Iterable[Step], as_of: date) -> Lineage:
    """Return what every old number has become at a date.

    Parameters
    ----------
    supersessions
        In any order.
    as_of
        Rows that take effect later are left out.

    Raises
    ------
    ValueError
        If numbers replace each other in a ring; the message names the path.
    """
    steps = _steps_in_force(supersessions, as_of)
    pairs = [(old, step.part_no) for old, row in steps.items() for step in row]
    if rings := find_cycles([old for old, _ in pairs], [new for _, new in pairs]):
        raise ValueError(f"a number leads to a live one in the end; these lead back: {' -> '.join(rings[0])}")
    resolved: dict[str, tuple[Successor, ...]] = {}
    for start in steps:
        waiting = [start]
        while waiting:
            old = waiting[-1]
            unknown = [s.part_no for s in steps[old] if s.part_no in steps and s.part_no not in resolved]
            if unknown:
                waiting.extend(unknown)
            else:
                resolved[old] = _joined(steps[old], resolved)
                waiting.pop()
    return Lineage(as_of, resolved)


def roll_forward(rows: pd.DataFrame, of: Lineage, within: Sequence[str], quantities: Sequence[str]) -> pd.DataFrame:
    """Return rows restated in live numbers, thousandth for thousandth.

    Parameters
    ----------
    rows
        ``part_no``, the columns of `within` and those of `quantities`; in time order inside each group.
    of
        What the numbers have become.
    within
        Columns inside which quantities are rounded together, such as ``["store"]``.
    quantities
        Whole-number columns (``_milli``) to be multiplied by the factors.

    Returns
    -------
    DataFrame
        The same columns and ``asked_part_no``, the number on the row before; rows of a kit come once per component.
    """
    import pandas as pd

    out = rows.assign(asked_part_no=rows["part_no"]).reset_index(drop=True)
    old = out["part_no"].isin(list(of.successors)).to_numpy()
    if not old.any():
        return out
    pieces = [out[~old]]
    for number, group in out[old].groupby("part_no", sort=True):
        for successor in of.live(str(number)):
            piece = group.assign(part_no=successor.part_no)
            for column in quantities:
                for _, same in (
                    piece.groupby(list(within), sort=True, dropna=False)[column] if within else [("", piece[column])]
                ):
                    piece.loc[same.index, column] = scaled(same.tolist(), successor.factor)
            pieces.append(piece)
    return pd.concat(pieces).sort_index(kind="stable").reset_index(drop=True)


def scaled(quantities_milli: Sequence[int], factor: Fraction) -> list[int]:
    """Return quantities times a factor in whole thousandths, rounded so that every running total is right.

    >>> scaled([1, 1, 1, 1], Fraction(1, 2))
    [1, 0, 1, 0]
    """
    if factor.denominator == 1:
        return [int(quantity) * factor.numerator for quantity in quantities_milli]
    result, total, given = [], 0, 0
    for quantity in quantities_milli:
        total += int(quantity)
        reached = (2 * total * factor.numerator + factor.denominator) // (2 * factor.denominator)
        result.append(reached - given)
        given = reached
    return result


def _steps_in_force(supersessions: Iterable[Step], as_of: date) -> dict[str, tuple[Successor, ...]]:
    """Return the rows that count at the date, one tuple per old number."""
    begun: dict[str, list[tuple[date, str, int, str]]] = {}
    for old, new, effective_on, quantity, kind in supersessions:
        if effective_on is not None and effective_on <= as_of:
            begun.setdefault(old, []).append((effective_on, new, quantity, kind))
    steps: dict[str, tuple[Successor, ...]] = {}
    for old in sorted(begun):
        latest = max(on for on, *_ in begun[old])
        row = sorted((new, quantity, kind) for on, new, quantity, kind in begun[old] if on == latest)
        chosen = [step for step in row if step[2] == "kit"] or row[-1:]
        steps[old] = tuple(
            Successor(new, Fraction(quantity, THOUSAND), kind in _COUNTS_AS_STOCK) for new, quantity, kind in chosen
        )
    return steps


def _joined(row: tuple[Successor, ...], resolved: Mapping[str, tuple[Successor, ...]]) -> tuple[Successor, ...]:
    """Return the live ends of a number's rows; factors multiply along a path and add where paths meet."""
    ends: dict[str, Successor] = {}
    for step in row:
        for end in resolved.get(step.part_no, (Successor(step.part_no, Fraction(1), counts_as_stock=True),)):
            known = ends.get(end.part_no)
            ends[end.part_no] = Successor(
                end.part_no,
                step.factor * end.factor + (known.factor if known else 0),
                step.counts_as_stock and end.counts_as_stock and (known is None or known.counts_as_stock),
            )
    return tuple(ends[number] for number in sorted(ends))


def _numbers_on_rings(following: Mapping[str, list[str]]) -> set[str]:
    """Return the numbers that lie on a ring or between two: the others are peeled off from both ends."""
    leading: dict[str, list[str]] = {}
    for old, row in following.items():
        for new in row:
            leading.setdefault(new, []).append(old)
    left = set(following) | set(leading)
    for ahead, behind in ((following, leading), (leading, following)):
        open_ends = {number: sum(other in left for other in ahead.get(number, ())) for number in left}
        waiting = [number for number in left if open_ends[number] == 0]
        while waiting:
            number = waiting.pop()
            left.discard(number)
            for neighbour in behind.get(number, ()):
                if neighbour in left:
                    open_ends[neighbour] -= 1
                    if open_ends[neighbour] == 0:
                        waiting.append(neighbour)
    return left


def _shortest_ring(start: str, following: Mapping[str, list[str]], allowed: set[str]) -> tuple[str, ...]:
    """Return the shortest closed path from a number back to itself; empty where there is none."""
    came_from: dict[str, str] = {}
    front = [start]
    while front:
        following_front: list[str] = []
        for old in front:
            for new in following.get(old, ()):
                if new == start:
                    path = [old]
                    while path[-1] != start:
                        path.append(came_from[path[-1]])
                    return (*reversed(path), start)
                if new in allowed and new not in came_from:
                    came_from[new] = old
                    following_front.append(new)
        front = following_front
    return ()
