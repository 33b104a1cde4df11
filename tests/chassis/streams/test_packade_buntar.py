"""Compressed batches from a foreign producer: no reader's memory is filled by unpacking them."""

import pytest
from kafka import KafkaProducer, TopicPartition
from kafka.errors import MessageSizeTooLargeError

from services.chassis.streams.kafka_client import (
    MAX_BATCH_BYTES,
    Kafka,
    close_producer,
    ensure_topics,
    event_consumer,
)
from services.chassis.streams.mapping import control_topic, event_topic
from tests.chassis.streams.provprocess import kluster
from tests.stod.servrar import Kafkaserver
from tests.stod.vanta import eventually


def _sand(kafka: Kafka, topic: str, varde: bytes) -> None:
    producer = KafkaProducer(
        **kafka.common, compression_type="gzip", max_request_size=100_000_000, acks="all"
    )
    try:
        producer.send(topic, varde, partition=0).get(30)
    finally:
        close_producer(producer)


def test_en_packad_bomb_slapps_inte_in_och_det_som_slapps_in_ligger_uppackat(
    kafka_server: Kafkaserver, tjanst: str
) -> None:
    kafka, topic = kluster(kafka_server), event_topic(tjanst)
    ensure_topics(kafka, topic, control_topic(tjanst), 1)
    with pytest.raises(MessageSizeTooLargeError):
        _sand(kafka, topic, b"\x00" * 50_000_000)
    _sand(kafka, topic, b"\x00" * 500_000)
    consumer = event_consumer(kafka, None)
    try:
        where = TopicPartition(topic, 0)
        assert consumer.end_offsets([where])[where] == 1, "bomben finns i ämnet"
        consumer.assign([where])
        consumer.seek(where, 0)
        [kommet] = eventually(lambda: consumer.poll(timeout_ms=200).get(where), 20)
        assert kommet.value == b"\x00" * 500_000
        assert len(kommet.value) < MAX_BATCH_BYTES
    finally:
        consumer.close()
