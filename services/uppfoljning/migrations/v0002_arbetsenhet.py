"""Derived rows say whose they are: the person's arbetsenhet bounds who reads them (R-SEK-3).

The rows that are there are replaced when the stream process starts: the version of the views has
risen, so it folds everything anew. Until it has, the figures are preliminary, and a reader who is
bound to an arbetsenhet sees too little.

Revision ID: uppfoljning_0002
Revises: uppfoljning_0001
"""

from alembic import op

from services.chassis.migration.roles import bound_to_arbetsenhet

revision = "uppfoljning_0002"
down_revision = "uppfoljning_0001"
branch_labels = None
depends_on = None

SERVICE = "uppfoljning"


def upgrade() -> None:
    """Add the column where it lacks, and bound the readers of every row about a person."""
    for table in ("vistelseintervall", "vardygnsintervall", "kostnadsintervall"):
        op.execute(f"ALTER TABLE {table} ADD COLUMN arbetsenhet text")
        bound_to_arbetsenhet(SERVICE, table)
    bound_to_arbetsenhet(SERVICE, "evbintervall")
