"""The pulse of a stream that no relay publishes (embedded mode).

Guarantees that readers of the event table can tell an idle stream from a slow one: while nothing
is recorded the instant in ``strom`` rises, and with it the settled instant of every reader.
"""

import threading
import time

from services.chassis.streams.event_log import raise_registrerad, read_strom
from services.chassis.streams.health import Connect, Health


class Heartbeat:
    """Raises ``strom.registrerad`` every ``seconds``."""

    name = "puls"

    def __init__(self, connect: Connect, *, seconds: float = 2.0) -> None:
        self._connect = connect
        self._seconds = seconds

    def run(self, stop: threading.Event, health: Health) -> None:
        """Beat until stopped; database faults are raised."""
        with self._connect() as connection:
            while not stop.is_set():
                begun = time.monotonic()
                strom = raise_registrerad(connection, read_strom(connection))
                health.say("igang")
                if strom is not None:
                    health.measure(pos=strom.pos)
                stop.wait(max(0.05, self._seconds - (time.monotonic() - begun)))
