"""Fixtures of the streams' tests: two databases for the whole run, emptied before each test."""

import secrets
from collections.abc import Iterator

import pytest

from dygn.inbyggd.databaser import Databas
from tests.chassis.streams.provdatabas import TJANST, Lager, migrera, tom
from tests.chassis.streams.provlasning import Lasning, ny_inkorg
from tests.stod.servrar import Databasfabrik, Postgresserver


@pytest.fixture(scope="session")
def tva_databaser(postgres_server: Postgresserver) -> Iterator[tuple[Databas, Databas]]:
    fabrik = Databasfabrik(postgres_server)
    yield fabrik(TJANST, migrera), fabrik(TJANST, migrera)
    fabrik.stang()


@pytest.fixture
def lager(tva_databaser: tuple[Databas, Databas]) -> Lager:
    """The publishing side."""
    tom(tva_databaser[0])
    return Lager(tva_databaser[0])


@pytest.fixture
def mottagare(tva_databaser: tuple[Databas, Databas]) -> Lager:
    """The consuming side: a database of its own."""
    tom(tva_databaser[1])
    return Lager(tva_databaser[1])


@pytest.fixture
def tjanst() -> str:
    """A service name of this test alone: topics and groups are made of it."""
    return f"sak{secrets.token_hex(4)}"


@pytest.fixture
def lasning(lager: Lager, mottagare: Lager, tjanst: str) -> Iterator[Lasning]:
    """A consumer of ``lager`` in ``mottagare``, driven step by step."""
    with mottagare.connect() as connection:
        yield Lasning(tjanst, lager, mottagare, connection, ny_inkorg())
