"""One ASGI application that holds the three services under their paths, and the issuer's keys.

Guarantees that each mounted service's own start and end are run (a mount alone would not run
them), and that the issuer stands in no service's documentation.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from services.chassis.auth.issuer import Issuer


def webb(appar: Mapping[str, FastAPI], utfardare: Issuer) -> Starlette:
    """The application; each service answers under ``/<its name>``."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for app in appar.values():
                await stack.enter_async_context(app.router.lifespan_context(app))
            yield

    async def jwks(_: Request) -> Response:
        return JSONResponse(utfardare.jwks())

    async def start(_: Request) -> Response:
        return HTMLResponse(_startsida(appar))

    routes: list[BaseRoute] = [
        Route("/", start),
        Route("/utfardare/jwks.json", jwks),
        *(Mount(f"/{namn}", app) for namn, app in appar.items()),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


def _startsida(appar: Mapping[str, FastAPI]) -> str:
    rader = "".join(
        f'<li><a href="/{namn}/docs">{app.title}</a><br>{app.description}</li>'
        for namn, app in appar.items()
    )
    return f"""<!doctype html>
<html lang="sv"><head><meta charset="utf-8"><title>Dygn</title>
<meta name="viewport" content="width=device-width">
<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:42rem;margin:3rem auto;padding:0 1rem}}
li{{margin:0 0 1rem}}code{{background:#f3f3f3;padding:.1rem .3rem}}</style></head>
<body><h1>Dygn</h1>
<p>Från beslut om placering till uppföljning av leverantören, händelse för händelse.</p>
<ul>{rader}</ul>
<p>Anrop kräver en token: <code>dygn token</code>.</p></body></html>"""
