"""The service placering, started on a real database, and a caller who may decide.

The service is started once a module; every test finds its database as if just migrated.
"""

from collections.abc import AsyncIterator

import pytest

from services.chassis.auth.roles import Roll
from services.placering.app import app
from tests.placering.register import Registerskrivare
from tests.stod.servrar import Databasfabrik
from tests.stod.tjanst import Klient, korande, migrera

_BESTAR = ("alembic_version", "strom", "vybygge")


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
async def startad(moduldatabas: Databasfabrik) -> AsyncIterator[Klient]:
    """The running service."""
    async with korande(app, moduldatabas("placering", migrera), Roll.SOCIALSEKRETERARE) as klient:
        yield klient


@pytest.fixture
def vard(startad: Klient) -> Klient:
    """A socialsekreterare's calls to a service where nothing has happened."""
    alla = {
        namn
        for (namn,) in startad.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    }
    startad.sql(f"TRUNCATE {', '.join(sorted(alla.difference(_BESTAR)))} RESTART IDENTITY")
    startad.sql("UPDATE strom SET pos = 0, kedja = decode(repeat('00', 32), 'hex')")
    return startad


@pytest.fixture
def register(vard: Klient) -> Registerskrivare:
    """Lets the suppliers' events reach the service's copy of their register."""
    return Registerskrivare(vard.databas)
