"""The processes of a service on a cluster: its API, its streams, its migrations, a new epok.

Guarantees that each is one command (``python -m services.<service>
api|strom|migrera|ny-epok``), takes its settings from the environment, and ends cleanly on SIGTERM:
the API answers what it has taken in, the streams end between two transactions.
"""

import argparse
import contextlib
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import uvicorn
from fastapi import FastAPI
from starlette.applications import Starlette

from services.chassis.migration.runner import migrate
from services.chassis.settings import ServiceSettings
from services.chassis.streams.build_schema import ensure_build
from services.chassis.streams.kafka_client import Kafka
from services.chassis.streams.monitor import monitor
from services.chassis.streams.new_epok import new_epok
from services.chassis.streams.parts import (
    StreamParts,
    connector,
    from_kafka,
    stream_process,
)
from services.chassis.streams.process import StreamProcess
from services.chassis.streams.rebuilding import libpq_url, owner_connector
from services.chassis.telemetry import logging

MakeApp = Callable[[ServiceSettings], FastAPI]


def main(
    name: str,
    app: MakeApp,
    parts: StreamParts,
    own: Mapping[str, Callable[[ServiceSettings], None]] | None = None,
) -> None:
    """Read the command line and be that process until told to stop.

    ``own`` are further commands, that only this service has.
    """
    own = own or {}
    parser = argparse.ArgumentParser(prog=f"python -m services.{name}")
    parser.add_argument("process", choices=("api", "strom", "migrera", "ny-epok", *own))
    parser.add_argument("--host", default="0.0.0.0", help="adress att lyssna på")
    parser.add_argument("--port", type=int, default=8000, help="port att lyssna på")
    wanted = parser.parse_args()
    settings = ServiceSettings(service=name)
    logging.configure(settings.log_level)
    if wanted.process in own:
        own[wanted.process](settings)
    elif wanted.process == "migrera":
        _migrate(name, settings, parts)
    elif wanted.process == "ny-epok":
        _new_epok(name, settings)
    elif wanted.process == "api":
        _serve(app(settings), wanted.host, wanted.port)
    else:
        _serve(_streams(name, settings, parts), wanted.host, wanted.port)


def _serve(app: Any, host: str, port: int) -> None:
    uvicorn.run(app, host=host, port=port, log_config=None, access_log=False)


def _migrate(name: str, settings: ServiceSettings, parts: StreamParts) -> None:
    """The newest schema, and somewhere to build this version's views if they are of a new one."""
    if settings.owner_database_url is None:
        raise SystemExit("DYGN_OWNER_DATABASE_URL saknas")
    url = settings.owner_database_url.get_secret_value()
    migrate(name, url)
    if parts.consumer is not None:
        with owner_connector(libpq_url(url))() as owner:
            ensure_build(owner, parts.consumer.vyversion, parts.consumer.tables)


def _new_epok(name: str, settings: ServiceSettings) -> None:
    if settings.owner_database_url is None:
        raise SystemExit("DYGN_OWNER_DATABASE_URL saknas")
    url = libpq_url(settings.owner_database_url.get_secret_value())
    kafka = None if settings.kafka_bootstrap is None else Kafka(settings.kafka_bootstrap)
    with psycopg.connect(url, autocommit=True) as connection:
        new_epok(connection, name, kafka)


def _streams(name: str, settings: ServiceSettings, parts: StreamParts) -> Starlette:
    if settings.stream_database_url is None or settings.kafka_bootstrap is None:
        raise SystemExit("DYGN_STREAM_DATABASE_URL och DYGN_KAFKA_BOOTSTRAP behövs")
    kafka = Kafka(settings.kafka_bootstrap, replication=settings.kafka_replication)
    process = stream_process(
        parts,
        connector(settings.stream_database_url.get_secret_value()),
        from_kafka(kafka, member=settings.member or socket.gethostname()),
        kafka,
    )
    app = monitor(name, process)
    app.router.lifespan_context = _running(process)
    return app


def _running(
    process: StreamProcess,
) -> Callable[[Any], contextlib.AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: Any) -> AsyncIterator[None]:
        process.start()
        yield
        process.stop()

    return lifespan
