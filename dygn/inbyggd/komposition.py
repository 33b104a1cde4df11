"""All three services in one process on one machine: what ``dygn starta`` starts.

Guarantees the same applications, handlers and bytes as on a cluster; only the way of the events is
shorter (from the upstream event table), or, with ``kafka``, through a real local broker. Parts are
started in an order in which each finds what it needs, and stopped in the reverse. Nothing is kept
in memory that a kill could lose.
"""

import base64
import os
import socket
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

import httpx
import uvicorn

from dygn.inbyggd.databaser import Anslutning, Databas
from dygn.inbyggd.fel import InbyggdFel
from dygn.inbyggd.kafka import Kafka as Maklare
from dygn.inbyggd.katalog import Instans, Katalog
from dygn.inbyggd.postgres import Postgres
from dygn.inbyggd.tjanster import TJANSTER, Tjanst
from dygn.inbyggd.webb import webb
from services.chassis.auth.issuer import Issuer
from services.chassis.migration.runner import migrate
from services.chassis.settings import ServiceSettings
from services.chassis.streams.build_schema import ensure_build
from services.chassis.streams.build_worker import BuildWorker
from services.chassis.streams.kafka_client import Kafka
from services.chassis.streams.parts import OpenUpstream, connector, from_kafka, stream_process
from services.chassis.streams.process import StreamProcess
from services.chassis.streams.rebuilding import owner_connector
from services.chassis.streams.source import OpenSource
from services.chassis.streams.table_source import open_table_source

KOMMUNKOD = "1490"
VARD = "127.0.0.1"
UTFARDARE = "dygn-inbyggd"
"""The ``iss`` of embedded tokens: the same whatever port the installation listens on."""
NYCKELFIL = "utfardare.json"
STARTTID = 60.0
"""Seconds that a start may take before it is given up."""

Meddela = Callable[[str], None]


def utfardare(katalog: Katalog) -> Issuer:
    """The catalogue's own issuer of tokens; its key is made at first use."""
    return Issuer(katalog.mapp / NYCKELFIL, issuer=UTFARDARE)


def nyckelval(katalog: Katalog) -> dict[str, str]:
    """The settings that name the catalogue's keys."""
    hashnyckel = katalog.hashnyckel()
    val = {
        "master_key": _base64(katalog.huvudnyckel()),
        "other_master_keys": ",".join(map(_base64, katalog.andra_huvudnycklar())),
    }
    return val if hashnyckel is None else {**val, "hash_key": _base64(hashnyckel)}


def _base64(nyckel: bytes) -> str:
    return base64.b64encode(nyckel).decode()


