"""One database and three roles a service, made idempotently on any PostgreSQL server.

Guarantees: no role of a service is a superuser, may bypass row level security, or may make roles
or databases; nobody but a service's three roles (and the administrator) may connect to its
database. What each role may do inside is decided by the service's own migrations.

Roles belong to the whole server, databases do not: tests share the roles and name the databases.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

TJANSTER = ("placering", "leverantor", "uppfoljning")
ROLLSLAG = ("agare", "api", "strom")
_LAS = 0x6479676E  # "dygn": one advisory lock for everything that makes roles on this server


@dataclass(frozen=True, slots=True)
class Anslutning:
    """Where and as whom to connect. `host` is a name, an address or the folder of a socket."""

    host: str
    databas: str
    roll: str
    port: int = 5432
    losenord: str | None = field(default=None, repr=False)

    @classmethod
    def ur_conninfo(cls, conninfo: str) -> "Anslutning":
        """Read a URL or a key=value string of the client library."""
        delar = conninfo_to_dict(conninfo)
        return cls(
            host=str(delar.get("host") or "localhost"),
            databas=str(delar.get("dbname") or "postgres"),
            roll=str(delar.get("user") or "postgres"),
            port=int(delar.get("port") or 5432),
            losenord=str(delar["password"]) if delar.get("password") else None,
        )

    def conninfo(self) -> str:
        """key=value string for psycopg and libpq."""
        return make_conninfo(
            host=self.host,
            port=self.port,
            dbname=self.databas,
            user=self.roll,
            password=self.losenord,
        )

    def url(self, schema: str = "postgresql") -> str:
        """URL that psycopg, libpq and SQLAlchemy all read; the host stands among the parameters."""
        vem = quote(self.roll, safe="")
        if self.losenord is not None:
            vem += ":" + quote(self.losenord, safe="")
        var = urlencode({"host": self.host, "port": self.port}, quote_via=quote)
        return f"{schema}://{vem}@/{quote(self.databas, safe='')}?{var}"

    def sqlalchemy_url(self) -> str:
        """The same, naming the driver psycopg 3."""
        return self.url("postgresql+psycopg")

    def mot(self, databas: str) -> "Anslutning":
        """The same server and role, another database."""
        return replace(self, databas=databas)


@dataclass(frozen=True, slots=True)
class Databas:
    """A service's database, seen as each of its roles; `admin` is bound by no row policy."""

    tjanst: str
    namn: str
    agare: Anslutning
    api: Anslutning
    strom: Anslutning
    admin: Anslutning


def rollnamn(tjanst: str, slag: str) -> str:
    """dygn_<s>_agare owns and migrates, dygn_<s> serves the API, dygn_<s>_strom the streams."""
    return f"dygn_{tjanst}" if slag == "api" else f"dygn_{tjanst}_{slag}"


def databasnamn(tjanst: str) -> str:
    """The database of a service in an installation (tests name theirs otherwise)."""
    return f"dygn_{tjanst}"


@contextmanager
def _ensam(admin: Anslutning) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """A connection holding the server-wide lock: two at once would trip over each other's roles."""
    with psycopg.connect(admin.mot("postgres").conninfo(), autocommit=True) as anslutning:
        anslutning.execute("SELECT pg_advisory_lock(%s)", (_LAS,))
        yield anslutning  # the lock goes with the session


def skapa_roller(admin: Anslutning, tjanst: str, losenord: str | None = None) -> None:
    """Make the service's three roles, or bring existing ones back to what they may be."""
    with _ensam(admin) as anslutning:
        for slag in ROLLSLAG:
            _skapa_roll(anslutning, rollnamn(tjanst, slag), losenord)


def _skapa_roll(
    anslutning: "psycopg.Connection[tuple[object, ...]]", namn: str, losenord: str | None
) -> None:
    finns = anslutning.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (namn,)).fetchone()
    satt = sql.SQL(
        "{verb} ROLE {roll} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION"
    ).format(verb=sql.SQL("ALTER" if finns else "CREATE"), roll=sql.Identifier(namn))
    if losenord is not None:
        satt += sql.SQL(" PASSWORD {}").format(sql.Literal(losenord))
    anslutning.execute(satt)


def skapa_databas(
    admin: Anslutning,
    tjanst: str,
    *,
    namn: str | None = None,
    mall: str | None = None,
    losenord: str | None = None,
) -> Databas:
    """Make roles and database where they are missing and return how each role reaches it.

    `namn` defaults to dygn_<tjanst>; `mall` names a database to copy (used by tests, which migrate
    once); `losenord` is for servers that ask for one.
    """
    namn = namn or databasnamn(tjanst)
    skapa_roller(admin, tjanst, losenord)
    agare = rollnamn(tjanst, "agare")
    with _ensam(admin) as anslutning:
        if not anslutning.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", (namn,)
        ).fetchone():
            anslutning.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
                    sql.Identifier(namn), sql.Identifier(agare), sql.Identifier(mall or "template0")
                )
            )
        # Row level security says nothing about connecting: shut the door as well.
        # TEMPORARY stays, for COPY goes to a temporary table where row policies bind.
        for satt in (
            "REVOKE ALL ON DATABASE {databas} FROM PUBLIC",
            "GRANT CONNECT, TEMPORARY ON DATABASE {databas} TO {agare}, {api}, {strom}",
        ):
            anslutning.execute(
                sql.SQL(satt).format(
                    databas=sql.Identifier(namn),
                    **{slag: sql.Identifier(rollnamn(tjanst, slag)) for slag in ROLLSLAG},
                )
            )
    return beskriv(admin, tjanst, namn, losenord)


def beskriv(
    admin: Anslutning, tjanst: str, namn: str | None = None, losenord: str | None = None
) -> Databas:
    """The connections of a service's database, whether it exists or not."""
    namn = namn or databasnamn(tjanst)

    def som(slag: str) -> Anslutning:
        return replace(admin, databas=namn, roll=rollnamn(tjanst, slag), losenord=losenord)

    return Databas(
        tjanst, namn, som("agare"), som("api"), som("strom"), admin=replace(admin, databas=namn)
    )


def kasta_databas(admin: Anslutning, namn: str) -> None:
    """Drop the database, ending whoever is connected. The roles stay: others may use them."""
    with psycopg.connect(admin.mot("postgres").conninfo(), autocommit=True) as anslutning:
        anslutning.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(namn))
        )


Migrering = Callable[[Databas], None]
"""What a service does to bring its database to the newest schema."""
