"""Proposals in the books: found again, revised, decided upon; on both databases."""

import dataclasses
from collections.abc import Sequence
from datetime import date

import pytest
import sqlalchemy as sa

from inventory import plans
from inventory.database import read, write
from inventory.plan_runs import RunToStore, latest_run
from inventory.plans import LineEdit, PlanConflictError, StoredProposal
from inventory.schema import part, plan_run, proposal

AS_OF = date(2026, 6, 30)
WHEN = "2026-06-30T06:00:00+00:00"
Proposals = Sequence[tuple[dict[str, object], list[dict[str, object]]]]


def proposal_of(content: str, supplier: str = "GPC", store: str = "S01", quantity_milli: int = 20_000) -> Proposals:
    head: dict[str, object] = {
        "supplier": supplier, "order_type": "stock", "order_on": "2026-07-02", "expected_on": "2026-07-07",
        "content_hash": content,
    }  # fmt: skip
    figures = (
        "unit_cost_e4 on_hand_milli on_order_milli reserved_milli backorder_milli safety_stock_milli"
        " reorder_point_milli order_up_to_level_milli expected_demand_milli expected_fill_rate_ppm"
    )
    line: dict[str, object] = {
        "line_no": 1, "store": store, "part_no": "00195040", "quantity_milli": quantity_milli,
        **dict.fromkeys(figures.split(), 0), "reason": '{"kind":"replenish","facts":{}}',
    }  # fmt: skip
    return [(head, [line])]


RUN = RunToStore("20260630-aaa", AS_OF, "{}", ("S01",))


def stored(engine: sa.Engine, run: RunToStore, rows: Proposals) -> list[StoredProposal]:
    with write(engine) as connection:
        return list(plans.append_plan(connection, run, rows, [], "mei", WHEN).proposals)


def state(engine: sa.Engine, number: str) -> str:
    with read(engine) as connection:
        return plans.state(connection, number)


def count(engine: sa.Engine, table: sa.Table) -> int:
    with read(engine) as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def decide(engine: sa.Engine, number: str, kind: str, key: str | None = None) -> None:
    with write(engine) as connection:
        plans.append_event(connection, number, kind, "mei", WHEN, {} if key is None else {"key": key})


FIRST = "20260630-GPC-stock"


def test_the_same_run_again_finds_its_proposals_and_adds_nothing(engine: sa.Engine) -> None:
    assert stored(engine, RUN, proposal_of("a")) == [StoredProposal(FIRST, is_new=True)]
    assert stored(engine, RUN, proposal_of("a")) == [StoredProposal(FIRST, is_new=False)]
    assert (count(engine, plan_run), count(engine, proposal)) == (1, 1)


def test_another_run_with_the_same_content_finds_the_proposal_too(engine: sa.Engine) -> None:
    stored(engine, RUN, proposal_of("a"))
    later = dataclasses.replace(RUN, run_id="20260630-bbb")
    assert stored(engine, later, proposal_of("a")) == [StoredProposal(FIRST, is_new=False)]
    assert state(engine, FIRST) == "draft"


def test_other_content_gets_a_revision_and_puts_the_draft_aside(engine: sa.Engine) -> None:
    stored(engine, RUN, proposal_of("a"))
    later = dataclasses.replace(RUN, run_id="20260630-bbb")
    assert stored(engine, later, proposal_of("b")) == [StoredProposal(f"{FIRST}-2", is_new=True)]
    assert (state(engine, FIRST), state(engine, f"{FIRST}-2")) == ("superseded", "draft")


def test_of_runs_within_one_second_the_last_one_recorded_is_the_last(engine: sa.Engine) -> None:
    names = ["20260630-bbb", "20260630-ccc", "20260630-aaa"]
    for content, name in enumerate(names):
        stored(engine, dataclasses.replace(RUN, run_id=name), proposal_of(str(content)))
        with read(engine) as connection:
            latest = latest_run(connection)
        assert latest is not None
        assert latest["run_id"] == name


def test_a_run_that_comes_back_after_another_is_a_new_revision(engine: sa.Engine) -> None:
    stored(engine, RUN, proposal_of("a"))
    stored(engine, dataclasses.replace(RUN, run_id="20260630-bbb"), proposal_of("b"))
    assert stored(engine, RUN, proposal_of("a")) == [StoredProposal(f"{FIRST}-3", is_new=True)]
    assert [state(engine, f"{FIRST}{end}") for end in ("", "-2", "-3")] == ["superseded", "superseded", "draft"]


def test_what_is_decided_is_not_put_aside(engine: sa.Engine) -> None:
    stored(engine, RUN, proposal_of("a"))
    decide(engine, FIRST, "approved")
    stored(engine, dataclasses.replace(RUN, run_id="20260630-bbb"), proposal_of("b"))
    assert state(engine, FIRST) == "approved"


def test_a_run_for_one_store_leaves_the_drafts_of_another(engine: sa.Engine) -> None:
    stored(engine, RUN, proposal_of("a"))
    other = RunToStore("20260630-ccc", AS_OF, "{}", ("S02",))
    stored(engine, other, proposal_of("c", store="S02"))
    assert state(engine, FIRST) == "draft"


