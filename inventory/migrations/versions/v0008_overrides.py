"""What people set over a forecast, and its withdrawal: two logs, append-only."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_APPEND_ONLY = ("forecast_override", "forecast_withdrawal")
_SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables, then guard them."""
    op.create_table(
        "forecast_override",
        sa.Column("override_id", _SERIAL, primary_key=True, autoincrement=True),
        _text("store"),
        _text("part_no", empty=True),
        _text("family", empty=True),
        _text("first_month"),
        _text("last_month"),
        sa.Column("amount_milli", sa.BigInteger, nullable=True),
        sa.Column("factor_ppm", sa.BigInteger, nullable=True),
        _text("reason"),
        _text("set_on"),
        _text("expires_on"),
        _text("user_name"),
        _text("recorded_at"),
        _text("idempotency_key", empty=True),
        sa.CheckConstraint("(part_no IS NULL) <> (family IS NULL)", name="part_or_family"),
        sa.CheckConstraint("(amount_milli IS NULL) <> (factor_ppm IS NULL)", name="amount_or_factor"),
        sa.CheckConstraint("amount_milli >= 0 AND factor_ppm IS NULL OR factor_ppm >= 0", name="not_negative"),
        sa.UniqueConstraint("idempotency_key"),
    )
    op.create_table(
        "forecast_withdrawal",
        sa.Column("withdrawal_id", _SERIAL, primary_key=True, autoincrement=True),
        sa.Column("override_id", _SERIAL, sa.ForeignKey("forecast_override.override_id"), nullable=False),
        _text("reason"),
        _text("withdrawn_on"),
        _text("user_name"),
        _text("recorded_at"),
        _text("idempotency_key", empty=True),
        sa.UniqueConstraint("override_id"),
        sa.UniqueConstraint("idempotency_key"),
    )
    if op.get_bind().dialect.name == "postgresql":
        _guard_on_postgresql()
    else:
        _guard_on_sqlite()


def _text(name: str, *, empty: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=empty)


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
