"""The tables, as the program sees them; `migrations/` brings a database to this shape, and a test compares the two.

Quantities are whole thousandths of the part's stock unit (``_milli``), money is whole ten-thousandths of the store's
currency (``_e4``), shares are parts per million (``_ppm``), dates are ISO text: nothing here is a float, except the
mean and spread of lead times and a vehicle's confidence, which are statistics and not amounts.

Three kinds of tables: *masters* describe and may change; *logs* tell what happened and are append-only, which the
database itself enforces by triggers (`schemas.APPEND_ONLY`); *balance* is the one cache: movements make it anew.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.ext.compiler import compiles

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_SERIAL = BigInteger().with_variant(Integer, "sqlite")


class CodePointText(Text):
    """Text in the order of its code points, on SQLite as on PostgreSQL, whatever language a server was set up for.

    So reports have the same order everywhere; and looking up a text takes a server a third less.
    """


@compiles(CodePointText, "postgresql")
def _by_code_points(_type: CodePointText, _compiler: object, **_options: object) -> str:
    """Return the type as a column's; as a parameter's it is a text as any other."""
    return 'TEXT COLLATE "C"'


def _text(name: str, *, key: bool = False, empty: bool = False) -> Column[str]:
    return Column(name, CodePointText, primary_key=key, nullable=empty and not key)


def _whole(name: str, *, key: bool = False, empty: bool = False) -> Column[int]:
    return Column(name, BigInteger, primary_key=key, nullable=empty and not key, autoincrement=False)


# --- masters -----------------------------------------------------------------------------------------------------

supplier = Table("supplier", metadata, _text("supplier", key=True), _text("name"))

part = Table(
    "part",
    metadata,
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
    _text("supplied_until", empty=True),  # last day on which its supplier takes an order for it
)

order_channel = Table(
    "order_channel",
    metadata,
    _text("supplier", key=True),
    _text("order_type", key=True),
    Column("lead_time_days_mean", Float, nullable=False),
    Column("lead_time_days_sd", Float, nullable=False),
    _text("order_weekdays"),
    _whole("cost_multiplier_ppm"),
    _whole("min_order_value_e4"),
    _whole("order_fee_e4"),
)

supersession = Table(
    "supersession",
    metadata,
    _text("part_no", key=True),
    _text("replaced_by", key=True),
    _text("effective_on"),
    _whole("quantity_milli"),
    _text("kind"),
)

vehicle = Table(
    "vehicle",
    metadata,
    _text("vin", key=True),
    _text("model"),
    _text("store"),
    _text("registered_on"),
    _text("left_on", empty=True),
    _text("powertrain", empty=True),
)

vehicle_count = Table(
    "vehicle_count",
    metadata,
    _text("model", key=True),
    _text("store", key=True),
    _text("registered_month", key=True),
    _whole("vehicles"),
)

vehicle_sales_plan = Table(
    "vehicle_sales_plan",
    metadata,
    _text("model", key=True),
    _text("store", key=True),
    _text("month", key=True),
    _whole("vehicles"),
)

fitment = Table(
    "fitment",
    metadata,
    _text("part_no", key=True),
    _text("model", key=True),
    _whole("year_from", key=True),  # 0 where the file leaves it empty
    _whole("year_to"),  # 9999 where the file leaves it empty
    _whole("quantity_per_vehicle_milli"),
    _whole("interval_km", empty=True),
    _whole("interval_months", empty=True),
)

appointment = Table(
    "appointment",
    metadata,
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

campaign = Table(
    "campaign",
    metadata,
    _text("campaign_no", key=True),
    _text("part_no", key=True),
    _text("model", key=True),
    _text("store", key=True),  # empty text: every store
    _text("starts_on"),
    _text("ends_on", empty=True),
    _whole("vehicles"),
    _whole("uptake_ppm", empty=True),
)

budget = Table("budget", metadata, _text("store", key=True), _text("period", key=True), _whole("amount_e4"))

demand_panel = Table(
    "demand_panel",
    metadata,
    _text("part_no", key=True),
    _text("store", key=True),  # empty text: one store
    _text("period", key=True),
    _whole("quantity_milli"),
    _whole("available_ppm"),
)

# --- the ledger --------------------------------------------------------------------------------------------------

document = Table(
    "document",
    metadata,
    Column("sequence", _SERIAL, primary_key=True, autoincrement=True),
    _text("number"),
    _text("kind"),
    _text("effective_on"),
    _text("recorded_at"),
    _text("user_name"),
    _text("idempotency_key"),
    _text("content_hash"),
    _text("body"),  # JSON: what the kind of document adds, such as supplier and order type
    _text("stated_on", empty=True),  # the day it bears itself, where that lay in a month closed before it came
    UniqueConstraint("number"),
    UniqueConstraint("idempotency_key"),
)

movement = Table(
    "movement",
    metadata,
    Column("movement_id", _SERIAL, primary_key=True, autoincrement=True),
    Column("document_sequence", BigInteger, ForeignKey("document.sequence"), nullable=False),
    _whole("line_no"),
    _text("store"),
    _text("part_no"),
    _text("source_kind"),
    _text("source_name"),
    _text("target_kind"),
    _text("target_name"),
    _whole("quantity_milli"),
    _whole("value_e4"),  # as posted; what holds is this and its revaluations (see `schema_books`)
    _text("effective_on"),  # the document's, said again so that the order of the books is an index
    CheckConstraint("quantity_milli > 0", name="quantity_positive"),
    CheckConstraint("value_e4 >= 0", name="value_not_negative"),
    UniqueConstraint("document_sequence", "line_no"),
    Index("ix_movement_item_order", "store", "part_no", "effective_on", "document_sequence", "line_no"),
    Index("ix_movement_day", "effective_on", "store", "source_kind", "target_kind", "value_e4", "document_sequence"),
)

balance = Table(
    "balance",  # of the places inside the stores; what lies outside has none (see `books.balances`)
    metadata,
    _text("store", key=True),
    _text("part_no", key=True),
    _text("place_kind", key=True),
    _text("place_name", key=True),
    _whole("quantity_milli"),
    _whole("value_e4"),
    CheckConstraint("quantity_milli >= 0 AND value_e4 >= 0", name="never_below_zero"),
    sqlite_with_rowid=False,  # the rows lie in the order of their key
    postgresql_with={"fillfactor": 70},  # room on the page, so that a change touches no index
)

purchase_order_line = Table(
    "purchase_order_line",
    metadata,
    _text("order_no", key=True),
    _text("store", key=True),
    _text("part_no", key=True),
    Column("document_sequence", BigInteger, ForeignKey("document.sequence"), nullable=False),
    _text("supplier"),
    _text("order_type"),
    _whole("quantity_milli"),
    _whole("unit_cost_e4"),
    _text("ordered_on"),
    _text("expected_on"),
    Index("ix_purchase_order_line_document", "document_sequence"),
)

receipt_line = Table(
    "receipt_line",
    metadata,
    Column("document_sequence", BigInteger, ForeignKey("document.sequence"), primary_key=True, autoincrement=False),
    _whole("line_no", key=True),
    _text("order_no"),
    _text("store"),
    _text("part_no"),
    _whole("quantity_delivered_milli"),
    _whole("quantity_accepted_milli"),
    _text("cause", empty=True),
    _text("bin_name"),
    Index("ix_receipt_line_order", "order_no", "store", "part_no"),
)

stock_layer = Table(
    "stock_layer",  # when what lies on the shelf came in: one row per inflow; what is left follows first in, first out
    metadata,
    Column("document_sequence", BigInteger, ForeignKey("document.sequence"), primary_key=True, autoincrement=False),
    _whole("line_no", key=True),
    _text("store"),
    _text("part_no"),
    _text("received_on"),
    _whole("quantity_milli"),
    _whole("value_e4"),
    Index("ix_stock_layer_store_part", "store", "part_no", "received_on"),
)

demand_line = Table(
    "demand_line",  # the demand log: what was asked for, filled or not
    metadata,
    Column("line_id", _SERIAL, primary_key=True, autoincrement=True),
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
    Column("document_sequence", BigInteger, ForeignKey("document.sequence"), nullable=True),  # empty: imported
    UniqueConstraint("store", "order_no", "part_no", "line_no"),
    CheckConstraint("quantity_requested_milli > 0", name="requested_positive"),
    CheckConstraint("quantity_supplied_milli >= 0", name="supplied_not_negative"),
    Index("ix_demand_line_store_part", "store", "part_no", "opened_on", "outcome", "document_sequence"),
    Index("ix_demand_line_day", "opened_on"),
    Index("ix_demand_line_document", "document_sequence"),
    Index(
        "ix_demand_line_imported",
        "opened_on",
        sqlite_where=text("document_sequence IS NULL"),
        postgresql_where=text("document_sequence IS NULL"),
    ),
)

# --- forecasts and plans -----------------------------------------------------------------------------------------

forecast_run = Table(
    "forecast_run",
    metadata,
    _text("run_id", key=True),
    _text("as_of"),
    _text("recorded_at"),
    _text("manifest"),  # JSON: settings, seed, content hash of the snapshot, program version
)

forecast_value = Table(
    "forecast_value",
    metadata,
    Column("run_id", CodePointText, ForeignKey("forecast_run.run_id"), primary_key=True),
    _text("part_no", key=True),
    _text("store", key=True),
    _text("target", key=True),  # period or lead_time
    _whole("step", key=True),
    _whole("share_ppm", key=True),  # quantile; -1 is the mean
    _whole("value_milli"),
)

plan_run = Table(
    "plan_run",
    metadata,
    _text("run_id", key=True),
    _text("as_of"),
    _text("recorded_at"),
    _text("manifest"),
)

proposal = Table(
    "proposal",
    metadata,
    _text("proposal_no", key=True),
    Column("run_id", CodePointText, ForeignKey("plan_run.run_id"), nullable=False),
    _text("supplier"),
    _text("order_type"),
    _text("order_on"),
    _text("expected_on"),
    _text("content_hash"),
)

proposal_line = Table(
    "proposal_line",
    metadata,
    Column("proposal_no", CodePointText, ForeignKey("proposal.proposal_no"), primary_key=True),
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
    _text("reason"),  # JSON: kind and facts; the words are reporting's
)

proposal_event = Table(
    "proposal_event",  # what people did with a proposal; its state is read from these
    metadata,
    Column("event_id", _SERIAL, primary_key=True, autoincrement=True),
    Column("proposal_no", CodePointText, ForeignKey("proposal.proposal_no"), nullable=False),
    _text("kind"),  # approved, rejected, edited, sent, superseded
    _text("user_name"),
    _text("recorded_at"),
    _text("body"),  # JSON: the edit, the reason, the purchase order made
)