def test_a_supplier_who_is_no_longer_needed_has_his_draft_put_aside(engine: sa.Engine) -> None:
    stored(engine, RUN, proposal_of("a"))
    stored(engine, dataclasses.replace(RUN, run_id="20260630-bbb"), proposal_of("l", supplier="LUB"))
    assert state(engine, FIRST) == "superseded"


MOVES = [
    ((), "approved", True, "a draft may be approved"),
    ((), "rejected", True, "a draft may be rejected"),
    ((), "sent", False, "what nobody approved is not sent"),
    (("approved",), "sent", True, "what is approved is sent"),
    (("approved",), "approved", False, "twice approved is once too often"),
    (("approved",), "rejected", True, "an approval may be taken back before it is sent"),
    (("approved", "sent"), "rejected", False, "what is sent cannot be called back here"),
    (("rejected",), "approved", False, "what is rejected stays so"),
]


@pytest.mark.parametrize(("before", "kind", "allowed", "why"), MOVES)
def test_a_proposal_moves_only_as_a_purchase_does(
    engine: sa.Engine, before: tuple[str, ...], kind: str, allowed: bool, why: str
) -> None:
    stored(engine, RUN, proposal_of("a"))
    for earlier in before:
        decide(engine, FIRST, earlier)
    if allowed:
        decide(engine, FIRST, kind)
        assert state(engine, FIRST) == kind, why
    else:
        with pytest.raises(PlanConflictError, match=FIRST):
            decide(engine, FIRST, kind)


def test_an_unknown_proposal_is_said(engine: sa.Engine) -> None:
    with pytest.raises(PlanConflictError, match="no proposal"):
        decide(engine, "20260630-X-stock", "approved")


def test_a_decision_under_one_key_counts_once(engine: sa.Engine) -> None:
    stored(engine, RUN, proposal_of("a"))
    decide(engine, FIRST, "approved", key="k")
    decide(engine, FIRST, "approved", key="k")
    with pytest.raises(PlanConflictError, match="another decision"):
        decide(engine, FIRST, "rejected", key="k")
    with read(engine) as connection:
        assert [event["kind"] for event in plans.events(connection, FIRST)] == ["approved"]


def test_a_run_under_one_key_counts_once(engine: sa.Engine) -> None:
    keyed = dataclasses.replace(RUN, key="k")
    stored(engine, keyed, proposal_of("a"))
    assert stored(engine, keyed, proposal_of("a")) == [StoredProposal(FIRST, is_new=False)]
    with pytest.raises(PlanConflictError, match="the key 'k'"):
        stored(engine, dataclasses.replace(keyed, run_id="20260630-bbb"), proposal_of("b"))


def wish(engine: sa.Engine, edit: LineEdit) -> None:
    with write(engine) as connection:
        plans.edit_line(connection, FIRST, edit, "mei", WHEN)


def with_part(engine: sa.Engine) -> None:
    with write(engine) as connection:
        connection.execute(
            part.insert().values(
                part_no="00195040", name="Filter", category="wear", unit="each", unit_cost_e4=1, supplier="GPC",
                pack_size_milli=10_000, moq_milli=0, criticality="vital", returnable="yes",
            )
        )  # fmt: skip
    stored(engine, RUN, proposal_of("a"))


def test_an_edit_lies_over_the_line_and_the_plans_figure_stays(engine: sa.Engine) -> None:
    with_part(engine)
    wish(engine, LineEdit("S01", "00195040", 30_000, "fleet"))
    wish(engine, LineEdit("S01", "00195040", 0, "no fleet"))
    with read(engine) as connection:
        (line,) = plans.proposal_lines(connection, FIRST)
    assert (line["proposed_milli"], line["quantity_milli"]) == (20_000, 0)
    assert (line["edited_by"], line["edit_reason"]) == ("mei", "no fleet")
    assert state(engine, FIRST) == "draft"


REFUSED = [
    (LineEdit("S01", "00195040", 15_000, "x"), "whole packs of 10", "a pack is not opened"),
    (LineEdit("S01", "00195040", -10_000, "x"), "whole packs", "nothing is ordered below zero"),
    (LineEdit("S02", "00195040", 10_000, "x"), "no line", "another store's part"),
]


@pytest.mark.parametrize(("edit", "message", "why"), REFUSED)
def test_an_edit_that_cannot_be_ordered_is_refused(engine: sa.Engine, edit: LineEdit, message: str, why: str) -> None:
    with_part(engine)
    with pytest.raises(PlanConflictError, match=message):
        wish(engine, edit)


def test_an_approved_proposal_is_not_edited(engine: sa.Engine) -> None:
    with_part(engine)
    decide(engine, FIRST, "approved")
    with pytest.raises(PlanConflictError, match="is approved"):
        wish(engine, LineEdit("S01", "00195040", 10_000, "late"))
