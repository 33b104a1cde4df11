"""The session's PostgreSQL and Kafka: environment variable, else Docker, else a local real one.

Each answers `kalla`, a line that says which it is and, where Docker was passed over, why.
An address in the environment that does not answer is an error, never a reason to take another.
"""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg

from dygn.inbyggd import databaser
from dygn.inbyggd.databaser import Anslutning, Databas, Migrering
from dygn.inbyggd.kafka import Kafka, lediga_portar
from dygn.inbyggd.postgres import Postgres
from tests.stod import docker
from tests.stod.provkatalog import provkatalog
from tests.stod.vanta import eventually

POSTGRES_MILJO = "DYGN_TEST_POSTGRES"
"""URL or key=value string of an administrator on a server that is for tests only."""
KAFKA_MILJO = "DYGN_TEST_KAFKA"
"""host:port of a broker that is for tests only."""
POSTGRES_AVBILD = "postgres:18"
KAFKA_AVBILD = "apache/kafka:4.3.0"
LOSENORD = "dygn-prov"
"""The roles' password on servers that ask for one; the same for all workers: roles are shared."""

PROVINSTALLNINGAR = {
    # Tests kill processes, not the machine: what the kernel has been given is not lost.
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
}


@dataclass
class Postgresserver:
    """A real PostgreSQL. `admin` is a superuser; databases are made by `Databasfabrik`."""

    admin: Anslutning
    kalla: str
    losenord: str | None = None
    _mallar: dict[tuple[str, Migrering], str] = field(default_factory=dict)

    def mall(self, tjanst: str, migrera: Migrering) -> str:
        """A migrated database to copy from: a copy takes a tenth of what a migration takes."""
        nyckel = (tjanst, migrera)
        if nyckel not in self._mallar:
            namn = _nytt_namn(f"mall_{tjanst}")
            ny = databaser.skapa_databas(self.admin, tjanst, namn=namn, losenord=self.losenord)
            migrera(ny)
            with psycopg.connect(self.admin.conninfo(), autocommit=True) as anslutning:
                # A database that somebody is connected to cannot be copied.
                anslutning.execute(f'ALTER DATABASE "{namn}" ALLOW_CONNECTIONS false')
                anslutning.execute(
                    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                    " WHERE datname = %s",
                    (namn,),
                )
            self._mallar[nyckel] = namn
        return self._mallar[nyckel]

    def stang(self) -> None:
        for namn in self._mallar.values():
            databaser.kasta_databas(self.admin, namn)


class Databasfabrik:
    """Makes fresh databases with the service's three roles, and drops them at the end.

    `fabrik("placering", migrera)` returns a migrated one; `migrera` is a function at module level
    (its migrated template is kept for the session) that brings a `Databas` to the newest schema.
    Without it the database is empty.
    """

    def __init__(self, server: Postgresserver) -> None:
        self.server = server
        self._gjorda: list[str] = []

    def __call__(self, tjanst: str, migrera: Migrering | None = None) -> Databas:
        mall = self.server.mall(tjanst, migrera) if migrera else None
        namn = _nytt_namn(tjanst)
        self._gjorda.append(namn)
        return databaser.skapa_databas(
            self.server.admin, tjanst, namn=namn, mall=mall, losenord=self.server.losenord
        )

    def stang(self) -> None:
        for namn in self._gjorda:
            databaser.kasta_databas(self.server.admin, namn)


@dataclass(frozen=True)
class Kafkaserver:
    """A real Apache Kafka, shared by the session: begin topics and groups with `amnesprefix`."""

    bootstrap: str
    kalla: str


def _nytt_namn(tjanst: str) -> str:
    return f"dygn_prov_{tjanst}_{secrets.token_hex(6)}"


@contextmanager
def postgres() -> Iterator[Postgresserver]:
    """PostgreSQL for the session, stopped at the end if it was ours to start."""
    with _valj_postgres() as server:
        try:
            yield server
        finally:
            server.stang()


@contextmanager
def _valj_postgres() -> Iterator[Postgresserver]:
    if angiven := os.environ.get(POSTGRES_MILJO):
        admin = Anslutning.ur_conninfo(angiven)
        psycopg.connect(admin.conninfo(), connect_timeout=10).close()
        yield Postgresserver(admin, f"{POSTGRES_MILJO} ({admin.host})", LOSENORD)
        return
    miljo = {"POSTGRES_PASSWORD": LOSENORD}
    behallare, varfor = docker.kor(POSTGRES_AVBILD, miljo, {5432: None})
    if behallare is None:
        with (
            provkatalog(last=True) as katalog,
            Postgres(katalog, installningar=PROVINSTALLNINGAR) as lokal,
        ):
            yield Postgresserver(lokal.admin, f"lokal PostgreSQL ur hjulet ({varfor})")
        return
    try:
        port = int(behallare.get_exposed_port(5432))
        admin = Anslutning("127.0.0.1", "postgres", "postgres", port, LOSENORD)
        # The image starts, stops and starts again while it initialises: only the last has TCP.
        eventually(lambda: _svarar(admin), 60, f"{POSTGRES_AVBILD} svarar inte")
        yield Postgresserver(admin, f"Docker {POSTGRES_AVBILD}", LOSENORD)
    finally:
        behallare.stop()


def _svarar(admin: Anslutning) -> bool:
    try:
        psycopg.connect(admin.conninfo(), connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def kafka(framsteg: Callable[[int, int], None] = lambda _k, _a: None) -> Iterator[Kafkaserver]:
    """Kafka for the session, stopped at the end if it was ours to start."""
    if angiven := os.environ.get(KAFKA_MILJO):
        _granska_kafka(angiven, 10)
        yield Kafkaserver(angiven, f"{KAFKA_MILJO} ({angiven})")
        return
    (port,) = lediga_portar(1)
    behallare, varfor = docker.kor(KAFKA_AVBILD, _kafkamiljo(port), {port: port})
    if behallare is None:
        with provkatalog(last=True) as katalog, Kafka(katalog, framsteg=framsteg) as lokal:
            yield Kafkaserver(lokal.bootstrap, f"lokal Apache Kafka ur jar-filer ({varfor})")
        return
    try:
        bootstrap = f"127.0.0.1:{port}"
        _granska_kafka(bootstrap, 60)
        yield Kafkaserver(bootstrap, f"Docker {KAFKA_AVBILD}")
    finally:
        behallare.stop()


def _granska_kafka(bootstrap: str, tid: float) -> None:
    from dygn.inbyggd.kafka import betjanar

    eventually(lambda: betjanar(bootstrap), tid, f"ingen Kafka svarar på {bootstrap}")


def _kafkamiljo(port: int) -> dict[str, str]:
    """One node of the official image, on one port that is the same inside and outside."""
    return {
        "KAFKA_NODE_ID": "1",
        "KAFKA_PROCESS_ROLES": "broker,controller",
        "KAFKA_LISTENERS": f"PLAINTEXT://:{port},CONTROLLER://localhost:29093",
        "KAFKA_ADVERTISED_LISTENERS": f"PLAINTEXT://127.0.0.1:{port}",
        "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
        "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
        "KAFKA_CONTROLLER_QUORUM_VOTERS": "1@localhost:29093",
        "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
        "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
        "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR": "1",
        "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
        "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
    }
