"""The lawful card nearest to one that breaks the rules: the same figures and dimensions, other weights.

*Near* is the least sum of squared changes, over the weights of all KPIs and of all dimensions, among all lawful cards
with weights in whole steps (tenths of a per cent, or whole per cents). Where KPIs weigh shares of the card,

    minimise  Σ_k (w_k − t_k)² + Σ_d (W_d − T_d)²   subject to  Σ_{k in d} w_k = W_d,  Σ_d W_d = 1000,  bounds on both,

with t, T the weights as they are. What a dimension of weight W costs at least is convex in W and found by giving its
KPIs one step after another, each to the one for which it costs least (Fox 1966); the same among the dimensions, over
those costs, gives the optimum in whole steps (separable convex functions over nested sums: Federgruen and Groenevelt
1986). So no solver is asked and nothing is rounded. Where KPIs weigh shares of their dimension, both are apart.

Of equally near cards the one is taken that gives to the first named. What no weights can mend (a dimension without
KPIs, or with more than it has room for) is refused with a sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from heapq import heapify, heappop, heappush
from itertools import pairwise

from planning.scorecard.card import (
    DIMENSION_COUNT,
    DIMENSION_PERMILLE,
    KPI_PERMILLE,
    WHOLE_PERMILLE,
    Card,
    Dimension,
)


class NoLawfulCardError(ValueError):
    """No weights make the card lawful; the message says what stands in the way."""


def nearest_lawful(card: Card, step_permille: int = 1) -> Card:
    """Return the lawful card nearest to a card; a lawful card in whole steps is its own.

    Parameters
    ----------
    step_permille
        1 for weights in tenths of a per cent, 10 for whole per cents.

    Raises
    ------
    NoLawfulCardError
        If there is none, whatever the weights.
    """
    if len(card.dimensions) != DIMENSION_COUNT:
        raise NoLawfulCardError(f"a card has {DIMENSION_COUNT} dimensions; this one has {len(card.dimensions)}")
    targets = [each.weight_permille for each in card.dimensions]
    paths = [_Path([kpi.weight_permille for kpi in each.kpis], step_permille) for each in card.dimensions]
    is_of_card = card.basis == "card"
    bounds = [_room(dimension, step_permille) if is_of_card else DIMENSION_PERMILLE for dimension in card.dimensions]
    costs = [
        [path.cost(weight) if is_of_card else 0 for weight in range(low, high + 1, step_permille)]
        for path, (low, high) in zip(paths, bounds, strict=True)
    ]
    weights = _shared(targets, bounds, costs, step_permille)
    dimensions = []
    for dimension, path, weight in zip(card.dimensions, paths, weights, strict=True):
        if not is_of_card:
            _require_room(dimension, (WHOLE_PERMILLE, WHOLE_PERMILLE))
        found = path.weights(weight if is_of_card else WHOLE_PERMILLE)
        kpis = tuple(replace(kpi, weight_permille=each) for kpi, each in zip(dimension.kpis, found, strict=True))
        dimensions.append(Dimension(dimension.name, weight, kpis))
    return Card(tuple(dimensions), card.basis)


class _Path:
    """The KPIs of a dimension as it grows: who is given each step, and what the weights then cost.

    Parameters
    ----------
    targets
        Weights as they are, in tenths of a per cent.
    """

    def __init__(self, targets: Sequence[int], step: int) -> None:
        self.step, self.count = step, len(targets)
        low, high = KPI_PERMILLE
        weights = [low] * self.count
        self._costs = [sum((low - target) ** 2 for target in targets)]
        self._given: list[int] = []
        adds = [(_more(low, target, step), at) for at, target in enumerate(targets)]
        heapify(adds)
        while adds and sum(weights) < WHOLE_PERMILLE:
            add, at = heappop(adds)
            weights[at] += step
            self._given.append(at)
            self._costs.append(self._costs[-1] + add)
            if weights[at] < high:
                heappush(adds, (_more(weights[at], targets[at], step), at))

    def cost(self, weight: int) -> int:
        """Return the least sum of squared changes with which the KPIs sum to a weight."""
        return self._costs[(weight - self.count * KPI_PERMILLE[0]) // self.step]

    def weights(self, weight: int) -> list[int]:
        """Return the weights that come to it."""
        steps = self._given[: (weight - self.count * KPI_PERMILLE[0]) // self.step]
        return [KPI_PERMILLE[0] + self.step * steps.count(at) for at in range(self.count)]


def _shared(
    targets: Sequence[int], bounds: Sequence[tuple[int, int]], costs: Sequence[Sequence[int]], step: int
) -> list[int]:
    """Return the weights of the dimensions: each step to the one for which it costs least, its KPIs included."""
    weights = [low for low, _ in bounds]
    if not sum(weights) <= WHOLE_PERMILLE <= sum(high for _, high in bounds):
        raise NoLawfulCardError(
            "with these KPIs the dimensions can't sum to 100 %: a card has 4 to 20 KPIs, each of 5 to 30 %"
        )
    rises = [[after - before for before, after in pairwise(each)] for each in costs]
    while sum(weights) < WHOLE_PERMILLE:
        adds = {
            at: rises[at][(weights[at] - low) // step] + _more(weights[at], targets[at], step)
            for at, (low, high) in enumerate(bounds)
            if weights[at] < high
        }
        weights[min(adds, key=lambda each: (adds[each], each))] += step
    return weights


def _more(weight: int, target: int, step: int) -> int:
    """Return by how much a step up changes the squared distance of a weight from what it was."""
    return (weight + step - target) ** 2 - (weight - target) ** 2


def _room(dimension: Dimension, step: int) -> tuple[int, int]:
    """Return least and most that a dimension can weigh with its KPIs."""
    _require_room(dimension, DIMENSION_PERMILLE)
    (low, high), (least, most), count = DIMENSION_PERMILLE, KPI_PERMILLE, len(dimension.kpis)
    assert low % step == high % step == least % step == most % step == 0, "bounds are whole steps"
    return max(low, least * count), min(high, most * count)


def _require_room(dimension: Dimension, bounds: tuple[int, int]) -> None:
    (low, high), (least, most) = bounds, KPI_PERMILLE
    fewest, at_most = -(-low // most), high // least
    if not fewest <= len(dimension.kpis) <= at_most:
        raise NoLawfulCardError(
            f"no weights make the dimension {dimension.name} lawful: it takes {fewest} to {at_most} KPIs and has"
            f" {len(dimension.kpis)}"
        )
