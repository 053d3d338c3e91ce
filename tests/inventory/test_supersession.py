"""Old numbers become live ones, and not a thousandth is made or lost on the way."""

from datetime import date
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.supersession import Lineage, find_cycles, lineage, roll_forward, scaled

AS_OF = date(2026, 6, 30)


def table(rows: list[tuple[str, str, str, int, str]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["part_no", "replaced_by", "effective_on", "quantity_milli", "kind"])
    return frame.assign(effective_on=pd.to_datetime(frame["effective_on"]))


def ends(of: Lineage, number: str) -> dict[str, Fraction]:
    return {end.part_no: end.factor for end in of.live(number)}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("A", "B", "2025-01-01", 1000, "replaces")], {"B": 1}),  # one for one
        ([("A", "B", "2026-07-01", 1000, "replaces")], {"A": 1}),  # not in force yet
        ([("A", "B", "2024-01-01", 2000, "replaces"), ("B", "C", "2025-01-01", 3000, "replaces")], {"C": 6}),  # a chain
        ([("A", "B", "2024-01-01", 1000, "kit"), ("A", "C", "2024-01-01", 2000, "kit")], {"B": 1, "C": 2}),  # a kit
        (
            [("A", "B", "2024-01-01", 1000, "replaces"), ("A", "C", "2025-01-01", 500, "replaces")],
            {"C": "1/2"},
        ),  # later
        (
            [
                ("A", "B", "2024-01-01", 1000, "kit"),
                ("A", "C", "2024-01-01", 1000, "kit"),
                ("B", "D", "2025-01-01", 1000, "replaces"),
                ("C", "D", "2025-01-01", 1000, "replaces"),
            ],
            {"D": 2},  # paths that meet add up
        ),
    ],
)
def test_a_number_leads_to_its_live_numbers(
    rows: list[tuple[str, str, str, int, str]], expected: dict[str, str]
) -> None:
    assert ends(lineage(table(rows), AS_OF), "A") == {part: Fraction(f) for part, f in expected.items()}


def test_stock_of_the_old_number_counts_only_where_it_may_be_used_up() -> None:
    rows = [("A", "B", "2024-01-01", 1000, "use_up_first"), ("B", "C", "2025-01-01", 1000, "either_way")]
    assert lineage(table(rows), AS_OF).live("A")[0].counts_as_stock
    rows[1] = ("B", "C", "2025-01-01", 1000, "replaces")
    assert not lineage(table(rows), AS_OF).live("A")[0].counts_as_stock


def test_a_ring_is_refused_with_its_path() -> None:
    assert find_cycles(["C", "A", "B", "X"], ["A", "B", "C", "A"]) == [("A", "B", "C", "A")]
    assert find_cycles(["S"], ["S"]) == [("S", "S")]
    assert find_cycles(["A", "B", "P", "Q"], ["B", "A", "Q", "P"]) == [("A", "B", "A"), ("P", "Q", "P")]
    rows = [("A", "B", "2024-01-01", 1000, "replaces"), ("B", "A", "2025-01-01", 1000, "replaces")]
    with pytest.raises(ValueError, match="A -> B -> A"):
        lineage(table(rows), AS_OF)


def test_a_chain_of_ten_thousand_numbers_is_followed() -> None:
    rows = [(f"{i:05d}", f"{i + 1:05d}", "2024-01-01", 1000, "replaces") for i in range(10_000)]
    assert ends(lineage(table(rows), AS_OF), "00000") == {"10000": 1}


def test_demand_lines_are_rolled_per_store_in_their_order() -> None:
    of = lineage(table([("A", "B", "2024-01-01", 500, "replaces")]), AS_OF)
    rows = pd.DataFrame({"store": ["S1", "S1", "S2", "S1"], "part_no": ["A", "A", "A", "Z"], "q_milli": [1, 1, 1, 7]})
    rolled = roll_forward(rows, of, ["store"], ["q_milli"])
    assert rolled["part_no"].tolist() == ["B", "B", "B", "Z"]
    assert rolled["q_milli"].tolist() == [1, 0, 1, 7]
    assert rolled["asked_part_no"].tolist() == ["A", "A", "A", "Z"]


@st.composite
def graphs(draw: st.DrawFn) -> list[tuple[str, str, str, int, str]]:
    size = draw(st.integers(2, 8))
    rows = []
    for old in range(size - 1):
        targets = draw(st.lists(st.integers(old + 1, size - 1), max_size=3, unique=True))
        kind = "kit" if len(targets) > 1 else draw(st.sampled_from(["replaces", "use_up_first", "either_way"]))
        day = draw(st.sampled_from(["2024-01-01", "2025-01-01", "2026-12-31"]))
        rows += [(f"P{old}", f"P{new}", day, draw(st.integers(1, 5000)), kind) for new in targets]
    return rows


@settings(max_examples=80)
@given(graphs(), st.lists(st.tuples(st.integers(0, 7), st.integers(1, 9000)), min_size=1, max_size=30))
def test_units_are_conserved_under_any_graph(
    graph: list[tuple[str, str, str, int, str]], asked: list[tuple[int, int]]
) -> None:
    of = lineage(table(graph), AS_OF)
    rows = pd.DataFrame({"part_no": [f"P{p}" for p, _ in asked], "q_milli": [q for _, q in asked]})
    rolled = roll_forward(rows, of, [], ["q_milli"])
    assert all(of.is_live(part) for part in rolled["part_no"])
    for number, group in rows.groupby("part_no"):
        exact = _followed_by_hand(graph, str(number), Fraction(int(group["q_milli"].sum())))
        mine = rolled[rolled["asked_part_no"] == number].groupby("part_no")["q_milli"].sum()
        assert {str(k): int(v) for k, v in mine.items()} == {k: int(v + Fraction(1, 2)) for k, v in exact.items()}


def _followed_by_hand(
    graph: list[tuple[str, str, str, int, str]], number: str, quantity: Fraction
) -> dict[str, Fraction]:
    rows = [row for row in graph if row[0] == number and row[2] <= "2026-06-30"]
    if not rows:
        return {number: quantity}
    total: dict[str, Fraction] = {}
    for row in rows:
        for part, amount in _followed_by_hand(graph, row[1], quantity * Fraction(row[3], 1000)).items():
            total[part] = total.get(part, Fraction(0)) + amount
    return total


@given(st.lists(st.integers(0, 10_000), max_size=40), st.fractions(0, 50, max_denominator=1000))
def test_every_running_total_is_the_exact_one_rounded(quantities: list[int], factor: Fraction) -> None:
    out = scaled(quantities, factor)
    for end in range(len(out) + 1):
        assert abs(sum(out[:end]) - sum(quantities[:end]) * factor) <= Fraction(1, 2)
    assert all(q >= 0 for q in out)


@given(graphs(), st.randoms())
def test_the_order_of_rows_does_not_matter(graph: list[tuple[str, str, str, int, str]], chance) -> None:  # type: ignore[no-untyped-def]
    shuffled = list(graph)
    chance.shuffle(shuffled)
    assert lineage(table(graph), AS_OF) == lineage(table(shuffled), AS_OF)
