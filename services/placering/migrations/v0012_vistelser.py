"""Who is placed where, in the view of what falls due.

Revision ID: placering_0012
Revises: placering_0003
"""

from alembic import op

from services.chassis.migration.roles import bound_to_arbetsenhet, protect

revision = "placering_0012"
down_revision = "placering_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; the view's second version has it."""
    op.execute(
        """
        CREATE TABLE bevakningsvistelse (
            vyversion integer NOT NULL,
            kommunkod text NOT NULL,
            klient uuid NOT NULL,
            placering uuid NOT NULL,
            form text NOT NULL,
            regi text NOT NULL,
            natverk boolean NOT NULL,
            hem uuid,
            enhet uuid,
            leverantor text,
            avtal uuid,
            fran date NOT NULL,
            till date,
            kon text NOT NULL,
            fodelsemanad text,
            arbetsenhet text,
            skyddad boolean NOT NULL,
            PRIMARY KEY (vyversion, kommunkod, placering)
        )
        """
    )
    for kolumn in ("klient", "avtal", "form"):
        op.execute(
            f"CREATE INDEX bevakningsvistelse_{kolumn}"
            f" ON bevakningsvistelse (vyversion, kommunkod, {kolumn})"
        )
    op.execute("INSERT INTO bevakningslage SELECT 2, 0, true FROM strom WHERE pos = 0")
    protect(
        "placering",
        "bevakningsvistelse",
        api="SELECT",
        stream="SELECT, INSERT, UPDATE, DELETE",
    )
    bound_to_arbetsenhet("placering", "bevakningsvistelse")
