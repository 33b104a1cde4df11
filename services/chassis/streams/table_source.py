"""The embedded source: messages made straight from the upstream event table, with no broker.

Guarantees the same mapping, bytes, partitions and ``fore`` as the topic has, with the row in
``strom`` as control record. It goes on from the last control record that the reader has reached
(messages after it come again and are skipped by their marks), so no state of its own is needed.
"""

import contextlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import psycopg

from services.chassis.streams.control import Control
from services.chassis.streams.event_log import (
    CHANNEL,
    Publisher,
    Strom,
    beginning,
    kedja_at,
    read_strom,
)
from services.chassis.streams.health import Connect, Refuses
from services.chassis.streams.mapping import Stream, event_topic, offset_of
from services.chassis.streams.message import Last, Message, Place
from services.chassis.streams.source import Delivery, End, OpenSource, PartitionBatch, Reader
from services.chassis.streams.standing import read_standing


class TableSource:
    """Reads one upstream service's event table on a connection of its own."""

    def __init__(
        self,
        publisher: Publisher,
        connection: psycopg.Connection[Any],
        standing: Control | None,
        *,
        batch: int = 5000,
    ) -> None:
        self.topic = event_topic(publisher.service)
        self._publisher = publisher
        self._connection = connection
        self._batch = batch
        self._paused: set[int] = set()
        strom = read_strom(connection)
        self._stream = publisher.stream(strom)
        self._standing = _judged(connection, strom, self._stream, standing)
        self._spoken = standing

    def owned(self) -> frozenset[int]:
        """All partitions: embedded mode has one process."""
        return frozenset(range(self._stream.partitions))

    def pause(self, partition: int) -> None:
        """Give no more of the partition until the source is opened anew."""
        self._paused.add(partition)

    def paused(self) -> frozenset[int]:
        """The paused partitions."""
        return frozenset(self._paused)

    def poll(self, seconds: float) -> Delivery:
        """The next messages, else the stream row if it has moved, else wait."""
        found = self._next()
        if found is None:
            for _ in self._connection.notifies(timeout=seconds, stop_after=1):
                pass
            found = self._next()
        return found or Delivery()

    def _next(self) -> Delivery | None:
        strom = read_strom(self._connection)
        stream = self._publisher.stream(strom)
        if stream != self._stream:
            self._standing = _judged(self._connection, strom, stream, self._standing)
            self._stream = stream
        if strom.pos < self._standing.pos:
            raise Refuses(_lost(self.topic, self._standing))
        step = self._publisher.step(self._connection, stream, self._standing, self._batch)
        if step is not None:
            before, self._standing = self._standing.sista, step.control
            return Delivery(
                self._batches(step.messages, before),
                (self._speak(step.control),),
                End(strom.epok, strom.pos),
            )
        control = strom.control_at(self._standing)
        if strom.pos == self._standing.pos and control != self._spoken:
            return Delivery((), (self._speak(control),))
        return None

    def _speak(self, control: Control) -> Control:
        self._spoken = control
        return control

    def _batches(self, messages: list[Message] | Any, before: Last) -> list[PartitionBatch]:
        by_partition: dict[int, list[Message]] = defaultdict(list)
        offsets: dict[int, int] = {}
        for message in messages:
            offset = offset_of(self._stream.epok, _place(message))
            by_partition[message.partition].append(replace(message, offset=offset))
            offsets[message.partition] = offset
        return [
            PartitionBatch(
                topic=self.topic,
                topic_id=f"inbyggd:{self._stream.installation}",
                partition=partition,
                start=self._start(partition, before),
                end=offsets[partition] + 1,
                messages=batch,
            )
            for partition, batch in sorted(by_partition.items())
            if partition not in self._paused
        ]

    def _start(self, partition: int, before: Last) -> int:
        place = before.get(partition)
        return 0 if place is None else offset_of(self._stream.epok, place) + 1


def open_table_source(
    publisher: Publisher, connect_upstream: Connect, *, batch: int = 5000
) -> OpenSource:
    """A way to open the embedded source of one upstream service."""

    @contextlib.contextmanager
    def opened(reader: Reader) -> Iterator[TableSource]:
        topic = event_topic(publisher.service)
        standing = read_standing(reader.connection, reader.konsument, topic)
        with connect_upstream() as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            yield TableSource(publisher, connection, standing, batch=batch)

    return opened


def _judged(
    connection: psycopg.Connection[Any], strom: Strom, stream: Stream, standing: Control | None
) -> Control:
    """Where to go on from; :class:`Refuses` when the reader has read what the table has not."""
    if standing is None:
        return beginning(stream)
    if standing.installation != stream.installation or standing.epok > stream.epok:
        raise Refuses(
            f"{stream.topic} har bytt databas: läst är installation {standing.installation} epok"
            f" {standing.epok}, tabellen har {stream.installation} epok {stream.epok}"
        )
    if standing.epok < stream.epok:
        return beginning(stream)
    if standing.pos > 0 and kedja_at(connection, strom, standing.pos) != standing.kedja:
        raise Refuses(_lost(stream.topic, standing))
    return standing


def _lost(topic: str, standing: Control) -> str:
    return (
        f"{topic}: läget {standing.pos} är läst men finns inte i händelsetabellen (databasen är"
        " återställd utan sina sista transaktioner). Kör dygn ny-epok."
    )


def _place(message: Message) -> Place:
    found = dict(message.headers)
    return Place(int(found["pos"]), int(found["index"]))
