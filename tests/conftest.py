"""Fixtures for all tests: real servers, fresh databases, and a seed that runs a session again.

The run prints its seed in the header and, at the end, which servers it took. Each xdist worker has
servers of its own, so that workers never wait for each other; the files that take longest are
handed out first, so that no worker is left alone with one of them.
"""

import os
import random
import secrets
import signal
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from dygn.inbyggd.kafka import Kafka
from dygn.inbyggd.katalog import Katalog
from dygn.inbyggd.postgres import Postgres
from tests.stod import servrar
from tests.stod.provkatalog import KORNING_MILJO, provkatalog, stada_efter
from tests.stod.servrar import PROVINSTALLNINGAR, Databasfabrik, Kafkaserver, Postgresserver

FRO_MILJO = "DYGN_TEST_FRO"
_TAGNA = pytest.StashKey[list[str]]()
_EGEN_KORNING = pytest.StashKey[str]()
LANGST_FORST = (
    "tests/feltalighet/",
    "tests/system/",
    "tests/chassis/streams/",
    "tests/tvars/",
    "tests/inbyggd/",
)
"""Where the files lie that take tens of seconds, the longest first."""

# -- what the run tells of itself ---------------------------------------------------------------


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Settle the seed and the run's name, in the environment so that xdist's workers inherit."""
    fro = os.environ.setdefault(FRO_MILJO, str(secrets.randbelow(2**32)))
    if getattr(config.option, "hypothesis_seed", 0) is None:
        config.option.hypothesis_seed = fro
    if KORNING_MILJO not in os.environ:
        os.environ[KORNING_MILJO] = config.stash[_EGEN_KORNING] = secrets.token_hex(3)
    config.stash[_TAGNA] = []
    # A run that is told to end stops its servers first, as at Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # kafka-python 3.0 reads its version in a way that Python 3.11 and 3.12 deprecate.
    config.addinivalue_line("filterwarnings", "ignore::DeprecationWarning:kafka")
    config.addinivalue_line("filterwarnings", "ignore:.*deprecated:DeprecationWarning:importlib")


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """The process that began the run stops what a worker may have left that had to be killed."""
    if korning := config.stash.get(_EGEN_KORNING, None):
        stada_efter(korning)
        del os.environ[KORNING_MILJO]


def pytest_report_header(config: pytest.Config) -> list[str]:
    fro = os.environ[FRO_MILJO]
    return [
        f"dygn: frö {fro} (samma igen: {FRO_MILJO}={fro})",
        f"dygn: servrar ur {servrar.POSTGRES_MILJO}/{servrar.KAFKA_MILJO}, "
        "annars Docker, annars lokalt; det som togs står sist",
    ]


def _tagen(config: pytest.Config, rad: str) -> None:
    config.stash[_TAGNA].append(rad)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker hands what it took to the process that prints."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["dygn_tagna"] = session.config.stash[_TAGNA]


class _FranArbetare:
    """Only with xdist is there such a hook to implement."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    def pytest_testnodedown(self, node: Any) -> None:
        namn = node.gateway.id
        for rad in getattr(node, "workeroutput", {}).get("dygn_tagna", []):
            _tagen(self._config, f"{namn}: {rad}")


@pytest.hookimpl(trylast=True)
def pytest_plugin_registered(plugin: object, manager: pytest.PytestPluginManager) -> None:
    """Listen to the workers as soon as xdist's controller is there."""
    if type(plugin).__name__ == "DSession" and hasattr(plugin, "config"):
        manager.register(_FranArbetare(plugin.config), "dygn-fran-arbetare")


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    terminalreporter.section("dygn")
    fro = os.environ[FRO_MILJO]
    terminalreporter.line(f"frö {fro} (samma igen: {FRO_MILJO}={fro})")
    tagna = config.stash[_TAGNA]
    for rad in sorted(tagna) or ["inga servrar behövdes"]:
        terminalreporter.line(rad)


# -- who runs what ------------------------------------------------------------------------------


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Among workers the long files first (xdist gives them out in this order, if told so by
    --no-loadscope-reorder); a run in one process keeps the order of the folders.
    """
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: _plats_i_kon(item.nodeid))


def _plats_i_kon(nodeid: str) -> int:
    for plats, mapp in enumerate(LANGST_FORST):
        if nodeid.startswith(mapp):
            return plats
    return len(LANGST_FORST)


# -- chance -------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def fro() -> int:
    """The session's seed: printed, and settable by DYGN_TEST_FRO."""
    return int(os.environ[FRO_MILJO])


@pytest.fixture
def slump(fro: int, request: pytest.FixtureRequest) -> random.Random:
    """Chance of this test alone: the same with the same seed, whatever ran before it."""
    return random.Random(fro ^ zlib.crc32(request.node.nodeid.encode()))


# -- PostgreSQL ---------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def postgres_server(pytestconfig: pytest.Config) -> Iterator[Postgresserver]:
    """A real PostgreSQL for the session."""
    with servrar.postgres() as server:
        _tagen(pytestconfig, f"PostgreSQL: {server.kalla}")
        yield server


@pytest.fixture
def databas(postgres_server: Postgresserver) -> Iterator[Databasfabrik]:
    """`databas("placering", migrera)` makes a fresh database, dropped after the test."""
    fabrik = Databasfabrik(postgres_server)
    yield fabrik
    fabrik.stang()


@pytest.fixture(scope="module")
def moduldatabas(postgres_server: Postgresserver) -> Iterator[Databasfabrik]:
    """The same for a whole module."""
    fabrik = Databasfabrik(postgres_server)
    yield fabrik
    fabrik.stang()


@pytest.fixture
def egen_postgres() -> Iterator[Callable[[], Postgres]]:
    """`egen_postgres()` starts a local server of this test's own, to stop, kill and start again."""
    with ExitStack() as stack:

        def starta() -> Postgres:
            katalog = stack.enter_context(provkatalog(last=True))
            return stack.enter_context(Postgres(katalog, installningar=PROVINSTALLNINGAR))

        yield starta


# -- Kafka --------------------------------------------------------------------------------------


def _visa_hamtning(klara: int, alla: int) -> None:
    if klara in (0, alla):
        print(f"dygn: Kafkas filer: {klara} av {alla} hämtade", file=sys.stderr)


@pytest.fixture(scope="session")
def kafka_server(pytestconfig: pytest.Config) -> Iterator[Kafkaserver]:
    """A real Apache Kafka for the session; topics are not made by themselves."""
    with servrar.kafka(_visa_hamtning) as server:
        _tagen(pytestconfig, f"Kafka: {server.kalla}")
        yield server


@pytest.fixture
def amnesprefix() -> str:
    """Begin every topic, group and transactional id with it: the broker is shared by all tests."""
    return f"prov-{secrets.token_hex(4)}."


@pytest.fixture
def egen_kafka() -> Iterator[Callable[[], Kafka]]:
    """`egen_kafka()` starts a local broker of this test's own, to stop, kill and start again."""
    with ExitStack() as stack:

        def starta() -> Kafka:
            katalog = stack.enter_context(provkatalog(last=True))
            return stack.enter_context(Kafka(katalog))

        yield starta


# -- the embedded installation ------------------------------------------------------------------


@pytest.fixture
def katalog() -> Iterator[Katalog]:
    """An empty catalogue, not yet opened or locked; what is left running in it is stopped."""
    with provkatalog() as ny:
        yield ny
