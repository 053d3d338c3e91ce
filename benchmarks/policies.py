"""How fast the exact policies are for an assortment, beside stockpyl in the same run, and whether both say the same.

Run as ``python -m benchmarks.policies [PYTHON]``, where PYTHON is the interpreter of an environment that has what
``benchmarks/rivals/requirements.txt`` names (``make rivals`` makes one). The parts are made: weekly demand of 0.02 to 5
units as spare parts have it, lead times of up to six weeks, costs in the usual proportions. Ours solves all of them,
the rival the first few, for it takes one part at a time. Processor seconds, the middle of five; each row says what was
asked and what was measured.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from demand.history import Float64Array1D
from optimisation.policies.laws import CountLaw
from optimisation.policies.min_max import best_min_max
from optimisation.policies.reorder_quantity import best_reorder_quantity
from optimisation.policies.review_levels import least_level_of_counts

PARTS, FILL_PARTS, RIVAL_PARTS = 20_000, 100_000, 60
ROUNDS = 5
RIVAL = Path(__file__).parent / "rivals" / "stockpyl_answers.py"
ASKED_MICROSECONDS = {"min_max": 30.0, "reorder_quantity": 45.0, "fill_level": 2.5}
ASKED_TIMES = 200
TITLES = {"min_max": "(s, S)", "reorder_quantity": "(r, Q)", "fill_level": "level for a fill rate, negative binomial"}

Columns = dict[str, Float64Array1D]
Answers = tuple[np.ndarray[tuple[int, ...], np.dtype[np.generic]], ...]


def made_parts(count: int, seed: int) -> Columns:
    """Return parts as columns: demand of a week, lead time and review in weeks, costs per unit and week, a target."""
    chance = np.random.default_rng(seed)
    mean = np.exp(chance.uniform(np.log(0.02), np.log(5.0), count))
    return {
        "mean": mean,
        "variance": mean * chance.uniform(1.05, 3.0, count),
        "lead_time": chance.integers(1, 7, count).astype(np.float64),
        "review": chance.integers(1, 5, count).astype(np.float64),
        "holding": np.ones(count),
        "stockout": chance.choice([4.0, 9.0, 19.0, 49.0], count),
        "fixed": chance.choice([1.0, 5.0, 20.0, 64.0], count),
        "share": chance.choice([0.8, 0.9, 0.95, 0.98, 0.99], count),
    }


def min_max(parts: Columns, lead_time: Float64Array1D | float = 0.0) -> Answers:
    """Return s, S and cost; without a lead time, which the rival does not know for it."""
    law = CountLaw.poisson(parts["mean"])
    found = best_min_max(law, lead_time, parts["holding"], parts["stockout"], parts["fixed"])
    return found.reorder_point, found.order_up_to, found.cost


def min_max_with_lead_time(parts: Columns) -> Answers:
    """Return s, S and cost with the lead time of each part."""
    return min_max(parts, parts["lead_time"])


def reorder_quantity(parts: Columns) -> Answers:
    """Return r, Q and cost."""
    law = CountLaw.poisson(parts["mean"] * parts["lead_time"])
    found = best_reorder_quantity(law, parts["mean"], parts["holding"], parts["stockout"], parts["fixed"])
    return found.reorder_point, found.quantity, found.cost


def fill_level(parts: Columns) -> Answers:
    """Return the least level that fills the asked share."""
    law = CountLaw.from_moments(parts["mean"], parts["variance"])
    return (least_level_of_counts(law, parts["lead_time"], parts["review"], parts["share"]).level,)


def microseconds_of(method: Callable[[Columns], Answers], parts: Columns) -> float:
    """Return the middle of the processor time that a part takes."""
    taken = []
    for _ in range(ROUNDS):
        began = time.process_time()
        method(parts)
        taken.append(time.process_time() - began)
    return statistics.median(taken) / parts["mean"].size * 1e6


def rival_answers(python: str, asked: dict[str, Columns]) -> dict[str, dict[str, object]]:
    """Return what stockpyl says of the first parts, and how long it takes."""
    rows = {
        name: [{key: float(column[i]) for key, column in parts.items()} for i in range(RIVAL_PARTS)]
        for name, parts in asked.items()
    }
    done = subprocess.run([python, str(RIVAL)], input=json.dumps(rows), capture_output=True, text=True, check=True)
    told: dict[str, dict[str, object]] = json.loads(done.stdout)
    return told


def differing(ours: Answers, theirs: object) -> int:
    """Return for how many of the first parts the answers differ."""
    rows = np.array(theirs, dtype=np.float64)
    mine = np.column_stack([np.asarray(column, dtype=np.float64)[:RIVAL_PARTS] for column in ours])
    return int((np.abs(mine - rows) > 1e-6 * np.maximum(np.abs(rows), 1)).any(axis=1).sum())


def main(arguments: list[str]) -> int:
    """Print a row per policy; return 1 if one takes longer than asked or says otherwise than the rival."""
    asked = {
        "min_max": (min_max, made_parts(PARTS, 1)),
        "reorder_quantity": (reorder_quantity, made_parts(PARTS, 2)),
        "fill_level": (fill_level, made_parts(FILL_PARTS, 3)),
    }
    rivals = rival_answers(arguments[0], {name: parts for name, (_, parts) in asked.items()}) if arguments else {}
    if not rivals:
        print("stockpyl: not measured, no interpreter of its environment given (make rivals)")
    failed = 0
    for name, (method, parts) in asked.items():
        taken = microseconds_of(method, parts)
        line = f"{TITLES[name]}: {taken:.2f} µs a part over {parts['mean'].size:,} (asked: {ASKED_MICROSECONDS[name]})"
        holds = taken <= ASKED_MICROSECONDS[name]
        if name in rivals:
            theirs = float(str(rivals[name]["seconds"])) / RIVAL_PARTS * 1e6
            different = differing(method(parts), rivals[name]["answers"])
            holds = (holds or theirs >= ASKED_TIMES * taken) and not different
            line += f"; stockpyl {theirs:,.0f} µs, {theirs / taken:,.0f} times as long (asked: {ASKED_TIMES})"
            line += f"; {different} of {RIVAL_PARTS} answers differ"
        failed += not holds
        print(line)
    with_lead_time = microseconds_of(min_max_with_lead_time, asked["min_max"][1])
    print(f"(s, S) with lead times of 1 to 6 weeks: {with_lead_time:.2f} µs a part; stockpyl has none")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
