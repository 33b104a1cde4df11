"""Fixtures of the service's tests: its database, what comes in, and who asks."""

from collections.abc import Iterator

import psycopg
import pytest

from dygn.inbyggd.databaser import Databas
from tests.stod.servrar import Databasfabrik
from tests.stod.tjanst import migrera
from tests.uppfoljning.stod import Flode, Fragor, tom


@pytest.fixture(scope="module")
def uppfoljning(moduldatabas: Databasfabrik) -> Databas:
    """The service's database, shared by a module whose tests each take a kommun of their own."""
    return moduldatabas("uppfoljning", migrera)


@pytest.fixture(scope="module")
def flode(uppfoljning: Databas) -> Iterator[Flode]:
    """What comes in to it."""
    with psycopg.connect(uppfoljning.strom.conninfo(), autocommit=True) as connection:
        yield Flode(connection)


@pytest.fixture(scope="module")
def fraga(uppfoljning: Databas) -> Iterator[Fragor]:
    """Who asks it."""
    fragor = Fragor(uppfoljning)
    yield fragor
    fragor.stang()


@pytest.fixture
def anyio_backend() -> str:
    """Coroutines among these tests run on asyncio."""
    return "asyncio"


@pytest.fixture
def tomt(uppfoljning: Databas) -> Iterator[Flode]:
    """Streams from their beginning into an empty database, for what all kommuner share."""
    tom(uppfoljning)
    with psycopg.connect(uppfoljning.strom.conninfo(), autocommit=True) as connection:
        yield Flode(connection)
