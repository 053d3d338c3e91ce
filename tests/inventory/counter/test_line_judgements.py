"""What a person judged of a line of demand: the last word counts, and the line itself is never changed."""

from datetime import date

import pytest
import sqlalchemy as sa

from inventory.books.reversing import reverse
from inventory.counter.issues import IssueRequest
from inventory.counter.line_judgements import Judgement, judge, judgements
from inventory.database import read, write
from inventory.reading import read_snapshot
from inventory.schema_counter import line_judgement
from tests.inventory.counter.made_counter import signed, written
from tests.inventory.every_kind import given
from tests.inventory.made_books import RECORDED_AT, STORE, TODAY, with_parts

BULK = Judgement(STORE, "RO-1", "P1", 1, "bulk", "a fleet")
USUAL = Judgement(STORE, "RO-1", "P1", 1, "usual", "buys so every spring")


@pytest.fixture
def asked(engine: sa.Engine) -> sa.Engine:
    with_parts(engine, {"P1": 10})
    given(engine, IssueRequest(STORE, "P1", 80_000, "RO-1"))
    return engine


def verdicts(engine: sa.Engine, as_of: date = TODAY) -> list[object]:
    with read(engine) as connection:
        return [row["verdict"] for row in judgements(connection, as_of)]


def test_the_last_judgement_counts_and_one_taken_back_leaves_the_one_before(asked: sa.Engine) -> None:
    written(asked, judge, BULK)
    last = written(asked, judge, USUAL)
    assert verdicts(asked) == ["usual"]
    assert read_snapshot(asked, TODAY).line_judgements["reason"].tolist() == ["buys so every spring"]
    assert last.posting is not None
    with write(asked) as connection:
        reverse(connection, last.posting.number, "a mistake", TODAY, "tester", None, RECORDED_AT)
    assert verdicts(asked) == ["bulk"]


def test_what_is_asked_twice_under_one_key_is_judged_once(asked: sa.Engine) -> None:
    for _ in range(2):
        with write(asked) as connection:
            slip = judge(connection, BULK, signed(TODAY, key="once"))
            assert slip.posting is not None
    assert verdicts(asked) == ["bulk"]
    with read(asked) as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(line_judgement)).scalar_one() == 1


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (Judgement(STORE, "RO-1", "P1", 2, "bulk", "a fleet"), "line"),
        (Judgement(STORE, "RO-9", "P1", 1, "bulk", "a fleet"), "line"),
        (Judgement(STORE, "RO-1", "P1", 1, "large", "a fleet"), "as"),
        (Judgement(STORE, "RO-1", "P1", 1, "bulk", "  "), "reason"),
    ],
)
def test_only_a_line_in_the_books_is_judged_as_bulk_or_usual_with_a_reason(
    asked: sa.Engine, wanted: Judgement, field: str
) -> None:
    with write(asked) as connection:
        slip = judge(connection, wanted, signed(TODAY))
    assert slip.posting is None
    assert [finding.column for finding in slip.findings] == [field]


def test_a_judgement_is_never_changed(asked: sa.Engine) -> None:
    written(asked, judge, BULK)
    with pytest.raises(sa.exc.DatabaseError, match="append-only"), write(asked) as connection:
        connection.execute(sa.update(line_judgement).values(verdict="usual"))
