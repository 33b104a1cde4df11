"""The event store, personal data, the access log and the copy of the suppliers' register.

Revision ID: placering_0001
"""

from alembic import op

from services.chassis.migration.consumer_v1 import create_consumer, create_publisher
from services.chassis.migration.roles import protect
from services.chassis.migration.store_v1 import create_store

revision = "placering_0001"
down_revision = None
branch_labels = None
depends_on = None

_ALL = "SELECT, INSERT, UPDATE, DELETE"

_PERSONAL = (
    """
    CREATE TABLE klientnyckel (
        kommunkod text NOT NULL,
        klient uuid NOT NULL,
        nyckel_inslagen bytea NOT NULL,
        PRIMARY KEY (kommunkod, klient)
    )
    """,
    """
    CREATE TABLE personuppgift (
        kommunkod text NOT NULL,
        klient uuid NOT NULL,
        falt text NOT NULL,
        version bigint NOT NULL,
        chiffer bytea NOT NULL,
        PRIMARY KEY (kommunkod, klient, falt, version)
    )
    """,
    """
    CREATE TABLE atkomstlogg (
        lopnr bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        kommunkod text NOT NULL,
        tid timestamptz NOT NULL DEFAULT clock_timestamp(),
        aktor text NOT NULL,
        klient uuid,
        vad text NOT NULL,
        varfor text,
        korrelation text NOT NULL
    )
    """,
    "CREATE INDEX atkomstlogg_klient ON atkomstlogg (kommunkod, klient, tid)",
    "CREATE INDEX atkomstlogg_aktor ON atkomstlogg (kommunkod, aktor, tid)",
)

_REGISTER = {
    "register_leverantor": """
    CREATE TABLE register_leverantor (
        kommunkod text NOT NULL,
        leverantor uuid NOT NULL,
        organisationsnummer text NOT NULL,
        namn text NOT NULL,
        typ text NOT NULL,
        PRIMARY KEY (kommunkod, leverantor)
    )
    """,
    "register_avropsstopp": """
    CREATE TABLE register_avropsstopp (
        kommunkod text NOT NULL,
        leverantor uuid NOT NULL,
        nr integer NOT NULL,
        fran date NOT NULL,
        till date,
        PRIMARY KEY (kommunkod, leverantor, nr)
    )
    """,
    "register_enhet": """
    CREATE TABLE register_enhet (
        kommunkod text NOT NULL,
        enhet uuid NOT NULL,
        leverantor uuid NOT NULL,
        organisationsnummer text NOT NULL,
        namn text NOT NULL,
        PRIMARY KEY (kommunkod, enhet)
    )
    """,
    "register_avtal": """
    CREATE TABLE register_avtal (
        kommunkod text NOT NULL,
        avtal uuid NOT NULL,
        leverantor uuid NOT NULL,
        organisationsnummer text NOT NULL,
        enhet uuid,
        omrade text NOT NULL,
        fran date NOT NULL,
        till date,
        dagrakning text NOT NULL,
        PRIMARY KEY (kommunkod, avtal)
    )
    """,
}

_LOOKED_UP = ("register_leverantor", "register_enhet", "register_avtal")


def upgrade() -> None:
    """Create the tables."""
    create_store("placering")
    create_publisher("placering")
    create_consumer("placering")
    for statement in _PERSONAL:
        op.execute(statement)
    for table in ("klientnyckel", "personuppgift", "atkomstlogg"):
        protect("placering", table, api="SELECT, INSERT", stream="")
    for table, statement in _REGISTER.items():
        op.execute(statement)
        protect("placering", table, api="SELECT", stream=_ALL)
    for table in _LOOKED_UP:
        op.execute(f"CREATE INDEX {table}_nummer ON {table} (kommunkod, organisationsnummer)")
        op.execute(f"CREATE INDEX {table}_leverantor ON {table} (kommunkod, leverantor)")
