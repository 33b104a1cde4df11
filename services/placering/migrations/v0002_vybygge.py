"""Views are built in a schema of their own, beside those that are read.

Revision ID: placering_0002
Revises: placering_0001
"""

from services.chassis.migration.builds_v1 import create_builds

revision = "placering_0002"
down_revision = "placering_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the pointer to the builds."""
    create_builds("placering")
