"""What rules would have done on given demand: stock value against lines filled, and what was promised beside it.

A *world* is demand laid out step by step (a day of the books, a period of a bare panel) with the terms of supply. At
some steps levels are set anew, by what is known then; between, orders go out at every review. Each rule has one knob
(a goal, a factor of safety) and is tried at several settings of it at once, so that it draws a curve: two rules are
compared at the same share of lines filled, for a rule that fills more by holding more has shown nothing.

A *line* is what is asked for of an item within one step: on the books nearly always one order line, on a panel all
that is known. It is filled complete if the shelf has the whole of it at once.

What is *promised* is told when an order goes out, for the time from its arrival on. A level that has come down leaves
items above it for a while, and these fill more than their level would: where a rule knows what every level fills, its
promise is told from the positions that its orders lead to.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demand.history import Float64Array1D, Int64Array1D, Int64Array2D
from optimisation.rolling import Shelves
from optimisation.service import FillCurves
from optimisation.simulate import Unmet

OURS = "sparewise"
AS_SET = "sparewise-as-set"
"""The levels of a plan by the store's own settings: one point, not a curve."""


@dataclass(frozen=True)
class World:
    """Demand and the terms of supply.

    Parameters
    ----------
    demand
        Demand units asked for, ``(n_items, n_steps)``.
    cost_e4
        Of a demand unit, ten-thousandths, ``(n_items,)``.
    lead_steps, pack
        L in steps, and demand units of a pack, ``(n_items,)``.
    reviewed
        Whose turn it is to be ordered at each step, ``(n_items, n_steps)``.
    unmet
        What becomes of demand that the shelf cannot fill.
    warm_up
        First steps that are lived through and not counted.
    set_at
        Steps before which levels are set anew, rising from 0.

    Raises
    ------
    ValueError
        If levels are not set before the first step, or nothing is left to count.
    """

    demand: Int64Array2D
    cost_e4: Float64Array1D
    lead_steps: Int64Array1D
    pack: Int64Array1D
    reviewed: NDArray[np.bool_]
    unmet: Unmet
    warm_up: int
    set_at: tuple[int, ...]

    def __post_init__(self) -> None:
        if not self.set_at or self.set_at[0] != 0:
            raise ValueError("levels are set before the first step")
        if not 0 <= self.warm_up < self.demand.shape[1]:
            raise ValueError("the steps to warm up are fewer than those there are")


@dataclass(frozen=True)
class Stand:
    """Levels of one rule, set at one moment, each knob a column.

    Parameters
    ----------
    rule
        Its name.
    knobs
        Settings tried, ``n_tries``.
    reorder_point, order_up_to
        s and S in demand units, ``(n_items, n_tries)``.
    promised
        Share of lines that are said to be filled, ``(n_tries,)``; None of a rule that says nothing.
    curves
        What every level of every item fills; where given, the promise is told from the positions.
    """

    rule: str
    knobs: tuple[float, ...]
    reorder_point: Int64Array2D
    order_up_to: Int64Array2D
    promised: Float64Array1D | None = None
    curves: FillCurves | None = None

    @classmethod
    def up_to(
        cls, rule: str, knobs: tuple[float, ...], level: Int64Array2D, promised: Float64Array1D | None = None
    ) -> Stand:
        """Return levels that are restored at every review."""
        return cls(rule, knobs, level - 1, level, promised)

    def promises(self, position: Int64Array2D) -> Float64Array1D | None:
        """Return the share of lines said to be filled where orders have led to these positions, ``(n_tries,)``."""
        if self.curves is None or not self.curves.lines.any():
            return self.promised
        filled = [float(self.curves.complete_lines_at(column).sum()) for column in position.T]
        return np.array(filled) / float(self.curves.lines.sum())


@dataclass(frozen=True)
class Tried:
    """What came of one rule at each setting of its knob, ``(n_tries,)`` each.

    Parameters
    ----------
    rule, knobs
        As set.
    stock_e4
        Mean value of the shelf, half before and half after each step's demand.
    line_fill, unit_fill
        Shares filled at once: of the lines, complete; of the units, by their value.
    promised
        Share of lines that was said, the mean over the steps counted, told when their orders went out; None of a rule
        that says nothing.
    ordered_e4
        Value ordered.
    short_units, left_units
        Units not filled at once; and those on the shelf after the demand, summed over the steps.
    """

    rule: str
    knobs: tuple[float, ...]
    stock_e4: Float64Array1D
    line_fill: Float64Array1D
    unit_fill: Float64Array1D
    promised: Float64Array1D | None
    ordered_e4: Float64Array1D
    short_units: Float64Array1D
    left_units: Float64Array1D

    def stock_at(self, line_fill: float) -> float | None:
        """Return the stock value at a share of lines, straight between the tries; None beyond either end."""
        return _between(self.line_fill, self.stock_e4, line_fill)

    def promised_at(self, line_fill: float) -> float | None:
        """Return what was promised where a share of lines came true."""
        return None if self.promised is None else _between(self.line_fill, self.promised, line_fill)


