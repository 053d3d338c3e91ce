"""Named inputs of a case: what each may hold, and all cases of a model side by side as columns.

A case comes from a file that somebody wrote, so nothing is taken as given: each input is held against its field, and
a fault is one sentence that names the input and says what is expected. What has passed is laid out in columns, a row
per case, for the policies know no single cases.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from demand.distribution import DemandLaw
from demand.history import Float64Array1D, Float64Array2D, Int64Array1D

LARGEST, SMALLEST = 1e12, 1e-12
"""What is larger is no number of a parts department, and what is smaller and above zero is none either."""

CaseValue = float | Float64Array1D


class CaseError(ValueError):
    """A case cannot be solved; the message says in a positive sentence what is expected."""


@dataclass(frozen=True)
class Kind:
    """What an input may hold: a sentence for people, and how its value is read.

    Parameters
    ----------
    expected
        Completes "… is": what a good value looks like.
    read
        Returns the value, or None where it is not such a value.
    """

    expected: str
    read: Callable[[object], CaseValue | None]


@dataclass(frozen=True)
class Field:
    """A named input; optional where it has a default."""

    name: str
    kind: Kind
    default: float | None = None

    def value_of(self, inputs: Mapping[str, object]) -> CaseValue:
        """Return the input's value.

        Raises
        ------
        CaseError
            If it is missing without a default, or is not what its kind expects.
        """
        if self.name not in inputs:
            if self.default is None:
                raise CaseError(f"the input {self.name} is required: {self.kind.expected}")
            return self.default
        value = self.kind.read(inputs[self.name])
        if value is None:
            raise CaseError(f"{self.name} is {self.kind.expected}; found {_told(inputs[self.name])}")
        return value


def _told(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if abs(number) <= LARGEST else None


def _number_where(holds: Callable[[float], bool]) -> Callable[[object], float | None]:
    def read(value: object) -> float | None:
        number = _number(value)
        return number if number is not None and holds(number) else None

    return read


def _list_where(holds: Callable[[float], bool]) -> Callable[[object], Float64Array1D | None]:
    def read(value: object) -> Float64Array1D | None:
        if not isinstance(value, Sequence) or isinstance(value, str) or not value:
            return None
        numbers = [_number(each) for each in value]
        known = [number for number in numbers if number is not None and holds(number)]
        return np.array(known) if len(known) == len(numbers) else None

    return read


def _probabilities(value: object) -> Float64Array1D | None:
    """P(0), P(1), …: a list of them, or an object of whole numbers and their probabilities."""
    if not isinstance(value, Mapping):
        law = _list_where(lambda number: number >= 0)(value)
    else:
        shares = [_number(share) for share in value.values()]
        points = [str(point).strip() for point in value]
        if not points or not all(point.isdecimal() for point in points) or len({int(p) for p in points}) < len(points):
            return None
        if max(map(int, points)) > _POINT_MAX or any(share is None or share < 0 for share in shares):
            return None
        law = np.zeros(max(map(int, points)) + 1)
        law[[int(point) for point in points]] = [share or 0.0 for share in shares]
    if law is None or abs(float(law.sum()) - 1) > _SUM_OFF:
        return None
    exact: Float64Array1D = law / law.sum()
    return exact


_POINT_MAX = 1_000_000
_SUM_OFF = 1e-6
_WHOLE_MAX = 1e9


def _whole(number: float) -> bool:
    return number == math.floor(number) and abs(number) <= _WHOLE_MAX


NUMBER = Kind(f"a number between {-LARGEST:g} and {LARGEST:g}", _number)
POSITIVE = Kind(
    f"a number above zero, from {SMALLEST:g} to {LARGEST:g}", _number_where(lambda number: number >= SMALLEST)
)
NOT_NEGATIVE = Kind(f"a number, zero or more, to {LARGEST:g}", _number_where(lambda number: number >= 0))
SHARE = Kind("a share above 0 and below 1", _number_where(lambda number: 0 < number < 1))
WHOLE = Kind("a whole number", _number_where(_whole))
COUNT = Kind("a whole number, zero or more", _number_where(lambda number: _whole(number) and number >= 0))
PIECES = Kind("a whole number, one or more", _number_where(lambda number: _whole(number) and number >= 1))
POSITIVES = Kind("a list of numbers above zero", _list_where(lambda number: number >= SMALLEST))
NOT_NEGATIVES = Kind("a list of numbers, zero or more", _list_where(lambda number: number >= 0))
COUNTS = Kind("a list of whole numbers, zero or more", _list_where(lambda number: _whole(number) and number >= 0))
PROBABILITIES = Kind(
    "a list of the probabilities of 0, 1, 2, … or an object of whole numbers and their probabilities, which sum to one",
    _probabilities,
)


@dataclass(frozen=True)
class Inputs:
    """The cases of one model, side by side."""

    rows: Sequence[Mapping[str, CaseValue]]

    @property
    def count(self) -> int:
        """Number of cases."""
        return len(self.rows)

    def number(self, name: str) -> Float64Array1D:
        """Return an input as a column of numbers, ``(n_cases,)``."""
        return np.array([row[name] for row in self.rows], dtype=np.float64)

    def whole(self, name: str) -> Int64Array1D:
        """Return an input as a column of whole numbers, ``(n_cases,)``."""
        return self.number(name).astype(np.int64)

    def lists(self, name: str) -> list[Float64Array1D]:
        """Return an input that is a list, one per case."""
        return [np.asarray(row[name], dtype=np.float64) for row in self.rows]

    def law(self, name: str) -> DemandLaw:
        """Return an input that is a list of probabilities as laws."""
        return DemandLaw.from_rows(self.lists(name))

    def flat(self, name: str) -> Float64Array1D:
        """Return an input that is a list, all cases one after another."""
        return np.concatenate(self.lists(name))

    def boundaries(self, name: str) -> Int64Array1D:
        """Return where each case's list begins in the flat column, and where the last ends, ``(n_cases + 1,)``."""
        return np.concatenate([[0], np.cumsum([each.size for each in self.lists(name)])]).astype(np.int64)

    def padded(self, name: str, filling: float) -> Float64Array2D:
        """Return an input that is a list as rows of one length, the shorter ones filled up."""
        lists = self.lists(name)
        rows = np.full((len(lists), max(each.size for each in lists)), filling)
        for row, each in zip(rows, lists, strict=True):
            row[: each.size] = each
        return rows
