"""Plans in the books: runs, their proposals, and what people did with them.

A proposal is never changed. What a person does with it is an event (`approved`, `rejected`, `edited`, `sent`), and so
is a later plan's putting it aside (`superseded`); its state is that of the last event that moves it, a `draft` before
any. Where its purchase order was reversed it was not sent, and may be sent or rejected again. Edits are laid over the
lines when they are read; `proposed_milli` keeps what the plan had said.

A run that comes again, or one that comes to the same proposal for a supplier and order type, finds what is there. One
that comes to another proposal gives it a number of its own (``20260630-GPC-stock``, then ``…-2``) and supersedes the
drafts of that supplier and order type that hold lines of the stores planned.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from inventory.schema import budget, document, part, plan_run, proposal, proposal_event, proposal_line
from inventory.schema_books import reversal

DRAFT = "draft"
MOVES = {
    "approved": (DRAFT,),
    "rejected": (DRAFT, "approved"),
    "edited": (DRAFT,),
    "sent": ("approved",),
    "superseded": (DRAFT,),
}
"""Each kind of event, and the states in which it may happen."""


class PlanConflictError(Exception):
    """What was asked does not fit what the books say of the proposal; the message says what would."""


@dataclass(frozen=True)
class RunToStore:
    """A run as it is to be stored: its name, day, manifest as JSON, the stores it planned, its idempotency key."""

    run_id: str
    as_of: date
    manifest: str
    stores: tuple[str, ...]
    key: str | None = None


@dataclass(frozen=True)
class LineEdit:
    """A person's wish for one line: a new quantity, zero to leave it out, and why; the idempotency key, if any."""

    store: str
    part_no: str
    quantity_milli: int
    reason: str
    key: str | None = None


@dataclass(frozen=True)
class StoredProposal:
    """Where a proposal of a run is to be found; `is_new` is False where it was there already."""

    proposal_no: str
    is_new: bool


def append_plan(
    connection: sa.Connection,
    run: RunToStore,
    proposals: Sequence[tuple[Mapping[str, object], Sequence[Mapping[str, object]]]],
    user_name: str,
    recorded_at: str,
) -> list[StoredProposal]:
    """Store a run and its proposals; return where each is found, in the order given.

    Parameters
    ----------
    run
        The run; one that is stored already is not stored again.
    proposals
        Per proposal its own row (supplier, order_type, order_on, expected_on, content_hash) and its lines' rows.
    user_name, recorded_at
        Who ran it, and when it was recorded (ISO text, UTC).

    Raises
    ------
    PlanConflictError
        If the idempotency key stands for another run.
    """
    if run.key is not None and (earlier := _run_of_key(connection, run.key)) is not None:
        name, numbers = earlier
        if not name.startswith(run.run_id):
            raise PlanConflictError(f"the key {run.key!r} stands for the run {name}; this one is {run.run_id}")
        return [StoredProposal(number, is_new=False) for number in numbers]
    content = {**json.loads(run.manifest), "stores": list(run.stores), "key": run.key}
    known = [_find(connection, str(head["content_hash"]), run.as_of) for head, _ in proposals]
    numbers = [
        found or _next_number(connection, run.as_of, str(head["supplier"]), str(head["order_type"]))
        for found, (head, _) in zip(known, proposals, strict=True)
    ]
    run_id = _name_for(connection, run.run_id, numbers)
    if run_id is not None:
        manifest = json.dumps({**content, "proposals": numbers}, sort_keys=True, ensure_ascii=False)
        connection.execute(
            plan_run.insert().values(
                run_id=run_id, as_of=run.as_of.isoformat(), recorded_at=recorded_at, manifest=manifest
            )
        )
        _supersede(connection, run, set(numbers), user_name, recorded_at)
    for found, number, (head, lines) in zip(known, numbers, proposals, strict=True):
        if found is None:
            connection.execute(proposal.insert().values(proposal_no=number, run_id=run_id, **head))
            connection.execute(proposal_line.insert(), [{"proposal_no": number, **line} for line in lines])
    return [StoredProposal(number, found is None) for found, number in zip(known, numbers, strict=True)]


def latest_run(connection: sa.Connection, as_of: date | None = None) -> dict[str, Any] | None:
    """Return the run recorded last: ``run_id, as_of, recorded_at`` and its manifest; None where there is none.

    Parameters
    ----------
    as_of
        Where given, no run that planned for a later day.
    """
    question = sa.select(plan_run).order_by(plan_run.c.recorded_at.desc(), plan_run.c.run_id.desc()).limit(1)
    if as_of is not None:
        question = question.where(plan_run.c.as_of <= as_of.isoformat())
    row = connection.execute(question).one_or_none()
    return None if row is None else {**row._mapping, "manifest": json.loads(row.manifest)}


def proposals(connection: sa.Connection, numbers: Sequence[str] | None = None) -> list[dict[str, object]]:
    """Return proposals with their state, sorted by number.

    Parameters
    ----------
    numbers
        Those asked for; all where not given.

    Returns
    -------
    list of dict
        ``proposal_no, run_id, supplier, order_type, order_on, expected_on, content_hash, state``.
    """
    question = sa.select(proposal).order_by(proposal.c.proposal_no)
    if numbers is not None:
        question = question.where(proposal.c.proposal_no.in_(numbers))
    states = _states(connection)
    return [
        {**row, "state": states.get(str(row["proposal_no"]), DRAFT)} for row in connection.execute(question).mappings()
    ]


