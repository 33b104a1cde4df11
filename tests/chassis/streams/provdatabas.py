"""Databases for the streams' tests: the publisher's tables, the consumer's, and a tiny view.

Rights and row policies as the services have them, so that the tests run as the stream role.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import uuid4

import psycopg
import sqlalchemy as sa

from dygn.inbyggd.databaser import Anslutning, Databas, rollnamn
from services.chassis.streams.health import Connect
from services.chassis.streams.tables import (
    CONSUMER_TABLES,
    KOMMUN_TABLES,
    RELAY_TABLES,
    consumer_tables,
    relay_tables,
)
from tests.chassis.streams.provkontrakt import Egen

TJANST = "prov"
PARTITIONER = 4

_EGNA = f"""
CREATE TABLE strom (en_rad bool PRIMARY KEY DEFAULT true CHECK (en_rad), installation uuid NOT NULL,
  epok int NOT NULL, pos bigint NOT NULL, registrerad timestamptz NOT NULL, kedja bytea NOT NULL,
  partitioner int NOT NULL);
CREATE TABLE handelse (pos bigint PRIMARY KEY, originator_id uuid NOT NULL,
  originator_version bigint NOT NULL, topic text NOT NULL, state bytea NOT NULL,
  kommunkod text NOT NULL, registrerad timestamptz NOT NULL, kedja bytea,
  UNIQUE (originator_id, originator_version));
INSERT INTO strom VALUES (true, gen_random_uuid(), 1, 0, now(), '', {PARTITIONER});
CREATE TABLE sakrad (kommunkod text, sak text, belopp bigint, fakta int,
  PRIMARY KEY (kommunkod, sak));
"""


def migrera(databas: Databas) -> None:
    """Everything in one database: publisher and consumer may be the same or two."""
    metadata = sa.MetaData()
    consumer_tables(metadata)
    relay_tables(metadata)
    engine = sa.create_engine(databas.agare.sqlalchemy_url())
    metadata.create_all(engine)
    engine.dispose()
    strom = rollnamn(databas.tjanst, "strom")
    with psycopg.connect(databas.agare.conninfo(), autocommit=True) as connection:
        connection.execute(_EGNA.encode())
        for tabell in (*CONSUMER_TABLES, *RELAY_TABLES, "sakrad"):
            connection.execute(
                f"GRANT SELECT, INSERT, UPDATE, DELETE ON {tabell} TO {strom}".encode()
            )
        connection.execute(f"GRANT SELECT ON handelse, strom TO {strom}".encode())
        connection.execute(f"GRANT UPDATE (registrerad) ON strom TO {strom}".encode())
        for tabell in (*KOMMUN_TABLES, "handelse", "sakrad"):
            connection.execute(f"ALTER TABLE {tabell} ENABLE ROW LEVEL SECURITY".encode())
            connection.execute(f"CREATE POLICY strom ON {tabell} TO {strom} USING (true)".encode())


def oppna(anslutning: Anslutning) -> Connect:
    """Opens connections as the frame wants them."""
    conninfo = anslutning.conninfo()
    return lambda: psycopg.connect(conninfo, autocommit=True)


def tom(databas: Databas) -> None:
    """As newly migrated: a third of the time that a new database takes."""
    tabeller = ", ".join((*CONSUMER_TABLES, *RELAY_TABLES, "sakrad", "handelse"))
    with psycopg.connect(databas.admin.conninfo(), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        connection.execute(f"TRUNCATE {tabeller}".encode())
        connection.execute(
            "UPDATE strom SET installation = gen_random_uuid(), epok = 1, pos = 0, kedja = ''"
        )


@dataclass
class Lager:
    """The publishing side's store, written as the recorder writes."""

    databas: Databas

    @property
    def connect(self) -> Connect:
        return oppna(self.databas.strom)

    def spara(self, *handelser: Egen) -> int:
        """One save; the position of its last event."""
        with self.admin() as connection, connection.transaction():
            row = connection.execute(
                "UPDATE strom SET pos = pos + %s, registrerad ="
                " greatest(clock_timestamp(), registrerad + interval '1 microsecond')"
                " RETURNING pos, registrerad, kedja",
                (len(handelser),),
            ).fetchone()
            assert row is not None
            sista, registrerad, kedja = row
            for pos, egen in enumerate(handelser, sista - len(handelser) + 1):
                kedja = sha256(bytes(kedja) + str(pos).encode() + egen.state()).digest()
                connection.execute(
                    "INSERT INTO handelse VALUES (%s, %s, 1, 'prov', %s, %s, %s, %s)",
                    (
                        pos,
                        uuid4(),
                        egen.state(),
                        egen.kommunkod,
                        registrerad,
                        kedja if pos == sista else None,
                    ),
                )
            connection.execute("UPDATE strom SET kedja = %s", (kedja,))
            connection.execute("NOTIFY handelse")
        return int(sista)

    def admin(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self.databas.admin.conninfo(), autocommit=True)

    def fraga(self, sql: str, params: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with self.admin() as connection:
            return connection.execute(sql.encode(), params).fetchall()

    def gor(self, sql: str, params: Sequence[object] = ()) -> None:
        with self.admin() as connection:
            connection.execute(sql.encode(), params)

    def summor(self) -> dict[str, int]:
        """The derived rows: thing → sum."""
        return dict(self.fraga("SELECT sak, belopp FROM sakrad"))
