"""What reading alone costs: kafka-python polls every message, and nothing is done with them."""

from kafka import KafkaConsumer, TopicPartition


def las(bootstrap: str, topics: list[str]) -> int:
    """Read the topics from the beginning to what is their end now; the number of messages."""
    antal = 0
    for topic in topics:
        consumer = KafkaConsumer(
            bootstrap_servers=bootstrap,
            group_id=None,
            enable_auto_commit=False,
            isolation_level="read_committed",
            max_poll_records=5_000,
            max_partition_fetch_bytes=4_000_000,
        )
        alla = [
            TopicPartition(topic, nummer) for nummer in consumer.partitions_for_topic(topic) or ()
        ]
        slut = consumer.end_offsets(alla)
        consumer.assign(alla)
        consumer.seek_to_beginning(*alla)
        while any(consumer.position(partition) < slut[partition] for partition in alla):
            antal += sum(map(len, consumer.poll(timeout_ms=200).values()))
        consumer.close()
    return antal
