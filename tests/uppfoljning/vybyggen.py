"""A second build of the views, fed by hand beside the one that is read."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import psycopg

from dygn.inbyggd.databaser import Databas
from services.chassis.streams.build_schema import begin_build, drop_unused
from services.chassis.streams.builds import Build, Builds
from services.chassis.streams.message import Message
from services.chassis.streams.parts import Consumer, connector
from services.chassis.streams.rebuilding import owner_connector
from services.chassis.streams.take_over import take_over
from services.uppfoljning.streams.incoming import CONSUMER
from services.uppfoljning.views.underlag import KONSUMENT
from tests.stod.tjanst import sql
from tests.uppfoljning.stod import Flode

NYARE = replace(CONSUMER, view_version=CONSUMER.view_version + 1)
"""The same views in a later version of the code."""


@dataclass
class Tva:
    """What is read (``flode``) and what is built beside it (``nytt``)."""

    databas: Databas
    konsument: Consumer
    flode: Flode
    nytt: Flode
    bygge: Build
    anslutning: psycopg.Connection[Any]

    def bada(self, meddelanden: list[Message]) -> None:
        """Both read and fold these."""
        for ett in (self.flode, self.nytt):
            ett.ta(meddelanden)
            ett.vik()

    def ta_over(self) -> str | None:
        """Try, and do not wait; what the new build lacks."""
        return take_over(self.anslutning, KONSUMENT, self.bygge, hold=0.0)


@contextmanager
def tva(databas: Databas, konsument: Consumer = CONSUMER) -> Iterator[Tva]:
    """An empty database with a build begun beside the first one."""
    with ExitStack() as stack:
        som_strom = connector(databas.strom.conninfo())
        lasta = stack.enter_context(Builds(som_strom, CONSUMER.vyversion).connect())
        with owner_connector(databas.agare.conninfo())() as agare:
            bygge, _ = begin_build(agare, konsument.vyversion, konsument.tables)
        bredvid = stack.enter_context(
            Builds(som_strom, konsument.vyversion, schema=bygge.schema).connect()
        )
        flode = Flode(lasta)
        nytt = flode.bredvid(bredvid, konsument.view_version)
        yield Tva(databas, konsument, flode, nytt, bygge, stack.enter_context(som_strom()))


def ater(databas: Databas) -> None:
    """Only the first build, empty, and nobody's: as newly migrated."""
    for (schema,) in sql(databas, "SELECT schema FROM vybygge WHERE schema <> 'public'"):
        sql(databas, f"DROP SCHEMA {schema} CASCADE")
    sql(databas, "DELETE FROM vybygge")
    sql(
        databas,
        "INSERT INTO vybygge (generation, schema, lage, aktiv_sedan)"
        " VALUES (1, 'public', 'aktiv', now())",
    )


def stada(databas: Databas, konsument: Consumer) -> list[str]:
    """Take away what nobody uses."""
    with owner_connector(databas.agare.conninfo())() as agare:
        return drop_unused(agare, konsument.vyversion)
