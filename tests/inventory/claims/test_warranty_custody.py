"""A replaced part is kept under its tag as long as the maker may ask for it, and not let go before."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from inventory.books.balances import Amount
from inventory.books.ledger import LedgerConflictError, Posting
from inventory.claims.warranty_custody import CustodyError, KeepRequest, Tag, keep, release, set_days, tag_rows
from inventory.database import read, write
from inventory.schema_claims import warranty_tag
from tests.inventory.claims.claiming import lying
from tests.inventory.made_books import RECORDED_AT, STORE, TODAY, with_parts

ASKED = KeepRequest(STORE, "RO-17", "P1", 1000, "VIN1")
LAST, AFTER = date(2026, 8, 29), date(2026, 8, 30)
"""The sixtieth day after 30 June, and the first on which the part may go."""


@pytest.fixture
def books(engine: sa.Engine) -> sa.Engine:
    with_parts(engine, {"P1": 10})
    return engine


def kept(engine: sa.Engine, asked: KeepRequest = ASKED, key: str | None = None) -> Tag:
    with write(engine) as connection:
        return keep(connection, asked, TODAY, "ann", key, RECORDED_AT)


def tag_no(engine: sa.Engine) -> str:
    posting = kept(engine).posting
    assert posting is not None
    return posting.number


def released(engine: sa.Engine, number: str, on: date, to: str = "scrap", key: str | None = None) -> Posting:
    with write(engine) as connection:
        return release(connection, number, to, on, "ann", key, RECORDED_AT)


def rows(engine: sa.Engine, as_of: date) -> list[dict[str, object]]:
    with read(engine) as connection:
        return tag_rows(connection, as_of)


def test_a_tag_names_order_part_date_and_the_last_day_it_is_kept(books: sa.Engine) -> None:
    number = tag_no(books)
    (row,) = rows(books, TODAY)
    assert [row[name] for name in ("tag_no", "order_no", "part_no", "vin", "kept_on", "keep_until", "bin")] == [
        number, "RO-17", "P1", "VIN1", "2026-06-30", "2026-08-29", "7",
    ]  # fmt: skip
    assert lying(books)[f"warranty-hold {number}"] == Amount(1000, 0), "it was paid for long ago"
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), write(books) as connection:
        connection.execute(sa.update(warranty_tag).values(keep_until="2026-01-01"))


@pytest.mark.parametrize(("to", "place"), [("scrap", "scrap TAG-000001"), ("maker", "supplier GPC")])
def test_it_goes_the_day_after_and_not_before_and_once(books: sa.Engine, to: str, place: str) -> None:
    number = tag_no(books)
    with pytest.raises(CustodyError, match="kept until 2026-08-29"):
        released(books, number, LAST, to)
    assert [row["state"] for row in rows(books, AFTER)] == ["due"]
    released(books, number, AFTER, to, "K")
    assert released(books, number, AFTER, to, "K").is_new is False
    assert lying(books)[place] == Amount(1000, 0)
    assert [(row["state"], row["released_on"], row["released_to"]) for row in rows(books, AFTER)] == [
        ("released", "2026-08-30", to)
    ]
    assert [row["state"] for row in rows(books, LAST)] == ["kept"], "the day before it was still there"
    with pytest.raises(CustodyError, match="went to"):
        released(books, number, AFTER)


def test_the_rule_of_the_supplier_sets_the_days_and_a_tag_keeps_its_own(books: sa.Engine) -> None:
    number = tag_no(books)
    with write(books) as connection:
        assert set_days(connection, "", 30) == ()
        assert set_days(connection, "GPC", 15) == ()
        assert [each.column for each in set_days(connection, "GPC", -1)] == ["days"]
    assert kept(books).keep_until == "2026-07-15"
    assert [row["keep_until"] for row in rows(books, TODAY) if row["tag_no"] == number] == ["2026-08-29"]


def test_what_cannot_be_meant_is_refused(books: sa.Engine) -> None:
    faults = kept(books, KeepRequest(STORE, " ", "P9", 0)).findings
    assert [each.column for each in faults] == ["part", "quantity", "order-no"]
    with pytest.raises(CustodyError, match="no tag"):
        released(books, "TAG-9", AFTER)


def test_a_part_kept_twice_under_one_key_has_one_tag(books: sa.Engine) -> None:
    first = kept(books, key="K")
    again = kept(books, key="K")
    assert first.posting is not None
    assert again.posting is not None
    assert (again.posting.number, again.keep_until) == (first.posting.number, first.keep_until)
    with pytest.raises(LedgerConflictError):
        kept(books, KeepRequest(STORE, "RO-18", "P1", 1000), "K")
