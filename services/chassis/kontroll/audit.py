"""The whole check of an installation, while it runs.

Guarantees that what is compared was there at the same time, in the one order that makes that so:
first every reader's database is frozen, then Kafka's ends are noted, then every publisher's
database is frozen. An event is in its table before its message is in the topic, and there before
it is a fact; so whatever is seen downstream must be found upstream, however much happens meanwhile.
Each event table is read once, and everything that follows its stream is compared on the way, in
memory that does not grow with the stream.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from services.chassis.kontroll.control_records import ControlCheck
from services.chassis.kontroll.derived import TEMPORARY, DerivedCheck, same_version
from services.chassis.kontroll.events import EventTable
from services.chassis.kontroll.expected import Expected, Follower
from services.chassis.kontroll.facts import FactCheck, comparable
from services.chassis.kontroll.findings import Findings, Progress
from services.chassis.kontroll.snapshot import Snapshot, snapshot
from services.chassis.kontroll.topic import TopicCheck
from services.chassis.kontroll.topic_reader import TopicReader, reading
from services.chassis.streams.control import Control
from services.chassis.streams.event_log import read_strom
from services.chassis.streams.health import Refuses
from services.chassis.streams.kafka_client import Kafka, last_control
from services.chassis.streams.mapping import StoredRow, control_topic, event_topic
from services.chassis.streams.message import Message
from services.chassis.streams.parts import Consumer, StreamParts

Further = Callable[[Snapshot, Findings, Progress], None]
"""A service's own check of its rows, in the snapshot that the others had."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A service to check; ``conninfo`` reaches its database as the stream role."""

    parts: StreamParts
    conninfo: str
    further: Further | None = None

    @property
    def name(self) -> str:
        """The service's name."""
        return self.parts.service


@dataclass(frozen=True, slots=True)
class _Topics:
    """What Kafka has of one publisher; the control record was read before the ends were."""

    published: Control | None
    events: TopicReader
    controls: TopicReader


@dataclass(frozen=True, slots=True)
class _Reader:
    """A consumer and the frozen view of its database."""

    service: Checked
    consumer: Consumer
    snapshot: Snapshot


def audit(
    services: Sequence[Checked], kafka: Kafka | None, found: Findings, progress: Progress
) -> None:
    """Check every service; what does not agree is told in ``found``.

    Faults of databases and broker are raised: then nothing is proved.
    """
    with ExitStack() as stack:
        readers = [
            _Reader(
                one,
                one.parts.consumer,
                stack.enter_context(
                    snapshot(one.conninfo, temporary=TEMPORARY, views=one.parts.consumer.vyversion)
                ),
            )
            for one in services
            if one.parts.consumer is not None
        ]
        publishers = [one for one in services if one.parts.publisher is not None]
        topics: dict[str, _Topics] = {}
        if kafka is not None:
            topics = {one.name: _open_topics(kafka, one.name, stack, found) for one in publishers}
        for one in services:
            with snapshot(one.conninfo) as frozen:
                _check_stream(one, frozen, readers, topics.get(one.name), found, progress)
        for reader in readers:
            _check_rows(reader, found, progress)


def _open_topics(kafka: Kafka, service: str, stack: ExitStack, found: Findings) -> _Topics:
    try:
        published = last_control(kafka, control_topic(service))
    except Refuses as fault:
        found.fault("topic", service, control_topic(service), str(fault))
        published = None
    return _Topics(
        published,
        stack.enter_context(reading(kafka, event_topic(service))),
        stack.enter_context(reading(kafka, control_topic(service))),
    )


def _check_stream(
    service: Checked,
    frozen: Snapshot,
    readers: Sequence[_Reader],
    topics: _Topics | None,
    found: Findings,
    progress: Progress,
) -> None:
    """Read the service's events once, and all that follows from them."""
    strom = read_strom(frozen.connection)
    table = EventTable(service.name, frozen, strom, found)
    publisher = service.parts.publisher
    what = f"händelser i {service.name}"
    if publisher is None:
        for saved in table.saves():
            progress(what, saved.rows[-1].pos, strom.pos)
        return
    expected = Expected(publisher, publisher.stream(strom), found)
    followers = _followers(service, expected, frozen, readers, topics, found)
    for save in expected.saves(table):
        for follower in followers:
            follower.take(save)
        progress(what, save.control.pos, max(strom.pos, save.control.pos))
    for follower in followers:
        follower.end()


def _followers(
    service: Checked,
    expected: Expected,
    frozen: Snapshot,
    readers: Sequence[_Reader],
    topics: _Topics | None,
    found: Findings,
) -> list[Follower]:
    followers: list[Follower] = []
    if topics is not None:
        again = _MessagesAt(frozen, expected)
        followers.append(TopicCheck(expected, topics.events, topics.published, again, found))
        followers.append(ControlCheck(expected, topics.controls, found))
    for reader in readers:
        konsument = reader.service.name
        if service.name in reader.consumer.upstream and comparable(
            konsument, reader.snapshot, expected, found
        ):
            followers.append(
                FactCheck(konsument, reader.consumer, reader.snapshot, expected, found)
            )
    return followers


class _MessagesAt:
    """The messages of the event at a position, mapped once more."""

    def __init__(self, frozen: Snapshot, expected: Expected) -> None:
        self._frozen = frozen
        self._expected = expected

    def __call__(self, pos: int) -> list[Message]:
        row = self._frozen.connection.execute(
            "SELECT pos, registrerad, kommunkod, topic, originator_id, originator_version, state,"
            " kedja FROM handelse WHERE pos = %s",
            (pos,),
        ).fetchone()
        return [] if row is None else self._expected.messages_at(StoredRow(*row))


def _check_rows(reader: _Reader, found: Findings, progress: Progress) -> None:
    """The reader's derived rows, and whatever more its service knows to check of them."""
    konsument = reader.service.name
    if not same_version(konsument, reader.consumer, reader.snapshot, found):
        return
    DerivedCheck(konsument, reader.consumer, reader.snapshot, found, progress).run()
    if reader.service.further is not None:
        reader.service.further(reader.snapshot, found, progress)
