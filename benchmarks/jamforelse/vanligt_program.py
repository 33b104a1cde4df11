"""The plain way: FastAPI and SQLAlchemy, tables of current state, no history.

Tuned as the documentation of its parts advises: async routes, an async engine with one pooled
connection for each caller, one transaction a call, Core statements whose compiled form is cached,
uvloop and httptools, no echo, no access log. It checks the same token with the same checker and
keeps an idempotency table, as ours does. What it does for a placering is the least that the same
rules ask: lock the person, look for an overlapping stay and for the beslut, insert, remember the
key, commit.
"""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from fastapi import Depends, FastAPI, Header, HTTPException, Request
from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from services.chassis.auth.roles import Identity
from services.chassis.auth.tokens import TokenChecker

metadata = sa.MetaData()
klient = sa.Table(
    "klient",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("kommunkod", sa.Text, nullable=False),
    sa.Column("kon", sa.Text, nullable=False),
    sa.Column("fodelsedatum", sa.Date),
)
beslut = sa.Table(
    "beslut",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("klient", sa.Uuid, sa.ForeignKey("klient.id"), nullable=False),
    sa.Column("lagrum", sa.Text, nullable=False),
    sa.Column("beslutsdatum", sa.Date, nullable=False),
)
placering = sa.Table(
    "placering",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("kommunkod", sa.Text, nullable=False),
    sa.Column("klient", sa.Uuid, sa.ForeignKey("klient.id"), index=True),
    sa.Column("beslut", sa.Uuid, sa.ForeignKey("beslut.id"), index=True),
    sa.Column("placeringsform", sa.Text, nullable=False),
    sa.Column("fran", sa.Date, nullable=False),
    sa.Column("till", sa.Date),
    sa.Column("dygnspris_ore", sa.BigInteger),
)
idempotens = sa.Table(
    "idempotens",
    metadata,
    sa.Column("nyckel", sa.Text, primary_key=True),
    sa.Column("kropp", sa.LargeBinary, nullable=False),
    sa.Column("id", sa.Uuid, nullable=False),
)


class NyKlient(BaseModel):
    """A person to register."""

    model_config = ConfigDict(extra="forbid")
    kon: str
    fodelsedatum: date


class NyttBeslut(BaseModel):
    """A beslut to record; what the table does not keep is checked for its form alone."""

    klient: UUID
    lagrum: str
    beslutsdatum: date


class NyPlacering(BaseModel):
    """A placering to begin."""

    model_config = ConfigDict(extra="forbid")
    klient: UUID
    beslut: UUID
    placeringsform: str
    fran: date
    dygnspris_ore: int | None = None


Nyckel = Annotated[str, Header(alias="Idempotency-Key")]


def program(databas: str, jwks: Path, issuer: str, forbindelser: int) -> FastAPI:
    """The program on a database (a SQLAlchemy URL) whose tables it makes at start."""
    checker = TokenChecker(issuer=issuer, audience="dygn", jwks_url=None, jwks_file=jwks)
    engine = create_async_engine(databas, pool_size=forbindelser, max_overflow=0)

    @asynccontextmanager
    async def livet(_: FastAPI) -> AsyncIterator[None]:
        async with engine.begin() as connection:
            await connection.run_sync(metadata.create_all)
        yield
        await engine.dispose()

    app = FastAPI(lifespan=livet)

    def anropare(request: Request) -> Identity:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return checker.remembered(token) or checker.identity(token)

    vem_ = Depends(anropare)

    @app.post("/v1/klienter", status_code=201)
    async def registrera(
        vem: Annotated[Identity, vem_], nyckel: Nyckel, ny: NyKlient
    ) -> dict[str, Any]:
        async def gor(connection: AsyncConnection, id: UUID) -> None:
            rad = {"id": id, "kommunkod": vem.kommunkod, **ny.model_dump()}
            await connection.execute(sa.insert(klient), rad)

        return await _en_gang(engine, nyckel, ny, gor)

    @app.post("/v1/beslut", status_code=201)
    async def fatta(
        _vem: Annotated[Identity, vem_], nyckel: Nyckel, nytt: NyttBeslut
    ) -> dict[str, Any]:
        async def gor(connection: AsyncConnection, id: UUID) -> None:
            await connection.execute(sa.insert(beslut), {"id": id, **nytt.model_dump()})

        return await _en_gang(engine, nyckel, nytt, gor)

    @app.post("/v1/placeringar", status_code=201)
    async def inled(
        vem: Annotated[Identity, vem_], nyckel: Nyckel, ny: NyPlacering
    ) -> dict[str, Any]:
        async def gor(connection: AsyncConnection, id: UUID) -> None:
            await _placera(connection, vem.kommunkod, id, ny)

        return await _en_gang(engine, nyckel, ny, gor)

    return app


_PERSON = sa.select(klient.c.id).where(klient.c.id == sa.bindparam("k")).with_for_update()
_BESLUTET = sa.select(beslut.c.beslutsdatum).where(
    beslut.c.id == sa.bindparam("b"), beslut.c.klient == sa.bindparam("k")
)
_KROCK = (
    sa.select(placering.c.id)
    .where(
        placering.c.klient == sa.bindparam("k"),
        sa.or_(placering.c.till.is_(None), placering.c.till > sa.bindparam("fran")),
    )
    .limit(1)
)


async def _placera(connection: AsyncConnection, kommunkod: str, id: UUID, ny: NyPlacering) -> None:
    om = {"k": ny.klient, "b": ny.beslut, "fran": ny.fran}
    if (await connection.execute(_PERSON, {"k": ny.klient})).first() is None:
        raise HTTPException(422, "Klienten finns inte.")
    dag = (await connection.execute(_BESLUTET, {"k": ny.klient, "b": ny.beslut})).first()
    if dag is None or dag[0] > ny.fran:
        raise HTTPException(422, "Beslutet gäller inte.")
    if (await connection.execute(_KROCK, {"k": om["k"], "fran": om["fran"]})).first() is not None:
        raise HTTPException(422, "Personen är redan placerad.")
    rad = {"id": id, "kommunkod": kommunkod, "till": None, **ny.model_dump()}
    await connection.execute(sa.insert(placering), rad)


async def _en_gang(engine: AsyncEngine, nyckel: str, kropp: BaseModel, gor: Any) -> dict[str, Any]:
    """Do it once for the key; a repeat is told the same id."""
    avtryck = hashlib.sha256(kropp.model_dump_json().encode()).digest()
    async with engine.begin() as connection:
        fraga = sa.select(idempotens).where(idempotens.c.nyckel == nyckel)
        fore = (await connection.execute(fraga)).first()
        if fore is not None:
            if fore.kropp != avtryck:
                raise HTTPException(422, "Nyckeln är redan använd.")
            return {"id": str(fore.id)}
        id = uuid4()
        await gor(connection, id)
        rad = {"nyckel": nyckel, "kropp": avtryck, "id": id}
        await connection.execute(sa.insert(idempotens), rad)
    return {"id": str(id)}
