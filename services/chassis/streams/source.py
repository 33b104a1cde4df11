"""What a source of messages is: the one thing that differs between Kafka and embedded mode.

Guarantees to the inbox: a batch is a contiguous reading of one partition, from ``start`` (an
offset) up to but not including ``end``; control records are handed on after the messages that they
speak of have been.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

import psycopg

from services.chassis.streams.control import Control
from services.chassis.streams.message import Message


@dataclass(frozen=True, slots=True)
class PartitionBatch:
    """A contiguous piece of one partition: offsets ``start`` to ``end`` (exclusive).

    ``topic_id`` tells this topic from another that had its name before; offsets of the two have
    nothing to do with each other.
    """

    topic: str
    topic_id: str
    partition: int
    start: int
    end: int
    messages: Sequence[Message]


class End(NamedTuple):
    """How far a stream had come when somebody looked: the position of its last own event."""

    epok: int
    pos: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one poll gave: batches first, then control records in order.

    ``end`` is how far the stream had come, where the source knows more of that than the control
    records say.
    """

    batches: Sequence[PartitionBatch] = ()
    controls: Sequence[Control] = field(default=())
    end: End | None = None


class Source(Protocol):
    """Messages of one upstream topic."""

    topic: str

    def poll(self, seconds: float) -> Delivery:
        """What has come, waiting at most ``seconds`` for it."""

    def owned(self) -> frozenset[int]:
        """The partitions that this process reads now."""

    def pause(self, partition: int) -> None:
        """Give no more of the partition until the source is opened anew."""

    def paused(self) -> frozenset[int]:
        """The owned partitions that are paused."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose reading it is: the consumer's name and its own database connection.

    ``build`` tells one build of its views from another: each reads the whole stream by itself.
    """

    konsument: str
    connection: psycopg.Connection[Any]
    build: str = ""


OpenSource = Callable[[Reader], AbstractContextManager[Source]]
"""Opens a source that starts from what the reader's database says."""
