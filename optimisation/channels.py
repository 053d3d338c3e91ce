"""Stock order against urgent order: what should come now, at a surcharge, because the stock order comes too late.

Two deliveries are to be had: the urgent one is here after L_u days, the stock one after L_s > L_u. A customer who
already waits is served by the urgent order. Beyond that, y units ordered urgently fill demand that the shelf would
miss between the two deliveries; from net stock p they avoid

    A(y) = Σ_{k = p}^{p + y − 1} (F_u(k) − F_s(k))    units short,

F_u and F_s the laws of demand until the one and the other delivery. They are ordered if what they avoid is worth more
than the surcharge; the best whole number of packs is found over the whole curve, not pack by pack, because the first
may avoid nothing that the second does not. A(y) follows from E[(D − p)⁺] = Σ_{k ≥ p} P(D > k).

It is not asked which day inside the gap an order already under way arrives: all that is on order counts as here.
"""

from __future__ import annotations

import numpy as np

from demand.distribution import DemandLaw
from demand.history import Float64Array1D, Int64Array1D


def ragged_ranges(counts: Int64Array1D) -> tuple[Int64Array1D, Int64Array1D]:
    """Return the item and the running number 0, 1, 2, … of each entry of ragged rows with the given lengths.

    >>> [column.tolist() for column in ragged_ranges(np.array([2, 0, 1]))]
    [[0, 0, 2], [0, 1, 0]]
    """
    item = np.repeat(np.arange(counts.size), counts)
    starts = np.cumsum(counts) - counts
    return item, np.arange(item.size) - starts[item]


def shortage_avoided(
    until_urgent: DemandLaw, until_stock: DemandLaw, net_stock: Int64Array1D, upto: Int64Array1D, item: Int64Array1D
) -> Float64Array1D:
    """Return A: units short between the two deliveries that raising net stock would avoid.

    Parameters
    ----------
    until_urgent, until_stock
        Laws of demand until either delivery, demand units, ``n_items`` rows.
    net_stock
        p of each question, ``(n_questions,)``; below zero counts as zero: who waits is served first.
    upto
        p + y of each question, not below p, ``(n_questions,)``.
    item
        The item each question is about, ``(n_questions,)``.
    """
    sizes = np.maximum(until_urgent.sizes, until_stock.sizes)
    row, level = ragged_ranges(sizes)
    between = _cumulative_at(until_urgent, row, level) - _cumulative_at(until_stock, row, level)
    below = np.concatenate([[0.0], np.cumsum(np.maximum(between, 0))])
    starts = np.cumsum(sizes) - sizes

    def total(to: Int64Array1D) -> Float64Array1D:
        summed: Float64Array1D = below[starts[item] + np.clip(to, 0, sizes[item])]
        return summed

    return total(upto) - total(net_stock)


def bridge_packs(
    until_urgent: DemandLaw,
    until_stock: DemandLaw,
    position_milli: Int64Array1D,
    unit_milli: Int64Array1D,
    pack_milli: Int64Array1D,
    packs_max: Int64Array1D,
    worth_per_unit_e4: Float64Array1D,
    surcharge_per_pack_e4: Float64Array1D,
) -> Int64Array1D:
    """Return the packs of each item to order urgently so that worth avoided less surcharge is greatest.

    Parameters
    ----------
    until_urgent, until_stock
        Laws of demand until either delivery, ``n_items`` rows.
    position_milli
        Net stock before the order, thousandths; below zero where customers wait, and these are served first.
    unit_milli, pack_milli
        Content of a demand unit and of a pack, thousandths.
    packs_max
        Most packs to consider; 0 where the item is not to be bridged.
    worth_per_unit_e4
        What one demand unit short costs.
    surcharge_per_pack_e4
        What a pack costs more when ordered urgently.

    Returns
    -------
    ndarray of int, ``(n_items,)``
        Zero where no number of packs pays.
    """
    item, pack = ragged_ranges(packs_max)
    if not item.size:
        return np.zeros(packs_max.shape, dtype=np.int64)
    net = position_milli[item] // unit_milli[item]
    upto = (position_milli[item] + (pack + 1) * pack_milli[item]) // unit_milli[item]
    avoided = shortage_avoided(until_urgent, until_stock, net, upto, item)
    gain = avoided * worth_per_unit_e4[item] - (pack + 1) * surcharge_per_pack_e4[item]
    order = np.lexsort((pack, -gain, item))
    best = order[np.concatenate([[True], item[order][1:] != item[order][:-1]])]
    packs = np.zeros(packs_max.shape, dtype=np.int64)
    packs[item[best]] = np.where(gain[best] > 0, pack[best] + 1, 0)
    return packs


def _cumulative_at(law: DemandLaw, row: Int64Array1D, level: Int64Array1D) -> Float64Array1D:
    """Return P(D ≤ level) of the item of each entry, one where the level is beyond the law's last point."""
    running = np.cumsum(law.probability)
    before = np.concatenate([[0.0], running])[law.boundaries[:-1]]
    inside = np.minimum(level, law.sizes[row] - 1)
    share = running[law.boundaries[:-1][row] + inside] - before[row]
    return np.where(level >= law.sizes[row] - 1, 1.0, share)
