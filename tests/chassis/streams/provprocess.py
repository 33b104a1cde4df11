"""Whole stream processes for tests: publisher and consumer as the services run them."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from services.chassis.streams.control import Control
from services.chassis.streams.health import Health, Report
from services.chassis.streams.kafka_client import Kafka, event_consumer, last_control, message_of
from services.chassis.streams.kafka_source import open_kafka_source
from services.chassis.streams.mapping import control_topic, event_topic
from services.chassis.streams.message import Message
from services.chassis.streams.process import (
    Backoff,
    Consumption,
    StreamProcess,
    consuming,
    publishing,
)
from services.chassis.streams.relay import Pace, Relay
from services.chassis.streams.source import OpenSource
from services.chassis.streams.table_source import open_table_source
from tests.chassis.streams.provdatabas import Lager
from tests.chassis.streams.provkontrakt import Sakvikning, utgivare
from tests.chassis.streams.provlasning import ny_inkorg
from tests.stod.servrar import Kafkaserver
from tests.stod.vanta import eventually

SNABB = Pace(batch=7, poll_seconds=0.05, heartbeat_seconds=0.3)
IVRIG = Backoff(first=0.05, most=0.5, refused=0.2)


def kluster(server: Kafkaserver) -> Kafka:
    return Kafka(server.bootstrap)


@contextmanager
def igang(*processer: StreamProcess) -> Iterator[None]:
    with ExitStack() as stack:
        for process in processer:
            process.start()
            stack.callback(_stoppa, process)
        yield


def _stoppa(process: StreamProcess) -> None:
    assert process.stop(20), process.health()


def utgivarprocess(lager: Lager, tjanst: str, kafka: Kafka | None) -> StreamProcess:
    return StreamProcess(
        publishing(utgivare(tjanst), lager.connect, kafka, pace=SNABB), backoff=IVRIG
    )


def mottagarprocess(mottagare: Lager, tjanst: str, kalla: OpenSource) -> StreamProcess:
    consumption = Consumption(tjanst, ny_inkorg(), kalla)
    return StreamProcess(consuming([consumption], Sakvikning(), mottagare.connect), backoff=IVRIG)


def ur_tabell(lager: Lager, tjanst: str, batch: int = 5) -> OpenSource:
    return open_table_source(utgivare(tjanst), lager.connect, batch=batch)


def ur_kafka(kafka: Kafka, tjanst: str) -> OpenSource:
    return open_kafka_source(tjanst, kafka)


def del_av(process: StreamProcess, namn: str) -> Report:
    [report] = [report for report in process.health().delar if report.namn == namn]
    return report


def publicera_allt(lager: Lager, tjanst: str, kafka: Kafka) -> Control:
    """Run a relay until all that is stored is published; the control record then."""
    with igang(utgivarprocess(lager, tjanst, kafka)):
        return vanta_pa_publicering(lager, tjanst, kafka)


def vanta_pa_publicering(lager: Lager, tjanst: str, kafka: Kafka) -> Control:
    [(pos,)] = lager.fraga("SELECT pos FROM strom")

    def framme() -> Control | None:
        if lager.fraga("SELECT 1 FROM relalage WHERE pos >= %s", [pos]):
            return last_control(kafka, control_topic(tjanst))
        return None

    found = eventually(framme, 30, "reläet publicerar inte")
    assert found is not None
    return found


def las_amne(kafka: Kafka, tjanst: str) -> list[Message]:
    """Every committed message that the topic still has, by position."""
    from kafka import TopicPartition

    consumer = event_consumer(kafka, None)
    try:
        where = [
            TopicPartition(event_topic(tjanst), number)
            for number in sorted(consumer.partitions_for_topic(event_topic(tjanst)) or ())
        ]
        ends = consumer.end_offsets(where)
        consumer.assign(where)
        for partition, first in consumer.beginning_offsets(where).items():
            consumer.seek(partition, first)
        found: list[Message] = []
        while any(consumer.position(partition) < end for partition, end in ends.items()):
            for records in consumer.poll(timeout_ms=200).values():
                found += map(message_of, records)
    finally:
        consumer.close()
    return sorted(found, key=plats)


def plats(message: Message) -> tuple[int, int]:
    headers = dict(message.headers)
    return int(headers["pos"]), int(headers["index"])


def kor_rela(rela: Relay) -> BaseException | None:
    """One run of a relay, to whatever ends it."""
    try:
        rela.run(threading.Event(), Health("relä"))
    except Exception as fault:
        return fault
    return None
