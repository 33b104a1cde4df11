"""The event store's tables, version 1: frozen, because migrations that have run call it.

A later change is a new migration, never a change here. What the tables promise:

- ``strom`` has one row; whoever holds it gives out positions, so positions follow commit order
  without holes and ``registrerad`` rises with them.
- ``handelse`` can be read and added to by the services' roles, never changed or emptied.
- ``idempotens`` holds what a command's key was answered with, not the answer's body.
"""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from services.chassis.migration.roles import protect

PARTITIONS = 6
"""Partitions of the service's topic, recorded once: a key never moves between them."""


def create_store(service: str) -> None:
    """Create the store's tables with their rights."""
    op.execute(
        """
        CREATE TABLE strom (
            en_rad boolean PRIMARY KEY DEFAULT true CHECK (en_rad),
            installation uuid NOT NULL,
            epok integer NOT NULL CHECK (epok > 0),
            pos bigint NOT NULL CHECK (pos >= 0),
            registrerad timestamptz NOT NULL,
            kedja bytea NOT NULL,
            partitioner integer NOT NULL CHECK (partitioner > 0)
        )
        """
    )
    op.execute(
        sa.text(
            "INSERT INTO strom (installation, epok, pos, registrerad, kedja, partitioner)"
            " VALUES (:installation, 1, 0, clock_timestamp(), decode(repeat('00', 32), 'hex'),"
            " :partitions)"
        ).bindparams(installation=uuid4(), partitions=PARTITIONS)
    )
    op.execute(
        """
        CREATE TABLE handelse (
            pos bigint PRIMARY KEY,
            originator_id uuid NOT NULL,
            originator_version bigint NOT NULL,
            topic text NOT NULL,
            state bytea NOT NULL,
            kommunkod text NOT NULL,
            registrerad timestamptz NOT NULL,
            kedja bytea,
            UNIQUE (originator_id, originator_version)
        )
        """
    )
    op.execute(
        "CREATE INDEX handelse_forsta ON handelse (kommunkod, topic, pos)"
        " WHERE originator_version = 1"
    )
    op.execute(
        """
        CREATE TABLE idempotens (
            kommunkod text NOT NULL,
            nyckel text NOT NULL,
            kropp bytea NOT NULL,
            status integer NOT NULL,
            id uuid,
            version bigint,
            pos bigint,
            skapad timestamptz NOT NULL,
            PRIMARY KEY (kommunkod, nyckel)
        )
        """
    )
    protect(
        service,
        "strom",
        api="SELECT, UPDATE (pos, registrerad, kedja)",
        stream="SELECT, UPDATE (registrerad)",
        kommun_column=False,
    )
    protect(service, "handelse", api="SELECT, INSERT", stream="SELECT")
    protect(service, "idempotens", api="SELECT, INSERT", stream="")
