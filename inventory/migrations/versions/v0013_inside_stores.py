"""What lies inside the stores is found by itself among all balances, and lines of demand by their document."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the order by store and part over the places inside the stores alone, and the demand log's by document.

    Most balances are of customers: one for each order ever handed over.
    """
    inside = sa.text(
        "place_kind NOT IN ('count-difference', 'customer', 'opening', 'other-store', 'scrap', 'supplier')"
    )
    columns = ["store", "part_no", "place_kind"]
    op.create_index("ix_balance_inside", "balance", columns, sqlite_where=inside, postgresql_where=inside)
    op.create_index("ix_demand_line_document", "demand_line", ["document_sequence"])
