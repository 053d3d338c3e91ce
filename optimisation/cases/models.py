"""`Model`: a named inventory model, its inputs, its results, and the function that solves many cases of it at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from demand.history import Int64Array1D
from optimisation.cases.inputs import CaseError, CaseValue, Field, Inputs

Results = Mapping[str, Sequence[object] | np.ndarray[tuple[int, ...], np.dtype[np.generic]]]
"""By result, one value per case."""


@dataclass(frozen=True)
class Model:
    """A named model.

    Parameters
    ----------
    name
        How a case asks for it.
    fields
        Its inputs.
    results
        Keys of what it answers.
    solve
        From the inputs of many cases to one value per result and case; raises `ValueError` if a case has no answer.
    alike
        Names of inputs that are lists of one length within a case.
    """

    name: str
    fields: tuple[Field, ...]
    results: tuple[str, ...]
    solve: Callable[[Inputs], Results]
    alike: tuple[str, ...] = ()

    def read(self, inputs: Mapping[str, object]) -> Mapping[str, CaseValue]:
        """Return the checked inputs of one case.

        Raises
        ------
        CaseError
            If an input is missing, is not what its field expects, or is not known.
        """
        row = {field.name: field.value_of(inputs) for field in self.fields}
        unknown = sorted(set(inputs) - set(row))
        if unknown:
            raise CaseError(f"the inputs of {self.name} are {', '.join(row)}; found {', '.join(unknown)} too")
        lengths = {np.size(row[name]) for name in self.alike}
        if len(lengths) > 1:
            raise CaseError(f"the lists {', '.join(self.alike)} are of one length")
        return row


def per_case(values: np.ndarray[tuple[int], np.dtype[np.generic]], boundaries: Int64Array1D) -> list[list[object]]:
    """Return a flat column as one list per case."""
    return [part.tolist() for part in np.split(values, boundaries[1:-1])]
