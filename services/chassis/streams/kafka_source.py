"""The Kafka source: a consumer group whose members keep their place in the database, not in Kafka.

Guarantees that every partition given to this process is read from the offset that stands with the
mark in the database, at each assignment anew; that an offset the topic no longer has is a fault
and never a silent jump; and that offsets of a topic that was deleted and made again are not used
(the topic's id tells the two apart; marks and ``fore`` then decide what is old and what lacks).
The control topic is read by whichever member the group gives its one partition.

A member that was killed may have left an empty assignment behind, which its successor of the same
lasting name inherits and keeps. One that owns nothing for long therefore joins once more without
its name; where there are simply more processes than partitions, that costs one rebalance.
"""

import contextlib
import time
from collections.abc import Iterator
from typing import Any

from kafka import ConsumerRebalanceListener, KafkaConsumer, TopicPartition

from services.chassis.streams.control import BadControl, Control, decode_control
from services.chassis.streams.health import Refuses
from services.chassis.streams.kafka_client import (
    Kafka,
    event_consumer,
    last_control,
    message_of,
    topic_id,
)
from services.chassis.streams.mapping import control_topic, event_topic
from services.chassis.streams.source import Delivery, End, OpenSource, PartitionBatch, Reader

CONTROL_TAIL = 200
"""How many of the control topic's last offsets are read at assignment (markers among them)."""

STARVED_AFTER = 25.0
"""Seconds without a partition after which a member gives its lasting name up."""


class Starved(Exception):
    """The group has given this process nothing for long. Text in Swedish."""


class KafkaSource:
    """Reads one upstream topic and its control topic as a member of the consumer's group."""

    def __init__(
        self,
        service: str,
        consumer: KafkaConsumer,
        reader: Reader,
        topic_id: str,
        patience: float | None = None,
        end: End | None = None,
    ) -> None:
        """``patience`` is how many seconds it may own nothing; ``None``: for ever.

        ``end`` is how far the stream had come when it was opened: told with the first delivery.
        """
        self.topic = event_topic(service)
        self._control = TopicPartition(control_topic(service), 0)
        self._consumer = consumer
        self._reader = reader
        self._topic_id = topic_id
        self._next: dict[int, int] = {}
        self._control_begun = False
        self._paused: set[int] = set()
        self._patience = patience
        self._end = end
        self._fed = time.monotonic()
        consumer.subscribe([self.topic, self._control.topic], listener=_Listener(self))
        # A leader that joins before it has the topics' metadata gives nobody any partition.
        for topic in (self.topic, self._control.topic):
            if not consumer.partitions_for_topic(topic):
                raise NoTopicYet(_missing(topic))

    def owned(self) -> frozenset[int]:
        """The partitions that the group has given this process."""
        return frozenset(self._next)

    def pause(self, partition: int) -> None:
        """Fetch no more of the partition until the source is opened anew."""
        if partition in self._next and partition not in self._paused:
            self._paused.add(partition)
            self._consumer.pause(TopicPartition(self.topic, partition))

    def paused(self) -> frozenset[int]:
        """The owned partitions that are paused."""
        return frozenset(self._paused)

    def poll(self, seconds: float) -> Delivery:
        """What has come within ``seconds``; faults of the client are raised."""
        self._begin_control()
        polled = self._consumer.poll(timeout_ms=int(seconds * 1000))
        batches: list[PartitionBatch] = []
        controls: list[Control] = []
        for where, records in polled.items():
            if where.topic != self.topic:
                controls.extend(_control(where.topic, record.value) for record in records)
            elif where.partition in self._next and where.partition not in self._paused:
                batches.append(self._batch(where.partition, records))
        self._check_fed()
        end, self._end = self._end, None
        return Delivery(batches, controls, end)

    def _check_fed(self) -> None:
        if self._next:
            self._fed = time.monotonic()
        elif self._patience is not None and time.monotonic() - self._fed > self._patience:
            raise Starved("gruppen har inte gett processen någon partition; går in på nytt")

    def _batch(self, partition: int, records: list[Any]) -> PartitionBatch:
        start, end = self._next[partition], records[-1].offset + 1
        self._next[partition] = end
        return PartitionBatch(
            topic=self.topic,
            topic_id=self._topic_id,
            partition=partition,
            start=start,
            end=end,
            messages=[message_of(record) for record in records],
        )

    def _begin_control(self) -> None:
        """Start some way before the end of the control topic: only the newest records matter."""
        if self._control_begun or self._control not in self._consumer.assignment():
            return
        begin = self._consumer.beginning_offsets([self._control])[self._control]
        end = self._consumer.end_offsets([self._control])[self._control]
        self._consumer.seek(self._control, max(begin, end - CONTROL_TAIL))
        self._consumer.resume(self._control)
        self._control_begun = True

    def assigned(self, partitions: list[TopicPartition]) -> None:
        """The group gave these: read on from where the database says."""
        for partition in partitions:
            if partition == self._control:
                # Its offsets are asked for outside the client's own callback.
                self._control_begun = False
                self._consumer.seek(partition, 0)
                self._consumer.pause(partition)
            else:
                self._start(partition)

    def revoked(self, partitions: list[TopicPartition]) -> None:
        """The group took these back; nothing of them is under way between two polls."""
        for partition in partitions:
            if partition == self._control:
                self._control_begun = False
            else:
                self._next.pop(partition.partition, None)
                self._paused.discard(partition.partition)

    def _start(self, partition: TopicPartition) -> None:
        row = self._reader.connection.execute(
            'SELECT topic_id, "offset", lage FROM inkorg'
            " WHERE konsument = %s AND topic = %s AND partition = %s",
            (self._reader.konsument, self.topic, partition.partition),
        ).fetchone()
        offset, stopped = 0, False
        if row is not None:
            offset = (row[1] or 0) if row[0] == self._topic_id else 0
            stopped = row[2] in ("lucka", "stopp")
        self._next[partition.partition] = offset
        self._consumer.seek(partition, offset)
        if stopped:
            self.pause(partition.partition)


