"""Puts a service's application together: routes, middleware, documentation, life and death.

Guarantees that every service answers in the same way to faults, probes and callers, and that its
parts are opened at start and closed at end in the right order (the writer stores what waits before
the reader closes).
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi_offline import FastAPIOffline
from prometheus_client import CollectorRegistry
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from services.chassis.auth.tokens import TokenChecker
from services.chassis.crypto import Keyring
from services.chassis.http import health, problems
from services.chassis.http.feed import feed_router
from services.chassis.http.gate import Gate, Gated
from services.chassis.http.middleware import HEADER, Authenticated, Bounded, Frame
from services.chassis.http.openapi import describe
from services.chassis.http.quarantine import quarantine_router
from services.chassis.http.service import Service
from services.chassis.http.standing import standing_router
from services.chassis.settings import ServiceSettings
from services.chassis.store.application import ServiceApplication
from services.chassis.store.errors import Unavailable
from services.chassis.store.reader import Reader
from services.chassis.store.recorder import Recorder
from services.chassis.store.writer import Writer
from services.chassis.streams.event_log import Publisher
from services.chassis.streams.parts import Consumer
from services.chassis.telemetry.metrics import HttpMetrics

MakeApplication = Callable[[Recorder, ServiceSettings, Keyring], ServiceApplication]


def create_app(
    *,
    name: str,
    title: str,
    description: str,
    settings: ServiceSettings,
    application: MakeApplication,
    routers: Sequence[APIRouter],
    consumes: Consumer | None = None,
    publishes: Publisher | None = None,
    prepare: Callable[[Service], None] | None = None,
    before_answers: Callable[[Service], Awaitable[None]] | None = None,
) -> FastAPI:
    """The ASGI application of the service ``name``.

    ``consumes`` is what it reads of others' streams; its views are of that version. ``publishes``
    is how its own events become a stream.
    ``prepare`` may add readiness checks and extras to the service before the first call;
    ``before_answers`` is done before any call is answered (see ``gate``).
    """
    registry = CollectorRegistry()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        views = None if consumes is None else consumes.vyversion
        service = _assemble(name, settings, application, registry, views)
        if prepare is not None:
            prepare(service)
        if before_answers is not None:
            service.gate = Gate(partial(before_answers, service))
            service.checks.append(service.gate.reason)
        app.state.service = service
        service.writer.start()
        await service.reader.open()
        if service.gate is not None:
            await service.gate.start()
        yield
        if service.gate is not None:
            await service.gate.stop()
        service.writer.stop()
        await service.reader.close()

    app: FastAPI = FastAPIOffline(
        docs_url="/docs",
        redoc_url=None,
        title=title,
        description=description,
        version="1",
        lifespan=lifespan,
    )
    app.include_router(health.router)
    app.include_router(standing_router(consumes=consumes is not None))
    frame = [
        *([quarantine_router()] if consumes else []),
        *([feed_router(publishes)] if publishes else []),
    ]
    for router in [*routers, *frame]:
        app.include_router(router)
    _handle_errors(app)
    checker = TokenChecker(
        issuer=settings.issuer,
        audience=settings.audience,
        jwks_url=settings.jwks_url,
        jwks_file=settings.jwks_file,
    )
    if before_answers is not None:
        app.add_middleware(Gated)
    app.add_middleware(Bounded, max_bytes=settings.body_max_bytes)
    app.add_middleware(Authenticated, checker=checker)
    app.add_middleware(Frame, metrics=HttpMetrics(registry), service=name)
    describe(app)
    return app


def _assemble(
    name: str,
    settings: ServiceSettings,
    application: MakeApplication,
    registry: CollectorRegistry,
    views: str | None,
) -> Service:
    url = settings.database_url.get_secret_value()
    keyring = keyring_of(settings)
    recorder = Recorder(url, views=views)
    reader = Reader(
        url,
        connections=settings.reader_connections,
        timeout=settings.database_timeout,
        views=views,
    )
    return Service(
        name=name,
        settings=settings,
        keyring=keyring,
        registry=registry,
        reader=reader,
        writer=Writer(
            application(recorder, settings, keyring), recorder, group_max=settings.group_max
        ),
        checks=[partial(_views_are_built, reader)],
    )


def keyring_of(settings: ServiceSettings) -> Keyring:
    """The keys that the settings name; ``ValueError`` says what is wrong with them."""
    return Keyring.from_settings(
        settings.master_key,
        settings.master_key_file,
        others=settings.other_master_keys,
        hashing=settings.hash_key,
    )


async def _views_are_built(reader: Reader) -> str | None:
    """A database that does not answer is told by another check."""
    try:
        return None if await reader.built() else problems.NOT_BUILT
    except Unavailable:
        return None


def _handle_errors(app: FastAPI) -> None:
    for kind in problems.HANDLED:
        app.add_exception_handler(kind, problems.answer_error)

    @app.exception_handler(HTTPException)
    async def framework(request: Request, error: HTTPException) -> JSONResponse:
        titles: dict[int, tuple[str, str]] = {
            404: ("Finns inte", "Adressen finns inte."),
            405: ("Metoden går inte", "Adressen finns, men inte för den metoden."),
        }
        status = error.status_code
        title, detail = titles.get(status, ("Anropet går inte", "Anropet kan inte tolkas."))
        problem = problems.Problem(
            status, title, detail, kind=f"http-{status}", headers=error.headers
        )
        return problems.response(problem, problems.korrelation_of(request))

    @app.exception_handler(Exception)
    async def unexpected(request: Request, _: Exception) -> Any:
        problem = problems.Problem(
            500,
            "Internt fel",
            "Felet har noterats. Ange korrelationen om du frågar om det.",
            kind="internt-fel",
            # This answer is made outside the frame's own layers, which add it to all others.
            headers={HEADER: problems.korrelation_of(request) or ""},
        )
        return problems.response(problem, problems.korrelation_of(request))
