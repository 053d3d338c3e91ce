"""Parts of one kind are found by their names, whatever the vehicle, the side or the language."""

from forecasting.kinship import kinds_of

ITEMS = ("Headlamp", "Bonnet", "Mirror", "Bumper", "Door", "Tailgate", "Fender")


def test_words_that_go_with_many_things_are_vehicles_and_sides() -> None:
    names = [f"{item} left {model}" for item in ITEMS for model in ("Alda", "Belora")]
    assert kinds_of(names) == tuple(item.casefold() for item in ITEMS for _ in range(2))


def test_codes_and_sizes_say_nothing_of_the_thing() -> None:
    assert kinds_of(["机油滤清器 E16", "机油滤清器 E20T", "Tyre 205/55R16"]) == ("机油滤清器", "机油滤清器", "tyre")


def test_a_part_without_a_name_has_the_empty_kind() -> None:
    assert kinds_of(["", "  ", "4711"]) == ("", "", "")


def test_two_filters_stay_two_kinds() -> None:
    assert len(set(kinds_of(["Oil filter E16", "Cabin air filter Alda"]))) == 2


def test_where_a_name_tells_nothing_the_stem_of_the_number_does() -> None:
    numbers = ["04465-1", "04465-2", "04465-3", "90915-1", "04465-4", "7701"]
    names = ["", "2019", "", "", "Brake pad", ""]
    assert kinds_of(names, numbers) == ("no. 04465", "no. 04465", "no. 04465", "", "brake pad", "")
    assert kinds_of(names) == ("", "", "", "", "brake pad", "")


def test_a_name_in_one_script_is_of_the_kind_that_is_named_in_both() -> None:
    both = "oil filter 机油滤清器"
    names = ["Oil filter E16 机油滤清器", "机油滤清器", "NX1机油滤清器(1.5L)", "Oil filter", "燃油滤清器"]
    assert kinds_of(names) == (both, both, both, both, "燃油滤清器")
