"""Blocks of items: their parts come back in order, for any number of threads, and a fault is not swallowed."""

from collections.abc import Iterator

import pytest

from demand.side_by_side import both, by_blocks, in_turn, one_behind


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_parts_come_back_in_the_order_of_their_blocks(threads: int) -> None:
    assert by_blocks(lambda rows: (rows.start, rows.stop), 7, threads, block=3) == [(0, 3), (3, 6), (6, 7)]


def test_without_items_there_is_one_block_of_none() -> None:
    assert by_blocks(lambda rows: rows.stop - rows.start, 0) == [0]


@pytest.mark.parametrize("threads", [1, 2])
def test_a_fault_in_a_block_is_raised(threads: int) -> None:
    with pytest.raises(ZeroDivisionError):
        by_blocks(lambda rows: 1 // rows.start, 4, threads, block=2)


@pytest.mark.parametrize("threads", [1, 2])
def test_both_of_two_pieces_are_done(threads: int) -> None:
    assert both(lambda: "left", lambda: 2, threads) == ("left", 2)


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_what_is_done_in_turn_comes_in_order_and_no_further_ahead_than_is_looked_at(threads: int) -> None:
    begun: list[int] = []

    def items() -> Iterator[int]:
        for each in range(9):
            begun.append(each)
            yield each

    for place, square in enumerate(in_turn(items(), lambda each: each * each, threads)):
        assert square == place * place
        assert len(begun) <= place + 1 + threads


@pytest.mark.parametrize("threads", [1, 2])
def test_a_fault_in_its_turn_is_raised(threads: int) -> None:
    with pytest.raises(ZeroDivisionError):
        list(in_turn([1, 0], lambda each: 1 // each, threads))


@pytest.mark.parametrize("threads", [1, 2])
def test_what_is_done_one_behind_is_done_in_order_and_one_at_a_time(threads: int) -> None:
    seen: list[int] = []

    def work(each: int) -> int:
        seen.append(each)
        return each * each

    assert one_behind(iter(range(5)), work, threads) == [0, 1, 4, 9, 16]
    assert seen == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("threads", [1, 2])
def test_a_fault_one_behind_is_raised(threads: int) -> None:
    with pytest.raises(ZeroDivisionError):
        one_behind(iter([1, 0]), lambda each: 1 // each, threads)
