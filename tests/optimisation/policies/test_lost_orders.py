"""Orders where sales are lost: beside plain twins, and beside dynamic programming on small shelves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from demand.distribution import DemandLaw, negative_binomial, poisson
from optimisation.policies import lost_orders
from optimisation.policies.lost_orders import LostSales

H, P = 0.2, 1.0


def _terms(law: DemandLaw, lead: int, review: int = 1, shortage: float = P) -> LostSales:
    costs = np.full(law.item_count, H), np.full(law.item_count, shortage)
    return LostSales((law,) * (lead + review), review, *costs)


def _wanted_plainly(
    on_hand: int, due: list[int], laws: list[list[float]], review: int, shortage: float
) -> tuple[int, int]:
    """Return the least and the greatest order of one item by the formulas of the module, law by law in dictionaries.

    They are one but where a unit is worth just what it costs, to the last digits.
    """
    lead = len(laws) - review
    shelf = {on_hand + due[0]: 1.0}
    for law, arriving in zip(laws[:lead], due[1:], strict=True):
        after: dict[int, float] = {}
        for stock, chance in shelf.items():
            for asked, share in enumerate(law):
                left = max(stock - asked, 0) + arriving
                after[left] = after.get(left, 0.0) + chance * share
        shelf = after
    sums = [np.array([1.0])]
    for law in laws[lead:]:
        sums.append(np.convolve(sums[-1], law))
    cycle = sums[-1]
    mean = float(cycle @ np.arange(cycle.size))
    missing, empty = 0.0, {0: 1.0}
    for _ in range(lead // review):
        after = {}
        for stock, chance in empty.items():
            for brought, part in ((int(mean), 1 - mean % 1), (int(mean) + 1, mean % 1)):
                for asked, share in enumerate(cycle):
                    weight = chance * part * share
                    missing += shortage * weight if asked > stock + brought else -H * review * weight
                    if asked <= stock + brought:
                        after[stock + brought - asked] = after.get(stock + brought - asked, 0.0) + weight
        empty = after

    def worth(stock: int) -> float:
        kept = sum(float(total[: stock + 1].sum()) for total in sums[1:])
        return (shortage - max(missing, 0.0)) * (1 - float(cycle[: stock + 1].sum())) - H * kept

    def gain(more: int) -> float:
        return sum(chance * worth(max(stock + more, 0)) for stock, chance in shelf.items())

    def raised(order: int, least_gain: float) -> int:
        while gain(order) > least_gain:
            order += 1
        return order

    least = raised(-max(shelf) - 1, 1e-9)
    return least, raised(least, -1e-9)


@settings(max_examples=25, deadline=None)
@given(
    on_hand=st.integers(0, 12),
    due=st.lists(st.integers(0, 6), min_size=3, max_size=3),
    mean=st.floats(0.2, 4.0),
    size=st.floats(0.5, 8.0),
    review=st.integers(2, 3),
    shortage=st.floats(0.5, 5.0),
)
def test_the_search_finds_what_the_formulas_say(
    on_hand: int, due: list[int], mean: float, size: float, review: int, shortage: float
) -> None:
    law = negative_binomial([mean], [size])
    found = _terms(law, 2, review, shortage).wanted(np.array([on_hand]), np.array([due]))
    least, most = _wanted_plainly(on_hand, due, [law.row(0).tolist()] * (2 + review), review, shortage)
    assert least <= found[0] <= most or max(found[0], least) <= -on_hand - sum(due)


def _costs_of_orders(on_hand: int, due: list[int], laws: list[list[float]], shortage: float) -> list[float]:
    """Return what each order costs in the end beside the others, a review a period, by plain value iteration."""
    lead, last = len(laws) - 1, laws[-1]
    total = last
    for _ in range(lead):
        total = np.convolve(total, last).tolist()
    enough = shortage / (shortage + H)
    most, level = (int(np.argmax(np.cumsum(law) >= enough)) for law in (last, total))

    def expected(stock: int, coming: int, law: list[float], value: dict[tuple[int, int], float], order: int) -> float:
        cost = 0.0
        for asked, chance in enumerate(law):
            left = max(stock - asked, 0)
            after = (min(left + coming, level), order) if lead == 2 else (min(left + order, level), 0)
            cost += chance * (H * left + shortage * max(asked - stock, 0) + value[after])
        return cost

    def earlier(value: dict[tuple[int, int], float], law: list[float]) -> dict[tuple[int, int], float]:
        return {state: min(expected(*state, law, value, order) for order in range(most + 1)) for state in value}

    value = {(stock, due): 0.0 for stock in range(level + 1) for due in range(most + 1 if lead == 2 else 1)}
    for _ in range(60):
        value = earlier(value, last)
        value = {state: each - value[0, 0] for state, each in value.items()}
    if lead == 2:
        value = earlier(value, laws[1])
    stock = on_hand + due[0]
    coming = due[1] if lead == 2 else 0
    return [expected(stock, coming, laws[0], value, order + due[lead]) for order in range(most - due[lead] + 1)]


@settings(max_examples=20, deadline=None)
@given(
    on_hand=st.integers(0, 6),
    due=st.lists(st.integers(0, 3), min_size=3, max_size=3),
    means=st.lists(st.floats(0.3, 1.2), min_size=3, max_size=3),
    lead=st.integers(1, 2),
    shortage=st.floats(0.3, 3.0),
)
@example(on_hand=0, due=[3, 0, 0], means=[1.125, 0.78125, 1.0], lead=1, shortage=2.0)  # ordered once demand is known: 0
def test_of_a_small_shelf_no_order_costs_less(
    on_hand: int, due: list[int], means: list[float], lead: int, shortage: float
) -> None:
    laws = tuple(negative_binomial([mean], [2.0]) for mean in means[: lead + 1])
    costs = np.array([H]), np.array([shortage])
    found = int(LostSales(laws, 1, *costs).wanted(np.array([on_hand]), np.array([due[: lead + 1]]))[0])
    plain = _costs_of_orders(on_hand, due[: lead + 1], [law.row(0).tolist() for law in laws], shortage)
    if plain:  # what is due already is not more than would ever be ordered
        assert plain[max(found, 0)] == pytest.approx(min(plain), abs=2e-3 * shortage)


def _dearest(demand: np.ndarray, most: int, order: np.ndarray | None) -> float:
    """Return the cost of a period in the long run, L = 2: of the policy given, or the least there is.

    A state is the stock before demand and what arrives next; orders up to `most` are here after two periods.
    """
    stock = np.arange(2 * most + 1)
    asked = np.arange(demand.size)
    left = np.maximum(stock[:, None] - asked[None, :], 0)
    cost = (H * left + P * np.maximum(asked[None, :] - stock[:, None], 0)) @ demand
    value = np.zeros((stock.size, most + 1))
    low, high = 0.0, 1e9
    while high - low > 1e-5:
        # Value of the state after this period: stock left plus what arrives next, then today's order on its way.
        after = np.empty((stock.size, most + 1, most + 1))
        for coming in range(most + 1):
            place = np.minimum(left + coming, stock[-1])
            after[:, coming, :] = np.einsum("sd,d->s", np.ones(place.shape), demand)[:, None] * 0
            after[:, coming, :] = np.einsum("sdq,d->sq", value[place], demand)
        chosen = after.min(axis=2) if order is None else np.take_along_axis(after, order[:, :, None], axis=2)[:, :, 0]
        new = cost[:, None] + chosen
        low, high = float((new - value).min()), float((new - value).max())
        value = new - new[0, 0]
    return (low + high) / 2


@pytest.mark.parametrize("mean", [0.8, 2.0])
@pytest.mark.parametrize(("exact", "dearer"), [((1, 2), 1.0005), ((), 1.03)])
def test_the_order_costs_hardly_more_than_dynamic_programming_and_less_than_a_base_stock(
    mean: float, exact: tuple[int, ...], dearer: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lost_orders, "EXACT_LEAD_TIMES", exact)  # without: the search that larger shelves are left to
    law, most = poisson([mean]), int(3 * mean + 4)
    terms = _terms(law, 2)
    demand = law.row(0)
    stock, coming = np.meshgrid(np.arange(2 * most + 1), np.arange(most + 1), indexing="ij")
    laws = terms.laws[0].take(np.zeros(stock.size, dtype=np.int64))
    many = LostSales((laws,) * 3, 1, np.full(stock.size, H), np.full(stock.size, P))
    due = np.stack([np.zeros(stock.size, dtype=np.int64), coming.ravel(), np.zeros(stock.size, dtype=np.int64)], axis=1)
    wanted = np.clip(many.wanted(stock.ravel(), due), 0, most).reshape(stock.shape)
    least = _dearest(demand, most, None)
    ours = _dearest(demand, most, wanted)
    levels = range(int(2 * mean), int(5 * mean) + 4)
    up_to = min(_dearest(demand, most, np.clip(level - stock - coming, 0, most)) for level in levels)
    assert least - 1e-4 <= ours <= dearer * least
    assert ours < up_to


def test_without_a_lead_time_it_is_the_newsvendor_with_what_is_there() -> None:
    law = poisson([3.0, 3.0])
    found = _terms(law, 0).wanted(np.array([0, 2]), np.zeros((2, 1), dtype=np.int64))
    level = law.quantile(P / (P + H))
    assert found.tolist() == (level - np.array([0, 2])).tolist()


def test_more_under_way_asks_for_less_but_never_unit_for_unit_when_some_is_lost() -> None:
    law = poisson([2.0] * 3)
    due = np.array([[0, 0, 0], [0, 3, 0], [0, 0, 3]])
    none, soon, late = _terms(law, 2).wanted(np.zeros(3, dtype=np.int64), due).tolist()
    assert none >= soon >= late
    assert late == none - 3
    assert soon > none - 3


def test_what_nobody_asks_for_is_not_ordered() -> None:
    law = DemandLaw.from_rows([[1.0]])
    assert _terms(law, 1).wanted(np.array([2]), np.zeros((1, 2), dtype=np.int64))[0] <= 0


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"review": 0}, "a law for each period"),
        ({"holding": np.array([-1.0])}, "holding costs"),
        ({"shortage": np.array([0.0])}, "holding costs"),
        ({"holding": np.ones(2)}, "both its costs"),
    ],
)
def test_terms_that_make_no_sense_are_refused(change: dict[str, object], told: str) -> None:
    given_terms: dict[str, object] = {
        "laws": (poisson([1.0]),) * 3,
        "review": 1,
        "holding": np.array([H]),
        "shortage": np.array([P]),
    }
    with pytest.raises(ValueError, match=told):
        LostSales(**(given_terms | change))  # type: ignore[arg-type]  # what is wrong is wrong on purpose


def test_a_stock_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="zero or more"):
        _terms(poisson([1.0]), 1).wanted(np.array([-1]), np.zeros((1, 2), dtype=np.int64))
    with pytest.raises(ValueError, match="what is due in each period"):
        _terms(poisson([1.0]), 1).wanted(np.array([1]), np.zeros((1, 3), dtype=np.int64))
