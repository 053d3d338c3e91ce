"""What happened after each earlier origin, beside what was known there: the rows a head is fitted on.

A row is an item at an origin: its `states` from the periods before, and its demand over the stretch after. The latest
origins that leave room for the stretch are used, and of each an evenly spread share of the items, another share each
time, so that months shared by all items (a good spring) are as many as the panel has and the rows no more than needed.

Where laws of single periods at several distances are wanted, each row stands at one distance, in rotation, and the
logarithm of the distance joins its columns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demand.history import Float64Array1D, Int64Array1D
from forecasting.heads.states import Means, Past, States, states_at

MOST_ROWS, MOST_ORIGINS = 32_000, 60
FIRST_ORIGIN_MONTHS, FIRST_ORIGIN_SHARE = 12, 1 / 3
"""What lies before the first origin that teaches: a year, or of a young panel a third."""
_FADES_BY = 0.97
"""Weight of an origin beside the one a month after it."""
DISTANT = ("one", "since_last", "level_0.7", "often_0.7", "age")
"""States whose meaning changes with the distance."""


@dataclass(frozen=True)
class Target:
    """The stretch of demand wanted.

    Parameters
    ----------
    length
        Periods summed, one or more.
    farthest
        Steps ahead at which the stretch may begin, 1 … farthest; 1 for demand over a lead time.
    """

    length: int
    farthest: int = 1


@dataclass(frozen=True)
class Rows:
    """Rows to fit on.

    Parameters
    ----------
    states
        Columns by name, each ``(n_rows,)``: with the distance and its products, and with how many past periods had
        demand, and how many just as much as the stretch has.
    demand, occurrences
        Demand over the stretch, and its periods with demand, ``(n_rows,)``.
    available
        Mean availability times season over the stretch, above 0, ``(n_rows,)``.
    weight
        Of the row's origin, ``(n_rows,)``.
    """

    states: States
    demand: Float64Array1D
    occurrences: Float64Array1D
    available: Float64Array1D
    weight: Float64Array1D

    def take(self, chosen: NDArray[np.bool_]) -> Rows:
        """Return some rows."""
        states = {name: column[chosen] for name, column in self.states.items()}
        return Rows(states, self.demand[chosen], self.occurrences[chosen], self.available[chosen], self.weight[chosen])


def training_rows(past: Past, means: Means, target: Target, most: int = MOST_ROWS) -> Rows | None:
    """Return the rows of all earlier origins, or None where no origin leaves room."""
    first, latest = first_origin(past), past.period_count - target.length
    origins = range(latest, max(first - 1, latest - MOST_ORIGINS), -1)
    share = max(1, -(-past.item_count * len(origins) // most))
    found = []
    for turn, origin in enumerate(origins):
        items = np.arange(turn % share, past.item_count, share)
        step = 1 + (7 * items + 5 * origin) % target.farthest
        fits = origin + step - 1 + target.length <= past.period_count
        rows = _rows_at(past, means, items[fits], origin, step[fits], target.length)
        weight = _FADES_BY ** (past.months * (origins[0] - origin))
        found.append(_weighted(rows, weight))
    return joined(found) if found and sum(rows.demand.size for rows in found) else None


def first_origin(past: Past) -> int:
    """Return how many periods the first origin knows that teaches."""
    return max(1, round(min(FIRST_ORIGIN_MONTHS / past.months, past.period_count * FIRST_ORIGIN_SHARE)))


def with_distance(states: States, step: Int64Array1D | int) -> States:
    """Return states with the logarithm of the distance, and its products with those of `DISTANT`."""
    distance = np.log(np.asarray(step, dtype=np.float64)) * states["one"]
    return states | {f"distance_{name}": distance * states[name] for name in DISTANT}


def joined(parts: list[Rows]) -> Rows:
    """Return the rows of all parts, one part after another."""
    names = parts[0].states
    return Rows(
        {name: np.concatenate([part.states[name] for part in parts]) for name in names},
        np.concatenate([part.demand for part in parts]),
        np.concatenate([part.occurrences for part in parts]),
        np.concatenate([part.available for part in parts]),
        np.concatenate([part.weight for part in parts]),
    )


def _rows_at(past: Past, means: Means, items: Int64Array1D, origin: int, step: Int64Array1D, length: int) -> Rows:
    known = past.take(items)
    ahead = origin + step[:, None] - 1 + np.arange(length)
    place = (np.arange(items.size)[:, None], np.minimum(ahead, past.period_count - 1))
    demand = known.demand[place].astype(np.float64)
    available = known.exposed[place].mean(axis=1)
    whole = known.seen[place].all(axis=1) & known.seen[:, :origin].any(axis=1) & (available > 0)
    states = with_distance(states_at(known.until(origin), means), step)
    total = known.demand[place].sum(axis=1)
    states["sizes_seen"] = (known.demand[:, :origin] > 0).sum(axis=1).astype(np.float64)
    states["same_size"] = (known.demand[:, :origin] == total[:, None]).sum(axis=1).astype(np.float64)
    rows = Rows(
        states,
        demand.sum(axis=1),
        (demand > 0).sum(axis=1).astype(np.float64),
        available,
        np.ones(items.size),
    )
    return rows.take(whole)


def _weighted(rows: Rows, weight: float) -> Rows:
    return Rows(rows.states, rows.demand, rows.occurrences, rows.available, rows.weight * weight)
