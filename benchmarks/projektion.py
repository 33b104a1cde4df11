"""How fast a replay goes: an invented history into raw facts and derived rows of uppfoljning.

    python -m benchmarks.projektion [--handelser N] [--varv N] [--vag tabell|kafka|steg] [--profil]

The history (``historia.py`` of tests/stod) is stored in the event tables of placering and
leverantor as the services store it, and published to a real local Kafka by the real relay. Each run
then replays it into an empty database of uppfoljning: the service's own stream process, as a child
process, with all its parts (inboxes, folding), until every message is stored, every control record
reached and nothing is dirty.

- ``tabell``: embedded, from the event tables; ``kafka``: from the topics.
- ``steg``: the same parts one after another in one thread, to see what each costs.
- The peers run in the same run, on the same history: see ``jamforelse/``.

An event is a message (a contract event). Wall time is from the start of the process's parts; CPU
time is the child's and PostgreSQL's. It prints; nothing is judged.
"""

import argparse
import cProfile
import json
import pstats
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

import psycopg

from benchmarks.jamforelse import kopiering, projektionslopare, rakafka
from benchmarks.matt import Matt, maskin, toppminne
from dygn.inbyggd.databaser import Databas, kasta_databas, skapa_databas
from dygn.inbyggd.kafka import Kafka as Maklare
from dygn.inbyggd.postgres import Postgres
from services.chassis.streams.folding import FoldingWorker
from services.chassis.streams.inbox import Inbox
from services.chassis.streams.kafka_client import Kafka
from services.chassis.streams.mapping import event_topic
from services.chassis.streams.parts import OpenUpstream, connector, from_kafka, stream_process
from services.chassis.streams.process import StreamProcess, publishing, seek_cycles_seldom
from services.chassis.streams.source import PartitionBatch
from services.chassis.streams.table_source import TableSource, open_table_source
from services.leverantor.streams.outgoing import PUBLISHER as LEVERANTOR
from services.placering.streams.outgoing import PUBLISHER as PLACERING
from services.uppfoljning.process import PARTS
from services.uppfoljning.streams.incoming import Uppfoljningsvikning
from services.uppfoljning.views.rafakta import REGISTER
from tests.stod.historia import Historia, historia, lagra, sammansattning
from tests.stod.provkatalog import provkatalog
from tests.stod.tjanst import migrera

UTGIVARE = {one.service: one for one in (LEVERANTOR, PLACERING)}


@dataclass(frozen=True)
class Scen:
    """What every run works with."""

    postgres: Postgres
    databaser: dict[str, Databas]
    berattad: Historia
    sist: dict[str, int]

    @contextmanager
    def tom_databas(self) -> Iterator[Databas]:
        """A new database of uppfoljning, dropped afterwards."""
        namn = f"dygn_uppfoljning_{time.monotonic_ns()}"
        databas = skapa_databas(self.postgres.admin, "uppfoljning", namn=namn)
        migrera(databas)
        try:
            yield databas
        finally:
            kasta_databas(self.postgres.admin, namn)


@contextmanager
def scen(antal: int) -> Iterator[Scen]:
    """PostgreSQL as an embedded installation runs it, with the history stored."""
    with provkatalog(last=True) as katalog, Postgres(katalog) as postgres:
        databaser = postgres.skapa_databaser()
        berattad = historia(antal)
        sist = {}
        for tjanst, sparade in berattad.sparade.items():
            migrera(databaser[tjanst])
            lagra(databaser[tjanst], sparade)
            sist[event_topic(tjanst)] = sum(len(sparad.handelser) for sparad in sparade)
        yield Scen(postgres, databaser, berattad, sist)


# -- the real process, as a child ----------------------------------------------------------------


def mat_process(scenen: Scen, bootstrap: str | None) -> tuple[Matt, dict[str, float]]:
    """One replay; what it cost, and what the child says of itself."""
    with scenen.tom_databas() as databas:
        uppdrag = {
            "databas": databas.strom.conninfo(),
            "uppstroms": {t: scenen.databaser[t].strom.conninfo() for t in UTGIVARE},
            "bootstrap": bootstrap,
            "sist": scenen.sist,
        }
        pid = scenen.postgres.pid
        assert pid is not None
        with Matt(pid) as matt:
            svar = subprocess.run(
                [sys.executable, "-m", "benchmarks.projektion", "--barn", json.dumps(uppdrag)],
                check=True, stdout=subprocess.PIPE,
            )  # fmt: skip
        sagt: dict[str, float] = json.loads(svar.stdout)
        matt.vagg, matt.python = sagt["vagg"], sagt["python"]
        _granska(databas, scenen)
        return matt, sagt


