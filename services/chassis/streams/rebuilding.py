"""One build filled beside the one that is read, from where it was to the take-over.

Guarantees that it can be broken off at any time and goes on where it was: what is read, folded and
decided stands in the build's own tables. Whoever runs it shares nothing with the processes that
feed the build that is read: connections, threads and consumer groups are its own. After the
take-over those processes find the new build by themselves.
"""

import time
from collections.abc import Callable

import psycopg
from psycopg import sql

from services.chassis.streams.builds import Build, Builds, use_version
from services.chassis.streams.health import Connect, Refuses
from services.chassis.streams.parts import Consumer, OpenUpstream, all_read, feeding
from services.chassis.streams.process import StreamProcess
from services.chassis.streams.take_over import Progress, progress, take_over

Show = Callable[[Progress, str | None], None]
"""Told how far it has come and, when only the take-over is left, what that waits for (Swedish)."""

BRANCH = ".bygg-om"
"""Ends the name of the consumer groups of whoever fills a build beside."""


def rebuild(
    service: str,
    consumer: Consumer,
    build: Build,
    *,
    connect: Connect,
    connect_owner: Connect,
    open_upstream: OpenUpstream,
    show: Show,
    folders: int = 2,
) -> None:
    """Fill the build and let it take over; returns when it is read.

    :class:`Refuses` when a part of it cannot go on by itself, with that part's words; faults of
    the database are raised.
    """
    builds = Builds(connect, consumer.vyversion, schema=build.schema)
    feeders = feeding(service, consumer, builds, open_upstream, folders=folders)
    process = StreamProcess(feeders)
    with connect() as connection:
        use_version(connection, consumer.vyversion)
        process.start()
        try:
            known, lack = False, None
            while True:
                come = progress(connection, service, build)
                show(come, lack)
                lack = _judge(process)
                if come.near and all_read(feeders):
                    if not known:
                        _analyse(connect_owner, build, consumer)
                        known = True
                    lack = take_over(connection, service, build)
                    if lack is None:
                        show(progress(connection, service, build), None)
                        return
                time.sleep(0.1)
        finally:
            process.stop()


def _judge(process: StreamProcess) -> str | None:
    """What a part of it says that it cannot do now; :class:`Refuses` when it never can."""
    told = None
    for report in process.health().delar:
        if report.lage == "vagrar":
            raise Refuses(f"{report.namn}: {report.text}")
        if not report.ok and report.text is not None:
            told = f"{report.namn}: {report.text}"
    return told


def _analyse(connect_owner: Connect, build: Build, consumer: Consumer) -> None:
    """Let the planner know the new tables before anybody asks them."""
    tables = ("rafakta", "rafakta_amne", *consumer.tables)
    with connect_owner() as owner:
        owner.execute(
            sql.SQL("ANALYZE {}").format(
                sql.SQL(", ").join(sql.Identifier(build.schema, table) for table in tables)
            )
        )


def owner_connector(conninfo: str) -> Connect:
    """Opens connections as the owner, in autocommit."""

    def connect() -> psycopg.Connection[object]:
        return psycopg.connect(
            conninfo, autocommit=True, connect_timeout=5, application_name="dygn-bygg-om"
        )

    return connect


def libpq_url(sqlalchemy_url: str) -> str:
    """The same address without the name of the driver."""
    return sqlalchemy_url.replace("postgresql+psycopg:", "postgresql:")
