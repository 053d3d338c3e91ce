"""The two pooled heads: demand over a stretch as one count, and as times asked × size each time.

*Count*: demand over the stretch is negative binomial; its mean and its dispersion are log-linear in the item's states.
It is fitted on sums over the very stretch, so whatever months do to one another is in its numbers.

*Calls*: of the L periods of the stretch N have demand, N beta-binomial, each of a size of its own. The size law of an
item is its own past sizes drawn to 1 + S, S negative binomial, with mean and dispersion log-linear in the states: so
much for its like, and what it always does (in fours, in tens) stays.

    P(Y = y) = Σ_N P(N) · f*ᴺ(y),      f = (own sizes + α · NB law) / (own number + α)

α, in sizes seen, is chosen by the likelihood of sizes that came after, on a grid.

The calls are made of parts that are fitted apart, times without sizes and sizes without what all parts do together, and
may expect another total than was ever asked for over a stretch. The count is fitted on that very total, so the calls
are brought to its level over the panel, as far as origins are many (k and K: see `growth`):

    p ← p (Σ μ / Σ L p E f)^(k / (k + K))

Both stand on the same states and err differently; their averaged quantiles are better than either (see `blend`).
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from scipy import special

from demand.history import Float64Array1D, Float64Array2D, Int64Array1D
from forecasting.filters import log_negative_binomial
from forecasting.heads.growth import TRUST, independent_origins, passing_growth
from forecasting.heads.regression import Regression, fit_beta_binomial, fit_negative_binomial
from forecasting.heads.rows import DISTANT, MOST_ROWS, Rows, Target, training_rows, with_distance
from forecasting.heads.states import Means, Past, States, states_at

LONGEST_IN_CALLS = 12
"""Periods beyond which the stretch is told by the count alone: calls of so many periods are a count."""
LEAST_ROWS, LEAST_ASKED = 200, 60
"""Rows, and rows with demand, below which nothing is fitted."""
TRUSTS = (2.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 1e6)
"""α to choose from; the last is to believe the regression alone."""
_FAR = 1.3
"""Factor of a season beyond which sizes rise with it: less is a month's, and what is asked for in fours stays so."""
_COMPARED = 6_000
"""Items over which the level of both heads is compared."""
_CALENDAR = 0.5
"""Share of a column's spread that must lie between items; less, and it tells the calendar rather than the item."""

_COUNT = (
    *("one", "level_0.7", "level_0.85", "level_0.93", "level_0.97", "level_all", "level_1", "often_3", "often_all"),
    *("often_0.85", "often_0.97", "since_last", "since_last_in_gaps", "size", "size_spread", "age"),
    *("level_all*level_all", "size*level_all", "since_last*age"),
)
_COUNT_SPREAD = (
    *("one", "level_12", "often_all", "size", "since_last", "dispersion", "age"),
    *("level_all*level_all", "size*size"),
)
_CALLS = (
    *("one", "often_0.7", "often_0.85", "often_0.93", "often_0.97", "often_all", "level_1", "level_all"),
    *("since_last", "size", "age", "often_all*often_all"),
)
_CALLS_SPREAD = ("one", "often_all", "since_last", "size", "age")
_SIZE = (
    *("one", "size", "size_12", "size_last", "level_all", "level_0.85", "often_all", "since_last"),
    *("size*size", "level_all*level_all"),
)
_SIZE_SPREAD = ("one", "size", "level_all", "dispersion")


@dataclass(frozen=True)
class Heads:
    """Both heads, fitted for one target.

    Parameters
    ----------
    target
        The stretch they speak of.
    names
        Columns used, of each of the six predictors.
    count, calls, size
        The regressions; no calls where the stretch is longer than `LONGEST_IN_CALLS`.
    """

    target: Target
    names: dict[str, tuple[str, ...]]
    count: Regression
    calls: Regression | None
    size: Regression | None
    trust: float
    """α: own sizes worth as much as what is known of the item's like."""
    calls_level: float = 1.0
    """What p is multiplied by."""


@dataclass(frozen=True)
class Sizes:
    """What is asked at a time, in a period that has demand.

    Parameters
    ----------
    names
        Columns used, by predictor.
    regression
        Of the pieces beyond the first; None where too little was asked.
    trust
        α, see `Heads`.
    """

    names: dict[str, tuple[str, ...]]
    regression: Regression | None
    trust: float


