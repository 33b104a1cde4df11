"""Fixtures of the streams' tests."""

import secrets
from collections.abc import Iterator

import pytest

from tests.chassis.streams.provdatabas import TJANST, Lager, NyttLager, migrera
from tests.chassis.streams.provlasning import Lasning, ny_inkorg
from tests.stod.servrar import Databasfabrik


@pytest.fixture
def nytt_lager(databas: Databasfabrik) -> NyttLager:
    """Makes a fresh database with all tables."""
    return lambda: Lager(databas(TJANST, migrera))


@pytest.fixture
def lager(nytt_lager: NyttLager) -> Lager:
    """The publishing side."""
    return nytt_lager()


@pytest.fixture
def mottagare(nytt_lager: NyttLager) -> Lager:
    """The consuming side: a database of its own."""
    return nytt_lager()


@pytest.fixture
def tjanst() -> str:
    """A service name of this test alone: topics and groups are made of it."""
    return f"sak{secrets.token_hex(4)}"


@pytest.fixture
def lasning(lager: Lager, mottagare: Lager, tjanst: str) -> Iterator[Lasning]:
    """A consumer of ``lager`` in ``mottagare``, driven step by step."""
    with mottagare.connect() as connection:
        yield Lasning(tjanst, lager, mottagare, connection, ny_inkorg())
