"""What kind of thing a part is, told by its name alone: parts of one kind share seasons, ages and a rate.

Model in words. A name is words: some say what the thing is (*oil filter*), others which vehicle or side it is for
(*Belora*, *left*). The second sort is found by company: a word that goes with many different first words says nothing
of the thing. Words with a digit in them (codes of engines, sizes, years) say nothing of it either. What is left, in
order, is the kind. Where nothing is left of a name, or there is none, the *stem* of the part number speaks: makers put
the function of a part into a number (its first five digits, or its middle group after a short one for the vehicle), and
numbers of one stem are kin if there are enough of them. What has neither has the empty kind: such parts are kin by
their category only.

It does not read meaning, and it does not need one language: names in two languages are longer, that is all.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

MANY_FIRST_WORDS = 6
"""A word that goes with so many first words is a vehicle's or a side's."""
STEM_LENGTH, LEAST_OF_A_STEM = 5, 3
"""Characters of a number without a dash that tell its function, and parts without a name that make a stem a kind."""


def kinds_of(names: Sequence[str], numbers: Sequence[str] | None = None) -> tuple[str, ...]:
    """Return the kind of each part.

    Parameters
    ----------
    names
        Names of the parts of one catalogue.
    numbers
        Their part numbers, for those without a name; not heard where None.

    >>> kinds_of(["Oil filter E16", "Oil filter E20T", ""])
    ('oil filter', 'oil filter', '')
    """
    words = [[word for word in name.casefold().split() if not any(c.isdigit() for c in word)] for name in names]
    company: dict[str, set[str]] = defaultdict(set)
    for row in words:
        for word in row[1:]:
            company[word].add(row[0])
    common = {word for word, first in company.items() if len(first) >= MANY_FIRST_WORDS}
    kinds = [" ".join(word for place, word in enumerate(row) if place == 0 or word not in common) for row in words]
    stems = (
        []
        if numbers is None
        else [_stem(number) if not kind else "" for number, kind in zip(numbers, kinds, strict=True)]
    )
    enough = {stem for stem, count in Counter(stems).items() if stem and count >= LEAST_OF_A_STEM}
    for place, stem in enumerate(stems):
        if stem in enough:
            kinds[place] = f"no. {stem}"
    return tuple(kinds)


def _stem(number: str) -> str:
    """Return the part of a number that tells the function; empty where it tells none.

    >>> _stem("04465-33450"), _stem("1K0-615-301"), _stem("1E503217"), _stem("7701")
    ('04465', '615', '1E503', '')
    """
    groups = number.split("-")
    if len(groups) == 1:
        return number[:STEM_LENGTH] if len(number) > STEM_LENGTH else ""
    if len(groups[0]) >= STEM_LENGTH - 1:
        return groups[0]
    return groups[1] if len(groups) > 2 else ""
