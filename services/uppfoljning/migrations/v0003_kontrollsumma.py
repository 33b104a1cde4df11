"""Receipts of final sums: what a report said as known at a settled instant, for ever.

``kontrollkvitto`` says that the sums of a kommun were taken as known at ``kand_till``;
``kontrollsumma`` has a row for each month whose sums were others than in the receipt before (a
month without a row has those of the newest one at or before ``kand_till``). Rows are added by
``dygn kontrollera`` as the stream role, which can neither change nor delete them.

Revision ID: uppfoljning_0003
"""

from alembic import op

from services.chassis.migration.roles import protect

revision = "uppfoljning_0003"
down_revision = "uppfoljning_0002"
branch_labels = None
depends_on = None

SERVICE = "uppfoljning"

_TABLES = {
    "kontrollkvitto": """
        CREATE TABLE kontrollkvitto (
            kommunkod text NOT NULL,
            vyversion text NOT NULL,
            kand_till timestamptz NOT NULL,
            skapad timestamptz NOT NULL DEFAULT clock_timestamp(),
            PRIMARY KEY (kommunkod, vyversion, kand_till))
    """,
    "kontrollsumma": """
        CREATE TABLE kontrollsumma (
            kommunkod text NOT NULL,
            vyversion text NOT NULL,
            manad date NOT NULL,
            kand_till timestamptz NOT NULL,
            antal_placerade bigint NOT NULL,
            antal_placeringar bigint NOT NULL,
            debiterade_dygn bigint NOT NULL,
            dygn_utan_pris bigint NOT NULL,
            varddygn bigint NOT NULL,
            kostnad_ore bigint NOT NULL,
            beslut_med_klocka bigint NOT NULL,
            PRIMARY KEY (kommunkod, vyversion, manad, kand_till))
    """,
}


def upgrade() -> None:
    """Create the tables."""
    for table, statement in _TABLES.items():
        op.execute(statement)
        protect(SERVICE, table, api="", stream="SELECT, INSERT")
