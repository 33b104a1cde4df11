"""The composition root of the service uppfoljning: settings in, ASGI application out."""

from fastapi import FastAPI

from services.chassis.crypto import Keyring
from services.chassis.http.app import create_app
from services.chassis.settings import ServiceSettings
from services.chassis.store.recorder import Recorder
from services.uppfoljning.api import rapporter, varfor
from services.uppfoljning.application import UppfoljningApplication
from services.uppfoljning.streams.incoming import CONSUMER

NAME = "uppfoljning"


def app(settings: ServiceSettings) -> FastAPI:
    """The service's application; ``settings`` names its database and who signs tokens."""
    return create_app(
        name=NAME,
        title="Dygn – uppföljning",
        description="Dygnskostnader, ej verkställda beslut och privata utförare, och varför.",
        settings=settings,
        application=_application,
        routers=[rapporter.router, varfor.router],
        consumes=CONSUMER,
    )


def _application(
    recorder: Recorder, settings: ServiceSettings, _: Keyring
) -> UppfoljningApplication:
    return UppfoljningApplication(recorder, event_max_bytes=settings.event_max_bytes)
