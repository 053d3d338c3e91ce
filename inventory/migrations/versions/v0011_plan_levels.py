"""What a plan sets for every part and store: safety stock, reorder point, level and order quantity."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_TABLE = "plan_level"
_FIGURES = (
    *("unit_cost_e4", "on_hand_milli", "on_order_milli", "reserved_milli", "backorder_milli", "safety_stock_milli"),
    *("reorder_point_milli", "order_up_to_level_milli", "quantity_milli", "urgent_milli", "expected_demand_milli"),
    "expected_fill_rate_ppm",
)


def upgrade() -> None:
    """Make the log and guard it."""
    op.create_table(
        _TABLE,
        sa.Column("run_id", sa.Text, sa.ForeignKey("plan_run.run_id"), primary_key=True),
        sa.Column("store", sa.Text, primary_key=True),
        sa.Column("part_no", sa.Text, primary_key=True),
        sa.Column("supplier", sa.Text, nullable=False),
        sa.Column("order_type", sa.Text, nullable=False),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in _FIGURES),
        sa.Column("reason", sa.Text, nullable=False),
    )
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
