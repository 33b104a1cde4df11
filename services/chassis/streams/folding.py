"""Folding: a subject's derived rows made anew from its committed raw facts, after the commit.

Guarantees:

- Derived rows never miss a fact for good. Raw facts and dirty marks are committed together; a
  subject is folded in a later transaction that holds the lock of its dirty row, and reads what is
  committed by then. A fact that comes meanwhile waits for that lock and marks the subject anew.
  (Folding inside the transaction of the facts is wrong: two transactions at once would each miss
  the other's fact, and the wrong rows would stand until something else happens.)
- Two workers never fold one subject at the same time, and never wait for each other: a locked
  subject is passed over.
- A subject that cannot be folded stays dirty with its reason, holds the settled instant of its
  kommun, and stops nobody else.

Locks are always taken in the order of the kinds and then of the names, and a subject is expanded
only to later kinds: that is why inbox and workers cannot deadlock.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Protocol

import psycopg

from services.chassis.streams.dirty import Subject, mark_dirty
from services.chassis.streams.health import Connect, Health, transient


class Folding(Protocol):
    """What a consuming service brings: which subjects a fact is about, and how they are folded.

    ``kinds`` in the order of folding; ``handled`` are the event types that this version of the
    views handles (also those that it knows and has no use for: they give no subjects).
    """

    kinds: Sequence[str]
    handled: frozenset[str]

    def subjects(self, typ: str, data: Any) -> Iterable[tuple[str, str]]:
        """The (kind, name) of every subject that the event is about; pure."""

    def expand(
        self, connection: psycopg.Connection[Any], kommunkod: str, slag: str, amnen: list[str]
    ) -> Iterable[tuple[str, str]]:
        """Subjects of later kinds that use these; found in raw facts, never in derived rows.

        (A derived row may be under way in another transaction; its raw facts are committed.)
        """

    def fold(
        self, connection: psycopg.Connection[Any], kommunkod: str, slag: str, amnen: list[str]
    ) -> None:
        """Replace the derived rows of these subjects; a subject without facts gets none."""


@dataclass(frozen=True, slots=True)
class _Dirty:
    kommunkod: str
    amne: str
    registrerad: Any
    version: int
    ctid: str


class FoldingWorker:
    """Folds what is dirty, chunk by chunk, and waits when nothing is."""

    name = "vikning"

    def __init__(
        self,
        folding: Folding,
        connect: Connect,
        *,
        chunk: int = 200,
        poll_seconds: float = 0.5,
        wake: threading.Event | None = None,
        hold: Callable[[], bool] = lambda: False,
        moved: Callable[[psycopg.Connection[Any]], bool] = lambda _: False,
    ) -> None:
        """``hold`` says that streams are being replayed: subjects are folded once, after that.

        ``moved`` says that another build has taken over from the one that the connection sees.
        """
        self._folding = folding
        self._connect = connect
        self._chunk = chunk
        self._poll_seconds = poll_seconds
        self._wake = wake or threading.Event()
        self._hold = hold
        self._moved = moved

    def run(self, stop: threading.Event, health: Health) -> None:
        """Fold until stopped, or until another build has taken over: the next run folds that.

        Transient faults are raised and the next run goes on.
        """
        with self._connect() as connection:
            while not (stop.is_set() or self._moved(connection)):
                self._wake.clear()
                folded = self.fold_waiting(connection, stop)
                health.measure(vikta=folded, **_waiting(connection))
                health.say("igang")
                if not folded:
                    self._wake.wait(self._poll_seconds)

    def fold_waiting(
        self, connection: psycopg.Connection[Any], stop: threading.Event | None = None
    ) -> int:
        """Fold every dirty subject that is free, kinds in order; the number folded.

        Asks before each chunk whether to hold: a replay may begin while it works.
        """
        total = 0
        for slag in self._folding.kinds:
            while not (self._hold() or (stop is not None and stop.is_set())):
                taken = self._fold_chunk(connection, slag)
                total += taken
                if not taken:
                    break
        return total

    def _fold_chunk(self, connection: psycopg.Connection[Any], slag: str) -> int:
        """One transaction: take a chunk, expand, fold, clean. The number taken."""
        taken: list[_Dirty] = []
        try:
            with connection.transaction():
                taken = self._take(connection, slag)
                self._fold(connection, slag, taken)
        except Exception as fault:
            if transient(fault) or not taken:
                raise
            for dirty in taken:
                self._fold_alone(connection, slag, dirty)
        return len(taken)

    def _fold_alone(self, connection: psycopg.Connection[Any], slag: str, wanted: _Dirty) -> None:
        """Fold one subject of a chunk that failed; if it is the culprit, say so on its row."""
        try:
            with connection.transaction():
                self._fold(connection, slag, self._take(connection, slag, wanted))
        except Exception as fault:
            if transient(fault):
                raise
            connection.execute(
                "UPDATE smutsig SET fel = %s, forsok = forsok + 1, nasta = now()"
                " + least(interval '5 minutes', interval '1 second' * 2 ^ least(forsok, 10))"
                " WHERE slag = %s AND kommunkod = %s AND amne = %s AND version = %s",
                (_told(fault), slag, wanted.kommunkod, wanted.amne, wanted.version),
            )

    def _take(
        self, connection: psycopg.Connection[Any], slag: str, wanted: _Dirty | None = None
    ) -> list[_Dirty]:
        """Lock dirty rows of a kind that nobody has, in order; or just the wanted one."""
        only = "AND kommunkod = %(kommunkod)s AND amne = %(amne)s " if wanted else ""
        rows = connection.execute(
            "SELECT kommunkod, amne, registrerad, version, ctid::text FROM smutsig"
            " WHERE slag = %(slag)s "
            + only
            + "AND (nasta IS NULL OR nasta <= now()) ORDER BY kommunkod, amne LIMIT %(chunk)s"
            " FOR UPDATE SKIP LOCKED",
            {
                "slag": slag,
                "chunk": self._chunk,
                "kommunkod": wanted.kommunkod if wanted else None,
                "amne": wanted.amne if wanted else None,
            },
        ).fetchall()
        return [_Dirty(*row) for row in rows]

    def _fold(
        self, connection: psycopg.Connection[Any], slag: str, taken: Sequence[_Dirty]
    ) -> None:
        for kommunkod, group in groupby(taken, key=lambda dirty: dirty.kommunkod):
            dirty = list(group)
            amnen = [one.amne for one in dirty]
            self._expand(connection, kommunkod, slag, dirty)
            self._folding.fold(connection, kommunkod, slag, amnen)
            # The rows are locked by us, so they lie where they lay when they were taken.
            connection.execute(
                "DELETE FROM smutsig WHERE ctid = ANY (%s::tid[])", ([one.ctid for one in dirty],)
            )

    def _expand(
        self,
        connection: psycopg.Connection[Any],
        kommunkod: str,
        slag: str,
        dirty: Sequence[_Dirty],
    ) -> None:
        """Mark the users of these subjects, as dirty as the oldest of them."""
        users = self._folding.expand(connection, kommunkod, slag, [one.amne for one in dirty])
        oldest = min(one.registrerad for one in dirty)
        order = list(self._folding.kinds)
        subjects = [Subject(kommunkod, kind, name, oldest) for kind, name in users]
        for subject in subjects:
            if order.index(subject.slag) <= order.index(slag):
                raise ValueError(f"{slag} expands to {subject.slag}, which is not a later kind")
        mark_dirty(connection, order, subjects)


def _waiting(connection: psycopg.Connection[Any]) -> dict[str, float]:
    row = connection.execute(
        "SELECT count(*), count(*) FILTER (WHERE fel IS NOT NULL) FROM smutsig"
    ).fetchone()
    assert row is not None
    return {"smutsiga": row[0], "misslyckade": row[1]}


def _told(fault: BaseException) -> str:
    """The reason as text that PostgreSQL takes; without the row's values."""
    return f"{type(fault).__name__}: {fault}".replace("\x00", "").split("\nDETAIL")[0][:500]
