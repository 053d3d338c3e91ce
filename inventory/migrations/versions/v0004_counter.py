"""The parts counter: reservations, special orders, returns against issues, transfers between stores.

Goods that leave one store's books for another's go to a place outside them, which the balances' CHECK has to know.
SQLite can't change a CHECK: the balances move into a new table of the same name.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_LOGS = ("reservation", "special_order", "return_line", "transfer")
_OUTSIDE = "'opening', 'supplier', 'customer', 'scrap', 'count-difference', 'other-store'"
_NEVER_BELOW_ZERO = f"place_kind IN ({_OUTSIDE}) OR (quantity_milli >= 0 AND value_e4 >= 0)"


def upgrade() -> None:
    """Make the four logs, guard them, and let the balances know the other store."""
    _reservations_and_special_orders()
    _returns_and_transfers()
    if op.get_bind().dialect.name == "postgresql":
        _know_the_other_store_on_postgresql()
        _guard_on_postgresql()
    else:
        _know_the_other_store_on_sqlite()
        _guard_on_sqlite()


def _text(name: str, *, key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, primary_key=key, nullable=False)


def _whole(name: str, *, key: bool = False, of: str = "") -> sa.Column[int]:
    references = [sa.ForeignKey(of)] if of else []
    return sa.Column(name, sa.BigInteger, *references, primary_key=key, nullable=False, autoincrement=False)


def _reservations_and_special_orders() -> None:
    op.create_table(
        "reservation",
        _text("reservation_no", key=True),
        _whole("document_sequence", of="document.sequence"),
        _text("store"),
        _text("part_no"),
        _whole("quantity_milli"),
        _text("holder_kind"),
        _text("holder_no"),
        _text("until_on"),
        sa.CheckConstraint("quantity_milli > 0", name="quantity_positive"),
    )
    serial = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "special_order",
        sa.Column("entry_id", serial, primary_key=True, autoincrement=True),
        _whole("document_sequence", of="document.sequence"),
        _text("store"),
        _text("order_no"),
        _text("part_no"),
        _whole("quantity_milli"),
        _whole("cancelled_milli"),
        _text("owner"),
        _text("install_by"),
        _text("return_by"),
        sa.CheckConstraint("quantity_milli >= 0", name="quantity_not_negative"),
        sa.CheckConstraint("cancelled_milli >= 0", name="cancelled_not_negative"),
    )
    op.create_index("ix_special_order_request", "special_order", ["store", "order_no", "part_no"])


def _returns_and_transfers() -> None:
    op.create_table(
        "return_line",
        _whole("document_sequence", key=True, of="document.sequence"),
        _whole("line_no", key=True),
        _whole("issue_movement_id", of="movement.movement_id"),
        _whole("quantity_milli"),
        _whole("value_e4"),
        sa.CheckConstraint("quantity_milli > 0", name="quantity_positive"),
    )
    op.create_index("ix_return_line_issue", "return_line", ["issue_movement_id"])
    op.create_table(
        "transfer",
        _text("transfer_no", key=True),
        _whole("document_sequence", of="document.sequence"),
        _text("from_store"),
        _text("to_store"),
        _text("part_no"),
        _whole("quantity_milli"),
        sa.CheckConstraint("quantity_milli > 0", name="quantity_positive"),
    )


def _know_the_other_store_on_postgresql() -> None:
    op.drop_constraint("never_below_zero", "balance", type_="check")
    op.create_check_constraint("never_below_zero", "balance", _NEVER_BELOW_ZERO)


def _know_the_other_store_on_sqlite() -> None:
    op.rename_table("balance", "balance_before")
    op.create_table(
        "balance",
        _text("store", key=True),
        _text("part_no", key=True),
        _text("place_kind", key=True),
        _text("place_name", key=True),
        _whole("quantity_milli"),
        _whole("value_e4"),
        sa.CheckConstraint(_NEVER_BELOW_ZERO, name="never_below_zero"),
    )
    op.execute(
        "INSERT INTO balance (store, part_no, place_kind, place_name, quantity_milli, value_e4)"
        " SELECT store, part_no, place_kind, place_name, quantity_milli, value_e4 FROM balance_before"
    )
    op.drop_table("balance_before")


def _guard_on_sqlite() -> None:
    for table in _LOGS:
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def _guard_on_postgresql() -> None:
    for table in _LOGS:
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
