"""The composition root of the service leverantor: settings in, ASGI application out."""

from fastapi import FastAPI

from services.chassis.crypto import Keyring
from services.chassis.http.app import create_app
from services.chassis.settings import ServiceSettings
from services.chassis.store.recorder import Recorder
from services.leverantor.api import avtal, enheter, leverantorer, overtaganden
from services.leverantor.application import LeverantorApplication
from services.leverantor.streams.outgoing import PUBLISHER

NAME = "leverantor"


def app(settings: ServiceSettings) -> FastAPI:
    """The service's application; ``settings`` names its database and who signs tokens."""
    return create_app(
        name=NAME,
        title="Dygn – leverantörer",
        description="Register över leverantörer, enheter, avtal, grunddygnspriser och avropsstopp.",
        settings=settings,
        application=_application,
        routers=[leverantorer.router, enheter.router, avtal.router, overtaganden.router],
        publishes=PUBLISHER,
    )


def _application(
    recorder: Recorder, settings: ServiceSettings, _: Keyring
) -> LeverantorApplication:
    return LeverantorApplication(recorder, event_max_bytes=settings.event_max_bytes)
