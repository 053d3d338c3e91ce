"""The first terms of the rising products and sums of `regression`, row by row, compiled; its twin is in the tests."""

from __future__ import annotations

from demand.compiled import compiled
from demand.history import Float64Array1D


@compiled
def first_terms(
    start: Float64Array1D,
    count: Float64Array1D,
    most: int,
    product: Float64Array1D,
    inverse: Float64Array1D,
    square: Float64Array1D,
) -> None:
    """Multiply and add the terms s + j, 1 / (s + j) and 1 / (s + j)² of j = 0 … min(n, most) − 1 to what is there.

    Parameters
    ----------
    start, count
        s and n of each row, ``(n_rows,)``.
    most
        Terms at most.
    product, inverse, square
        Out: begun at one, nothing and nothing, ``(n_rows,)``.
    """
    for row in range(start.size):
        for j in range(min(int(count[row]), most)):
            term = start[row] + j
            one = 1 / term
            product[row] *= term
            inverse[row] += one
            square[row] += one * one
