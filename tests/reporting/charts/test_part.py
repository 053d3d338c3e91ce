"""The chart of a part shows what was asked for, what the shelf lacked, the law ahead and what came."""

from dataclasses import replace
from xml.etree import ElementTree as Tree

import numpy as np
import pytest

from demand.history import Observation
from planning.explaining.part_picture import FAN, PartPicture
from reporting.charts import drawing
from reporting.charts.part import lead_time_sentence, part_drawing

PICTURE = PartPicture(
    part_no="00195040",
    name="Oil filter <A> 机油滤清器",
    store="S01",
    basis="vehicles-and-calls",
    labels=("2026-01", "2026-02", "2026-03", "2026-04", "2026-05"),
    known=3,
    asked=np.array([4.0, 0.0, 6.0, 5.0]),
    not_on_shelf=np.array([0.0, 0.0, 2.0, 0.0]),
    availability=np.array([1.0, 0.0, 0.5, 1.0]),
    observation=np.array([Observation.SEEN, Observation.OUT_OF_STOCK, *[Observation.SEEN] * 2], dtype=np.uint8),
    fan=np.tile(np.arange(7.0), (2, 1)),
    lead_time=2,
    lead_mean=6.04,
    lead_levels=(6.0, 8.0, 10.0, 12.0),
    lead_came=None,
)


def elements(picture: PartPicture, tag: str, **wanted: str) -> list[Tree.Element]:
    root = Tree.fromstring(part_drawing(picture, "en"))  # noqa: S314 - our own
    found = root.iter(f"{{http://www.w3.org/2000/svg}}{tag}")
    return [node for node in found if all(node.get(name) == value for name, value in wanted.items())]


def test_the_fan_has_three_intervals_in_each_period_ahead() -> None:
    assert len(FAN) == PICTURE.fan.shape[1]
    assert len(elements(PICTURE, "rect", fill="#7a9dc0")) == 2 + 1  # the legend's
    assert len(elements(PICTURE, "rect", fill="#dfe7ef")) == 2 + 1


def test_what_the_shelf_lacked_is_hatched_and_what_came_is_a_dot() -> None:
    assert len(elements(PICTURE, "rect", fill=drawing.HATCH)) == 1 + 1
    assert len(elements(PICTURE, "circle")) == 1 + 1
    nothing_since = replace(
        PICTURE,
        asked=PICTURE.asked[:3],
        not_on_shelf=np.zeros(3),
        availability=np.ones(3),
        observation=PICTURE.observation[:3],
    )
    assert not elements(nothing_since, "circle")
    assert not elements(nothing_since, "rect", fill=drawing.HATCH)


def test_a_strip_is_dark_for_the_share_of_a_period_without_stock() -> None:
    dark = [float(node.get("width", "0")) for node in elements(PICTURE, "rect", fill=drawing.INK)]
    assert dark[0] == pytest.approx(2 * dark[1], abs=0.02)
    assert len(dark) == 2


def test_periods_of_which_nothing_is_known_are_hatched_finely() -> None:
    unseen = PICTURE.observation.copy()
    unseen[0] = Observation.BEFORE_LAUNCH
    assert len(elements(replace(PICTURE, observation=unseen), "rect", fill=drawing.THIN_HATCH)) == 1 + 1


@pytest.mark.parametrize(("language", "told"), [("en", "forecast"), ("zh", "预测")])
def test_the_same_picture_is_drawn_alike_in_both_languages(language: str, told: str) -> None:
    assert part_drawing(PICTURE, language) == part_drawing(PICTURE, language)
    assert told in part_drawing(PICTURE, language)
    assert "nan" not in part_drawing(PICTURE, language)


def test_what_came_over_the_lead_time_is_said_once_it_is_over() -> None:
    assert "came" not in lead_time_sentence(PICTURE, "en")
    assert lead_time_sentence(replace(PICTURE, lead_came=7.0), "en").endswith("; 7 came")
    assert "95 %" in lead_time_sentence(PICTURE, "zh")


def test_a_part_never_asked_for_has_a_chart_too() -> None:
    empty = replace(PICTURE, asked=np.zeros(4), not_on_shelf=np.zeros(4), fan=np.zeros((2, 7)), lead_mean=0.0)
    assert Tree.fromstring(part_drawing(empty, "zh")) is not None  # noqa: S314 - our own
