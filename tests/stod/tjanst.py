"""Runs any service's application in the test's own process: real PostgreSQL, real tokens.

    async with korande(app, databas("leverantor", migrera), Roll.AVTALSCONTROLLER) as klient:
        svar = await klient.sand("/v1/leverantorer", {...})

`app` is the service's composition root (settings in, ASGI application out). Nothing but the wire is
left out: the calls go through every layer, the commands through the writer's thread.
"""

import base64
import json
import os
import shutil
import tempfile
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import uvicorn
from fastapi import FastAPI

from dygn.inbyggd.databaser import Databas
from services.chassis.auth.issuer import Issuer
from services.chassis.auth.roles import Roll
from services.chassis.http.service import Service
from services.chassis.migration.runner import migrate
from services.chassis.settings import ServiceSettings
from tests.stod.vanta import eventually

KOMMUN = "1490"
ANNAN_KOMMUN = "1480"
HUVUDNYCKEL = base64.b64encode(os.urandom(32)).decode()
"""The same for every application of the test run: a database belongs to its keys."""
UTFARDARE = "https://utfardare.exempel"

Appfabrik = Callable[[ServiceSettings], FastAPI]


def migrera(databas: Databas) -> None:
    """For `databas(tjanst, migrera)`: bring the database to its service's newest schema."""
    migrate(databas.tjanst, databas.agare.sqlalchemy_url())


def tom(databas: Databas) -> Databas:
    """Empty every table but the migrations', and begin the stream anew; returns the same.

    A tenth of the time that a fresh copy of the database takes.
    """
    tabeller = sql(
        databas,
        "SELECT string_agg(format('%%I', relname), ', ') FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        " AND relname NOT IN ('alembic_version', 'strom', 'vybygge')",
    )[0][0]
    sql(databas, f"TRUNCATE {tabeller}")
    sql(
        databas,
        "UPDATE strom SET pos = 0, registrerad = clock_timestamp(),"
        " kedja = decode(repeat('00', 32), 'hex')",
    )
    return databas


