"""The doorway of the room: what came and what was told at each origin in, one `Backtest` out.

Each origin sees only what was known by then: whoever tells its laws is given nothing later (see
`planning.explaining.backtest`), and the baselines are cut there too. An item counts at an origin if it was told of, and
every period of the stretch after it was seen whole; how many were left out is part of the answer. So is what came of
items nobody knew of then.

All methods are judged on the same items and origins. Where a panel is so large that the baselines would take longer
than the patience of a reader, they are judged on items evenly spread over it, and what is judged beside them there is
judged on all items as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from demand.distribution import DemandLaw
from demand.history import DemandHistory, Float64Array1D, Float64Array2D, Int64Array1D, Int64Array2D, Observation
from demand.periods import PeriodKind
from demand.side_by_side import one_behind
from forecasting.backtest.replay import CURVE, Curve, replay, whole_levels
from forecasting.backtest.rivals import BASELINES, COUNTS, NORMAL, RivalView
from forecasting.backtest.said import Said
from forecasting.backtest.scores import SERVICE, Sums

OURS, OURS_ALL = "Sparewise", "Sparewise, all items"
RIVAL_ROWS = 18_000
"""Items × origins on which the baselines are judged at most."""
_SHARES = (*SERVICE, *CURVE)


@dataclass(frozen=True)
class Told:
    """What was told at one origin.

    Parameters
    ----------
    origin
        Periods of the history known.
    items
        Rows of the history that were known of, ``(n_told,)``.
    law
        Of each item's demand over the stretch after the origin, row by row `items`.
    unit_milli
        Thousandths of the stock unit in the law's unit, ``(n_told,)``.
    """

    origin: int
    items: Int64Array1D
    law: DemandLaw
    unit_milli: Int64Array1D

    def take(self, rows: Int64Array1D | NDArray[np.bool_]) -> Told:
        """Return what was told of some of the items."""
        return Told(self.origin, self.items[rows], self.law.take(rows), self.unit_milli[rows])


@dataclass(frozen=True)
class Method:
    """What one method is worth.

    Parameters
    ----------
    name, law
        `OURS`, `OURS_ALL`, or one of the baselines, and the law about its mean; the law is empty for ours.
    sums
        Over all origins.
    curve
        Stock against service; None for `OURS_ALL`.
    """

    name: str
    law: str
    sums: Sums
    curve: Curve | None


@dataclass(frozen=True)
class Backtest:
    """The outcome.

    Parameters
    ----------
    length
        Periods of the stretch.
    origins
        Label of the last period known at each.
    methods
        Ours first, then the baselines.
    items
        Items judged beside the baselines, and items in all.
    left_out
        Rows, over all origins, whose stretch was not seen whole.
    unforeseen
        Stock units that came of items nobody knew of at the origin, over all origins.
    """

    length: int
    origins: tuple[str, ...]
    methods: tuple[Method, ...]
    items: tuple[int, int]
    left_out: int
    unforeseen: float


def sums_of(history: DemandHistory, told: Told, length: int, cost: Float64Array1D) -> Sums:
    """Return the sums over the items judged at one origin; arguments as for `backtest`."""
    return _sums(told, _Came.after(history, told, length), cost)


def origins_of(period_count: int, length: int, wanted: int, step: int, least: int) -> tuple[int, ...]:
    """Return periods known at the latest origins that leave room for the stretch, rising.

    Parameters
    ----------
    period_count, length
        Periods of the history and of the stretch.
    wanted, step
        How many origins, and how many periods apart.
    least
        Periods that are known at the first.

    >>> origins_of(24, 3, 3, 3, 12)
    (15, 18, 21)
    """
    latest = range(period_count - length, least - 1, -step)
    return tuple(sorted(latest[:wanted]))


def backtest(
    history: DemandHistory, origins: tuple[int, ...], told: Iterable[Told], length: int, cost: Float64Array1D
) -> Backtest:
    """Judge what was told at each origin, and the baselines beside it.

    Parameters
    ----------
    history
        All that came, known or not at an origin.
    origins
        Periods known at each, rising.
    told
        What was told, one for each origin in their order; asked for one after another.
    length
        Periods of the stretch, one or more.
    cost
        Of a stock unit, ``(n_items,)``; ones where no cost is known.

    Raises
    ------
    ValueError
        If there is no origin.
    """
    if not origins:
        raise ValueError("a backtest needs an origin with the whole stretch after it, and enough history before it")
    spread = _spread(history, len(origins))
    beside = _Beside(lambda: RivalView.of(history.take(spread), origins, length), spread, _levels(origins, spread))

    def judged(turned: tuple[int, Told]) -> tuple[Sums, int, float]:
        turn, one = turned
        came = _Came.after(history, one, length)
        beside.judge(turn, one, came, cost)
        return _sums(one, came, cost), came.left_out, came.unforeseen

    every, left_out, unforeseen = Sums.nothing(), 0, 0.0
    for sums, left, unknown in one_behind(enumerate(told), judged):
        every, left_out, unforeseen = every + sums, left_out + left, unforeseen + unknown
    demand = history.quantity[spread] * (history.unit_milli[spread, None] / 1000)
    methods = beside.methods(origins, demand, cost[spread], length)
    if spread.size < history.item_count:
        methods = (Method(OURS_ALL, "", every, None), *methods)
    labels = history.axis.labels()
    known = tuple(labels[origin - 1] for origin in origins)
    return Backtest(length, known, methods, (spread.size, history.item_count), left_out, unforeseen)


@dataclass(frozen=True)
class _Came:
    """What came after one origin, of the items that can be judged.

    Parameters
    ----------
    row
        Rows of `Told` judged.
    item
        Their rows in the history.
    demand_milli
        Over the stretch.
    monthly
        Units asked for a month before the origin.
    """

    row: Int64Array1D
    item: Int64Array1D
    demand_milli: Int64Array1D
    monthly: Float64Array1D
    left_out: int
    unforeseen: float

    @classmethod
    def after(cls, history: DemandHistory, told: Told, length: int) -> _Came:
        ahead = slice(told.origin, told.origin + length)
        whole: NDArray[np.bool_] = np.all(history.availability[:, ahead] >= 1, axis=1)
        total = history.quantity[:, ahead].sum(axis=1) * history.unit_milli
        unknown = np.ones(history.item_count, dtype=np.bool_)
        unknown[told.items] = False
        row = np.flatnonzero(whole[told.items])
        item = told.items[row]
        return cls(
            row,
            item,
            total[item],
            _monthly(history, item, told.origin),
            told.items.size - row.size,
            float(total[unknown].sum()) / 1000,
        )


def _sums(told: Told, came: _Came, cost: Float64Array1D) -> Sums:
    law = told.law if came.row.size == told.items.size else told.law.take(came.row)
    said = Said.of_law(law, told.unit_milli[came.row], came.demand_milli, SERVICE)
    return Sums.of(said, came.demand_milli / 1000, came.monthly, cost[came.item])


class _Beside:
    """Ours and the baselines on the same items: sums and levels are gathered origin by origin."""

    def __init__(
        self,
        view_of: Callable[[], RivalView],
        spread: Int64Array1D,
        levels: dict[tuple[str, str], NDArray[np.float64]],
    ):
        self._view_of, self.spread, self.levels = view_of, spread, levels
        self.sums = {key: Sums.nothing() for key in levels}

    @cached_property
    def view(self) -> RivalView:
        """What the baselines say; worked out when it is first asked for, while our next law is."""
        return self._view_of()

    def judge(self, turn: int, told: Told, came: _Came, cost: Float64Array1D) -> None:
        """Add one origin: the sums over the items judged, and the levels of all that were told of."""
        place = np.full(cost.size, -1, dtype=np.int64)
        place[self.spread] = np.arange(self.spread.size)
        known = np.flatnonzero(place[told.items] >= 0)
        mine = place[told.items[known]]
        demand_milli = np.zeros(cost.size, dtype=np.int64)
        demand_milli[came.item] = came.demand_milli
        came_milli = demand_milli[told.items[known]]
        counted = np.flatnonzero(np.isin(told.items[known], came.item))
        monthly = came.monthly[np.isin(came.item, told.items[known])]
        for (name, law), levels in self.levels.items():
            if name == OURS:
                said = Said.of_law(told.law.take(known), told.unit_milli[known], came_milli, _SHARES)
                unit = told.unit_milli[known]
            else:
                said = self.view.said(name, law, turn, mine, came_milli, _SHARES)
                unit = self.view.unit_milli[mine]
            levels[turn, mine] = whole_levels(said.levels[:, len(SERVICE) :], unit)
            items = told.items[known[counted]]
            of_one = Sums.of(said.take(counted), came_milli[counted] / 1000, monthly, cost[items])
            self.sums[(name, law)] += of_one

    def methods(
        self, origins: tuple[int, ...], demand: Float64Array2D, cost: Float64Array1D, length: int
    ) -> tuple[Method, ...]:
        """Return every method with its sums and its curve."""
        return tuple(
            Method(*key, self.sums[key], replay(levels, origins, demand, cost, length))
            for key, levels in self.levels.items()
        )


def _levels(origins: tuple[int, ...], spread: Int64Array1D) -> dict[tuple[str, str], NDArray[np.float64]]:
    keys = [(OURS, ""), *((name, law) for name in BASELINES for law in (NORMAL, COUNTS))]
    return {key: np.zeros((len(origins), spread.size, len(CURVE))) for key in keys}


def _spread(history: DemandHistory, origins: int) -> Int64Array1D:
    """Return the rows judged beside the baselines: all, or evenly spread in the order of store and part number."""
    most = max(RIVAL_ROWS // origins, 1)
    if history.item_count <= most:
        return np.arange(history.item_count)
    order = history.canonical_order
    return np.sort(order[:: -(-order.size // most)])


def _monthly(history: DemandHistory, items: Int64Array1D, origin: int) -> Float64Array1D:
    """Return the stock units asked for a month, over what was seen of the twelve months before the origin."""
    months = 1.0 if history.axis.kind is PeriodKind.MONTH else 12 / 52.18
    year = slice(max(0, origin - round(12 / months)), origin)
    asked: Int64Array2D = history.quantity[items, year]
    seen = (history.observation[items, year] == Observation.SEEN).sum(axis=1)
    units = asked.sum(axis=1) * history.unit_milli[items] / 1000
    return np.asarray(units / (np.maximum(seen, 1) * months), dtype=np.float64)


def told_of_panel(
    history: DemandHistory, origins: tuple[int, ...], law_at: Iterable[tuple[DemandLaw, Int64Array1D]]
) -> Iterator[Told]:
    """Yield what laws of all items tell at each origin, of those that were on sale by then.

    Parameters
    ----------
    law_at
        For each origin the laws of all items of the history, and their unit.
    """
    for origin, (law, unit_milli) in zip(origins, law_at, strict=True):
        on_sale = (history.observation[:, :origin] != Observation.BEFORE_LAUNCH).any(axis=1)
        items = np.flatnonzero(on_sale)
        known = law if items.size == history.item_count else law.take(items)
        yield Told(origin, items, known, unit_milli[items])
