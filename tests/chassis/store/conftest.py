"""A fresh database with the store's tables for every test."""

import pytest

from dygn.inbyggd.databaser import Databas
from tests.stod.servrar import Databasfabrik
from tests.stod.tjanst import migrera


@pytest.fixture
def butik(databas: Databasfabrik) -> Databas:
    return databas("leverantor", migrera)
