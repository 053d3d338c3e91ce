"""Put away, put right, or thrown away: the shelf's small documents move what is there, at its value, with a reason."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from inventory.books.movements import Place, PlaceKind
from inventory.counter.adjustment import AdjustRequest, adjust
from inventory.counter.put_away import MoveRequest, put_away
from inventory.counter.scrapping import ScrapRequest, scrap
from tests.inventory.counter.made_counter import number, places, refused, worth, written
from tests.inventory.made_books import STORE, moved, posted, stocked, with_parts

MOVE = MoveRequest(STORE, "P1", "A", "B")
ADJUST = AdjustRequest(STORE, "P1", "A", -1000, "fell off the lift")
SCRAP = ScrapRequest(STORE, "P1", 2000, "rusty")


@pytest.fixture
def books(engine: sa.Engine) -> sa.Engine:
    """Four P1 at ten in bin A; two at sixteen on the dock and one in quarantine, both of order PO1."""
    with_parts(engine, {"P1": 10, "P2": 7})
    stocked(engine, [(STORE, "P1", "A", 4, 10, "")])
    supplier = Place(PlaceKind.SUPPLIER, "GPC")
    dock, quarantine = Place(PlaceKind.DOCK, "PO1"), Place(PlaceKind.QUARANTINE, "PO1")
    posted(engine, "R1", moved(supplier, dock, 2, 32), moved(supplier, quarantine, 1, 16))
    return engine


def test_put_away_changes_the_place_and_not_the_worth(books: sa.Engine) -> None:
    written(books, put_away, replace(MOVE, quantity_milli=1000))
    assert places(books, store=STORE) == {"bin/A": 3, "bin/B": 1, "dock/PO1": 2, "quarantine/PO1": 1}
    assert worth(books, "bin") == 40
    written(books, put_away, MOVE)
    assert places(books, store=STORE) == {"bin/B": 4, "dock/PO1": 2, "quarantine/PO1": 1}


def test_goods_come_from_the_dock_at_the_value_they_were_received_at(books: sa.Engine) -> None:
    written(books, put_away, replace(MOVE, source="dock/PO1", quantity_milli=1000))
    assert (worth(books, "bin"), worth(books, "dock")) == (56, 16)
    written(books, put_away, replace(MOVE, source="dock/PO1"))
    assert places(books, store=STORE) == {"bin/A": 4, "bin/B": 2, "quarantine/PO1": 1}
    assert (worth(books, "bin"), worth(books, "dock")) == (72, 0)


NOT_MOVED: list[tuple[MoveRequest, tuple[str, bool]]] = [
    (replace(MOVE, quantity_milli=5000), ("quantity", True)),
    (replace(MOVE, source="quarantine/PO1", quantity_milli=1000), ("quantity", True)),
    (replace(MOVE, source="C"), ("quantity", False)),
    (replace(MOVE, target="A"), ("to", False)),
    (replace(MOVE, part_no="P9", quantity_milli=1), ("part", False)),
]


def test_what_is_not_there_is_not_put_away(books: sa.Engine) -> None:
    for asked, answer in NOT_MOVED:
        assert refused(written(books, put_away, asked)) == [answer]


def test_what_is_missing_takes_its_share_and_what_is_found_brings_one(books: sa.Engine) -> None:
    written(books, adjust, ADJUST)
    assert (worth(books, "bin"), worth(books, "count-difference")) == (30, 10)
    written(books, adjust, replace(ADJUST, difference_milli=2000, reason="found behind the rack"))
    assert worth(books, "bin") == 50, "at the moving average"
    written(books, adjust, replace(ADJUST, difference_milli=1000, unit_cost_e4=25_0000))
    assert worth(books, "bin") == 75, "at the cost given"
    written(books, adjust, replace(ADJUST, part_no="P2", difference_milli=3000))
    assert worth(books, "bin", "P2") == 21, "at the catalogue's cost"


NOT_ADJUSTED: list[tuple[AdjustRequest, tuple[str, bool]]] = [
    (replace(ADJUST, difference_milli=-5000), ("quantity", True)),
    (replace(ADJUST, bin_name="B"), ("quantity", True)),
    (replace(ADJUST, difference_milli=0), ("quantity", False)),
    (replace(ADJUST, reason=" "), ("reason", False)),
    (replace(ADJUST, unit_cost_e4=1), ("unit-cost", False)),
    (replace(ADJUST, difference_milli=1000, unit_cost_e4=-1), ("unit-cost", False)),
    (replace(ADJUST, store=""), ("store", False)),
]


def test_an_adjustment_has_a_reason_and_takes_no_more_than_there_is(books: sa.Engine) -> None:
    for asked, answer in NOT_ADJUSTED:
        assert refused(written(books, adjust, asked)) == [answer]


def test_scrap_leaves_the_books_at_its_value(books: sa.Engine) -> None:
    written(books, scrap, SCRAP)
    assert (places(books, store=STORE)["bin/A"], worth(books, "bin"), worth(books, "scrap")) == (2, 20, 20)
    written(books, scrap, replace(SCRAP, quantity_milli=1000, place="quarantine/PO1"))
    assert (worth(books, "quarantine"), worth(books, "scrap")) == (0, 36)
    written(books, scrap, replace(SCRAP, place="A"))
    assert places(books, store=STORE) == {"dock/PO1": 2}


NOT_SCRAPPED: list[tuple[ScrapRequest, tuple[str, bool]]] = [
    (replace(SCRAP, quantity_milli=5000), ("quantity", True)),
    (replace(SCRAP, place="B"), ("quantity", True)),
    (replace(SCRAP, place="quarantine/PO1"), ("quantity", True)),
    (replace(SCRAP, reason=""), ("reason", False)),
    (replace(SCRAP, quantity_milli=-1000), ("quantity", False)),
]


def test_scrap_has_a_reason_and_takes_no_more_than_there_is(books: sa.Engine) -> None:
    for asked, answer in NOT_SCRAPPED:
        assert refused(written(books, scrap, asked)) == [answer]


def test_each_told_twice_under_one_key_happens_once(books: sa.Engine) -> None:
    for verb, asked in ((put_away, replace(MOVE, quantity_milli=1000)), (adjust, ADJUST), (scrap, SCRAP)):
        first = written(books, verb, asked, key=verb.__name__)
        assert number(written(books, verb, asked, key=verb.__name__)) == number(first)
    assert worth(books, "bin") == 10
