"""Parts of a stream process as children that can be killed, forked from a process with one thread.

``python -m tests.chassis.streams.provbarn SLAG TJÄNST CONNINFO BOOTSTRAP`` reads commands, one a
line: ``starta`` forks a child that runs the part (it prints ``igång`` when it works), ``döda``
kills it with SIGKILL and waits. Forking saves the second that Python takes to import all this.
"""

import os
import signal
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
    # Small batches and chunks: more places to be killed at. A lasting name in the group: a dead
    # member's partitions are otherwise free only after the session timeout.
    kalla = open_kafka_source(tjanst, kafka, max_records=5, member="prov")
    *inkorgar, vikning = consuming(
        [Consumption(tjanst, ny_inkorg(), kalla)], Sakvikning(), connect, chunk=2
    )
    return inkorgar if slag == "inkorg" else [vikning]


def _barn(slag: str, tjanst: str, conninfo: str, bootstrap: str) -> None:
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


def main() -> None:
    barn = 0
    for rad in sys.stdin:
        if rad == "starta\n":
            barn = os.fork()
            if barn == 0:
                _barn(*sys.argv[1:])
        elif barn:
            os.kill(barn, signal.SIGKILL)
            os.waitpid(barn, 0)
            barn = 0
            print("död", flush=True)
    if barn:
        os.kill(barn, signal.SIGKILL)
        os.waitpid(barn, 0)


if __name__ == "__main__":
    main()
