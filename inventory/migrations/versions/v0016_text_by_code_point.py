"""Text is in the order of its code points on PostgreSQL too, whatever language its server was set up for.

A server otherwise compares texts by the rules of the language of its database: the same books gave reports in another
order on another server, and each step of looking up an order by its number cost more than it had to. SQLite compares
so already. Indexes over texts are made anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Give every column of text the collation "C"."""
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    inspector = sa.inspect(connection)
    quoted = connection.dialect.identifier_preparer.quote
    for table in sorted(set(inspector.get_table_names()) - {"alembic_version"}):
        columns = [each["name"] for each in inspector.get_columns(table) if isinstance(each["type"], sa.Text)]
        changes = ", ".join(f'ALTER COLUMN {quoted(name)} TYPE text COLLATE "C"' for name in columns)
        if changes:
            op.execute(f"ALTER TABLE {quoted(table)} {changes}")
