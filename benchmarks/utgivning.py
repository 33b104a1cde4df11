"""How fast the relay publishes what lies in the event table, beside bare producing of the same.

    python -m benchmarks.utgivning [--handelser N] [--varv N]

An invented history (``historia.py`` of tests/stod) is stored in placering's event table. The relay
publishes it to a real local Kafka: mapping, transactions of 500 events, the control record with
each. The peer is kafka-python's idempotent producer that sends the very same messages (bytes, keys,
headers, partitions) to a topic of the same form, with nothing read, mapped or remembered: once with
the producer's defaults, and once with the linger and batch size that its documentation advises for
throughput. They take turns; a round of the relay begins with a new epok. Medians are printed.
"""

import argparse
import time
from collections.abc import Sequence
from functools import partial
from statistics import median

import psycopg
from kafka import KafkaProducer

from benchmarks.matt import Matt, maskin
from benchmarks.projektion import Scen, scen
from dygn.inbyggd.kafka import Kafka as Maklare
from services.chassis.streams.kafka_client import Kafka, ensure_topics
from services.chassis.streams.message import Message
from services.chassis.streams.new_epok import new_epok
from services.chassis.streams.parts import connector
from services.chassis.streams.process import StreamProcess, publishing
from services.chassis.streams.table_source import TableSource
from services.placering.streams.outgoing import PUBLISHER
from tests.stod.provkatalog import provkatalog

TIPS = {"linger_ms": 5, "batch_size": 131_072}


def meddelandena(scenen: Scen) -> list[Message]:
    """What the relay is going to send."""
    alla: list[Message] = []
    with connector(scenen.databaser["placering"].strom.conninfo())() as anslutning:
        kalla = TableSource(PUBLISHER, anslutning, None)
        while batches := kalla.poll(0.01).batches:
            alla += [ett for bunt in batches for ett in bunt.messages]
    return alla


def relat(scenen: Scen, kafka: Kafka) -> None:
    """Publish the whole stream, from the first event."""
    connect = connector(scenen.databaser["placering"].strom.conninfo())
    process = StreamProcess(publishing(PUBLISHER, connect, kafka))
    process.start()
    try:
        with connect() as anslutning:
            while not anslutning.execute(
                "SELECT true FROM relalage JOIN strom ON relalage.epok = strom.epok"
                " AND relalage.pos = strom.pos"
            ).fetchone():
                time.sleep(0.02)
    finally:
        process.stop()


def ra(kafka: Kafka, amne: str, alla: Sequence[Message], **val: int) -> None:
    """Send the same messages and nothing else."""
    producer = KafkaProducer(**kafka.common, acks="all", enable_idempotence=True, **val)
    futures = [
        producer.send(
            amne,
            key=ett.key,
            value=ett.value,
            headers=list(ett.headers),
            partition=ett.partition,
        )
        for ett in alla
    ]
    for future in futures:
        future.get(timeout=120)
    producer.close()


def main() -> None:
    tolk = argparse.ArgumentParser()
    tolk.add_argument("--handelser", type=int, default=20_000)
    tolk.add_argument("--varv", type=int, default=5)
    val = tolk.parse_args()
    with scen(val.handelser) as scenen, provkatalog(last=True) as katalog:
        with psycopg.connect(scenen.postgres.admin.conninfo()) as anslutning:
            print(maskin(str(anslutning.info.server_version // 10_000)), flush=True)
        with Maklare(katalog) as maklare:
            kafka = Kafka(maklare.bootstrap)
            alla = meddelandena(scenen)
            ensure_topics(kafka, "ra.v1", "ra.v1.styr", 12)
            takter: dict[str, list[float]] = {
                "relät": [],
                "bara sända": [],
                "bara sända, trimmat": [],
            }
            for varv in range(val.varv):
                if varv:
                    with psycopg.connect(
                        scenen.databaser["placering"].admin.conninfo(), autocommit=True
                    ) as admin:
                        new_epok(admin, "placering", kafka)
                for namn, gor in (
                    ("relät", partial(relat, scenen, kafka)),
                    ("bara sända", partial(ra, kafka, "ra.v1", alla)),
                    ("bara sända, trimmat", partial(ra, kafka, "ra.v1", alla, **TIPS)),
                ):
                    with Matt() as matt:
                        gor()
                    takter[namn].append(len(alla) / matt.vagg)
                    print(f"{namn:24} {len(alla) / matt.vagg:8.0f} meddelanden/s"
                          f"   {matt.python:.2f} s CPU", flush=True)  # fmt: skip
    print(f"{len(alla)} meddelanden, {val.varv} varv; medianer:")
    for namn, egna in takter.items():
        kvot = median(r / e for r, e in zip(takter["relät"], egna, strict=True))
        print(f"{namn:24} {median(egna):8.0f} meddelanden/s   relät / detta {kvot:.2f}")


if __name__ == "__main__":
    main()
