"""The parts of the system, each in a process that may be killed, frozen and begun again.

``python -m tests.feltalighet.barn VAR`` (VAR: JSON, see :class:`Var`) reads one order a line, JSON
both ways, and answers what happens. A part begins in a fork of this process, which has imported
everything, so that a new life costs milliseconds. At the end of its input it goes, and its children
with it; a child whose parent has gone ends by itself.

What differs from a stream process on a cluster is only how fast things go (see ``_brattom``):
steps are small, so that there are more places to die at, and the times after which somebody is
taken for dead are seconds.
"""

import base64
import contextlib
import json
import os
import select
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import structlog
import uvicorn
from kafka import KafkaConsumer

from dygn.inbyggd.katalog import Katalog
from dygn.inbyggd.komposition import utfardare
from dygn.inbyggd.tjanster import TJANSTER
from dygn.inbyggd.webb import webb
from dygn.kontroll import Var as VarAllt
from dygn.ombyggnad import Plats, bygg_om
from services.chassis.migration.runner import migrate
from services.chassis.settings import ServiceSettings
from services.chassis.store import recorder
from services.chassis.streams import kafka_client, kafka_source, parts, relay, relay_lock
from services.chassis.streams.builds import Builds
from services.chassis.streams.consuming import InboxWorker
from services.chassis.streams.folding import FoldingWorker
from services.chassis.streams.health import Health
from services.chassis.streams.inbox import Inbox
from services.chassis.streams.kafka_client import Kafka
from services.chassis.streams.kafka_source import open_kafka_source
from services.chassis.streams.parts import Consumer, connector
from services.chassis.streams.process import Backoff, StreamProcess, Worker
from services.chassis.streams.relay import Pace, Relay
from tests.feltalighet.punkter import PUNKT, Handling, satt
from tests.system.utgivare import UTGIVARE

LAS_TYST, LAS_PULS = 3, 0.5
"""Seconds after which a relay that is not heard of loses its lock, and between its pings."""
GRUPP_TYST = 4.0
"""Seconds after which a member of a consumer group is taken for dead."""
FRUSEN = 4
"""Seconds that a transaction may stand still before the server ends it."""

_IVRIG = Backoff(first=0.05, most=0.5, refused=0.2)
_TAKT = Pace(batch=5, poll_seconds=0.2, heartbeat_seconds=0.5)
_MEDDELANDEN = 8
_AMNEN = 6


@dataclass(frozen=True, slots=True)
class Var:
    """The catalogue whose keys are used, connections by service and role, broker, the API's port.

    Roles: ``api``, ``strom`` (libpq) and ``agare`` (SQLAlchemy).
    """

    katalog: str
    databaser: dict[str, dict[str, str]]
    bootstrap: str
    port: int

    def som_json(self) -> str:
        """What the process is given."""
        return json.dumps(asdict(self))


@dataclass(frozen=True, slots=True)
class Fodelse:
    """A new life: its name, which part, and how it differs from the usual.

    ``medlem`` is its lasting name in consumer groups (``None``: it joins and leaves them),
    ``utan_las`` a relay that takes itself for the only one, ``tjanst`` whose database is migrated
    or whose views are rebuilt.
    """

    namn: str
    slag: str
    medlem: str | None = "prov"
    utan_las: bool = False
    tjanst: str = ""
    databas: str = ""
    """That database as its owner: a migration takes a SQLAlchemy URL, a rebuild libpq's."""
    punkt: str | None = None
    nummer: int = 1
    handling: Handling = "dor"


def _brattom() -> None:
    """Nobody is waited for as long as in earnest."""
    relay_lock.IDLE_SECONDS, relay_lock.PING_SECONDS = LAS_TYST, LAS_PULS
    kafka_source.STARVED_AFTER = 6.0
    parts.FROZEN_SECONDS = recorder.TRANSACTION_SECONDS = FRUSEN
    riktig = KafkaConsumer

    def snabb(**val: Any) -> Any:
        val |= {"metadata_max_age_ms": 2_000}
        if val.get("group_id") is not None:
            val |= {"session_timeout_ms": int(GRUPP_TYST * 1000), "heartbeat_interval_ms": 700}
        return riktig(**val)

    vars(kafka_client)["KafkaConsumer"] = snabb


# -- what a child is ------------------------------------------------------------------------------


