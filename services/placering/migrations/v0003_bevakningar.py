"""What falls due about each person: a view of the service's own events.

Revision ID: placering_0003
Revises: placering_0009
"""

from alembic import op

from services.chassis.migration.roles import bound_to_arbetsenhet, protect

revision = "placering_0003"
down_revision = "placering_0009"
branch_labels = None
depends_on = None

_ALL = "SELECT, INSERT, UPDATE, DELETE"


def upgrade() -> None:
    """Create the view's tables; of a service where nothing has happened it is up to date."""
    op.execute(
        """
        CREATE TABLE bevakningslage (
            vyversion integer PRIMARY KEY,
            pos bigint NOT NULL,
            ikapp boolean NOT NULL
        )
        """
    )
    op.execute(
        """
        CREATE TABLE bevakningssak (
            vyversion integer NOT NULL,
            kommunkod text NOT NULL,
            sak uuid NOT NULL,
            klient uuid NOT NULL,
            PRIMARY KEY (vyversion, kommunkod, sak)
        )
        """
    )
    op.execute("CREATE INDEX bevakningssak_klient ON bevakningssak (vyversion, kommunkod, klient)")
    op.execute(
        """
        CREATE TABLE bevakning (
            vyversion integer NOT NULL,
            kommunkod text NOT NULL,
            klient uuid NOT NULL,
            kod text NOT NULL,
            rad_fran date NOT NULL,
            om uuid NOT NULL,
            raknas_fran date NOT NULL,
            forfaller date NOT NULL,
            alder integer,
            under integer,
            upphor date,
            beslut uuid,
            placering uuid,
            hem uuid,
            enhet uuid,
            leverantor text,
            handlaggare text,
            arbetsenhet text,
            skyddad boolean NOT NULL,
            PRIMARY KEY (vyversion, kommunkod, klient, kod, om, raknas_fran)
        )
        """
    )
    op.execute(
        "CREATE INDEX bevakning_forfaller"
        " ON bevakning (vyversion, kommunkod, forfaller, klient, kod, om, raknas_fran)"
    )
    op.execute("INSERT INTO bevakningslage SELECT 1, 0, true FROM strom WHERE pos = 0")
    protect("placering", "bevakningslage", api="SELECT", stream=_ALL, kommun_column=False)
    protect("placering", "bevakningssak", api="SELECT", stream=_ALL)
    protect("placering", "bevakning", api="SELECT", stream=_ALL)
    bound_to_arbetsenhet("placering", "bevakning")
