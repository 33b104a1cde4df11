"""One part of a stream process, in a process that may be killed at any instant and begun again.

``python -m tests.system.delprocess UPPDRAG``, where UPPDRAG is JSON (see :class:`Uppdrag`). It
reads lines: each begins the part in a child of its own (a fork: the modules are imported once, so
that a new life costs milliseconds), once the one before has been killed. It writes ``pid N`` at
each birth, and the child ``igång`` when it has begun to work. At the end of its input it goes.
"""

import json
import os
import signal
import sys
import threading
from dataclasses import asdict, dataclass
from typing import Literal, NoReturn

from services.chassis.streams.inbox import Inbox
from services.chassis.streams.kafka_client import Kafka
from services.chassis.streams.kafka_source import open_kafka_source
from services.chassis.streams.parts import Consumer, connector
from services.chassis.streams.process import (
    Backoff,
    Consumption,
    StreamProcess,
    Worker,
    consuming,
    publishing,
)
from services.chassis.streams.relay import Pace
from services.uppfoljning.process import PARTS
from tests.system.installation import UTGIVARE

Slag = Literal["rela", "inkorg", "vikning"]

_IVRIG = Backoff(first=0.05, most=0.5, refused=0.2)
# Small steps: more places to be killed at.
_TAKT = Pace(batch=5, poll_seconds=0.05, heartbeat_seconds=0.5)
_MEDDELANDEN = 5
_AMNEN = 3


@dataclass(frozen=True, slots=True)
class Uppdrag:
    """Which part, and the databases (by service, as the stream role) and broker it works with."""

    slag: Slag
    databaser: dict[str, str]
    bootstrap: str

    def som_json(self) -> str:
        """What the process is given."""
        return json.dumps(asdict(self))


def delar(uppdrag: Uppdrag) -> list[Worker]:
    """The relays of both publishers, uppfoljning's inboxes, or its folding, and nothing else."""
    kafka = Kafka(uppdrag.bootstrap)
    if uppdrag.slag == "rela":
        return [
            worker
            for namn, utgivare in UTGIVARE.items()
            for worker in publishing(
                utgivare, connector(uppdrag.databaser[namn]), kafka, pace=_TAKT
            )
        ]
    consumer = PARTS.consumer
    assert consumer is not None
    workers = consuming(
        [_lasning(consumer, namn, kafka) for namn in consumer.upstream],
        consumer.folding,
        connector(uppdrag.databaser["uppfoljning"]),
        chunk=_AMNEN,
    )
    *inkorgar, vikning = workers
    return inkorgar if uppdrag.slag == "inkorg" else [vikning]


def _lasning(consumer: Consumer, namn: str, kafka: Kafka) -> Consumption:
    inkorg = Inbox(
        PARTS.service, consumer.register, consumer.folding, view_version=consumer.view_version
    )
    # A lasting name, as on a cluster: a new life takes the place of the dead one at once.
    kalla = open_kafka_source(namn, kafka, member="prov", max_records=_MEDDELANDEN)
    return Consumption(namn, inkorg, kalla)


def _lev(uppdrag: Uppdrag) -> NoReturn:
    process = StreamProcess(delar(uppdrag), backoff=_IVRIG)
    process.start()
    while not all(_arbetar(rapport.lage, rapport.matt) for rapport in process.health().delar):
        threading.Event().wait(0.01)
    print("igång", flush=True)
    while True:
        threading.Event().wait()


def _arbetar(lage: str, matt: dict[str, float]) -> bool:
    """An inbox works when it has partitions to read."""
    return lage == "igang" and matt.get("partitioner", 1) > 0


def main(uppdrag: Uppdrag) -> None:
    barn: int | None = None
    try:
        while sys.stdin.readline():
            if barn is not None:
                os.waitpid(barn, 0)
            barn = os.fork()
            if barn == 0:
                _lev(uppdrag)
            print(f"pid {barn}", flush=True)
    finally:
        if barn is not None:
            os.kill(barn, signal.SIGKILL)


if __name__ == "__main__":
    main(Uppdrag(**json.loads(sys.argv[1])))
