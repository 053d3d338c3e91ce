"""Proposals that wait for somebody: drafts to be approved, and approved ones to be sent, as they stood at a moment.

Proposals and what people do with them are no documents of the ledger and have no number in its sequence, only the time
they were recorded. So *known at document n* means here: recorded before the second in which the next document was.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from inventory.plans import DRAFT, events
from inventory.schema import document, part, plan_run, proposal, proposal_line

APPROVED = "approved"
Row = dict[str, object]


@dataclass(frozen=True)
class Awaiting:
    """A proposal that waits: its head with the state, and its lines as edited."""

    head: Row
    lines: tuple[Row, ...]

    @property
    def value_e4(self) -> int:
        """What it costs, in ten-thousandths of the currency, each line rounded half up."""
        return sum(
            (int(str(line["quantity_milli"])) * int(str(line["unit_cost_e4"])) + 500) // 1000 for line in self.lines
        )


def awaiting(
    connection: sa.Connection, as_of: date, stores: Sequence[str], known_at: int | None = None
) -> list[Awaiting]:
    """Return the drafts, and what is approved and not sent, with the lines that order something for some stores.

    Parameters
    ----------
    as_of
        No proposal of a run that planned for a later day.
    known_at
        The last document that was known; all where not given.

    Returns
    -------
    list of Awaiting
        By number. Heads are the columns of their table and ``state``; lines the columns of theirs, the part's ``name``,
        ``quantity_milli`` as it stands after all edits, ``proposed_milli`` as the plan had it, and where a line was
        edited ``edited_by`` and ``edit_reason``.
    """
    moment = _moment(connection, known_at)
    question = (
        sa.select(proposal)
        .join(plan_run, plan_run.c.run_id == proposal.c.run_id)
        .where(plan_run.c.as_of <= as_of.isoformat())
        .order_by(proposal.c.proposal_no)
    )
    if moment is not None:
        question = question.where(plan_run.c.recorded_at < moment)
    found = []
    for head in connection.execute(question).mappings().all():
        number = str(head["proposal_no"])
        happened = [each for each in events(connection, number) if moment is None or str(each["recorded_at"]) < moment]
        state = _state(happened)
        lines = _lines(connection, number, stores, happened) if state in (DRAFT, APPROVED) else ()
        if lines:
            found.append(Awaiting({**head, "state": state}, lines))
    return found


def _moment(connection: sa.Connection, known_at: int | None) -> str | None:
    """Return when the document after one was recorded, by its sequence; None where there is none after it."""
    if known_at is None:
        return None
    question = sa.select(document.c.recorded_at).where(document.c.sequence > known_at)
    return connection.execute(question.order_by(document.c.sequence).limit(1)).scalar_one_or_none()


def _state(happened: Sequence[Row]) -> str:
    moved = [str(each["kind"]) for each in happened if each["kind"] != "edited"]
    if not moved:
        return DRAFT
    return APPROVED if moved[-1] == "order_reversed" else moved[-1]


def _lines(connection: sa.Connection, number: str, stores: Sequence[str], happened: Sequence[Row]) -> tuple[Row, ...]:
    edits: dict[tuple[str, str], Row] = {}
    for each in happened:
        if each["kind"] == "edited":
            body = json.loads(str(each["body"]))
            edits[str(body["store"]), str(body["part_no"])] = {
                "quantity_milli": int(body["quantity_milli"]),
                "edited_by": each["user_name"],
                "edit_reason": body.get("reason", ""),
            }
    question = (
        sa.select(proposal_line, part.c.name)
        .outerjoin(part, part.c.part_no == proposal_line.c.part_no)
        .where(proposal_line.c.proposal_no == number, proposal_line.c.store.in_(stores))
        .order_by(proposal_line.c.line_no)
    )
    rows = [
        {**row, "proposed_milli": row["quantity_milli"], **edits.get((row["store"], row["part_no"]), {})}
        for row in connection.execute(question).mappings()
    ]
    return tuple(row for row in rows if row["quantity_milli"])
