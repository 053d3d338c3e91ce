"""What to do with surplus: windows and quotas are kept, money adds up, and the plan's own levels are left alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import pandas as pd
import pytest

from forecasting.forecast import Forecast
from inventory.snapshot import Snapshot
from planning.lines import Workings
from planning.orders.transfers import demand_per_year
from planning.preparing.prepare import forecast_of
from planning.run import work_out
from planning.settings import Settings
from planning.surplus.lines import window_closes
from planning.surplus.settings import ReturnTerms, SurplusSettings
from planning.surplus.surplus import Shelves, Surplus, surplus_of
from tests.planning.books import AS_OF, panel_rows, part, snapshot_of

COST_E4 = 100_0000
HELD = {"DEAD": 10, "FAST": 100, "FIXED": 10, "GONE": 4}


@cache
def small_store() -> tuple[Snapshot, Forecast, Workings]:
    """A part nobody asks for any more, one with some to spare, one the maker does not take back, one replaced."""
    parts = [part(number, 100.0, returnable="no" if number == "FIXED" else "yes") for number in HELD]
    snapshot = snapshot_of(
        parts=[*parts, part("NEXT", 100.0)],
        channels=[("GPC", "stock", 5.0, 1.0, "", 1_000_000, 0, 0)],
        demand_panel=panel_rows({("FAST", "S01"): 6.0, ("DEAD", "S01"): 0.01, ("FIXED", "S01"): 0.01}),
        positions=[("S01", number, held * 1000, 0, 0, 0, held * COST_E4) for number, held in HELD.items()],
        supersessions=[("GONE", "NEXT", date(2026, 1, 1), 1000, "replaces")],
    )
    settings = Settings()
    forecast = forecast_of(snapshot, settings)
    return snapshot, forecast, work_out(snapshot, settings, forecast)


def shelves(received: dict[str, int] | None = None, bought_e4: int = 10**9, sent_back_e4: int = 0) -> Shelves:
    """The shelf of `small_store`, all received so many days ago."""
    days = {number: (received or {}).get(number, 30) for number in HELD}
    stock = pd.DataFrame(
        [
            {"store": "S01", "part_no": number, "name": number, "on_hand_milli": held * 1000,
             "value_e4": held * COST_E4, "category": "wear", "supplier": "GPC",
             "returnable": "no" if number == "FIXED" else "yes", "unit_cost_e4": COST_E4, "last_asked_on": None,
             "silent_days": 700, "never_again_ppm": 0 if number == "FAST" else 900_000}
            for number, held in HELD.items()
        ]
    )  # fmt: skip
    layers = pd.DataFrame(
        {
            "store": "S01",
            "part_no": list(HELD),
            "received_on": pd.to_datetime([AS_OF - timedelta(days=each) for each in days.values()]),
            "quantity_milli": [held * 1000 for held in HELD.values()],
        }
    )
    bought = pd.DataFrame([{"store": "S01", "supplier": "GPC", "bought_e4": bought_e4, "sent_back_e4": sent_back_e4}])
    return Shelves(stock, layers, bought)


def judged(on: Shelves, **changed: object) -> Surplus:
    snapshot, forecast, workings = small_store()
    surplus = replace(SurplusSettings(returns=ReturnTerms(quota_share=0.5)), **changed)  # type: ignore[arg-type]
    return surplus_of(workings, forecast, snapshot, on, Settings(surplus=surplus))


def quantities(found: Surplus) -> dict[tuple[str, str], int]:
    return {(str(row["part_no"]), str(row["action"])): int(str(row["quantity_milli"])) // 1000 for row in found.rows}


def test_what_nobody_asks_for_goes_back_within_the_window_and_is_sold_cheaply_after_it() -> None:
    assert quantities(judged(shelves()))["DEAD", "return"] == HELD["DEAD"]
    assert quantities(judged(shelves({"DEAD": 400})))["DEAD", "discount"] == HELD["DEAD"]


def test_what_the_maker_does_not_take_back_is_sold_and_what_is_not_worth_selling_is_written_off() -> None:
    assert quantities(judged(shelves()))["FIXED", "discount"] == HELD["FIXED"]
    assert quantities(judged(shelves(), discount_share=0.0))["FIXED", "write-off"] == HELD["FIXED"]


def test_only_what_lies_beyond_the_level_is_surplus_and_what_is_soon_used_is_kept() -> None:
    _, forecast, workings = small_store()
    found = quantities(judged(shelves()))
    row = workings.items.part_no.index("FAST")
    level = int(workings.targets.level[row])
    fast = {action: quantity for (number, action), quantity in found.items() if number == "FAST"}
    assert sum(fast.values()) == HELD["FAST"] - level
    # a quarter of its cost to hold it for a year and a fee of 15 %: what is used within 0.6 years is worth keeping
    assert fast["keep"] == pytest.approx(0.6 * demand_per_year(workings.items, forecast)[row], abs=1)


def test_stock_that_may_not_be_used_any_more_is_surplus_altogether() -> None:
    found = quantities(judged(shelves()))
    assert sum(quantity for (number, _), quantity in found.items() if number == "GONE") == HELD["GONE"]
    assert ("GONE", "keep") not in found


def test_no_more_goes_back_than_the_quota_of_the_year_leaves() -> None:
    on = shelves(bought_e4=20 * COST_E4, sent_back_e4=3 * COST_E4)
    found = judged(on)
    back = [row for row in found.rows if row["action"] == "return"]
    assert sum(int(str(row["quantity_milli"])) for row in back) == 7000  # half of 20, less 3
    (quota,) = found.quotas
    assert (quota.allowed_e4, quota.sent_back_e4, quota.proposed_e4) == (10 * COST_E4, 3 * COST_E4, 7 * COST_E4)


def test_money_adds_up_line_by_line_and_keeping_gains_nothing_beside_itself() -> None:
    for row in judged(shelves()).rows:
        brings, cost, worth, gain = (int(str(row[f"{name}_e4"])) for name in ("brings", "cost", "keep_worth", "gain"))
        assert gain == (0 if row["action"] == "keep" else brings - cost - worth)
        assert gain >= 0
        assert row["value_e4"] == int(str(row["quantity_milli"])) // 1000 * COST_E4


def test_each_supplier_has_his_own_terms() -> None:
    never = {"GPC": ReturnTerms(window_days=0)}
    assert not any(row["action"] == "return" for row in judged(shelves(), of_supplier=never).rows)


def test_a_return_names_the_day_on_which_its_window_closes() -> None:
    (row,) = (row for row in judged(shelves()).rows if (row["part_no"], row["action"]) == ("DEAD", "return"))
    assert row["act_by"] == AS_OF + timedelta(days=365 - 30)
    assert row["to"] == "GPC"


def test_the_window_of_a_quantity_closes_with_the_oldest_layer_it_needs() -> None:
    layers = pd.DataFrame(
        {"received_on": pd.to_datetime(["2026-01-01", "2026-03-01", "2026-05-01"]), "quantity_milli": [5, 5, 5]}
    )
    assert window_closes(layers, 5, 10) == date(2026, 5, 11)
    assert window_closes(layers, 6, 10) == date(2026, 3, 11)
    assert window_closes(layers, 15, 10) == date(2026, 1, 11)
    with pytest.raises(ValueError, match="came in"):
        window_closes(layers, 16, 10)