def state(connection: sa.Connection, proposal_no: str) -> str:
    """Return a proposal's state: draft, approved, rejected, sent or superseded.

    Raises
    ------
    PlanConflictError
        If there is no proposal of that number.
    """
    if connection.scalar(sa.select(proposal.c.run_id).where(proposal.c.proposal_no == proposal_no)) is None:
        raise PlanConflictError(f"there is no proposal {proposal_no}")
    return _states(connection, proposal_no).get(proposal_no, DRAFT)


def proposal_lines(connection: sa.Connection, proposal_no: str) -> list[dict[str, object]]:
    """Return a proposal's lines in their order, edits applied.

    Returns
    -------
    list of dict
        The columns of the table, the part's ``name`` and ``unit``, ``quantity_milli`` as it stands after all edits,
        ``proposed_milli`` as the plan had it, and ``edited_by`` and ``edit_reason`` of the last edit, empty without.
    """
    question = (
        sa.select(proposal_line, part.c.name, part.c.unit, part.c.pack_size_milli)
        .outerjoin(part, part.c.part_no == proposal_line.c.part_no)
        .where(proposal_line.c.proposal_no == proposal_no)
        .order_by(proposal_line.c.line_no)
    )
    edits: dict[tuple[str, str], dict[str, object]] = {}
    for event in events(connection, proposal_no):
        if event["kind"] == "edited":
            body: dict[str, object] = json.loads(str(event["body"]))
            edits[(str(body["store"]), str(body["part_no"]))] = {**body, "user_name": event["user_name"]}
    lines = []
    for row in connection.execute(question).mappings():
        edit = edits.get((row["store"], row["part_no"]), {})
        lines.append(
            {
                **row,
                "proposed_milli": row["quantity_milli"],
                "quantity_milli": edit.get("quantity_milli", row["quantity_milli"]),
                "edited_by": edit.get("user_name", ""),
                "edit_reason": edit.get("reason", ""),
            }
        )
    return lines


def events(connection: sa.Connection, proposal_no: str) -> list[dict[str, object]]:
    """Return what happened to a proposal, in order: ``event_id, proposal_no, kind, user_name, recorded_at, body``.

    Where its purchase order was reversed, that follows as ``order_reversed``: nothing happens to it between the two.
    """
    question = (
        sa.select(proposal_event).where(proposal_event.c.proposal_no == proposal_no).order_by(proposal_event.c.event_id)
    )
    reversed_orders = _reversed_orders(connection)
    found: list[dict[str, object]] = []
    for row in connection.execute(question).mappings():
        found.append(dict(row))
        by = reversed_orders.get(str(json.loads(row["body"]).get("order_no"))) if row["kind"] == "sent" else None
        if by is not None:
            found.append({**row, "kind": "order_reversed", **by})
    return found


def append_event(
    connection: sa.Connection,
    proposal_no: str,
    kind: str,
    user_name: str,
    recorded_at: str,
    body: Mapping[str, object],
) -> None:
    """Record what was done with a proposal.

    Raises
    ------
    PlanConflictError
        If there is no such proposal, or its state does not allow it.
    """
    if _is_repeat(connection, proposal_no, kind, body):
        return
    now = state(connection, proposal_no)
    if now not in MOVES[kind]:
        raise PlanConflictError(f"a proposal is {kind} when it is {' or '.join(MOVES[kind])}; {proposal_no} is {now}")
    _insert_event(connection, proposal_no, kind, user_name, recorded_at, body)


def edit_line(connection: sa.Connection, proposal_no: str, edit: LineEdit, user_name: str, recorded_at: str) -> None:
    """Change the quantity of one line of a draft; whole packs only.

    Raises
    ------
    PlanConflictError
        If there is no such line, the quantity is not in whole packs, or the proposal is no draft.
    """
    lines = {(row["store"], row["part_no"]): row for row in proposal_lines(connection, proposal_no)}
    now = lines.get((edit.store, edit.part_no))
    if now is None:
        raise PlanConflictError(f"{proposal_no} has no line for part {edit.part_no} at store {edit.store}")
    pack_milli = int(str(now["pack_size_milli"] or 1))
    if edit.quantity_milli < 0 or edit.quantity_milli % pack_milli:
        raise PlanConflictError(
            f"part {edit.part_no} is ordered in whole packs of {pack_milli / 1000:g};"
            f" found {edit.quantity_milli / 1000:g}"
        )
    body = {name: value for name, value in asdict(edit).items() if value is not None}
    append_event(connection, proposal_no, "edited", user_name, recorded_at, body)


def run_manifest(connection: sa.Connection, run_id: str) -> dict[str, Any]:
    """Return what a run was derived from, as it was stored."""
    manifest: dict[str, Any] = json.loads(
        connection.execute(sa.select(plan_run.c.manifest).where(plan_run.c.run_id == run_id)).scalar_one()
    )
    return manifest


