"""Stocktakes: counts, their sheets, entries, decisions, results and ends, all append-only."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_APPEND_ONLY = ("stock_count", "count_sheet_line", "count_entry", "count_decision", "count_line", "count_end")


def upgrade() -> None:
    """Make the tables, then guard them."""
    _counts()
    _entries()
    _results()
    if op.get_bind().dialect.name == "postgresql":
        _guard_on_postgresql()
    else:
        _guard_on_sqlite()


def _text(name: str, *, key: bool = False, empty: bool = False, of: str = "") -> sa.Column[str]:
    return sa.Column(name, sa.Text, *([sa.ForeignKey(of)] if of else []), primary_key=key, nullable=empty)


def _whole(name: str, *, key: bool = False, empty: bool = False, of: str = "") -> sa.Column[int]:
    references = [sa.ForeignKey(of)] if of else []
    return sa.Column(name, sa.BigInteger, *references, primary_key=key, nullable=empty, autoincrement=False)


def _counts() -> None:
    op.create_table(
        "stock_count",
        _text("count_no", key=True),
        _whole("document_sequence", of="document.sequence"),
        _text("store"),
        _text("opened_on"),
        _whole("recount_quantity_milli", empty=True),
        _whole("recount_value_e4", empty=True),
        _whole("recount_share_ppm", empty=True),
        sa.UniqueConstraint("document_sequence"),
    )
    op.create_table(
        "count_sheet_line",
        _text("count_no", key=True, of="stock_count.count_no"),
        _whole("line_no", key=True),
        _whole("document_sequence", of="document.sequence"),
        _text("part_no"),
        _text("bin_name"),
        _text("count_class"),
        _text("reason"),
        _whole("unit_cost_e4"),
        sa.UniqueConstraint("count_no", "part_no", "bin_name"),
    )
    op.create_index("ix_count_sheet_line_part", "count_sheet_line", ["part_no", "bin_name"])


def _entries() -> None:
    op.create_table(
        "count_entry",
        _whole("document_sequence", key=True, of="document.sequence"),
        _whole("line_no", key=True),
        _text("count_no", of="stock_count.count_no"),
        _text("part_no"),
        _text("bin_name"),
        _text("counter"),
        _text("counted_at"),
        _whole("known_sequence"),
        _whole("counted_milli"),
        sa.CheckConstraint("counted_milli >= 0", name="counted_not_negative"),
    )
    op.create_index("ix_count_entry_count", "count_entry", ["count_no"])
    op.create_table(
        "count_decision",
        _whole("document_sequence", key=True, of="document.sequence"),
        _whole("line_no", key=True),
        _text("count_no", of="stock_count.count_no"),
        _text("part_no"),
        _text("bin_name"),
        _text("kind"),
        _text("cause", empty=True),
        _text("note"),
    )
    op.create_index("ix_count_decision_count", "count_decision", ["count_no"])


def _results() -> None:
    op.create_table(
        "count_line",
        _whole("document_sequence", key=True, of="document.sequence"),
        _whole("line_no", key=True),
        _text("count_no", of="stock_count.count_no"),
        _text("store"),
        _text("part_no"),
        _text("bin_name"),
        _text("count_class"),
        _text("counted_on", empty=True),
        _text("counted_at", empty=True),
        _whole("known_sequence", empty=True),
        _whole("counted_milli", empty=True),
        _whole("expected_milli", empty=True),
        _text("counter", empty=True),
        _whole("unit_cost_e4"),
        _text("cause", empty=True),
        _whole("times_counted"),
    )
    op.create_index("ix_count_line_place", "count_line", ["store", "part_no", "bin_name", "counted_on"])
    op.create_table(
        "count_end",
        _text("count_no", key=True, of="stock_count.count_no"),
        _whole("document_sequence", of="document.sequence"),
        _text("outcome"),
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
