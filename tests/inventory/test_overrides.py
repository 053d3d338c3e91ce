"""What people set over forecasts: kept with author, reason and days, sealed, never changed, ended by itself."""

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from inventory.books.refusals import LedgerConflictError
from inventory.counter.slip import Signature
from inventory.database import read, write
from inventory.overrides import OverrideWish, override_rows, set_override, withdraw_override
from inventory.proof.verification import verify
from inventory.reading import read_snapshot
from inventory.schema import part, supplier, vehicle

JUNE = date(2026, 6, 30)
WISH = OverrideWish("S01", "A", None, "2026-07", "2026-08", 40_000, None, "fleet visit", date(2026, 8, 31))


def signed(on: date = JUNE, key: str | None = None, user: str = "ann") -> Signature:
    return Signature(on, user, key, f"{on.isoformat()}T12:00:00+00:00")


def faults(books: sa.Engine) -> list[object]:
    with read(books) as connection:
        return list(verify(connection))


@pytest.fixture
def books(engine: sa.Engine) -> sa.Engine:
    with write(engine) as connection:
        connection.execute(sa.insert(supplier).values(supplier="GPC", name="GPC"))
        row: dict[str, object] = {name: 1000 for name in part.columns.keys() if name.endswith(("_milli", "_e4"))}  # noqa: SIM118 - columns are no dict
        row |= {"part_no": "A", "name": "Part", "category": "wear", "unit": "each", "supplier": "GPC"}
        row |= {"criticality": "essential", "returnable": "yes"}
        connection.execute(sa.insert(part).values(row))
        car = {"vin": "V1", "model": "M1", "store": "S01", "registered_on": "2024-01-01", "left_on": None}
        connection.execute(sa.insert(vehicle).values({**car, "powertrain": ""}))
    return engine


def test_what_is_set_is_kept_with_who_why_and_until_when(books: sa.Engine) -> None:
    with write(books) as connection:
        slip = set_override(connection, WISH, signed())
    assert (slip.override_id, slip.is_new, slip.findings) == (1, True, ())
    with read(books) as connection:
        (row,) = override_rows(connection)
    assert (row["user_name"], row["reason"], row["set_on"], row["expires_on"]) == (
        "ann", "fleet visit", "2026-06-30", "2026-08-31",
    )  # fmt: skip
    assert faults(books) == []


def test_the_same_wish_under_one_key_is_set_once_and_another_is_refused(books: sa.Engine) -> None:
    for again in (False, True):
        with write(books) as connection:
            slip = set_override(connection, WISH, signed(key="K"))
        assert (slip.override_id, slip.is_new) == (1, not again)
    with pytest.raises(LedgerConflictError), write(books) as connection:
        set_override(connection, replace(WISH, amount_milli=1), signed(key="K"))


def test_every_fault_of_a_wish_is_told_at_once(books: sa.Engine) -> None:
    wish = OverrideWish("S09", None, "nothing/at all", "2026-08", "2026-07", None, 500_000, " ", date(2026, 6, 1))
    with write(books) as connection:
        slip = set_override(connection, wish, signed())
    assert sorted(finding.column for finding in slip.findings) == ["expires", "family", "reason", "store", "to"]
    with read(books) as connection:
        assert override_rows(connection) == []


def test_a_family_is_known_by_its_category(books: sa.Engine) -> None:
    with write(books) as connection:
        wish = replace(WISH, part_no=None, family="wear/failure", amount_milli=None, factor_ppm=1_500_000)
        assert set_override(connection, wish, signed()).findings == ()


def test_a_withdrawal_is_a_row_of_its_own_and_happens_once(books: sa.Engine) -> None:
    july = date(2026, 7, 10)
    with write(books) as connection:
        set_override(connection, WISH, signed())
        assert withdraw_override(connection, 1, "called off", signed(july, "W", "bob")).is_new
        assert not withdraw_override(connection, 1, "called off", signed(july, "W", "bob")).is_new
        assert withdraw_override(connection, 1, "again", signed(july)).findings
        assert withdraw_override(connection, 7, "who", signed(july)).findings
    with read(books) as connection:
        (before,), (after,) = override_rows(connection, JUNE), override_rows(connection, july)
        assert (before["withdrawn_on"], after["withdrawn_on"], after["withdrawn_by"]) == (None, "2026-07-10", "bob")
        assert override_rows(connection, date(2026, 6, 29)) == []
    assert faults(books) == []


def test_what_has_ended_by_itself_is_not_withdrawn(books: sa.Engine) -> None:
    with write(books) as connection:
        set_override(connection, WISH, signed())
        slip = withdraw_override(connection, 1, "too late", signed(date(2026, 9, 1)))
    assert "2026-06-30 to 2026-08-31" in slip.findings[0].reason


@pytest.mark.parametrize("change", ["UPDATE forecast_override SET amount_milli = 1", "DELETE FROM forecast_withdrawal"])
def test_nothing_of_it_can_be_changed(books: sa.Engine, change: str) -> None:
    with write(books) as connection:
        set_override(connection, WISH, signed())
        withdraw_override(connection, 1, "called off", signed())
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), write(books) as connection:
        connection.execute(sa.text(change))


def test_a_snapshot_knows_what_was_set_by_its_day(books: sa.Engine) -> None:
    with write(books) as connection:
        set_override(connection, WISH, signed())
        withdraw_override(connection, 1, "called off", signed(date(2026, 7, 10)))
    assert read_snapshot(books, date(2026, 6, 1)).overrides.empty
    known = read_snapshot(books, JUNE).overrides
    assert known["amount_milli"].tolist() == [40_000]
    assert known["factor_ppm"].isna().all()
    assert known["withdrawn_on"].isna().all()
    assert read_snapshot(books, date(2026, 7, 10)).overrides["withdrawn_on"].notna().all()
    assert read_snapshot(books, JUNE, "S02").overrides.empty
