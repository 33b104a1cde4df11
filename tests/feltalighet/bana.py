"""The system under test and, beside it, a reader that nothing is done to.

- A PostgreSQL and a Kafka of its own, with a database for each service as in an installation.
- The services that take commands, the relays, the inboxes and the foldings, each in a process of
  its own (:mod:`tests.feltalighet.barn`).
- A caller that posts what chance makes up and keeps every receipt.
- *Facit*: one more database of uppfoljning, fed straight from the same event tables by a stream
  process that is let be. What the system answers is right when facit answers the same.
"""

import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import psycopg

from dygn.inbyggd.databaser import Databas, skapa_databas
from dygn.inbyggd.kafka import Kafka as Maklare
from dygn.inbyggd.kafka import lediga_portar
from dygn.inbyggd.katalog import Katalog
from dygn.inbyggd.komposition import utfardare
from dygn.inbyggd.postgres import Postgres
from dygn.klient import mot_instans
from services.chassis.auth.roles import Roll
from services.chassis.streams.builds import Builds
from services.chassis.streams.inbox import Inbox
from services.chassis.streams.mapping import event_topic
from services.chassis.streams.parts import connector
from services.chassis.streams.process import Backoff, Consumption, StreamProcess, consuming
from services.uppfoljning.process import PARTS
from tests.feltalighet.amnen import Amnen
from tests.feltalighet.anropare import Anropare
from tests.feltalighet.barn import Fodelse, Var
from tests.feltalighet.vard import Liv, Vard, vard
from tests.stod.provkatalog import provkatalog
from tests.stod.servrar import PROVINSTALLNINGAR
from tests.stod.tjanst import migrera
from tests.system.installation import sql
from tests.system.lasare import Lasare, lasare_av, ur_tabellerna
from tests.system.skribent import Kommandon
from tests.system.utgivare import UTGIVARE

DELARNA = ("api", "rela", "inkorg", "vikning")
"""The parts that a whole system has, one life of each."""
PAUS = 0.01
"""Seconds between two commands that flow."""
_MAKLARE = {
    # Members that are dead or frozen are found out in seconds.
    "group.min.session.timeout.ms": "1000",
    # A deleted topic is gone at once.
    "log.segment.delete.delay.ms": "100",
    "file.delete.delay.ms": "100",
}


@dataclass
class Slutliga:
    """Answers that were final: as known when, and by question."""

    kand_per: str
    svar: dict[str, str]


@dataclass
class Bana:
    """All of it; see the module."""

    katalog: Katalog
    postgres: Postgres
    maklare: Maklare
    databaser: dict[str, Databas]
    vard: Vard
    test: Lasare
    facit: Lasare
    facitprocess: StreamProcess
    anropare: Anropare
    kommandon: Kommandon
    amnen: Amnen
    delar: dict[str, Liv] = field(default_factory=dict)
    """The last life of each part, by name."""
    slutliga: list[Slutliga] = field(default_factory=list)
    slog_till: float = 0.0
    """When the fault did its work (monotonic clock)."""
    maklaren_rubbad: bool = False
    """The broker has been stopped: a message may stand in its topic again."""
    skadad: bool = False
    """A fault was not got over: nothing more can be learnt here."""

    def starta(self, namn: str, slag: str | None = None, **val: Any) -> Liv:
        """A new life of a part; ``val`` are those of :class:`Fodelse`."""
        if slag is None:
            slag = namn
        liv = self.delar[namn] = self.vard.fod(Fodelse(namn, slag, **val))
        return liv

    def lev(self) -> None:
        """Every part of a whole system lives; whether it works yet is not waited for."""
        for namn in DELARNA:
            if namn not in self.delar or not self.delar[namn].lever:
                self.starta(namn)

    def arbeta(self) -> None:
        """Every part lives and works."""
        self.lev()
        for namn in DELARNA:
            self.delar[namn].vanta_pa_arbete()

    def nu_slog_det_till(self) -> None:
        """From here the seconds to recovery are counted."""
        self.slog_till = time.monotonic()

    @contextmanager
    def flode(self, paus: float = PAUS) -> Iterator[None]:
        """Commands flow for as long as the context lasts."""
        klart, fel = threading.Event(), list[BaseException]()

        def kor() -> None:
            try:
                while not klart.wait(paus):
                    self.kommandon.ett()
            except BaseException as ett:
                fel.append(ett)

        trad = threading.Thread(target=kor)
        trad.start()
        try:
            yield
        finally:
            klart.set()
            trad.join(90)
        assert not trad.is_alive(), "ett kommando fick aldrig svar"
        assert not fel, fel

    def skriv(self, antal: int) -> None:
        """So many commands, one after the other."""
        for _ in range(antal):
            self.kommandon.ett()

    def epoker(self) -> dict[str, int]:
        """The epok of each topic, by the event tables."""
        return {
            event_topic(namn): int(sql(self.databaser[namn], "SELECT epok FROM strom")[0][0])
            for namn in UTGIVARE
        }

    def admin(self, sats: str, *varden: object) -> list[tuple[Any, ...]]:
        """As the server's administrator, outside any service's database."""
        with psycopg.connect(self.postgres.admin.conninfo(), autocommit=True) as anslutning:
            svar = anslutning.execute(sats.encode(), varden or None)
            return svar.fetchall() if svar.description else []

    def senast(self) -> datetime:
        """When the last event of any service was recorded."""
        senast = "SELECT coalesce(max(registrerad), '-infinity') FROM handelse"
        nar: list[datetime] = [sql(self.databaser[namn], senast)[0][0] for namn in UTGIVARE]
        return max(nar)


