"""Which lines a person should look at before approving, and why: a few rules that anybody can check by hand.

``far-above-target``    packs or minimums lift the position to more than so many times the target
``no-demand``           orders what no forecast expects: only because somebody waits
``low-fill``            after ordering, fewer than half of its order lines are expected to be filled
``cut``                 a purse has cut it
``large-share``         it alone is a quarter of the order's value, and the order has ten lines or more
"""

from __future__ import annotations

from planning.proposal import Proposal, ProposalLine

LOW_FILL_PPM = 500_000
LARGE_SHARE = 4
"""A line this many times smaller than its order is large."""
FEW_LINES = 10


def review_rules(line: ProposalLine, proposal: Proposal, review_multiple: float) -> tuple[str, ...]:
    """Return the rules by which a line asks for a person's eye; empty where none does.

    Parameters
    ----------
    review_multiple
        How many times its target a line may lift the position before it is shown.
    """
    reached = int(line.reason.facts["position_milli"]) + line.quantity_milli
    rules = {
        "far-above-target": reached > review_multiple * max(int(line.reason.facts["target_milli"]), 1000),
        "no-demand": line.expected_demand_milli == 0,
        "low-fill": line.order_up_to_level_milli > 0 and line.expected_fill_rate_ppm < LOW_FILL_PPM,
        "cut": int(line.reason.facts["budget_cut_milli"]) > 0,
        "large-share": len(proposal.lines) >= FEW_LINES and line.value_e4 * LARGE_SHARE > proposal.value_e4,
    }
    return tuple(name for name, applies in rules.items() if applies)
