"""Sums of a period: those of closed months as their closings keep them, those of open months read anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from demand.periods import PeriodKind, ordinal_of
from inventory.figures.closed import SUMS, kept_sums
from inventory.figures.grouping import Grain, Measures, added, regrouped
from inventory.figures.scope import Scope
from inventory.figures.sight import Sight


def with_closed_months(
    sight: Sight, scope: Scope, grain: Grain, name: str, read: Callable[[Scope], Measures]
) -> Measures:
    """Return the sums of a period by a grain.

    Parameters
    ----------
    scope
        The period; with the end, store and knowledge of the sight.
    name
        Under which closings keep them; one of `closed.SUMS`.
    read
        From a scope to the sums of its movements, as they are dated. Of the whole period where the grain is finer than
        what is kept, or the period is no whole months.
    """
    keys = SUMS[name].keys
    if scope.first_day is not None or not set(grain) <= set(keys):
        return read(scope)
    kept, open_from = kept_sums(sight.closings, scope, name)
    places = [keys.index(each) for each in grain]
    closed = regrouped(kept.items(), lambda cell: tuple(cell[at] for at in places))
    if open_from > scope.until:
        return closed
    return added(closed, read(replace(scope, first_month=ordinal_of(open_from, PeriodKind.MONTH))))
