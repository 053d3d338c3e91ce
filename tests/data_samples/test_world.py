"""The made vehicles live by the published curves, and the shop by its calendar."""

from datetime import date, timedelta

import numpy as np
import pytest

from data_samples.actions import ACTIONS
from data_samples.ageing import State, age_one_month, new_state
from data_samples.figures import DAYS_PER_YEAR, loyalty, survival
from data_samples.fleet import Fleet, draw_fleet, monthly_sales
from data_samples.models import MODELS
from data_samples.recalls import concerned
from data_samples.requests import JOBS
from data_samples.settings import WorldSettings
from data_samples.workdays import FEAST_DAYS, NEVER, day_number, day_weights, month_number, season_factor
from data_samples.world import World

Tables = dict[str, list[dict[str, str]]]
NHTSA_2006 = {1: 0.990, 3: 0.973, 5: 0.941, 8: 0.860, 10: 0.787, 12: 0.613, 15: 0.331, 20: 0.092}


@pytest.fixture(scope="module")
def aged(world: World) -> tuple[Fleet, State]:
    settings = WorldSettings(vehicles=40_000, seed=5)
    fleet = draw_fleet(settings, np.random.Generator(np.random.PCG64(1)))
    state, rng = new_state(fleet, world.catalogue, len(ACTIONS)), np.random.Generator(np.random.PCG64(2))
    for month in range(settings.sales_month, settings.end_month):
        age_one_month(fleet, state, month, rng)
    return fleet, state


def test_survival_law_is_near_the_published_table() -> None:
    years = np.array(list(NHTSA_2006), dtype=np.float64)
    assert np.abs(survival(years) - np.array(list(NHTSA_2006.values()))).max() < 0.045


@pytest.mark.parametrize("age", [2, 4, 6, 8, 10])
def test_vehicles_survive_and_stay_loyal_as_published(aged: tuple[Fleet, State], age: int) -> None:
    fleet, state = aged
    day = fleet.registered_day + age * DAYS_PER_YEAR
    old = day <= day_number(date(2026, 7, 1))
    alive = state.scrapped_day > day
    for share, count, law in (
        (alive[old].mean(), old.sum(), survival(np.array([float(age)]))[0]),
        ((state.drifted_day > day)[old & alive].mean(), (old & alive).sum(), loyalty(np.array([float(age)]))[0]),
    ):
        assert abs(share - law) < 4.0 * np.sqrt(law * (1.0 - law) / count) + 0.002


def test_new_cars_drive_twelve_to_fifteen_thousand_kilometres_and_older_ones_less(world: World) -> None:
    fleet, state, end = world.fleet, world.state, world.settings.end_day
    alive = state.scrapped_day == NEVER
    for years, low, high in ((1.5, 11_000, 15_500), (10.0, 8_000, 13_000)):
        age = (end - fleet.registered_day) / DAYS_PER_YEAR
        rows = alive & (np.abs(age - years) < 0.5)
        assert low < 12.0 * state.month_km[rows].mean() < high


def test_nobody_comes_while_the_shop_is_closed_for_the_feast(world: World, shipped: Tables) -> None:
    opened = {row["opened_on"] for row in shipped["service_history"]}
    feasts = [feast for feast in FEAST_DAYS if date(2022, 7, 1) <= feast <= date(2026, 6, 30)]
    assert len(feasts) == 4
    for feast in feasts:
        closed = {(feast + timedelta(days=offset)).isoformat() for offset in range(-1, 6)}
        assert not closed & opened
    before = sum(day_weights(month_number(date(2025, 1, 1)))[:28])
    after = sum(day_weights(month_number(date(2025, 2, 1))))
    assert before > 1.5 * after


def test_the_new_model_was_launched_eight_months_before_the_end(shipped: Tables) -> None:
    registered = sorted(row["registered_on"] for row in shipped["vehicles"] if row["model"] == "HN8")
    assert registered[0][:7] == "2025-11"
    assert len(registered) > 80
    own = {row["part_no"] for row in shipped["parts"] if row["on_sale_from"][:7] in ("2025-10", "2025-11")}
    asked = {row["opened_on"] for row in shipped["service_history"] if row["part_no"] in own}
    assert len(own) > 40
    assert min(asked) >= "2025-10-01"


def test_the_electric_model_has_neither_oil_nor_plugs(shipped: Tables) -> None:
    names = {row["part_no"]: row["name"] for row in shipped["parts"]}
    fitted = [names[row["part_no"]] for row in shipped["fitments"] if row["model"] == "HE6"]
    asked = [names[row["part_no"]] for row in shipped["service_history"] if row["model"] == "HE6"]
    assert len(asked) > 300
    for name in fitted + asked:
        assert not name.startswith(("Engine oil", "Oil filter", "Spark plug", "Fuel"))


