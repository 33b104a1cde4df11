"""How long reports take when 290 kommuner's intervals are stored: one kommun's, and the nation's.

    python -m benchmarks.riket [--intervall N] [--varv N]

Fills the derived tables of one database of uppfoljning with invented rows (N kostnadsintervall of
290 kommuner, with the vistelse- and vardygnsintervall that belong to them: a new interval at each
price change), and measures one kommun's year through the whole handler (token, row level security,
snapshot, JSON), for a kommun of middle size, beside the plain SQL of the same figures, and in a
database that holds that kommun alone. Then the nation's year and 36 months by form
(``rikets_fragor.py``), without and with the index that such questions want, beside DuckDB on the
same rows in memory (where it is installed: requirements/matning.txt).

It prints medians; that the figures agree to the öre is asserted, speed is not.
"""

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from statistics import median, quantiles
from typing import Any

import psycopg

from benchmarks import rikets_fragor
from benchmarks.matt import maskin
from dygn.inbyggd.databaser import Databas, skapa_databas
from dygn.inbyggd.postgres import Postgres
from services.chassis.auth.roles import Roll
from services.chassis.telemetry import logging
from services.uppfoljning.app import app
from tests.stod.provkatalog import provkatalog
from tests.stod.tjanst import korande, migrera

KOMMUNER = 290
AR = {"fran": "2024-01-01", "till": "2024-12-31"}

FYLL = """
CREATE TEMPORARY TABLE stann AS
SELECT nr, (1000 + nr %% %(kommuner)s)::text AS kommunkod,
       md5('k' || nr / 3)::uuid AS klient, md5('p' || nr)::uuid AS placering,
       md5('b' || nr)::uuid AS beslut,
       (ARRAY['hvb', 'sis', 'konsulentstott_familjehem', 'eget_familjehem', 'jourhem',
              'stodboende', 'skyddat_boende'])[1 + nr %% 7] AS form,
       CASE WHEN nr %% 7 IN (1, 3) THEN '' ELSE (556000000 + nr %% 400)::text END AS leverantor,
       date '2016-01-01' + (hashint4(nr) & 2147483647) %% 3280 AS fran,
       30 + (hashint4(nr + 7) & 2147483647) %% 500 AS langd,
       300000 + (hashint4(nr + 13) & 2147483647) %% 500000 AS pris,
       to_char(date '1998-01-01' + (hashint4(nr / 3) & 2147483647) %% 7300, 'YYYY-MM') AS fodd
FROM generate_series(1, %(stann)s) AS nr;

INSERT INTO {tabell} (kommunkod, klient, placering, beslut, placeringsform, regi, leverantor,
    omrade, lagrum, kon, fodelsemanad, fran, till, pagar, handelser, kand_fran {mer})
SELECT kommunkod, klient, placering, beslut, form, 'extern_privat', leverantor, 'Område', '', 'K',
       fodd, fran + (del * langd / {delar}), fran + ((del + 1) * langd / {delar}) - 1, false,
       ARRAY['placering:1:' || nr || '.0'], '2024-01-01Z' {varden}
FROM stann, generate_series(0, {delar} - 1) AS del
WHERE (%(bara)s::text IS NULL OR kommunkod = %(bara)s);
"""
DELAR = 3
"""Kostnadsintervall a placering."""