@dataclass(frozen=True)
class Simulation:
    """The outcome.

    Parameters
    ----------
    rules
        Ours first.
    items, lines
        Items, and lines asked for in the steps counted.
    counted
        Labels of the first and the last step counted.
    unmet
        What became of demand that the shelf could not fill.
    futures
        Sampled futures it is the mean of; 0 of a replay of what came.
    """

    rules: tuple[Tried, ...]
    items: int
    lines: int
    counted: tuple[str, str]
    unmet: Unmet
    futures: int = 0

    def rule(self, name: str) -> Tried:
        """Return what came of a rule."""
        return next(tried for tried in self.rules if tried.rule == name)


def replayed(world: World, stands: Iterable[tuple[Stand, ...]]) -> tuple[tuple[Tried, ...], int]:
    """Return what came of every rule, and the lines asked for.

    Parameters
    ----------
    world
        Demand and the terms of supply.
    stands
        The levels of all rules at each of `World.set_at`, the same rules in the same turn each time. They are asked
        for one after another as time goes on. The first ones lie on the shelf at the beginning.
    """
    moments, shelves = iter(stands), list[Shelves]()
    said: list[list[Float64Array1D]] = []
    latest: list[Float64Array1D | None] = []
    now: tuple[Stand, ...] = ()
    settings, ahead = set(world.set_at), int(world.lead_steps.min(initial=world.warm_up))
    told = range(world.warm_up - ahead, world.demand.shape[1] - ahead)
    for step in range(world.demand.shape[1]):
        if step in settings:
            now = next(moments)
            shelves = shelves or [
                Shelves(np.maximum(each.order_up_to, 0), world.lead_steps, world.pack, world.unmet) for each in now
            ]
            said = said or [[] for _ in now]
            latest = latest or [each.promised for each in now]
        for place, (shelf, each, promise) in enumerate(zip(shelves, now, said, strict=True)):
            shelf.order(each.reorder_point, each.order_up_to, world.reviewed[:, step])
            if world.reviewed[:, step].any():
                latest[place] = each.promises(shelf.position)
            if step in told and (share := latest[place]) is not None:
                promise.append(share)
            shelf.ask(world.demand[:, step], step >= world.warm_up)
    found = [_tried(world, *each) for each in zip(now, shelves, said, strict=True)]
    return tuple(found), int((world.demand[:, world.warm_up :] > 0).sum())


def together(paths: list[tuple[Tried, ...]]) -> tuple[Tried, ...]:
    """Return the mean over futures that are as likely as one another, rule by rule."""

    def mean(rule: int, name: str) -> Float64Array1D:
        return np.asarray(np.mean([getattr(path[rule], name) for path in paths], axis=0), dtype=np.float64)

    def promised(rule: int) -> Float64Array1D | None:
        return None if paths[0][rule].promised is None else mean(rule, "promised")

    names = ("stock_e4", "line_fill", "unit_fill", "ordered_e4", "short_units", "left_units")
    return tuple(
        Tried(each.rule, each.knobs, promised=promised(rule), **{name: mean(rule, name) for name in names})
        for rule, each in enumerate(paths[0])
    )


def _tried(world: World, stand: Stand, shelf: Shelves, said: list[Float64Array1D]) -> Tried:
    lived, cost = shelf.lived(), world.cost_e4
    lines, worth = int(lived.asked_steps.sum()), float(cost @ lived.asked)
    filled = lived.filled.sum(axis=0)
    return Tried(
        stand.rule,
        stand.knobs,
        cost @ lived.stock / lived.steps,
        lived.whole.sum(axis=0) / lines if lines else np.ones(filled.size),
        cost @ lived.filled / worth if worth else np.ones(filled.size),
        np.mean(said, axis=0) if said else None,
        cost @ lived.ordered,
        (lived.asked.sum() - filled).astype(np.float64),
        lived.left.sum(axis=0).astype(np.float64),
    )


def _between(share: Float64Array1D, value: Float64Array1D, wanted: float) -> float | None:
    order = np.argsort(share, kind="stable")
    if not share[order[0]] <= wanted <= share[order[-1]]:
        return None
    return float(np.interp(wanted, share[order], value[order]))