@dataclass(frozen=True)
class Numbers:
    """What the heads say of each item, each ``(n_items,)`` but for `own`.

    Parameters
    ----------
    count_mean, count_size
        μ and r of the count.
    share, precision
        p and θ of the periods with demand.
    piece_mean, piece_size
        m and s of the pieces beyond the first.
    own
        Past demand, ``(n_items, n_periods)``, for the sizes in it.
    trust
        α of the own sizes, ``(n_items,)``.
    filter_mean, filter_size
        μ and r of the filter, who is heard beside the heads.
    length
        L.
    """

    count_mean: Float64Array1D
    count_size: Float64Array1D
    share: Float64Array1D
    precision: Float64Array1D
    piece_mean: Float64Array1D
    piece_size: Float64Array1D
    own: Float64Array2D
    trust: Float64Array1D
    filter_mean: Float64Array1D
    filter_size: Float64Array1D
    length: int

    def take(self, items: Int64Array1D) -> Numbers:
        """Return the numbers of some items, in the order asked."""
        columns = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "length"}
        return replace(self, **{name: column[items] for name, column in columns.items()})

    def calls_mean(self) -> Float64Array1D:
        """Return what the calls expect, L p E f, ``(n_items,)``."""
        seen, total = (self.own > 0).sum(axis=1), self.own.sum(axis=1)
        size = (total + self.trust * (1 + self.piece_mean)) / (seen + self.trust)
        return np.asarray(self.length * self.share * size, dtype=np.float64)

    def scaled(self, factor: float) -> Numbers:
        """Return the numbers of items of which so many times as much is expected."""
        return replace(
            self,
            count_mean=self.count_mean * factor,
            share=np.minimum(self.share * factor, 1 - 1e-9),
            filter_mean=self.filter_mean * factor,
        )


def fit(past: Past, means: Means, target: Target, sizes: Sizes, most: int = MOST_ROWS) -> Heads | None:
    """Fit both heads on all that is known, or return None where that is too little."""
    rows = training_rows(past, means, target, most)
    if rows is None or rows.demand.size < LEAST_ROWS or (rows.demand > 0).sum() < LEAST_ASKED:
        return None
    usable = _between_items(rows)
    distant = tuple(f"distance_{name}" for name in DISTANT) if target.farthest > 1 else ()
    wanted = {
        "count": _COUNT + tuple(n for n in distant if "often" not in n),
        "count_spread": _COUNT_SPREAD + distant[:1],
        "calls": _CALLS + tuple(n for n in distant if "level" not in n),
        "calls_spread": _CALLS_SPREAD + distant[:1],
    }
    names = {key: _usable(columns, usable) for key, columns in wanted.items()} | sizes.names
    offset = np.log(rows.available)
    x, z = (columns_of(rows.states, names[key]) for key in ("count", "count_spread"))
    passing = passing_growth(rows, target)
    count = fit_negative_binomial(x, z, rows.demand, rows.weight, offset).lowered(passing[0])
    if target.length > LONGEST_IN_CALLS:
        return Heads(target, names, count, None, None, 1.0)
    x, z = (columns_of(rows.states, names[key]) for key in ("calls", "calls_spread"))
    calls = fit_beta_binomial(x, z, rows.occurrences, target.length, rows.weight, offset).lowered(passing[1])
    heads = Heads(target, names, count, calls, sizes.regression, sizes.trust)
    origins = independent_origins(rows, target)
    return replace(heads, calls_level=_level_of_count(heads, past, means) ** (origins / (origins + TRUST)))


def fit_sizes(past: Past, means: Means, most: int = MOST_ROWS) -> Sizes:
    """Fit pieces beyond the first of the next period that has demand, and α; whatever the stretch wanted."""
    rows = training_rows(past, means, Target(1), most)
    if rows is None or (rows.demand > 0).sum() < LEAST_ASKED:
        return Sizes({}, None, 1.0)
    usable = _between_items(rows)
    names = {"size": _usable(_SIZE, usable), "size_spread": _usable(_SIZE_SPREAD, usable)}
    asked = rows.take(rows.demand > 0)
    columns = columns_of(asked.states, names["size"]), columns_of(asked.states, names["size_spread"])
    found = fit_negative_binomial(*columns, asked.demand - 1, asked.weight, np.zeros(asked.demand.size))
    eta, rho = found.predict(*columns)
    law = np.exp(log_negative_binomial((asked.demand - 1).astype(np.int64), np.exp(eta), np.exp(-rho)))
    same, number = asked.states["same_size"], asked.states["sizes_seen"]
    likelihood = [float((asked.weight * np.log((same + a * law) / (number + a) + 1e-12)).sum()) for a in TRUSTS]
    return Sizes(names, found, TRUSTS[int(np.argmax(likelihood))])


