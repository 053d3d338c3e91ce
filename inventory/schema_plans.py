"""The table of what a plan sets for every part and store, append-only; on the same `metadata` as `schema`."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Table

from inventory.schema import CodePointText, metadata

LEVEL_FIGURES = (
    "unit_cost_e4",
    "on_hand_milli",
    "on_order_milli",
    "reserved_milli",
    "backorder_milli",
    "safety_stock_milli",
    "reorder_point_milli",
    "order_up_to_level_milli",
    "quantity_milli",
    "urgent_milli",
    "expected_demand_milli",
    "expected_fill_rate_ppm",
)

plan_level = Table(
    "plan_level",  # what a run set for an item, also where it orders nothing; `proposal_line` has what it orders
    metadata,
    Column("run_id", CodePointText, ForeignKey("plan_run.run_id"), primary_key=True),
    Column("store", CodePointText, primary_key=True),
    Column("part_no", CodePointText, primary_key=True),
    Column("supplier", CodePointText, nullable=False),
    Column("order_type", CodePointText, nullable=False),  # of the regular order; empty where there is no way to order
    *(Column(name, BigInteger, nullable=False) for name in LEVEL_FIGURES),
    Column("reason", CodePointText, nullable=False),  # JSON: kind and those facts that are not zero
)
