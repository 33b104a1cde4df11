"""The service placering, started on a fresh real database, and a caller who may decide."""

from collections.abc import AsyncIterator

import pytest

from services.chassis.auth.roles import Roll
from services.placering.app import app
from tests.placering.register import Registerskrivare
from tests.stod.servrar import Databasfabrik
from tests.stod.tjanst import Klient, korande, migrera


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def vard(databas: Databasfabrik) -> AsyncIterator[Klient]:
    """A socialsekreterare's calls."""
    async with korande(app, databas("placering", migrera), Roll.SOCIALSEKRETERARE) as klient:
        yield klient


@pytest.fixture
def register(vard: Klient) -> Registerskrivare:
    """Lets the suppliers' events reach the service's copy of their register."""
    return Registerskrivare(vard.databas)
