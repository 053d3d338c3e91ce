"""The bridge between two figures: why the same month gives two numbers, in lines that add up exactly.

With numerators and denominators summed over the same lines i, A = Σa_i ÷ Σc_i and B = Σb_i ÷ Σd_i. Because
Σ(a_i − A·c_i) = 0,

    B − A = Σ_i [(b_i − a_i) − A·(d_i − c_i)] ÷ Σd_i,

so each line adds a share of the difference of its own, and a line that both count alike adds nothing. Lines are put
together by what they are: for demand lines their outcome, and how each figure counts them. Amounts have no denominator:
each line adds b_i − a_i.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import sqlalchemy as sa

from inventory.figures.catalogue import lines_of
from inventory.figures.computing import Chosen, Reading, figure_of
from inventory.figures.figure import Exact, Figure, UnknownFigureError, Variant, worked_out
from inventory.figures.scope import Scope
from inventory.figures.sight import Sight, Told

Counts = tuple[Exact, Exact, Exact, Exact]
"""What a line adds to a, c, b and d."""


@dataclass(frozen=True)
class Step:
    """Lines that two figures count differently in the same way.

    Parameters
    ----------
    kind
        What the lines are, such as their outcome; empty where nothing tells.
    above, below
        Whether the second figure counts them for more (1), less (−1) or as much (0) above and below the line.
    lines
        How many.
    adds
        By how much they make the second figure larger than the first.
    """

    kind: str
    above: int
    below: int
    lines: int
    adds: Fraction


@dataclass(frozen=True)
class Bridge:
    """Two figures, and the steps from the first to the second; they sum to the difference of the two exactly."""

    first: Figure
    second: Figure
    steps: tuple[Step, ...]


def bridge(connection: sa.Connection, scope: Scope, first: Chosen, second: Chosen, told: Told | None = None) -> Bridge:
    """Return the way from one figure to another of the same unit.

    Raises
    ------
    UnknownFigureError
        If the two are counted in different units, have no lines in common, or one of them has no value.
    """
    if first[0].unit != second[0].unit:
        raise UnknownFigureError(f"a bridge joins figures of one unit; these are {first[0].unit} and {second[0].unit}")
    variants = (first[1], second[1])
    grain = lines_of(*variants)
    if not grain:
        raise UnknownFigureError(f"{first[0].figure_id} and {second[0].figure_id} have no lines in common")
    reading = Reading(Sight(connection, scope, told or {}))
    whole = reading.cells(variants, ()).get((), {})
    from_figure, to_figure = (figure_of(*each, scope, whole) for each in (first, second))
    if from_figure.value is None or to_figure.value is None:
        raise UnknownFigureError("a bridge joins two values; one of these figures has nothing to divide by")
    cells = reading.cells(variants, grain)
    kind_at = grain.index("outcome") if "outcome" in grain else None
    counted = [
        ("" if kind_at is None else cell[kind_at], _counts(variants, measured)) for cell, measured in cells.items()
    ]
    return Bridge(from_figure, to_figure, _steps(counted, from_figure.value, to_figure.denominator))


def _counts(variants: Sequence[Variant], measured: Mapping[str, Exact]) -> Counts:
    first, second = variants
    return (
        worked_out(first.numerator, measured),
        worked_out(first.denominator, measured),
        worked_out(second.numerator, measured),
        worked_out(second.denominator, measured),
    )


def _steps(counted: Sequence[tuple[str, Counts]], first_value: Fraction, divisor: Exact) -> tuple[Step, ...]:
    """Return the steps, the one that adds most first."""
    sums: dict[tuple[str, int, int], tuple[int, Fraction]] = {}
    for kind, (a, c, b, d) in counted:
        above, below = b - a, d - c
        if above or below:
            key = (kind, _sign(above), _sign(below))
            lines, adds = sums.get(key, (0, Fraction(0)))
            sums[key] = lines + 1, adds + (above - first_value * below) / divisor
    steps = (Step(*key, lines, adds) for key, (lines, adds) in sums.items())
    return tuple(sorted(steps, key=lambda step: (-abs(step.adds), step.kind, step.above, step.below)))


def _sign(amount: Exact) -> int:
    return (amount > 0) - (amount < 0)
