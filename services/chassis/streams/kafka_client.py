"""Kafka's client as this product uses it: every setting that delivery rests on, in one place.

Guarantees that no part of the product leaves to a default what would lose, double or reorder
events: idempotent transactional producer with ``acks=all``, read-committed consumers that commit
no offsets to the broker, topics that delete nothing by age. And that what a consumer fetches is no
larger than it looks: topics of events hold no compressed batches.
"""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import KafkaError, KafkaTimeoutError, TopicAlreadyExistsError

from services.chassis.streams.control import BadControl, Control, decode_control
from services.chassis.streams.health import Refuses
from services.chassis.streams.message import Message

REQUEST_SECONDS = 10
"""How long one request, and one transaction's sends or commit, may take before it has failed."""


@dataclass(frozen=True, slots=True)
class Kafka:
    """How the cluster is reached: ``options`` are the client's own (security and such)."""

    bootstrap: str
    replication: int = 1
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def common(self) -> dict[str, Any]:
        """Settings of every client: one that lost its broker looks for it every two seconds."""
        return {
            "bootstrap_servers": self.bootstrap,
            "reconnect_backoff_max_ms": 2_000,
            **self.options,
        }


def transactional_producer(kafka: Kafka, transactional_id: str) -> KafkaProducer:
    """A producer whose sends become visible together or not at all.

    ``retry_backoff_ms`` is low because a transaction right after another waits a full one while
    the broker ends the first.
    """
    return KafkaProducer(
        **kafka.common,
        acks="all",
        enable_idempotence=True,
        transactional_id=transactional_id,
        transaction_timeout_ms=60_000,
        retry_backoff_ms=5,
        linger_ms=0,
        max_block_ms=REQUEST_SECONDS * 1000,
        request_timeout_ms=REQUEST_SECONDS * 1000,
        delivery_timeout_ms=REQUEST_SECONDS * 1500,
        max_request_size=1_000_000,
    )


def commit(producer: KafkaProducer) -> None:
    """Commit the transaction; :class:`KafkaTimeoutError` when the broker does not say that it is.

    Then it may have been committed or not: the next ``init_transactions`` waits until it is one of
    the two, and the control record says which. (The client's own ``commit_transaction`` waits for
    ever, so that a relay would call itself well while the broker is down; its parts are used here,
    of the one version that the product is pinned to.)
    """
    result = producer._transaction_manager.begin_commit()
    producer._sender.wakeup()
    if not result.wait(timeout_ms=REQUEST_SECONDS * 1000):
        raise KafkaTimeoutError("the broker has not answered the commit")


def close_producer(producer: KafkaProducer) -> None:
    """End the producer and its thread, whatever it waits for; what is not committed is aborted.

    (The client's own ``close`` gives up with everything running when messages are unsent.)
    """
    try:
        producer.close(timeout=1)
    except KafkaError:
        producer._sender.initiate_close()
        producer._sender.force_close()
        producer._sender.join(REQUEST_SECONDS)
        with contextlib.suppress(KafkaError):
            producer.close(timeout=1)


def event_consumer(kafka: Kafka, group: str | None, **options: Any) -> KafkaConsumer:
    """A consumer of committed messages that never resets an offset by itself.

    A member of a group that dies is missed after ten seconds.
    """
    return KafkaConsumer(
        **kafka.common,
        group_id=group,
        session_timeout_ms=10_000,
        heartbeat_interval_ms=2_000,
        metadata_max_age_ms=10_000,
        enable_auto_commit=False,
        auto_offset_reset="none",
        isolation_level="read_committed",
        allow_auto_create_topics=False,
        fetch_max_wait_ms=100,
        **options,
    )


@contextlib.contextmanager
def admin_client(kafka: Kafka) -> Iterator[KafkaAdminClient]:
    """An administrator's client."""
    client = KafkaAdminClient(**kafka.common, request_timeout_ms=REQUEST_SECONDS * 1000)
    try:
        yield client
    finally:
        client.close()


def ensure_topics(kafka: Kafka, topic: str, control_topic: str, partitions: int) -> None:
    """Create the two topics of a stream where they are missing, and check the partitions.

    :class:`Refuses` when the topic has fewer partitions than the database says.
    """
    with admin_client(kafka) as admin:
        found = described(admin, [topic, control_topic])
        wanted = {
            topic: _event_topic(kafka, partitions),
            control_topic: _control_topic(kafka),
        }
        missing = {name: form for name, form in wanted.items() if name not in found}
        if missing:
            with contextlib.suppress(TopicAlreadyExistsError):
                admin.create_topics(missing)
            admin.wait_for_topics(list(missing))
            found = described(admin, [topic, control_topic])
        if len(found[topic]["partitions"]) < partitions:
            raise Refuses(
                f"ämnet {topic} har {len(found[topic]['partitions'])} partitioner,"
                f" databasen säger {partitions}"
            )


