"""Views are built in a schema of their own, beside those that are read.

Revision ID: uppfoljning_0004
Revises: uppfoljning_0003
"""

from services.chassis.migration.builds_v1 import create_builds

revision = "uppfoljning_0004"
down_revision = "uppfoljning_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the pointer to the builds."""
    create_builds("uppfoljning")
