"""One relay a service: an advisory lock that a stopped or lost process cannot keep.

Guarantees that the server itself frees the lock 10 s after the holder was last heard of: the
session has an idle timeout there, and the holder pings every 2 s from a thread of its own, so that
a slow broker does not cost it the lock while a stopped process (SIGSTOP, a frozen machine) does.
"""

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

import psycopg

from services.chassis.streams.health import Connect, Health

LOCK_KEY = (0x6479676E, 0x72656C61)
"""The two numbers of the lock, the same in every service: each has a database of its own."""

IDLE_SECONDS = 10
PING_SECONDS = 2.0


@contextlib.contextmanager
def relay_lock(
    connect: Connect, stop: threading.Event, health: Health
) -> Iterator[threading.Event | None]:
    """Wait for the lock and hold it; gives the event that is set if the lock is lost.

    ``None`` when ``stop`` was set before the lock was free.
    """
    with connect() as connection:
        connection.execute(f"SET idle_session_timeout = '{IDLE_SECONDS}s'")
        if not _wait(connection, stop, health):
            yield None
            return
        lost, done = threading.Event(), threading.Event()
        pinger = threading.Thread(
            target=_ping, args=(connection, done, lost), name="relä-lås", daemon=True
        )
        pinger.start()
        try:
            yield lost
        finally:
            done.set()
            pinger.join(timeout=IDLE_SECONDS)


def _wait(connection: psycopg.Connection[Any], stop: threading.Event, health: Health) -> bool:
    while not stop.is_set():
        row = connection.execute("SELECT pg_try_advisory_lock(%s, %s)", LOCK_KEY).fetchone()
        if row is not None and row[0]:
            return True
        health.say("vantar", "en annan process har reläets lås")
        stop.wait(0.5)
    return False


def _ping(
    connection: psycopg.Connection[Any], done: threading.Event, lost: threading.Event
) -> None:
    try:
        while not done.wait(PING_SECONDS):
            connection.execute("SELECT 1")
    except psycopg.Error:
        lost.set()
