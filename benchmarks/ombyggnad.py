"""How long it takes to build every view anew, while readers go on with the old ones.

    python -m benchmarks.ombyggnad [--handelser N] [--varv N]

An invented history (``historia.py`` of tests/stod) is stored in the event tables, and read once
into the views of uppfoljning and placering. Each round then runs what ``dygn bygg-om`` runs, in a
process of its own, for both: from the first event to the take-over, by a real PostgreSQL with
embedded mode's settings. Meanwhile a reader asks for a report over and over; how long an answer
takes then is told beside how long it takes at rest. Wall time is from the making of the schema
until the new build is read (the start of Python, about a second, is not in it); CPU time is the
child's and PostgreSQL's. It prints; nothing is judged.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from statistics import median, quantiles

import psycopg

from benchmarks.matt import Matt, maskin, toppminne
from benchmarks.projektion import scen
from dygn.inbyggd.databaser import Databas
from dygn.kontroll import Var
from dygn.ombyggnad import KONSUMENTER, Plats, bygg_om
from services.chassis.context import Rackvidd
from services.chassis.store.reader import Reader
from services.uppfoljning.views.dygnskostnader import dygnskostnader
from services.uppfoljning.views.period import Snitt
from services.uppfoljning.views.underlag import las_underlag
from tests.stod.historia import KOMMUNER, sammansattning
from tests.stod.tjanst import migrera

PERIOD = (date(2022, 1, 1), date(2022, 12, 31))


def barn(uppdrag: dict[str, str]) -> None:
    """The child: one rebuild, as the command makes it."""
    plats = Plats(Var(json.loads(uppdrag["databaser"]), None), uppdrag["agare"])
    with Matt() as matt:
        gjort = bygg_om(uppdrag["tjanst"], plats, lambda _framme, _brist: None)
    print(json.dumps({"vagg": gjort.sekunder, "python": matt.python, "minne": toppminne()}))


def ett_varv(
    pid: int | None, databaser: dict[str, Databas]
) -> tuple[Matt, dict[str, float], float]:
    """Every view rebuilt once: what it cost, seconds for each service, most memory of a child."""
    tider: dict[str, float] = {}
    python, minne = 0.0, 0.0
    with Matt(pid) as matt:
        for tjanst in KONSUMENTER:
            uppdrag = {
                "tjanst": tjanst,
                "databaser": json.dumps({t: d.strom.conninfo() for t, d in databaser.items()}),
                "agare": databaser[tjanst].agare.conninfo(),
            }
            svar = subprocess.run(
                [sys.executable, "-m", "benchmarks.ombyggnad", "--barn", json.dumps(uppdrag)],
                check=True, stdout=subprocess.PIPE,
            )  # fmt: skip
            sagt = json.loads(svar.stdout)
            tider[tjanst] = sagt["vagg"]
            python, minne = python + sagt["python"], max(minne, sagt["minne"])
    matt.vagg, matt.python = sum(tider.values()), python
    return matt, tider, minne


@contextmanager
def fragar(databas: Databas) -> Iterator[list[float]]:
    """Asks for a kommun's year over and over; the seconds that each answer took."""
    tider: list[float] = []
    sluta = threading.Event()

    async def fraga() -> None:
        reader = Reader(
            databas.api.conninfo(), connections=1, views=KONSUMENTER["uppfoljning"].vyversion
        )
        await reader.open()
        while not sluta.is_set():
            borjan = time.perf_counter()
            async with reader.reading(Rackvidd(KOMMUNER[0], None)) as connection:
                underlag = await las_underlag(connection, KOMMUNER[0], None)
                svar = await dygnskostnader(connection, underlag, *PERIOD, Snitt.MANAD)
            assert svar.rader
            tider.append(time.perf_counter() - borjan)
            await asyncio.sleep(0.05)
        await reader.close()

    trad = threading.Thread(target=lambda: asyncio.run(fraga()))
    trad.start()
    try:
        yield tider
    finally:
        sluta.set()
        trad.join()


def _ms(tider: list[float]) -> str:
    return f"median {median(tider) * 1e3:.1f} ms, p99 {quantiles(tider, n=100)[98] * 1e3:.1f} ms"


def main() -> None:
    val = argparse.ArgumentParser(description="Mäter ombyggnad av alla vyer.")
    val.add_argument("--handelser", type=int, default=100_000)
    val.add_argument("--varv", type=int, default=3)
    val.add_argument("--barn", help=argparse.SUPPRESS)
    valda = val.parse_args()
    if valda.barn:
        barn(json.loads(valda.barn))
        return
    with scen(valda.handelser) as scenen:
        migrera(scenen.databaser["uppfoljning"])
        antal = scenen.berattad.antal
        with psycopg.connect(scenen.postgres.admin.conninfo()) as connection:
            print(maskin(str(connection.info.server_version // 10_000)))
        print(f"{antal} meddelanden av {sum(scenen.sist.values())} lagrade händelser")
        print(sammansattning(scenen.berattad), flush=True)
        ett_varv(scenen.postgres.pid, scenen.databaser)  # what is read from the beginning
        with fragar(scenen.databaser["uppfoljning"]) as stilla:
            time.sleep(5)
        utfall = []
        with fragar(scenen.databaser["uppfoljning"]) as under:
            for _ in range(valda.varv):
                utfall.append(ett_varv(scenen.postgres.pid, scenen.databaser))
        vagg = median(matt.vagg for matt, _, _ in utfall)
        python = median(matt.python for matt, _, _ in utfall)
        databas = median(matt.databas for matt, _, _ in utfall)
        for tjanst in KONSUMENTER:
            print(f"{tjanst:12} {median(tider[tjanst] for _, tider, _ in utfall):6.2f} s")
        print(
            f"{'alla vyer':12} {vagg:6.2f} s   {antal / vagg:.0f}/s   python {python:.2f} s"
            f"   postgresql {databas:.2f} s   mest minne {max(m for _, _, m in utfall):.0f} MB"
        )
        print(f"en rapport (en kommuns år) i lugn och ro: {_ms(stilla)}")
        print(f"medan allt byggs om:                      {_ms(under)}")


if __name__ == "__main__":
    main()
