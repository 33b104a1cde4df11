"""An empty database with the store's tables for every test; one a module, emptied between."""

import pytest

from dygn.inbyggd.databaser import Databas
from tests.stod.servrar import Databasfabrik
from tests.stod.tjanst import migrera, tom


@pytest.fixture(scope="module")
def modulens_butik(moduldatabas: Databasfabrik) -> Databas:
    return moduldatabas("leverantor", migrera)


@pytest.fixture
def butik(modulens_butik: Databas) -> Databas:
    return tom(modulens_butik)
