"""The picture of a part: what was asked for, what the shelf lacked, and what came after an earlier origin."""

from datetime import date

import pytest

from planning.explaining.part_picture import LEAD_TIME_SHARES, part_picture
from planning.settings import Settings
from tests.planning.books import AS_OF, part, small_dealership, snapshot_of
from tests.planning.preparing.test_prepare import line


def test_after_an_earlier_origin_the_picture_tells_what_came() -> None:
    found = part_picture(small_dealership(), Settings(), "7701", "S01", "2026-02", 2, 12)
    assert (found.known, found.labels[11], found.labels[12]) == (12, "2026-02", "2026-03")
    assert found.asked.size == 12 + 4
    assert found.lead_came == found.asked[12:14].sum()
    assert found.fan.shape == (Settings().forecast.horizon, 7)
    assert (found.fan[:, 1:] >= found.fan[:, :-1]).all()
    assert list(found.lead_levels) == sorted(found.lead_levels)
    assert len(found.lead_levels) == len(LEAD_TIME_SHARES)


def test_today_s_forecast_has_nothing_to_be_held_against_yet() -> None:
    found = part_picture(small_dealership(), Settings(), "7701", "S01", None, 2, 6)
    assert (found.known, found.asked.size, found.lead_came) == (6, 6, None)
    assert found.labels[5:7] == ("2026-06", "2026-07")


def test_what_the_shelf_did_not_give_is_a_share_of_what_was_asked_under_all_its_numbers() -> None:
    lines = [
        line(1, "OLD", date(2026, 4, 3), 2, outcome="urgent"),
        line(2, "A", date(2026, 4, 9), 3),
        line(3, "A", date(2026, 5, 9), 1, outcome="lost"),
        line(4, "A", date(2026, 5, 9), 5, outcome="cancelled"),
    ]
    books = snapshot_of(
        AS_OF,
        parts=[part("A", 1.0)],
        demand_lines=lines,
        supersessions=[("OLD", "A", date(2026, 1, 1), 1000, "replaces")],
    )
    found = part_picture(books, Settings(), "A", "S01", None, 1, 12)
    assert found.labels[:3] == ("2026-04", "2026-05", "2026-06")
    assert found.asked.tolist() == [5, 1, 0]
    assert found.not_on_shelf.tolist() == [2, 1, 0]


@pytest.mark.parametrize(("number", "origin"), [("NOSUCH", None), ("7701", "2031-01"), ("7701", "2001-01")])
def test_what_can_t_be_drawn_is_said(number: str, origin: str | None) -> None:
    with pytest.raises(ValueError, match=r"no forecast of part|an origin is a period"):
        part_picture(small_dealership(), Settings(), number, "S01", origin, 2, 12)