def budget_e4(connection: sa.Connection, store: str, month: str) -> int | None:
    """Return what a store may order in a month (``YYYY-MM``); None where nobody limits it."""
    question = sa.select(budget.c.amount_e4).where(budget.c.store == store, budget.c.period == month)
    return connection.execute(question).scalar_one_or_none()


def _run_of_key(connection: sa.Connection, key: str) -> tuple[str, list[str]] | None:
    for name, manifest in connection.execute(sa.select(plan_run.c.run_id, plan_run.c.manifest)):
        content = json.loads(manifest)
        if content.get("key") == key:
            return str(name), content["proposals"]
    return None


def _is_repeat(connection: sa.Connection, proposal_no: str, kind: str, body: Mapping[str, object]) -> bool:
    """Return whether this very event is there under its key; another one under the key is a conflict."""
    key = body.get("key")
    if key is None:
        return False
    for event in connection.execute(sa.select(proposal_event).order_by(proposal_event.c.event_id)).mappings():
        if (there := json.loads(event["body"])).get("key") == key:
            if (event["proposal_no"], event["kind"], there) == (proposal_no, kind, dict(body)):
                return True
            raise PlanConflictError(f"the key {key!r} stands for another decision, on {event['proposal_no']}")
    return False


def _states(connection: sa.Connection, proposal_no: str | None = None) -> dict[str, str]:
    event = proposal_event.c
    question = (
        sa.select(event.proposal_no, event.kind, event.body).where(event.kind != "edited").order_by(event.event_id)
    )
    if proposal_no is not None:
        question = question.where(event.proposal_no == proposal_no)
    reversed_orders = _reversed_orders(connection)
    return {
        str(number): str(kind)
        for number, kind, body in connection.execute(question)
        if kind != "sent" or json.loads(body).get("order_no") not in reversed_orders
    }


def _reversed_orders(connection: sa.Connection) -> dict[str, dict[str, object]]:
    """Return by number of each purchase order that was reversed who did so, and when it was recorded."""
    by = document.alias()
    question = (
        sa.select(document.c.number, by.c.user_name, by.c.recorded_at)
        .join(reversal, reversal.c.reverses_sequence == document.c.sequence)
        .join(by, by.c.sequence == reversal.c.document_sequence)
        .where(document.c.kind == "purchase-order")
    )
    return {
        row.number: {"user_name": row.user_name, "recorded_at": row.recorded_at} for row in connection.execute(question)
    }


def _find(connection: sa.Connection, content_hash: str, as_of: date) -> str | None:
    """Return the proposal of that content planned for that day, unless it was put aside since."""
    question = (
        sa.select(proposal.c.proposal_no)
        .where(proposal.c.content_hash == content_hash, proposal.c.proposal_no.like(f"{as_of:%Y%m%d}-%"))
        .order_by(proposal.c.proposal_no)
    )
    states = _states(connection)
    for number in connection.scalars(question):
        if states.get(number, DRAFT) != "superseded":
            return str(number)
    return None


def _next_number(connection: sa.Connection, as_of: date, supplier: str, order_type: str) -> str:
    first = f"{as_of:%Y%m%d}-{supplier}-{order_type}"
    taken = set(connection.scalars(sa.select(proposal.c.proposal_no).where(proposal.c.proposal_no.startswith(first))))
    revision = 1
    number = first
    while number in taken:
        revision += 1
        number = f"{first}-{revision}"
    return number


def _name_for(connection: sa.Connection, run_id: str, numbers: Sequence[str]) -> str | None:
    """Return the name to store a run under; None where it is there with these very proposals.

    A run can come back after another one has put its proposals aside: it is then stored again, as ``…-2``.
    """
    question = sa.select(plan_run.c.run_id, plan_run.c.manifest).where(plan_run.c.run_id.startswith(run_id))
    there = {str(name): json.loads(manifest)["proposals"] for name, manifest in connection.execute(question)}
    if list(numbers) in there.values():
        return None
    return f"{run_id}-{len(there) + 1}" if there else run_id


def _supersede(connection: sa.Connection, run: RunToStore, kept: set[str], user_name: str, recorded_at: str) -> None:
    """Put aside the drafts that hold lines of the stores planned, other than those this run came to again."""
    holding = set(
        connection.scalars(
            sa.select(proposal_line.c.proposal_no).where(proposal_line.c.store.in_(run.stores)).distinct()
        )
    )
    for row in proposals(connection):
        number = str(row["proposal_no"])
        if row["state"] == DRAFT and number in holding and number not in kept:
            _insert_event(connection, number, "superseded", user_name, recorded_at, {"run_id": run.run_id})


def _insert_event(
    connection: sa.Connection,
    proposal_no: str,
    kind: str,
    user_name: str,
    recorded_at: str,
    body: Mapping[str, object],
) -> None:
    connection.execute(
        proposal_event.insert().values(
            proposal_no=proposal_no,
            kind=kind,
            user_name=user_name,
            recorded_at=recorded_at,
            body=json.dumps(body, sort_keys=True, ensure_ascii=False),
        )
    )
