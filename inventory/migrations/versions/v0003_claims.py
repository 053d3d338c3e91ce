"""Claims, returns to the maker, core deposits, warranty custody; their logs are append-only like all others."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_APPEND_ONLY = ("claim", "claim_event", "claim_evidence", "maker_return", "maker_return_event", "warranty_tag")


def upgrade() -> None:
    """Make the rules and the logs, then guard the logs."""
    _rules()
    _claims()
    _custody()
    if op.get_bind().dialect.name == "postgresql":
        _guard_on_postgresql()
    else:
        _guard_on_sqlite()


def _text(name: str, *, key: bool = False, empty: bool = False, of: str = "", once: bool = False) -> sa.Column[str]:
    references = [sa.ForeignKey(of)] if of else []
    return sa.Column(name, sa.Text, *references, primary_key=key, nullable=empty, unique=once or None)


def _whole(name: str, *, key: bool = False, empty: bool = False, of: str = "") -> sa.Column[int]:
    references = [sa.ForeignKey(of)] if of else []
    return sa.Column(name, sa.BigInteger, *references, primary_key=key, nullable=empty, autoincrement=False)


def _document(name: str = "document_sequence", *, key: bool = False) -> sa.Column[int]:
    return _whole(name, key=key, of="document.sequence")


def _rules() -> None:
    op.create_table("claim_rule", _text("supplier", key=True), _text("cause", key=True), _whole("hours"))
    op.create_table("custody_rule", _text("supplier", key=True), _whole("days"))
    op.create_table("core_deposit", _text("part_no", key=True), _whole("deposit_e4"))
    op.create_table(
        "parts_warranty",
        _text("supplier", key=True),
        _text("category", key=True),
        _text("from_on", key=True),
        _whole("months"),
        _whole("km"),
    )


def _claims() -> None:
    op.create_table(
        "claim",
        _text("claim_no", key=True),
        _document(),
        _document("receipt_sequence"),
        *(_text(name) for name in ("supplier", "order_no", "store", "part_no", "cause")),
        *(_whole(name) for name in ("quantity_milli", "value_e4", "on_order_milli")),
        *(_text(name) for name in ("place_kind", "place_name", "opened_at", "due_at")),
        sa.CheckConstraint("quantity_milli > 0", name="quantity_positive"),
    )
    op.create_index("ix_claim_order", "claim", ["order_no", "store", "part_no"])
    op.create_table(
        "claim_event",
        _document(key=True),
        _text("claim_no", key=True, of="claim.claim_no"),
        _text("step"),
        _whole("amount_e4", empty=True),
        _whole("off_order_milli"),
        _text("note"),
    )
    op.create_index("ix_claim_event_claim", "claim_event", ["claim_no", "document_sequence"])
    op.create_table(
        "claim_evidence",
        _document(key=True),
        _text("claim_no", of="claim.claim_no"),
        _text("path"),
        _text("kept_as"),
        _text("sha256"),
        _whole("size_bytes"),
        _text("note"),
    )
    op.create_index("ix_claim_evidence_claim", "claim_evidence", ["claim_no"])


def _custody() -> None:
    op.create_table(
        "maker_return",
        _text("return_no", key=True),
        _document(),
        *(_text(name) for name in ("store", "part_no", "supplier")),
        _whole("quantity_milli"),
        _whole("value_e4"),
        _text("reason"),
    )
    op.create_table(
        "maker_return_event",
        _document(key=True),
        _text("return_no", of="maker_return.return_no", once=True),
        _text("step"),
        _whole("credit_e4"),
        _whole("fee_e4"),
        _whole("value_e4"),
        _text("note"),
    )
    op.create_table(
        "warranty_tag",
        _text("tag_no", key=True),
        _document(),
        *(_text(name) for name in ("store", "order_no", "part_no")),
        _text("vin", empty=True),
        _text("supplier"),
        _whole("quantity_milli"),
        _text("kept_on"),
        _text("keep_until"),
    )


def _guard_on_sqlite() -> None:
    for table in _APPEND_ONLY:
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def _guard_on_postgresql() -> None:
    for table in _APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