def _granska(databas: Databas, scenen: Scen) -> None:
    """That it really was done."""
    with psycopg.connect(databas.admin.conninfo()) as connection:
        rad = connection.execute(
            "SELECT (SELECT count(*) FROM rafakta), (SELECT count(*) FROM smutsig),"
            " (SELECT count(*) FROM karantan), (SELECT count(*) FROM kostnadsintervall)"
        ).fetchone()
    assert rad is not None
    assert rad[:3] == (scenen.berattad.antal, 0, 0), rad
    assert rad[3] > 0


def barn(uppdrag: dict[str, Any]) -> None:
    """The child: run the service's stream process until it has caught up."""
    connect = connector(uppdrag["databas"])
    oppna: OpenUpstream
    if uppdrag["bootstrap"]:
        oppna = from_kafka(Kafka(uppdrag["bootstrap"]))
    else:
        oppna = lambda tjanst: open_table_source(  # noqa: E731
            UTGIVARE[tjanst], connector(uppdrag["uppstroms"][tjanst])
        )
    process = stream_process(PARTS, connect, oppna, None)
    with psycopg.connect(uppdrag["databas"], autocommit=True) as connection, Matt() as matt:
        process.start()
        forst = _vanta(process, connection, uppdrag["sist"])
    process.stop()
    matt_ = {"vagg": matt.vagg, "python": matt.python, "minne": toppminne()}
    print(json.dumps(matt_ | {"inlast": forst}))


def _vanta(
    process: StreamProcess, connection: psycopg.Connection[Any], sist: dict[str, int]
) -> float:
    """Until all is in and folded; seconds until all was in."""
    borjan, inlast = time.perf_counter(), 0.0
    while True:
        laget = dict(connection.execute("SELECT topic, pos FROM styrpost").fetchall())
        if laget == sist:
            inlast = inlast or time.perf_counter() - borjan
            if connection.execute("SELECT FROM smutsig LIMIT 1").fetchone() is None:
                return inlast
        if time.perf_counter() - borjan > 900:
            raise SystemExit(f"Hann inte: {laget} av {sist}; {process.health()}")
        time.sleep(0.05)


# -- step by step, in one thread ----------------------------------------------------------------


def mat_steg(scenen: Scen, profil: bool) -> dict[str, Matt]:
    """Each part by itself: making messages of the tables, the inbox, the folding."""
    seek_cycles_seldom()  # as the process does when it starts
    matten: dict[str, Matt] = {}
    pid = scenen.postgres.pid

    def steg(namn: str, gor: Callable[[], Any]) -> Any:
        profilerare = cProfile.Profile()
        with Matt(pid) as matt:
            if profil:
                profilerare.enable()
            svar = gor()
            profilerare.disable()
        matten[namn] = matt
        if profil:
            print(f"--- {namn}")
            pstats.Stats(profilerare).sort_stats("tottime").print_stats(28)
        return svar

    with scenen.tom_databas() as databas, ExitStack() as stack:
        connection = stack.enter_context(connector(databas.strom.conninfo())())
        vikning = Uppfoljningsvikning()
        inkorg = Inbox("uppfoljning", REGISTER, vikning)
        buntar = steg("källa: händelsetabell till meddelanden", lambda: _alla_buntar(scenen))

        def ta() -> None:
            for bunt in buntar:
                assert inkorg.apply(connection, bunt).outcome == "tillampad"

        steg("inkorg: meddelanden till råfakta", ta)
        vikare = FoldingWorker(vikning, connector(databas.strom.conninfo()))
        steg("vikning: råfakta till härledda rader", lambda: vikare.fold_waiting(connection))
        _granska(databas, scenen)
    return matten


def _alla_buntar(scenen: Scen) -> list[PartitionBatch]:
    alla: list[PartitionBatch] = []
    for tjanst, utgivare in UTGIVARE.items():
        with connector(scenen.databaser[tjanst].strom.conninfo())() as uppstroms:
            kalla = TableSource(utgivare, uppstroms, None)
            while batches := kalla.poll(0.01).batches:
                alla += batches
    return alla


# -- the whole ------------------------------------------------------------------------------------


def publicera(scenen: Scen, bootstrap: str) -> float:
    """The relays publish it all; seconds."""
    borjan = time.perf_counter()
    for tjanst, utgivare in UTGIVARE.items():
        connect = connector(scenen.databaser[tjanst].strom.conninfo())
        process = StreamProcess(publishing(utgivare, connect, Kafka(bootstrap)))
        process.start()
        with connect() as connection:
            while True:
                rad = connection.execute("SELECT pos FROM relalage").fetchone()
                if rad is not None and rad[0] >= scenen.sist[event_topic(tjanst)]:
                    break
                threading.Event().wait(0.05)
        process.stop()
    return time.perf_counter() - borjan


