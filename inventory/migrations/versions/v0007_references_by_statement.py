"""On PostgreSQL the logs of many rows check what they refer to once per statement, not once per row.

A document of 20,000 lines refers 60,000 times to itself, and looking each of these references up took a third of the
time of posting it. The rows a statement adds are looked up together now, by a trigger over all of them. That is enough:
logs are never changed, and what they refer to is never deleted. SQLite finds a row it has just found at no cost, and
keeps its references as they are.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_DOCUMENT = ("document_sequence", "document", "sequence")
_COUNT = ("count_no", "stock_count", "count_no")
_REFERENCES = {
    "movement": (_DOCUMENT,),
    "stock_layer": (_DOCUMENT,),
    "revaluation": (_DOCUMENT,),
    "purchase_order_line": (_DOCUMENT,),
    "receipt_line": (_DOCUMENT,),
    "demand_line": (_DOCUMENT,),
    "count_sheet_line": (_COUNT, _DOCUMENT),
    "count_entry": (_COUNT, _DOCUMENT),
    "count_decision": (_COUNT, _DOCUMENT),
    "count_line": (_COUNT, _DOCUMENT),
}


def upgrade() -> None:
    """Replace the references of these tables by triggers that know the same."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute("ALTER TABLE balance SET (fillfactor = 70)")  # room on the page, so that a change touches no index
    for table, references in _REFERENCES.items():
        for key in sa.inspect(op.get_bind()).get_foreign_keys(table):
            op.drop_constraint(str(key["name"]), table, type_="foreignkey")
        checks = "".join(
            f" IF EXISTS (SELECT FROM (SELECT DISTINCT {column} AS said FROM fresh) AS each WHERE each.said IS NOT NULL"  # noqa: S608
            f" AND NOT EXISTS (SELECT FROM {parent} WHERE {parent}.{key} = each.said)) THEN"
            f" RAISE foreign_key_violation USING MESSAGE = 'a row of {table} refers to a {parent} that is not there';"
            " END IF;"
            for column, parent, key in references
        )
        op.execute(
            f"CREATE FUNCTION {table}_references() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN{checks} RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_references AFTER INSERT ON {table} REFERENCING NEW TABLE AS fresh"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {table}_references()"
        )
