"""The walk over the movements of one part, beside a plain model that keeps fractions of nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inventory.books.balances import Amount
from inventory.books.costing import Step, walk
from inventory.books.valuation import share_e4

OUT = ("customer", "RO-1")
PLACES = (("bin", "A"), ("bin", "B"), ("reserved", "RO-1"), ("workshop", "RO-1"), ("quarantine", "PO-1"), OUT)


def step(number: int, source: tuple[str, str], target: tuple[str, str], quantity: int, value: int = 0) -> Step:
    return Step(number, number, 1, "S", "P", *source, *target, quantity, value, "2026-06-01")


def test_ten_at_ten_and_ten_at_twenty_leave_at_fifteen() -> None:
    steps = [
        step(1, ("opening", ""), ("bin", "A"), 10_000, 100_0000),
        step(2, ("opening", ""), ("bin", "B"), 10_000, 200_0000),
        step(3, ("bin", "A"), OUT, 1000),
    ]
    assert walk(steps, {}, {}).values_e4 == [100_0000, 200_0000, 15_0000]


def test_the_lines_of_one_document_share_what_it_found() -> None:
    lines = [step(1, ("opening", ""), ("bin", "A"), 3, 10)]
    lines += [step(2, ("bin", "A"), OUT, 1)._replace(line_no=number) for number in (1, 2, 3)]
    assert walk(lines, {}, {}).values_e4[1:] == [3, 4, 3]


def test_what_comes_in_and_goes_on_in_one_document_takes_what_it_brought() -> None:
    steps = [step(1, ("supplier", "G"), ("dock", ""), 5, 7), step(1, ("dock", ""), ("bin", "A"), 5)._replace(line_no=2)]
    assert walk(steps, {}, {}).values_e4 == [7, 7]


def test_a_mirror_takes_what_its_original_is_worth_and_at_the_end_what_is_left() -> None:
    steps = [
        step(1, ("supplier", "G"), ("bin", "A"), 10, 100),
        step(2, ("supplier", "G"), ("bin", "A"), 10, 200),
        step(3, ("bin", "A"), ("supplier", "G"), 10),
        step(4, ("bin", "A"), ("supplier", "G"), 10),
    ]
    assert walk(steps, {}, {3: 1, 4: 2}).values_e4 == [100, 200, 100, 200]


def test_a_place_that_would_hold_less_than_nothing_is_told_with_its_day() -> None:
    steps = [
        step(1, ("opening", ""), ("bin", "A"), 5, 50),
        step(2, ("bin", "A"), OUT, 6)._replace(effective_on="2026-06-03"),
        step(3, ("opening", ""), ("bin", "A"), 5, 50)._replace(effective_on="2026-06-04"),
    ]
    shortage = walk(steps, {}, {}).shortage
    assert shortage == ("2026-06-03", 2, ("bin", "A"), 1)


MOVES = st.lists(
    st.tuples(st.sampled_from(PLACES), st.sampled_from(PLACES), st.integers(1, 50), st.integers(0, 1000)), max_size=30
)


class PlainPools:
    """The same rules as sentences: a quantity and a value per pool, one movement per document."""

    def __init__(self) -> None:
        self.at: dict[tuple[str, str], int] = {}
        self.pools: dict[tuple[str, str], Amount] = {}

    def pool(self, place: tuple[str, str]) -> tuple[str, str]:
        return ("shelf", "") if place[0] in ("bin", "reserved") else place

    def move(self, source: tuple[str, str], target: tuple[str, str], quantity: int, value: int) -> int | None:
        if source != OUT and self.at.get(source, 0) < quantity:
            return None
        self.at[source] = self.at.get(source, 0) - quantity
        self.at[target] = self.at.get(target, 0) + quantity
        if self.pool(source) == self.pool(target):
            return value
        if source != OUT:
            value = share_e4(quantity, *self.pools[self.pool(source)])
            self.add(source, -quantity, -value)
        if target != OUT:
            self.add(target, quantity, value)
        return value

    def add(self, place: tuple[str, str], quantity: int, value: int) -> None:
        self.pools[self.pool(place)] = self.pools.get(self.pool(place), Amount(0, 0)).plus(Amount(quantity, value))


@given(moves=MOVES, cut=st.integers(0, 30))
def test_the_walk_agrees_with_the_plain_model_from_any_beginning(
    moves: list[tuple[tuple[str, str], tuple[str, str], int, int]], cut: int
) -> None:
    model = PlainPools()
    steps: list[Step] = []
    expected: list[int] = []
    for source, target, quantity, value in moves:
        worth = None if source == target else model.move(source, target, quantity, value)
        if worth is not None:
            steps.append(step(len(steps) + 1, source, target, quantity, value))
            expected.append(worth)
    assert walk(steps, {}, {}) == (expected, None)
    assert all((amount.quantity_milli == 0) <= (amount.value_e4 == 0) for amount in model.pools.values())
    worth_told = [each._replace(value_e4=worth) for each, worth in zip(steps, expected, strict=True)]
    held = {key: Amount(quantity, 0) for key, quantity in model.at.items()}
    for name, pool in model.pools.items():
        key = next((at for at in held if model.pool(at) == name), name)
        held[key] = Amount(held.get(key, Amount(0, 0)).quantity_milli, pool.value_e4)
    assert walk(worth_told[cut:], held, {}, known_before=10**9).values_e4 == expected[cut:]


SHELF = (("bin", "A"), ("bin", "B"), OUT)


@given(
    moves=st.lists(
        st.tuples(st.sampled_from(SHELF), st.sampled_from(SHELF), st.integers(1, 9), st.integers(0, 100)), max_size=30
    ),
    lines=st.integers(1, 4),
)
def test_a_shelf_is_worth_the_same_whether_walked_the_short_way_or_the_long(
    moves: list[tuple[tuple[str, str], tuple[str, str], int, int]], lines: int
) -> None:
    steps = [step(number // lines + 1, *move) for number, move in enumerate(moves) if OUT in move[:2]]
    steps = [each._replace(line_no=number) for number, each in enumerate(steps)]
    detour = [step(1000, OUT, ("quarantine", "Q"), 1, 5), step(1001, ("quarantine", "Q"), OUT, 1, 5)]
    long_way = walk([*steps, *detour], {}, {})
    assert walk(steps, {}, {}) == (long_way.values_e4[: len(steps)], long_way.shortage)
    held = {("bin", "B"): Amount(5, 70)}
    assert walk(steps, held, {}).values_e4 == walk([*steps, *detour], held, {}).values_e4[: len(steps)]
    assert walk(steps, held, {}, 3).values_e4 == walk([*steps, *detour], held, {}, 3).values_e4[: len(steps)]
