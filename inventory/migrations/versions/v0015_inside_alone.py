"""Balances are kept of the places inside the stores alone: what lies outside is summed from the movements when asked.

Most balances were of the world outside, one more for each order handed over and two for each line received, and none of
them was asked for but when something came back. Without them no place may hold less than nothing. SQLite can't change
a CHECK: there the balances move into a new table of the same name, which is its own index.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0013"
branch_labels = None
depends_on = None

_OUTSIDE = "'count-difference', 'customer', 'opening', 'other-store', 'scrap', 'supplier'"
_KEY = ("store", "part_no", "place_kind", "place_name")
_NEVER_BELOW_ZERO = "quantity_milli >= 0 AND value_e4 >= 0"


def upgrade() -> None:
    """Leave the balances of places outside out, and let no balance be below zero."""
    op.drop_index("ix_balance_inside", "balance")
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DELETE FROM balance WHERE place_kind IN ({_OUTSIDE})")  # noqa: S608
        op.drop_constraint("never_below_zero", "balance", type_="check")
        op.create_check_constraint("never_below_zero", "balance", _NEVER_BELOW_ZERO)
    else:
        _on_sqlite()


def _on_sqlite() -> None:
    op.rename_table("balance", "balance_before")
    op.create_table(
        "balance",
        *(sa.Column(name, sa.Text, primary_key=True, nullable=False) for name in _KEY),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("quantity_milli", "value_e4")),
        sa.CheckConstraint(_NEVER_BELOW_ZERO, name="never_below_zero"),
        sqlite_with_rowid=False,
    )
    columns = ", ".join((*_KEY, "quantity_milli", "value_e4"))
    op.execute(
        f"INSERT INTO balance ({columns}) SELECT {columns} FROM balance_before"  # noqa: S608
        f" WHERE place_kind NOT IN ({_OUTSIDE}) ORDER BY {', '.join(_KEY)}"
    )
    op.drop_table("balance_before")