class _Listener(ConsumerRebalanceListener):  # type: ignore[misc]
    def __init__(self, source: KafkaSource) -> None:
        self._source = source

    def on_partitions_revoked(self, revoked: list[TopicPartition]) -> None:
        self._source.revoked(list(revoked))

    def on_partitions_assigned(self, assigned: list[TopicPartition]) -> None:
        self._source.assigned(list(assigned))


def open_kafka_source(
    service: str,
    kafka: Kafka,
    *,
    member: str | None = None,
    max_records: int = 2000,
    branch: str = "",
) -> OpenSource:
    """A way to open the Kafka source of one upstream service.

    ``member`` is the process's lasting name in the group (a restart within the session timeout
    then moves no partitions); it must differ between processes. ``branch`` ends the name of the
    group: who reads beside the service's own processes shares nothing with them.
    """

    lasting = member

    @contextlib.contextmanager
    def opened(reader: Reader) -> Iterator[KafkaSource]:
        nonlocal lasting
        topic = event_topic(service)
        found = _existing(kafka, [topic, control_topic(service)])
        end = _end(kafka, control_topic(service))
        options: dict[str, Any] = {"max_poll_records": max_records}
        if lasting is not None:
            options["group_instance_id"] = f"{lasting}-{service}"
        consumer = event_consumer(
            kafka,
            f"dygn.{reader.konsument}.{service}{reader.build and f'.{reader.build}'}{branch}",
            max_partition_fetch_bytes=4_000_000,
            **options,
        )
        try:
            patience = None if lasting is None else STARVED_AFTER
            yield KafkaSource(service, consumer, reader, found, patience, end)
        except Starved:
            lasting = None
            raise
        finally:
            consumer.close(autocommit=False)

    return opened


class NoTopicYet(Exception):
    """The upstream service has not published anything yet. Text in Swedish."""


def _existing(kafka: Kafka, topics: list[str]) -> str:
    """The id of the first topic, once all exist; :class:`NoTopicYet`."""
    ids = [topic_id(kafka, topic) for topic in topics]
    if ids[0] is None or None in ids:
        raise NoTopicYet(_missing(topics[0]))
    return ids[0]


def _end(kafka: Kafka, topic: str) -> End | None:
    """How far the stream has come, by its newest control record.

    Asked for before anything is read: the member's own control records come when the group has
    given it that partition, if it does, and after whatever messages the client has fetched by then.
    A replay that is not known as one is folded over and over.
    """
    control = last_control(kafka, topic)
    return None if control is None else End(control.epok, control.pos)


def _missing(topic: str) -> str:
    return f"ämnet {topic} finns inte ännu: tjänsten har inte publicerat något"


def _control(topic: str, raw: bytes | None) -> Control:
    try:
        return decode_control(raw or b"")
    except BadControl as fault:
        raise Refuses(f"styrposten i {topic} går inte att läsa: {fault}") from fault
