"""How fast two years of 100,000 shelves are simulated, beside stockpyl's simulator in the same run.

Run as ``python -m benchmarks.simulation [PYTHON]``, where PYTHON is the interpreter of an environment that has what
``benchmarks/rivals/requirements.txt`` names (``make rivals`` makes one). The shelves are made: weekly Poisson demand of
0.02 to 5 units, lead times of up to six weeks, reviews of one to four. Processor seconds, the middle of five.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from optimisation.simulate import OrderingRules, Unmet, simulate

ITEMS, WEEKS, RIVAL_ITEMS = 100_000, 104, 20
ASKED_SECONDS = 0.5
RIVAL = Path(__file__).parent / "rivals" / "stockpyl_answers.py"


def main(arguments: list[str]) -> int:
    """Print the seconds of each kind of policy; return 1 if one takes longer than asked."""
    chance = np.random.default_rng(1)
    mean = np.exp(chance.uniform(np.log(0.02), np.log(5.0), ITEMS))
    demand = chance.poisson(mean[:, None], (ITEMS, WEEKS))
    lead, review = chance.integers(0, 7, ITEMS), chance.integers(1, 5, ITEMS)
    reorder = np.ceil(mean * (lead + review)).astype(np.int64)
    rules = {
        "order-up-to level": OrderingRules.up_to(reorder + 2, lead, review),
        "(s, S)": OrderingRules(reorder, reorder + chance.integers(1, 9, ITEMS), np.ones_like(lead), lead, review),
        "whole packs": OrderingRules.packs(reorder, chance.integers(1, 9, ITEMS), lead, review),
    }
    slowest = 0.0
    for name, each in rules.items():
        for unmet in (Unmet.BACKORDER, Unmet.URGENT):
            taken = []
            for _ in range(5):
                began = time.process_time()
                simulate(demand, each, reorder, unmet)
                taken.append(time.process_time() - began)
            seconds = statistics.median(taken)
            slowest = max(slowest, seconds)
            print(f"{ITEMS:,} shelves × {WEEKS} weeks, {name}, {unmet}: {seconds:.2f} s (asked: {ASKED_SECONDS})")
    if arguments:
        parts = [
            {"level": int(reorder[i]) + 2, "lead_time": int(lead[i]), "demand": demand[i].tolist()}
            for i in range(RIVAL_ITEMS)
        ]
        asked = json.dumps({"shelf": parts})
        done = subprocess.run([arguments[0], str(RIVAL)], input=asked, capture_output=True, text=True, check=True)
        theirs = json.loads(done.stdout)["shelf"]["seconds"] / RIVAL_ITEMS
        ratio = theirs * ITEMS / slowest
        print(f"stockpyl, order-up-to level: {theirs * 1000:.0f} ms a shelf, {ratio:,.0f} times as long as our slowest")
    else:
        print("stockpyl: not measured, no interpreter of its environment given (make rivals)")
    return int(slowest > ASKED_SECONDS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
