"""The care of the books: revaluations, closed months, reversals, declared settings, seals; movements in their order.

Each movement says its document's effective date again, so that the order of the books (day, document, line) of one
part is an index and a back-dated entry reads only what follows it. SQLite can't add a column that must not be empty
to a table with rows, so there the table is written anew; its rows and their ids stay as they are.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_LOGS = ("revaluation", "period_close", "reversal", "store_setting", "seal")


def upgrade() -> None:
    """Add the day a document bears itself, the day to each movement, and the new tables with their guards."""
    op.add_column("document", sa.Column("stated_on", sa.Text))
    op.create_index("ix_purchase_order_line_document", "purchase_order_line", ["document_sequence"])
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    if is_postgresql:
        _date_movements_on_postgresql()
    else:
        _date_movements_on_sqlite()
    columns = ["store", "part_no", "effective_on", "document_sequence", "line_no"]
    op.create_index("ix_movement_item_order", "movement", columns)
    _tables()
    for table in _LOGS:
        if is_postgresql:
            op.execute(
                f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )
        else:
            _guard_on_sqlite(table)


def _date_movements_on_postgresql() -> None:
    op.add_column("movement", sa.Column("effective_on", sa.Text))
    op.execute("ALTER TABLE movement DISABLE TRIGGER movement_no_change")
    op.execute(
        "UPDATE movement SET effective_on = document.effective_on FROM document"
        " WHERE document.sequence = movement.document_sequence"
    )
    op.execute("ALTER TABLE movement ENABLE TRIGGER movement_no_change")
    op.alter_column("movement", "effective_on", nullable=False)
    op.drop_index("ix_movement_store_part", "movement")


def _date_movements_on_sqlite() -> None:
    texts = ("store", "part_no", "source_kind", "source_name", "target_kind", "target_name")
    op.create_table(
        "movement_dated",
        sa.Column("movement_id", sa.Integer, autoincrement=True),
        sa.Column("document_sequence", sa.BigInteger, nullable=False),
        sa.Column("line_no", sa.BigInteger, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in texts),
        sa.Column("quantity_milli", sa.BigInteger, nullable=False),
        sa.Column("value_e4", sa.BigInteger, nullable=False),
        sa.Column("effective_on", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("movement_id", name="pk_movement"),
        sa.ForeignKeyConstraint(
            ["document_sequence"], ["document.sequence"], name="fk_movement_document_sequence_document"
        ),
        sa.CheckConstraint("quantity_milli > 0", name=op.f("ck_movement_quantity_positive")),
        sa.CheckConstraint("value_e4 >= 0", name=op.f("ck_movement_value_not_negative")),
        sa.UniqueConstraint("document_sequence", "line_no", name="uq_movement_document_sequence"),
    )
    op.execute(
        "INSERT INTO movement_dated SELECT movement.*, document.effective_on FROM movement"
        " JOIN document ON document.sequence = movement.document_sequence ORDER BY movement_id"
    )
    op.drop_table("movement")
    op.rename_table("movement_dated", "movement")
    _guard_on_sqlite("movement")


def _guard_on_sqlite(table: str) -> None:
    for action in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table}"
            f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _tables() -> None:
    op.create_table(
        "revaluation",
        _document(),
        *(
            sa.Column(name, sa.Text, primary_key=True)
            for name in ("store", "part_no", "effective_on", "place_kind", "place_name")
        ),
        sa.Column("change_e4", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_revaluation_item", "revaluation", ["store", "part_no", "effective_on"])
    op.create_table(
        "period_close",
        _document(),
        sa.Column("month", sa.Text, nullable=False),
        sa.Column("closed_until", sa.Text, nullable=False),
        sa.UniqueConstraint("month"),
    )
    op.create_table(
        "reversal",
        _document(),
        sa.Column("reverses_sequence", sa.BigInteger, sa.ForeignKey("document.sequence"), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.UniqueConstraint("reverses_sequence"),
    )
    op.create_table(
        "store_setting", _document(), *(sa.Column(name, sa.Text, nullable=False) for name in ("store", "name", "value"))
    )
    serial = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "seal",
        sa.Column("seal_no", serial, primary_key=True, autoincrement=True),
        sa.Column("table_name", sa.Text, nullable=False),
        sa.Column("up_to", sa.BigInteger, nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("column_count", sa.BigInteger, nullable=False),
        sa.Column("row_digests", sa.LargeBinary, nullable=False),
        sa.Column("chain", sa.Text, nullable=False),
    )
    op.create_index("ix_seal_table", "seal", ["table_name", "up_to"])
    op.create_table(
        "master_seal",
        sa.Column("table_name", sa.Text, primary_key=True),
        sa.Column("column_count", sa.BigInteger, nullable=False),
        sa.Column("row_digests", sa.LargeBinary, nullable=False),
        sa.Column("chain", sa.Text, nullable=False),
    )


def _document() -> sa.Column[int]:
    return sa.Column(
        "document_sequence", sa.BigInteger, sa.ForeignKey("document.sequence"), primary_key=True, autoincrement=False
    )
