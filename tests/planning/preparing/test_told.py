"""What is told beforehand is laid beside the forecast, and no unit is counted twice."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from demand.history import Observation
from demand.periods import PeriodKind
from forecasting.forecast import Forecast, ForecastSettings
from forecasting.lead_time import law_over, law_over_periods
from planning.preparing.due_list import due_list
from planning.preparing.prepare import Prepared, forecast_of_prepared, prepare
from planning.run import plan
from planning.settings import Settings
from tests.planning.books import AS_OF, panel_rows, part, small_dealership, snapshot_of
from tests.planning.preparing.test_dues import CARS, books

Row = tuple[object, ...]
SETTINGS = ForecastSettings(horizon=6)


def ready_of(rows: dict[str, list[Row]]) -> Prepared:
    return prepare(snapshot_of(AS_OF, **rows), PeriodKind.MONTH, SETTINGS)


def forecast_rows(rows: dict[str, list[Row]]) -> Forecast:
    return forecast_of_prepared(ready_of(rows), SETTINGS)


def units(found: Forecast, part_no: str, periods: int = 1) -> float:
    """Return the demand expected of a part, told or not, in stock units."""
    row = found.part_no.index(part_no)
    return float(law_over_periods(found, periods).mean()[row] * found.unit_milli[row] / 1000)


def appointment(car: int, days: int, part_no: str = "OIL", **more: object) -> Row:
    return (
        more.get("number", f"AP{car}"), part_no, AS_OF + timedelta(days=days), "S01", more.get("vin", f"VIN{car:04d}"),
        "M1", more.get("job_type", "maintenance"), 1000 * int(str(more.get("quantity", 1))),
        more.get("confidence", 1_000_000),
    )  # fmt: skip


def spread_out() -> dict[str, list[Row]]:
    """Return a fleet served every half year, one car after another: a few are due now, most are not."""
    return books(2, apart=180 / CARS)


def test_an_appointment_for_a_car_that_is_due_adds_nothing_and_one_that_is_not_adds_itself() -> None:
    rows = spread_out()
    before = units(forecast_rows(rows), "OIL")
    due, rested = CARS - 1, 0
    told = {car: units(forecast_rows({**rows, "appointments": [appointment(car, 5)]}), "OIL") for car in (due, rested)}
    assert told[due] - before == pytest.approx(0.0, abs=0.4)
    assert told[rested] - before == pytest.approx(1.0, abs=0.15)


def test_units_are_conserved_when_those_who_are_due_book() -> None:
    rows = spread_out()
    plain = forecast_rows(rows)
    cars = range(CARS - 10, CARS)
    booked = forecast_rows({**rows, "appointments": [appointment(car, 3 + car % 20) for car in cars]})
    assert units(booked, "OIL") == pytest.approx(units(plain, "OIL"), rel=0.1)
    assert units(booked, "OIL", 6) == pytest.approx(units(plain, "OIL", 6), rel=0.05)
    row = booked.part_no.index("OIL")
    laws = [law_over_periods(each, 1) for each in (plain, booked)]
    assert laws[1].variance()[row] < laws[0].variance()[row]


def test_a_booked_day_counts_from_that_day() -> None:
    rows = {**spread_out(), "appointments": [appointment(0, 9, quantity=6)]}
    found = forecast_rows(rows)
    row = found.part_no.index("OIL")
    short, long = (law_over(found, days, 0.0).mean()[row] for days in (8.0, 9.0))
    assert long - short > 5.5


def test_an_appointment_of_an_unknown_car_takes_its_share_from_the_family() -> None:
    rows: dict[str, list[Row]] = {"parts": [part("PAD", 5.0)], "demand_panel": panel_rows({("PAD", "S01"): 10.0})}
    plain = units(forecast_rows(rows), "PAD")
    booked = [appointment(i, 4, "PAD", vin="", job_type="repair") for i in range(4)]
    assert units(forecast_rows({**rows, "appointments": booked}), "PAD") == pytest.approx(plain, rel=0.01)
    many = [appointment(i, 4, "PAD", vin="", job_type="repair") for i in range(40)]
    assert units(forecast_rows({**rows, "appointments": many}), "PAD") == pytest.approx(40.0, rel=0.01)


def test_what_is_held_is_set_apart_with_its_demand_and_what_was_asked_for_already_is_no_demand_to_come() -> None:
    rows = dict(small_dealership().__dict__)
    held = ("RES-1", "S01", "00195040", 3000, "repair_order", "RO-77", date(2026, 7, 3))
    snapshot = snapshot_of(AS_OF)
    del rows["as_of"], rows["known_at"]
    from tests.planning.books import frame

    rows["reservations"] = frame("reservations", [held])
    rows["positions"].loc[rows["positions"]["part_no"] == "00195040", "reserved_milli"] = [3000, 0]
    with_held = type(snapshot)(AS_OF, 0, **rows)
    ready = prepare(with_held, PeriodKind.MONTH, SETTINGS)
    assert ready.told.streams.kind == ("reserved",)
    asked = {**rows, "reservations": frame("reservations", [(*held[:5], "RO-9", held[6])])}
    asked["demand_lines"] = frame(
        "demand_lines",
        [("S01", "RO-9", "00195040", 1, date(2026, 6, 20), "", "", None, "repair", "customer", 3000, 0,
          "special_order", None)],
    )  # fmt: skip
    waiting = prepare(type(snapshot)(AS_OF, 0, **asked), PeriodKind.MONTH, SETTINGS)
    assert waiting.told.streams.row_count == 0
    found = forecast_of_prepared(ready, SETTINGS)
    mine = [i for i, store in enumerate(found.store) if store == "S01"]
    free = prepare(small_dealership(), PeriodKind.MONTH, SETTINGS)
    plain = forecast_of_prepared(free, SETTINGS)
    total = [law_over_periods(each, 1).mean()[mine].sum() for each in (plain, found)]
    assert total[1] == pytest.approx(total[0], rel=0.01)  # they are among the calls that the store expects
    assert plan(with_held, Settings()).proposals  # the held three and their demand are both out of the order


def test_a_reservation_for_an_appointment_is_the_appointment_s_own_demand() -> None:
    rows = {**spread_out(), "appointments": [appointment(CARS - 1, 5, quantity=2)]}
    booked = units(forecast_rows(rows), "OIL")
    rows["reservations"] = [("RES-1", "S01", "OIL", 2000, "appointment", f"AP{CARS - 1}", AS_OF + timedelta(days=5))]
    rows["positions"] = [("S01", "OIL", 9000, 2000, 0, 0, 0)]
    ready = ready_of(rows)
    assert ready.told.streams.kind == ("booked", "reserved")
    assert (ready.told.streams.count * ready.told.streams.units).tolist() == [0, 2]
    assert units(forecast_of_prepared(ready, SETTINGS), "OIL") == pytest.approx(booked, rel=1e-6)


def test_an_appointment_that_is_cancelled_says_nothing_of_its_car() -> None:
    rows = spread_out()
    cancelled = [appointment(car, 5, confidence=0) for car in range(CARS - 8, CARS)]
    assert units(forecast_rows({**rows, "appointments": cancelled}), "OIL") == units(forecast_rows(rows), "OIL")
    snapshot = snapshot_of(AS_OF, **rows, appointments=cancelled)
    expected = due_list(
        snapshot, prepare(snapshot, PeriodKind.MONTH, SETTINGS), date(2026, 7, 1), date(2026, 7, 14), 0.2
    )
    assert all(each.booked_on is None for each in expected)


def test_an_appointment_that_was_moved_is_one_need_wherever_it_was_moved_to() -> None:
    rows = spread_out()
    once = [appointment(CARS - 1, 9)]
    moved = [("OLD", "OIL", AS_OF + timedelta(days=4), "S02", *once[0][4:]), *once]
    assert units(forecast_rows({**rows, "appointments": moved}), "OIL") == pytest.approx(
        units(forecast_rows({**rows, "appointments": once}), "OIL"), rel=1e-9
    )
    months_later = [*once, ("NEXT", "OIL", AS_OF + timedelta(days=60), *once[0][3:])]
    assert ready_of({**rows, "appointments": months_later}).told.streams.count.tolist() == [1, 1]
    held: list[Row] = [("RES-1", "S02", "OIL", 1000, "appointment", "OLD", AS_OF + timedelta(days=4))]
    assert ready_of({**rows, "appointments": moved, "reservations": held}).appointments["appointment_no"].tolist() == [
        "OLD"
    ]


def test_the_appointment_to_fit_what_was_ordered_for_a_car_is_no_second_need() -> None:
    rows = spread_out()
    rows["appointments"] = [appointment(CARS - 1, 5, quantity=3)]
    vin = rows["appointments"][0][4]
    ordered = ("S01", "RO-X", "OIL", 0, date(2026, 6, 25), vin, "M1", None, "repair", "customer", 2000, 0,
               "special_order", None)  # fmt: skip
    with_order = ready_of({**rows, "demand_lines": [*rows["demand_lines"], ordered]})
    assert (with_order.told.streams.count * with_order.told.streams.units).tolist() == [1]
    long_ago = (*ordered[:4], date(2026, 1, 25), *ordered[5:])
    assert ready_of({**rows, "demand_lines": [*rows["demand_lines"], long_ago]}).told.streams.units.tolist() == [3]


def action(number: int, part_no: str, day: date, car: int) -> Row:
    return (
        "S01", f"RC{number}", part_no, 1, day, f"VIN{car:04d}", "M1", None, "recall", "warranty", 1000, 1000, "shelf",
        None,
    )  # fmt: skip


def recall(starts_on: date, vehicles: int = 100, store: str = "S01", share: int | None = 800_000) -> Row:
    return ("RC1", "BAG", "M1", store, starts_on, None, vehicles, share)


def test_a_recall_is_a_stream_of_its_own_and_never_history() -> None:
    rows = spread_out()
    rows["parts"].append(part("BAG", 100.0))
    rows["fitments"].append(("BAG", "M1", 0, 9999, 1000, None, None))
    before = forecast_rows(rows)
    lines = [action(i, "BAG", date(2026, 4, 1) + timedelta(days=3 * i), i) for i in range(25)]
    rows["demand_lines"] = rows["demand_lines"] + lines
    rows["campaigns"] = [recall(date(2026, 4, 1))]
    found = forecast_rows(rows)
    row = found.part_no.index("BAG")
    # A car that came for its recall was on the road that day: that, and no more, is learnt from it.
    assert found.mean[row].sum() == pytest.approx(before.mean[before.part_no.index("BAG")].sum(), rel=1e-4)
    assert found.streams.count.tolist() == [75]
    assert 5 < found.told[row, :2].sum() < 35
    booked = [appointment(i, 4, "BAG", job_type="recall") for i in range(60, 70)]
    with_days = forecast_rows({**rows, "appointments": booked})
    assert with_days.streams.count[-1] == 65  # those who have a day are among those who are left
    assert with_days.untold is not None
    assert (with_days.untold == 1).all()


def test_a_recall_to_come_counts_from_its_day_and_one_for_all_stores_is_divided_in_whole_cars() -> None:
    rows = spread_out()
    rows["vehicles"] = [(*row[:2], "S01" if i % 3 else "S02", *row[3:]) for i, row in enumerate(rows["vehicles"])]
    rows["parts"].append(part("BAG", 100.0))
    rows["campaigns"] = [recall(date(2026, 7, 15), 50, store="", share=None)]
    found = forecast_rows(rows)
    assert found.streams.count.tolist() == [33, 17]
    rows_of = [i for i, name in enumerate(found.part_no) if name == "BAG"]
    assert law_over(found, 14.0, 0.0).mean()[rows_of].sum() < 0.05
    assert law_over(found, 60.0, 0.0).mean()[rows_of].sum() > 3


def line(number: int, day: date, quantity: int = 1, **more: object) -> Row:
    return (
        more.get("store", "S01"), f"RO{number}", "A", 1, day, more.get("vin", ""), "", None, "repair", "customer",
        quantity * 1000, quantity * 1000, more.get("outcome", "shelf"), None,
    )  # fmt: skip


def test_a_bulk_order_is_set_apart_shown_and_may_be_confirmed_as_usual() -> None:
    lines = [line(i, date(2026, 1, 5) + timedelta(days=3 * i)) for i in range(58)]
    bulk = line(900, date(2026, 5, 11), 80)
    rows: dict[str, list[Row]] = {"parts": [part("A", 1.0)], "demand_lines": [*lines, bulk]}
    ready, without = ready_of(rows), ready_of({**rows, "demand_lines": lines})
    assert ready.asked.bulk[["order_no", "rule"]].to_numpy().tolist() == [["RO900", "beyond-usual-size"]]
    assert ready.history.quantity.sum() == without.history.quantity.sum() == 58
    assert ready.told.streams.kind == ("bulk",)
    assert 0 < forecast_of_prepared(ready, SETTINGS).told.sum() < 40
    rows["line_judgements"] = [("S01", "RO900", "A", 1, "usual", "buys so every spring")]
    assert ready_of(rows).history.quantity.sum() == 138
    rows["line_judgements"] = [("S01", "RO7", "A", 1, "bulk", "a fleet")]
    assert ready_of(rows).asked.bulk["rule"].tolist() == ["confirmed", "beyond-usual-size"]


def test_a_sale_lost_at_one_store_after_the_other_is_one_need() -> None:
    lost: dict[str, Any] = {"vin": "VIN1", "outcome": "lost"}
    rows: dict[str, list[Row]] = {
        "parts": [part("A", 1.0)],
        "demand_lines": [
            line(1, date(2026, 5, 4), **lost),
            line(2, date(2026, 5, 5), store="S02", **lost),
            line(3, date(2026, 5, 6), store="S03", **lost),
            line(4, date(2026, 5, 7), vin="VIN1"),  # at last it was there
            line(5, date(2026, 5, 7), vin="VIN2", outcome="lost"),  # another car's
            line(6, date(2026, 5, 8), outcome="lost"),  # nobody knows whose
            line(7, date(2026, 1, 8), **lost),  # months before
        ],
    }
    ready = ready_of(rows)
    assert sorted(ready.asked.asked_again["order_no"]) == ["RO1", "RO2", "RO3"]
    assert ready.history.quantity.sum() == 4


def test_what_one_order_got_and_what_it_did_not_is_asked_for_together() -> None:
    got, lacked = line(1, date(2026, 5, 4), 3, vin="VIN1"), line(1, date(2026, 5, 4), 2, vin="VIN1", outcome="lost")
    rows: dict[str, list[Row]] = {"parts": [part("A", 1.0)], "demand_lines": [got, (*lacked[:3], 2, *lacked[4:])]}
    assert ready_of(rows).history.quantity.sum() == 5
    rows["demand_lines"].append(line(2, date(2026, 5, 9), 2, vin="VIN1"))  # and came back for the rest
    assert ready_of(rows).history.quantity.sum() == 5


def test_each_of_the_five_reasons_for_a_cell_is_told_apart() -> None:
    many = [
        line(1000 * month + i, date(2026, month, 1 + i), vin=f"V{i}") for month in (1, 2, 4, 5, 6) for i in range(25)
    ]
    rows: dict[str, list[Row]] = {
        "parts": [part("A", 1.0), part("B", 1.0), part("C", 1.0, on_sale_from=date(2026, 5, 1))],
        "demand_lines": [*many, ("S01", "X1", "C", 1, date(2026, 5, 9), "", "", None, "repair", "customer", 1000, 1000,
                                 "shelf", None)],
        "demand_panel": [("B", "S01", f"2026-{m:02d}", q, v) for m, q, v in (
            (1, 2000, 1_000_000), (2, 0, 0), (4, 1000, 500_000), (5, 0, 1_000_000), (6, 1000, 1_000_000))],
    }  # fmt: skip
    ready = ready_of(rows)
    codes = {name: ready.history.observation[i].tolist() for i, name in enumerate(ready.history.part_no)}
    seen, missing, closed = Observation.SEEN, Observation.MISSING, Observation.CLOSED
    before, out = Observation.BEFORE_LAUNCH, Observation.OUT_OF_STOCK
    assert codes["A"] == [seen, seen, closed, seen, seen, seen]  # a whole month without a single line
    assert codes["B"] == [seen, out, missing, seen, seen, seen]
    assert codes["C"] == [before, before, before, before, seen, seen]
    assert ready.history.availability[ready.history.part_no.index("B")].tolist() == [1, 0, 0, 0.5, 1, 1]


def test_the_due_list_names_who_is_due_what_they_need_and_what_the_shelf_has_left() -> None:
    rows = spread_out()
    rows["positions"] = [("S01", "OIL", 5000, 0, 0, 0, 0)]
    rows["appointments"] = [appointment(0, 5), appointment(CARS - 2, 6)]
    snapshot = snapshot_of(AS_OF, **rows)
    ready = prepare(snapshot, PeriodKind.MONTH, ForecastSettings(horizon=14))
    expected = due_list(snapshot, ready, date(2026, 7, 1), date(2026, 7, 14), 0.2)
    free = [each for each in expected if each.booked_on is None]
    assert {each.vin for each in expected if each.booked_on} == {"VIN0000", f"VIN{CARS - 2:04d}"}
    assert len(free) >= 5
    due = [each.due_on for each in free]
    assert due == sorted(due, key=str)
    assert all(0.2 <= each.chance <= 1 for each in free)
    first = free[0]
    assert first.odometer_then_km is not None
    assert first.last_visit is not None
    assert first.odometer_now_km - first.odometer_then_km == pytest.approx(
        30 * (AS_OF - first.last_visit).days, rel=0.15
    )
    assert first.item_due in ("oil filter", "spark plug")
    # What is replaced at every service is due before what is replaced at every fourth.
    assert {item.name for each in free for item in each.items} == {"oil filter", "spark plug"}
    assert all(list(each.items) == sorted(each.items, key=lambda item: item.due_on) for each in free)
    assert all((each.item_due, each.due_on) in {(item.name, item.due_on) for item in each.items} for each in free)
    assert first.parts[0].part_no == "OIL"
    shelf = [each.parts[0].on_shelf_milli for each in expected if each.parts]
    assert sum(shelf) <= 5000
    assert shelf == sorted(shelf, reverse=True)  # dealt out in the order of the list
    assert due_list(snapshot, ready, date(2026, 7, 1), date(2026, 7, 14), 0.2, item="gearbox") == ()
    total = sum(each.chance for each in due_list(snapshot, ready, date(2026, 7, 1), date(2026, 7, 31), 0.0))
    assert ready.services is not None
    months = ready.services.courses.course.months
    assert total == pytest.approx(ready.services.courses.visits[:, months].sum(), rel=0.05)


def test_a_shuffled_book_of_appointments_gives_the_same_bytes() -> None:
    rows = {**spread_out(), "appointments": [appointment(car, 3 + car % 9) for car in range(30)]}
    chance = np.random.default_rng(2)
    shuffled = {name: [table[i] for i in chance.permutation(len(table))] for name, table in rows.items()}
    laws = [law_over_periods(forecast_rows(each), 2).probability.tobytes() for each in (rows, shuffled)]
    assert laws[0] == laws[1]


def test_books_without_lines_have_streams_of_appointments_alone() -> None:
    found = forecast_rows({"parts": [part("A", 1.0)], "appointments": [appointment(1, 3, "A")]})
    assert found.part_no == ("A",)
    assert pd.Series(found.streams.kind).tolist() == ["booked"]
    assert units(found, "A") == pytest.approx(1.0, abs=0.1)
