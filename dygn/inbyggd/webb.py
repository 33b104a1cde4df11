"""One ASGI application that holds the three services under their paths, and the issuer's keys.

Guarantees that each mounted service's own start and end are run (a mount alone would not run
them), that the issuer stands in no service's documentation, and that the stream processes, which
on a cluster have probes of their own, can be looked at here (``/strommar``).
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from services.chassis.auth.issuer import Issuer
from services.chassis.streams.monitor import reasons
from services.chassis.streams.process import StreamProcess


def webb(
    appar: Mapping[str, FastAPI],
    utfardare: Issuer,
    strommar: Mapping[str, StreamProcess],
) -> Starlette:
    """The application; each service answers under ``/<its name>``.

    ``strommar`` are the stream processes by service, filled as they are started.
    """

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for app in appar.values():
                await stack.enter_async_context(app.router.lifespan_context(app))
            yield

    async def jwks(_: Request) -> Response:
        return JSONResponse(utfardare.jwks())

    async def strom_redo(_: Request) -> Response:
        saknas = [f"{namn}: {skal}" for namn, en in strommar.items() for skal in reasons(en)]
        if saknas or not strommar:
            return JSONResponse({"status": "inte redo", "skal": saknas}, 503)
        return JSONResponse({"status": "redo"})

    async def strom_delar(_: Request) -> Response:
        return JSONResponse({namn: _delar(en) for namn, en in strommar.items()})

    async def start(_: Request) -> Response:
        return HTMLResponse(_startsida(appar))

    routes: list[BaseRoute] = [
        Route("/", start),
        Route("/utfardare/jwks.json", jwks),
        Route("/strommar", strom_delar),
        Route("/strommar/readyz", strom_redo),
        *(Mount(f"/{namn}", app) for namn, app in appar.items()),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


def _delar(process: StreamProcess) -> list[dict[str, object]]:
    return [
        {
            "del": rapport.namn,
            "lage": rapport.lage,
            "text": rapport.text,
            "sedan": rapport.sedan.isoformat(),
            "senaste_fel": rapport.senaste_fel,
            "matt": rapport.matt,
        }
        for rapport in process.health().delar
    ]


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
