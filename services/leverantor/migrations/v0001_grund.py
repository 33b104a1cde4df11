"""The event store of the service leverantor, and what its relay keeps.

Revision ID: leverantor_0001
"""

from services.chassis.migration.consumer_v1 import create_publisher
from services.chassis.migration.store_v1 import create_store

revision = "leverantor_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    create_store("leverantor")
    create_publisher("leverantor")
