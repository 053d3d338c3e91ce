"""Every table of the books in one place: who needs the metadata whole, or the list of logs, takes them from here."""

from __future__ import annotations

from inventory import schema_books, schema_claims, schema_counter, schema_counting, schema_forecast, schema_plans
from inventory.schema import metadata

__all__ = [
    "APPEND_ONLY",
    "metadata",
    "schema_books",
    "schema_claims",
    "schema_counter",
    "schema_counting",
    "schema_forecast",
    "schema_plans",
]

APPEND_ONLY = (
    "document",
    "movement",
    "purchase_order_line",
    "receipt_line",
    "stock_layer",
    "demand_line",
    "forecast_run",
    "forecast_value",
    "forecast_override",
    "forecast_withdrawal",
    "plan_run",
    "plan_level",
    "proposal",
    "proposal_line",
    "proposal_event",
    "revaluation",
    "period_close",
    "reversal",
    "store_setting",
    "seal",
    "reservation",
    "special_order",
    "return_line",
    "transfer",
    "line_judgement",
    "stock_count",
    "count_sheet_line",
    "count_entry",
    "count_decision",
    "count_line",
    "count_end",
    "claim",
    "claim_event",
    "claim_evidence",
    "maker_return",
    "maker_return_event",
    "warranty_tag",
)
"""Tables in which nothing is ever changed or deleted; triggers refuse it in the database itself."""

REFERRED_BY_STATEMENT = (
    "movement",
    "stock_layer",
    "revaluation",
    "purchase_order_line",
    "receipt_line",
    "demand_line",
    "count_sheet_line",
    "count_entry",
    "count_decision",
    "count_line",
)
"""Logs of many rows: on PostgreSQL triggers check once per statement what their new rows refer to."""

for _name in REFERRED_BY_STATEMENT:
    for _reference in metadata.tables[_name].foreign_key_constraints:
        _reference.ddl_if(dialect="sqlite")
