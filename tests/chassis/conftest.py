"""Coroutines run on asyncio; an empty database with the store's tables for every test that asks."""

import pytest

from dygn.inbyggd.databaser import Databas
from tests.stod.servrar import Databasfabrik
from tests.stod.tjanst import migrera, tom


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def modulens_butik(moduldatabas: Databasfabrik) -> Databas:
    """One a module, emptied between its tests."""
    return moduldatabas("leverantor", migrera)


@pytest.fixture
def butik(modulens_butik: Databas) -> Databas:
    return tom(modulens_butik)
