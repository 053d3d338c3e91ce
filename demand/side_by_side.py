"""Work on blocks of items, a few at a time: the same answer for any number of threads.

A block's work reads shared arrays and returns its own part, and parts come back in the order of their blocks; what a
part holds depends on its items alone. Compiled kernels and NumPy's large operations give up Python's lock, so that two
threads keep two cores busy. Memory is bounded by the blocks at work, not by the panel.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Part = TypeVar("Part")
Other = TypeVar("Other")

BLOCK = 8_192
THREADS = 2


def by_blocks(
    work: Callable[[slice], Part], items: int, threads: int = THREADS, block: int | None = None
) -> list[Part]:
    """Return what the work gives for each block of rows, first to last; one block, perhaps of none, at least.

    >>> by_blocks(lambda rows: rows.stop - rows.start, 5, block=2)
    [2, 2, 1]
    """
    block = block or BLOCK
    blocks = [slice(start, min(start + block, items)) for start in range(0, max(items, 1), block)]
    if len(blocks) == 1 or threads == 1:
        return [work(rows) for rows in blocks]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, blocks))


def in_turn(items: Iterable[Other], work: Callable[[Other], Part], threads: int = THREADS) -> Iterator[Part]:
    """Yield what the work gives for each item, first to last, a few worked on while one is being looked at.

    At most `threads` + 1 answers are held at once: whoever looks slowly keeps the work waiting.

    >>> list(in_turn("ab", str.upper))
    ['A', 'B']
    """
    if threads == 1:
        yield from map(work, items)
        return
    with ThreadPoolExecutor(threads) as pool:
        under_way: deque[Future[Part]] = deque()
        for item in items:
            under_way.append(pool.submit(work, item))
            if len(under_way) > threads:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()


def one_behind(stream: Iterable[Other], work: Callable[[Other], Part], threads: int = THREADS) -> list[Part]:
    """Return what the work gives for each of a stream, first to last, one at a time, while the next is being made.

    >>> one_behind(iter("ab"), str.upper)
    ['A', 'B']
    """
    if threads == 1:
        return [work(each) for each in stream]
    done: list[Part] = []
    with ThreadPoolExecutor(1) as pool:
        under_way: Future[Part] | None = None
        for each in stream:
            if under_way is not None:
                done.append(under_way.result())
            under_way = pool.submit(work, each)
    return done if under_way is None else [*done, under_way.result()]


def both(first: Callable[[], Part], second: Callable[[], Other], threads: int = THREADS) -> tuple[Part, Other]:
    """Return what two independent pieces of work give, done side by side."""
    if threads == 1:
        return first(), second()
    with ThreadPoolExecutor(1) as pool:
        later = pool.submit(second)
        return first(), later.result()
