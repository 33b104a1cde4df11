"""How fast facts become figures: inbox, folding and reports over eight years of an invented kommun.

    python -m benchmarks.rapporter [--placeringar N] [--prisandringar N] [--om-vartannat] [--profil]

Everything is real but the streams, which are made here: a PostgreSQL of its own in a temporary
catalogue, the service's inbox and folding as the stream process's role, the reports as the API's.
It prints; nothing is judged.
"""

import argparse
import asyncio
import cProfile
import pstats
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from random import Random

import psycopg

from contracts.handelse import Kontraktshandelse
from contracts.ord import Kon
from dygn.inbyggd.postgres import Postgres
from services.chassis.context import Rackvidd
from services.chassis.store.reader import Reader
from services.uppfoljning.domain.klocka import TRE_MANADER
from services.uppfoljning.views.dygnskostnader import dygnskostnader
from services.uppfoljning.views.evb import evb_lista
from services.uppfoljning.views.leverantorer import leverantorer
from services.uppfoljning.views.period import Snitt
from services.uppfoljning.views.underlag import las_underlag
from tests.stod.provkatalog import provkatalog
from tests.stod.tjanst import migrera
from tests.uppfoljning.stod import Flode, Handelse
from tests.uppfoljning.views import fakta as f

KOMMUN = "1490"
BORJAN = date(2016, 1, 1)
AR = 8
LEVERANTORER = 120
BUNT = 1_000
"""Messages a batch, as the embedded source hands them over."""


def handelser(placeringar: int, prisandringar: int, fro: int = 1) -> list[Handelse]:
    """What the import of the history records: suppliers, then persons, beslut, stays, prices."""
    slump = Random(fro)
    alla: list[Kontraktshandelse] = []
    for nr in range(LEVERANTORER):
        orgnr = f"556{nr:03d}-0000"
        alla += [f.leverantor(orgnr, f"Bolag {nr}"), f.avtal(f"a{nr}", f"Område {nr % 4}", orgnr)]
        alla += [f.listpris(f"e{nr}", BORJAN, 300_000 + nr)]
    klienter = max(1, placeringar * 2 // 5)
    hemma: dict[int, date] = {}
    stallen: list[tuple[str, str, date]] = []
    for nr in range(placeringar):
        vem = nr % klienter
        kund = f"k{vem}"
        fran = hemma.get(vem) or BORJAN + timedelta(days=slump.randrange(AR * 365))
        if vem not in hemma:
            alla.append(f.klient(kund, slump.choice(list(Kon)), f"{slump.randint(1995, 2015)}-06"))
        till = fran + timedelta(days=int(slump.expovariate(1 / 180)))
        hemma[vem] = till + timedelta(days=slump.choice([0, 0, 30]))
        hos = slump.randrange(LEVERANTORER)
        alla.append(
            f.beslut(f"b{nr}", fran - timedelta(days=slump.randint(0, 60)), kund, lag="SoL")
        )
        alla += f.placering(
            f"p{nr}", fran, till, kund, leverantor=f"556{hos:03d}-0000", avtal=f"a{hos}",
            enhet=f"e{hos}", dygnspris_ore=slump.choice([None, 350_000]),
        )  # fmt: skip
        stallen.append((f"p{nr}", kund, fran))
    for _ in range(prisandringar):
        namn, kund, fran = slump.choice(stallen)
        alla.append(
            f.prisrad(namn, fran + timedelta(days=slump.randint(1, 300)), 400_000, kund=kund)
        )
    borjan = datetime(2024, 1, 2, 8, tzinfo=UTC)
    return [Handelse(borjan + timedelta(milliseconds=nr), h) for nr, h in enumerate(alla)]


@contextmanager
def tid(vad: str, antal: int = 0) -> Iterator[None]:
    """Print how long it took, and how many a second."""
    start = time.perf_counter()
    yield
    gick = time.perf_counter() - start
    takt = f"  {antal / gick:10.0f}/s" if antal else ""
    print(f"{vad:44} {gick:8.2f} s{takt}", flush=True)


async def fraga_allt(reader: Reader) -> None:
    """Each report, and every month of the period."""
    await reader.open()
    fran, till = BORJAN, date(BORJAN.year + AR, 12, 31)
    for snitt in Snitt:
        with tid(f"dygnskostnader per {snitt}, {AR} år"):
            async with reader.reading(Rackvidd(KOMMUN, None)) as rader:
                underlag = await las_underlag(rader, KOMMUN, None)
                await dygnskostnader(rader, underlag, fran, till, snitt)
    with tid("dygnskostnader, en månad i taget", AR * 12):
        async with reader.reading(Rackvidd(KOMMUN, None)) as rader:
            for nr in range(AR * 12):
                forsta = date(BORJAN.year + nr // 12, nr % 12 + 1, 1)
                await dygnskostnader(
                    rader, underlag, forsta, forsta + timedelta(days=27), Snitt.PLACERINGSFORM
                )
    with tid("leverantörer, ett år"):
        async with reader.reading(Rackvidd(KOMMUN, None)) as rader:
            await leverantorer(rader, underlag, date(2020, 1, 1), date(2020, 12, 31))
    with tid("ej verkställda beslut"):
        async with reader.reading(Rackvidd(KOMMUN, None)) as rader:
            await evb_lista(rader, underlag, date(2020, 12, 31), "SoL", TRE_MANADER)
    await reader.close()


def main() -> None:
    """Run it."""
    val = argparse.ArgumentParser(description="Mäter inkorg, vikning och rapporter.")
    val.add_argument("--placeringar", type=int, default=5_000)
    val.add_argument("--prisandringar", type=int, default=3_000)
    val.add_argument("--om-vartannat", action="store_true", help="vik efter varje bunt")
    val.add_argument("--profil", action="store_true", help="profilera vikningen")
    valda = val.parse_args()
    alla = handelser(valda.placeringar, valda.prisandringar)
    with provkatalog(last=True) as katalog, Postgres(katalog) as postgres:
        databas = postgres.skapa_databaser()["uppfoljning"]
        migrera(databas)
        with psycopg.connect(databas.strom.conninfo(), autocommit=True) as connection:
            flode = Flode(connection, partitioner=6)
            with tid("koda meddelanden", len(alla)):
                meddelanden = flode.koda(KOMMUN, alla)
            with tid("inkorg: rafakta in", len(alla)):
                for nr in range(0, len(meddelanden), BUNT):
                    flode.ta(meddelanden[nr : nr + BUNT])
                    if valda.om_vartannat:
                        flode.vik()
            profil = cProfile.Profile()
            with tid("vikning", len(alla)):
                if valda.profil:
                    profil.enable()
                vikta = flode.vik()
                profil.disable()
            print(f"vikta ämnen: {vikta}")
            if valda.profil:
                pstats.Stats(profil).sort_stats("tottime").print_stats(25)
        asyncio.run(fraga_allt(Reader(databas.api.conninfo(), connections=1)))


if __name__ == "__main__":
    main()
