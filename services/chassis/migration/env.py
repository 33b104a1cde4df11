"""Alembic's entry point: runs the migrations over the connection that the runner holds."""

from alembic import context

_connection = context.config.attributes["connection"]
context.configure(connection=_connection, transaction_per_migration=True)
with context.begin_transaction():
    context.run_migrations()
