"""Evidence is known by its content: recorded with its hash, kept beside the books, and missed when it is gone."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import sqlalchemy as sa

from inventory.books.ledger import Posting
from inventory.claims.evidence import add_evidence, evidence_rows
from inventory.claims.steps import UnlawfulStepError
from inventory.claims.views import claim_history, claim_rows
from inventory.database import read, write
from inventory.intake.evidence import Evidence, keep, kept_state, read_evidence
from inventory.schema_claims import claim_evidence
from tests.inventory.claims.claiming import delivered, steps, with_order
from tests.inventory.made_books import RECORDED_AT, TODAY

C1 = "PO1-R1-C1"


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "Crushed Box.JPG"
    path.write_bytes(b"a photograph")
    return path


def added(engine: sa.Engine, evidence: Evidence, key: str | None = None) -> Posting:
    with write(engine) as connection:
        return add_evidence(connection, C1, evidence, TODAY, "ann", key, RECORDED_AT, "the box")


def test_a_file_is_kept_under_its_hash_and_missed_or_found_changed_later(photo: Path, tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "evidence"
    kept = keep(photo, folder)
    sha256 = hashlib.sha256(b"a photograph").hexdigest()
    assert kept == Evidence(str(photo), f"{sha256}.jpg", sha256, 12)
    assert read_evidence(photo) == kept
    assert keep(photo, folder) == kept, "twice is once"
    assert [path.name for path in folder.iterdir()] == [kept.kept_as]
    assert kept_state(folder, kept.kept_as, sha256) == "kept"
    (folder / kept.kept_as).write_bytes(b"another photograph")
    assert kept_state(folder, kept.kept_as, sha256) == "changed"
    (folder / kept.kept_as).unlink()
    assert kept_state(folder, kept.kept_as, sha256) == "missing"


def test_evidence_is_recorded_once_in_the_claims_history_and_never_changed(engine: sa.Engine, photo: Path) -> None:
    with_order(engine)
    delivered(engine, "P1", 10, 7, "damaged")
    evidence = read_evidence(photo)
    assert added(engine, evidence, "K").number == added(engine, evidence, "K").number, "told twice, recorded once"
    with pytest.raises(UnlawfulStepError, match="already"):
        added(engine, evidence)
    with read(engine) as connection:
        (row,) = evidence_rows(connection, C1)
        assert (row["sha256"], row["size_bytes"], row["path"]) == (evidence.sha256, 12, str(photo))
        assert [each["step"] for each in claim_history(connection, C1, TODAY)] == ["open", "evidence"]
        assert [each["evidence"] for each in claim_rows(connection, TODAY, RECORDED_AT)] == [1]
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), write(engine) as connection:
        connection.execute(sa.delete(claim_evidence))


def test_a_closed_claim_takes_no_more_evidence(engine: sa.Engine, photo: Path) -> None:
    with_order(engine)
    delivered(engine, "P1", 10, 7, "damaged")
    steps(engine, C1, "submitted", "refused", "closed")
    with pytest.raises(UnlawfulStepError, match="closed"):
        added(engine, read_evidence(photo))
