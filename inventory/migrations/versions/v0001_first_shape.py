"""The first shape of the database: all tables, and the triggers that keep the logs append-only.

Spelled out in full and independent of `inventory/schema.py`, because a step must keep its meaning when the present
shape has moved on. The triggers refuse UPDATE and DELETE (and on PostgreSQL TRUNCATE) in the database itself, so that
no program and no hand at a console rewrites what was recorded.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_APPEND_ONLY = (
    "document",
    "movement",
    "purchase_order_line",
    "receipt_line",
    "stock_layer",
    "demand_line",
    "forecast_run",
    "forecast_value",
    "plan_run",
    "proposal",
    "proposal_line",
    "proposal_event",
)


def upgrade() -> None:
    """Make every table, then guard the logs."""
    _masters()
    _vehicles()
    _outlook()
    _ledger()
    _purchasing()
    _forecasts()
    _plans()
    if op.get_bind().dialect.name == "postgresql":
        _guard_on_postgresql()
    else:
        _guard_on_sqlite()


def _text(name: str, *, key: bool = False, empty: bool = False, of: str = "") -> sa.Column[str]:
    return sa.Column(name, sa.Text, *([sa.ForeignKey(of)] if of else []), primary_key=key, nullable=empty)


def _whole(name: str, *, key: bool = False, empty: bool = False, of: str = "") -> sa.Column[int]:
    references = [sa.ForeignKey(of)] if of else []
    return sa.Column(name, sa.BigInteger, *references, primary_key=key, nullable=empty, autoincrement=False)


def _number(name: str) -> sa.Column[float]:
    return sa.Column(name, sa.Float, nullable=False)


def _serial(name: str) -> sa.Column[int]:
    kind = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    return sa.Column(name, kind, primary_key=True, autoincrement=True)


def _masters() -> None:
    op.create_table("supplier", _text("supplier", key=True), _text("name"))
    op.create_table(
        "part",
        _text("part_no", key=True),
        _text("name"),
        _text("category"),
        _text("unit"),
        _whole("unit_cost_e4"),
        _whole("list_price_e4", empty=True),
        _text("supplier"),
        _whole("pack_size_milli"),
        _whole("moq_milli"),
        _text("criticality"),
        _whole("shelf_life_days", empty=True),
        _text("returnable"),
        _text("on_sale_from", empty=True),
    )
    op.create_table(
        "order_channel",
        _text("supplier", key=True),
        _text("order_type", key=True),
        _number("lead_time_days_mean"),
        _number("lead_time_days_sd"),
        _text("order_weekdays"),
        _whole("cost_multiplier_ppm"),
        _whole("min_order_value_e4"),
        _whole("order_fee_e4"),
    )
    op.create_table(
        "supersession",
        _text("part_no", key=True),
        _text("replaced_by", key=True),
        _text("effective_on"),
        _whole("quantity_milli"),
        _text("kind"),
    )


def _vehicles() -> None:
    op.create_table(
        "vehicle",
        _text("vin", key=True),
        _text("model"),
        _text("store"),
        _text("registered_on"),
        _text("left_on", empty=True),
        _text("powertrain", empty=True),
    )
    op.create_table(
        "vehicle_count",
        _text("model", key=True),
        _text("store", key=True),
        _text("registered_month", key=True),
        _whole("vehicles"),
    )
    op.create_table(
        "vehicle_sales_plan",
        _text("model", key=True),
        _text("store", key=True),
        _text("month", key=True),
        _whole("vehicles"),
    )
    op.create_table(
        "fitment",
        _text("part_no", key=True),
        _text("model", key=True),
        _whole("year_from", key=True),
        _whole("year_to"),
        _whole("quantity_per_vehicle_milli"),
        _whole("interval_km", empty=True),
        _whole("interval_months", empty=True),
    )


def _outlook() -> None:
    op.create_table(
        "appointment",
        _text("appointment_no", key=True),
        _text("part_no", key=True),
        _text("due_on"),
        _text("store"),
        _text("vin", empty=True),
        _text("model", empty=True),
        _text("job_type", empty=True),
        _whole("quantity_milli"),
        _whole("confidence_ppm"),
    )
    op.create_table(
        "campaign",
        _text("campaign_no", key=True),
        _text("part_no", key=True),
        _text("model", key=True),
        _text("store", key=True),
        _text("starts_on"),
        _text("ends_on", empty=True),
        _whole("vehicles"),
        _whole("uptake_ppm", empty=True),
    )
    op.create_table("budget", _text("store", key=True), _text("period", key=True), _whole("amount_e4"))
    op.create_table(
        "demand_panel",
        _text("part_no", key=True),
        _text("store", key=True),
        _text("period", key=True),
        _whole("quantity_milli"),
        _whole("available_ppm"),
    )


def _ledger() -> None:
    op.create_table(
        "document",
        _serial("sequence"),
        _text("number"),
        _text("kind"),
        _text("effective_on"),
        _text("recorded_at"),
        _text("user_name"),
        _text("idempotency_key"),
        _text("content_hash"),
        _text("body"),
        sa.UniqueConstraint("idempotency_key"),
        sa.UniqueConstraint("number"),
    )
    op.create_table(
        "movement",
        _serial("movement_id"),
        _whole("document_sequence", of="document.sequence"),
        _whole("line_no"),
        _text("store"),
        _text("part_no"),
        _text("source_kind"),
        _text("source_name"),
        _text("target_kind"),
        _text("target_name"),
        _whole("quantity_milli"),
        _whole("value_e4"),
        sa.CheckConstraint("quantity_milli > 0", name="quantity_positive"),
        sa.CheckConstraint("value_e4 >= 0", name="value_not_negative"),
        sa.UniqueConstraint("document_sequence", "line_no"),
    )
    op.create_index("ix_movement_store_part", "movement", ["store", "part_no", "document_sequence"])
    op.create_table(
        "balance",
        _text("store", key=True),
        _text("part_no", key=True),
        _text("place_kind", key=True),
        _text("place_name", key=True),
        _whole("quantity_milli"),
        _whole("value_e4"),
        sa.CheckConstraint(
            "place_kind IN ('opening', 'supplier', 'customer', 'scrap', 'count-difference')"
            " OR (quantity_milli >= 0 AND value_e4 >= 0)",
            name="never_below_zero",
        ),
    )


def _purchasing() -> None:
    op.create_table(
        "purchase_order_line",
        _text("order_no", key=True),
        _text("store", key=True),
        _text("part_no", key=True),
        _whole("document_sequence", of="document.sequence"),
        _text("supplier"),
        _text("order_type"),
        _whole("quantity_milli"),
        _whole("unit_cost_e4"),
        _text("ordered_on"),
        _text("expected_on"),
    )
    op.create_table(
        "receipt_line",
        _whole("document_sequence", key=True, of="document.sequence"),
        _whole("line_no", key=True),
        _text("order_no"),
        _text("store"),
        _text("part_no"),
        _whole("quantity_delivered_milli"),
        _whole("quantity_accepted_milli"),
        _text("cause", empty=True),
        _text("bin_name"),
    )
    op.create_index("ix_receipt_line_order", "receipt_line", ["order_no", "store", "part_no"])
    op.create_table(
        "stock_layer",
        _whole("document_sequence", key=True, of="document.sequence"),
        _whole("line_no", key=True),
        _text("store"),
        _text("part_no"),
        _text("received_on"),
        _whole("quantity_milli"),
        _whole("value_e4"),
    )
    op.create_index("ix_stock_layer_store_part", "stock_layer", ["store", "part_no", "received_on"])
    op.create_table(
        "demand_line",
        _serial("line_id"),
        _text("store"),
        _text("order_no"),
        _text("part_no"),
        _whole("line_no"),
        _text("opened_on"),
        _text("vin", empty=True),
        _text("model", empty=True),
        _whole("odometer_km", empty=True),
        _text("job_type", empty=True),
        _text("payer", empty=True),
        _whole("quantity_requested_milli"),
        _whole("quantity_supplied_milli"),
        _text("outcome"),
        _whole("unit_price_e4", empty=True),
        _whole("document_sequence", empty=True, of="document.sequence"),
        sa.CheckConstraint("quantity_requested_milli > 0", name="requested_positive"),
        sa.CheckConstraint("quantity_supplied_milli >= 0", name="supplied_not_negative"),
        sa.UniqueConstraint("store", "order_no", "part_no", "line_no"),
    )
    op.create_index("ix_demand_line_store_part", "demand_line", ["store", "part_no", "opened_on"])


def _forecasts() -> None:
    op.create_table("forecast_run", _text("run_id", key=True), _text("as_of"), _text("recorded_at"), _text("manifest"))
    op.create_table(
        "forecast_value",
        _text("run_id", key=True, of="forecast_run.run_id"),
        _text("part_no", key=True),
        _text("store", key=True),
        _text("target", key=True),
        _whole("step", key=True),
        _whole("share_ppm", key=True),
        _whole("value_milli"),
    )


def _plans() -> None:
    op.create_table("plan_run", _text("run_id", key=True), _text("as_of"), _text("recorded_at"), _text("manifest"))
    op.create_table(
        "proposal",
        _text("proposal_no", key=True),
        _text("run_id", of="plan_run.run_id"),
        _text("supplier"),
        _text("order_type"),
        _text("order_on"),
        _text("expected_on"),
        _text("content_hash"),
    )
    op.create_table(
        "proposal_line",
        _text("proposal_no", key=True, of="proposal.proposal_no"),
        _whole("line_no", key=True),
        _text("store"),
        _text("part_no"),
        _whole("quantity_milli"),
        _whole("unit_cost_e4"),
        _whole("on_hand_milli"),
        _whole("on_order_milli"),
        _whole("reserved_milli"),
        _whole("backorder_milli"),
        _whole("safety_stock_milli"),
        _whole("reorder_point_milli"),
        _whole("order_up_to_level_milli"),
        _whole("expected_demand_milli"),
        _whole("expected_fill_rate_ppm"),
        _text("reason"),
    )
    op.create_table(
        "proposal_event",
        _serial("event_id"),
        _text("proposal_no", of="proposal.proposal_no"),
        _text("kind"),
        _text("user_name"),
        _text("recorded_at"),
        _text("body"),
    )


def _guard_on_sqlite() -> None:
    for table in _APPEND_ONLY:
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def _guard_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in _APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
