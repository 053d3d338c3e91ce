"""Settings: every key has a default, every fault is told at once, a store may differ."""

import pytest

from planning.settings import Settings, SettingsError


def test_without_a_file_everything_has_a_default() -> None:
    settings = Settings.from_mapping({})
    assert settings == Settings()
    assert settings.planning.fill_rate == 0.95


def test_a_store_overrides_what_holds_for_all() -> None:
    settings = Settings.from_mapping(
        {"planning": {"fill_rate": 0.9, "review_days": 5}, "store": {"S01": {"fill_rate": 0.97}}}
    )
    assert settings.of_store("S01").fill_rate == 0.97
    assert settings.of_store("S01").review_days == 5
    assert settings.of_store("S02").fill_rate == 0.9


def test_money_is_kept_in_ten_thousandths() -> None:
    settings = Settings.from_mapping({"planning": {"shortage_cost_per_unit": 1.5, "holding_cost_per_unit_period": 0.2}})
    assert settings.planning.shortage_cost_per_unit_e4 == 15_000
    assert settings.planning.holding_cost_per_unit_period_e4 == 2_000


def test_a_supplier_takes_back_on_his_own_terms_and_otherwise_on_the_usual_ones() -> None:
    returns = {"fee_share": 0.1, "GPC": {"window_days": 180}}
    surplus = Settings.from_mapping({"surplus": {"returns": returns, "line_cost": 12.5}}).surplus
    assert (surplus.terms("GPC").window_days, surplus.terms("GPC").fee_share) == (180, 0.1)
    assert (surplus.terms("LUB").window_days, surplus.terms("LUB").fee_share) == (365, 0.1)
    assert surplus.line_cost_e4 == 12_5000


FAULTS = [
    ({"planning": {"fill_rate": 1.0}}, "planning.fill_rate", "a goal of 100 % has no price"),
    ({"planning": {"fill_rate": 95}}, "planning.fill_rate", "95 is meant as 0.95"),
    ({"planning": {"fill_rate": True}}, "planning.fill_rate", "yes is no share"),
    ({"planning": {"review_days": 0}}, "planning.review_days", "there is a day between two orders at least"),
    ({"planning": {"review_days": 3.5}}, "planning.review_days", "days are whole"),
    ({"planning": {"unmet": "ignored"}}, "planning.unmet", "not one of the three"),
    ({"planning": {"period": "day"}}, "planning.period", "month or week"),
    ({"planning": {"price_of_money": -0.1}}, "planning.price_of_money", "money earns nothing or more"),
    ({"planning": {"shortage_cost_per_unit": float("nan")}}, "planning.shortage_cost_per_unit", "not a number"),
    ({"planning": {"stocking_rule": "3-in-12"}}, "planning.stocking_rule", "worth, or the rule by its name"),
    ({"planning": {"phase_band": 1.0}}, "planning.phase_band", "a part must be able to leave"),
    ({"surplus": {"returns": {"taken_share": 1.2}}}, "surplus.returns.taken_share", "not more goes back than is left"),
    ({"planning": {"phase_in_months": 0}}, "planning.phase_in_months", "requests are counted over a month or more"),
    ({"planning": {"lead_times": "seen"}}, "planning.lead_times", "learnt or told"),
    ({"planning": {"fil_rate": 0.9}}, "planning.fil_rate", "a key that is not known"),
    ({"surplus": {"give_up_days": 0}}, "surplus.give_up_days", "one waits for a day at least"),
    ({"surplus": {"transfers": 1}}, "surplus.transfers", "true or false"),
    ({"surplus": {"line_cost": -1}}, "surplus.line_cost", "work costs nothing or more"),
    ({"surplus": {"discount": 0.3}}, "surplus.discount", "a key that is not known"),
    ({"surplus": {"returns": {"fee_share": 15}}}, "surplus.returns.fee_share", "15 is meant as 0.15"),
    ({"surplus": {"returns": {"GPC": {"window_days": 1.5}}}}, "surplus.returns.GPC.window_days", "days are whole"),
    ({"surplus": {"returns": 7}}, "surplus.returns", "terms are a table"),
    ({"planing": {}}, "planing", "a section that is not known"),
    ({"planning": 3}, "planning", "a section holds keys"),
    ({"store": {"S01": {"fill_rate": 2}}}, "store.S01.fill_rate", "a store's own keys are checked too"),
    ({"store": {"S01": 4}}, "store.S01", "a store's settings are a section"),
    ({"forecast": {"horizon": "long"}}, "forecast.horizon", "a number is meant"),
    ({"forecast": {"magic": 1}}, "forecast.magic", "a key that is not known"),
    ({"kpi": {"fill": 3}}, "kpi.fill", "a variant has a name"),
    ({"outside": {"S01": {"2026-06": {"labour": -1}}}}, "outside.S01.2026-06.labour", "money is zero or more"),
    ({"outside": {"S01": {"2026-06": {"rent": 1}}}}, "outside.S01.2026-06.rent", "one of four is told"),
    ({"outside": {"S01": {"June": {"labour": 1}}}}, "outside.S01.June.labour", "a month has a number"),
    ({"outside": {"S01": 3}}, "outside.S01", "a store tells months"),
]


@pytest.mark.parametrize(("mapping", "key", "why"), FAULTS)
def test_what_cannot_be_taken_is_told_with_its_key(mapping: dict[str, object], key: str, why: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_mapping(mapping)
    assert [fault[0] for fault in caught.value.faults] == [key], why
    assert all(fault[2] for fault in caught.value.faults)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_mapping({"planning": {"fill_rate": 2, "unmet": "?", "x": 1}, "forecast": {"y": 1}})
    assert len(caught.value.faults) == 4


def test_what_the_books_cannot_know_is_kept_in_whole_money() -> None:
    told = {"S01": {"2026-06": {"labour": 1234.5, "fixed_expense": 90_000}}}
    assert Settings.from_mapping({"outside": told}).outside == {
        "S01": {"2026-06": {"labour": 1234_5000, "fixed_expense": 90_000_0000}}
    }
