"""Parts of stream processes, each in a process that may be killed at any instant and begun again.

``python -m tests.system.delprocess VAR``, where VAR is JSON (see :class:`Var`). Each line that it
reads names a part, which is begun in a child of its own (a fork: the modules are imported once, so
that a new life costs milliseconds), once the child before has been killed. It answers
``<part> pid N`` at each birth, and the child ``<part> igång`` when it has begun to work. At the end
of its input it goes, and its children with it.
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
from tests.system.utgivare import UTGIVARE

Slag = Literal["rela", "inkorg", "vikning"]
SLAGEN: tuple[Slag, ...] = ("rela", "inkorg", "vikning")

_IVRIG = Backoff(first=0.05, most=0.5, refused=0.2)
# Small steps: more places to be killed at.
_TAKT = Pace(batch=5, poll_seconds=0.05, heartbeat_seconds=0.5)
_MEDDELANDEN = 5
_AMNEN = 3


@dataclass(frozen=True, slots=True)
class Var:
    """The databases (by service, as the stream role) and the broker that the parts work with."""

    databaser: dict[str, str]
    bootstrap: str

    def som_json(self) -> str:
        """What the process is given."""
        return json.dumps(asdict(self))


def delar(slag: Slag, var: Var) -> list[Worker]:
    """The relays of both publishers, uppfoljning's inboxes, or its folding, and nothing else."""
    kafka = Kafka(var.bootstrap)
    if slag == "rela":
        return [
            worker
            for namn, utgivare in UTGIVARE.items()
            for worker in publishing(utgivare, connector(var.databaser[namn]), kafka, pace=_TAKT)
        ]
    consumer = PARTS.consumer
    assert consumer is not None
    *inkorgar, vikning = consuming(
        [_lasning(consumer, namn, kafka) for namn in consumer.upstream],
        consumer.folding,
        connector(var.databaser["uppfoljning"]),
        chunk=_AMNEN,
    )
    return inkorgar if slag == "inkorg" else [vikning]


def _lasning(consumer: Consumer, namn: str, kafka: Kafka) -> Consumption:
    inkorg = Inbox(
        PARTS.service, consumer.register, consumer.folding, view_version=consumer.view_version
    )
    # A lasting name, as on a cluster: a new life takes the place of the dead one at once.
    kalla = open_kafka_source(namn, kafka, member="prov", max_records=_MEDDELANDEN)
    return Consumption(namn, inkorg, kalla)


def _lev(slag: Slag, var: Var) -> NoReturn:
    process = StreamProcess(delar(slag, var), backoff=_IVRIG)
    process.start()
    while not all(_arbetar(rapport.lage, rapport.matt) for rapport in process.health().delar):
        threading.Event().wait(0.01)
    _sag(f"{slag} igång")
    while True:
        threading.Event().wait()


def _sag(rad: str) -> None:
    """One line in one piece: several processes write to the same pipe."""
    os.write(sys.stdout.fileno(), f"{rad}\n".encode())


def _arbetar(lage: str, matt: dict[str, float]) -> bool:
    """An inbox works when it has partitions to read."""
    return lage == "igang" and matt.get("partitioner", 1) > 0


def main(var: Var) -> None:
    barn: dict[str, int] = {}
    try:
        while rad := sys.stdin.readline():
            [slag] = [ett for ett in SLAGEN if ett == rad.strip()]
            if slag in barn:
                os.waitpid(barn.pop(slag), 0)
            pid = os.fork()
            if pid == 0:
                barn.clear()
                _lev(slag, var)
            barn[slag] = pid
            _sag(f"{slag} pid {pid}")
    finally:
        for pid in barn.values():
            os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main(Var(**json.loads(sys.argv[1])))
