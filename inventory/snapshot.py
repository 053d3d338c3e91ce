"""`Snapshot`: all that a forecast or a plan needs, as columns, at one moment.

One read transaction makes one snapshot; nothing after it asks the database a question. A stage that needs more data
gets it by widening the snapshot. Frames hold text codes, whole numbers (``_milli``, ``_e4``, ``_ppm``) and dates as
``datetime64`` (NaT where empty); empty text is ``""``, an empty whole number is <NA> in an ``Int64`` column. Rows are
sorted by their key, so that the same books give the same bytes.

=====================  ==========================================================================================
frame                  columns (key first)
=====================  ==========================================================================================
parts                  part_no, name, category, unit, unit_cost_e4, list_price_e4, supplier, pack_size_milli,
                       moq_milli, criticality, shelf_life_days, returnable, on_sale_from, supplied_until
suppliers              supplier, name
channels               supplier, order_type, lead_time_days_mean, lead_time_days_sd, order_weekdays,
                       cost_multiplier_ppm, min_order_value_e4, order_fee_e4
supersessions          part_no, replaced_by, effective_on, quantity_milli, kind
vehicles               vin, model, store, registered_on, left_on, powertrain
vehicle_counts         model, store, registered_month (first day), vehicles
sales_plan             model, store, month (first day), vehicles
fitments               part_no, model, year_from, year_to, quantity_per_vehicle_milli, interval_km, interval_months
appointments           appointment_no, part_no, due_on, store, vin, model, job_type, quantity_milli, confidence_ppm
campaigns              campaign_no, part_no, model, store, starts_on, ends_on, vehicles, uptake_ppm
budgets                store, period, amount_e4, ordered_e4
demand_lines           store, order_no, part_no, line_no, opened_on, vin, model, odometer_km, job_type, payer,
                       quantity_requested_milli, quantity_supplied_milli, outcome, unit_price_e4
demand_panel           part_no, store, period (label), quantity_milli, available_ppm
positions              store, part_no, on_hand_milli, reserved_milli, on_order_milli, backorder_milli, value_e4
reservations           reservation_no, store, part_no, held_milli, holder_kind, holder_no, until_on
line_judgements        store, order_no, part_no, line_no, verdict, reason
under_way              kind (approved, transfer), number, store, part_no, expected_on, open_milli
last_levels            store, part_no, run_id, planned_on, level_milli, price_per_line_e4
open_orders            order_no, store, part_no, supplier, order_type, open_milli, unit_cost_e4, ordered_on,
                       expected_on, entered_on
receipts               order_no, supplier, order_type, ordered_on, received_on, lines, entered_on
overrides              override_id, store, part_no, family, first_month, last_month (labels), amount_milli, factor_ppm,
                       reason, set_on, expires_on, user_name, withdrawn_on
=====================  ==========================================================================================

`positions` has a row for each part and store with stock, an open order, a reservation or a backorder. On hand counts
what lies in bins, the reserved included; reserved is its share held for somebody. On order counts what is open of
purchase orders, and what is `under_way` without one: approved and not yet sent, or sent by another store. A backorder
is what a customer waits for: asked as ``special_order`` and not yet supplied. `ordered_e4` of a budget is what its
store has ordered in its month up to `as_of`, or approved for it. `last_levels` is what the last plan of each store for
an earlier day set. Of a reservation only what it still holds counts; a line judged twice is as it was judged last.
`receipts` are the deliveries of the last `RECEIPT_DAYS` days, one row per order and day: how many of its lines came in.
An order entered the books on `entered_on` (`purchasing.entering`), maybe when it was under way already.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from datetime import date

import pandas as pd

RECEIPT_DAYS = 730
BACKORDER_DAYS = 90
"""For so long somebody waits for a special order."""


@dataclass(frozen=True)
class Snapshot:
    """The books at one moment; see the module for the columns of each frame.

    Parameters
    ----------
    as_of
        The business date up to which things count.
    known_at
        Sequence of the last document recorded that counts; 0 for an empty ledger.
    """

    as_of: date
    known_at: int
    parts: pd.DataFrame
    suppliers: pd.DataFrame
    channels: pd.DataFrame
    supersessions: pd.DataFrame
    vehicles: pd.DataFrame
    vehicle_counts: pd.DataFrame
    sales_plan: pd.DataFrame
    fitments: pd.DataFrame
    appointments: pd.DataFrame
    campaigns: pd.DataFrame
    budgets: pd.DataFrame
    demand_lines: pd.DataFrame
    demand_panel: pd.DataFrame
    positions: pd.DataFrame
    under_way: pd.DataFrame
    last_levels: pd.DataFrame
    reservations: pd.DataFrame
    line_judgements: pd.DataFrame
    open_orders: pd.DataFrame
    overrides: pd.DataFrame
    receipts: pd.DataFrame

    def content_hash(self) -> str:
        """Return the SHA-256 of the whole content, in hexadecimal: two equal hashes plan alike."""
        digest = hashlib.sha256(f"{self.as_of.isoformat()}".encode())
        for field in fields(self)[2:]:
            frame: pd.DataFrame = getattr(self, field.name)
            digest.update(f"{field.name}:{','.join(frame.columns)}:{len(frame)}".encode())
            digest.update(pd.util.hash_pandas_object(frame, index=False).to_numpy().tobytes())
        return digest.hexdigest()