def rad(namn: str, antal: int, matten: list[Matt]) -> None:
    """One line: medians of wall and CPU, and events a second by each."""
    vagg = median(matt.vagg for matt in matten)
    python = median(matt.python for matt in matten)
    databas = median(matt.databas for matt in matten)

    def takt(sekunder: float) -> str:
        return f"{antal / sekunder:8.0f}/s" if sekunder else f"{'-':>10}"

    print(
        f"{namn:44} {vagg:7.2f} s {takt(vagg)}   python {python:6.2f} s {takt(python)}"
        f"   postgresql {databas:6.2f} s {takt(databas)}   tillsammans {takt(python + databas)}",
        flush=True,
    )


def main() -> None:
    val = argparse.ArgumentParser(description="Mäter uppspelning till uppföljningens tabeller.")
    val.add_argument("--handelser", type=int, default=100_000)
    val.add_argument("--varv", type=int, default=3)
    val.add_argument("--vag", choices=["alla", "tabell", "kafka", "steg", "jamforelse"],
                     default="alla")  # fmt: skip
    val.add_argument("--profil", action="store_true", help="profilera stegen (vag=steg)")
    val.add_argument("--barn", help=argparse.SUPPRESS)
    valda = val.parse_args()
    if valda.barn:
        barn(json.loads(valda.barn))
        return
    with scen(valda.handelser) as scenen, ExitStack() as stack:
        antal = scenen.berattad.antal
        with psycopg.connect(scenen.postgres.admin.conninfo()) as connection:
            print(maskin(str(connection.info.server_version // 10_000)))
        print(f"{antal} meddelanden av {sum(scenen.sist.values())} lagrade händelser")
        print(sammansattning(scenen.berattad))

        def med(vag: str) -> bool:
            return valda.vag in ("alla", vag)

        if med("steg"):
            varven = [mat_steg(scenen, valda.profil) for _ in range(valda.varv)]
            for namn in varven[0]:
                rad(namn, antal, [varv[namn] for varv in varven])
        if med("tabell"):
            mat_varv("ur händelsetabellen", scenen, None, valda.varv)
        if med("kafka") or med("jamforelse"):
            katalog = stack.enter_context(provkatalog(last=True))
            bootstrap = stack.enter_context(Maklare(katalog)).bootstrap
            print(f"publicerat till Kafka på {publicera(scenen, bootstrap):.1f} s")
        if med("kafka"):
            mat_varv("ur Kafka", scenen, bootstrap, valda.varv)
        if med("jamforelse"):
            jamfor(scenen, bootstrap, valda.varv)


def mat_varv(namn: str, scenen: Scen, bootstrap: str | None, varv: int) -> None:
    """Several replays and their median."""
    utfall = [mat_process(scenen, bootstrap) for _ in range(varv)]
    rad(namn, scenen.berattad.antal, [matt for matt, _ in utfall])
    inlast = median(sagt["inlast"] for _, sagt in utfall)
    minne = max(sagt["minne"] for _, sagt in utfall)
    print(f"{'':44} allt inläst efter {inlast:.2f} s, mest minne {minne:.0f} MB", flush=True)


def jamfor(scenen: Scen, bootstrap: str, varv: int) -> None:
    """The peers."""
    pid, buntar = scenen.postgres.pid, _alla_buntar(scenen)
    matten: list[Matt] = []
    for _ in range(varv):
        with scenen.tom_databas() as databas, Matt(pid) as matt:
            kopiering.kopiera(databas.agare.conninfo(), buntar)
        matten.append(matt)
    rad("COPY av samma råfakta (övre gräns)", scenen.berattad.antal, matten)
    matten = []
    for _ in range(varv):
        with Matt() as matt:
            last = rakafka.las(bootstrap, [event_topic(tjanst) for tjanst in UTGIVARE])
        assert last == scenen.berattad.antal, last
        matten.append(matt)
    rad("kafka-python, bara läsa", scenen.berattad.antal, matten)
    antal = min(scenen.berattad.antal, 5_000)
    matten = []
    for _ in range(varv):
        with scenen.tom_databas() as databas:
            matten.append(projektionslopare.mat(databas.agare, pid, antal))
    rad("eventsourcing: ProjectionRunner", antal, matten)


if __name__ == "__main__":
    main()
