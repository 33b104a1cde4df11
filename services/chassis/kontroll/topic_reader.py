"""A topic read from its beginning to where it ended when the check began, a partition at a time.

Guarantees flat memory (the client's own fetch, one message looked ahead) and that a message which
the control record has spoken of is waited for a while: the broker shows a transaction's control
record before it has ended the transaction in every partition.
"""

import contextlib
import time
from collections import deque
from collections.abc import Iterator

from kafka import TopicPartition

from services.chassis.streams.kafka_client import Kafka, event_consumer, message_of
from services.chassis.streams.message import Message, Place

PATIENCE = 10.0
"""Seconds that a message is waited for which the control record says is there."""
_SILENCE = 30.0
"""Seconds without a message before the end, after which the broker is said not to answer."""


class Silent(Exception):
    """The broker gives nothing although the partition has more. Text in Swedish."""


class PartitionReader:
    """One partition, in order."""

    def __init__(self, kafka: Kafka, topic: str, partition: int) -> None:
        self._where = TopicPartition(topic, partition)
        self._consumer = event_consumer(kafka, None, max_poll_records=500)
        self._consumer.assign([self._where])
        self._consumer.seek(
            self._where, self._consumer.beginning_offsets([self._where])[self._where]
        )
        self._end = self.first_end = self._ends_at()
        """Where the partition ended when the check began; what is waited for may lie beyond."""
        self._fetched: deque[Message] = deque()

    def peek(self) -> Message | None:
        """The next message, ``None`` when the partition has no more."""
        deadline = time.monotonic() + _SILENCE
        while not self._fetched and self._consumer.position(self._where) < self._end:
            for record in self._consumer.poll(timeout_ms=200).get(self._where, ()):
                self._fetched.append(message_of(record))
            if time.monotonic() > deadline:
                raise Silent(
                    f"Kafka lämnar inget ur {self._where.topic}/{self._where.partition} på"
                    f" {_SILENCE:.0f} s."
                )
        return self._fetched[0] if self._fetched else None

    def pop(self) -> Message:
        """Take the message that :meth:`peek` gave."""
        return self._fetched.popleft()

    def wait(self, deadline: float) -> Message | None:
        """The next message beyond the end, waiting until ``deadline`` for it."""
        while (message := self.peek()) is None and time.monotonic() < deadline:
            time.sleep(0.1)
            self._end = self._ends_at()
        return message

    def close(self) -> None:
        """Let the broker go."""
        self._consumer.close(autocommit=False)

    def _ends_at(self) -> int:
        return int(self._consumer.end_offsets([self._where])[self._where])


class TopicReader:
    """Every partition of one topic; ``None`` as partitions means that there is no such topic."""

    def __init__(self, partitions: dict[int, PartitionReader] | None) -> None:
        self.partitions = partitions


@contextlib.contextmanager
def reading(kafka: Kafka, topic: str) -> Iterator[TopicReader]:
    """The topic as it is now."""
    with contextlib.ExitStack() as stack:
        asked = event_consumer(kafka, None)
        stack.callback(asked.close, autocommit=False)
        numbers = asked.partitions_for_topic(topic)
        if not numbers:
            yield TopicReader(None)
            return
        readers: dict[int, PartitionReader] = {}
        for number in sorted(numbers):
            readers[number] = reader = PartitionReader(kafka, topic, number)
            stack.callback(reader.close)
        yield TopicReader(readers)


def place_in(headers: dict[str, bytes]) -> Place:
    """The place that a message of our own making has."""
    return Place(int(headers["pos"]), int(headers["index"]))
