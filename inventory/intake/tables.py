"""The tables the program takes in, in the order in which one leans on another.

This is the contract, column by column: names, kinds, what is required, what an empty cell means. A later table refers
to earlier ones only, except that parts and suppliers may come in either order.
"""

from __future__ import annotations

from inventory.intake.rules import ColumnRule, Reference, TableRule

_CATEGORIES = ("maintenance", "wear", "repair", "collision", "accessory", "fluid", "tyre", "battery")
_JOB_TYPES = ("maintenance", "repair", "collision", "recall", "campaign", "accessory")
_PAYERS = ("customer", "warranty", "insurance", "internal", "goodwill")
_OUTCOMES = ("shelf", "urgent", "special_order", "lost", "cancelled")
_REPLACEMENTS = ("replaces", "use_up_first", "either_way", "kit")
_PART = Reference("part_no", "part")
_KNOWN_MODEL = Reference("model", "model")

C = ColumnRule
_PART_NO = C("part_no", "code", required=True)
_STORE = C("store", "code", required=True)
_MODEL = C("model", "code", required=True)
_SUPPLIER = C("supplier", "code", required=True)
_ORDER_TYPE = C("order_type", "code", required=True, choices=("stock", "urgent"))
_UNIT_COST = C("unit_cost", "money", "unit_cost_e4", required=True, minimum=0)

SUPPLIERS = TableRule("suppliers", "supplier", ("supplier",), (_SUPPLIER, C("name", default="")))

ORDER_CHANNELS = TableRule(
    "order_channels",
    "order_channel",
    ("supplier", "order_type"),
    (
        _SUPPLIER,
        _ORDER_TYPE,
        C("lead_time_days_mean", "number", required=True, minimum=0),
        C("lead_time_days_sd", "number", default=0, minimum=0),
        C("order_weekdays", "weekdays", default=""),
        C("cost_multiplier", "share", "cost_multiplier_ppm", default=1_000_000, minimum=1),
        C("min_order_value", "money", "min_order_value_e4", default=0, minimum=0),
        C("order_fee", "money", "order_fee_e4", default=0, minimum=0),
    ),
    (Reference("supplier", "listed supplier"),),
)

PARTS = TableRule(
    "parts",
    "part",
    ("part_no",),
    (
        _PART_NO,
        C("name", required=True),
        C("category", "code", default="", choices=_CATEGORIES),
        C("unit", default="each"),
        _UNIT_COST,
        C("list_price", "money", "list_price_e4", minimum=0),
        _SUPPLIER,
        C("pack_size", "quantity", "pack_size_milli", default=1000, minimum=1),
        C("moq", "quantity", "moq_milli", default=1000, minimum=0),
        C("criticality", "code", default="", choices=("vital", "essential", "desirable")),
        C("shelf_life_days", "whole", minimum=1),
        C("returnable", "code", default="", choices=("yes", "no")),
        C("on_sale_from", "date"),
        C("supplied_until", "date"),
    ),
    (Reference("supplier", "supplier"),),
)

SUPERSESSIONS = TableRule(
    "supersessions",
    "supersession",
    ("part_no", "replaced_by"),
    (
        _PART_NO,
        C("replaced_by", "code", required=True),
        C("effective_on", "date", required=True),
        C("quantity", "quantity", "quantity_milli", default=1000, minimum=1),
        C("kind", "code", default="replaces", choices=_REPLACEMENTS),
    ),
    (_PART, Reference("replaced_by", "part")),
)

VEHICLES = TableRule(
    "vehicles",
    "vehicle",
    ("vin",),
    (
        C("vin", "code", required=True),
        _MODEL,
        _STORE,
        C("registered_on", "date", required=True, not_after_as_of=True),
        C("left_on", "date", not_before="registered_on"),
        C("powertrain"),
    ),
)

VEHICLE_COUNTS = TableRule(
    "vehicle_counts",
    "vehicle_count",
    ("model", "store", "registered_month"),
    (
        _MODEL,
        _STORE,
        C("registered_month", "month", required=True, not_after_as_of=True),
        C("vehicles", "whole", required=True, minimum=0),
    ),
)

VEHICLE_SALES_PLAN = TableRule(
    "vehicle_sales_plan",
    "vehicle_sales_plan",
    ("model", "store", "month"),
    (_MODEL, _STORE, C("month", "month", required=True), C("vehicles", "whole", required=True, minimum=0)),
)

