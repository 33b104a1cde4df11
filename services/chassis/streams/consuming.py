"""The consuming loop: from a source into the inbox, the same for Kafka and embedded mode.

Guarantees that after any fault the source is opened anew from what the database says: nothing that
was only in memory decides where reading goes on. A source that has been silent for long is opened
anew too: a client may have lost a partition, or its place in the group, without knowing it.
"""

import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import psycopg

from services.chassis.streams.builds import FIRST, schema_of
from services.chassis.streams.control import Control
from services.chassis.streams.health import Connect, Health
from services.chassis.streams.inbox import Inbox
from services.chassis.streams.mapping import event_topic
from services.chassis.streams.source import (
    Delivery,
    End,
    OpenSource,
    PartitionBatch,
    Reader,
    Source,
)
from services.chassis.streams.standing import read_standing

REPLAY_FROM = 2_000
"""Own events behind, when a reading begins, from which it counts as a replay."""

MAX_PENDING = 200
"""Control records kept waiting; any but the newest may be dropped (the watermark comes later)."""


class InboxWorker:
    """Reads one upstream service's stream into the inbox."""

    def __init__(
        self,
        service: str,
        inbox: Inbox,
        connect: Connect,
        open_source: OpenSource,
        *,
        poll_seconds: float = 0.2,
        tend_seconds: float = 1.0,
        silent_seconds: float = 15.0,
        reopen_seconds: float = 60.0,
        on_stored: Callable[[], None] = lambda: None,
        moved: Callable[[psycopg.Connection[Any]], bool] = lambda _: False,
    ) -> None:
        """``silent_seconds``: a stream not heard of for so long is a fault (it has a pulse).
        ``reopen_seconds``: after so long its source is opened anew, if it owns anything. (One that
        owns nothing may be waiting for its group, and would lose its turn.)

        ``moved`` says that another build has taken over from the one that the connection sees.
        """
        self.name = f"inkorg {service}"
        self.topic = event_topic(service)
        self._inbox = inbox
        self._connect = connect
        self._open_source = open_source
        self._poll_seconds = poll_seconds
        self._tend_seconds = tend_seconds
        self._silent_seconds = silent_seconds
        self._reopen_seconds = reopen_seconds
        self._on_stored = on_stored
        self._moved = moved
        self._hearing = _Hearing()
        self.replaying = False
        """Much is read that was there before: folding now would be done many times over."""
        self.caught_up = False
        """What was there when the reading began has been read."""

    def run(self, stop: threading.Event, health: Health) -> None:
        """Read until stopped, or until another build has taken over: the next run reads that.

        Faults are raised, and the next run begins from the database.
        """
        with self._connect() as connection:
            schema = schema_of(connection)
            build = "" if schema == FIRST else schema
            while not (stop.is_set() or self._moved(connection)):
                self._inbox.prepare(connection, self.topic)
                reader = Reader(self._inbox.konsument, connection, build)
                try:
                    with self._open_source(reader) as source:
                        _Reading(self, source, connection, stop, health).until_anew()
                finally:
                    self.replaying = self.caught_up = False


class _Hearing:
    """What was last heard of the stream, through however many openings of the source."""

    def __init__(self) -> None:
        self._newest: tuple[int, int, datetime] | None = None
        self._at = time.monotonic()

    def silence(self, *heard: Control | None) -> float:
        """Seconds since the stream said anything new, to us or to another process of the group."""
        for control in heard:
            if control is None:
                continue
            said = control.epok, control.pos, control.registrerad
            if self._newest is None or said > self._newest:
                self._newest, self._at = said, time.monotonic()
        return time.monotonic() - self._at


