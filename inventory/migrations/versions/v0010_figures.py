"""Figures of a month read the movements and the demand log by day, and how a part was asked for from an index alone."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the order by day to both logs, and widen that of the demand log by part."""
    columns = ["effective_on", "store", "source_kind", "target_kind", "value_e4", "document_sequence"]
    op.create_index("ix_movement_day", "movement", columns)
    op.create_index("ix_demand_line_day", "demand_line", ["opened_on"])
    imported = sa.text("document_sequence IS NULL")
    op.create_index(
        "ix_demand_line_imported", "demand_line", ["opened_on"], sqlite_where=imported, postgresql_where=imported
    )
    op.drop_index("ix_demand_line_store_part", "demand_line")
    columns = ["store", "part_no", "opened_on", "outcome", "document_sequence"]
    op.create_index("ix_demand_line_store_part", "demand_line", columns)