def fyll(databas: Databas, intervall: int, bara: str | None = None) -> None:
    """The rows; ``bara`` one kommun's alone."""
    skapa, satt_in = FYLL.split(";\n", 1)
    om = {"kommuner": KOMMUNER, "stann": intervall // DELAR, "bara": bara}
    with psycopg.connect(databas.admin.conninfo(), autocommit=True) as anslutning:
        with anslutning.transaction():
            anslutning.execute(skapa.encode(), om)
            for tabell, delar, mer, varden in (
                ("vistelseintervall", 1, "", ""),
                ("vardygnsintervall", 1, "", ""),
                (
                    "kostnadsintervall",
                    DELAR,
                    ", pris_ore, grund_ore, tillagg_ore",
                    ", pris + del * 1000, pris + del * 1000, 0",
                ),
            ):
                sats = satt_in.format(tabell=tabell, delar=delar, mer=mer, varden=varden)
                anslutning.execute(sats.replace("\n", " ").rstrip("; ").encode(), om)
            anslutning.execute("DROP TABLE stann")
        anslutning.execute("VACUUM ANALYZE")
        # The reports wait for streams that have told: none has anything more to say.
        for strom in ("leverantor", "placering"):
            anslutning.execute(
                "INSERT INTO styrpost VALUES ('uppfoljning', %s, gen_random_uuid(), 1, 1,"
                " '2025-01-01Z', '', '{}')",
                (f"dygn.{strom}.v1",),
            )


def rad(namn: str, sekunder: list[float]) -> float:
    """One line: median and the slowest of twenty, in milliseconds; the median."""
    mitt, sent = median(sekunder), quantiles(sekunder, n=20)[-1] if len(sekunder) > 1 else 0.0
    print(f"{namn:62} {1000 * mitt:9.1f} ms   p95 {1000 * sent:9.1f} ms", flush=True)
    return mitt


def tider(gor: Callable[[], Any], varv: int) -> list[float]:
    """Seconds of each of so many runs, one before them not counted."""
    gor()
    matt = []
    for _ in range(varv):
        borjan = time.perf_counter()
        gor()
        matt.append(time.perf_counter() - borjan)
    return matt


VANLIG_KOMMUN = """
SELECT placeringsform, sum(least(till, date '2024-12-31') - greatest(fran, date '2024-01-01') + 1),
       sum((least(till, date '2024-12-31') - greatest(fran, date '2024-01-01') + 1) * pris_ore)
FROM kostnadsintervall WHERE kommunkod = %s AND fran <= '2024-12-31' AND till >= '2024-01-01'
GROUP BY placeringsform ORDER BY placeringsform
"""


async def kommun_ar(databas: Databas, kommunkod: str, varv: int, namn: str) -> list[Any]:
    """The year of one kommun through the handler; its rows as answered."""
    async with korande(app, databas, Roll.EKONOM, kommunkod=kommunkod) as klient:
        matt = []
        for nr in range(varv + 1):
            borjan = time.perf_counter()
            svar = await klient.las("/v1/rapporter/dygnskostnader", **AR)
            if nr:
                matt.append(time.perf_counter() - borjan)
    rad(namn, matt)
    return [(r["nyckel"], r["debiterade_dygn"], r["kostnad_ore"]) for r in svar["rader"]]


def riket(databas: Databas, varv: int) -> None:
    """The nation's year and its 36 months; every way must give the same."""
    ar = {"fran": date(2024, 1, 1), "till": date(2024, 12, 31), "idag": date(2025, 6, 1)}
    manader = ar | {"fran": date(2022, 1, 1)}
    with psycopg.connect(databas.admin.conninfo(), autocommit=True) as anslutning:

        def fraga(sats: str, varden: dict[str, date]) -> list[Any]:
            return anslutning.execute(sats.encode(), varden).fetchall()

        for med in ("", ", med index"):
            if med:
                borjan = time.perf_counter()
                anslutning.execute(rikets_fragor.INDEX.encode())
                print(f"indexet gjordes på {time.perf_counter() - borjan:.1f} s")
                anslutning.execute("VACUUM ANALYZE kostnadsintervall")
            rad(f"riket, ett år{med}", tider(partial(fraga, rikets_fragor.AR, ar), varv))
            snabbt = partial(fraga, rikets_fragor.MANADER, manader)
            rad(f"riket, 36 månader, en läsning{med}", tider(snabbt, varv))
        enkelt = partial(fraga, rikets_fragor.MANADER_ENKELT, manader)
        rad("riket, 36 månader, ett överlapp per månad, med index", tider(enkelt, 1))
        assert [en for en in snabbt() if en[2]] == enkelt()
        duckdb_ar(anslutning, fraga(rikets_fragor.AR, ar), varv)


DUCKDB_AR = """
SELECT placeringsform, sum(dygn)::BIGINT, sum(dygn * pris_ore)::BIGINT FROM (
    SELECT placeringsform, pris_ore, date_diff('day', greatest(fran, DATE '2024-01-01'),
           least(till, DATE '2024-12-31')) + 1 AS dygn
    FROM rader WHERE fran <= DATE '2024-12-31' AND till >= DATE '2024-01-01')
GROUP BY placeringsform ORDER BY placeringsform
"""


def duckdb_ar(anslutning: psycopg.Connection[Any], vantat: list[Any], varv: int) -> None:
    """The peer: the same rows as columns in memory."""
    try:
        import duckdb
    except ImportError:
        print(
            "DuckDB är inte installerat: den jämförelsen är inte gjord (requirements/matning.txt)"
        )
        return
    with (
        tempfile.NamedTemporaryFile(suffix=".csv") as fil,
        anslutning.cursor() as cursor,
        cursor.copy(
            "COPY (SELECT placeringsform, fran, till, pris_ore FROM kostnadsintervall) TO STDOUT"
            " (FORMAT csv, HEADER)"
        ) as kopia,
    ):
        for stycke in kopia:
            fil.write(stycke)
        fil.flush()
        bas = duckdb.connect()
        bas.execute(f"CREATE TABLE rader AS FROM read_csv('{fil.name}')")
    rad("riket, ett år, DuckDB", tider(lambda: bas.execute(DUCKDB_AR).fetchall(), varv))
    assert bas.execute(DUCKDB_AR).fetchall() == vantat


def main() -> None:
    tolk = argparse.ArgumentParser()
    tolk.add_argument("--intervall", type=int, default=1_200_000)
    tolk.add_argument("--varv", type=int, default=30)
    val = tolk.parse_args()
    kommun = "1145"
    logging.configure("WARNING")
    with provkatalog(last=True) as katalog, Postgres(katalog) as postgres:
        alla = skapa_databas(postgres.admin, "uppfoljning", namn="dygn_riket")
        ensam = skapa_databas(postgres.admin, "uppfoljning", namn="dygn_ensam")
        with psycopg.connect(postgres.admin.conninfo()) as anslutning:
            version = anslutning.execute("SHOW server_version").fetchone()
        assert version is not None
        print(maskin(version[0]), f"last {os.getloadavg()[0]:.1f}", flush=True)
        for databas, bara in ((alla, None), (ensam, kommun)):
            migrera(databas)
            fyll(databas, val.intervall, bara)
        fick = asyncio.run(kommun_ar(alla, kommun, val.varv, "en kommuns år, hela hanteraren"))
        samma = asyncio.run(
            kommun_ar(ensam, kommun, val.varv, "samma, med bara den kommunen i databasen")
        )
        with psycopg.connect(alla.admin.conninfo()) as anslutning:
            vantat = [
                (form, int(dygn), int(kostnad))
                for form, dygn, kostnad in anslutning.execute(VANLIG_KOMMUN, (kommun,))
            ]
            rad(
                "samma, vanlig SQL (bara dygn och kostnad)",
                tider(lambda: anslutning.execute(VANLIG_KOMMUN, (kommun,)).fetchall(), val.varv),
            )
        assert sorted(fick) == sorted(samma) == sorted(vantat)
        riket(alla, min(val.varv, 10))


if __name__ == "__main__":
    main()