class _Reading:
    """One opening of the source."""

    def __init__(
        self,
        worker: InboxWorker,
        source: Source,
        connection: psycopg.Connection[tuple[object, ...]],
        stop: threading.Event,
        health: Health,
    ) -> None:
        self._worker = worker
        self._inbox = worker._inbox
        self._source = source
        self._connection = connection
        self._stop = stop
        self._health = health
        self._pending: list[Control] = []
        self._newest: Control | None = None
        self._end: End | None = None
        self._first_end: End | None = None
        self._replay_to: End | None = None
        self._opened = time.monotonic()
        self._tended = 0.0
        self._reached = 0.0
        self._facts = 0

    def until_anew(self) -> None:
        """Read until stopped or until the source must be opened anew."""
        while not self._stop.is_set():
            delivery = self._source.poll(self._worker._poll_seconds)
            self._see(delivery)
            for batch in delivery.batches:
                if not self._apply(batch):
                    return
            for control in delivery.controls:
                self._expect(control)
            self._reach(bool(delivery.batches or delivery.controls))
            if not self._tend():
                return
            if self._deaf(self._tell()):
                return

    def _apply(self, batch: PartitionBatch) -> bool:
        applied = self._inbox.apply(self._connection, batch)
        if applied.outcome == "efter":
            return False
        if applied.outcome == "stoppad":
            self._source.pause(batch.partition)
        if applied.facts:
            self._facts += applied.facts
            self._worker._on_stored()
        return True

    def _expect(self, control: Control) -> None:
        """A later record with the same marks says more than an earlier one."""
        self._newest = control
        if self._pending and _same_marks(self._pending[-1], control):
            self._pending.pop()
        self._pending.append(control)
        if len(self._pending) > MAX_PENDING:
            self._pending = self._pending[::2] + self._pending[-1:]

    def _see(self, delivery: Delivery) -> None:
        """How long the stream is. Where it ended when first seen is where a replay ends.

        (Not where it ends by then: a stream that grows as fast as it is read would never be
        folded.)
        """
        ends = [End(control.epok, control.pos) for control in delivery.controls]
        if delivery.end is not None:
            ends.append(delivery.end)
        if not ends:
            return
        end = max(ends)
        if self._end is None or end.epok > self._end.epok:
            self._first_end = self._replay_to = end
            self._tell_replay(self._read_reached()[1], bool(self._source.paused()))
        self._end = end if self._end is None else max(self._end, end)

    def _reach(self, moved: bool) -> None:
        if not self._pending or not (moved or time.monotonic() - self._reached > 0.5):
            return
        self._reached = time.monotonic()
        self._pending = self._inbox.reach(self._connection, self._worker.topic, self._pending)

    def _tend(self) -> bool:
        """Carry out people's decisions; ``False`` when the reading must begin anew.

        (A stopped partition was let go on, or another build has taken over.)
        """
        if time.monotonic() - self._tended < self._worker._tend_seconds:
            return True
        self._tended = time.monotonic()
        if self._worker._moved(self._connection):
            return False
        owned = sorted(self._source.owned())
        stopped = self._inbox.tend(self._connection, self._worker.topic, owned)
        for partition in stopped:
            self._source.pause(partition)
        return not (self._source.paused() - stopped)

    def _deaf(self, silence: float) -> bool:
        """Whether the source should have heard something by now."""
        limit = self._worker._reopen_seconds
        long = silence > limit and time.monotonic() - self._opened > limit
        return long and bool(self._source.owned())

    def _tell(self) -> float:
        """Say how it goes; for how many seconds the stream has been silent."""
        standing, reached = self._read_reached()
        paused = sorted(self._source.paused())
        self._health.measure(
            pos=reached.pos,
            efter=_between(reached, self._end),
            partitioner=len(self._source.owned()),
            stannade=len(paused),
            fakta=self._facts,
        )
        self._tell_replay(reached, bool(paused))
        silence = self._worker._hearing.silence(standing, self._newest)
        if paused:
            self._health.say("fel", f"partition {', '.join(map(str, paused))} har stannat")
        elif silence > self._worker._silent_seconds:
            self._health.say("fel", "inget hörs från strömmen: mäklaren eller utgivaren är nere")
        else:
            self._health.say("igang")
        return silence

    def _read_reached(self) -> tuple[Control | None, End]:
        standing = read_standing(self._connection, self._inbox.konsument, self._worker.topic)
        return standing, End(0, 0) if standing is None else End(standing.epok, standing.pos)

    def _tell_replay(self, reached: End, paused: bool) -> None:
        """A replay begins far from the end and is over once that end is reached."""
        if self._first_end is not None and not _between(reached, self._first_end):
            self._worker.caught_up = True
        left = _between(reached, self._replay_to)
        far = left > (0 if self._worker.replaying else REPLAY_FROM)
        if not far:
            self._replay_to = None
        self._worker.replaying = far and not paused


def _between(reached: End, end: End | None) -> int:
    """Own events from what is reached to the end; an earlier epok's do not count."""
    if end is None or end <= reached:
        return 0
    return end.pos - (reached.pos if reached.epok == end.epok else 0)


def _same_marks(earlier: Control, later: Control) -> bool:
    return (earlier.installation, earlier.epok, earlier.sista) == (
        later.installation,
        later.epok,
        later.sista,
    )
