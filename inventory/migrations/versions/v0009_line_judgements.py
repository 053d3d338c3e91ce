"""What a person judged of a line of demand: a bulk order, set apart from the history, or a usual one."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_TABLE = "line_judgement"


def upgrade() -> None:
    """Make the log of judgements and guard it."""
    op.create_table(
        _TABLE,
        sa.Column(
            "document_sequence",
            sa.BigInteger,
            sa.ForeignKey("document.sequence"),
            primary_key=True,
            autoincrement=False,
        ),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("store", "order_no", "part_no")),
        sa.Column("line_no", sa.BigInteger, nullable=False, autoincrement=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("verdict", "reason")),
    )
    op.create_index("ix_line_judgement_line", _TABLE, ["store", "order_no", "part_no"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {_TABLE}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {_TABLE}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    else:
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {_TABLE}_no_{action.lower()} BEFORE {action} ON {_TABLE}"
                f" BEGIN SELECT RAISE(ABORT, '{_TABLE} is append-only'); END"
            )
