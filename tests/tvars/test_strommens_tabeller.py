"""The migrated tables of relay and inbox are those that the code of the streams describes."""

import psycopg
import sqlalchemy as sa

from services.chassis.streams.tables import consumer_tables, relay_tables
from tests.stod.servrar import Databasfabrik
from tests.stod.tjanst import migrera

_KOLUMNER = """
SELECT table_name, column_name, data_type, is_nullable
FROM information_schema.columns WHERE table_schema = %s AND table_name = ANY (%s)
"""


def test_migreringens_tabeller_ar_de_som_strommarna_beskriver(databas: Databasfabrik) -> None:
    bas = databas("uppfoljning", migrera)
    metadata = sa.MetaData(schema="beskrivna")
    tabeller = [*consumer_tables(metadata), *relay_tables(metadata)]
    motor = sa.create_engine(bas.admin.sqlalchemy_url())
    with motor.begin() as anslutning:
        anslutning.execute(sa.schema.CreateSchema("beskrivna"))
        metadata.create_all(anslutning)
    motor.dispose()
    namn = [tabell.name for tabell in tabeller]
    with psycopg.connect(bas.admin.conninfo()) as anslutningen:
        migrerade = set(anslutningen.execute(_KOLUMNER, ("public", namn)).fetchall())
        beskrivna = set(anslutningen.execute(_KOLUMNER, ("beskrivna", namn)).fetchall())
    assert len({rad[0] for rad in migrerade}) == len(tabeller)
    assert migrerade == beskrivna
