"""What kind of thing a part is, told by its name alone: parts of one kind share seasons, ages and a rate.

Model in words. A name is words: some say what the thing is (*oil filter*), others which vehicle or side it is for
(*Belora*, *left*). The second sort is found by company: a word that goes with many different first words says nothing
of the thing. Words with a digit in them (codes of engines, sizes, years) say nothing of it either. What is left, in
order, is the kind. A name of which nothing is left, or no name at all, has the empty kind: such parts are kin by their
category only.

It does not read meaning, and it does not need one language: names in two languages are longer, that is all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

MANY_FIRST_WORDS = 6
"""A word that goes with so many first words is a vehicle's or a side's."""


def kinds_of(names: Sequence[str]) -> tuple[str, ...]:
    """Return the kind of each part.

    Parameters
    ----------
    names
        Names of the parts of one catalogue.

    >>> kinds_of(["Oil filter E16", "Oil filter E20T", ""])
    ('oil filter', 'oil filter', '')
    """
    words = [[word for word in name.casefold().split() if not any(c.isdigit() for c in word)] for name in names]
    company: dict[str, set[str]] = defaultdict(set)
    for row in words:
        for word in row[1:]:
            company[word].add(row[0])
    common = {word for word, first in company.items() if len(first) >= MANY_FIRST_WORDS}
    return tuple(" ".join(word for place, word in enumerate(row) if place == 0 or word not in common) for row in words)
