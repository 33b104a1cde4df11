"""A running application for every test, with a caller that may change things."""

from collections.abc import AsyncIterator

import pytest

from dygn.inbyggd.databaser import Databas
from tests.chassis.http.provapp import ANDRA, provapp
from tests.stod.servrar import Databasfabrik
from tests.stod.tjanst import Klient, korande, migrera, tom


@pytest.fixture(scope="module")
def modulens_databas(moduldatabas: Databasfabrik) -> Databas:
    return moduldatabas("leverantor", migrera)


@pytest.fixture
async def klient(modulens_databas: Databas, anyio_backend: str) -> AsyncIterator[Klient]:
    async with korande(
        provapp,
        tom(modulens_databas),
        ANDRA,
        kasta_fel=False,
        body_max_bytes=200_000,
        event_max_bytes=20_000,
        database_timeout=1.0,
    ) as ny:
        yield ny
