"""What Alembic runs for each migration: the caller's connection, inside the caller's transaction."""

from alembic import context

from inventory.schemas import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,  # for its naming convention; the steps spell out the tables themselves
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
