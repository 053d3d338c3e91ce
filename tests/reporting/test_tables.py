import csv
import io
import json

import pytest

from reporting import words
from reporting.tables import ORDER_TYPE, Column, Table, human_text, render
from reporting.words import WORDS

TABLE = Table(
    "Stock",
    (Column("part_no"), Column("name"), Column("quantity_milli", "quantity_milli"), Column("unit_cost_e4", "money_e4")),
    [
        {"part_no": "00195040", "name": "Oil filter 机油滤清器", "quantity_milli": 12_000, "unit_cost_e4": 385_000},
        {"part_no": "1E5032", "name": "Brake fluid 制动液", "quantity_milli": 2_500, "unit_cost_e4": 10_005},
    ],
)


def test_programs_get_plain_numbers_and_text_part_numbers() -> None:
    rows = json.loads(render(TABLE, "json", "zh"))
    assert rows[0] == {"part_no": "00195040", "name": "Oil filter 机油滤清器", "quantity": 12, "unit_cost": 38.5}
    assert rows[1]["quantity"] == 2.5
    assert rows[1]["unit_cost"] == 1.0005
    assert list(csv.reader(io.StringIO(render(TABLE, "csv", "en"))))[1] == ["00195040", rows[0]["name"], "12", "38.5"]


def test_people_get_aligned_columns_in_either_language() -> None:
    from rich.cells import cell_len

    for language in ("en", "zh"):
        lines = [
            line for line in render(TABLE, "table", language).splitlines() if "00195040" in line or "1E5032" in line
        ]
        before_quantity = [cell_len(line[: line.rindex(" ")].rstrip()) for line in lines]
        assert before_quantity[0] == before_quantity[1], "Chinese characters are two columns wide"


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (None, "share_ppm", "–"),
        (1_005, "money_e4", "0.10"),
        (-12_345_678, "money_e4", "-1,234.57"),
        (-40, "money_e4", "0.00"),
        (1_000_000_000, "quantity_milli", "1,000,000"),
        (500, "quantity_milli", "0.5"),
        (0, "quantity_milli", "0"),
        (100_000, "quantity_milli", "100"),
        (953_499, "share_ppm", "95.3 %"),
    ],
)
def test_values_as_people_read_them(value: object, kind: str, text: str) -> None:
    assert human_text(value, kind) == text  # type: ignore[arg-type]


def test_every_word_has_both_languages_and_the_chinese_is_chinese() -> None:
    for key, (english, chinese) in WORDS.items():
        assert english, key
        assert any("\u4e00" <= character <= "\u9fff" for character in chinese), key


def test_a_key_of_the_catalogue_means_one_thing_wherever_it_is_said() -> None:
    said: dict[str, set[tuple[str, str]]] = {}
    for name, catalogue in vars(words).items():
        if name.endswith("_WORDS"):
            for key, pair in catalogue.items():
                said.setdefault(key, set()).add(pair)
    assert {key: pairs for key, pairs in said.items() if len(pairs) > 1} == {}


def test_people_read_words_where_programs_get_the_key() -> None:
    table = Table("", (ORDER_TYPE,), [{"order_type": "urgent"}, {"order_type": ""}])
    assert "紧急" in render(table, "table", "zh")
    assert "urgent" in render(table, "table", "en")
    assert json.loads(render(table, "json", "zh")) == [{"order_type": "urgent"}, {"order_type": ""}]
