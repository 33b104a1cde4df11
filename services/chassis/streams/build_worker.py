"""The part of the stream process that lets a build take over when it has caught up.

Guarantees that a new version of the views, whose build the process fills beside the one that is
read, is read as soon as it can be, without anybody's command; and that a decision about a message
put aside which was taken in the last moment of a replaced build is carried to the one that
replaced it.
"""

import threading
from collections.abc import Callable
from typing import Any

import psycopg

from services.chassis.streams.builds import Build, find_build, use_version
from services.chassis.streams.decisions import carry_decisions
from services.chassis.streams.health import Connect, Health
from services.chassis.streams.take_over import progress, take_over


class BuildWorker:
    """Looks after the builds of one version of the views."""

    name = "vybygge"

    def __init__(
        self,
        konsument: str,
        connect: Connect,
        vyversion: str,
        caught_up: Callable[[], bool],
        *,
        poll_seconds: float = 0.5,
    ) -> None:
        """``caught_up`` says that those who fill the build have read what there was to read."""
        self._konsument = konsument
        self._connect = connect
        self._vyversion = vyversion
        self._caught_up = caught_up
        self._poll_seconds = poll_seconds

    def run(self, stop: threading.Event, health: Health) -> None:
        """Look until stopped; database faults are raised."""
        with self._connect() as connection:
            use_version(connection, self._vyversion)
            while not stop.is_set():
                found = find_build(connection, self._vyversion)
                if found is None or found.vyversion is None:
                    health.say("vantar", "vyerna har inget bygge ännu")
                elif found.lage == "byggs":
                    self._let_take_over(connection, found, health)
                else:
                    _carry_last(connection, found)
                    health.say("igang")
                stop.wait(self._poll_seconds)

    def _let_take_over(
        self, connection: psycopg.Connection[Any], build: Build, health: Health
    ) -> None:
        come = progress(connection, self._konsument, build)
        health.measure(last=come.read, av=come.events, ovikta=come.dirty)
        lack: str | None = "strömmarna läses"
        if come.near and self._caught_up():
            lack = take_over(connection, self._konsument, build)
        health.say("igang", lack and f"vyversion {self._vyversion} byggs: {lack}")


def _carry_last(connection: psycopg.Connection[Any], build: Build) -> None:
    for (schema,) in connection.execute(
        "SELECT schema FROM public.vybygge WHERE lage = 'gammal' AND vyversion = %s"
        " AND gammal_sedan > clock_timestamp() - interval '1 minute'",
        (build.vyversion,),
    ).fetchall():
        carry_decisions(connection, schema, build)