class Klient(httpx.AsyncClient):
    """A caller with a token. What a test sends is what goes out; nothing is retried."""

    def __init__(
        self,
        app: FastAPI,
        databas: Databas,
        utfardare: Issuer,
        token: str | None,
        *,
        kasta_fel: bool = True,
    ) -> None:
        self.app = app
        self.databas = databas
        self.utfardare = utfardare
        super().__init__(
            transport=httpx.ASGITransport(app, raise_app_exceptions=kasta_fel),
            base_url="http://dygn",
            headers={} if token is None else {"Authorization": f"Bearer {token}"},
            trust_env=False,
        )

    @property
    def tjanst(self) -> Service:
        """The running service behind the application."""
        service = self.app.state.service
        assert isinstance(service, Service)
        return service

    def som(
        self,
        *roller: Roll,
        kommunkod: str = KOMMUN,
        arbetsenheter: Sequence[str] | None = None,
        kasta_fel: bool = True,
        subject: str = "prov-anvandare",
        family_name: str | None = None,
    ) -> "Klient":
        """Another caller of the same application."""
        token = token_for(
            self.utfardare,
            *roller,
            kommunkod=kommunkod,
            arbetsenheter=arbetsenheter,
            subject=subject,
            family_name=family_name,
        )
        return Klient(self.app, self.databas, self.utfardare, token, kasta_fel=kasta_fel)

    def med_token(self, token: str | None) -> "Klient":
        """A caller with this very token, or with none."""
        return Klient(self.app, self.databas, self.utfardare, token)

    async def sand(
        self,
        vag: str,
        kropp: Any = None,
        *,
        nyckel: str | None = None,
        version: int | None = None,
        huvuden: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """POST with an Idempotency-Key (a fresh one unless given) and, maybe, If-Match."""
        alla = {"Idempotency-Key": nyckel or uuid4().hex, **(huvuden or {})}
        if version is not None:
            alla["If-Match"] = f'"{version}"'
        return await self.post(vag, json={} if kropp is None else kropp, headers=alla)

    async def lagra(
        self, vag: str, kropp: Any = None, *, version: int | None = None
    ) -> dict[str, Any]:
        """POST that must succeed; its answer."""
        svar = await self.sand(vag, kropp, version=version)
        assert svar.is_success, svar.text
        answer: dict[str, Any] = svar.json()
        return answer

    async def las(self, vag: str, **fragor: Any) -> Any:
        """GET that must succeed; its answer."""
        svar = await self.get(vag, params=fragor)
        assert svar.status_code == 200, svar.text
        return svar.json()

    def sql(self, sats: str, *varden: Any) -> list[tuple[Any, ...]]:
        """Rows as the administrator sees them, whom no row policy binds."""
        return sql(self.databas, sats, *varden)

    def antal_handelser(self) -> int:
        """How many events are stored, of every kommun."""
        return int(self.sql("SELECT count(*) FROM handelse")[0][0])


def sql(databas: Databas, sats: str, *varden: Any) -> list[tuple[Any, ...]]:
    """Rows as the administrator sees them; a statement without rows gives none."""
    with psycopg.connect(databas.admin.conninfo(), autocommit=True) as anslutning:
        svar = anslutning.execute(sats, varden)
        return svar.fetchall() if svar.description else []


def token_for(
    utfardare: Issuer,
    *roller: Roll,
    kommunkod: str = KOMMUN,
    arbetsenheter: Sequence[str] | None = None,
    subject: str = "prov-anvandare",
    family_name: str | None = None,
) -> str:
    """A token as the issuer gives them."""
    return utfardare.token(
        subject=subject,
        kommunkod=kommunkod,
        roller=roller,
        arbetsenheter=arbetsenheter,
        family_name=family_name,
    )


def installningar(databas: Databas, mapp: Path, **andra: Any) -> tuple[ServiceSettings, Issuer]:
    """Settings of a service on the database, and the issuer whose keys lie in `mapp`."""
    utfardare = Issuer(mapp / "utfardarens-nyckel.json", issuer=UTFARDARE)
    nycklar = mapp / "jwks.json"
    nycklar.write_text(json.dumps(utfardare.jwks()))
    falt: dict[str, Any] = {
        "service": databas.tjanst,
        "database_url": databas.api.conninfo(),
        "stream_database_url": databas.strom.conninfo(),
        "issuer": UTFARDARE,
        "jwks_file": nycklar,
        "master_key": HUVUDNYCKEL,
        "reader_connections": 4,
    }
    return ServiceSettings(**(falt | andra)), utfardare


@asynccontextmanager
async def korande(
    fabrik: Appfabrik,
    databas: Databas,
    *roller: Roll,
    kommunkod: str = KOMMUN,
    arbetsenheter: Sequence[str] | None = None,
    kasta_fel: bool = True,
    **andra: Any,
) -> AsyncIterator[Klient]:
    """The application, started, and a caller with these roles; `andra` are settings of its own.

    Without roles the caller has no token. `kasta_fel=False` gives the answer 500 where the
    application would otherwise raise into the test.
    """
    mapp = Path(tempfile.mkdtemp(prefix="dygn-prov-nycklar-"))
    try:
        valda, utfardare = installningar(databas, mapp, **andra)
        app = fabrik(valda)
        token = (
            token_for(utfardare, *roller, kommunkod=kommunkod, arbetsenheter=arbetsenheter)
            if roller
            else None
        )
        klient = Klient(app, databas, utfardare, token, kasta_fel=kasta_fel)
        async with app.router.lifespan_context(app), klient:
            yield klient
    finally:
        shutil.rmtree(mapp)


@contextmanager
def serverad(fabrik: Appfabrik, databas: Databas, **andra: Any) -> Iterator[tuple[str, Issuer]]:
    """The application behind a real server on loopback: its address and its issuer."""
    mapp = Path(tempfile.mkdtemp(prefix="dygn-prov-nycklar-"))
    valda, utfardare = installningar(databas, mapp, **andra)
    server = uvicorn.Server(
        uvicorn.Config(fabrik(valda), host="127.0.0.1", port=0, log_level="critical", ws="none")
    )
    trad = threading.Thread(target=server.run)
    trad.start()
    try:
        eventually(lambda: server.started, 20, "servern startade aldrig")
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}", utfardare
    finally:
        server.should_exit = True
        trad.join()
        shutil.rmtree(mapp)
