"""Proposals in the books: what each run of the plan proposed, and what people did with it.

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

import sqlalchemy as sa

from inventory.plan_levels import append_levels
from inventory.plan_runs import RunToStore, append_run, name_for, run_of_key
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


@dataclass(frozen=True)
class StoredPlan:
    """Where the proposals of a run are, in the order given, and which drafts it has put aside, by their numbers."""

    proposals: tuple[StoredProposal, ...]
    put_aside: tuple[str, ...] = ()


def append_plan(
    connection: sa.Connection,
    run: RunToStore,
    proposals: Sequence[tuple[Mapping[str, object], Sequence[Mapping[str, object]]]],
    levels: Sequence[Mapping[str, object]],
    user_name: str,
    recorded_at: str,
) -> StoredPlan:
    """Store a run, its proposals and the levels it set; return where each proposal is found.

    Parameters
    ----------
    run
        The run; one that is stored already is not stored again.
    proposals
        Per proposal its own row (supplier, order_type, order_on, expected_on, content_hash) and its lines' rows.
    levels
        A row for every part and store (`inventory.plan_levels`).
    user_name, recorded_at
        Who ran it, and when it was recorded (ISO text, UTC).

    Raises
    ------
    PlanConflictError
        If the idempotency key stands for another run.
    """
    if run.key is not None and (earlier := run_of_key(connection, run.key)) is not None:
        name, numbers = earlier
        if not name.startswith(run.run_id):
            raise PlanConflictError(f"the key {run.key!r} stands for the run {name}; this one is {run.run_id}")
        return StoredPlan(tuple(StoredProposal(number, is_new=False) for number in numbers))
    content = {**json.loads(run.manifest), "stores": list(run.stores), "key": run.key}
    known = [_find(connection, str(head["content_hash"]), run.as_of) for head, _ in proposals]
    numbers = [
        found or _next_number(connection, run.as_of, str(head["supplier"]), str(head["order_type"]))
        for found, (head, _) in zip(known, proposals, strict=True)
    ]
    run_id = name_for(connection, run.run_id, numbers)
    put_aside: tuple[str, ...] = ()
    if run_id is not None:
        manifest = json.dumps({**content, "proposals": numbers}, sort_keys=True, ensure_ascii=False)
        append_run(connection, run_id, run.as_of, manifest, recorded_at)
        append_levels(connection, run_id, levels)
        put_aside = _supersede(connection, run, set(numbers), user_name, recorded_at)
    for found, number, (head, lines) in zip(known, numbers, proposals, strict=True):
        if found is None:
            connection.execute(proposal.insert().values(proposal_no=number, run_id=run_id, **head))
            connection.execute(proposal_line.insert(), [{"proposal_no": number, **line} for line in lines])
    found_at = (StoredProposal(number, found is None) for found, number in zip(known, numbers, strict=True))
    return StoredPlan(tuple(found_at), put_aside)


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


def approved_lines(connection: sa.Connection, as_of: date, store: str | None = None) -> list[dict[str, object]]:
    """Return the lines of proposals that were approved and are not sent yet, edits applied, by number and line.

    Parameters
    ----------
    as_of
        No proposal of a plan for a later day.
    store
        Only lines for this store; all where not given.

    Returns
    -------
    list of dict
        Those of `proposal_lines` with a quantity, and the proposal's ``order_on`` and ``expected_on``.
    """
    ever = sa.select(proposal_event.c.proposal_no).where(proposal_event.c.kind == "approved")
    question = (
        sa.select(proposal.c.proposal_no, proposal.c.order_on, proposal.c.expected_on)
        .join(plan_run, plan_run.c.run_id == proposal.c.run_id)
        .where(plan_run.c.as_of <= as_of.isoformat(), proposal.c.proposal_no.in_(ever))
        .order_by(proposal.c.proposal_no)
    )
    candidates = connection.execute(question).all()
    states = _states(connection) if candidates else {}
    return [
        {**line, "order_on": order_on, "expected_on": expected_on}
        for number, order_on, expected_on in candidates
        if states.get(number) == "approved"
        for line in proposal_lines(connection, number)
        if line["quantity_milli"] and store in (None, line["store"])
    ]


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


def budget_e4(connection: sa.Connection, store: str, month: str) -> int | None:
    """Return what a store may order in a month (``YYYY-MM``); None where nobody limits it."""
    question = sa.select(budget.c.amount_e4).where(budget.c.store == store, budget.c.period == month)
    return connection.execute(question).scalar_one_or_none()


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


def _supersede(
    connection: sa.Connection, run: RunToStore, kept: set[str], user_name: str, recorded_at: str
) -> tuple[str, ...]:
    """Put aside the drafts that hold lines of the stores planned, but not those this run came to again; say which."""
    holding = set(
        connection.scalars(
            sa.select(proposal_line.c.proposal_no).where(proposal_line.c.store.in_(run.stores)).distinct()
        )
    )
    drafts = [str(row["proposal_no"]) for row in proposals(connection) if row["state"] == DRAFT]
    put_aside = tuple(number for number in drafts if number in holding and number not in kept)
    for number in put_aside:
        _insert_event(connection, number, "superseded", user_name, recorded_at, {"run_id": run.run_id})
    return put_aside


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
