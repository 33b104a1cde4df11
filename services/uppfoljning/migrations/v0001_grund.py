"""The event store, the inbox and the derived rows of the service uppfoljning.

Every derived table has kommunkod first in its key. Valid time is ``fran`` to ``till``, both days
in it (``till`` NULL: still running; ``pagar``: the stay behind the row is); known time is
``[kand_fran, kand_till)``. ``handelser`` are the ids of the events that set the row.

Revision ID: uppfoljning_0001
"""

from alembic import op

from services.chassis.migration.consumer_v1 import create_consumer, create_publisher
from services.chassis.migration.roles import protect
from services.chassis.migration.store_v1 import create_store

revision = "uppfoljning_0001"
down_revision = None
branch_labels = None
depends_on = None

SERVICE = "uppfoljning"

_DIMENSIONS = """
    kommunkod text NOT NULL,
    klient uuid NOT NULL,
    placering uuid NOT NULL,
    beslut uuid NOT NULL,
    placeringsform text NOT NULL,
    regi text NOT NULL,
    leverantor text NOT NULL,
    enhet uuid,
    avtal uuid,
    omrade text NOT NULL,
    lagrum text NOT NULL,
    kon text NOT NULL,
    fodelsemanad text,
    fran date NOT NULL,
    till date,
    pagar boolean NOT NULL,
"""

_KNOWN = """
    handelser text[] NOT NULL,
    kand_fran timestamptz NOT NULL,
    kand_till timestamptz,
"""

_TABLES = {
    "vistelseintervall": f"""
        CREATE TABLE vistelseintervall ({_DIMENSIONS}{_KNOWN}
            PRIMARY KEY (kommunkod, klient, placering, fran, kand_fran))
    """,
    "vardygnsintervall": f"""
        CREATE TABLE vardygnsintervall ({_DIMENSIONS}{_KNOWN}
            PRIMARY KEY (kommunkod, klient, placering, fran, kand_fran))
    """,
    "kostnadsintervall": f"""
        CREATE TABLE kostnadsintervall ({_DIMENSIONS}
            pris_ore bigint,
            grund_ore bigint,
            tillagg_ore bigint NOT NULL,{_KNOWN}
            PRIMARY KEY (kommunkod, klient, placering, fran, kand_fran))
    """,
    "evbintervall": f"""
        CREATE TABLE evbintervall (
            kommunkod text NOT NULL,
            klient uuid NOT NULL,
            beslut uuid NOT NULL,
            fran date NOT NULL,
            till date,
            lage text NOT NULL,
            klocka_fran date,
            beslutsdatum date NOT NULL,
            avbrottsdatum date,
            lag text NOT NULL,
            lagrum text NOT NULL,
            insatstyp text NOT NULL,
            kon text NOT NULL,
            namnd text,
            arbetsenhet text,
            orsak text,{_KNOWN}
            PRIMARY KEY (kommunkod, klient, beslut, fran, kand_fran))
    """,
    "leverantorsuppgift": f"""
        CREATE TABLE leverantorsuppgift (
            kommunkod text NOT NULL,
            leverantor uuid NOT NULL,
            organisationsnummer text NOT NULL,
            namn text NOT NULL,
            typ text NOT NULL,{_KNOWN}
            PRIMARY KEY (kommunkod, leverantor, kand_fran))
    """,
}

_INDEXES = (
    "CREATE INDEX rafakta_avtal ON rafakta (kommunkod, (data ->> 'avtal'))"
    " WHERE topic = 'dygn.placering.v1' AND data ->> 'avtal' IS NOT NULL",
    "CREATE INDEX rafakta_enhet ON rafakta (kommunkod, (data ->> 'enhet'))"
    " WHERE topic = 'dygn.placering.v1' AND data ->> 'enhet' IS NOT NULL",
    "CREATE INDEX kostnadsintervall_placering ON kostnadsintervall (kommunkod, placering)",
    "CREATE INDEX vistelseintervall_placering ON vistelseintervall (kommunkod, placering)",
    "CREATE INDEX vardygnsintervall_placering ON vardygnsintervall (kommunkod, placering)",
    "CREATE INDEX evbintervall_beslut ON evbintervall (kommunkod, beslut)",
)


def upgrade() -> None:
    """Create the tables."""
    create_store(SERVICE)
    create_publisher(SERVICE)
    create_consumer(SERVICE)
    for table, statement in _TABLES.items():
        op.execute(statement)
        protect(SERVICE, table, api="SELECT", stream="SELECT, INSERT, UPDATE, DELETE")
    for statement in _INDEXES:
        op.execute(statement)
