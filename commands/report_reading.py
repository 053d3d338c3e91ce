"""What `sparewise report` reads: everything a pack shows, in one read transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from inventory.figures.overview import Looked
    from inventory.figures.scope import Span
    from planning.scorecard.card import Card
    from planning.settings import Settings
    from reporting.pack.contents import Pack


@dataclass(frozen=True)
class Request:
    """What a report is asked for.

    Parameters
    ----------
    every
        ``day``, ``week`` or ``month``.
    month
        Ordinal of the month; that of the day where not given.
    as_of, known_at
        The last day that counts, and the last document.
    stores
        Only these; all where none is named.
    weigh
        Asked for what to do with each part: from a day and what was known to the rows of surplus; None: not asked for.
    """

    every: str
    month: int | None
    as_of: date
    known_at: int | None
    stores: Sequence[str]
    weigh: Callable[[date, int], Sequence[Mapping[str, object]]] | None = None


def read_pack(connection: Connection, request: Request, card: Card, settings: Settings) -> Pack:
    """Return everything that a report shows, with the scorecard given.

    Raises
    ------
    UnknownStoreError
        If the books hold nothing of a store that is named.
    """
    from commands.kpi_options import chosen_figures
    from demand.periods import PeriodKind, ordinal_of
    from inventory.awaiting import awaiting
    from inventory.books.recording import last_sequence
    from inventory.figures import behind
    from inventory.figures.catalogue import named
    from inventory.figures.overview import look, overview, scopes
    from planning.scorecard.score import scored
    from reporting.pack.contents import STOCKOUT_PARTS, Pack, figure_names
    from reporting.pack.idle import with_risk, with_ways

    month = ordinal_of(request.as_of, PeriodKind.MONTH) if request.month is None else request.month
    of_period, of_before = scopes(connection, month, request.as_of, cast("Span", request.every), request.known_at)
    now = look(connection, of_period, request.stores, settings.outside)
    chosen = tuple(chosen_figures(figure_names(card), settings.kpi))
    seen = overview(now, look(connection, of_before, request.stores, settings.outside), chosen)
    known_at = last_sequence(connection) if of_period.known_at is None else of_period.known_at
    stocked: Sequence[Mapping[str, object]] = behind.stocked_parts(now)
    stocked = with_risk(stocked, *_risks(now, stocked))
    if request.weigh is not None:
        stocked = with_ways(stocked, request.weigh(of_period.until, known_at))
    return Pack(
        every=cast("Span", request.every),
        chosen=chosen,
        overview=seen,
        scored=scored(card, [seen.together[kpi.figure.partition(":")[0]] for kpi in card.kpis]),
        zero_parts=next(iter(now.together([named(STOCKOUT_PARTS)]).values())),
        short_lines=behind.short_lines(now),
        sold_parts=behind.sold_parts(now),
        stocked_parts=stocked,
        overdue_lines=behind.overdue_lines(now),
        claims=behind.unsettled_claims(now),
        suppliers=behind.suppliers(now),
        awaiting=awaiting(connection, of_period.until, now.stores, known_at),
        known_at=known_at,
    )


def _risks(looked: Looked, stocked: Sequence[Mapping[str, object]]) -> tuple[list[int], list[int]]:
    """Return the chance that each part on the shelf is never asked for again, and the value at risk."""
    from inventory.idle_stock import asked_columns, on_shelf, supersession_steps
    from inventory.supersession import lineage_of
    from planning.surplus.chances import chances_of

    connection, scope = looked.connection, looked.scope
    asked = asked_columns(connection, scope.until, known_at=scope.known_at)
    of = lineage_of(supersession_steps(connection), scope.until)
    told = chances_of(asked, on_shelf(connection, stocked), of, scope.until)
    return told.never_again_ppm.tolist(), told.at_risk_e4.tolist()
