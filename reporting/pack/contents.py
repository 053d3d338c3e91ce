"""`Pack`: everything a report shows, read once; and which figures stand on which of its pages.

The page and the workbook draw the same value, so they agree. It holds figures and rows, no words.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from inventory.awaiting import Awaiting
from inventory.figures.computing import Chosen
from inventory.figures.families import family_of
from inventory.figures.figure import Figure
from inventory.figures.overview import Overview
from inventory.figures.scope import Span, month_end
from planning.scorecard.card import Card, Reference
from planning.scorecard.score import Scored

Row = Mapping[str, object]


@dataclass(frozen=True)
class Page:
    """A page of the report.

    Parameters
    ----------
    name
        Its key in the catalogue and its anchor.
    figures
        What stands on it: ``ID``, each with the list that its lines are found in; empty where the report has none and
        the definition names the command that prints them.
    """

    name: str
    figures: tuple[tuple[str, str], ...]


def _led(lines: str, *figures: str) -> tuple[tuple[str, str], ...]:
    return tuple((figure, lines) for figure in figures)


SOLD, SHORT, STOCKED, OVERDUE, CLAIMED = "sold_parts", "short_lines", "stocked_parts", "overdue_lines", "claims"
PAGES = (
    Page("sales", _led(SOLD, "REVENUE_NET", "SALES", "GM", "REVENUE_PER_VISIT", "RETURN_RATE", "PARTS_LABOUR")),
    Page(
        "service",
        _led(
            SHORT, "FILL_SHELF_LINE", "FILL_ORDER", "FILL_SAMEDAY", "SERVICE_LEVEL", "JOB_BLOCKED",
            "SHORT_LINES_COMMON", "SHORT_LINES_GENERAL", "STOCKOUT_COMMON", "LOST_SALES", "LOST_VALUE",
        ),
    ),
    Page(
        "stock",
        _led(
            STOCKED, "STOCK_VALUE", "TURN_GROSS", "DAYS_SUPPLY", "STOCK_AGE_DAYS", "DEAD_6", "DEAD_12", "IDLE_CAPITAL",
            "BREADTH", "GMROI",
        )
        + _led(CLAIMED, "CLAIM_VALUE")
        + _led("", "ACCURACY_LINE", "CORE_VALUE", "TRANSIT_VALUE", "WORK_IN_PROCESS"),
    ),
    Page(
        "suppliers",
        (
            *_led(OVERDUE, "PURCHASES", "FILL_SUPPLIER", "EMERGENCY_LINES", "EMERGENCY_VALUE", "STOCK_ORDER_PERF",
                  "PLAN_CONFORM"),
            *_led(CLAIMED, "CLAIM_RATE", "CLAIM_RECOVERY", "CLAIM_LATE"),
        ),
    ),
)  # fmt: skip
"""The pages with figures, in the order of reading."""

AGES = ("AGE_0_3", "AGE_4_6", "AGE_7_9", "AGE_10_12", "AGE_OVER_12")
"""Drawn on the page of the stock."""

STOCKOUT_PARTS = "STOCKOUT_COMMON:parts"
"""Told on the first page: how many common parts are not there."""


def figure_names(card: Card) -> list[str]:
    """Return every figure that a report shows, each once: those of its pages, and those of the scorecard."""
    names = [figure for page in PAGES for figure, _ in page.figures]
    on_card = {kpi.figure.partition(":")[0]: kpi.figure for kpi in card.kpis}
    shown = (*(on_card.pop(name, name) for name in names), *on_card.values(), *AGES)
    return list({name.partition(":")[0]: name for name in reversed(shown)}.values())[::-1]


OF_THE_SHELF = frozenset({"stock", "layers", "held", "shelf_days", "average", "issues", "selling", "dead", "ages"})
"""Families of measures that tell what lies on the shelf, or how fast it turns."""


@dataclass(frozen=True)
class Pack:
    """What a report shows.

    Parameters
    ----------
    every
        The length of its period.
    chosen
        The figures of `figure_names`.
    overview
        Them, in the period, in the one before, by store and month by month.
    scored
        The scorecard of the stores together.
    zero_parts
        Common parts with nothing on the shelf at the end; its denominator is how many are stocked.
    short_lines, sold_parts, stocked_parts, overdue_lines, claims
        The lists behind the figures (`inventory.figures.behind`); parts on the shelf with their risk, and with what to
        do with them where that was asked for (`reporting.pack.idle`).
    suppliers
        Figures of each supplier, by ``ID:variant``.
    awaiting
        Proposals that wait to be approved or sent.
    known_at
        The last document that counts.
    """

    every: Span
    chosen: tuple[Chosen, ...]
    overview: Overview
    scored: Scored
    zero_parts: Figure
    short_lines: Sequence[Row]
    sold_parts: Sequence[Row]
    stocked_parts: Sequence[Row]
    overdue_lines: Sequence[Row]
    claims: Sequence[Row]
    suppliers: Sequence[Mapping[str, Figure]]
    awaiting: Sequence[Awaiting]
    known_at: int

    @property
    def is_over(self) -> bool:
        """Whether all days of the period count."""
        until, last = self.overview.scope.until, self.overview.scope.last_month
        if self.every == "week":
            return until.weekday() == calendar.SUNDAY
        return self.every == "day" or until == month_end(last)

    @property
    def references(self) -> dict[str, Reference]:
        """What figures are held against, by id."""
        return {each.figure.definition.figure_id: each.kpi.ruling for each in self.scored.kpis}

    def change(self, figure_id: str) -> tuple[Fraction | None, Fraction | None]:
        """Return by how much a figure of all stores changed, and its value in the period before; None where unknown.

        What is told of the shelf has no value before anything lay on it: that is before the books were begun.
        """
        value = self.overview.together[figure_id].value
        before = self.overview.earlier[figure_id].value
        families = {family_of(name) for name in self.overview.together[figure_id].variant.measures}
        if families <= OF_THE_SHELF and not self.overview.earlier["STOCK_VALUE"].value:
            before = None
        return (None if value is None or before is None else value - before), before
