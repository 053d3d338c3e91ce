"""Stocktakes as tables: what is due, the counts, their lines, their variances.

What the books hold of a line is in the review of lines already counted and in a posted count, and nowhere else.
Programs read states and reasons by their keys, people in their language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

from inventory.books.valuation import amount_e4
from inventory.counting.heads import CountHead
from inventory.counting.programme import DueLine, Programme
from inventory.counting.rules import LineState
from inventory.counting.standing import StandingLine, sums
from reporting.tables import Column, Table
from reporting.words import word

Row = dict[str, object]

_PREFIX = {"reason": "why", "state": "line"}

_FIGURES = (
    Column("counted_milli", "quantity_milli"),
    Column("expected_milli", "quantity_milli", "books_then"),
    Column("variance_milli", "quantity_milli"),
)
"""What was counted, what the books held then, and the difference."""


def programme_table(found: Programme, shown: Sequence[DueLine], output: str, language: str, day: str) -> Table:
    """Return the lines due, of which only the first may be shown."""
    columns = (
        *(Column(name) for name in ("store", "bin", "part_no", "count_class", "reason")),
        Column("due_on", "date"),
        Column("counted_on", "date"),
    )
    rows = [{**asdict(line), "bin": line.bin_name} for line in shown]
    notes = (
        f"{len(found.due):,} {word('due_lines', language)}, {len(rows):,} {word('shown_lines', language)}",
    )  # fmt: skip
    title = f"{word('programme_title', language)} · {day}"
    return Table(title, columns, _spoken(rows, output, language), notes)


def progress_table(found: Programme, language: str) -> Table:
    """Return how far each class of each store is."""
    columns = (
        Column("store"),
        Column("count_class"),
        *(Column(name, "count") for name in ("lines", "due", "never_counted", "counts_made", "counts_wanted")),
    )
    return Table(word("progress_title", language), columns, [asdict(row) for row in found.progress])


def counts_table(heads: Iterable[tuple[CountHead, Mapping[LineState, int]]], output: str, language: str) -> Table:
    """Return the counts, one row each, with how many of their lines are where."""
    columns = (
        *(Column(name) for name in ("count_no", "store", "state")),
        Column("opened_on", "date"),
        Column("opened_by"),
        Column("watermark", "count"),
        *(Column(name, "count") for name in ("lines", "lines_counted", "lines_recount")),
    )
    rows = [
        {
            **{name: getattr(head, name) for name in ("count_no", "store", "opened_on", "opened_by", "watermark")},
            "state": word(f"count_{head.state}", language) if output == "table" else head.state,
            "lines": sum(states.values()),
            "lines_counted": states[LineState.COUNTED],
            "lines_recount": states[LineState.RECOUNT],
        }
        for head, states in heads
    ]
    return Table(word("counts_title", language), columns, rows)


def lines_table(head: CountHead, lines: Sequence[StandingLine], output: str, language: str) -> Table:
    """Return the lines of an open or cancelled count: where each stands, without any quantity."""
    columns = (
        Column("line_no", "count"),
        *(Column(name) for name in ("bin", "part_no", "name", "count_class", "reason", "state", "counter")),
        Column("times_counted", "count"),
    )
    return Table(_title(head, language), columns, _spoken([_blind(line) for line in lines], output, language))


def review_table(head: CountHead, lines: Sequence[StandingLine], output: str, language: str, *, figures: bool) -> Table:
    """Return lines of a count for its reviewer.

    Parameters
    ----------
    figures
        Show what was counted and what the books held, of the lines counted; False while others still count.
    """
    columns = (
        *(Column(name) for name in ("bin", "part_no", "name", "count_class", "state")),
        *_FIGURES,
        Column("variance_value_e4", "money_e4"),
        Column("moved_since_milli", "quantity_milli"),
        *(Column(name) for name in ("counter", "cause_needed", "cause", "note")),
    )
    rows = [{**_blind(line), **(_figures(head, line, output, language) if figures else {})} for line in lines]
    states = sums(lines)
    notes = tuple(f"{word(f'line_{state.value}', language)}: {number:,}" for state, number in states.items() if number)
    return Table(f"{word('review_title', language)} · {head.count_no}", columns, _spoken(rows, output, language), notes)


def posted_table(head: CountHead, lines: Iterable[Mapping[str, object]], language: str) -> Table:
    """Return every line of a posted count as it was kept."""
    columns = (
        Column("line_no", "count"),
        *(Column(name) for name in ("bin", "part_no", "count_class")),
        *_FIGURES,
        Column("unit_cost_e4", "money_e4"),
        *(Column(name) for name in ("counter", "counted_at", "cause")),
        Column("times_counted", "count"),
    )
    rows = [
        {**line, "bin": line["bin_name"], "cause": line["cause"] or "", "variance_milli": _variance(line)}
        for line in lines
    ]
    return Table(_title(head, language), columns, rows)


def _title(head: CountHead, language: str) -> str:
    state = word(f"count_{head.state}", language)
    return f"{word('count_title', language)} {head.count_no} · {head.store} · {head.opened_on} · {state}"


def _blind(line: StandingLine) -> Row:
    """Return what anybody may see of a line."""
    return {
        **{name: getattr(line, name) for name in ("line_no", "part_no", "name", "count_class", "reason")},
        "bin": line.bin_name,
        "state": line.standing.state.value,
        "counter": line.standing.last_counter,
        "times_counted": line.standing.times_counted,
        "cause": line.cause or "",
        "note": "",
    }


def _figures(head: CountHead, line: StandingLine, output: str, language: str) -> Row:
    """Return what was counted and what the books held; nothing where the line is still to be counted."""
    believed = line.standing.believed
    if believed is None:
        return {}
    needed = line.needs_cause(head)
    off = line.variance_milli
    return {
        "counted_milli": believed.counted_milli,
        "expected_milli": believed.expected_milli,
        "variance_milli": off,
        "variance_value_e4": (1 if off > 0 else -1) * amount_e4(abs(off), line.unit_cost_e4),
        "moved_since_milli": line.since_milli,
        "cause_needed": (word("yes", language) if output == "table" else "yes") if needed else "",
    }


def _variance(line: Mapping[str, object]) -> int | None:
    if line["counted_milli"] is None:
        return None
    return int(str(line["counted_milli"])) - int(str(line["expected_milli"]))


def _spoken(rows: list[Row], output: str, language: str) -> list[Row]:
    """Return rows for people with their reasons and states in words; for programs as they are."""
    if output != "table":
        return rows
    return [
        {**row, **{name: word(f"{_PREFIX[name]}_{row[name]}", language) for name in _PREFIX if row.get(name)}}
        for row in rows
    ]