def numbers(
    heads: Heads | None,
    states: States,
    past: Past,
    filtered: tuple[Float64Array1D, Float64Array1D],
    length: int,
    season: Float64Array1D | float = 1.0,
) -> Numbers:
    """Return what heads and filter say of items in these states.

    Parameters
    ----------
    heads
        As fitted; None where only the filter speaks, and the heads' numbers are those of nothing.
    states
        With the distance, see `rows.with_distance`.
    past
        The same items' past. A mean above the most asked for in one period, in every period, is not believed.
    filtered
        μ and r of the filter, each ``(n_items,)``.
    length
        L.
    season
        Mean factor of the season over the stretch, above zero, ``(n_items,)``; the filter's numbers have it in.
    """
    own = past.demand[:, : past.period_count].astype(np.float64)
    highest = own.max(axis=1, initial=0.0)
    nothing = np.full(highest.size, -15.0), np.zeros(highest.size)
    said = {"count": nothing, "calls": nothing, "size": nothing}
    if heads is not None:
        for key, regression in (("count", heads.count), ("calls", heads.calls), ("size", heads.size)):
            if regression is not None:
                columns = columns_of(states, heads.names[key]), columns_of(states, heads.names[f"{key}_spread"])
                said[key] = regression.predict(*columns)
    # The share itself carries the season: odds of a part asked for nearly always hardly move, and its sizes do not at
    # all. A peak has less room there than a dip; where it is far beyond, as after a break, the sizes rise.
    bound, lifted = highest + 1.0, season * (heads.calls_level if heads else 1.0)
    wanted = special.expit(np.clip(said["calls"][0], -12, 12)) * lifted
    found = Numbers(
        np.minimum(
            np.exp(np.clip(said["count"][0] + np.log(season), -15, 14)), length * bound * np.maximum(season / _FAR, 1.0)
        ),
        np.exp(-np.clip(said["count"][1], -6, 6)),
        np.minimum(wanted, 1 - 1e-9),
        np.exp(np.clip(said["calls"][1], -4, 6)),
        np.minimum(np.exp(np.clip(said["size"][0], -15, 14)), bound),
        np.exp(-np.clip(said["size"][1], -6, 6)),
        own,
        np.full(highest.size, heads.trust if heads else 1.0),
        *filtered,
        length,
    )
    return found if past.season is None else _larger(found, wanted)


def _larger(found: Numbers, wanted: Float64Array1D) -> Numbers:
    """Return the numbers with larger sizes where more periods with demand are wanted, by `_FAR`, than there are."""
    far = np.flatnonzero(wanted > _FAR)
    if not far.size:
        return found
    own, piece_mean = found.own.copy(), found.piece_mean.copy()
    own[far] = np.floor(own[far] * wanted[far, None] + 0.5)
    piece_mean[far] = (1 + piece_mean[far]) * wanted[far] - 1
    return replace(found, own=own, piece_mean=piece_mean)


def _level_of_count(heads: Heads, past: Past, means: Means) -> float:
    """Return what the count expects of items spread over the panel, per unit that the calls expect."""
    few = past.take(np.arange(0, past.item_count, -(-past.item_count // _COMPARED)))
    states = with_distance(states_at(few, means), (1 + heads.target.farthest) // 2)
    unheard = np.zeros(few.item_count), np.ones(few.item_count)
    said = numbers(heads, states, few, unheard, heads.target.length)
    return float(said.count_mean.sum() / said.calls_mean().sum())


def columns_of(states: States, names: tuple[str, ...]) -> Float64Array2D:
    """Return the columns named, ``(n_columns, n_rows)``; ``a*b`` is a product of two."""
    columns = np.empty((len(names), states["one"].size))
    for i, name in enumerate(names):
        first, _, second = name.partition("*")
        columns[i] = states[first] * states[second] if second else states[first]
    return columns


def _usable(columns: tuple[str, ...], usable: set[str]) -> tuple[str, ...]:
    return tuple(name for name in columns if set(name.split("*")) <= usable)


def _between_items(rows: Rows) -> set[str]:
    """Return the columns that tell one item from another; rows of one origin share its weight."""
    origin = np.unique(rows.weight, return_inverse=True)[1]
    size = np.bincount(origin)
    usable = {"one", "distance_one"}
    for name, column in rows.states.items():
        mean = np.bincount(origin, weights=column) / size
        within = column - mean[origin]
        if (within**2).sum() > _CALENDAR * ((column - column.mean()) ** 2).sum() > 0:
            usable.add(name)
    return usable
