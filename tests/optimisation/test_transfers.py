"""Who gives what to whom: as if handed over unit by unit, and nothing is made or lost on the way."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from optimisation.transfers import handed_over

rows = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5)), max_size=7).map(lambda found: sorted(found, key=first))


def first(row: tuple[int, int]) -> int:
    return row[0]


def unit_by_unit(givers: list[tuple[int, int]], takers: list[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """The first giver of a part gives a unit to its first taker, until one side has nothing more."""
    found: dict[tuple[int, int], int] = {}
    has, wants = [quantity for _, quantity in givers], [quantity for _, quantity in takers]
    for taker, (part, _) in enumerate(takers):
        while wants[taker]:
            giver = next((i for i, (of, _) in enumerate(givers) if of == part and has[i]), None)
            if giver is None:
                break
            has[giver], wants[taker] = has[giver] - 1, wants[taker] - 1
            found[giver, taker] = found.get((giver, taker), 0) + 1
    return found


@settings(max_examples=60)
@given(rows, rows)
def test_it_is_as_if_handed_over_unit_by_unit(givers: list[tuple[int, int]], takers: list[tuple[int, int]]) -> None:
    columns = [np.array([row[at] for row in side], dtype=np.int64) for side in (givers, takers) for at in (0, 1)]
    found = handed_over(*columns)
    pairs = zip(found.giver.tolist(), found.taker.tolist(), found.quantity.tolist(), strict=True)
    assert {(giver, taker): quantity for giver, taker, quantity in pairs} == unit_by_unit(givers, takers)
    assert (found.quantity > 0).all()
