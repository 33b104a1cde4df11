"""The event store of the service leverantor.

Revision ID: leverantor_0001
"""

from services.chassis.migration.store_v1 import create_store

revision = "leverantor_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the store's tables."""
    create_store("leverantor")
