"""A stream process of its own, for tests that kill it: ``python -m … del tjänst databas …``."""

import sys
import threading

import psycopg

from services.chassis.streams.health import Connect
from services.chassis.streams.kafka_client import Kafka
from services.chassis.streams.kafka_source import open_kafka_source
from services.chassis.streams.process import (
    Backoff,
    Consumption,
    StreamProcess,
    Worker,
    consuming,
    publishing,
)
from services.chassis.streams.relay import Pace
from tests.chassis.streams.provkontrakt import Sakvikning, utgivare
from tests.chassis.streams.provlasning import ny_inkorg


def _delar(slag: str, tjanst: str, connect: Connect, bootstrap: str) -> list[Worker]:
    kafka = Kafka(bootstrap)
    if slag == "rela":
        return publishing(utgivare(tjanst), connect, kafka, pace=Pace(7, 0.05, 0.3))
    # Small batches and chunks: more places to be killed at.
    kalla = open_kafka_source(tjanst, kafka, max_records=5)
    *inkorgar, vikning = consuming(
        [Consumption(tjanst, ny_inkorg(), kalla)], Sakvikning(), connect, chunk=2
    )
    return inkorgar if slag == "inkorg" else [vikning]


def main(slag: str, tjanst: str, conninfo: str, bootstrap: str) -> None:
    def connect() -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(conninfo, autocommit=True)

    process = StreamProcess(
        _delar(slag, tjanst, connect, bootstrap), backoff=Backoff(0.05, 0.5, 0.2)
    )
    process.start()
    while not any(report.lage == "igang" for report in process.health().delar):
        threading.Event().wait(0.02)
    print("igång", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