def _relan(var: Var, fodelse: Fodelse) -> list[Worker]:
    if fodelse.utan_las:

        @contextlib.contextmanager
        def alltid(*_: Any) -> Iterator[threading.Event]:
            yield threading.Event()

        vars(relay)["relay_lock"] = alltid
    kafka = Kafka(var.bootstrap)
    return [
        _Namngiven(
            f"{namn} relä",
            Relay(utgivare, connector(var.databaser[namn]["strom"]), kafka, pace=_TAKT),
        )
        for namn, utgivare in UTGIVARE.items()
    ]


def _mottagare(var: Var) -> Iterator[tuple[str, Consumer, Builds]]:
    for tjanst in TJANSTER:
        if (consumer := tjanst.delar.consumer) is not None:
            connect = connector(var.databaser[tjanst.namn]["strom"])
            yield tjanst.namn, consumer, Builds(connect, consumer.vyversion)


def _inkorgar(var: Var, fodelse: Fodelse) -> list[Worker]:
    kafka = Kafka(var.bootstrap)
    delar: list[Worker] = []
    for namn, consumer, byggen in _mottagare(var):
        inkorg = Inbox(
            namn, consumer.register, consumer.folding, view_version=consumer.view_version
        )
        for fran in consumer.upstream:
            kalla = open_kafka_source(fran, kafka, member=fodelse.medlem, max_records=_MEDDELANDEN)
            worker = InboxWorker(
                fran,
                inkorg,
                byggen.connect,
                kalla,
                poll_seconds=0.15,
                tend_seconds=0.5,
                moved=byggen.moved,
            )
            delar.append(_Namngiven(f"{namn} inkorg {fran}", worker))
    return delar


def _vikningar(var: Var) -> list[Worker]:
    return [
        _Namngiven(
            f"{namn} vikning",
            FoldingWorker(
                consumer.folding,
                byggen.connect,
                chunk=_AMNEN,
                poll_seconds=0.15,
                moved=byggen.moved,
            ),
        )
        for namn, consumer, byggen in _mottagare(var)
    ]


@dataclass
class _Namngiven:
    """A worker under another name: here one process holds several services' parts."""

    name: str
    inre: Worker

    def run(self, stop: threading.Event, health: Health) -> None:
        self.inre.run(stop, health)


class _Stromdel:
    """Relays, inboxes or foldings."""

    def __init__(self, delar: list[Worker]) -> None:
        self._process = StreamProcess(delar, backoff=_IVRIG)
        self._process.start()

    def lagen(self) -> dict[str, list[str]]:
        return {
            rapport.namn: [rapport.lage, rapport.text or ""]
            for rapport in self._process.health().delar
        }

    def sluta(self) -> None:
        """As when a process is told to end: groups are left, locks given back."""
        self._process.stop()

    def igang(self) -> bool:
        """An inbox works when it has partitions to read; a second one may get none."""
        return all(
            rapport.lage == "igang" and rapport.matt.get("partitioner", 1) > 0
            for rapport in self._process.health().delar
        )


class _Api:
    """The services that take commands, on a port that is always the same."""

    def __init__(self, var: Var) -> None:
        katalog = Katalog(var.katalog)
        utfardaren = utfardare(katalog)
        nycklar = Path(var.katalog) / "jwks.json"
        katalog.skriv("jwks.json", json.dumps(utfardaren.jwks()).encode())
        appar = {
            tjanst.namn: tjanst.app(
                ServiceSettings.model_validate(
                    {
                        "service": tjanst.namn,
                        "database_url": var.databaser[tjanst.namn]["api"],
                        "issuer": "dygn-inbyggd",
                        "jwks_file": nycklar,
                        "master_key": base64.b64encode(katalog.huvudnyckel()).decode(),
                        "reader_connections": 2,
                    }
                )
            )
            for tjanst in TJANSTER
            if tjanst.namn in UTGIVARE
        }
        self._server = uvicorn.Server(
            uvicorn.Config(
                webb(appar, utfardaren, {}),
                host="127.0.0.1",
                port=var.port,
                log_config=None,
                access_log=False,
            )
        )
        self._trad = threading.Thread(target=self._server.run, daemon=True)
        self._trad.start()

    def lagen(self) -> dict[str, list[str]]:
        return {}

    def sluta(self) -> None:
        self._server.should_exit = True
        self._trad.join(10)

    def igang(self) -> bool:
        return bool(self._server.started)


