"""What culling and the exchange of the master key need: keys with marks, and rows that may go.

Revision ID: placering_0009
Revises: placering_0008
"""

from alembic import op

from services.chassis.migration.roles import protect

revision = "placering_0009"
down_revision = "placering_0008"
branch_labels = None
depends_on = None

_KLIENT = '\'"klient":"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"\''

_GALLRA = """
CREATE FUNCTION gallra_klient(om_kommun text, om_klient uuid, om_krav uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM handelse
        WHERE originator_id = om_klient AND kommunkod = om_kommun
        AND topic = 'placering.KlientGallrad'
        AND kommunkod = ANY (string_to_array(current_setting('dygn.kommunkod', true), ','))
    ) THEN
        RAISE insufficient_privilege USING MESSAGE = 'klienten är inte gallrad';
    END IF;
    DELETE FROM klientnyckel WHERE kommunkod = om_kommun AND klient = om_klient;
    DELETE FROM personuppgift WHERE kommunkod = om_kommun AND klient = om_klient;
    DELETE FROM personnummer WHERE kommunkod = om_kommun AND krav = ANY (om_krav);
END
$$
"""
"""The one way in which the API's role deletes anything: of a person whose culling is an event that
is stored before, or in the same transaction."""


def upgrade() -> None:
    """Create the tables and columns, and the one way to delete what is culled."""
    op.execute("ALTER TABLE klientnyckel ADD COLUMN nyckelmarke bytea")
    op.execute(
        """
        CREATE TABLE nyckelprov (
            en_rad boolean PRIMARY KEY DEFAULT true CHECK (en_rad),
            hashmarke bytea NOT NULL
        )
        """
    )
    protect("placering", "nyckelprov", api="SELECT, INSERT", stream="", kommun_column=False)
    op.execute(
        """
        CREATE TABLE personnummer (
            kommunkod text NOT NULL,
            hash bytea NOT NULL,
            krav uuid NOT NULL,
            PRIMARY KEY (kommunkod, hash)
        )
        """
    )
    op.execute("CREATE UNIQUE INDEX personnummer_krav ON personnummer (kommunkod, krav)")
    protect("placering", "personnummer", api="SELECT, INSERT", stream="")
    op.execute(_GALLRA)
    op.execute("REVOKE ALL ON FUNCTION gallra_klient FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION gallra_klient TO dygn_placering")
    # Which person a thing is about. A plain column, because row level security keeps an index on
    # an expression from being used; by pattern, so that bytes which are no event do no harm.
    op.execute(
        "ALTER TABLE handelse ADD COLUMN klient uuid GENERATED ALWAYS AS ("
        "CASE WHEN originator_version = 1"
        f" THEN substring(encode(state, 'escape') from {_KLIENT})::uuid END) STORED"
    )
    op.execute(
        "CREATE INDEX handelse_klient ON handelse (kommunkod, klient) WHERE klient IS NOT NULL"
    )
