"""The last day on which a part's supplier takes an order for it."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the day to the parts; it is not known of any that are there."""
    op.add_column("part", sa.Column("supplied_until", sa.Text))