def _bygg_om(var: Var, fodelse: Fodelse) -> None:
    """What ``dygn bygg-om`` does."""
    strom = {namn: roller["strom"] for namn, roller in var.databaser.items()}
    plats = Plats(VarAllt(strom, var.bootstrap), fodelse.databas)
    bygg_om(fodelse.tjanst, plats, lambda _framme, _brist: None)


def _del(var: Var, fodelse: Fodelse) -> "_Stromdel | _Api":
    match fodelse.slag:
        case "api":
            return _Api(var)
        case "rela":
            return _Stromdel(_relan(var, fodelse))
        case "inkorg":
            return _Stromdel(_inkorgar(var, fodelse))
        case "vikning":
            return _Stromdel(_vikningar(var))
    raise ValueError(fodelse.slag)


def _sag(namn: str, **vad: Any) -> None:
    """One line in one piece: several processes write to the same pipe."""
    os.write(sys.stdout.fileno(), json.dumps({"namn": namn, **vad}).encode() + b"\n")


def _lev(var: Var, fodelse: Fodelse, order: int) -> NoReturn:
    """The child: begins its part, tells how it fares, and takes orders until it is killed."""
    namn = fodelse.namn
    if fodelse.punkt is not None:
        _vid(
            fodelse,
            {"punkt": fodelse.punkt, "nummer": fodelse.nummer, "handling": fodelse.handling},
        )
    if fodelse.slag in ("migrering", "ombygge"):
        _sag(namn, igang=True)
        if fodelse.slag == "migrering":
            migrate(fodelse.tjanst, fodelse.databas)
        else:
            _bygg_om(var, fodelse)
        os._exit(0)
    delen = _del(var, fodelse)
    sagt: dict[str, list[str]] = {}
    igang = False
    while True:
        if not igang and delen.igang():
            igang = True
            _sag(namn, igang=True)
        lagen = delen.lagen()
        if lagen != sagt:
            _sag(namn, lagen=lagen)
            sagt = lagen
        if select.select([order], [], [], 0.02)[0]:
            rader = os.read(order, 65536)
            if not rader:
                os._exit(1)
            for rad in rader.decode().splitlines():
                given = json.loads(rad)
                if given.get("sluta"):
                    delen.sluta()
                    os._exit(0)
                _vid(fodelse, given)


def _vid(fodelse: Fodelse, order: Mapping[str, Any]) -> None:
    namn, punkt = fodelse.namn, PUNKT[order["punkt"]]
    satt(punkt, order["nummer"], order["handling"], lambda: _sag(namn, passerad=punkt.namn))
    _sag(namn, satt=punkt.namn)


# -- the process that gives birth -----------------------------------------------------------------


@dataclass
class _Vard:
    var: Var
    order: dict[int, int] = field(default_factory=dict)
    """Pipes to living children, by process."""
    namn: dict[int, str] = field(default_factory=dict)

    def fod(self, fodelse: Fodelse) -> None:
        las, skriv = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(skriv)
            for annan in self.order.values():
                os.close(annan)
            try:
                _lev(self.var, fodelse, las)
            except BaseException as fel:
                _sag(fodelse.namn, fel=repr(fel)[:1000])
            finally:
                os._exit(1)
        os.close(las)
        self.order[pid], self.namn[pid] = skriv, fodelse.namn
        _sag(fodelse.namn, pid=pid)

    def vid(self, pid: int, order: Mapping[str, Any]) -> None:
        with contextlib.suppress(KeyError, BrokenPipeError):
            os.write(self.order[pid], json.dumps(order).encode() + b"\n")

    def begrav(self) -> None:
        """Tell of those who have died."""
        while self.order:
            pid, hur = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            os.close(self.order.pop(pid))
            _sag(self.namn.pop(pid), dod=os.waitstatus_to_exitcode(hur), pid=pid)

    def dod_allt(self) -> None:
        for pid in self.order:
            os.kill(pid, signal.SIGKILL)


def main(var: Var) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    _brattom()
    vard = _Vard(var)
    rest = b""
    try:
        while True:
            vard.begrav()
            if not select.select([sys.stdin], [], [], 0.01)[0]:
                continue
            last = os.read(sys.stdin.fileno(), 65536)
            if not last:
                return
            *rader, rest = (rest + last).split(b"\n")
            for rad in rader:
                order = json.loads(rad)
                if "fod" in order:
                    vard.fod(Fodelse(**order["fod"]))
                else:
                    vard.vid(order.pop("pid"), order)
    finally:
        vard.dod_allt()


if __name__ == "__main__":
    main(Var(**json.loads(sys.argv[1])))
