"""What a service's routes reach: its writer, its reader, its keys and its settings.

Guarantees one object of each a process, made when the application starts and closed when it ends,
whether the application is served alone or mounted beside others.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends
from prometheus_client import CollectorRegistry
from starlette.requests import Request

from services.chassis.auth.roles import Identity
from services.chassis.crypto import Keyring
from services.chassis.http.gate import Gate
from services.chassis.settings import ServiceSettings
from services.chassis.store.reader import Reader
from services.chassis.store.writer import Writer

Check = Callable[[], Awaitable[str | None]]
"""A readiness check: ``None`` when ready, else a Swedish sentence."""


@dataclass(slots=True)
class Service:
    """A running service as its routes see it."""

    name: str
    settings: ServiceSettings
    keyring: Keyring
    registry: CollectorRegistry
    reader: Reader
    writer: Writer
    checks: list[Check] = field(default_factory=list)
    extras: dict[str, Any] = field(default_factory=dict)
    gate: Gate | None = None


def service_of(request: Request) -> Service:
    """The service that the call came to."""
    service = request.app.state.service
    assert isinstance(service, Service)
    return service


def identity_of(request: Request) -> Identity:
    """Who calls."""
    identity = request.scope["dygn.identity"]
    assert isinstance(identity, Identity)
    return identity


Tjanst = Annotated[Service, Depends(service_of)]
Anropare = Annotated[Identity, Depends(identity_of)]
