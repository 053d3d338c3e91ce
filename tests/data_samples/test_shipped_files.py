"""The shipped files keep the import contract, hang together, and are what the generator makes."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from data_samples.dealership import AS_OF, FOLDER, sample_folder
from data_samples.numbering import check_digit
from data_samples.world import World
from data_samples.writer import write_world

CONTRACT = {
    "parts": "part_no,name,category,unit,unit_cost,list_price,supplier,pack_size,moq,criticality,shelf_life_days,"
    "returnable,on_sale_from",
    "suppliers": "supplier,name",
    "order_channels": "supplier,order_type,lead_time_days_mean,lead_time_days_sd,order_weekdays,cost_multiplier,"
    "min_order_value,order_fee",
    "supersessions": "part_no,replaced_by,effective_on,quantity,kind",
    "vehicles": "vin,model,store,registered_on,left_on,powertrain",
    "vehicle_sales_plan": "model,store,month,vehicles",
    "fitments": "part_no,model,quantity_per_vehicle,interval_km,interval_months,year_from,year_to",
    "service_history": "order_no,opened_on,store,vin,model,odometer_km,job_type,payer,part_no,quantity_requested,"
    "quantity_supplied,outcome,unit_price",
    "appointments": "appointment_no,due_on,store,vin,model,job_type,part_no,quantity,confidence",
    "campaigns": "campaign_no,part_no,model,store,starts_on,ends_on,vehicles,uptake",
    "stock": "store,part_no,bin,quantity,unit_cost,received_on",
    "open_orders": "order_no,supplier,order_type,store,part_no,quantity,unit_cost,ordered_on,expected_on",
    "budgets": "store,period,amount",
}
ALLOWED = {
    ("parts", "category"): "maintenance wear repair collision accessory fluid tyre battery",
    ("parts", "criticality"): "vital essential desirable",
    ("parts", "returnable"): "yes no",
    ("order_channels", "order_type"): "stock urgent",
    ("supersessions", "kind"): "replaces use_up_first either_way kit",
    ("service_history", "job_type"): "maintenance repair collision recall campaign accessory",
    ("service_history", "payer"): "customer warranty insurance internal goodwill",
    ("service_history", "outcome"): "shelf urgent special_order lost cancelled",
    ("appointments", "job_type"): "maintenance repair collision recall campaign accessory",
    ("open_orders", "order_type"): "stock urgent",
}
KEYS = {
    "parts": ("part_no",),
    "suppliers": ("supplier",),
    "order_channels": ("supplier", "order_type"),
    "supersessions": ("part_no",),
    "vehicles": ("vin",),
    "vehicle_sales_plan": ("model", "store", "month"),
    "fitments": ("part_no", "model"),
    "campaigns": ("campaign_no", "model", "store"),
    "stock": ("store", "part_no", "bin"),
    "open_orders": ("order_no", "part_no"),
    "appointments": ("appointment_no", "part_no"),
    "budgets": ("store", "period"),
}
Tables = dict[str, list[dict[str, str]]]


def test_every_file_has_the_columns_of_the_contract_in_plain_utf8_and_line_feeds() -> None:
    files = {file.name: file.read_bytes() for file in sample_folder().iterdir()}
    assert set(files) == {f"{kind}.csv" for kind in CONTRACT}
    for kind, heading in CONTRACT.items():
        content = files[f"{kind}.csv"]
        assert content.decode("utf-8").split("\n", 1)[0] == heading, kind
        assert b"\r" not in content, kind
        assert content.endswith(b"\n"), kind
    assert sum(map(len, files.values())) < 9_000_000


def test_the_generator_makes_the_shipped_bytes(world: World, tmp_path: Path) -> None:
    write_world(world, tmp_path / FOLDER)
    for file in sample_folder().iterdir():
        assert (tmp_path / FOLDER / file.name).read_bytes() == file.read_bytes(), file.name


@pytest.mark.parametrize(("table", "column"), sorted(ALLOWED))
def test_words_are_those_of_the_contract(shipped: Tables, table: str, column: str) -> None:
    assert {row[column] for row in shipped[table]} <= set(ALLOWED[table, column].split())


@pytest.mark.parametrize("table", sorted(KEYS))
def test_no_key_comes_twice(shipped: Tables, table: str) -> None:
    counts = Counter(tuple(row[column] for column in KEYS[table]) for row in shipped[table])
    assert [key for key, count in counts.items() if count > 1] == []


def test_whatever_is_referred_to_exists(shipped: Tables) -> None:
    parts = {row["part_no"] for row in shipped["parts"]}
    models = {row["model"] for row in shipped["vehicles"]}
    vins = {row["vin"]: row for row in shipped["vehicles"]}
    suppliers = {row["supplier"] for row in shipped["suppliers"]}
    for table, rows in shipped.items():
        for row in rows:
            assert row.get("part_no", next(iter(parts))) in parts, table
            assert row.get("store", "S01") in ("S01", "S02"), table
            assert row.get("model") in {*models, None, ""}, table
            assert row.get("supplier") in {*suppliers, None}, table
            if row.get("vin"):
                assert vins[row["vin"]]["model"] == row["model"], table
    assert {row["replaced_by"] for row in shipped["supersessions"]} <= parts
    assert len(shipped["order_channels"]) == 2 * len(suppliers)


def test_nothing_is_dated_after_the_last_day_but_what_is_meant_to_be(shipped: Tables) -> None:
    last = AS_OF.isoformat()
    for table, column in (
        ("service_history", "opened_on"),
        ("vehicles", "registered_on"),
        ("vehicles", "left_on"),
        ("stock", "received_on"),
        ("open_orders", "ordered_on"),
        ("parts", "on_sale_from"),
        ("supersessions", "effective_on"),
    ):
        days = [row[column] for row in shipped[table] if row[column]]
        assert max(days) <= last, (table, column)
        assert all(date.fromisoformat(day).isoformat() == day for day in days), (table, column)
    assert all(row["expected_on"] >= row["ordered_on"] for row in shipped["open_orders"])
    assert all(last < row["due_on"] <= "2026-07-21" for row in shipped["appointments"])
    assert min(row["month"] for row in shipped["vehicle_sales_plan"]) == "2026-07"
    assert {row["period"] for row in shipped["budgets"]} == {"2026-06", "2026-07", "2026-08"}


def test_no_vehicle_comes_before_it_is_registered_or_after_it_has_left(shipped: Tables) -> None:
    vehicles = {row["vin"]: row for row in shipped["vehicles"]}
    for row in shipped["service_history"]:
        if row["vin"]:
            vehicle = vehicles[row["vin"]]
            assert vehicle["registered_on"] <= row["opened_on"]
            by_letter = row["job_type"] in ("recall", "campaign")
            assert by_letter or row["opened_on"] <= (vehicle["left_on"] or "9999")


def test_part_numbers_keep_their_zeros_and_their_exponents(shipped: Tables) -> None:
    numbers = [row["part_no"] for row in shipped["parts"]]
    assert {"1E5032", "2E4107"} <= set(numbers)
    assert sum(number.isdigit() and number.startswith("00") for number in numbers) > 50
    assert {"1E5032", "2E4107"} & {row["part_no"] for row in shipped["service_history"]}
    assert "0310" in {row["model"] for row in shipped["vehicles"]}


def test_vehicle_numbers_have_a_valid_check_digit(shipped: Tables) -> None:
    for row in shipped["vehicles"]:
        assert len(row["vin"]) == 17
        assert row["vin"][8] == check_digit(row["vin"])


def test_quantities_keep_packages(shipped: Tables) -> None:
    packs = {row["part_no"]: float(row["pack_size"]) for row in shipped["parts"]}
    for row in shipped["open_orders"]:
        assert float(row["quantity"]) % packs[row["part_no"]] == 0.0
    assert all(float(row["moq"]) >= float(row["pack_size"]) for row in shipped["parts"])
