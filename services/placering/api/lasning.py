"""What the routes that read about persons share: why, and the log."""

from typing import Annotated

from fastapi import Query

from services.chassis.http.service import Service
from services.placering.domain.atkomst import Lasskal
from services.placering.views.atkomst import Atkomstlogg

Skal = Annotated[
    Lasskal | None, Query(description="Varför uppgifterna läses: skrivs i åtkomstloggen.")
]


def atkomstlogg(tjanst: Service) -> Atkomstlogg:
    """The log of the running service."""
    logg = tjanst.extras["atkomstlogg"]
    assert isinstance(logg, Atkomstlogg)
    return logg
