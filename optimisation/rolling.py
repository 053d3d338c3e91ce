"""Shelves lived through step by step under levels that are set anew as time goes on: the ground of every replay.

`optimisation.simulate` asks what one policy does for ever. A planner sets levels again at each review, from what he
knows by then, so a replay gives the shelf its levels one review after another and never shows them what is to come.
Many settings of one rule are tried side by side: quantities are ``(n_items, n_tries)``, each column a world of its own
in which the same is asked for.

A step goes as there: what is due arrives; where an item is reviewed and its position lies at or below s, as few packs
as lift it to S or above are ordered, arriving L steps later (at once with L = 0); then demand is asked for. What the
shelf lacks waits (`Unmet.BACKORDER`), or is had elsewhere and leaves the shelf alone (`LOST`, `URGENT`). Of demand that
is filled in part, the part leaves the shelf. Stock is counted half before and half after the demand of each step.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demand.history import Float64Array2D, Int64Array1D, Int64Array2D
from optimisation.simulate import Unmet


@dataclass(frozen=True)
class Lived:
    """What happened, summed over the steps counted, ``(n_items, n_tries)`` each.

    Parameters
    ----------
    filled, whole
        Units filled at once; steps with demand that were filled whole.
    stock, left
        Units on the shelf, the mean of before and after each demand; and those after it.
    ordered
        Units ordered.
    asked, asked_steps
        Units asked for, and steps with demand, ``(n_items,)``.
    steps
        How many were counted.
    """

    filled: Int64Array2D
    whole: Int64Array2D
    stock: Float64Array2D
    left: Int64Array2D
    ordered: Int64Array2D
    asked: Int64Array1D
    asked_steps: Int64Array1D
    steps: int


class Shelves:
    """Shelves on their way through time; `order` and `ask` once a step, in this turn.

    Parameters
    ----------
    on_hand
        Units on the shelf before the first step, zero or more, ``(n_items, n_tries)``; nothing is on order.
    lead_time
        L of each item in steps, zero or more, ``(n_items,)``.
    pack
        Units of a pack, one or more, ``(n_items,)``.
    unmet
        What becomes of demand that the shelf cannot fill.

    Raises
    ------
    ValueError
        If a column is outside its range or of another length.
    """

    def __init__(self, on_hand: Int64Array2D, lead_time: Int64Array1D, pack: Int64Array1D, unmet: Unmet) -> None:
        items = on_hand.shape[0]
        if not items == lead_time.size == pack.size:
            raise ValueError("each item has its stock, its lead time and its pack")
        if on_hand.min(initial=0) < 0 or lead_time.min(initial=0) < 0 or pack.min(initial=1) < 1:
            raise ValueError("stock and lead times are zero or more, packs one or more")
        self._waits = unmet is Unmet.BACKORDER
        self._lead, self._pack, self._rows = lead_time, pack[:, None], np.arange(items)
        self._net, self._position = on_hand.copy(), on_hand.copy()
        self._due = np.zeros((int(lead_time.max(initial=0)) + 1, *on_hand.shape), dtype=np.int64)
        self._step, self._counted = 0, 0
        self._filled, self._whole, self._left, self._ordered = np.zeros((4, *on_hand.shape), dtype=np.int64)
        self._twice_stock = np.zeros(on_hand.shape, dtype=np.int64)
        self._asked, self._asked_steps = np.zeros((2, items), dtype=np.int64)

    def order(self, reorder_point: Int64Array2D, order_up_to: Int64Array2D, reviewed: NDArray[np.bool_]) -> None:
        """Take in what is due, and order for the items reviewed.

        Parameters
        ----------
        reorder_point, order_up_to
            s and S, s below S, ``(n_items, n_tries)``.
        reviewed
            Whose turn it is, ``(n_items,)``.
        """
        slots = self._due.shape[0]
        arriving = self._due[self._step % slots]
        self._net += arriving
        arriving[:] = 0
        if not reviewed.any():
            return
        short = np.where(reviewed[:, None] & (self._position <= reorder_point), order_up_to - self._position, 0)
        placed = -(-np.maximum(short, 0) // self._pack) * self._pack
        self._position += placed
        self._ordered += placed
        at_once = self._lead == 0
        self._net[at_once] += placed[at_once]
        later = ~at_once
        self._due[(self._step + self._lead[later]) % slots, self._rows[later]] += placed[later]

    def ask(self, demand: Int64Array1D, counts: bool = True) -> None:
        """Ask for the demand of the step, ``(n_items,)``; `counts` is false while the shelves warm up."""
        asked = demand[:, None]
        before = np.maximum(self._net, 0)
        served = np.minimum(before, asked)
        leaving = asked if self._waits else served
        self._net -= leaving
        self._position -= leaving
        self._step += 1
        if not counts:
            return
        after = before - served
        self._counted += 1
        self._filled += served
        self._whole += (served == asked) & (asked > 0)
        self._twice_stock += before + after
        self._left += after
        self._asked += demand
        self._asked_steps += demand > 0

    @property
    def position(self) -> Int64Array2D:
        """On hand and on order, less what is waited for, ``(n_items, n_tries)``; a copy."""
        return self._position.copy()

    def lived(self) -> Lived:
        """Return what happened until now."""
        return Lived(
            self._filled.copy(),
            self._whole.copy(),
            self._twice_stock / 2,
            self._left.copy(),
            self._ordered.copy(),
            self._asked.copy(),
            self._asked_steps.copy(),
            self._counted,
        )
