"""The service leverantor, running on an empty database, with a caller that may change it."""

from collections.abc import AsyncIterator

import pytest

from dygn.inbyggd.databaser import Databas
from services.chassis.auth.roles import Roll
from services.leverantor.app import app
from tests.stod.servrar import Databasfabrik
from tests.stod.tjanst import Klient, korande, migrera, tom


@pytest.fixture
def anyio_backend() -> str:
    """Coroutines among these tests run on asyncio."""
    return "asyncio"


@pytest.fixture(scope="module")
def modulens_databas(moduldatabas: Databasfabrik) -> Databas:
    return moduldatabas("leverantor", migrera)


@pytest.fixture
async def klient(modulens_databas: Databas, anyio_backend: str) -> AsyncIterator[Klient]:
    async with korande(app, tom(modulens_databas), Roll.AVTALSCONTROLLER) as ny:
        yield ny
