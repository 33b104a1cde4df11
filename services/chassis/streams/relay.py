"""The relay: a service's own events, out to its topic, each exactly once in effect.

Guarantees:

- One relay a service publishes at a time: it holds the lock, then fences whoever had the
  transactional id before, and only then reads where the stream stands.
- Messages and position are one Kafka transaction (the position is the control record), so a relay
  that dies anywhere goes on without loss or repeat.
- It never publishes on top of another history: a control record that its own store does not know
  (a database restored or failed over without its last transactions) makes it refuse, because new
  events would reuse published positions and every reader would skip them as repeats, for ever.
"""

import contextlib
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from kafka import KafkaProducer
from kafka.errors import (
    FencedInstanceIdError,
    InvalidProducerEpochError,
    ProducerFencedError,
)

from services.chassis.streams.control import CONTROL_KEY, Control, encode_control
from services.chassis.streams.event_log import (
    CHANNEL,
    Publisher,
    Strom,
    beginning,
    kedja_at,
    raise_registrerad,
    read_strom,
)
from services.chassis.streams.health import Connect, FencedOut, Health, Refuses
from services.chassis.streams.kafka_client import (
    REQUEST_SECONDS,
    Kafka,
    close_producer,
    commit,
    ensure_topics,
    last_control,
    newest_epok,
    transactional_producer,
)
from services.chassis.streams.mapping import Stream
from services.chassis.streams.message import Message
from services.chassis.streams.relay_lock import relay_lock

_NOTHING_UNTIL = "Inget publiceras förrän någon har kört dygn ny-epok."
_FENCED = (ProducerFencedError, InvalidProducerEpochError, FencedInstanceIdError)


@dataclass(frozen=True, slots=True)
class Pace:
    """How much at a time and how often: ``batch`` events a transaction, seconds otherwise."""

    batch: int = 500
    poll_seconds: float = 0.2
    heartbeat_seconds: float = 2.0


class Relay:
    """Publishes one service's stream to Kafka."""

    name = "relä"

    def __init__(
        self, publisher: Publisher, connect: Connect, kafka: Kafka, *, pace: Pace | None = None
    ) -> None:
        self._publisher = publisher
        self._connect = connect
        self._kafka = kafka
        self._pace = pace or Pace()

    def run(self, stop: threading.Event, health: Health) -> None:
        """Publish until stopped. Raises :class:`Refuses`, :class:`FencedOut`, or any fault.

        Whatever is raised, the next run begins from the lock and from what is committed. It ends
        by itself when the stream has got a new epok: the next run publishes that.
        """
        with contextlib.suppress(_NewEpok):
            self._run(stop, health)

    def _run(self, stop: threading.Event, health: Health) -> None:
        with relay_lock(self._connect, stop, health) as lost:
            if lost is None:
                return
            with self._connect() as connection:
                connection.execute(f"LISTEN {CHANNEL}")
                strom = read_strom(connection)
                stream = self._publisher.stream(strom)
                # The broker may be down: what waits for it shows in the meantime.
                _tell_lag(connection, strom, health)
                ensure_topics(self._kafka, stream.topic, stream.control_topic, stream.partitions)
                with _fenced(), self._producer(stream) as producer:
                    standing = self._standing(connection, strom, stream)
                    health.say("igang")
                    self._publish(_Run(connection, producer, stream, stop, lost, health), standing)

    @contextlib.contextmanager
    def _producer(self, stream: Stream) -> Iterator[KafkaProducer]:
        """A producer that has fenced the one before it.

        The installation is part of its id: a restored test copy gets a new one and cannot fence
        production.
        """
        producer = transactional_producer(
            self._kafka, f"dygn.{stream.service}.{stream.installation}"
        )
        try:
            producer.init_transactions()
            yield producer
        finally:
            close_producer(producer)

    def _standing(
        self, connection: psycopg.Connection[Any], strom: Strom, stream: Stream
    ) -> Control:
        """Where the stream stands by its control topic, once it is sure to be this store's."""
        known = last_control(self._kafka, stream.control_topic)
        if known is None:
            published = newest_epok(self._kafka, stream.topic)
            if published is not None and published >= stream.epok:
                raise Refuses(
                    f"{stream.topic} har meddelanden men {stream.control_topic} är tomt: hur långt"
                    f" strömmen är publicerad går inte att veta. {_NOTHING_UNTIL}"
                )
            return beginning(stream)
        return judge_standing(connection, strom, stream, known)

    def _publish(self, run: "_Run", standing: Control) -> None:
        spoken = 0.0
        while not run.stop.is_set():
            run.check_lock()
            strom = self._same_stream(run, standing)
            step = self._publisher.step(run.connection, run.stream, standing, self._pace.batch)
            if step is not None:
                standing = self._out(run, step.messages, step.control)
                spoken = time.monotonic()
            elif time.monotonic() - spoken >= self._pace.heartbeat_seconds:
                raised = raise_registrerad(run.connection, strom)
                if raised is not None and raised.pos == standing.pos:
                    standing = self._out(run, (), raised.control_at(standing))
                    spoken = time.monotonic()
            else:
                _wait(run.connection, self._pace.poll_seconds)

    def _same_stream(self, run: "_Run", standing: Control) -> Strom:
        strom = read_strom(run.connection)
        if self._publisher.stream(strom) != run.stream:
            raise _NewEpok
        if strom.pos < standing.pos:
            raise Refuses(_unknown(standing))
        run.health.measure(pos=standing.pos, efter=strom.pos - standing.pos)
        return strom

    def _out(self, run: "_Run", messages: Sequence[Message], control: Control) -> Control:
        """One Kafka transaction: the messages and the position after them."""
        run.producer.begin_transaction()
        futures = [
            run.producer.send(
                message.topic,
                key=message.key,
                value=message.value,
                headers=list(message.headers),
                partition=message.partition,
            )
            for message in messages
        ]
        futures.append(
            run.producer.send(
                run.stream.control_topic,
                key=CONTROL_KEY,
                value=encode_control(control),
                partition=0,
            )
        )
        run.producer.flush(timeout=REQUEST_SECONDS)
        for future in futures:
            future.get(timeout=REQUEST_SECONDS)
        run.check_lock()
        commit(run.producer)
        self._copy_position(run.connection, control)
        run.health.say("igang")
        return control

    def _copy_position(self, connection: psycopg.Connection[Any], control: Control) -> None:
        """A copy for metrics; never read back as a position."""
        connection.execute(
            "INSERT INTO relalage (en_rad, epok, pos, registrerad, skriven)"
            " VALUES (true, %s, %s, %s, now()) ON CONFLICT (en_rad) DO UPDATE SET"
            " epok = excluded.epok, pos = excluded.pos, registrerad = excluded.registrerad,"
            " skriven = excluded.skriven",
            (control.epok, control.pos, control.registrerad),
        )


