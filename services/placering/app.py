"""The composition root of the service placering: settings in, ASGI application out."""

from fastapi import FastAPI

from services.chassis.crypto import Keyring
from services.chassis.http.app import create_app
from services.chassis.http.service import Service
from services.chassis.settings import ServiceSettings
from services.chassis.store.recorder import Recorder
from services.placering.api import (
    atgarder,
    atkomstlogg,
    beslut,
    bevakningar,
    delegation,
    drojsmal,
    familjehemslistor,
    flyttar,
    franvaro,
    hem,
    klienter,
    lagrum,
    overtaganden,
    placeringar,
    placeringsavtal,
    utgaende_avtal,
)
from services.placering.application import PlaceringApplication
from services.placering.streams.incoming import CONSUMER
from services.placering.streams.outgoing import PUBLISHER
from services.placering.views.atkomst import Atkomstlogg
from services.placering.views.nyckelprov import prova_nycklar

NAME = "placering"


def app(settings: ServiceSettings) -> FastAPI:
    """The service's application; ``settings`` names its database and who signs tokens."""
    return create_app(
        name=NAME,
        title="Dygn – placeringar",
        description="Klienter, beslut, verkställighet och placeringar med avtalade priser.",
        settings=settings,
        application=_application,
        routers=[
            klienter.router,
            beslut.router,
            drojsmal.router,
            placeringar.router,
            placeringsavtal.router,
            flyttar.router,
            franvaro.router,
            hem.router,
            overtaganden.router,
            lagrum.router,
            delegation.router,
            atkomstlogg.router,
            atgarder.router,
            bevakningar.router,
            utgaende_avtal.router,
            familjehemslistor.router,
        ],
        consumes=CONSUMER,
        publishes=PUBLISHER,
        prepare=_forbered,
        before_answers=_before_answers,
    )


def _forbered(service: Service) -> None:
    service.extras["atkomstlogg"] = Atkomstlogg(service.reader)


async def _before_answers(service: Service) -> None:
    """The keys must be those of the database."""
    conninfo = service.settings.database_url.get_secret_value()
    await prova_nycklar(conninfo, service.keyring)


def _application(
    recorder: Recorder, settings: ServiceSettings, keyring: Keyring
) -> PlaceringApplication:
    return PlaceringApplication(recorder, keyring, event_max_bytes=settings.event_max_bytes)