def test_a_recall_uses_up_its_vehicles_once_each(world: World, shipped: Tables) -> None:
    rows = [row for row in shipped["service_history"] if row["job_type"] == "recall"]
    owed = sum(int(row["vehicles"]) for row in shipped["campaigns"] if row["campaign_no"] == "RC2510")
    assert len({row["vin"] for row in rows}) == len(rows)
    assert {row["model"] for row in rows} == {"HB2"}
    assert min(row["opened_on"] for row in rows) >= "2025-10-13"
    assert 0.2 * owed < len(rows) < 0.7 * owed
    assert int(concerned(world.fleet, ACTIONS[1]).sum()) == owed
    asked = np.bincount(world.requests.day[world.requests.job == JOBS.index("recall")] - day_number(date(2025, 10, 13)))
    assert asked[:90].sum() > 1.3 * asked[-90:].sum()


def test_batteries_go_in_winter_and_cooling_in_summer(world: World) -> None:
    month = world.requests.day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
    keys = np.array([item.key for item in world.catalogue.items])[world.catalogue.item[world.requests.part]]
    batteries, coolers = month[keys == "battery"], month[np.isin(keys, ["compressor", "ac_valve", "ac_pressure"])]
    assert np.isin(batteries, [11, 0, 1]).sum() > 1.2 * np.isin(batteries, [5, 6, 7]).sum()
    assert np.isin(coolers, [5, 6, 7]).sum() > 2 * np.isin(coolers, [11, 0, 1]).sum()


def test_a_superseded_number_is_not_asked_for_once_it_is_used_up(shipped: Tables) -> None:
    asked: dict[str, list[str]] = {row["part_no"]: [] for row in shipped["parts"]}
    for row in shipped["service_history"]:
        asked[row["part_no"]].append(row["opened_on"])
    for link in shipped["supersessions"]:
        old, new, when = asked[link["part_no"]], asked[link["replaced_by"]], link["effective_on"]
        assert min(new, default=when) >= when
        if link["kind"] == "replaces":
            assert max(old, default="") < when
        if link["kind"] == "use_up_first":
            assert when < max(old) < (date.fromisoformat(when) + timedelta(days=180)).isoformat()
    follows = {link["part_no"]: link["replaced_by"] for link in shipped["supersessions"]}
    chains = [old for old, new in follows.items() if new in follows]
    assert len(chains) == 1
    assert all(asked[number] for number in (chains[0], follows[chains[0]], follows[follows[chains[0]]]))


def test_a_facelift_splits_the_number_by_year_of_registration(shipped: Tables) -> None:
    years = {row["vin"]: row["registered_on"][:4] for row in shipped["vehicles"]}
    fits = {(row["part_no"], row["model"]): row for row in shipped["fitments"]}
    assert sum(bool(row["year_to"]) for row in shipped["fitments"]) > 30
    for row in shipped["service_history"]:
        fit = fits.get((row["part_no"], row["model"]))
        if fit and row["vin"]:
            assert (fit["year_from"] or "0") <= years[row["vin"]] <= (fit["year_to"] or "9999")


def test_there_are_parts_on_the_road_that_nobody_ever_asked_for(shipped: Tables) -> None:
    fitted = {row["part_no"] for row in shipped["fitments"]}
    assert len(fitted - {row["part_no"] for row in shipped["service_history"]}) > 100
    assert len({row["model"] for row in shipped["vehicles"]}) == len(MODELS)


def test_a_climate_changes_how_strong_a_season_is_and_not_how_much_is_asked_in_a_year() -> None:
    months = range(month_number(date(2025, 1, 1)), month_number(date(2026, 1, 1)))
    plain = np.array([season_factor("winter", month) for month in months])
    northern, southern = (
        np.array([season_factor(f"winter {climate}", month) for month in months])
        for climate in ("northern", "southern")
    )
    assert northern[0] > plain[0] > southern[0] > 1
    assert northern.sum() == pytest.approx(plain.sum())
    assert southern.sum() == pytest.approx(plain.sum())
    assert [season_factor("winter temperate", month) for month in months] == plain.tolist()


def test_a_mix_sells_more_of_what_it_favours() -> None:
    usual = WorldSettings()
    twice = WorldSettings(mix=tuple(2.0 if model.code == "HS2" else 1.0 for model in MODELS))
    place = [model.code for model in MODELS].index("HS2")
    share = [monthly_sales(settings)[:, place].sum() / monthly_sales(settings).sum() for settings in (usual, twice)]
    assert 1.5 * share[0] < share[1] < 2 * share[0]


@pytest.mark.parametrize("wrong", [{"climate": "lunar"}, {"mix": (1.0,)}, {"mix": (0.0,) * len(MODELS)}])
def test_a_climate_that_is_not_known_and_a_mix_of_too_few_models_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="must"):
        WorldSettings(**wrong)  # type: ignore[arg-type]  # that is what is tried
