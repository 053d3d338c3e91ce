"""Small moves of a level wait, large ones and those a goal or a person wants are made; each says so."""

from datetime import date

import pytest

from inventory.snapshot import Snapshot
from planning.lines import Workings, levels_of
from planning.notes import notes_of
from planning.run import work_out
from planning.settings import Settings
from reporting.reasons import line_row, line_sentence
from tests.planning.books import small_dealership, small_forecast

LAST = date(2026, 6, 29)
KEY = ("S01", "00195040")


def worked(snapshot: Snapshot, **planning: object) -> Workings:
    settings = Settings.from_mapping({"planning": planning})
    return work_out(snapshot, settings, small_forecast())


@pytest.fixture(scope="module")
def free() -> Workings:
    return worked(small_dealership())


def after(free: Workings, moved: int, price: float = 1.0) -> Snapshot:
    """The books after a plan whose levels were so many units away from today's, at a price of money so much higher."""
    items, (goal,) = free.items, free.targets.goals
    return small_dealership(
        last_levels=[
            (*pair, "R1", LAST, int(max(level + moved, 0)) * 1000, round(goal.price_per_line_e4 * price))
            for pair, level in zip(
                zip(items.store, items.part_no, strict=True), free.targets.level.tolist(), strict=True
            )
        ]
    )


def test_a_level_stays_where_a_year_of_the_move_saves_less_than_handling_a_line(free: Workings) -> None:
    workings = worked(after(free, +1), dead_band_worth=1000)
    held = workings.last.is_held
    assert held[[pair == KEY for pair in zip(free.items.store, free.items.part_no, strict=True)]].all()
    assert (workings.targets.level[held] == free.targets.level[held] + 1).all()
    assert "held" in {note.kind for note in notes_of(workings)}
    line = next(level.line for level in levels_of(workings) if (level.line.store, level.line.part_no) == KEY)
    assert "the target stays as in the last plan: moving it to 16 would save too little" in line_sentence(
        line_row(line), "en"
    )


@pytest.mark.parametrize(
    ("moved", "price", "settings", "reason"),
    [
        (+1, 1.0, {"dead_band_worth": 0}, "nothing is too little to save"),
        (+1, 1.0, {"dead_band": 0.0}, "there is no band"),
        (+9, 1.0, {"dead_band_worth": 1000}, "the move is large"),
        (+1, 1.5, {"dead_band_worth": 1000}, "another goal moves every level"),
    ],
)
def test_a_level_moves(free: Workings, moved: int, price: float, settings: dict[str, object], reason: str) -> None:
    workings = worked(after(free, moved, price), **settings)
    assert (workings.targets.level == free.targets.level).all(), reason


def test_a_floor_is_never_undercut_by_the_band(free: Workings) -> None:
    workings = worked(after(free, -1), dead_band_worth=1000)
    assert (workings.targets.level >= workings.targets.floor).all()


def test_what_comes_onto_the_shelf_or_leaves_it_is_not_held_up(free: Workings) -> None:
    workings = worked(after(free, -99), dead_band=1.0, dead_band_worth=1_000_000)
    assert (workings.targets.level == free.targets.level).all()


def test_planning_the_same_day_again_keeps_every_level(free: Workings) -> None:
    first = worked(after(free, +1))
    assert (worked(after(free, +1)).targets.level == first.targets.level).all()