FITMENTS = TableRule(
    "fitments",
    "fitment",
    ("part_no", "model", "year_from"),
    (
        _PART_NO,
        _MODEL,
        C("quantity_per_vehicle", "quantity", "quantity_per_vehicle_milli", default=1000, minimum=1),
        C("interval_km", "whole", minimum=1),
        C("interval_months", "whole", minimum=1),
        C("year_from", "whole", default=0, minimum=0, maximum=9999),
        C("year_to", "whole", default=9999, minimum=0, maximum=9999, not_before="year_from"),
    ),
    (_PART,),
)

SERVICE_HISTORY = TableRule(
    "service_history",
    "demand_line",
    (),  # a part may stand on several lines of one order; the loader numbers them
    (
        C("order_no", "code", required=True),
        C("opened_on", "date", required=True, not_after_as_of=True),
        _STORE,
        C("vin", "code"),
        C("model", "code"),
        C("odometer_km", "whole", minimum=0),
        C("job_type", "code", choices=_JOB_TYPES),
        C("payer", "code", choices=_PAYERS),
        _PART_NO,
        C("quantity_requested", "quantity", "quantity_requested_milli", required=True, minimum=1),
        C(
            "quantity_supplied",
            "quantity",
            "quantity_supplied_milli",
            default_from="quantity_requested",
            minimum=0,
            not_above="quantity_requested",
        ),
        C("outcome", "code", default="shelf", choices=_OUTCOMES),
        C("unit_price", "money", "unit_price_e4", minimum=0),
    ),
    (_PART, _KNOWN_MODEL),
)

APPOINTMENTS = TableRule(
    "appointments",
    "appointment",
    ("appointment_no", "part_no"),
    (
        C("appointment_no", "code", required=True),
        C("due_on", "date", required=True),
        _STORE,
        C("vin", "code"),
        C("model", "code"),
        C("job_type", "code", choices=_JOB_TYPES),
        _PART_NO,
        C("quantity", "quantity", "quantity_milli", required=True, minimum=1),
        C("confidence", "share", "confidence_ppm", default=1_000_000, minimum=0, maximum=1_000_000),
    ),
    (_PART, _KNOWN_MODEL),
)

CAMPAIGNS = TableRule(
    "campaigns",
    "campaign",
    ("campaign_no", "part_no", "model", "store"),
    (
        C("campaign_no", "code", required=True),
        _PART_NO,
        _MODEL,
        C("store", "code", default=""),
        C("starts_on", "date", required=True),
        C("ends_on", "date", not_before="starts_on"),
        C("vehicles", "whole", required=True, minimum=0),
        C("uptake", "share", "uptake_ppm", minimum=0, maximum=1_000_000),
    ),
    (_PART, _KNOWN_MODEL),
)

BUDGETS = TableRule(
    "budgets",
    "budget",
    ("store", "period"),
    (_STORE, C("period", "month", required=True), C("amount", "money", "amount_e4", required=True, minimum=0)),
    (Reference("store", "store"),),
)

DEMAND = TableRule(
    "demand",
    "demand_panel",
    ("part_no", "store", "period"),
    (
        _PART_NO,
        C("period", "period", required=True),
        C("quantity", "quantity", "quantity_milli", required=True, minimum=0),
        C("store", "code", default=""),
        C("available", "share", "available_ppm", default=1_000_000, minimum=0, maximum=1_000_000),
    ),
    (_PART,),
)

STOCK = TableRule(
    "stock",
    "",
    ("store", "part_no", "bin", "received_on"),
    (
        _STORE,
        _PART_NO,
        C("bin", "code", default=""),
        C("quantity", "quantity", "quantity_milli", required=True, minimum=0),
        _UNIT_COST,
        C("received_on", "date", not_after_as_of=True),
    ),
    (_PART,),
)

OPEN_ORDERS = TableRule(
    "open_orders",
    "",
    ("order_no", "store", "part_no"),
    (
        C("order_no", "code", required=True),
        _SUPPLIER,
        _ORDER_TYPE,
        _STORE,
        _PART_NO,
        C("quantity", "quantity", "quantity_milli", required=True, minimum=1),
        _UNIT_COST,
        C("ordered_on", "date", required=True, not_after_as_of=True),
        C("expected_on", "date", not_before="ordered_on"),
    ),
    (_PART, Reference("supplier", "supplier")),
)

TABLES: dict[str, TableRule] = {
    rule.kind: rule
    for rule in (
        SUPPLIERS,
        ORDER_CHANNELS,
        PARTS,
        SUPERSESSIONS,
        VEHICLES,
        VEHICLE_COUNTS,
        VEHICLE_SALES_PLAN,
        FITMENTS,
        SERVICE_HISTORY,
        APPOINTMENTS,
        CAMPAIGNS,
        STOCK,
        OPEN_ORDERS,
        BUDGETS,
        DEMAND,
    )
}
"""Every table by the name the user knows it by, in the order of loading."""
