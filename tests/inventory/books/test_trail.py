"""What a back-dated entry changes, told from four cells of each movement, beside the walk over the movements whole."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inventory.books.balances import OUTSIDE_KINDS
from inventory.books.costing import PlaceKey, Step, walk
from inventory.books.recosting import _by_place, revalued
from inventory.books.trail import Flow, flows_changed

SUPPLIER, CUSTOMER = ("supplier", "G"), ("customer", "RO 1")
SHELF = (("bin", "A 1"), ("bin", ""), ("reserved", "RES-1"))
NEW = 100
"""The sequence of the document that is dated back."""


def cells(step: Step) -> tuple[int, int, int, str]:
    """What the database gives of a movement."""
    name = step.target_name if step.source_kind in OUTSIDE_KINDS else step.source_name
    flow = f"{step.effective_on} {step.source_kind} {step.target_kind} {name}"
    return step.document_sequence, step.quantity_milli, step.value_e4, flow


def of(sequence: int, day: int, source: PlaceKey, target: PlaceKey, quantity: int, value: int) -> Step:
    return Step(None, sequence, 1, None, None, *source, *target, quantity, value, f"2026-06-{day:02}")


def after(steps: list[Step]) -> dict[PlaceKey, tuple[int, int]]:
    """What lies where after the steps known before, at the values their documents said."""
    found = dict.fromkeys(SHELF, (0, 0))
    for each in steps:
        for place, sign in ((each[5:7], -1), (each[7:9], 1)):
            if place in found and each.document_sequence < NEW:
                quantity, value = found[place]
                found[place] = quantity + sign * each.quantity_milli, value + sign * each.value_e4
    return found


def by_place(flows: dict[Flow, int]) -> dict[tuple[str, str, str], int]:
    return _by_place({(day, source, "", target, ""): change for (day, source, target), change in flows.items()})


def test_a_dearer_receipt_dated_back_makes_what_left_after_it_dearer() -> None:
    steps = [
        of(1, 1, SUPPLIER, SHELF[0], 10, 100),
        of(NEW, 2, SUPPLIER, SHELF[0], 10, 300),
        of(2, 3, SHELF[0], CUSTOMER, 4, 40),
        of(3, 3, SHELF[0], CUSTOMER, 2, 20),
    ]
    flows = flows_changed([cells(each) for each in steps], after(steps), {}, NEW)
    assert flows == {("2026-06-03", "bin", "customer"): 60}


def test_what_moves_on_the_shelf_mirrors_or_lacks_anything_is_left_to_the_walk() -> None:
    comes = of(1, 1, SUPPLIER, SHELF[0], 10, 100)
    for last in (of(NEW, 2, SHELF[0], SHELF[1], 1, 10), of(NEW, 2, SHELF[0], CUSTOMER, 11, 110)):
        steps = [comes, last]
        assert flows_changed([cells(each) for each in steps], after(steps), {}, NEW) is None
    steps = [comes, of(NEW, 2, SHELF[0], SUPPLIER, 10, 100)]
    assert flows_changed([cells(each) for each in steps], after(steps), {NEW: 1}, NEW) is None


LINES = st.lists(
    st.tuples(st.booleans(), st.sampled_from(SHELF), st.integers(1, 40), st.integers(0, 900), st.booleans()),
    min_size=1,
    max_size=30,
)


@given(lines=LINES, late=st.integers(1, 900), place=st.sampled_from(SHELF))
def test_it_says_what_the_walk_over_all_movements_says(
    lines: list[tuple[bool, PlaceKey, int, int, bool]], late: int, place: PlaceKey
) -> None:
    steps = [of(1, 1, SUPPLIER, each, 400, 3000 + 7 * number) for number, each in enumerate(SHELF)]
    steps.append(of(NEW, 2, SUPPLIER, place, 50, late))
    sequence = 2
    for number, (comes, at, quantity, value, is_same) in enumerate(lines):
        sequence += not is_same  # else another line of the same document
        ends = (SUPPLIER, at) if comes else (at, CUSTOMER)
        steps.append(of(sequence, 3, *ends, quantity, value)._replace(line_no=number))
    held = after(steps)
    flows = flows_changed([cells(each) for each in steps], held, {}, NEW)
    whole = walk(steps, held, {}, NEW)
    if flows is None:
        assert any(sum(each[2] for each in lines if each[1] == at) > 400 for at in SHELF)
    else:
        assert whole.shortage is None
        assert by_place(flows) == revalued(steps, whole.values_e4)
