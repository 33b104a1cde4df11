"""The three services as embedded mode knows them: the one place where it names them.

Guarantees that adding a service is adding a row.
"""

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import FastAPI

from services.chassis.settings import ServiceSettings
from services.chassis.streams.parts import StreamParts
from services.leverantor import app as leverantor_app
from services.leverantor import process as leverantor_process
from services.placering import app as placering_app
from services.placering import process as placering_process
from services.uppfoljning import app as uppfoljning_app
from services.uppfoljning import process as uppfoljning_process


@dataclass(frozen=True, slots=True)
class Tjanst:
    """A service: its name (and path), its application and its streams."""

    namn: str
    app: Callable[[ServiceSettings], FastAPI]
    delar: StreamParts


TJANSTER = (
    Tjanst("leverantor", leverantor_app.app, leverantor_process.PARTS),
    Tjanst("placering", placering_app.app, placering_process.PARTS),
    Tjanst("uppfoljning", uppfoljning_app.app, uppfoljning_process.PARTS),
)
