"""What nobody told of a part is told by its kin, and what somebody told stands."""

from datetime import date

import pandas as pd
import pytest

from demand.periods import PeriodKind
from forecasting.forecast import ForecastSettings
from forecasting.kinship import kinds_of
from inventory.snapshot import Snapshot
from planning.preparing.kin import told_by_kin
from planning.preparing.prepare import forecast_of_prepared, prepare
from tests.planning.books import AS_OF, part, snapshot_of
from tests.planning.preparing.test_dues import books

Row = tuple[object, ...]


def named(part_no: str, name: str, category: str = "") -> Row:
    return (part_no, name, category, *part(part_no, 5.0)[3:])


PARTS = [
    named("F1", "Oil filter E16 机油滤清器", "maintenance"),
    named("F2", "Oil filter E20 机油滤清器", "maintenance"),
    named("W1", "Wiper blade 雨刮片", "wear"),
    named("NEW1", "机油滤清器"),
    named("NEW2", "NX1机油滤清器(国产)", "repair"),
    named("NEW3", "Oil filter"),
    named("NEW4", "雨刮片"),
    named("NEW5", "Gadget"),
]
FITMENTS = [
    ("F1", "M1", 0, 9999, 1000, 7500, 12),
    ("F2", "M2", 0, 9999, 1000, 10000, None),
    ("F2", "M3", 0, 9999, 1000, 10000, None),
    ("NEW1", "M1", 0, 9999, 1000, None, None),
    ("NEW1", "M9", 0, 9999, 1000, None, None),
    ("NEW2", "M9", 0, 9999, 1000, None, None),
    ("NEW3", "M8", 0, 9999, 1000, 5000, None),
    ("NEW3", "M9", 0, 9999, 1000, None, None),
    ("NEW4", "M9", 0, 9999, 1000, None, None),
    ("W1", "M1", 0, 9999, 1000, None, None),
]


def told() -> Snapshot:
    snapshot = snapshot_of(AS_OF, parts=PARTS, fitments=FITMENTS)
    parts = snapshot.parts
    kinds = kinds_of(parts["name"].tolist(), parts["part_no"].tolist())
    return told_by_kin(snapshot, pd.Series(kinds, index=parts["part_no"]))


def test_a_category_nobody_told_is_that_of_its_kind_in_whatever_script_it_is_named() -> None:
    category = told().parts.set_index("part_no")["category"]
    assert category[["NEW1", "NEW3", "NEW4"]].tolist() == ["maintenance", "maintenance", "wear"]
    assert category["NEW2"] == "repair"  # it was told
    assert category["NEW5"] == ""  # it has no kin


def test_where_nobody_told_anything_of_any_part_nothing_is_made_up() -> None:
    snapshot = snapshot_of(AS_OF, parts=[named("F1", "Oil filter"), named("F2", "Oil filter")])
    found = told_by_kin(snapshot, pd.Series(["oil filter"] * 2, index=["F1", "F2"]))
    assert found.parts["category"].tolist() == ["", ""]
    assert found.fitments.empty


@pytest.mark.parametrize(
    ("part_no", "model", "interval"),
    [
        ("NEW1", "M1", [7500, 12]),  # its kind's on this model
        ("NEW1", "M9", [10000, None]),  # its kind's usual one
        ("NEW2", "M9", [None, None]),  # its category was told: no kin in it has one
        ("NEW3", "M9", [None, None]),  # the part has one of its own
        ("NEW4", "M9", [None, None]),  # its kind has none
        ("F1", "M1", [7500, 12]),
    ],
)
def test_an_interval_nobody_told_is_that_of_its_kind(part_no: str, model: str, interval: list[int | None]) -> None:
    rows = told().fitments
    row = rows[(rows["part_no"] == part_no) & (rows["model"] == model)].iloc[0]
    assert [None if pd.isna(row[name]) else int(row[name]) for name in ("interval_km", "interval_months")] == interval


def test_a_new_model_s_filter_with_a_name_and_a_fitment_alone_is_needed_at_its_services() -> None:
    rows = books(2, apart=1.5)
    rows["vehicles"] += [(f"NEW{i:03d}", "M9", "S01", date(2026, 3, 10), None, "petrol") for i in range(100)]
    full = [*rows["parts"], named("NEW", "Oil filter M9", "maintenance")]
    bare = [*rows["parts"], named("NEW", "Oil filter M9")]
    with_interval, without = (
        forecast_of_prepared(
            prepare(
                snapshot_of(AS_OF, **(rows | {"parts": parts, "fitments": [*rows["fitments"], fitment]})),
                PeriodKind.MONTH,
                ForecastSettings(),
            ),
            ForecastSettings(),
        )
        for parts, fitment in (
            (full, ("NEW", "M9", 0, 9999, 1000, 5000, 6)),
            (bare, ("NEW", "M9", 0, 9999, 1000, None, None)),
        )
    )
    row = without.part_no.index("NEW")
    assert without.mean[row].sum() > 1
    assert without.mean[row].tolist() == with_interval.mean[row].tolist()
