"""Ask stockpyl for the policies of given parts, one after another as it works, and print answers and seconds.

It runs in an environment of its own (`requirements.txt`) and is called by `benchmarks.policies` and
`benchmarks.simulation`, which write parts as JSON to its standard input and read answers and seconds from its standard
output. A reorder point for a fill rate it
does not have; what a user of it would write is a search with its loss function, and that is timed here.
"""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

from stockpyl.loss_functions import negative_binomial_loss
from stockpyl.rq import r_q_poisson_exact
from stockpyl.sim import simulation
from stockpyl.ss import s_s_discrete_exact
from stockpyl.supply_chain_network import single_stage_system

Part = dict[str, Any]


def min_max(part: Part) -> list[float]:
    """Return s, S and the cost."""
    s, upto, cost = s_s_discrete_exact(
        part["holding"], part["stockout"], part["fixed"], use_poisson=True, demand_mean=part["mean"]
    )
    return [s, upto, cost]


def reorder_quantity(part: Part) -> list[float]:
    """Return r, Q and the cost."""
    r, lot, cost = r_q_poisson_exact(part["holding"], part["stockout"], part["fixed"], part["mean"], part["lead_time"])
    return [r, lot, cost]


def fill_level(part: Part) -> list[float]:
    """Return the least level that fills the asked share, found by doubling and halving."""
    mean, sd = part["mean"], part["variance"] ** 0.5
    lead, until = part["lead_time"], part["lead_time"] + part["review"]

    def fill(level: int) -> float:
        short = [
            negative_binomial_loss(level, mean=mean * periods, sd=sd * periods**0.5)[0] for periods in (lead, until)
        ]
        return 1 - float(short[1] - short[0]) / float(mean * part["review"])

    low, high = 0, 1
    while fill(high) < part["share"]:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if fill(middle) >= part["share"] else (middle, high)
    return [high]


def shelf(part: Part) -> list[float]:
    """Simulate a shelf and return its cost."""
    network = single_stage_system(
        holding_cost=1,
        stockout_cost=9,
        demand_type="D",
        demand_list=part["demand"],
        shipment_lead_time=part["lead_time"],
        policy_type="BS",
        base_stock_level=part["level"],
    )
    return [float(simulation(network, len(part["demand"]), rand_seed=1, progress_bar=False))]


METHODS: dict[str, Callable[[Part], list[float]]] = {
    "min_max": min_max,
    "reorder_quantity": reorder_quantity,
    "fill_level": fill_level,
    "shelf": shelf,
}


def main() -> None:
    """Answer what standard input asks."""
    asked = json.load(sys.stdin)
    told = {}
    for name, parts in asked.items():
        METHODS[name](parts[0])  # the first call imports and warms up
        began = time.process_time()
        answers = [METHODS[name](part) for part in parts]
        told[name] = {"seconds": time.process_time() - began, "answers": answers}
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
