"""The made shelves look like those of a dealership: mostly filled, sometimes empty, partly dead."""

from collections import Counter

import numpy as np
import pytest

from data_samples.habit import whole_packs
from data_samples.shelf import LOST, SHELF
from data_samples.shelf_tables import StoreBooks, run_stores
from data_samples.workdays import month_start
from data_samples.world import World

Tables = dict[str, list[dict[str, str]]]


@pytest.fixture(scope="module")
def books(world: World) -> list[StoreBooks]:
    return run_stores(world)


@pytest.mark.parametrize("store", ["S01", "S02"])
def test_between_75_and_92_percent_of_lines_come_from_the_shelf(shipped: Tables, store: str) -> None:
    outcomes = Counter(row["outcome"] for row in shipped["service_history"] if row["store"] == store)
    assert 0.75 < outcomes["shelf"] / outcomes.total() < 0.92
    assert all(outcomes[kind] > 50 for kind in ("urgent", "special_order", "lost", "cancelled"))


def test_unfilled_lines_say_what_was_supplied(shipped: Tables) -> None:
    waiting = Counter[tuple[str, str]]()
    for row in shipped["service_history"]:
        if row["outcome"] in ("lost", "cancelled"):
            assert row["quantity_supplied"] == "0"
        elif row["outcome"] == "shelf":
            assert row["quantity_supplied"] == row["quantity_requested"]
        elif row["quantity_supplied"] == "0":
            waiting[row["store"], row["part_no"]] += round(1000 * float(row["quantity_requested"]))
        else:
            assert row["quantity_supplied"] == row["quantity_requested"]
    coming = Counter[tuple[str, str]]()
    for row in shipped["open_orders"]:
        if row["order_type"] == "urgent":
            coming[row["store"], row["part_no"]] += round(1000 * float(row["quantity"]))
    assert waiting
    assert all(coming[key] >= quantity for key, quantity in waiting.items())


def test_the_second_store_writes_down_about_four_lost_sales_in_ten(
    world: World, books: list[StoreBooks], shipped: Tables
) -> None:
    for store, low, high in ((books[0], 1.0, 1.0), (books[1], 0.3, 0.5)):
        since = store.requests.day >= month_start(world.settings.history_month)
        lost = int((since & (store.outcome.outcome == LOST)).sum())
        written = sum(r["outcome"] == "lost" and r["store"] == store.code for r in shipped["service_history"])
        assert low * lost <= written <= high * lost


def test_stock_is_worth_what_a_dealership_holds_and_turns_three_to_eight_times(shipped: Tables) -> None:
    costs = {row["part_no"]: float(row["unit_cost"]) for row in shipped["parts"]}
    for store, least in (("S01", 500_000.0), ("S02", 250_000.0)):
        value = sum(float(r["quantity"]) * float(r["unit_cost"]) for r in shipped["stock"] if r["store"] == store)
        used = sum(
            float(r["quantity_supplied"]) * costs[r["part_no"]]
            for r in shipped["service_history"]
            if r["store"] == store and r["opened_on"] >= "2025-07-01"
        )
        assert least < value < 3_000_000.0
        assert 3.0 < used / value < 8.0


def test_some_stock_is_dead_and_some_parts_are_below_their_minimum(books: list[StoreBooks], shipped: Tables) -> None:
    recent = {(r["store"], r["part_no"]) for r in shipped["service_history"] if r["opened_on"] >= "2025-07-01"}
    dead = {(r["store"], r["part_no"]) for r in shipped["stock"]} - recent
    assert len(dead) > 50
    for store in books:
        assert (store.shelf.on_hand < store.shelf.minimum).sum() >= 10
        assert (store.shelf.on_hand > 2 * store.shelf.maximum).sum() >= 10


def test_most_parts_move_slowly_and_a_few_move_every_week(shipped: Tables) -> None:
    numbers = [row["part_no"] for row in shipped["parts"]]
    lines = Counter((row["store"], row["part_no"]) for row in shipped["service_history"])
    for store in ("S01", "S02"):
        per_year = np.array([lines[store, number] / 4.0 for number in numbers])
        assert 0.45 < (per_year < 1.0).mean() < 0.75
        assert (per_year > 52.0).sum() > 15
        assert (per_year > 12.0).mean() > 0.05


def test_what_was_received_less_what_was_issued_is_on_the_shelf(world: World, books: list[StoreBooks]) -> None:
    for store in books:
        held = np.zeros(len(world.catalogue), dtype=np.int64)
        for line in store.shelf.placed:
            if line.arrival_day < world.settings.end_day:
                held[line.part] += line.quantity_milli - line.for_customer_milli
        filled = store.outcome.outcome == SHELF
        np.subtract.at(held, store.outcome.part[filled], store.requests.quantity_milli[filled])
        assert held.min() >= 0
        assert (held == store.shelf.on_hand).all()
        layers = {part: sum(layer[0] for layer in rows) for part, rows in store.shelf.layers.items()}
        assert all(store.shelf.on_hand[part] == quantity for part, quantity in layers.items())


def test_orders_are_rounded_up_to_whole_packs_and_to_the_least_quantity() -> None:
    wanted = np.array([0, 1000, 4500, 9000])
    assert whole_packs(wanted, np.full(4, 4000), np.full(4, 8000)).tolist() == [0, 8000, 8000, 12000]
