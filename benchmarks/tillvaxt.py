"""What each step costs as the history grows from 10 000 to 1 000 000 events: time and memory.

    python -m benchmarks.tillvaxt [--storlekar 10000,100000,1000000] [--bild FIL.svg]

An event here is a message (about two stored events). For each size, in an installation of its own:

- *import*: the invented history (``historia.py`` of tests/stod), made a round of 10 000 at a time
  with ten new kommuner each, stored by the writer's transaction, ten saves in each;
- *relä*: published to a real local Kafka;
- *projektion*: uppfoljning's own stream process reads it from Kafka until all is folded;
- *ombyggnad*: what ``dygn bygg-om`` runs, of both services' views;
- *rapport*: one kommun's year, of a kommun that is as large at every size (median of 30).

Each step runs in a process of its own, whose most memory is told. It prints a table, and draws it
where a file is named; nothing is judged.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

import psycopg
from eventsourcing.persistence import StoredEvent

from benchmarks import ombyggnad, projektion
from benchmarks.matt import Matt, maskin, toppminne
from dygn.inbyggd.databaser import Databas
from dygn.inbyggd.kafka import Kafka as Maklare
from dygn.inbyggd.postgres import Postgres
from dygn.ombyggnad import KONSUMENTER
from services.chassis.context import Rackvidd
from services.chassis.store.append import Stored, append
from services.chassis.store.decision import Decision, Done
from services.chassis.store.mapper import encode
from services.chassis.store.reader import Reader
from services.chassis.streams.kafka_client import Kafka
from services.chassis.streams.mapping import event_topic
from services.chassis.streams.parts import connector
from services.chassis.streams.process import StreamProcess, publishing
from services.uppfoljning.views.dygnskostnader import dygnskostnader
from services.uppfoljning.views.period import Snitt
from services.uppfoljning.views.underlag import las_underlag
from tests.stod.historia import KOMMUNER, historia
from tests.stod.provkatalog import provkatalog
from tests.stod.tjanst import migrera, sql

OMGANG = 10_000
"""Messages a round."""
AR = (date(2022, 1, 1), date(2022, 12, 31))
STEG = ("import", "relä", "projektion", "ombyggnad", "rapport")
Sagt = dict[str, float]
"""What a step says of itself: seconds of wall (``vagg``), most memory in MB (``minne``)."""


# -- the steps, each in a process of its own -------------------------------------------------------


def lagra(uppdrag: dict[str, Any]) -> Sagt:
    """Store so many messages; seconds are those of the storing, not of making the history."""
    vagg, antal = 0.0, 0
    skrivare = {
        tjanst: psycopg.connect(conninfo, autocommit=True)
        for tjanst, conninfo in uppdrag["databaser"].items()
    }
    for omgang in range(-(-uppdrag["antal"] // OMGANG)):
        berattad = historia(min(OMGANG, uppdrag["antal"]), fro=omgang + 1, omgang=omgang)
        antal += berattad.antal
        for tjanst, sparade in berattad.sparade.items():
            beslutade = (
                Decision(
                    sparad.kommunkod,
                    Done(None, None),
                    [
                        StoredEvent(h.originator_id, h.originator_version, h.TOPIC, encode(h))
                        for h in sparad.handelser
                    ],
                    key=uuid4().hex,
                    body=b"x" * 32,
                )
                for sparad in sparade
            )
            while grupp := list(islice(beslutade, 64)):
                borjan = time.perf_counter()
                assert all(isinstance(ett, Stored) for ett in append(skrivare[tjanst], grupp))
                vagg += time.perf_counter() - borjan
    for anslutning in skrivare.values():
        anslutning.close()
    return {"vagg": vagg, "minne": toppminne(), "antal": antal}


def ge_ut(uppdrag: dict[str, Any]) -> Sagt:
    """The relays publish it all."""
    with Matt() as matt:
        for tjanst, utgivare in projektion.UTGIVARE.items():
            connect = connector(uppdrag["databaser"][tjanst])
            process = StreamProcess(publishing(utgivare, connect, Kafka(uppdrag["bootstrap"])))
            process.start()
            with connect() as anslutning:
                while not anslutning.execute(
                    "SELECT true FROM relalage JOIN strom ON relalage.pos = strom.pos"
                ).fetchone():
                    time.sleep(0.05)
            process.stop()
    return {"vagg": matt.vagg, "minne": toppminne()}


def fraga(uppdrag: dict[str, Any]) -> Sagt:
    """The report, over and over."""
    tider: list[float] = []

    async def kor() -> None:
        reader = Reader(
            uppdrag["databas"], connections=1, views=KONSUMENTER["uppfoljning"].vyversion
        )
        await reader.open()
        for _ in range(31):
            borjan = time.perf_counter()
            async with reader.reading(Rackvidd(KOMMUNER[0], None)) as connection:
                underlag = await las_underlag(connection, KOMMUNER[0], None)
                svar = await dygnskostnader(connection, underlag, *AR, Snitt.PLACERINGSFORM)
            assert svar.rader
            tider.append(time.perf_counter() - borjan)
        await reader.close()

    asyncio.run(kor())
    return {"vagg": median(tider[1:]), "minne": toppminne()}


BARN: dict[str, Callable[[dict[str, Any]], Sagt]] = {
    "import": lagra,
    "relä": ge_ut,
    "rapport": fraga,
}


def i_barn(steg: str, uppdrag: dict[str, Any]) -> Sagt:
    """What the step said, run by a child."""
    svar = subprocess.run(
        [sys.executable, "-m", "benchmarks.tillvaxt", "--barn", steg, json.dumps(uppdrag)],
        check=True, stdout=subprocess.PIPE,
    )  # fmt: skip
    sagt: Sagt = json.loads(svar.stdout)
    return sagt


# -- a size ----------------------------------------------------------------------------------------


def mat(antal: int) -> dict[str, Sagt]:
    """Every step at one size."""
    with provkatalog(last=True) as katalog, Postgres(katalog) as postgres:
        databaser = postgres.skapa_databaser()
        for databas in databaser.values():
            migrera(databas)
        strom = {tjanst: databas.strom.conninfo() for tjanst, databas in databaser.items()}
        api = {tjanst: databaser[tjanst].api.conninfo() for tjanst in projektion.UTGIVARE}
        matt = {"import": i_barn("import", {"databaser": api, "antal": antal})}
        _stada(databaser)
        with provkatalog(last=True) as kafkas, Maklare(kafkas) as maklare:
            uppdrag = {"databaser": strom, "bootstrap": maklare.bootstrap}
            matt["relä"] = i_barn("relä", uppdrag)
            matt["projektion"] = _projicera(databaser, maklare.bootstrap)
        [(rafakta,)] = sql(databaser["uppfoljning"], "SELECT count(*) FROM rafakta")
        assert rafakta == matt["import"]["antal"], (rafakta, matt["import"])
        _stada(databaser)
        matt["rapport"] = i_barn("rapport", {"databas": databaser["uppfoljning"].api.conninfo()})
        matt["ombyggnad"] = _bygg_om(databaser)
    for steg in STEG:
        matt[steg]["antal"] = rafakta
    return matt


def _stada(databaser: dict[str, Databas]) -> None:
    """As autovacuum has done in a database that has stood for a while."""
    for databas in databaser.values():
        sql(databas, "VACUUM ANALYZE")


def _projicera(databaser: dict[str, Databas], bootstrap: str) -> Sagt:
    uppdrag = {
        "databas": databaser["uppfoljning"].strom.conninfo(),
        "uppstroms": {},
        "bootstrap": bootstrap,
        "sist": {
            event_topic(tjanst): sql(databaser[tjanst], "SELECT pos FROM strom")[0][0]
            for tjanst in projektion.UTGIVARE
        },
    }
    svar = subprocess.run(
        [sys.executable, "-m", "benchmarks.projektion", "--barn", json.dumps(uppdrag)],
        check=True, stdout=subprocess.PIPE,
    )  # fmt: skip
    sagt: Sagt = json.loads(svar.stdout)
    return sagt


def _bygg_om(databaser: dict[str, Databas]) -> Sagt:
    """Both services' views; placering's register first, which the first build of it must fill."""
    _, tider, minne = ombyggnad.ett_varv(None, databaser)
    return {"vagg": sum(tider.values()), "minne": minne}


# -- what is shown ---------------------------------------------------------------------------------


def tabell(alla: dict[int, dict[str, Sagt]]) -> str:
    """The table, in Markdown."""
    rader = ["| steg | händelser | tid | per händelse | mest minne |", "|---|---|---|---|---|"]
    for steg in STEG:
        for matt in alla.values():
            antal, vagg, minne = (matt[steg][namn] for namn in ("antal", "vagg", "minne"))
            tid = f"{1000 * vagg:.1f} ms" if vagg < 1 else f"{vagg:.1f} s"
            per = "" if steg == "rapport" else f"{1e6 * vagg / antal:.0f} µs"
            rader.append(f"| {steg} | {antal:.0f} | {tid} | {per} | {minne:.0f} MB |")
    return "\n".join(rader)


def rita(alla: dict[int, dict[str, Sagt]], fil: Path) -> None:
    """Seconds against events, and memory against events: on both axes a decade is as long."""
    import altair

    rader = [
        {"steg": steg, "händelser": matt[steg]["antal"], "sekunder": matt[steg]["vagg"],
         "MB": matt[steg]["minne"]}
        for matt in alla.values()
        for steg in STEG
    ]  # fmt: skip
    grund = altair.Chart(altair.Data(values=rader)).mark_line(point=True)
    x = altair.X("händelser:Q", scale=altair.Scale(type="log"), axis=altair.Axis(format="~s"))
    farg = altair.Color("steg:N", sort=list(STEG))
    delar = [
        grund.encode(x=x, color=farg, y=altair.Y(f"{matt}:Q", scale=altair.Scale(type="log")))
        .properties(width=360, height=300, title=rubrik)
        for matt, rubrik in (("sekunder", "Tid"), ("MB", "Mest minne"))
    ]  # fmt: skip
    altair.hconcat(*delar).save(str(fil))


def main() -> None:
    tolk = argparse.ArgumentParser()
    tolk.add_argument("--storlekar", default="10000,100000,1000000")
    tolk.add_argument("--bild", type=Path)
    tolk.add_argument("--barn", nargs=2, help=argparse.SUPPRESS)
    val = tolk.parse_args()
    if val.barn:
        steg, uppdrag = val.barn
        print(json.dumps(BARN[steg](json.loads(uppdrag))))
        return
    print(maskin("18"), flush=True)
    alla = {}
    for antal in map(int, val.storlekar.split(",")):
        alla[antal] = mat(antal)
        print(antal, json.dumps(alla[antal]), flush=True)
    print(tabell(alla))
    if val.bild:
        rita(alla, val.bild)


if __name__ == "__main__":
    main()
