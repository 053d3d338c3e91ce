"""Value at risk: the chance of never again by own survival, from frames, whatever the order of the rows."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from inventory.idle_columns import AskedDays, OnShelf, days_of
from inventory.supersession import lineage_of
from planning.surplus.chances import chances_of, share_e4
from planning.surplus.obsolescence import obsolescence_of
from tests.planning.books import frame

AS_OF = date(2026, 6, 30)
FIRST = date(2022, 7, 1)


def requests(rows: list[tuple[str, str, date]], category: str = "wear") -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["store", "part_no", "asked_on"]).assign(category=category)
    return table.assign(asked_on=pd.to_datetime(table["asked_on"]))


def shelf(*rows: tuple[str, str, int], on_sale: date | None = None) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["store", "part_no", "value_e4"])
    return table.assign(
        name="", category="wear", supplier="GPC", on_hand_milli=1000,
        on_sale_from=pd.to_datetime(pd.Series([on_sale] * len(rows))),
    )  # fmt: skip


def made_record(parts: int = 400, dying: float = 0.2) -> pd.DataFrame:
    """Parts asked for every 100 days in the mean; after each request a fifth is never asked for again."""
    chance = np.random.default_rng(5)
    rows = []
    for number in range(parts):
        day = FIRST + timedelta(days=int(chance.integers(0, 300)))
        while day <= AS_OF:
            rows.append(("S01", f"R{number}", day))
            if chance.random() < dying:
                break
            day += timedelta(days=1 + int(chance.exponential(100)))
    return requests(rows)


NONE = frame("supersessions", [])


def cells(items: pd.DataFrame, part_no: str) -> dict[str, int]:
    """Return the whole numbers of a part's row."""
    (row,) = items[items["part_no"] == part_no].to_dict("records")
    return {str(name): int(value) for name, value in row.items() if isinstance(value, int)}


def test_the_chance_is_the_share_of_such_silences_that_never_ended() -> None:
    silent = [(f"A{days}", days) for days in (0, 100, 400)]
    asked = pd.concat(
        [made_record(), requests([("S01", part_no, AS_OF - timedelta(days=days)) for part_no, days in silent])]
    )
    stock = shelf(*(("S01", part_no, 100_0000) for part_no, _ in silent))
    items = obsolescence_of(asked, stock, NONE, AS_OF).items
    for part_no, days in silent:
        truth = 0.2 / (0.2 + 0.8 * np.exp(-days / 100))
        row = cells(items, part_no)
        assert row["low_ppm"] / 1e6 < truth < row["high_ppm"] / 1e6
        assert row["silent_days"] == days
        assert row["at_risk_e4"] == share_e4(100_0000, row["never_again_ppm"])
    assert items["at_risk_e4"].is_monotonic_decreasing


def test_any_order_of_rows_gives_the_same_bytes() -> None:
    asked = made_record(150)
    stock = shelf(*(("S01", f"R{number}", 10_000 + number) for number in range(150)))
    told = obsolescence_of(asked, stock, NONE, AS_OF)
    shuffled = obsolescence_of(
        asked.sample(frac=1, random_state=1), stock.sample(frac=1, random_state=2).reset_index(drop=True), NONE, AS_OF
    )
    pd.testing.assert_frame_equal(told.items, shuffled.items)
    pd.testing.assert_frame_equal(told.curves, shuffled.curves)


def test_stock_that_may_not_be_used_any_more_is_lost_whole_and_what_may_be_lives_as_its_successor() -> None:
    asked = pd.concat([made_record(), requests([("S01", "NEW", AS_OF), ("S01", "GONE", AS_OF)])])
    supersessions = frame(
        "supersessions",
        [("OLD", "NEW", FIRST, 1000, "use_up_first"), ("GONE", "NEW", date(2026, 1, 1), 1000, "replaces")],
    )
    stock = shelf(("S01", "OLD", 50_0000), ("S01", "GONE", 20_0000))
    items = obsolescence_of(asked, stock, supersessions, AS_OF).items
    gone, old = cells(items, "GONE"), cells(items, "OLD")
    assert (gone["never_again_ppm"], gone["at_risk_e4"]) == (1_000_000, 20_0000)
    assert old["silent_days"] == 0
    assert old["never_again_ppm"] < 300_000
    assert dict(zip(items["part_no"], items["basis"], strict=True))["GONE"] == "superseded"


def test_what_nobody_ever_asked_for_is_silent_since_the_record_began_or_since_it_was_on_sale() -> None:
    asked, start = made_record(), date(2026, 4, 1)
    for on_sale, since in ((None, asked["asked_on"].min().date()), (start, start)):
        items = obsolescence_of(asked, shelf(("S01", "X", 1), on_sale=on_sale), NONE, AS_OF).items
        columns = ("movement_class", "last_asked_on", "silent_days")
        assert [items[name].tolist() for name in columns] == [["never"], [None], [(AS_OF - since).days]]


def test_a_store_with_few_silences_is_judged_by_those_of_the_others() -> None:
    asked = pd.concat([made_record(), requests([("S02", "Y", AS_OF - timedelta(days=200))])])
    items = obsolescence_of(asked, shelf(("S01", "R1", 1), ("S02", "Y", 1)), NONE, AS_OF).items
    assert dict(zip(items["part_no"], items["basis"], strict=True))["Y"] in ("all-stores", "all-parts")
    assert cells(items, "Y")["silences"] >= 30


def test_without_any_request_nothing_is_known() -> None:
    found = cells(obsolescence_of(requests([]), shelf(("S01", "X", 9)), NONE, AS_OF).items, "X")
    assert (found["low_ppm"], found["high_ppm"]) == (0, 1_000_000)


@pytest.mark.parametrize(("value", "share", "part"), [(1, 500_000, 1), (1, 499_999, 0), (3, 333_333, 1), (-1, 0, 0)])
def test_a_share_of_money_is_rounded_half_up(value: int, share: int, part: int) -> None:
    assert share_e4(value, share) == part


def test_columns_in_any_order_with_days_told_twice_say_what_frames_say() -> None:
    asked, replaced = made_record(60), [("R1", "R2", date(2026, 1, 1), 1000, "use_up_first")]
    keys = [("S01", f"R{number}") for number in (7, 1, 59, 3)] + [("S01", "NEW")]
    items = obsolescence_of(
        asked,
        shelf(*((*key, 12_3456) for key in keys), on_sale=date(2025, 3, 1)),
        frame("supersessions", [("R1", "R2", "2026-01-01", 1000, "use_up_first")]),
        AS_OF,
    ).items
    rows = list(zip(asked["store"], asked["part_no"], asked["asked_on"].dt.date, strict=True))
    stores, part_nos, days = zip(*reversed(rows + rows[:9]), strict=True)
    requests_made = AskedDays(stores, part_nos, days_of([str(day) for day in days]), dict.fromkeys(part_nos, "wear"))
    value = np.full(len(keys), 12_3456)
    on_sale = days_of(["2025-03-01"] * len(keys))
    on_shelf = OnShelf([store for store, _ in keys], [part_no for _, part_no in keys], value, on_sale)
    told = chances_of(requests_made, on_shelf, lineage_of(replaced, AS_OF), AS_OF)
    for at, (_, part_no) in enumerate(keys):
        of = cells(items, part_no)
        assert of["never_again_ppm"] == told.never_again_ppm[at]
        assert (of["at_risk_e4"], of["silent_days"]) == (told.at_risk_e4[at], told.silent_days[at])