class Inbyggd:
    """A running installation; use as a context manager, or ``starta`` and ``stoppa``."""

    def __init__(
        self,
        katalog: Katalog,
        *,
        port: int = 0,
        kafka: bool = False,
        meddela: Meddela = lambda _: None,
    ) -> None:
        """``port`` 0 takes a free one; ``meddela`` gets Swedish remarks on how the start goes."""
        self.katalog = katalog
        self._port = port
        self._meddela = meddela
        self._stack = ExitStack()
        self.postgres = Postgres(katalog, meddela=meddela)
        self.maklare = Maklare(katalog, meddela=meddela) if kafka else None
        self.strommar: dict[str, StreamProcess] = {}
        self._byggt: dict[str, dict[str, float]] = {}
        self.databaser: dict[str, Databas] = {}
        self.url = ""

    def __enter__(self) -> Self:
        self.starta()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stoppa()

    def starta(self) -> None:
        """Start every part and return when the services answer; :class:`InbyggdFel` else."""
        try:
            self._starta()
        except BaseException:
            self._stack.close()
            raise

    def stoppa(self) -> None:
        """Stop every part in reverse order."""
        self._stack.close()

    def _starta(self) -> None:
        self.katalog.oppna()
        self.katalog.las()
        self._stack.callback(self.katalog.las_upp)
        lyssnare = _lyssna(self._port)
        self._stack.callback(lyssnare.close)
        port: int = lyssnare.getsockname()[1]
        self.url = f"http://{VARD}:{port}"
        self._meddela("Startar PostgreSQL …")
        self.databaser = self._stack.enter_context(self.postgres).skapa_databaser()
        for tjanst in TJANSTER:
            _migrera(tjanst, self.databaser[tjanst.namn].agare)
        kafka = None if self.maklare is None else self._starta_kafka(self.maklare)
        self._starta_webb(lyssnare)
        self._starta_strommar(kafka)
        self._vanta_redo()
        self.katalog.skriv_instans(
            Instans(
                pid=os.getpid(),
                port=port,
                startad=datetime.now(UTC),
                url=self.url,
                kafka=kafka.bootstrap if kafka is not None else None,
            )
        )
        self._stack.callback(self.katalog.ta_bort_instans)

    def _starta_kafka(self, maklare: Maklare) -> Kafka:
        self._meddela("Startar Kafka …")
        return Kafka(self._stack.enter_context(maklare).bootstrap)

    def _starta_webb(self, lyssnare: socket.socket) -> None:
        self._meddela("Startar tjänsterna …")
        utfardaren = utfardare(self.katalog)
        appar = {tjanst.namn: tjanst.app(self._installningar(tjanst)) for tjanst in TJANSTER}
        server = uvicorn.Server(
            uvicorn.Config(
                webb(appar, utfardaren, self.strommar),
                log_config=None,
                access_log=False,
                timeout_graceful_shutdown=5,
            )
        )
        trad = threading.Thread(
            target=server.run, kwargs={"sockets": [lyssnare]}, name="webb", daemon=True
        )
        trad.start()

        def stoppa() -> None:
            server.should_exit = True
            trad.join(15)

        self._stack.callback(stoppa)

    def _installningar(self, tjanst: Tjanst) -> ServiceSettings:
        return ServiceSettings.model_validate(
            {
                "service": tjanst.namn,
                "database_url": self.databaser[tjanst.namn].api.conninfo(),
                "issuer": UTFARDARE,
                "jwks_url": f"{self.url}/utfardare/jwks.json",
                **nyckelval(self.katalog),
            }
        )

    def _starta_strommar(self, kafka: Kafka | None) -> None:
        oppna = self._ur_tabellerna() if kafka is None else from_kafka(kafka)
        for tjanst in TJANSTER:
            process = stream_process(
                tjanst.delar,
                connector(self.databaser[tjanst.namn].strom.conninfo()),
                oppna,
                kafka,
            )
            process.start()
            self._stack.callback(process.stop)
            self.strommar[tjanst.namn] = process

    def _ur_tabellerna(self) -> OpenUpstream:
        delar = {tjanst.namn: tjanst.delar for tjanst in TJANSTER}

        def oppna(namn: str) -> OpenSource:
            publisher = delar[namn].publisher
            assert publisher is not None
            return open_table_source(publisher, connector(self.databaser[namn].strom.conninfo()))

        return oppna

    def _bygger(self, tjanst: Tjanst) -> bool:
        """Whether the views of a new version are being built: that takes as long as it takes."""
        matt = {
            rapport.namn: rapport.matt for rapport in self.strommar[tjanst.namn].health().delar
        }.get(BuildWorker.name, {})
        forut = self._byggt.get(tjanst.namn)
        self._byggt[tjanst.namn] = matt
        return bool(matt) and matt != forut

    def _vanta_redo(self) -> None:
        slut = time.monotonic() + STARTTID
        for tjanst in TJANSTER:
            while not _redo(f"{self.url}/{tjanst.namn}/readyz"):
                if self._bygger(tjanst):
                    slut = time.monotonic() + STARTTID
                if time.monotonic() > slut:
                    raise InbyggdFel(f"Tjänsten {tjanst.namn} blev inte redo på {STARTTID:.0f} s.")
                time.sleep(0.05)


def _migrera(tjanst: Tjanst, agare: Anslutning) -> None:
    """The newest schema, and somewhere to build the views if they are of a new version."""
    migrate(tjanst.namn, agare.sqlalchemy_url())
    konsument = tjanst.delar.consumer
    if konsument is not None:
        with owner_connector(agare.conninfo())() as anslutning:
            ensure_build(anslutning, konsument.vyversion, konsument.tables)


def _redo(adress: str) -> bool:
    try:
        return httpx.get(adress, timeout=2.0).status_code == 200
    except httpx.HTTPError:
        return False


def _lyssna(port: int) -> socket.socket:
    lyssnare = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    lyssnare.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        lyssnare.bind((VARD, port))
        lyssnare.listen(256)
    except OSError:
        lyssnare.close()
        raise InbyggdFel(
            f"Porten {port} är upptagen. Välj en annan med --port N (0 tar en ledig)."
        ) from None
    return lyssnare
