"""A compiled kernel does what its text says, also where nothing can be kept."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from demand.compiled import compiled


@compiled
def _halving(start: NDArray[np.float64], steps: int, out: NDArray[np.float64]) -> None:
    for item in range(start.size):
        value = start[item]
        for _ in range(steps):
            value = value / 2.0
        out[item] = value


@compiled
def _share(part: float, whole: float) -> float:
    return part / whole


def test_a_compiled_recursion_gives_the_bits_of_its_plain_twin() -> None:
    start = np.array([1.0, 3.0, 0.1, 1e-300])
    out = np.empty_like(start)
    _halving(start, 7, out)
    assert out.tolist() == [value / 2.0**7 for value in start.tolist()]


def test_a_division_by_zero_gives_what_numpy_gives() -> None:
    assert _share(1.0, 0.0) == np.inf
    assert np.isnan(_share(0.0, 0.0))


def test_a_program_that_may_write_nowhere_still_computes() -> None:
    """Numba names no place for its cache when a function has no file; the kernel is then compiled for the run alone."""
    script = (
        "from demand.compiled import compiled\n"
        "scope = {}\n"
        "exec(compile('def double(x):\\n    return 2 * x\\n', 'nowhere-on-disk.py', 'exec'), scope)\n"
        "print(compiled(scope['double'])(21))\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=Path(__file__).parents[2], check=True
    )
    assert answer.stdout.strip() == "42"
