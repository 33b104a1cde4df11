"""The floor: one async INSERT a call, with nothing decided and nothing checked but the token.

What a program costs that only puts what it is sent into a table, durably, with psycopg's own pool.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from fastapi import FastAPI, Request
from psycopg_pool import AsyncConnectionPool
from starlette.responses import JSONResponse

from services.chassis.auth.tokens import TokenChecker


def program(databas: str, jwks: Path, issuer: str, forbindelser: int) -> FastAPI:
    """The program on a database (libpq's words) whose table it makes at start."""
    checker = TokenChecker(issuer=issuer, audience="dygn", jwks_url=None, jwks_file=jwks)
    pool: AsyncConnectionPool[Any] = AsyncConnectionPool(
        databas, min_size=forbindelser, max_size=forbindelser, open=False,
        kwargs={"autocommit": True},
    )  # fmt: skip

    @asynccontextmanager
    async def livet(_: FastAPI) -> AsyncIterator[None]:
        await pool.open(wait=True)
        async with pool.connection() as connection:
            await connection.execute("CREATE TABLE IF NOT EXISTS ra (id uuid, kropp text)")
        yield
        await pool.close()

    app = FastAPI(lifespan=livet)

    @app.post("/v1/{vad}", status_code=201)
    async def in_med_det(request: Request) -> JSONResponse:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if checker.remembered(token) is None:
            checker.identity(token)
        id, kropp = uuid4(), (await request.body()).decode()
        async with pool.connection() as connection:
            await connection.execute("INSERT INTO ra VALUES (%s, %s)", (id, kropp))
        return JSONResponse({"id": str(id)}, 201)

    return app
