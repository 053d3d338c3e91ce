"""A return to the maker may be decided again where its decision was reversed: both rows stay, of which one stands.

SQLite can't drop a constraint: the decisions move into a new table of the same name, which is guarded like the old one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_TABLE = "maker_return_event"
_WHOLE = ("credit_e4", "fee_e4", "value_e4")


def upgrade() -> None:
    """Take the constraint away that a return has one decision."""
    if op.get_bind().dialect.name == "postgresql":
        (once,) = sa.inspect(op.get_bind()).get_unique_constraints(_TABLE)
        op.drop_constraint(str(once["name"]), _TABLE, type_="unique")
    else:
        _on_sqlite()


def _on_sqlite() -> None:
    op.rename_table(_TABLE, f"{_TABLE}_before")
    op.create_table(
        _TABLE,
        sa.Column(
            "document_sequence",
            sa.BigInteger,
            sa.ForeignKey("document.sequence"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("return_no", sa.Text, sa.ForeignKey("maker_return.return_no"), nullable=False),
        sa.Column("step", sa.Text, nullable=False),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in _WHOLE),
        sa.Column("note", sa.Text, nullable=False),
    )
    columns = ", ".join(("document_sequence", "return_no", "step", *_WHOLE, "note"))
    op.execute(f"INSERT INTO {_TABLE} ({columns}) SELECT {columns} FROM {_TABLE}_before")  # noqa: S608
    op.drop_table(f"{_TABLE}_before")
    for action in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {_TABLE}_no_{action.lower()} BEFORE {action} ON {_TABLE}"
            f" BEGIN SELECT RAISE(ABORT, '{_TABLE} is append-only'); END"
        )
