"""Order lines of several units: the law of their total, and what an (r, nQ) policy fills of units and of whole lines.

Order lines arrive as a Poisson process, Λ of them in a lead time; their sizes X are independent. The total D obeys

    P(D = 0) = exp(−Λ (1 − P(X = 0))),    P(D = k) = (Λ/k) Σ_{x=1..k} x P(X = x) P(D = k − x)    (Panjer 1981)

An order of n packs of Q is placed whenever the position falls to r or below, as few as lift it above r; the position is
then r + 1, …, r + Q equally often (Hadley & Whitin 1963, §4.10). With y the position, y − D is the stock net of
backorders that a line finds (Poisson calls see time averages, Wolff 1982), and over the positions

    ready rate          P(y − D > 0)
    unit fill           E[min(X, (y − D)⁺)] / E[X] = Σ_{i≥0} P(X > i) P(y − D > i) / E[X]
    complete-line fill  Σ_x P(X = x) P(y − D ≥ x)

Units: whole demand units; rate and lead time in one unit of time. (Where all sizes and Q share a divisor, see
`review_packs`.)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from demand.distribution import DemandLaw
from demand.history import Float64Array1D, Float64Array2D, Int64Array1D
from optimisation.policies.columns import column, require
from optimisation.policies.laws import TABLE_TAIL, GivenLaw, LawTable, chunks

_LINES_MAX = 600.0
"""With more lines at once P(D = 0) leaves floating point: the time is halved, and the law summed with itself."""


_UNITS_MAX = 20_000
"""Units expected over a lead time: beyond it a law by the unit tells nothing that a normal one does not."""


@dataclass(frozen=True)
class LineService:
    """What (r, nQ) policies achieve, ``(n_items,)`` each.

    Parameters
    ----------
    ready_rate
        Share of time with something on the shelf.
    unit_fill
        Share of units filled at once.
    complete_line_fill
        Share of order lines filled whole at once.
    """

    ready_rate: Float64Array1D
    unit_fill: Float64Array1D
    complete_line_fill: Float64Array1D


def compound_poisson(lines: ArrayLike, size: DemandLaw) -> GivenLaw:
    """Return the laws of the total of a Poisson number of order lines.

    Parameters
    ----------
    lines
        Λ: order lines expected, zero or more, ``(n_items,)``.
    size
        Law of the size of a line, ``n_items`` rows.

    Raises
    ------
    ValueError
        If a number of lines is below zero.

    >>> compound_poisson([1.0], DemandLaw.from_rows([[0.0, 1.0]])).law.row(0)[:2].round(4).tolist()
    [0.3679, 0.3679]
    """
    count = column(lines, size.item_count)
    require((count >= 0) & np.isfinite(count), "the number of order lines is zero or more")
    require(count * size.mean() <= _UNITS_MAX, f"order lines ask for at most {_UNITS_MAX:,} units over a lead time")
    rows: list[Float64Array1D] = [np.zeros(0)] * size.item_count
    sizes = GivenLaw(size)
    parts = np.exp2(np.ceil(np.log2(np.maximum(count / _LINES_MAX, 1.0))))
    for items in chunks(count * sizes.mean + 8 * np.sqrt(count + 1) * sizes.widths()):
        table = _panjer(count[items] / parts[items], sizes.take(items).table().probability)
        whole = GivenLaw(DemandLaw.from_rows(list(table.T / table.sum(axis=0)[:, None]))).over(parts[items])
        for row, item in enumerate(items.tolist()):
            rows[item] = np.trim_zeros(whole.law.row(row), "b")
    return GivenLaw(DemandLaw.from_rows(rows))


def line_service(
    line_rate: ArrayLike, lead_time: ArrayLike, size: DemandLaw, reorder_point: Int64Array1D, pack: Int64Array1D
) -> LineService:
    """Return what given (r, nQ) policies achieve.

    Parameters
    ----------
    line_rate
        Order lines per unit of time, above zero, ``(n_items,)``.
    lead_time
        Zero or more.
    size
        Law of the size of a line; P(0) = 0.
    reorder_point, pack
        r, and Q above zero, ``(n_items,)``.

    Raises
    ------
    ValueError
        If an input is outside its range.
    """
    rate, lead = column(line_rate, size.item_count), column(lead_time, size.item_count)
    require((rate > 0) & np.isfinite(rate), "order lines per unit of time are above zero")
    require((lead >= 0) & np.isfinite(lead), "a lead time is zero or more")
    require(pack >= 1, "a pack holds one unit or more")
    require(size.probability[size.boundaries[:-1]] == 0, "an order line asks for one unit or more")
    total, sizes = compound_poisson(rate * lead, size), GivenLaw(size)
    ready, units, whole = np.zeros(rate.size), np.zeros(rate.size), np.zeros(rate.size)
    for items in chunks(total.widths() + sizes.widths()):
        position = _Positions(total.take(items).table(), reorder_point[items], pack[items])
        line = sizes.take(items).table().probability
        above = 1 - np.cumsum(line, axis=0)  # P(X > i)
        ready[items] = position.net_at_least(1)
        for taken in range(line.shape[0]):
            units[items] += above[taken] * position.net_at_least(taken + 1)
            whole[items] += line[taken] * position.net_at_least(taken)
    return LineService(ready, units / sizes.mean, whole)


class _Positions:
    """P(y − D ≥ z) over the positions y = r + 1 … r + Q, from running sums of the law."""

    def __init__(self, law: LawTable, reorder_point: Int64Array1D, pack: Int64Array1D) -> None:
        self._summed = np.cumsum(np.minimum(law.at_most(), 1.0), axis=0)
        self._reorder, self._pack = reorder_point, pack

    def net_at_least(self, units: int) -> Float64Array1D:
        first, last = self._reorder - units, self._reorder + self._pack - units
        return (self._below(last) - self._below(first)) / self._pack

    def _below(self, level: Int64Array1D) -> Float64Array1D:
        """Return Σ P(D ≤ k) over 0 ≤ k ≤ level; beyond the table each level adds one."""
        end = self._summed.shape[0] - 1
        inside = self._summed[np.clip(level, 0, end), np.arange(level.size)]
        return np.where(level < 0, 0.0, inside + np.maximum(level - end, 0))


def _panjer(lines: Float64Array1D, size: Float64Array2D) -> Float64Array2D:
    """Panjer's recursion, all items in step, until nothing worth a digit is left; rows are totals, columns items."""
    longest = size.shape[0] - 1
    weight = lines * np.arange(1, longest + 1)[:, None] * size[1:]
    mean = float((weight.sum(axis=0)).max(initial=0.0))
    rows = np.zeros((int(mean) + 8 * longest + 16, lines.size))
    rows[0] = np.exp(-lines * (1 - size[0]))
    total = 0
    while True:
        total += 1
        if total == rows.shape[0]:
            rows = np.concatenate([rows, np.zeros_like(rows)])
        reach = min(total, longest)
        if reach:
            np.einsum("xi,xi->i", weight[:reach], rows[total - reach : total][::-1], out=rows[total])
            rows[total] /= total
        # No line is longer than `longest`: when so many totals in a row are out of reach, all later ones are.
        if total > mean and rows[max(total - longest, 0) + 1 : total + 1].max(initial=0.0) < TABLE_TAIL:
            return rows[: total + 1]
