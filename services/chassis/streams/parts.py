"""What a service brings to its stream process, and how the process is put together.

Guarantees that embedded mode and a cluster run the same parts: what differs is only how an
upstream stream is opened, and that is handed in.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import psycopg
import structlog

from services.chassis.store.mapper import decode
from services.chassis.streams.build_worker import BuildWorker
from services.chassis.streams.builds import Builds, view_version_text
from services.chassis.streams.consuming import InboxWorker
from services.chassis.streams.decision_event import KarantanAterBeslutad, KarantanBeslutad
from services.chassis.streams.event_log import Publisher
from services.chassis.streams.facts import Register
from services.chassis.streams.folding import Folding
from services.chassis.streams.health import Connect
from services.chassis.streams.inbox import Inbox
from services.chassis.streams.kafka_client import Kafka
from services.chassis.streams.kafka_source import NoTopicYet, open_kafka_source
from services.chassis.streams.mapping import StoredRow
from services.chassis.streams.process import (
    Consumption,
    StreamProcess,
    Worker,
    consuming,
    publishing,
)
from services.chassis.streams.source import OpenSource


@dataclass(frozen=True, slots=True)
class Derived:
    """A table of derived rows: the kind of subject that its rows are folded for, and the column
    that holds the subject's name. It has a column ``kommunkod``.
    """

    table: str
    slag: str
    column: str


OpenUpstream = Callable[[str], OpenSource]
"""How the stream of the named upstream service is opened."""

FROZEN_SECONDS = 30
"""How long a transaction may stand still. A stopped process (SIGSTOP, a frozen machine) would
otherwise hold a partition's row or its dirty subjects, and nobody could go on in its place."""

FRAME_EVENTS = (KarantanBeslutad, KarantanAterBeslutad)
"""Events of the frame itself that lie among a service's own: a relay must be able to read them."""

_log = structlog.get_logger("strom")


@dataclass(frozen=True, slots=True)
class Consumer:
    """What a consuming service brings: whose streams, which events, how they are folded.

    ``view_version`` rises when the same facts would be folded to other rows; ``derived`` are the
    tables that the folding writes, so that they can be compared with what it would write anew.
    """

    upstream: tuple[str, ...]
    register: Register
    folding: Folding
    view_version: int = 1
    derived: tuple[Derived, ...] = ()

    @property
    def vyversion(self) -> str:
        """The version of the views, as it is written where they are."""
        return view_version_text(self.view_version, self.folding.handled)

    @property
    def tables(self) -> tuple[str, ...]:
        """The derived tables' names."""
        return tuple(one.table for one in self.derived)


@dataclass(frozen=True, slots=True)
class StreamParts:
    """All that carries events for one service."""

    service: str
    publisher: Publisher | None = None
    consumer: Consumer | None = None
    own: Callable[[Connect], Sequence[Worker]] = lambda _: ()
    """What folds the service's own events into views of its own."""


def decode_row(row: StoredRow) -> object:
    """The own event of a stored row."""
    return decode(row.topic, row.originator_id, row.originator_version, row.state)


def connector(conninfo: str, *, durable: bool = True) -> Connect:
    """Opens connections as the stream process's role, in autocommit.

    ``durable`` False: a commit is not waited for until it is on disk. After a crash of the
    database its last moments are gone, whole, and what was to be done then is done again.
    """
    options = None if durable else "-c synchronous_commit=off"

    def connect() -> psycopg.Connection[object]:
        connection: psycopg.Connection[object] = psycopg.connect(
            conninfo,
            autocommit=True,
            connect_timeout=2,
            application_name="dygn-strom",
            options=options,
        )
        connection.execute(f"SET idle_in_transaction_session_timeout = '{FROZEN_SECONDS}s'")
        return connection

    return connect


def from_kafka(kafka: Kafka, member: str | None = None, *, branch: str = "") -> OpenUpstream:
    """Upstream streams are topics; ``member`` is this process's lasting name in its groups.

    ``branch`` ends the groups' names, for who reads beside the service's own processes.
    """

    def open_upstream(service: str) -> OpenSource:
        return open_kafka_source(service, kafka, member=member, branch=branch)

    return open_upstream


def feeding(
    service: str,
    consumer: Consumer,
    builds: Builds,
    open_upstream: OpenUpstream,
    *,
    folders: int = 1,
) -> list[Worker]:
    """What fills the tables that ``builds`` points out."""
    inbox = Inbox(service, consumer.register, consumer.folding, view_version=consumer.view_version)
    return consuming(
        [Consumption(one, inbox, open_upstream(one)) for one in consumer.upstream],
        consumer.folding,
        builds.connect,
        folders=folders,
        moved=builds.moved,
    )


def all_read(feeders: Sequence[Worker]) -> bool:
    """Whether every stream is read as far as it had come when the reading of it began."""
    return all(one.caught_up for one in feeders if isinstance(one, InboxWorker))


def stream_process(
    parts: StreamParts,
    connect: Connect,
    open_upstream: OpenUpstream,
    kafka: Kafka | None,
    *,
    folders: int = 1,
) -> StreamProcess:
    """The process; without ``kafka`` the service's own stream is only kept beating."""
    workers: list[Worker] = []
    if parts.publisher is not None:
        workers += publishing(parts.publisher, connect, kafka)
    consumer = parts.consumer
    if consumer is not None:
        builds = Builds(connect, consumer.vyversion)
        feeders = feeding(parts.service, consumer, builds, open_upstream, folders=folders)
        caught_up = partial(all_read, feeders)
        workers += feeders
        workers.append(BuildWorker(parts.service, connect, consumer.vyversion, caught_up))
    workers += parts.own(connect)

    def on_fault(part: str, fault: BaseException) -> None:
        if isinstance(fault, NoTopicYet):
            return  # The upstream service has not begun; health says so meanwhile.
        _log.warning("strömdel stannade", tjanst=parts.service, del_=part, fel=repr(fault)[:500])

    return StreamProcess(workers, on_fault=on_fault)
