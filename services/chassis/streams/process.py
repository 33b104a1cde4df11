"""The stream process of a service: its relay, its inboxes and its folding, each in a thread.

Guarantees that a part which fails is begun again, ever more seldom, and that what it says of
itself is to be seen all the while: a process whose relay refuses or whose partition has stopped is
not ready, and tells why.
"""

import gc
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import psycopg

from services.chassis.streams.consuming import InboxWorker
from services.chassis.streams.event_log import Publisher
from services.chassis.streams.folding import Folding, FoldingWorker
from services.chassis.streams.health import (
    Connect,
    FencedOut,
    Health,
    Refuses,
    Report,
    State,
    transient,
)
from services.chassis.streams.heartbeat import Heartbeat
from services.chassis.streams.inbox import Inbox
from services.chassis.streams.kafka_client import Kafka
from services.chassis.streams.kafka_source import NoTopicYet
from services.chassis.streams.relay import Pace, Relay
from services.chassis.streams.source import OpenSource


class Worker(Protocol):
    """A part of the process: works until ``stop`` is set, raises when it cannot go on."""

    @property
    def name(self) -> str:
        """Its name in health, metrics and logs."""

    def run(self, stop: threading.Event, health: Health) -> None:
        """Do the work."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """Seconds between a fault and the next try: doubled each time up to ``most``."""

    first: float = 0.2
    most: float = 15.0
    refused: float = 5.0


@dataclass(frozen=True, slots=True)
class Consumption:
    """What a service reads: from whom, by which source, into which inbox."""

    service: str
    inbox: Inbox
    open_source: OpenSource


@dataclass(frozen=True, slots=True)
class ProcessHealth:
    """The health of every part."""

    delar: tuple[Report, ...]

    @property
    def ready(self) -> bool:
        """Whether every part does its work."""
        return all(del_.ok for del_ in self.delar)


def seek_cycles_seldom() -> None:
    """Facts and rows are made by the hundred thousand and hold no cycles: a search for cycles at
    every 700 of them, Python's default, would be a fifth of a replay.
    """
    gc.set_threshold(50_000, 20, 50)


class StreamProcess:
    """All that carries events for one service, in one process."""

    def __init__(
        self,
        workers: Sequence[Worker],
        *,
        backoff: Backoff | None = None,
        on_fault: Callable[[str, BaseException], None] = lambda _name, _fault: None,
    ) -> None:
        self._parts = [_Part(worker, backoff or Backoff(), on_fault) for worker in workers]

    def start(self) -> None:
        """Start every part."""
        seek_cycles_seldom()
        for part in self._parts:
            part.start()

    def stop(self, seconds: float = 10.0) -> bool:
        """Ask every part to stop and wait; whether all have."""
        for part in self._parts:
            part.stop.set()
        ended = [part.join(seconds) for part in self._parts]
        return all(ended)

    def health(self) -> ProcessHealth:
        """How the parts fare now."""
        return ProcessHealth(tuple(part.health.report for part in self._parts))


class _Part:
    """One worker in its thread, begun again after faults."""

    def __init__(
        self,
        worker: Worker,
        backoff: Backoff,
        on_fault: Callable[[str, BaseException], None],
    ) -> None:
        self.health = Health(worker.name)
        self.stop = threading.Event()
        self._worker = worker
        self._backoff = backoff
        self._on_fault = on_fault
        # A daemon: a client that waits for a broker for ever must not keep the process alive.
        self._thread = threading.Thread(target=self._run, name=worker.name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def join(self, seconds: float) -> bool:
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        wait = self._backoff.first
        while not self.stop.is_set():
            try:
                self._worker.run(self.stop, self.health)
                wait = self._backoff.first
            except Exception as fault:
                if self.health.report.lage == "igang":
                    wait = self._backoff.first
                self.health.say(*_said(fault))
                self._on_fault(self._worker.name, fault)
                self.stop.wait(self._backoff.refused if isinstance(fault, Refuses) else wait)
                wait = min(wait * 2, self._backoff.most)
        self.health.say("stannad")


def _said(fault: Exception) -> tuple[State, str]:
    if isinstance(fault, Refuses):
        return "vagrar", str(fault)
    if isinstance(fault, FencedOut):
        return "utestangd", str(fault)
    if isinstance(fault, NoTopicYet):
        return "startar", str(fault)
    if transient(fault):
        return "fel", f"databasen svarar inte: {type(fault).__name__}"
    return "fel", f"{type(fault).__name__}: {fault}"[:500]


def publishing(
    publisher: Publisher, connect: Connect, kafka: Kafka | None, *, pace: Pace | None = None
) -> list[Worker]:
    """What a publishing service runs: the relay, or in embedded mode the pulse alone."""
    if kafka is None:
        return [Heartbeat(connect, seconds=(pace or Pace()).heartbeat_seconds)]
    return [Relay(publisher, connect, kafka, pace=pace)]


def consuming(
    consumptions: Sequence[Consumption],
    folding: Folding,
    connect: Connect,
    *,
    folders: int = 1,
    chunk: int = 200,
    moved: Callable[[psycopg.Connection[Any]], bool] = lambda _: False,
) -> list[Worker]:
    """What a consuming service runs: an inbox for each upstream service, and the folding.

    ``connect`` gives connections that see the tables to fill; ``moved`` says that those which a
    connection sees are not the ones to fill any more.
    """
    wakes = [threading.Event() for _ in range(folders)]

    def wake() -> None:
        for event in wakes:
            event.set()

    inboxes = [
        InboxWorker(one.service, one.inbox, connect, one.open_source, on_stored=wake, moved=moved)
        for one in consumptions
    ]

    def replaying() -> bool:
        return any(inbox.replaying for inbox in inboxes)

    folding_workers = [
        FoldingWorker(folding, connect, chunk=chunk, wake=event, hold=replaying, moved=moved)
        for event in wakes
    ]
    return [*inboxes, *folding_workers]
