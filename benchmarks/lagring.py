"""How fast decided events are stored in bulk, beside the library's own recorder.

    python -m benchmarks.lagring [--handelser N] [--varv N]

Both store the same invented events (``historia.py`` of tests/stod), 100 a save, durably (fsync on),
each in a database of its own of the same PostgreSQL. Ours is the writer's transaction
(``append``): positions, running hash and idempotency answer with the events; it takes one save a
transaction, and then ten, as a bulk import's waiting commands are taken in a group. The library's
is its PostgreSQL application recorder. They take turns; medians and ratios are printed, nothing is
judged but that every event is there.
"""

import argparse
from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any
from uuid import uuid4

import psycopg
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore

from benchmarks.matt import Matt, maskin
from dygn.inbyggd.databaser import Databas, kasta_databas, skapa_databas
from dygn.inbyggd.postgres import Postgres
from services.chassis.store.append import Stored, append
from services.chassis.store.decision import Decision, Done
from services.chassis.store.mapper import encode
from tests.stod.historia import KOMMUNER, historia
from tests.stod.provkatalog import provkatalog
from tests.stod.tjanst import migrera, sql

PER_SPARNING = 100


def sparningar(antal: int) -> list[list[StoredEvent]]:
    """Saves of 100 events each, in the order of the history."""
    alla = [
        StoredEvent(h.originator_id, h.originator_version, h.TOPIC, encode(h))
        for sparad in historia(antal).sparade["placering"]
        for h in sparad.handelser
    ]
    hela = len(alla) - len(alla) % PER_SPARNING
    return [alla[fran : fran + PER_SPARNING] for fran in range(0, hela, PER_SPARNING)]


def var(databas: Databas, sparas: Sequence[list[StoredEvent]], i_grupp: int) -> None:
    """Through the writer's transaction, as the API's role, so many saves in each."""
    with psycopg.connect(databas.api.conninfo(), autocommit=True) as anslutning:
        anslutning.execute("SELECT set_config('dygn.kommunkod', %s, false)", (KOMMUNER[0],))
        for grupp in _grupper(sparas, i_grupp):
            beslutade = [
                Decision(KOMMUNER[0], Done(None, None), list(ett), key=uuid4().hex, body=b"x" * 32)
                for ett in grupp
            ]
            assert all(isinstance(ett, Stored) for ett in append(anslutning, beslutade))


def bibliotekets(databas: Databas, sparas: Sequence[list[StoredEvent]]) -> None:
    """Through the library's recorder, one save a transaction: it has no group."""
    plats = databas.agare
    datastore = PostgresDatastore(
        dbname=plats.databas,
        host=plats.host,
        port=str(plats.port),
        user=plats.roll,
        password=plats.losenord or "-",
    )
    recorder = PostgresApplicationRecorder(datastore, events_table_name="lib_events")
    recorder.create_table()
    for ett in sparas:
        recorder.insert_events(ett)
    datastore.close()


def _grupper(sparas: Sequence[Any], antal: int) -> Iterator[Sequence[Any]]:
    for fran in range(0, len(sparas), antal):
        yield sparas[fran : fran + antal]


def main() -> None:
    tolk = argparse.ArgumentParser()
    tolk.add_argument("--handelser", type=int, default=40_000)
    tolk.add_argument("--varv", type=int, default=5)
    val = tolk.parse_args()
    sparas = sparningar(val.handelser)
    antal = len(sparas) * PER_SPARNING
    sorter = {
        "bibliotekets lagring, 100 per transaktion": None,
        "vår, 100 per transaktion": 1,
        "vår, 1 000 per transaktion": 10,
    }
    takter: dict[str, list[float]] = {namn: [] for namn in sorter}
    with provkatalog(last=True) as katalog, Postgres(katalog) as postgres:
        with psycopg.connect(postgres.admin.conninfo()) as anslutning:
            print(maskin(str(anslutning.info.server_version // 10_000)), flush=True)
        for varv in range(val.varv):
            for nr, (namn, i_grupp) in enumerate(sorter.items()):
                databas = skapa_databas(postgres.admin, "placering", namn=f"lagring_{varv}_{nr}")
                migrera(databas)
                with Matt(postgres.pid) as matt:
                    if i_grupp is None:
                        bibliotekets(databas, sparas)
                    else:
                        var(databas, sparas, i_grupp)
                tabell = "lib_events" if i_grupp is None else "handelse"
                assert sql(databas, f"SELECT count(*) FROM {tabell}") == [(antal,)]
                takter[namn].append(antal / matt.vagg)
                kasta_databas(postgres.admin, databas.admin.databas)
    forst = takter[next(iter(sorter))]
    print(f"{antal} händelser, {val.varv} varv, varannan gång; medianer:")
    for namn, egna in takter.items():
        kvot = median(a / b for a, b in zip(egna, forst, strict=True))
        print(f"{namn:46} {median(egna):8.0f} händelser/s   {kvot:.2f} × bibliotekets")


if __name__ == "__main__":
    main()
