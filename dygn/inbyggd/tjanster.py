"""The three services as embedded mode knows them: the one place where it names them.

Guarantees that adding a service is adding a row.
"""

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import FastAPI

import services.leverantor.app
import services.leverantor.process
import services.placering.app
import services.placering.process
import services.uppfoljning.app
import services.uppfoljning.process
from services.chassis.settings import ServiceSettings
from services.chassis.streams.parts import StreamParts


@dataclass(frozen=True, slots=True)
class Tjanst:
    """A service: its name (and path), its application and its streams."""

    namn: str
    app: Callable[[ServiceSettings], FastAPI]
    delar: StreamParts


TJANSTER = (
    Tjanst("leverantor", services.leverantor.app.app, services.leverantor.process.PARTS),
    Tjanst("placering", services.placering.app.app, services.placering.process.PARTS),
    Tjanst("uppfoljning", services.uppfoljning.app.app, services.uppfoljning.process.PARTS),
)
