"""What a store's own vehicles tell: who left, who was seen, and what each of these may be concluded from."""

from datetime import date

import numpy as np
import pytest

from demand.history import Float64Array1D
from demand.periods import PeriodAxis, PeriodKind
from forecasting.leaving import published_hazard
from forecasting.population import AGES
from inventory.snapshot import Snapshot
from planning.preparing.evidence import hazards_of, loyalty_of, visits_of
from planning.preparing.histories import availability_of_lines
from planning.preparing.panel import lay_out, periods_of
from tests.planning.books import snapshot_of
from tests.planning.preparing.test_prepare import car, line

AS_OF, NOW = date(2026, 6, 30), 24318.0
PUBLISHED = published_hazard(np.arange(AGES + 1.0))


def hazard(books: Snapshot) -> Float64Array1D:
    found: Float64Array1D = hazards_of(visits_of(books, ("S01",), ("M1",), (), NOW), books, ("M1",), NOW)[0]
    return found


def old_cars(left: dict[int, date]) -> Snapshot:
    cars = [car(i, registered=date(2014, 1, 1 + i % 28), left=left.get(i)) for i in range(200)]
    return snapshot_of(AS_OF, vehicles=cars)


def test_a_store_that_tells_of_no_leaving_leaves_the_published_curve() -> None:
    assert hazard(old_cars({})) == pytest.approx(PUBLISHED)


def test_the_first_leaving_told_begins_the_watching_and_proves_no_more() -> None:
    # One vehicle left in 2023: of the others some thirty should have by the published curve, and did not.
    assert hazard(old_cars({0: date(2023, 1, 9)}))[150] < 0.8 * PUBLISHED[150]
    nearly_now = hazard(old_cars({0: date(2026, 6, 29)}))
    assert nearly_now == pytest.approx(PUBLISHED, rel=0.05)  # watched for a day: next to nothing is learnt


def test_many_that_are_told_to_have_left_shorten_the_lives_of_the_others() -> None:
    many = {i: date(2024, 1, 5) if i < 2 else date(2025, 1 + i % 12, 9) for i in range(100)}
    assert hazard(old_cars(many))[150] > 1.5 * PUBLISHED[150]


def test_leaving_told_for_a_day_to_come_is_no_leaving_yet() -> None:
    later = {0: date(2023, 1, 9), 1: date(2026, 12, 1)}
    assert hazard(old_cars(later)) == pytest.approx(hazard(old_cars({0: date(2023, 1, 9)})), rel=1e-9)


def test_loyalty_counts_only_the_vehicles_that_survival_leaves_on_the_road() -> None:
    visits = [line(i, "A", date(2026, 3, 3), vin=f"VIN{i}") for i in range(60)]
    cars = [car(i, registered=date(2010, 1, 9)) for i in range(200)]
    untold = snapshot_of(AS_OF, vehicles=cars, demand_lines=visits)
    told = snapshot_of(AS_OF, vehicles=[*cars[:-1], car(199, registered=date(2010, 1, 9), left=date(2026, 6, 1))],
                       demand_lines=visits)  # fmt: skip
    shares = []
    for books in (untold, told):
        seen = visits_of(books, ("S01",), ("M1",), (), NOW)
        shares.append(loyalty_of(seen, PUBLISHED[None, :], 1, NOW, 1.0)[0, 15])
    assert shares[1] == pytest.approx(60 / 199, abs=0.03)  # those that left would be told: the rest stays away
    assert shares[0] > 2 * shares[1]  # at sixteen years six in ten are scrapped: most that are left came


def test_a_line_knows_how_long_its_part_was_to_be_had_in_its_month() -> None:
    panel = [("A", "S01", "2026-04", 1000, 400_000), ("A", "S01", "2026-05", 1000, 0)]
    lines = [line(1, "A", date(2026, 4, 9)), line(2, "A", date(2026, 5, 9)), line(3, "B", date(2026, 4, 9))]
    books = snapshot_of(AS_OF, demand_panel=panel, demand_lines=lines)
    axis = PeriodAxis(PeriodKind.MONTH, 2026 * 12 + 3, 3)
    cells = lay_out(books.demand_panel, periods_of(books.demand_panel["period"])[0], axis)
    # What was sold in a month without any is proof that it could be had; of what the panel lacks nothing else is known.
    assert availability_of_lines(books.demand_lines, cells, axis).tolist() == [0.4, 1.0, 1.0]