def judge_standing(
    connection: psycopg.Connection[Any], strom: Strom, stream: Stream, known: Control
) -> Control:
    """Where to go on from, given the last published control record.

    :class:`Refuses` when the record is of another installation or of a history that the store does
    not have; a higher epok in the store is a person's decision to publish all anew.
    """
    if known.installation != stream.installation:
        raise Refuses(
            f"{stream.topic} hör till installationen {known.installation},"
            f" databasen till {stream.installation}"
        )
    if known.epok > stream.epok:
        raise Refuses(
            f"{stream.topic} är på epok {known.epok}, databasen på {stream.epok}:"
            " databasen är äldre än det som är publicerat"
        )
    if known.epok < stream.epok:
        return beginning(stream)
    if known.pos > 0 and kedja_at(connection, strom, known.pos) != known.kedja:
        raise Refuses(_unknown(known))
    return known


def _unknown(known: Control) -> str:
    return (
        f"det publicerade läget {known.pos} finns inte i databasen (den är återställd eller har"
        f" bytt server utan sina sista transaktioner). {_NOTHING_UNTIL}"
    )


class _NewEpok(Exception):
    """The stream row has changed under the relay: begin again."""


@dataclass(frozen=True, slots=True)
class _Run:
    """What one run of the relay works with."""

    connection: psycopg.Connection[Any]
    producer: KafkaProducer
    stream: Stream
    stop: threading.Event
    lost: threading.Event
    health: Health

    def check_lock(self) -> None:
        if self.lost.is_set():
            raise FencedOut("reläets lås är förlorat: en annan process kan ha tagit över")


@contextlib.contextmanager
def _fenced() -> Iterator[None]:
    try:
        yield
    except _FENCED as fault:
        raise FencedOut(f"ett annat relä har tagit över: {fault}") from fault


def _tell_lag(connection: psycopg.Connection[Any], strom: Strom, health: Health) -> None:
    """What waits, by the copy of the position: near enough for those who watch."""
    row = connection.execute("SELECT epok, pos FROM relalage").fetchone()
    pos = row[1] if row is not None and row[0] == strom.epok else 0
    health.measure(pos=pos, efter=strom.pos - pos)


def _wait(connection: psycopg.Connection[Any], seconds: float) -> None:
    """Until an event is announced or the time is out."""
    for _ in connection.notifies(timeout=seconds, stop_after=1):
        pass