def described(admin: KafkaAdminClient, topics: list[str]) -> dict[str, Any]:
    """The topics that exist, by name."""
    return {
        topic["name"]: topic for topic in admin.describe_topics(topics) if topic["error_code"] == 0
    }


def topic_id(kafka: Kafka, topic: str) -> str | None:
    """The id that the cluster gave the topic at its creation; ``None`` when it has none yet."""
    with admin_client(kafka) as admin:
        found = described(admin, [topic]).get(topic)
    return None if found is None else str(UUID(str(found["topic_id"])))


def last_control(kafka: Kafka, topic: str, *, timeout_ms: int = 10_000) -> Control | None:
    """The newest committed control record of the control topic.

    :class:`Refuses` when the newest cannot be read: guessing a position is not to be done.
    """
    consumer = event_consumer(kafka, None)
    try:
        record = _last_record(consumer, TopicPartition(topic, 0), timeout_ms)
    finally:
        consumer.close()
    try:
        return None if record is None else decode_control(record.value)
    except BadControl as fault:
        raise Refuses(f"styrposten i {topic} går inte att läsa: {fault}") from fault


def newest_epok(kafka: Kafka, topic: str, *, timeout_ms: int = 10_000) -> int | None:
    """The highest epok of the topic's committed messages; ``None`` when it holds none.

    :class:`Refuses` when it stands in a message that it cannot be read from.
    """
    consumer = event_consumer(kafka, None)
    try:
        numbers = sorted(consumer.partitions_for_topic(topic) or ())
        last = [_last_record(consumer, TopicPartition(topic, n), timeout_ms) for n in numbers]
    finally:
        consumer.close()
    # Epoker follow each other within a partition.
    return max((_epok(record) for record in last if record is not None), default=None)


def _epok(record: Any) -> int:
    raw = dict(record.headers).get("epok", b"")
    try:
        return int(raw)
    except ValueError:
        where = f"{record.topic} {record.partition}/{record.offset}"
        raise Refuses(f"epoken i meddelandet {where} går inte att läsa") from None


def _last_record(consumer: KafkaConsumer, partition: TopicPartition, timeout_ms: int) -> Any | None:
    """Read the end of the partition; further back while only transaction markers stand there."""
    begin = consumer.beginning_offsets([partition])[partition]
    end = consumer.end_offsets([partition])[partition]
    consumer.assign([partition])
    back = 64
    while True:
        start = max(begin, end - back)
        consumer.seek(partition, start)
        record = _last_before(consumer, partition, end, timeout_ms)
        if record is not None or start == begin:
            return record
        back *= 8


def _last_before(
    consumer: KafkaConsumer, partition: TopicPartition, end: int, timeout_ms: int
) -> Any | None:
    """The last message before ``end``; waits until all of them have been read."""
    newest: Any | None = None
    waited = 0
    while consumer.position(partition) < end:
        polled = consumer.poll(timeout_ms=200)
        for records in polled.values():
            newest = records[-1]
        waited = 0 if polled else waited + 200
        if waited > timeout_ms:
            raise KafkaTimeoutError("the end of the topic was not reached")
    return newest


def message_of(record: Any) -> Message:
    """A record of the client as the message that it carries."""
    return Message(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        key=record.key or b"",
        value=record.value or b"",
        headers=tuple((name, value or b"") for name, value in record.headers),
    )


MAX_BATCH_BYTES = 1_048_588
"""The largest batch that a topic of events takes (Kafka's own default, with its overhead)."""


def _event_topic(kafka: Kafka, partitions: int) -> dict[str, Any]:
    """Uncompressed: the broker unpacks a batch that a foreign producer has compressed and weighs
    it then, so one that would fill a reader's memory never gets in, and no reader needs codecs.
    """
    return {
        "num_partitions": partitions,
        "replication_factor": kafka.replication,
        "configs": {
            "cleanup.policy": "delete",
            "retention.ms": "-1",
            "retention.bytes": "-1",
            "compression.type": "uncompressed",
            "max.message.bytes": str(MAX_BATCH_BYTES),
        },
    }


def _control_topic(kafka: Kafka) -> dict[str, Any]:
    """Compacted, in small segments: a record every few seconds would else grow for a week."""
    return {
        "num_partitions": 1,
        "replication_factor": kafka.replication,
        "configs": {
            "cleanup.policy": "compact",
            "segment.ms": "3600000",
            "max.compaction.lag.ms": "7200000",
        },
    }
