"""What each step adds: by what was known then, on the same items, what people set among it."""

from datetime import date

import pytest

from planning.explaining.backtest import Asked
from planning.explaining.value_added import Step, value_added
from planning.settings import Settings
from reporting.value_tables import value_table
from tests.planning.books import small_dealership
from tests.planning.preparing.test_overrides import wish

ASKED = Asked(1, 2, 1)


def silent(_step: str) -> None:
    """Hear no progress."""


def test_every_step_is_judged_on_the_same_items_and_nobody_set_anything() -> None:
    found = value_added(small_dealership(), Settings(), ASKED, silent)
    assert list(found.every) == list(Step)
    assert {(sums.rows, sums.demand) for sums in found.every.values()} == {
        (16, found.every[Step.NAIVE].demand),
    }
    assert found.every[Step.OVERRIDE].service_loss == found.every[Step.EVENTS].service_loss
    assert {sums.rows for sums in found.touched.values()} == {0}
    assert len(value_table(found, "json", "en").rows) == len(Step)


def test_what_people_set_is_judged_by_itself_as_it_stood_then() -> None:
    known = wish(
        1, factor=9_000_000, first="2026-05", last="2026-05", set_on=date(2026, 4, 1), expires=date(2026, 5, 9)
    )
    later = wish(2, factor=9_000_000, first="2026-06", last="2026-06", set_on=date(2026, 6, 5))
    found = value_added(small_dealership(overrides=[known, later]), Settings(), ASKED, silent)
    assert found.origins == ("2026-04", "2026-05")
    assert {sums.rows for sums in found.touched.values()} == {1}
    assert found.touched[Step.OVERRIDE].service_loss > found.touched[Step.EVENTS].service_loss
    table = value_table(found, "table", "zh")
    assert len(table.rows) == 2 * len(Step)
    added = [row["value_added_ppm"] for row in table.rows[: len(Step)]]
    loss = [row["service_loss_ppm"] for row in table.rows[: len(Step)]]
    assert added[0] is None
    assert loss[0] - sum(added[1:]) == pytest.approx(loss[-1], abs=1)  # type: ignore[operator, arg-type]
