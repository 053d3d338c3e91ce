"""What people set, laid over a forecast: the month's total is theirs, the law keeps its shape, it ends by itself."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from demand.periods import PeriodKind
from forecasting.forecast import Forecast
from forecasting.lead_time import law_over_periods
from inventory.snapshot import Snapshot
from planning.explaining.explanation import explain
from planning.preparing.earlier import as_known_on
from planning.preparing.overrides import overridden, set_facts
from planning.preparing.prepare import forecast_of, forecast_of_prepared, prepare
from planning.run import plan
from planning.settings import PlanningSettings, Settings
from reporting.explanation import explanation_sentence, factors_table
from reporting.reasons import line_row, line_sentence
from tests.planning.books import AS_OF, small_dealership

Row = tuple[object, ...]


def wish(number: int, part_no: str = "7701", **more: Any) -> Row:
    return (
        number, more.get("store", "S01"), part_no, more.get("family", ""), more.get("first", "2026-07"),
        more.get("last", "2026-07"), more.get("amount"), more.get("factor"), "fleet visit",
        more.get("set_on", AS_OF), more.get("expires", date(2026, 7, 31)), "ann", more.get("withdrawn"),
    )  # fmt: skip


def books(*rows: Row, kind: PeriodKind = PeriodKind.MONTH) -> Snapshot:
    return small_dealership(kind, overrides=list(rows))


def units(found: Forecast, part_no: str = "7701", store: str = "S01") -> list[float]:
    row = list(zip(found.part_no, found.store, strict=True)).index((part_no, store))
    return [float(each) for each in found.mean[row] * found.unit_milli[row] / 1000]


PLAIN = forecast_of(books(), Settings())


@pytest.mark.parametrize("amount", [0, 1_000, 40_000, 7_500_000])
def test_an_amount_is_the_month_s_and_leaves_the_others_alone(amount: int) -> None:
    found = units(forecast_of(books(wish(1, amount=amount)), Settings()))
    assert found[0] == pytest.approx(amount / 1000)
    assert found[1:] == units(PLAIN)[1:]
    others = forecast_of(books(wish(1, amount=amount)), Settings())
    assert units(others, "7701", "S02") == units(PLAIN, "7701", "S02")


def test_a_factor_moves_the_law_and_keeps_its_shape() -> None:
    found = forecast_of(books(wish(1, factor=2_000_000, last="2026-12")), Settings())
    row = found.part_no.index("7701")
    law, plain = law_over_periods(found, 2), law_over_periods(PLAIN, 2)
    assert law.mean()[row] == pytest.approx(2 * plain.mean()[row])
    assert law.quantile(0.95)[row] > plain.quantile(0.95)[row]
    assert found.shape[row] == PLAIN.shape[row]


def test_of_two_for_the_same_month_the_later_holds_and_a_part_s_over_its_family_s() -> None:
    later = books(wish(1, amount=10_000), wish(2, amount=20_000), wish(3, "", family="wear", factor=3_000_000))
    found = forecast_of(later, Settings())
    assert units(found)[0] == pytest.approx(20)
    assert units(found, "BRK-1")[0] == pytest.approx(3 * units(PLAIN, "BRK-1")[0])


def test_an_amount_of_a_family_is_shared_out_as_its_parts_are_expected() -> None:
    found = forecast_of(books(wish(1, "", family="wear", amount=500_000)), Settings())
    here = [(p, s) for p, s in zip(found.part_no, found.store, strict=True) if s == "S01"]
    shares = [units(found, *item)[0] / units(PLAIN, *item)[0] for item in here]
    assert sum(units(found, *item)[0] for item in here) == pytest.approx(500)
    assert shares == pytest.approx([shares[0]] * len(shares))


@pytest.mark.parametrize(
    "change",
    [{"expires": date(2026, 6, 29)}, {"set_on": date(2026, 7, 1)}, {"withdrawn": AS_OF}, {"store": "S77"}],
)
def test_what_has_ended_has_not_begun_or_is_of_elsewhere_changes_nothing(change: dict[str, Any]) -> None:
    assert units(forecast_of(books(wish(1, amount=99_000, **change)), Settings())) == units(PLAIN)


def test_an_earlier_day_knows_what_was_set_then_and_not_what_was_withdrawn_since() -> None:
    early: dict[str, Any] = {
        "set_on": date(2026, 3, 1),
        "expires": date(2026, 5, 31),
        "first": "2026-05",
        "last": "2026-05",
    }
    snapshot = books(wish(1, amount=50_000, withdrawn=date(2026, 5, 2), **early), wish(2, amount=1_000, set_on=AS_OF))
    then = forecast_of(as_known_on(snapshot, date(2026, 4, 30)), Settings())
    assert units(then)[0] == pytest.approx(50)
    after = forecast_of(as_known_on(snapshot, date(2026, 5, 31)), Settings())
    assert after.adjusted is None


def test_where_nothing_is_expected_an_amount_is_calls_of_its_own() -> None:
    snapshot = books(wish(1, "7701", amount=6_000))
    nothing = PLAIN.take(np.array([PLAIN.part_no.index("7701")]))
    silent = overridden(_silenced(nothing), snapshot)
    assert units(silent)[0] == pytest.approx(6)
    assert law_over_periods(silent, 1).mean()[0] == pytest.approx(6, rel=1e-6)
    assert units(silent)[1:] == [0] * (len(units(silent)) - 1)


def _silenced(found: Forecast) -> Forecast:
    return replace(found, exposure=replace(found.exposure, need=np.zeros(found.exposure.need.shape)))


@given(amount=some.integers(0, 10**8))
@settings(max_examples=20)
def test_weeks_take_of_a_month_the_share_of_their_days(amount: int) -> None:
    found = overridden(WEEKS, books(wish(1, amount=amount), kind=PeriodKind.WEEK))
    in_july = [sum((day + timedelta(days=i)).month == 7 for i in range(7)) / 7 for day in found.axis.first_days()[:-1]]
    assert sum(in_july) * 7 == 31
    kept = np.array(units(WEEKS)) * (1 - np.array(in_july))
    assert (np.array(units(found)) - kept).sum() == pytest.approx(amount / 1000, abs=1e-6)


WEEKS = forecast_of(
    small_dealership(PeriodKind.WEEK), Settings(planning=PlanningSettings(period=PeriodKind.WEEK.value))
)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_explanation_and_plan_say_who_set_it_why_and_until_when(language: str) -> None:
    snapshot = books(wish(1, amount=90_000))
    settings = Settings()
    ready = prepare(snapshot, PeriodKind.MONTH, settings.forecast)
    found = overridden(forecast_of_prepared(ready, settings.forecast), snapshot)
    item = found.part_no.index("7701")
    one = explain(ready, found, item, 2, set_facts(found, snapshot)[item])
    assert one.forecast == pytest.approx(90)
    assert sum(step.adds_e9 for step in one.steps if step.adds_e9 is not None) == one.forecast_e9
    assert all(told in explanation_sentence(one, language) for told in ("ann", "fleet visit", "2026-07-31"))
    lines = [line for proposal in plan(snapshot, settings).proposals for line in proposal.lines]
    (mine,) = [line for line in lines if (line.part_no, line.store) == ("7701", "S01")][:1]
    assert all(told in line_sentence(line_row(mine), language) for told in ("ann", "fleet visit", "2026-07-31"))
    (other,) = [line for line in lines if (line.part_no, line.store) == ("BRK-1", "S01")][:1]
    assert "ann" not in line_sentence(line_row(other), language)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_set_for_one_part_is_no_factor_of_another(language: str) -> None:
    snapshot = books(wish(1, factor=2_000_000))
    ready = prepare(snapshot, PeriodKind.MONTH, Settings().forecast)
    found = overridden(forecast_of_prepared(ready, Settings().forecast), snapshot)
    people = set_facts(found, snapshot)
    every = [explain(ready, found, item, 2, people.get(item)) for item in range(found.item_count)]
    rows = factors_table(every, "table", language).rows
    named = {(row["store"], row["part_no"]) for row in rows if row["factor"] == "override"}
    assert len(every) > 1
    assert named == {("S01", "7701")}
