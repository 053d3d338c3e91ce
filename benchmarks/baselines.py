"""How fast the named baselines are, beside statsforecast in the same run.

Run as ``python -m benchmarks.baselines [PYTHON]``, where PYTHON is the interpreter of an environment that has what
``benchmarks/rivals/requirements.txt`` names (``make rivals`` makes one). TSB over 100,000 made series of 36 months:
their batch run is timed by itself, in one process and in two, the quicker counts; ours is the middle of five.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from forecasting.baselines.intermittent import adida, croston, imapa, tsb

SERIES, PERIODS = 100_000, 36
RIVAL = Path(__file__).parent / "rivals" / "statsforecast_answers.py"


def seconds_of(method: object, demand: np.ndarray[tuple[int, int], np.dtype[np.float64]], rounds: int) -> float:
    """Return the middle of the seconds that a method takes."""
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        method(demand)  # type: ignore[operator]
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def main(arguments: list[str]) -> int:
    """Print the seconds of each method, and the ratio to the rival where there is one."""
    chance = np.random.default_rng(1)
    demand = (chance.random((SERIES, PERIODS)) < 0.2) * (1.0 + chance.poisson(1, (SERIES, PERIODS)))
    print(f"{SERIES:,} series of {PERIODS} months")
    ours = seconds_of(tsb, demand, 5)
    print(f"  TSB      {ours:.3f} s")
    for name, method, rounds in (("Croston", croston, 3), ("ADIDA", adida, 1), ("IMAPA", imapa, 1)):
        print(f"  {name:8} {seconds_of(method, demand, rounds):.3f} s")
    if not arguments:
        print("  statsforecast: not measured, no interpreter of its environment given (make rivals)")
        return 0
    answer = subprocess.run([arguments[0], str(RIVAL), "--time"], capture_output=True, text=True, check=True)
    theirs = float(answer.stdout)
    print(f"  TSB of statsforecast {theirs:.2f} s: {theirs / ours:.0f} times as long (asked: 20)")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
