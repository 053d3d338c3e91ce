"""The parts counter's own habit: a plain minimum and maximum from last year's hits, with each person's bias.

A part is stocked once it was asked for four times in twelve months and dropped after none. The minimum covers the
lead time and a review week with some margin, the maximum a month more; both times a bias that stays with the part
(lognormal, assumed), so that some parts run out and others pile up.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from data_samples.catalogue import Catalogue
from data_samples.columns import Bools, Floats, Ints
from data_samples.supply import channel

HITS_TO_STOCK: Final = 4
MARGIN: Final = 0.85
COVER_DAYS: Final = 30.0
BIAS_SPREAD: Final = 0.65


@dataclass(frozen=True)
class Terms:
    """Ordering terms of every part, as columns.

    Attributes
    ----------
    pack_milli, moq_milli : array of int
        Thousandths of the stock unit.
    lead_time_days : array of float
        Mean of the stock channel.
    supplier : tuple of str
    """

    pack_milli: Ints
    moq_milli: Ints
    lead_time_days: Floats
    supplier: tuple[str, ...]


def terms_of(catalogue: Catalogue) -> Terms:
    """Give the ordering terms of a catalogue's parts.

    Parameters
    ----------
    catalogue : Catalogue

    Returns
    -------
    Terms
    """
    items = [catalogue.item_of(part) for part in range(len(catalogue))]
    return Terms(
        pack_milli=np.array([round(1000 * i.pack) for i in items], dtype=np.int64),
        moq_milli=np.array([round(1000 * max(i.moq, i.pack)) for i in items], dtype=np.int64),
        lead_time_days=np.array([channel(i.supplier, "stock").lead_time_days_mean for i in items]),
        supplier=tuple(i.supplier for i in items),
    )


def whole_packs(wanted: Ints, pack: Ints, moq: Ints) -> Ints:
    """Round quantities up to whole packages and to the least quantity of a line.

    Parameters
    ----------
    wanted, pack, moq : array of int
        Thousandths.

    Returns
    -------
    array of int

    Examples
    --------
    >>> whole_packs(np.array([0, 4500]), np.array([4000, 4000]), np.array([4000, 4000])).tolist()
    [0, 8000]
    """
    packs = -(-np.maximum(wanted, np.where(wanted > 0, moq, 0)) // pack)
    return np.asarray(packs * pack, dtype=np.int64)


def levels(
    quantity: Ints, hits: Ints, stocked: Bools, bias: Floats, terms: Terms, largest: Ints
) -> tuple[Ints, Ints, Bools]:
    """Set minimum and maximum from the last twelve months.

    Parameters
    ----------
    quantity, hits : array of int
        Thousandths asked for, and lines, in the last 365 days.
    stocked : array of bool
        Whether the part was stocked before.
    bias : array of float
    terms : Terms
    largest : array of int
        Usual quantity of one request: the minimum is never below it.

    Returns
    -------
    tuple of (minimum, maximum, stocked)
    """
    keep = (hits >= HITS_TO_STOCK) | (stocked & (hits > 0))
    per_day = quantity / 365.0
    least = per_day * (terms.lead_time_days + 7.0) * MARGIN * bias
    minimum = np.maximum(np.ceil(least / 1000.0) * 1000.0, largest).astype(np.int64)
    maximum = minimum + np.ceil(per_day * COVER_DAYS / 1000.0).astype(np.int64) * 1000
    return np.where(keep, minimum, -1), np.where(keep, maximum, 0), keep
