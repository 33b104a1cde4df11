"""A service's views built anew beside those that are read: which installation, and how.

Guarantees that an embedded installation (found through its catalogue) and one on a cluster (named
by the environment: that of ``dygn kontrollera``, and ``DYGN_<TJÄNST>_OWNER_DATABASE_URL``) are
rebuilt by the same parts, in the process of whoever asks: the installation's own processes go on
with what they do, and find the new build when it has taken over.
"""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from dygn.fel import DygnFel
from dygn.inbyggd.databaser import beskriv
from dygn.inbyggd.katalog import Katalog
from dygn.inbyggd.postgres import Postgres
from dygn.inbyggd.tjanster import TJANSTER
from dygn.kontroll import Var, finn, ur_miljon
from services.chassis.streams.build_schema import begin_build, drop_unused
from services.chassis.streams.health import Connect, Refuses
from services.chassis.streams.kafka_client import Kafka
from services.chassis.streams.parts import Consumer, OpenUpstream, connector, from_kafka
from services.chassis.streams.rebuilding import BRANCH, libpq_url, owner_connector, rebuild
from services.chassis.streams.source import OpenSource
from services.chassis.streams.table_source import open_table_source
from services.chassis.streams.take_over import Progress

KONSUMENTER: dict[str, Consumer] = {
    tjanst.namn: tjanst.delar.consumer for tjanst in TJANSTER if tjanst.delar.consumer is not None
}
"""The services that have views to rebuild."""

Visa = Callable[[Progress, str | None], None]


@dataclass(frozen=True, slots=True)
class Plats:
    """An installation, and the database of one of its services as the owner."""

    var: Var
    agare: str


@dataclass(frozen=True, slots=True)
class Ombyggd:
    """A rebuild that is done. ``borjade`` are the events that an earlier try had read."""

    handelser: int
    borjade: int
    sekunder: float
    schema: str
    stadade: tuple[str, ...]


def finn_plats(tjanst: str, katalog: Path | None, miljo: Mapping[str, str] = os.environ) -> Plats:
    """Where the installation is; DygnFel where nothing runs or something is not named."""
    if katalog is None and (utpekad := ur_miljon(miljo)) is not None:
        namn = f"DYGN_{tjanst.upper()}_OWNER_DATABASE_URL"
        if not miljo.get(namn):
            raise DygnFel(f"Miljön pekar ut en installation, men saknar {namn}.")
        return Plats(utpekad, libpq_url(miljo[namn]))
    var = finn(katalog, miljo)
    return Plats(var, beskriv(Postgres(Katalog(katalog)).admin, tjanst).agare.conninfo())


def bygg_om(tjanst: str, plats: Plats, visa: Visa) -> Ombyggd:
    """Build the views beside, let them take over, and take away what nobody uses any more."""
    konsument = KONSUMENTER[tjanst]
    som_agare = owner_connector(plats.agare)
    borjan = time.monotonic()
    with som_agare() as agare:
        bygge, _ = begin_build(agare, konsument.vyversion, konsument.tables)
    lasta: list[int] = []

    def se(framme: Progress, brist: str | None) -> None:
        lasta.append(framme.read)
        del lasta[1:-1]
        visa(framme, brist)

    try:
        rebuild(
            tjanst,
            konsument,
            bygge,
            connect=connector(plats.var.databaser[tjanst], durable=False),
            connect_owner=som_agare,
            open_upstream=_uppstroms(plats.var),
            show=se,
        )
    except Refuses as skal:
        raise DygnFel(f"Ombyggnaden kan inte gå vidare: {skal}") from skal
    sekunder = time.monotonic() - borjan
    return Ombyggd(lasta[-1], lasta[0], sekunder, bygge.schema, tuple(stada(tjanst, plats)))


def stada(tjanst: str, plats: Plats) -> list[str]:
    """Take away the builds that nobody uses; their schemas."""
    with owner_connector(plats.agare)() as agare:
        return drop_unused(agare, KONSUMENTER[tjanst].vyversion)


def _uppstroms(var: Var) -> OpenUpstream:
    if var.kafka is not None:
        return from_kafka(Kafka(var.kafka), branch=BRANCH)
    utgivare = {tjanst.namn: tjanst.delar.publisher for tjanst in TJANSTER}

    def oppna(namn: str) -> OpenSource:
        publisher = utgivare[namn]
        assert publisher is not None
        anslut: Connect = connector(var.databaser[namn])
        return open_table_source(publisher, anslut)

    return oppna
