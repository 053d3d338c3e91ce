"""Plans as rows of whole numbers and texts, and back: the shape in which the books keep them.

The reason of a line and the manifest of a run travel as JSON with sorted keys, so that equal plans are equal rows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date

from planning.proposal import Level, Plan, Proposal, ProposalLine, Reason

Row = dict[str, int | str]

LINE_COLUMNS = (
    "store",
    "part_no",
    "quantity_milli",
    "unit_cost_e4",
    "on_hand_milli",
    "on_order_milli",
    "reserved_milli",
    "backorder_milli",
    "safety_stock_milli",
    "reorder_point_milli",
    "order_up_to_level_milli",
    "expected_demand_milli",
    "expected_fill_rate_ppm",
)

SUM_FACTS = (
    *("target_milli", "position_milli", "need_milli", "rounding_milli", "minimum_fill_milli", "budget_cut_milli"),
    *("topped_up_milli", "pack_milli", "least_milli", "urgent_milli"),
)
"""Facts that every reason has, be they zero."""


def manifest_text(plan: Plan) -> str:
    """Return the manifest, the figures, the prices of money and the notes of a run as JSON."""
    content = {
        **asdict(plan.manifest),
        "expected_fill_rate_ppm": plan.expected_fill_rate_ppm,
        "figures": dict(plan.figures),
        "price_per_line_e4": dict(plan.price_per_line_e4),
        "notes": [asdict(note) for note in plan.notes],
        "transfers": [each.as_row() for each in plan.transfers],
    }
    return _json(content)


def proposal_rows(proposal: Proposal) -> tuple[Row, list[Row]]:
    """Return a proposal as its own row and the rows of its lines, which are numbered from 1."""
    head: Row = {
        "supplier": proposal.supplier,
        "order_type": proposal.order_type,
        "order_on": proposal.order_on.isoformat(),
        "expected_on": proposal.expected_on.isoformat(),
        "content_hash": proposal.content_hash(),
    }
    lines = [
        {
            "line_no": number,
            **{name: getattr(line, name) for name in LINE_COLUMNS},
            "reason": _json(asdict(line.reason)),
        }
        for number, line in enumerate(proposal.lines, start=1)
    ]
    return head, lines


def level_rows(levels: Sequence[Level]) -> list[Row]:
    """Return what a plan sets for every item; of the sum's facts, those that are not zero."""
    return [
        {
            "supplier": level.supplier,
            "order_type": level.order_type,
            "urgent_milli": level.urgent_milli,
            **{name: getattr(level.line, name) for name in LINE_COLUMNS},
            "reason": _json(
                {
                    "kind": level.line.reason.kind,
                    "facts": {k: v for k, v in level.line.reason.facts.items() if v or k not in SUM_FACTS},
                }
            ),
        }
        for level in levels
    ]


def facts_of(row: Mapping[str, object]) -> Mapping[str, int | str]:
    """Return the facts of a stored level or line; a quantity that is not told is zero."""
    facts: dict[str, int | str] = json.loads(str(row["reason"]))["facts"]
    return {**dict.fromkeys(SUM_FACTS, 0), **facts}


def proposal_of_rows(head: Mapping[str, object], lines: Sequence[Mapping[str, object]]) -> Proposal:
    """Return the proposal that was stored as these rows, its lines in the order of their numbers."""
    ordered = sorted(lines, key=lambda row: int(str(row["line_no"])))
    return Proposal(
        str(head["supplier"]),
        str(head["order_type"]),
        date.fromisoformat(str(head["order_on"])),
        date.fromisoformat(str(head["expected_on"])),
        tuple(_line(row) for row in ordered),
    )


def _line(row: Mapping[str, object]) -> ProposalLine:
    reason = json.loads(str(row["reason"]))
    whole = {name: int(str(row[name])) for name in LINE_COLUMNS[2:]}
    return ProposalLine(
        store=str(row["store"]), part_no=str(row["part_no"]), reason=Reason(reason["kind"], reason["facts"]), **whole
    )


def _json(content: object) -> str:
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
