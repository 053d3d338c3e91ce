"""What kind of thing a part is, told by its name alone: parts of one kind share seasons, ages and a rate.

Model in words. A name is words: some say what the thing is (*oil filter*), others which vehicle or side it is for
(*Belora*, *left*). The second sort is found by company: a word that goes with many different first words says nothing
of the thing. Words with a digit in them (codes of engines, sizes, years) say nothing of it either, nor do single Latin
letters (a side, a unit). What is left, in order, is the kind. Where nothing is left of a name, or there is none, the
*stem* of the part number speaks: makers put the function of a part into a number (its first five digits, or its middle
group after a short one for the vehicle), and numbers of one stem are kin if there are enough of them. What has neither
has the empty kind: such parts are kin by their category only.

It does not read meaning, and it does not need one language. Chinese is written without spaces: where it meets letters
or digits a word ends. Where names are written in both, a name in one of them alone is of the kind whose name has the
same words in it (*oil filter* and *机油滤清器* are both *oil filter 机油滤清器*).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

MANY_FIRST_WORDS = 6
"""A word that goes with so many first words is a vehicle's or a side's."""
STEM_LENGTH, LEAST_OF_A_STEM = 5, 3
"""Characters of a number without a dash that tell its function, and parts without a name that make a stem a kind."""

_CHINESE = re.compile(r"([\u3400-\u4dbf\u4e00-\u9fff]+)")


def kinds_of(names: Sequence[str], numbers: Sequence[str] | None = None) -> tuple[str, ...]:
    """Return the kind of each part.

    Parameters
    ----------
    names
        Names of the parts of one catalogue.
    numbers
        Their part numbers, for those without a name; not heard where None.

    >>> kinds_of(["Oil filter E16", "Oil filter E20T", "Coolant -35 C", ""])
    ('oil filter', 'oil filter', 'coolant', '')
    """
    words = [[word for word in _words(name) if _says_something(word)] for name in names]
    company: dict[str, set[str]] = defaultdict(set)
    for row in words:
        for word in row[1:]:
            company[word].add(row[0])
    common = {word for word, first in company.items() if len(first) >= MANY_FIRST_WORDS}
    kinds = _in_both(
        [" ".join(word for place, word in enumerate(row) if place == 0 or word not in common) for row in words]
    )
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


def _says_something(word: str) -> bool:
    return not any(c.isdigit() for c in word) and not (len(word) == 1 and word.isascii())


def _words(name: str) -> list[str]:
    """Return the words of a name; runs of Chinese characters are words, and what stands between them if it says any.

    >>> _words("NX1机油滤清器(国产) E16")
    ['nx1', '机油滤清器', '国产', 'e16']
    """
    found: list[str] = []
    for word in name.casefold().split():
        runs = _CHINESE.split(word)
        found += [word] if len(runs) == 1 else [run for run in runs if any(c.isalnum() for c in run)]
    return found


def _in_both(kinds: list[str]) -> list[str]:
    """Return kinds of names in one script as the most frequent kind in both that has the same words in it."""
    halves = {kind: _halves(kind) for kind in set(kinds)}
    whole: dict[str, str] = {}
    for kind, _ in sorted(Counter(kinds).items(), key=lambda each: (-each[1], each[0])):
        if all(halves[kind]):
            for half in halves[kind]:
                whole.setdefault(half, kind)
    return [kind if all(halves[kind]) else whole.get(kind, kind) for kind in kinds]


def _halves(kind: str) -> tuple[str, str]:
    """Return the words of a kind in other scripts, and those in Chinese."""
    words = kind.split()
    other, chinese = ([word for word in words if bool(_CHINESE.search(word)) is wanted] for wanted in (False, True))
    return " ".join(other), " ".join(chinese)


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