@contextmanager
def bana(slump: random.Random) -> Iterator[Bana]:
    """A whole system, all parts at work, with something in it."""
    with ExitStack() as stack:
        katalog = stack.enter_context(provkatalog(last=True))
        postgres, maklare = _servrar(stack, katalog)
        databaser, facitdatabas = _databaser(postgres)
        (port,) = lediga_portar(1)
        var = Var(str(katalog.mapp), _anslutningar(databaser), maklare.bootstrap, port)
        utfardare(katalog).jwks()
        klient = stack.enter_context(mot_instans(katalog, f"http://127.0.0.1:{port}", list(Roll)))
        anropare = Anropare(klient, databaser)
        ny = Bana(
            katalog,
            postgres,
            maklare,
            databaser,
            stack.enter_context(vard(var)),
            stack.enter_context(lasare_av(databaser["uppfoljning"])),
            stack.enter_context(lasare_av(facitdatabas)),
            stack.enter_context(facit_av(facitdatabas, databaser)),
            anropare,
            Kommandon(anropare, random.Random(slump.random())),
            Amnen(maklare.bootstrap),
        )
        stack.callback(ny.amnen.borja_om)
        ny.lev()
        ny.kommandon.nya_leverantorer()
        ny.skriv(20)
        ny.arbeta()
        yield ny


def _servrar(stack: ExitStack, katalog: Katalog) -> tuple[Postgres, Maklare]:
    """Both at the same time."""
    postgres = Postgres(katalog, installningar=PROVINSTALLNINGAR)
    maklare = Maklare(katalog, installningar=_MAKLARE)
    stack.callback(postgres.stop)
    stack.callback(_kasta, maklare)
    with ThreadPoolExecutor() as tradar:
        for start in [tradar.submit(postgres.start), tradar.submit(maklare.start)]:
            start.result()
    return postgres, maklare


def _kasta(maklare: Maklare) -> None:
    """Its topics are thrown away: nobody waits for it to end in good order."""
    if maklare.pid is not None:
        os.kill(maklare.pid, signal.SIGKILL)
    maklare.stop()


def _databaser(postgres: Postgres) -> tuple[dict[str, Databas], Databas]:
    """One of each service, and uppfoljning's once more for facit."""
    databaser = postgres.skapa_databaser()
    for databas in databaser.values():
        migrera(databas)
    facit = skapa_databas(
        postgres.admin, "uppfoljning", namn="facit", mall=databaser["uppfoljning"].namn
    )
    return databaser, facit


def _anslutningar(databaser: dict[str, Databas]) -> dict[str, dict[str, str]]:
    return {
        namn: {
            "api": databas.api.conninfo(),
            "strom": databas.strom.conninfo(),
            "agare": databas.agare.sqlalchemy_url(),
        }
        for namn, databas in databaser.items()
    }


@contextmanager
def facit_av(databas: Databas, databaser: dict[str, Databas]) -> Iterator[StreamProcess]:
    """The undisturbed reader's stream process: as in embedded mode, only more eager."""
    consumer = PARTS.consumer
    assert consumer is not None
    oppna = ur_tabellerna(databaser)
    inkorg = Inbox(PARTS.service, consumer.register, consumer.folding)
    process = StreamProcess(
        consuming(
            [Consumption(namn, inkorg, oppna(namn)) for namn in consumer.upstream],
            consumer.folding,
            Builds(connector(databas.strom.conninfo()), consumer.vyversion).connect,
        ),
        backoff=Backoff(first=0.05, most=0.5, refused=0.2),
    )
    process.start()
    try:
        yield process
    finally:
        assert process.stop(30), process.health()
